package io.helenus.tools.node;

import io.helenus.engine.json.Json;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Commands about compactions.
final class CompactionCommands {
    private CompactionCommands() {}

    /// Says what was not done: which files of the tables took no part, and what was ended before its end.
    private static void printLeftOut(Json.Members answer, PrintWriter out) {
        for (String file : answer.texts("damaged")) {
            out.println("Left out, as it is damaged: " + file);
        }
        long stopped = answer.whole("stopped");
        if (stopped > 0) {
            out.println(
                    "Not done: %d, stopped by an operator, by the node's end, or as the table was truncated or dropped"
                            .formatted(stopped));
        }
    }

    private static int exitCodeOf(Json.Members answer) {
        return answer.whole("stopped") > 0 ? 1 : 0;
    }

    /// A command about some tables.
    abstract static class OfTables extends NodeAction {
        @Parameters(
                index = "0",
                arity = "0..1",
                paramLabel = "KEYSPACE",
                description = "None is all.")
        private @Nullable String keyspace;

        @Parameters(index = "1..*", paramLabel = "TABLE", description = "None are all.")
        private List<String> tables = new ArrayList<>();

        final Json.Members body() {
            return Bodies.tables(keyspace, tables);
        }

        final @Nullable String keyspace() {
            return keyspace;
        }

        final List<String> tables() {
            return tables;
        }
    }

    /// `compact`
    @Command(
            name = "compact",
            description = "Compact all files of tables, or the named ones, with each other.")
    static final class Compact extends NodeAction {
        @Parameters(paramLabel = "KEYSPACE [TABLE...] | FILE...")
        private List<String> arguments = new ArrayList<>();

        @Option(
                names = {"-s", "--split-output"},
                description = "Into files of half, a quarter, ... of the size.")
        private boolean split;

        @Option(names = "--user-defined", description = "The arguments are files.")
        private boolean userDefined;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            if (userDefined) {
                if (arguments.isEmpty() || split) {
                    throw usage("--user-defined needs files, and does not go with -s");
                }
                return node.post("/v1/compact/files", Json.object().putTexts("files", arguments));
            }
            String keyspace = arguments.isEmpty() ? null : arguments.getFirst();
            List<String> tables =
                    arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
            return node.post(
                    "/v1/compact", Bodies.tables(keyspace, tables).put("split_output", split));
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            printLeftOut(answer, out);
        }

