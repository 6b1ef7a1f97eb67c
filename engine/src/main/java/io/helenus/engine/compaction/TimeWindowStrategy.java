package io.helenus.engine.compaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/// For time series: files are grouped by the window in which their newest write lies. In the newest
/// window they are compacted by size; in each older one all together, so it ends up as one file and is
/// left alone until all in it has expired and the file goes as a whole. Late data is a second file of
/// an old window, and is compacted with the first.
record TimeWindowStrategy(StrategyOptions.TimeWindow options, TableCompaction.Tombstones tombstones)
        implements CompactionStrategy {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private static final Comparator<FileFacts> BY_SIZE =
            Comparator.comparingLong(FileFacts::bytes).thenComparingLong(FileFacts::generation);

    @Override
    public List<Pick> picks(Situation situation) {
        List<Pick> picks = new ArrayList<>();
        Situation left = situation;
        if (situation.checkExpired()) {
            List<FileFacts> expired = ExpiredFiles.find(situation, options.ignoreOverlaps());
            if (!expired.isEmpty()) {
                picks.add(dropping(expired));
                left = left.without(expired);
            }
        }
        int found = picks.size();
        for (List<FileFacts> next = next(left); !next.isEmpty(); next = next(left)) {
            picks.add(Pick.of(Compactions.Kind.COMPACTION, next, OutputCut.NONE));
            left = left.without(next);
        }
        if (picks.size() == found) {
            TombstoneCompaction.worthwhile(left, tombstones).stream()
                    .min(BY_SIZE)
                    .ifPresent(file -> picks.add(SizeTieredStrategy.single(file)));
        }
        return picks;
    }

    static Pick dropping(List<FileFacts> expired) {
        return new Pick(
                Compactions.Kind.COMPACTION,
                List.of(),
                expired,
                OutputCut.NONE,
                Double.MAX_VALUE); // costs nothing and gives room
    }

    private List<FileFacts> next(Situation situation) {
        NavigableMap<Long, List<FileFacts>> windows = windows(situation.idle());
        long newest = windows(situation.all()).isEmpty() ? 0 : windows(situation.all()).lastKey();
        StrategyOptions.SizeTiered tiers = options.newest();
        for (var window : windows.descendingMap().entrySet()) {
            List<FileFacts> files = window.getValue();
            if (window.getKey() >= newest) {
                List<FileFacts> chosen =
                        files.size() < tiers.minThreshold()
                                ? List.of()
                                : SizeTieredStrategy.interesting(files, tiers);
                if (!chosen.isEmpty()) {
                    return chosen;
                }
            } else if (files.size() >= 2) {
                return files.stream().sorted(BY_SIZE).limit(tiers.maxThreshold()).toList();
            }
        }
        return List.of();
    }

    /// Files by the number of the window of their newest write.
    private NavigableMap<Long, List<FileFacts>> windows(List<FileFacts> files) {
        NavigableMap<Long, List<FileFacts>> windows = new TreeMap<>();
        for (FileFacts file : files) {
            windows.computeIfAbsent(window(file.maxTimestamp()), _ -> new ArrayList<>()).add(file);
        }
        return windows;
    }

    private long window(long timestamp) {
        long perMilli = NANOS_PER_MILLI / Math.min(NANOS_PER_MILLI, options.timestampNanos());
        long millis =
                options.timestampNanos() <= NANOS_PER_MILLI
                        ? Math.floorDiv(timestamp, perMilli)
                        : saturatedProduct(timestamp, options.timestampNanos() / NANOS_PER_MILLI);
        return Math.floorDiv(millis, options.windowMillis());
    }

    private static long saturatedProduct(long a, long b) {
        long high = Math.multiplyHigh(a, b);
        long low = a * b;
        boolean fits = high == (low >> (Long.SIZE - 1));
        if (fits) {
            return low;
        }
        return a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
    }

    @Override
    public List<Pick> major(List<FileFacts> files, boolean splitOutput) {
        // As in Cassandra, a major compaction makes one file of all windows.
        return new SizeTieredStrategy(options.newest(), tombstones).major(files, splitOutput);
    }

    @Override
    public OutputCut cut(List<FileFacts> files) {
        return OutputCut.NONE;
    }
}
