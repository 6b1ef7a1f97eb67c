package io.helenus.engine.admin;

import io.helenus.engine.compaction.Compactions;
import io.helenus.engine.json.Json;
import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.TableStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Compactions: asked for, looked at, stopped, and how fast they may be.
final class CompactionRoutes {
    private static final int THROUGHPUT_MAX = 1 << 20;
    private static final int CONCURRENCY_MAX = 1024;

    private final Compactions compactions;
    private final TableSelection tables;

    CompactionRoutes(Compactions compactions, TableSelection tables) {
        this.compactions = compactions;
        this.tables = tables;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.post("/v1/compact", this::compact, "keyspace", "tables", "split_output"),
                AdminRoute.post("/v1/compact/files", this::compactFiles, "files"),
                AdminRoute.post(
                        "/v1/garbagecollect",
                        this::garbageCollect,
                        "keyspace",
                        "tables",
                        "granularity"),
                AdminRoute.post(
                        "/v1/cleanup",
                        request -> namingDamaged(request, compactions::cleanup),
                        "keyspace",
                        "tables"),
                AdminRoute.get("/v1/compactions", _ -> state()),
                AdminRoute.get("/v1/compactions/history", _ -> history()),
                AdminRoute.change("POST", "/v1/compactions/stop", this::stop, "kind", "id"),
                AdminRoute.get("/v1/compactions/throughput", _ -> throughput()),
                AdminRoute.change(
                        "POST",
                        "/v1/compactions/throughput",
                        this::setThroughput,
                        "mib_per_second"),
                AdminRoute.get("/v1/compactions/concurrency", _ -> concurrency()),
                AdminRoute.change(
                        "POST", "/v1/compactions/concurrency", this::setConcurrency, "compactors"),
                AdminRoute.get("/v1/autocompaction", this::auto, "keyspace", "tables"),
                AdminRoute.change(
                        "POST",
                        "/v1/autocompaction/enable",
                        request -> setAuto(request, true),
                        "keyspace",
                        "tables"),
                AdminRoute.change(
                        "POST",
                        "/v1/autocompaction/disable",
                        request -> setAuto(request, false),
                        "keyspace",
                        "tables"));
    }

    private List<TableStore> stores(AdminRequest request) {
        return tables.of(request).stream().map(TableSelection.Stored::store).toList();
    }

    // ---- Asked for

    private static CompletionStage<Json.Members> all(
            List<CompletableFuture<Compactions.Outcome>> asked) {
        CompletableFuture<Compactions.Outcome> sum =
                CompletableFuture.completedFuture(Compactions.Outcome.NOTHING);
        for (CompletableFuture<Compactions.Outcome> one : asked) {
            sum = sum.thenCombine(one, CompactionRoutes::sum);
        }
        return sum.thenApply(outcome ->
                Json.object()
                        .put("compactions", outcome.compactions())
                        .put("stopped", outcome.stopped())
                        .put("bytes_in", outcome.bytesIn())
                        .put("bytes_out", outcome.bytesOut()));
    }

    private static Compactions.Outcome sum(Compactions.Outcome a, Compactions.Outcome b) {
        return new Compactions.Outcome(
                a.compactions() + b.compactions(),
                a.stopped() + b.stopped(),
                a.bytesIn() + b.bytesIn(),
                a.bytesOut() + b.bytesOut());
    }

    private CompletionStage<Json> compact(AdminRequest request) {
        boolean split = request.flag("split_output");
        return namingDamaged(request, table -> compactions.major(table, split));
    }

    /// The same with the files that took no part, as they are damaged.
    private CompletionStage<Json> namingDamaged(
            AdminRequest request,
            Function<TableStore, CompletableFuture<Compactions.Outcome>> work) {
        List<TableStore> chosen = stores(request);
        return all(chosen.stream().map(work).toList())
                .thenApply(answer -> answer.putTexts("damaged", damaged(chosen)));
    }

    private static List<String> damaged(List<TableStore> chosen) {
        return chosen.stream()
                .flatMap(table -> table.sstables().stream())
                .filter(SSTable::isDamaged)
                .map(sstable -> sstable.path().toString())
                .toList();
    }

    private CompletionStage<Json> compactFiles(AdminRequest request) {
        Map<TableStore, List<SSTable>> chosen = new LinkedHashMap<>();
        for (SSTable sstable : tables.sstables(request)) {
            chosen.computeIfAbsent(sstable.table(), _ -> new ArrayList<>()).add(sstable);
        }
        try {
            List<CompletableFuture<Compactions.Outcome>> asked = new ArrayList<>();
            chosen.forEach((table, files) -> asked.add(compactions.userDefined(table, files)));
            return all(asked).thenApply(answer -> answer);
        } catch (IllegalArgumentException e) {
            throw AdminException.invalid(String.valueOf(e.getMessage()));
        }
    }

    private CompletionStage<Json> garbageCollect(AdminRequest request) {
        Compactions.Garbage garbage =
                constant(
                        "granularity",
                        request.text("granularity").orElse("ROW"),
                        Compactions.Garbage.values());
        return namingDamaged(request, table -> compactions.garbageCollect(table, garbage));
    }

    private static <E extends Enum<E>> E constant(String name, String text, E[] values) {
        for (E value : values) {
            if (value.name().equalsIgnoreCase(text)) {
                return value;
            }
        }
        String known =
                Arrays.stream(values)
                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "));
        throw AdminException.invalid("%s is '%s', must be one of %s".formatted(name, text, known));
    }

    private Json stop(AdminRequest request) {
        Optional<String> id = request.text("id");
        Optional<String> kind = request.text("kind");
        if (id.isPresent() == kind.isPresent()) {
            throw AdminException.invalid("either a kind or an id of a compaction is needed");
        }
        if (id.isPresent()) {
            UUID uuid;
            try {
                uuid = UUID.fromString(id.get());
            } catch (IllegalArgumentException e) {
                throw AdminException.invalid("'%s' is no id".formatted(id.get()));
            }
            return Json.object().put("stopped", compactions.stop(uuid) ? 1 : 0);
        }
        Compactions.Kind chosen = constant("kind", kind.get(), Compactions.Kind.values());
        return Json.object().put("stopped", compactions.stop(chosen));
    }

    // ---- Looked at

    private Json state() {
        List<Json> running = new ArrayList<>();
        for (Compactions.Task task : compactions.running()) {
            running.add(
                    Json.object()
                            .put("id", task.id().toString())
                            .put("kind", task.kind().text())
                            .put("keyspace", task.keyspace())
                            .put("table", task.table())
                            .put("files", task.files())
                            .put("bytes_done", task.bytesDone())
                            .put("bytes_total", task.bytesTotal())
                            .put("completion", task.completion())
                            .put("started_at_millis", task.startedAtMillis()));
        }
        Json.Members pending = Json.object();
        compactions.pending().entrySet().stream()
                .sorted(Map.Entry.comparingByKey((a, b) -> text(a).compareTo(text(b))))
                .forEach(entry -> pending.put(text(entry.getKey()), entry.getValue()));
        Compactions.Totals totals = compactions.totals();
        return Json.object()
                .put("running", new Json.Items(running))
                .put("pending", pending)
                .put("completed", totals.completed())
                .put("bytes_compacted", totals.bytes())
                .put("aborted", totals.aborted())
                .put("reduced", totals.reduced())
                .put("left_out", totals.leftOut())
                .put("per_minute", totals.perMinute())
                .put("per_hour", totals.perHour())
                .put("concurrency", compactions.concurrency())
                .put("mib_per_second", compactions.throughputMiBPerSecond())
                .put("enabled", compactions.isEnabled());
    }

    private static String text(TableStore table) {
        return table.name().toString();
    }

    private Json history() {
        List<Json> rows = new ArrayList<>();
        for (Compactions.Completed done : compactions.history()) {
            Json.Members merged = Json.object();
            done.rowsMerged().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(entry -> merged.put(entry.getKey().toString(), entry.getValue()));
            Json.Members properties = Json.object();
            done.properties().entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .forEach(entry -> properties.put(entry.getKey(), entry.getValue()));
            rows.add(
                    Json.object()
                            .put("id", done.id().toString())
                            .put("keyspace", done.keyspace())
                            .put("table", done.table())
                            .put("completed_at_millis", done.completedAtMillis())
                            .put("bytes_in", done.bytesIn())
                            .put("bytes_out", done.bytesOut())
                            .put("rows_merged", merged)
                            .put("properties", properties));
        }
        return Json.object().put("history", new Json.Items(rows));
    }

    // ---- How

    private Json throughput() {
        return Json.object().put("mib_per_second", compactions.throughputMiBPerSecond());
    }

    private static int number(AdminRequest request, String name, int min, int max) {
        long value =
                request.whole(name)
                        .orElseThrow(() ->
                                AdminException.invalid(
                                        "parameter '%s' is missing".formatted(name)));
        if (value < min || value > max) {
            throw AdminException.invalid(
                    "%s is %d, must be from %d to %d".formatted(name, value, min, max));
        }
        return (int) value;
    }

    private Json setThroughput(AdminRequest request) {
        compactions.setThroughputMiBPerSecond(number(request, "mib_per_second", 0, THROUGHPUT_MAX));
        return throughput();
    }

    private Json concurrency() {
        return Json.object().put("compactors", compactions.concurrency());
    }

    private Json setConcurrency(AdminRequest request) {
        compactions.setConcurrency(number(request, "compactors", 1, CONCURRENCY_MAX));
        return concurrency();
    }

    private Json auto(AdminRequest request) {
        Json.Members byTable = Json.object();
        boolean all = compactions.isEnabled();
        boolean some = false;
        for (TableStore table : stores(request)) {
            boolean enabled = compactions.isEnabled() && compactions.isEnabled(table);
            byTable.put(text(table), enabled);
            all &= enabled;
            some |= enabled;
        }
        return Json.object().put("running", all).put("partly", some).put("tables", byTable);
    }

    /// Without a keyspace for the whole node, and then for each table too if it is switched on.
    private Json setAuto(AdminRequest request, boolean enabled) {
        if (request.text("keyspace").isEmpty()) {
            compactions.setEnabled(enabled);
        }
        if (request.text("keyspace").isPresent() || enabled) {
            stores(request).forEach(table -> compactions.setEnabled(table, enabled));
        }
        return auto(request);
    }
}
