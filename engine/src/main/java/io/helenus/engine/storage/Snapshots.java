package io.helenus.engine.storage;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// All snapshots of a node, those of dropped tables included: what is on disk, asked for each time.
/// Any thread that may do I/O; making and deleting take turns.
public final class Snapshots {
    private static final Pattern TABLE_DIRECTORY = Pattern.compile("(.+)-[0-9a-f]{32}");

    private final StorageEngine engine;
    private final SnapshotFiles files;
    private volatile boolean hasNew = true; // since the last look at when they expire
    private @Nullable Instant nextExpiry; // guarded by this; of those that a look has found

    Snapshots(StorageEngine engine) {
        this.engine = engine;
        files = new SnapshotFiles(engine.files());
    }

    /// In order of keyspace, table and tag.
    public List<Snapshot> list() throws IOException {
        List<Snapshot> found = new ArrayList<>();
        for (Path keyspace : files.entries(engine.dataDirectory())) {
            for (Path table : files.entries(keyspace)) {
                Matcher name = TABLE_DIRECTORY.matcher(String.valueOf(table.getFileName()));
                if (name.matches()) {
                    found.addAll(
                            files.list(
                                    table, String.valueOf(keyspace.getFileName()), name.group(1)));
                }
            }
        }
        return found;
    }

    /// Deletes what was left of some when the last process ended.
    void tidy() throws IOException {
        for (Path keyspace : files.entries(engine.dataDirectory())) {
            for (Path table : files.entries(keyspace)) {
                files.tidy(table);
            }
        }
    }

    /// Takes one of several tables, of the files of this moment: flush before if what is in memory
    /// shall be in it. A table that is dropped meanwhile is left out. If it fails, nothing is left of it.
    ///
    /// @param timeToLive null for ever
    /// @throws IllegalArgumentException if the tag cannot be one, or one of the tables has it already;
    ///     nothing is made then
    public synchronized void create(
            Collection<TableStore> tables, String tag, @Nullable Duration timeToLive)
            throws IOException {
        SnapshotFiles.requireTag(tag);
        for (TableStore table : tables) {
            if (files.exists(table, tag)) {
                throw new IllegalArgumentException("Snapshot %s already exists.".formatted(tag));
            }
        }
        List<Path> made = new ArrayList<>();
        try {
            for (TableStore table : tables) {
                try {
                    made.add(table.snapshot(tag, timeToLive));
                } catch (IllegalStateException e) {
                    if (!table.isClosed()) {
                        throw e;
                    }
                }
            }
        } catch (IOException | RuntimeException e) {
            for (Path snapshot : made) {
                try {
                    files.delete(snapshot);
                } catch (IOException suppressed) {
                    e.addSuppressed(suppressed);
                }
            }
            throw e;
        }
        noteNew();
    }

    /// Says that there is one more, which may expire.
    void noteNew() {
        hasNew = true;
    }

    /// Deletes those that are chosen.
    ///
    /// @return how many
    public synchronized int delete(Predicate<Snapshot> chosen) throws IOException {
        int deleted = 0;
        for (Snapshot snapshot : list()) {
            if (chosen.test(snapshot)) {
                files.delete(snapshot.directory());
                deleted++;
            }
        }
        return deleted;
    }

    /// Deletes those whose time has come. Cheap if there can be none.
    public synchronized int deleteExpired() throws IOException {
        Instant next = nextExpiry;
        Instant now = engine.now();
        if (!hasNew && (next == null || now.isBefore(next))) {
            return 0;
        }
        hasNew = false; // before the look: what comes during it may be missed by it
        try {
            int deleted = delete(snapshot -> snapshot.isExpired(now));
            nextExpiry = earliestExpiry();
            return deleted;
        } catch (IOException | RuntimeException e) {
            hasNew = true; // for all that is known
            throw e;
        }
    }

    private @Nullable Instant earliestExpiry() throws IOException {
        Instant earliest = null;
        for (Snapshot snapshot : list()) {
            Instant expiry = snapshot.expiresAt();
            if (expiry != null && (earliest == null || expiry.isBefore(earliest))) {
                earliest = expiry;
            }
        }
        return earliest;
    }
}
