package io.helenus.engine.compaction;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.LongPredicate;

/// Chooses files to compact: a function of what is known of them, without I/O and without memory.
/// Files that were repaired and those that were not are never compacted with each other, so a strategy
/// is asked for each of the two groups.
sealed interface CompactionStrategy
        permits SizeTieredStrategy, TimeWindowStrategy, UnifiedStrategy {

    /// A table at one moment.
    ///
    /// @param idle may be chosen: not damaged, in no compaction
    /// @param all of the group, those in compactions included
    /// @param whole all files of the table
    /// @param nowSeconds the present
    /// @param gcBefore what was deleted before it is past its grace period
    /// @param checkExpired whether it is time to look for files that can be dropped as a whole
    /// @param memtablesHoldUpTo whether a memtable has something as old as a timestamp; costly
    /// @param flushBytes size of flushed files; 0 if none is known
    record Situation(
            List<FileFacts> idle,
            List<FileFacts> all,
            List<FileFacts> whole,
            long nowSeconds,
            long gcBefore,
            boolean checkExpired,
            LongPredicate memtablesHoldUpTo,
            long flushBytes) {
        public Situation {
            idle = List.copyOf(idle);
            all = List.copyOf(all);
            whole = List.copyOf(whole);
        }

        Situation without(Collection<FileFacts> chosen) {
            List<FileFacts> left = new ArrayList<>(idle);
            left.removeAll(chosen);
            return new Situation(
                    left,
                    all,
                    whole,
                    nowSeconds,
                    gcBefore,
                    checkExpired,
                    memtablesHoldUpTo,
                    flushBytes);
        }
    }

    static CompactionStrategy of(TableCompaction table) {
        return of(table, table.tombstones());
    }

    /// The same, but no file is rewritten for the deletions in it, as they may not go.
    static CompactionStrategy keepingDeletions(TableCompaction table) {
        return of(table, TableCompaction.Tombstones.UNWANTED);
    }

    private static CompactionStrategy of(
            TableCompaction table, TableCompaction.Tombstones tombstones) {
        return switch (table.strategy()) {
            case StrategyOptions.SizeTiered options -> new SizeTieredStrategy(options, tombstones);
            case StrategyOptions.TimeWindow options -> new TimeWindowStrategy(options, tombstones);
            case StrategyOptions.Unified options -> new UnifiedStrategy(options, tombstones);
        };
    }

    /// Compactions that are wanted now, the most urgent first. No file is in two of them.
    List<Pick> picks(Situation situation);

    /// All of a table, or of one of its groups.
    List<Pick> major(List<FileFacts> files, boolean splitOutput);

    /// How the result of compacting these files is to be cut.
    OutputCut cut(List<FileFacts> files);
}
