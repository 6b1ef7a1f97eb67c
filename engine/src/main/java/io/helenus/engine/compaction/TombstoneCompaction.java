package io.helenus.engine.compaction;

import java.util.List;

/// Decides whether a file is worth rewriting alone, for the deletions in it, as Cassandra does: by its
/// histogram of deletion times, its age, and how much of it no other file overlaps. Pure.
final class TombstoneCompaction {
    /// A file whose deletions cannot go yet must not be rewritten again and again.
    private static final long AGE_MIN_SECONDS = 60;

    private TombstoneCompaction() {}

    /// Those of the idle files that are.
    static List<FileFacts> worthwhile(
            CompactionStrategy.Situation now, TableCompaction.Tombstones options) {
        if (!options.wanted()) {
            return List.of();
        }
        return now.idle().stream().filter(file -> isWorthwhile(file, now, options)).toList();
    }

    private static boolean isWorthwhile(
            FileFacts file, CompactionStrategy.Situation now, TableCompaction.Tombstones options) {
        long age = Math.max(AGE_MIN_SECONDS, options.intervalSeconds());
        if (now.nowSeconds() < file.writtenAtSeconds() + age
                || file.droppable() <= options.threshold()) {
            return false;
        }
        if (options.unchecked()) {
            return true;
        }
        List<FileFacts> overlapping =
                now.whole().stream()
                        .filter(other -> !other.equals(file) && other.overlaps(file))
                        .toList();
        return remaining(file, overlapping) * file.droppable() > options.threshold();
    }

    /// Which part of the file's tokens no other file covers.
    private static double remaining(FileFacts file, List<FileFacts> others) {
        List<FileFacts> sorted =
                others.stream()
                        .sorted((a, b) -> Long.compare(a.firstToken(), b.firstToken()))
                        .toList();
        double from = (double) file.firstToken();
        double to = (double) file.lastToken();
        if (from == to) {
            return sorted.isEmpty() ? 1 : 0;
        }
        double free = 0;
        double at = from;
        for (FileFacts other : sorted) {
            free += Math.max(0, Math.min(to, (double) other.firstToken()) - at);
            at = Math.max(at, (double) other.lastToken());
        }
        free += Math.max(0, to - at);
        return free / (to - from);
    }
}
