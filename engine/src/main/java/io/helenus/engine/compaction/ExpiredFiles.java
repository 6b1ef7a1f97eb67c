package io.helenus.engine.compaction;

import java.util.List;

/// Finds files that can go without being read: all in them was deleted or has expired before the grace
/// period began, and nothing that they shadow is left anywhere. Pure.
final class ExpiredFiles {
    private ExpiredFiles() {}

    static List<FileFacts> find(CompactionStrategy.Situation now, boolean ignoreOverlaps) {
        return now.idle().stream()
                .filter(file -> file.maxDropTime() < now.gcBefore())
                .filter(file -> ignoreOverlaps || shadowsNothing(file, now))
                .toList();
    }

    private static boolean shadowsNothing(FileFacts file, CompactionStrategy.Situation now) {
        for (FileFacts other : now.whole()) {
            boolean mayLive = other.damaged() || other.maxDropTime() >= now.gcBefore();
            if (mayLive
                    && file.overlaps(other)
                    && (other.damaged() || other.minTimestamp() <= file.maxTimestamp())) {
                return false;
            }
        }
        return !now.memtablesHoldUpTo().test(file.maxTimestamp());
    }
}
