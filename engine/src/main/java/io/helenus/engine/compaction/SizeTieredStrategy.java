package io.helenus.engine.compaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Compacts files of about the same size with each other, so a row is rewritten as often as sizes
/// double. Of several groups that are large enough, the one that is read most goes first.
record SizeTieredStrategy(StrategyOptions.SizeTiered options, TableCompaction.Tombstones tombstones)
        implements CompactionStrategy {
    private static final long SPLIT_BYTES_MIN = 50L << 20;

    private static final Comparator<FileFacts> BY_SIZE =
            Comparator.comparingLong(FileFacts::bytes).thenComparingLong(FileFacts::generation);

    @Override
    public List<Pick> picks(Situation situation) {
        List<Pick> picks = new ArrayList<>();
        Situation left = situation;
        for (List<FileFacts> next = interesting(left.idle(), options);
                !next.isEmpty();
                next = interesting(left.idle(), options)) {
            picks.add(Pick.of(Compactions.Kind.COMPACTION, next, OutputCut.NONE));
            left = left.without(next);
        }
        if (picks.isEmpty()) {
            // The largest one first: it is the longest until its turn comes in another way.
            TombstoneCompaction.worthwhile(situation, tombstones).stream()
                    .max(BY_SIZE)
                    .ifPresent(file -> picks.add(single(file)));
        }
        return picks;
    }

    static Pick single(FileFacts file) {
        return new Pick(Compactions.Kind.TOMBSTONE, List.of(file), List.of(), OutputCut.NONE, 0);
    }

    /// The files to compact next; none if there is no need to.
    static List<FileFacts> interesting(List<FileFacts> files, StrategyOptions.SizeTiered options) {
        Optional<List<FileFacts>> hottest =
                buckets(files, options).stream()
                        .map(bucket -> hottest(bucket, options.maxThreshold()))
                        .filter(bucket -> bucket.size() >= options.minThreshold())
                        .max(
                                Comparator.comparingDouble(SizeTieredStrategy::hotness)
                                        .thenComparing(
                                                Comparator.comparingDouble(
                                                                SizeTieredStrategy::averageBytes)
                                                        .reversed()));
        return hottest.orElse(List.of());
    }

    private static double hotness(List<FileFacts> files) {
        return files.stream().mapToDouble(FileFacts::hotness).sum();
    }

    private static double averageBytes(List<FileFacts> files) {
        return (double) Pick.bytes(files) / files.size();
    }

    private static List<FileFacts> hottest(List<FileFacts> bucket, int countMax) {
        return bucket.stream()
                .sorted(
                        Comparator.comparingDouble(FileFacts::hotness)
                                .reversed()
                                .thenComparing(BY_SIZE))
                .limit(countMax)
                .toList();
    }

    /// Groups of files of about the same size.
    static List<List<FileFacts>> buckets(
            List<FileFacts> files, StrategyOptions.SizeTiered options) {
        List<List<FileFacts>> buckets = new ArrayList<>();
        List<Double> averages = new ArrayList<>();
        for (FileFacts file : files.stream().sorted(BY_SIZE).toList()) {
            int at = bucketOf(file, averages, options);
            if (at < 0) {
                buckets.add(new ArrayList<>(List.of(file)));
                averages.add((double) file.bytes());
            } else {
                List<FileFacts> bucket = buckets.get(at);
                double sum = averages.get(at) * bucket.size() + file.bytes();
                bucket.add(file);
                averages.set(at, sum / bucket.size());
            }
        }
        return buckets;
    }

    private static int bucketOf(
            FileFacts file, List<Double> averages, StrategyOptions.SizeTiered options) {
        double bytes = file.bytes();
        double small = options.minSSTableBytes();
        for (int i = 0; i < averages.size(); i++) {
            double average = averages.get(i);
            boolean isSimilar =
                    bytes > average * options.bucketLow() && bytes < average * options.bucketHigh();
            if (isSimilar || bytes < small && average < small) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public List<Pick> major(List<FileFacts> files, boolean splitOutput) {
        OutputCut cut =
                splitOutput ? OutputCut.halves(Pick.bytes(files), SPLIT_BYTES_MIN) : OutputCut.NONE;
        return files.isEmpty() ? List.of() : List.of(Pick.of(Compactions.Kind.MAJOR, files, cut));
    }

    @Override
    public OutputCut cut(List<FileFacts> files) {
        return OutputCut.NONE;
    }
}
