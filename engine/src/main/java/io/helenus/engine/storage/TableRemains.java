package io.helenus.engine.storage;

import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.engine.storage.manifest.Manifest;
import java.io.IOException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What lies in a table's directory and is not the table's: tells it apart by its name, puts it aside,
/// and removes what is left of a table that was dropped. Holds nothing but where that is; one thread at
/// a time, does I/O.
final class TableRemains {
    static final String LOST_AND_FOUND = "lost+found";
    static final String BACKUPS = "backups";

    private static final Pattern SSTABLE = Pattern.compile("([1-9][0-9]{0,17})\\.sst");
    private static final Pattern PUT_ASIDE =
            Pattern.compile("([1-9][0-9]{0,17})\\.sst(\\.[0-9]+)?");
    private static final Pattern TEMPORARY =
            Pattern.compile("([1-9][0-9]{0,17}\\.sst|manifest)\\.tmp");

    private final StorageFiles files;
    private final Path directory;

    TableRemains(StorageFiles files, Path directory) {
        this.files = files;
        this.directory = directory;
    }

    private static boolean isTemporary(Path path) {
        return TEMPORARY.matcher(String.valueOf(path.getFileName())).matches();
    }

    /// The generation in an SSTable's name; 0 if it is none.
    static long generation(Path path) {
        return generation(SSTABLE, path);
    }

    private static long generation(Pattern pattern, Path path) {
        Matcher name = pattern.matcher(String.valueOf(path.getFileName()));
        return name.matches() ? Long.parseLong(name.group(1)) : 0;
    }

    /// Moves a file to `lost+found`.
    ///
    /// @return where it is then
    Path putAside(Path path) throws IOException {
        Path lost = directory.resolve(LOST_AND_FOUND);
        files.createDirectories(lost);
        String fileName = String.valueOf(path.getFileName());
        Path to = lost.resolve(fileName);
        for (int i = 1; files.exists(to); i++) {
            to = lost.resolve(fileName + "." + i);
        }
        files.move(path, to);
        files.forceDirectory(lost);
        files.forceDirectory(directory);
        return to;
    }

    /// At the start of a table: deletes what its manifest says is to go, and temporary files; SSTables that
    /// it does not know are put aside.
    ///
    /// @param onUnknown told where each of these is then, but for those that an operator gave up
    void tidy(Manifest manifest, Consumer<Path> onUnknown) throws IOException {
        Set<String> known = new HashSet<>();
        manifest.files().forEach(file -> known.add(file.fileName()));
        List<Long> removed = manifest.removed();
        List<Long> discarded = manifest.discarded();
        List<Long> announced = manifest.announced();
        for (Path path : files.list(directory)) {
            if (isTemporary(path)) {
                files.delete(path);
                continue;
            }
            long generation = generation(path);
            if (generation == 0 || known.contains(String.valueOf(path.getFileName()))) {
                continue;
            }
            if (removed.contains(generation) || announced.contains(generation)) {
                files.delete(path);
            } else {
                manifest.skipGeneration(generation);
                Path movedTo = putAside(path);
                if (!discarded.contains(generation)) {
                    onUnknown.accept(movedTo);
                }
            }
        }
        removed.forEach(manifest::forget);
        discarded.forEach(manifest::forget);
        announced.forEach(manifest::forget);
    }

    /// Deletes what a process that ended has left of a table whose manifest it had deleted.
    void remove() throws IOException {
        if (!files.exists(directory)) {
            return;
        }
        for (Path path : files.list(directory)) {
            if (generation(path) > 0 || isTemporary(path)) {
                files.delete(path);
            }
        }
        deleteIfEmpty();
    }

    /// Deletes the files of a table that nobody has opened, or puts them aside; its manifest is the last
    /// that goes, so that this can be done again.
    void removeUnopened(boolean kept) throws IOException {
        if (!files.exists(directory)) {
            return;
        }
        Path manifest = directory.resolve(Manifest.FILE_NAME);
        if (kept) {
            for (Path path : files.list(directory)) {
                if (generation(path) > 0) {
                    var _ = putAside(path);
                }
            }
            if (files.exists(manifest)) {
                var _ = putAside(manifest);
            }
        }
        files.delete(manifest);
        remove();
    }

    /// Makes the directory fit for a new table with the id of one that was there before. Files of that which
    /// readers had kept from being deleted are deleted, what else there is goes to `lost+found`.
    ///
    /// @param dropped generations below this were the former table's, if this process has dropped it
    /// @return a generation above all that have been used here: a snapshot or a backup may have them, and
    ///     a reader's file is deleted by its name when the reader leaves
    long makeRoom(long dropped) throws IOException {
        Path manifest = directory.resolve(Manifest.FILE_NAME);
        boolean isWhole = files.exists(manifest);
        long next = dropped;
        for (Path path : files.list(directory)) {
            long generation = generation(path);
            next = Math.max(next, generation + 1);
            if (isTemporary(path) || generation > 0 && generation < dropped && !isWhole) {
                files.delete(path);
            } else if (generation > 0) {
                var _ = putAside(path);
            }
        }
        if (isWhole) {
            var _ = putAside(manifest);
        }
        next = Math.max(next, nextIn(directory.resolve(LOST_AND_FOUND)));
        next = Math.max(next, nextIn(directory.resolve(BACKUPS)));
        for (Path snapshot : files.list(directory.resolve(SnapshotFiles.DIRECTORY))) {
            next = Math.max(next, nextIn(snapshot));
        }
        return next;
    }

    private long nextIn(Path some) throws IOException {
        List<Path> paths;
        try {
            paths = files.list(some);
        } catch (NotDirectoryException e) {
            return 1;
        }
        return paths.stream().mapToLong(path -> generation(PUT_ASIDE, path)).max().orElse(0) + 1;
    }

    void deleteIfEmpty() throws IOException {
        if (files.list(directory).isEmpty()) {
            files.delete(directory);
        }
    }
}
