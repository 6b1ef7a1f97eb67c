package io.helenus.engine.storage;

import io.helenus.engine.json.Json;
import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.engine.storage.manifest.ManifestFile;
import io.helenus.sstable.file.BlockFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The files of one snapshot: `snapshots/<tag>` in a table's directory holds links to its SSTables, a
/// manifest of these (so that it is a table of its own), `schema.cql`, and last of all `manifest.json`,
/// in Cassandra's format. It is made and deleted under the name `.<tag>.tmp`, which no tag can be, so
/// that what has its tag for a name is whole; what a killed process leaves is deleted at the next start.
/// Stateless but for its file system; does I/O.
final class SnapshotFiles {
    static final String DIRECTORY = "snapshots";
    private static final String JSON_FILE = "manifest.json";
    private static final String SCHEMA_FILE = "schema.cql";
    private static final String SSTABLE_ENDING = ".sst";

    /// With what an unfinished one has around it, as long as a name of a file may be. A table of the
    /// longest name, too, leaves room for what stands before it in the tag of an automatic one.
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_:-][A-Za-z0-9_.:-]{0,249}");

    private static final Pattern UNFINISHED = Pattern.compile("\\..+\\.tmp");
    private static final int JSON_BYTES_MAX = 64 << 20;

    private final StorageFiles files;

    SnapshotFiles(StorageFiles files) {
        this.files = files;
    }

    /// @throws IllegalArgumentException if a snapshot cannot have this name
    static void requireTag(String tag) {
        if (!TAG.matcher(tag).matches()) {
            throw new IllegalArgumentException(
                    ("Snapshot name '%s' is not allowed: letters, digits and _ - : . only, not"
                                    + " beginning with a dot, at most 250")
                            .formatted(tag));
        }
    }

    static Path directory(TableStore table, String tag) {
        return table.directory().resolve(DIRECTORY).resolve(tag);
    }

    boolean exists(TableStore table, String tag) throws IOException {
        return files.exists(directory(table, tag));
    }

    /// Makes one of the given files. Under the table's file lock, so that none of them goes meanwhile.
    /// If it fails, nothing is left of it.
    Path create(
            TableStore table,
            String tag,
            List<ManifestFile> linked,
            Instant now,
            @Nullable Instant expiresAt)
            throws IOException {
        requireTag(tag);
        Path to = directory(table, tag);
        if (files.exists(to)) {
            throw new IllegalArgumentException(
                    "Snapshot %s of %s already exists".formatted(tag, table));
        }
        Path making = unfinished(to);
        try {
            remove(making); // of one that failed, and could not be removed
            files.createDirectories(making);
            for (ManifestFile file : linked) {
                files.link(
                        table.directory().resolve(file.fileName()),
                        making.resolve(file.fileName()));
            }
            String schema = table.settings().backup().schemaText().get();
            if (!schema.isEmpty()) {
                write(making.resolve(SCHEMA_FILE), schema + "\n");
            }
            Json.Members json =
                    Json.object()
                            .putTexts("files", linked.stream().map(ManifestFile::fileName).toList())
                            .put("created_at", now.toString())
                            .put("expires_at", expiresAt == null ? null : expiresAt.toString())
                            .put("ephemeral", false);
            table.manifest().writeCopy(making, linked);
            write(making.resolve(JSON_FILE), json.prettyText() + "\n");
            files.forceDirectory(making);
            files.move(making, to);
            files.forceDirectory(table.directory().resolve(DIRECTORY));
        } catch (IOException | RuntimeException e) {
            try {
                remove(files.exists(making) ? making : to);
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        return to;
    }

    private static Path unfinished(Path snapshot) {
        return snapshot.resolveSibling("." + snapshot.getFileName() + ".tmp");
    }

    private static boolean isUnfinished(Path path) {
        return UNFINISHED.matcher(String.valueOf(path.getFileName())).matches();
    }

    private void write(Path path, String text) throws IOException {
        try (BlockFile file = files.create(path)) {
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            file.force();
        }
    }

    /// Deletes a snapshot's directory, and those above it that it leaves empty.
    void delete(Path snapshot) throws IOException {
        Path going = unfinished(snapshot);
        remove(going);
        files.move(snapshot, going);
        Path all = directoryOf(snapshot);
        files.forceDirectory(all);
        remove(going);
        if (!files.list(all).isEmpty()) {
            return;
        }
        files.delete(all);
        Path table = all.getParent();
        if (table != null && files.list(table).isEmpty()) {
            files.delete(table); // a dropped one: all others have a manifest
        }
    }

    private static Path directoryOf(Path snapshot) {
        Path all = snapshot.getParent();
        if (all == null) {
            throw new IllegalArgumentException(snapshot + " is no snapshot");
        }
        return all;
    }

    /// Deletes what a process left that ended while it made or deleted a snapshot.
    void tidy(Path tableDirectory) throws IOException {
        for (Path directory : entries(tableDirectory.resolve(DIRECTORY))) {
            if (isUnfinished(directory) && files.isDirectory(directory)) {
                remove(directory);
            }
        }
    }

    /// With all in it: somebody may have put a directory there. Links are deleted, not followed.
    private void remove(Path unfinished) throws IOException {
        try {
            files.delete(unfinished);
        } catch (DirectoryNotEmptyException e) {
            for (Path path : files.list(unfinished)) {
                remove(path);
            }
            files.delete(unfinished);
        }
    }

    /// The snapshots in one table's directory.
    List<Snapshot> list(Path tableDirectory, String keyspace, String table) throws IOException {
        List<Snapshot> found = new ArrayList<>();
        for (Path directory : entries(tableDirectory.resolve(DIRECTORY))) {
            if (isUnfinished(directory) || !files.isDirectory(directory)) {
                continue; // somebody may have put a file there: not ours to list or to delete
            }
            Snapshot snapshot = read(directory, tableDirectory, keyspace, table);
            if (files.exists(directory)) { // and was not deleted meanwhile
                found.add(snapshot);
            }
        }
        return found;
    }

    /// What is in a directory; nothing if it is none.
    List<Path> entries(Path directory) throws IOException {
        try {
            return files.list(directory);
        } catch (NotDirectoryException e) {
            return List.of();
        }
    }

    private Snapshot read(Path directory, Path tableDirectory, String keyspace, String table)
            throws IOException {
        long bytes = 0;
        long ownBytes = 0;
        for (Path path : entries(directory)) {
            String name = String.valueOf(path.getFileName());
            long size = size(path);
            bytes += size;
            boolean shared =
                    name.endsWith(SSTABLE_ENDING) && files.exists(tableDirectory.resolve(name));
            ownBytes += shared ? 0 : size;
        }
        Json.Members json = json(directory.resolve(JSON_FILE));
        return new Snapshot(
                String.valueOf(directory.getFileName()),
                keyspace,
                table,
                directory,
                instant(json.text("created_at")),
                instant(json.text("expires_at")),
                json.bool("ephemeral"),
                bytes,
                ownBytes);
    }

    private long size(Path path) throws IOException {
        try (BlockFile file = files.open(path)) {
            return file.size();
        } catch (NoSuchFileException e) {
            return 0; // deleted meanwhile, or somebody's link to nothing
        }
    }

    private Json.Members json(Path path) throws IOException {
        if (!files.exists(path)) {
            return Json.object();
        }
        try (BlockFile file = files.open(path)) {
            ByteBuffer content = ByteBuffer.allocate((int) Math.min(file.size(), JSON_BYTES_MAX));
            while (content.hasRemaining() && file.read(content, content.position()) >= 0) {
                // read on
            }
            Json parsed =
                    Json.parse(
                            new String(
                                    content.array(),
                                    0,
                                    content.position(),
                                    StandardCharsets.UTF_8));
            return parsed instanceof Json.Members members ? members : Json.object();
        } catch (IllegalArgumentException | NoSuchFileException e) {
            return Json.object(); // somebody else's file; the snapshot is listed without its times
        }
    }

    private static @Nullable Instant instant(String text) {
        try {
            return text.isEmpty() ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