        @Override
        int exitCode(Json.Members answer) {
            return exitCodeOf(answer);
        }
    }

    /// `garbagecollect`
    @Command(name = "garbagecollect", description = "Drop what newer files delete.")
    static final class GarbageCollect extends OfTables {
        @Option(
                names = {"-g", "--granularity"},
                paramLabel = "ROW|CELL",
                defaultValue = "ROW",
                description = "Deletions to look at (default: ${DEFAULT-VALUE}).")
        private String granularity = "ROW";

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            if (!granularity.equals("ROW") && !granularity.equals("CELL")) {
                throw usage("--granularity is '%s', must be ROW or CELL".formatted(granularity));
            }
            return node.post("/v1/garbagecollect", body().put("granularity", granularity));
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            printLeftOut(answer, out);
        }

        @Override
        int exitCode(Json.Members answer) {
            return exitCodeOf(answer);
        }
    }

    /// `cleanup`
    @Command(name = "cleanup", description = "Drop what the node does not own.")
    static final class Cleanup extends OfTables {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/cleanup", body());
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            printLeftOut(answer, out);
        }

        @Override
        int exitCode(Json.Members answer) {
            return exitCodeOf(answer);
        }
    }

    /// `compactionstats`
    @Command(name = "compactionstats", description = "Print running and wanted compactions.")
    static final class CompactionStats extends NodeAction {
        @Option(
                names = {"-H", "--human-readable"},
                description = "Bytes as KiB, MiB, GiB, TiB.")
        private boolean human;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/compactions");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            Json.Members pending = answer.object("pending");
            List<Json.Members> running = answer.objects("running");
            long wanted =
                    pending.values().keySet().stream().mapToLong(pending::whole).sum()
                            + running.size();
            TextTable numbers = new TextTable(" ");
            numbers.row("concurrent compactors", answer.text("concurrency"));
            numbers.row("pending tasks", Long.toString(wanted));
            for (String name : pending.values().keySet()) {
                int dot = name.indexOf('.');
                numbers.row(name.substring(0, dot), name.substring(dot + 1), pending.text(name));
            }
            numbers.row("compactions completed", answer.text("completed"));
            numbers.row("data compacted", Sizes.text(answer.whole("bytes_compacted"), human));
            numbers.row("compactions aborted", answer.text("aborted"));
            numbers.row("compactions reduced", answer.text("reduced"));
            numbers.row("sstables dropped from compaction", answer.text("left_out"));
            numbers.row("15 minute rate", "%.2f/minute".formatted(answer.real("per_minute")));
            numbers.row("mean rate", "%.2f/hour".formatted(answer.real("per_hour")));
            long throughput = answer.whole("mib_per_second");
            numbers.row(
                    "compaction throughput (MiB/s)",
                    throughput == 0
                            ? "throttling disabled (0)"
                            : Double.toString((double) throughput));
            if (running.isEmpty()) {
                numbers.print(out);
                return;
            }
            printRunning(running, throughput, numbers, out);
        }

        private void printRunning(
                List<Json.Members> running, long throughput, TextTable numbers, PrintWriter out) {
            TextTable tasks = new TextTable(" ");
            tasks.row(
                    "id",
                    "compaction type",
                    "keyspace",
                    "table",
                    "completed",
                    "total",
                    "unit",
                    "progress");
            long rest = 0;
            for (Json.Members task : running) {
                rest += task.whole("bytes_total") - task.whole("bytes_done");
                tasks.row(
                        task.text("id"),
                        task.text("kind"),
                        task.text("keyspace"),
                        task.text("table"),
                        Sizes.text(task.whole("bytes_done"), human),
                        Sizes.text(task.whole("bytes_total"), human),
                        "bytes",
                        "%.2f%%".formatted(100 * task.real("completion")));
            }
            numbers.row("active compaction remaining time", remaining(rest, throughput));
            numbers.print(out);
            tasks.print(out);
        }

        private static String remaining(long bytes, long mebibytesPerSecond) {
            if (mebibytesPerSecond == 0) {
                return "n/a";
            }
            long seconds = bytes / (mebibytesPerSecond << 20);
            return "%dh%02dm%02ds".formatted(seconds / 3_600, seconds / 60 % 60, seconds % 60);
        }
    }

    /// `compactionhistory`
    @Command(name = "compactionhistory", description = "Print compactions that are done.")
    static final class CompactionHistory extends NodeAction {
        @Option(
                names = {"-H", "--human-readable"},
                description = "Bytes as KiB, MiB, GiB, TiB.")
        private boolean human;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/compactions/history");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            List<Json.Members> history = answer.objects("history");
            if (history.isEmpty()) {
                out.println("There is no compaction history");
                return;
            }
            out.println("Compaction History: ");
            TextTable table = new TextTable(" ");
            table.row(
                    "id",
                    "keyspace_name",
                    "columnfamily_name",
                    "compacted_at",
                    "bytes_in",
                    "bytes_out",
                    "rows_merged",
                    "compaction_properties");
            for (Json.Members done : history) {
                Instant at = Instant.ofEpochMilli(done.whole("completed_at_millis"));
                table.row(
                        done.text("id"),
                        done.text("keyspace"),
                        done.text("table"),
                        LocalDateTime.ofInstant(at, ZoneId.systemDefault()).toString(),
                        Sizes.text(done.whole("bytes_in"), human),
                        Sizes.text(done.whole("bytes_out"), human),
                        map(done.object("rows_merged")),
                        map(done.object("properties")));
            }
            table.print(out);
        }

        private static String map(Json.Members members) {
            return members.values().keySet().stream()
                    .map(name -> name + ":" + members.text(name))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }

    /// `stop`
    @Command(name = "stop", description = "End running compactions.")
    static final class Stop extends NodeAction {
        private static final Map<String, String> KINDS =
                Map.of(
                        "COMPACTION", "compaction",
                        "MAJOR_COMPACTION", "major",
                        "USER_DEFINED_COMPACTION", "user_defined",
                        "TOMBSTONE_COMPACTION", "tombstone",
                        "GARBAGE_COLLECT", "garbage_collect",
                        "CLEANUP", "cleanup");

        @Option(
                names = {"-id", "--compaction-id"},
                paramLabel = "ID",
                description = "The one with this id.")
        private String id = "";

        @Parameters(
                arity = "0..1",
                paramLabel = "TYPE",
                description =
                        "COMPACTION, MAJOR_COMPACTION, USER_DEFINED_COMPACTION,"
                                + " TOMBSTONE_COMPACTION, GARBAGE_COLLECT or CLEANUP.")
        private String type = "";

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            if (id.isEmpty() == type.isEmpty()) {
                throw usage("either a TYPE or -id is needed");
            }
            if (!id.isEmpty()) {
                return node.post("/v1/compactions/stop", Json.object().put("id", id));
            }
            String kind = KINDS.get(type);
            if (kind == null) {
                throw usage(
                        "'%s' is no type of compaction: %s"
                                .formatted(
                                        type,
                                        String.join(
                                                ", ", KINDS.keySet().stream().sorted().toList())));
            }
            return node.post("/v1/compactions/stop", Json.object().put("kind", kind));
        }
    }

    /// `enableautocompaction`
    @Command(name = "enableautocompaction", description = "Let strategies start compactions.")
    static final class EnableAutoCompaction extends OfTables {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/autocompaction/enable", body());
        }
    }

    /// `disableautocompaction`
    @Command(name = "disableautocompaction", description = "Let no strategy start compactions.")
    static final class DisableAutoCompaction extends OfTables {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/autocompaction/disable", body());
        }
    }

    /// `statusautocompaction`
    @Command(
            name = "statusautocompaction",
            description = "Print whether strategies start compactions.")
    static final class StatusAutoCompaction extends OfTables {
        @Option(
                names = {"-a", "--all"},
                description = "Print it for each table.")
        private boolean all;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/autocompaction", Bodies.query(keyspace(), tables()));
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            Json.Members byTable = answer.object("tables");
            if (!all) {
                String partly = answer.bool("partly") ? "partially running" : "not running";
                out.println(answer.bool("running") ? "running" : partly);
                return;
            }
            TextTable table = new TextTable(" ");
            table.row("Keyspace", "Table", "Status");
            for (String name : byTable.values().keySet()) {
                int dot = name.indexOf('.');
                table.row(
                        name.substring(0, dot),
                        name.substring(dot + 1),
                        byTable.bool(name) ? "running" : "not running");
            }
            table.print(out);
        }
    }

    /// `getcompactionthroughput`
    @Command(name = "getcompactionthroughput", description = "Print how fast compactions may be.")
    static final class GetCompactionThroughput extends NodeAction {
        @Option(
                names = {"-d", "--precise-mib"},
                description = "As a precise number of MiB/s.")
        private boolean precise;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/compactions/throughput");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            long throughput = answer.whole("mib_per_second");
            out.println(
                    precise
                            ? "Current compaction throughput: %.1f MiB/s"
                                    .formatted((double) throughput)
                            : "Current compaction throughput: %d MB/s".formatted(throughput));
        }
    }

    /// `setcompactionthroughput`
    @Command(
            name = "setcompactionthroughput",
            description = "How fast compactions may be, until the next start.")
    static final class SetCompactionThroughput extends NodeAction {
        @Parameters(paramLabel = "MIB_PER_SECOND", description = "0 is no limit.")
        private int throughput;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post(
                    "/v1/compactions/throughput", Json.object().put("mib_per_second", throughput));
        }
    }

    /// `getconcurrentcompactors`
    @Command(name = "getconcurrentcompactors", description = "Print how many run at a time.")
    static final class GetConcurrentCompactors extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/compactions/concurrency");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            out.println("Current concurrent compactors in the system is: ");
            out.println(answer.text("compactors"));
        }
    }

    /// `setconcurrentcompactors`
    @Command(
            name = "setconcurrentcompactors",
            description = "How many may run at a time, until the next start.")
    static final class SetConcurrentCompactors extends NodeAction {
        @Parameters(paramLabel = "N")
        private int compactors;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post(
                    "/v1/compactions/concurrency", Json.object().put("compactors", compactors));
        }
    }

    /// `getcompactionthreshold`
    @Command(
            name = "getcompactionthreshold",
            description = "Print how many files a table's compactions take (ALTER TABLE sets it).")
    static final class GetCompactionThreshold extends NodeAction {
        @Parameters(index = "0", paramLabel = "KEYSPACE")
        private String keyspace = "";

        @Parameters(index = "1", paramLabel = "TABLE")
        private String table = "";

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/tables/thresholds", Map.of("keyspace", keyspace, "table", table));
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            out.println("Current compaction thresholds for %s/%s: ".formatted(keyspace, table));
            out.println(
                    " min = %s,  max = %s"
                            .formatted(answer.text("min_threshold"), answer.text("max_threshold")));
        }
    }
}
