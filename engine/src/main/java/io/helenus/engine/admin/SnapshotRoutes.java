package io.helenus.engine.admin;

import io.helenus.engine.json.Json;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.Snapshot;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableImport;
import io.helenus.engine.storage.TableStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Snapshots, backups, and taking files in.
final class SnapshotRoutes {
    private static final long SECONDS_MIN = 60;
    private static final long SECONDS_MAX = 100L * 366 * 24 * 3600;

    private final StorageEngine storage;
    private final TableSelection tables;
    private final LongSupplier wallMillis;
    private final Object taking = new Object(); // held while files are looked for and taken in

    /// @param wallMillis milliseconds since 1970, for the names of snapshots
    SnapshotRoutes(StorageEngine storage, TableSelection tables, LongSupplier wallMillis) {
        this.storage = storage;
        this.tables = tables;
        this.wallMillis = wallMillis;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.get("/v1/snapshots", _ -> list()),
                AdminRoute.post(
                        "/v1/snapshots",
                        this::create,
                        "tag",
                        "keyspaces",
                        "table",
                        "tables",
                        "skip_flush",
                        "ttl_seconds"),
                AdminRoute.change(
                        "DELETE",
                        "/v1/snapshots",
                        this::delete,
                        "tag",
                        "all",
                        "keyspaces",
                        "older_than_seconds",
                        "older_than_timestamp"),
                AdminRoute.change("POST", "/v1/refresh", this::refresh, "keyspace", "table"),
                AdminRoute.change(
                        "POST",
                        "/v1/import",
                        this::importFiles,
                        "keyspace",
                        "table",
                        "directories",
                        "keep_repaired",
                        "no_verify",
                        "copy"),
                AdminRoute.change(
                        "POST", "/v1/discard", this::discard, "keyspace", "table", "file"),
                AdminRoute.get("/v1/backup", _ -> backup()),
                AdminRoute.change("POST", "/v1/backup/enable", _ -> setBackup(true)),
                AdminRoute.change("POST", "/v1/backup/disable", _ -> setBackup(false)));
    }

    // ---- Snapshots

    private Json list() throws IOException {
        List<Json> all = new ArrayList<>();
        long ownBytes = 0;
        for (Snapshot snapshot : storage.snapshots().list()) {
            ownBytes += snapshot.ownBytes();
            all.add(
                    Json.object()
                            .put("tag", snapshot.tag())
                            .put("keyspace", snapshot.keyspace())
                            .put("table", snapshot.table())
                            .put("directory", snapshot.directory().toString())
                            .put("created_at", text(snapshot.createdAt()))
                            .put("expires_at", text(snapshot.expiresAt()))
                            .put("ephemeral", snapshot.ephemeral())
                            .put("size_on_disk_bytes", snapshot.bytes())
                            .put("true_size_bytes", snapshot.ownBytes()));
        }
        return Json.object().put("snapshots", new Json.Items(all)).put("true_size_bytes", ownBytes);
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private CompletionStage<Json> create(AdminRequest request) {
        String tag = request.text("tag").orElseGet(() -> Long.toString(wallMillis.getAsLong()));
        Duration timeToLive =
                request.whole("ttl_seconds").map(SnapshotRoutes::duration).orElse(null);
        List<TableStore> chosen =
                chosen(request).stream().map(TableSelection.Stored::store).toList();
        CompletableFuture<?>[] flushes =
                chosen.stream()
                        .filter(table -> !request.flag("skip_flush") && !table.isClean())
                        .map(TableStore::flush)
                        .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(flushes)
                .thenApply(_ -> {
                    try {
                        storage.snapshots().create(chosen, tag, timeToLive);
                    } catch (IllegalArgumentException e) {
                        throw refused(e);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                    return Json.object().put("tag", tag).put("tables", chosen.size());
                });
    }

    private static Duration duration(long seconds) {
        if (seconds < SECONDS_MIN || seconds > SECONDS_MAX) {
            throw AdminException.invalid(
                    "ttl_seconds is %d, must be from %d to %d"
                            .formatted(seconds, SECONDS_MIN, SECONDS_MAX));
        }
        return Duration.ofSeconds(seconds);
    }

    private static AdminException refused(IllegalArgumentException cause) {
        AdminException refused = AdminException.invalid(String.valueOf(cause.getMessage()));
        refused.initCause(cause);
        return refused;
    }

    /// By full names, or by keyspaces and perhaps a table that is in each of them, or all.
    private Collection<TableSelection.Stored> chosen(AdminRequest request) {
        List<String> names = request.texts("tables");
        List<String> keyspaces = request.texts("keyspaces");
        String table = request.text("table").orElse("");
        if (!names.isEmpty() && !(keyspaces.isEmpty() && table.isEmpty())) {
            throw AdminException.invalid(
                    "parameter 'tables' names tables in full: there must be no 'keyspaces' or"
                            + " 'table' beside it");
        }
        if (!table.isEmpty() && keyspaces.size() != 1) {
            throw AdminException.invalid(
                    "When specifying the table for a snapshot, you must specify one and only one"
                            + " keyspace");
        }
        if (names.isEmpty() && table.isEmpty()) {
            List<TableSchema> unserved = tables.unserved(keyspaces);
            if (!unserved.isEmpty()) { // a backup must not lack it silently
                throw TableSelection.unserved(unserved.getFirst());
            }
        }
        if (names.isEmpty() && keyspaces.isEmpty()) {
            return tables.of(null, List.of());
        }
        List<TableSelection.Stored> found = new ArrayList<>();
        for (String keyspace : keyspaces) {
            found.addAll(tables.of(keyspace, table.isEmpty() ? List.of() : List.of(table)));
        }
        for (String name : names) {
            int dot = name.indexOf('.');
            if (dot < 1) {
                throw AdminException.invalid(
                        "'%s' is not of the form keyspace.table".formatted(name));
            }
            found.addAll(tables.of(name.substring(0, dot), List.of(name.substring(dot + 1))));
        }
        return found;
    }

    private Json delete(AdminRequest request) throws IOException {
        String tag = request.text("tag").orElse("");
        boolean all = request.flag("all");
        List<String> keyspaces = request.texts("keyspaces");
        if (tag.isEmpty() && !all) {
            throw AdminException.invalid("Specify snapshot name or --all");
        }
        if (!tag.isEmpty() && all) {
            throw AdminException.invalid("Specify only one of snapshot name or --all");
        }
        Instant madeBefore = madeBefore(request, tag);
        int deleted =
                storage.snapshots()
                        .delete(snapshot ->
                                (all || snapshot.tag().equals(tag))
                                        && (keyspaces.isEmpty()
                                                || keyspaces.contains(snapshot.keyspace()))
                                        && isBefore(snapshot.createdAt(), madeBefore));
        return Json.object().put("deleted", deleted);
    }

    /// @return null if it does not matter when a snapshot was made
    private @Nullable Instant madeBefore(AdminRequest request, String tag) {
        Long seconds = request.whole("older_than_seconds").orElse(null);
        String timestamp = request.text("older_than_timestamp").orElse("");
        if (seconds != null && !timestamp.isEmpty()) {
            throw AdminException.invalid(
                    "Specify only one of --older-than or --older-than-timestamp");
        }
        if (seconds == null && timestamp.isEmpty()) {
            return null;
        }
        if (!tag.isEmpty()) {
            throw AdminException.invalid(
                    "Specifying snapshot name together with %s flag is not allowed"
                            .formatted(
                                    seconds == null ? "--older-than-timestamp" : "--older-than"));
        }
        if (seconds == null) {
            try {
                return Instant.parse(timestamp);
            } catch (DateTimeParseException e) {
                AdminException invalid =
                        AdminException.invalid(
                                "Parameter --older-than-timestamp has to be a valid instant in ISO"
                                        + " format.");
                invalid.initCause(e);
                throw invalid;
            }
        }
        if (seconds < 0 || seconds > SECONDS_MAX) {
            throw AdminException.invalid(
                    "older_than_seconds is %d, must be from 0 to %d"
                            .formatted(seconds, SECONDS_MAX));
        }
        return Instant.ofEpochMilli(wallMillis.getAsLong()).minusSeconds(seconds);
    }

    /// One that does not say when it was made is not old.
    private static boolean isBefore(@Nullable Instant made, @Nullable Instant limit) {
        return limit == null || made != null && made.isBefore(limit);
    }

    // ---- Files from elsewhere

    private TableImport importer(TableSelection.Stored table) {
        return table.store()
                .importer()
                .checkingHeaders(header ->
                        SchemaHeader.requireFits(SchemaHeader.decode(header), table.schema()));
    }

    private Json refresh(AdminRequest request) throws IOException {
        TableSelection.Stored table = tables.one(request);
        TableImport importer = importer(table);
        synchronized (taking) {
            List<SSTable> added = take(importer, importer.foundInPlace(), true);
            return Json.object().putTexts("imported", names(added));
        }
    }

    private Json importFiles(AdminRequest request) throws IOException {
        TableSelection.Stored table = tables.one(request);
        List<String> directories = request.texts("directories");
        if (directories.isEmpty()) {
            throw AdminException.invalid("parameter 'directories' is missing");
        }
        boolean copy = request.flag("copy");
        List<String> imported = new ArrayList<>();
        Map<String, Json> failed = new TreeMap<>();
        for (String directory : directories) {
            TableImport importer =
                    importer(table)
                            .keepingRepaired(request.flag("keep_repaired"))
                            .verifying(!request.flag("no_verify"));
            try {
                synchronized (taking) {
                    imported.addAll(names(take(importer, found(importer, directory), !copy)));
                }
            } catch (AdminException e) {
                failed.put(directory, new Json.Text(String.valueOf(e.getMessage())));
            }
        }
        if (imported.isEmpty() && failed.size() == 1) {
            throw AdminException.invalid(((Json.Text) failed.values().iterator().next()).value());
        }
        Json.Members failures = Json.object();
        failed.forEach(failures::put);
        return Json.object().putTexts("imported", imported).put("failed", failures);
    }

    private List<Path> found(TableImport importer, String directory) throws IOException {
        Path path;
        try {
            path = Path.of(directory);
        } catch (InvalidPathException e) {
            throw refused(e);
        }
        if (!path.isAbsolute()) {
            throw AdminException.invalid("Directory %s is not given in full".formatted(directory));
        }
        requireForeign(path);
        List<Path> found = importer.found(path);
        if (found.isEmpty()) {
            throw AdminException.invalid(
                    "Directory %s does not exist or has no SSTables".formatted(directory));
        }
        return found;
    }

    /// Where a table has its files none is taken from: they would be deleted there, under its feet.
    private void requireForeign(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        for (TableStore table : storage.tables()) {
            if (Files.isSameFile(directory, table.directory())) {
                throw AdminException.invalid(
                        ("Directory %s is where table %s has its files; 'refresh' takes in what was"
                                        + " put there beside them")
                                .formatted(directory, table.name()));
            }
        }
    }

    private static List<SSTable> take(
            TableImport importer, List<Path> sources, boolean deleteSources) throws IOException {
        List<SSTable> added;
        try {
            added = importer.run(sources);
        } catch (IllegalArgumentException e) {
            throw refused(e);
        }
        if (deleteSources) {
            importer.deleteSources(sources);
        }
        return added;
    }

    private static List<String> names(Collection<SSTable> sstables) {
        return sstables.stream().map(sstable -> sstable.file().fileName()).toList();
    }

    /// Only what is damaged: a sound file is taken away by DROP and TRUNCATE, which say what they do.
    private Json discard(AdminRequest request) throws IOException {
        TableStore table = tables.one(request).store();
        String name =
                request.text("file")
                        .orElseThrow(() -> AdminException.invalid("parameter 'file' is missing"));
        for (SSTable sstable : table.sstables()) {
            if (!sstable.file().fileName().equals(name)) {
                continue;
            }
            if (!sstable.isDamaged()) {
                throw AdminException.conflict(
                        "%s is not known to be damaged, so it stays".formatted(sstable.path()));
            }
            table.discard(sstable);
            return Json.object()
                    .put("discarded", name)
                    .put("kept_in", table.directory().resolve("lost+found").toString());
        }
        throw AdminException.invalid("Table %s has no file '%s'".formatted(table.name(), name));
    }

    // ---- Backups

    private Json backup() {
        return Json.object().put("running", storage.isBackingUp());
    }

    private Json setBackup(boolean running) {
        storage.setBackingUp(running);
        return backup();
    }
}
