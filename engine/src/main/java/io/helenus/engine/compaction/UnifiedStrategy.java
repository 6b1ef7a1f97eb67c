package io.helenus.engine.compaction;

import io.helenus.engine.compaction.StrategyOptions.OverlapInclusion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Tiered, leveled or anything between. Files are in levels by their *density*, the size they would have
/// if they covered all tokens; each level is a fan-out denser than the one below. In a level, files are
/// compacted where too many of them overlap. Outputs are cut at fixed tokens into as many parts as their
/// density asks for, so files stay of a bounded size and compactions of different parts of the ring run
/// beside each other.
record UnifiedStrategy(StrategyOptions.Unified options, TableCompaction.Tombstones tombstones)
        implements CompactionStrategy {
    private static final double FLUSH_BYTES_MIN = 1 << 20;
    private static final int SHARD_DOUBLINGS_MAX = 20;

    /// So many parts are made however small files get; more only if each has a mebibyte.
    private static final int SHARDS_OF_ANY_SIZE = 1_024;

    private static final double SHARD_BYTES_MIN = 1 << 20;
    private static final int SHARDS_MAX = 1 << 30;

    private static final Comparator<FileFacts> BY_TOKEN =
            Comparator.comparingLong(FileFacts::firstToken)
                    .thenComparingLong(FileFacts::lastToken)
                    .thenComparingLong(FileFacts::generation);
    private static final Comparator<FileFacts> OLDEST_FIRST =
            Comparator.comparingLong(FileFacts::maxTimestamp)
                    .thenComparingLong(FileFacts::generation);

    /// Files of one level that belong together, and how many of them are over one token at most.
    private record Bucket(int level, List<FileFacts> files, int overlap) {}

    @Override
    public List<Pick> picks(Situation situation) {
        List<Pick> picks = new ArrayList<>();
        Situation left = situation;
        if (situation.checkExpired()) {
            List<FileFacts> expired = ExpiredFiles.find(situation, options.ignoreOverlaps());
            if (!expired.isEmpty()) {
                picks.add(TimeWindowStrategy.dropping(expired));
                left = left.without(expired);
            }
        }
        int found = picks.size();
        List<Bucket> buckets = new ArrayList<>();
        List<List<FileFacts>> levels = levels(left.idle(), left.flushBytes());
        for (int level = 0; level < levels.size(); level++) {
            buckets.addAll(buckets(level, levels.get(level)));
        }
        buckets.sort(
                Comparator.comparingInt(Bucket::overlap)
                        .reversed()
                        .thenComparingInt(Bucket::level));
        Set<FileFacts> taken = new HashSet<>();
        for (Bucket bucket : buckets) {
            List<FileFacts> files = choose(bucket);
            if (files.size() >= 2 && files.stream().noneMatch(taken::contains)) {
                taken.addAll(files);
                picks.add(
                        new Pick(
                                Compactions.Kind.COMPACTION,
                                files,
                                List.of(),
                                cut(files),
                                bucket.overlap()));
            }
        }
        if (picks.size() == found) {
            TombstoneCompaction.worthwhile(left, tombstones).stream()
                    .max(
                            Comparator.comparingDouble(FileFacts::droppable)
                                    .thenComparingLong(FileFacts::generation))
                    .ifPresent(file -> picks.add(SizeTieredStrategy.single(file)));
        }
        return picks;
    }

    /// Files by level.
    List<List<FileFacts>> levels(List<FileFacts> files, long measuredFlushBytes) {
        List<List<FileFacts>> levels = new ArrayList<>();
        List<FileFacts> level = new ArrayList<>();
        levels.add(level);
        double densityMax = levelDensityMax(0, baseBytes(measuredFlushBytes));
        for (FileFacts file :
                files.stream()
                        .sorted(
                                Comparator.comparingDouble(FileFacts::density)
                                        .thenComparingLong(FileFacts::generation))
                        .toList()) {
            while (file.density() >= densityMax) {
                densityMax = levelDensityMax(levels.size(), densityMax);
                level = new ArrayList<>();
                levels.add(level);
            }
            level.add(file);
        }
        return levels;
    }

    private double levelDensityMax(int level, double densityMin) {
        return Math.floor(densityMin * options.fanout(level));
    }

    /// A little below the size of flushed files, so that a smaller flush is still in the lowest level.
    private double baseBytes(long measuredFlushBytes) {
        double flush = options.flushBytes() > 0 ? options.flushBytes() : measuredFlushBytes;
        return Math.max(FLUSH_BYTES_MIN, flush) * (1 - 0.9 / options.fanout(0));
    }

    private List<Bucket> buckets(int level, List<FileFacts> files) {
        List<List<FileFacts>> sections = sections(files);
        List<Bucket> buckets = new ArrayList<>();
        int threshold = options.threshold(level);
        for (int i = 0; i < sections.size(); i++) {
            List<FileFacts> section = sections.get(i);
            if (section.size() < threshold) {
                continue;
            }
            Set<FileFacts> all = new HashSet<>(section);
            int overlap = section.size();
            int next = i + 1;
            if (options.overlaps() != OverlapInclusion.NONE) {
                boolean transitive = options.overlaps() == OverlapInclusion.TRANSITIVE;
                Set<FileFacts> target = transitive ? all : Set.copyOf(section);
                for (; next < sections.size() && meet(target, sections.get(next)); next++) {
                    overlap = Math.max(overlap, sections.get(next).size());
                    all.addAll(sections.get(next));
                }
                for (int before = i - 1;
                        before >= 0 && meet(target, sections.get(before));
                        before--) {
                    overlap = Math.max(overlap, sections.get(before).size());
                    all.addAll(sections.get(before));
                }
            }
            buckets.add(new Bucket(level, all.stream().sorted(OLDEST_FIRST).toList(), overlap));
            i = next - 1;
        }
        return buckets;
    }

    private static boolean meet(Set<FileFacts> files, List<FileFacts> section) {
        return section.stream().anyMatch(files::contains);
    }

    /// The sets of files that are over one token, in order, without those that are part of another one.
    static List<List<FileFacts>> sections(List<FileFacts> files) {
        List<List<FileFacts>> sections = new ArrayList<>();
        List<FileFacts> open = new ArrayList<>();
        boolean grew = false;
        for (FileFacts file : files.stream().sorted(BY_TOKEN).toList()) {
            List<FileFacts> ended =
                    open.stream().filter(each -> each.lastToken() < file.firstToken()).toList();
            if (!ended.isEmpty()) {
                if (grew) {
                    sections.add(List.copyOf(open));
                }
                open.removeAll(ended);
            }
            open.add(file);
            grew = true;
        }
        if (grew) {
            sections.add(List.copyOf(open));
        }
        return sections;
    }

    /// The oldest ones, as many as may be compacted together. When far too many have gathered, as
    /// many as make a file that skips a level.
    private List<FileFacts> choose(Bucket bucket) {
        int filesMax = options.maxFiles();
        if (bucket.overlap() <= Math.min(filesMax, options.fanout(bucket.level()))) {
            return bucket.files();
        }
        int limit = filesMax;
        int levelUp = bucket.level() + 1;
        long reach = (long) options.fanout(bucket.level()) * options.fanout(levelUp);
        if (bucket.overlap() > reach && filesMax >= options.fanout(bucket.level())) {
            long product = options.fanout(bucket.level());
            long most = Math.min(filesMax, bucket.overlap());
            while (product * options.fanout(levelUp) <= most) {
                product *= options.fanout(levelUp++);
            }
            limit = (int) product;
        }
        List<FileFacts> chosen = new ArrayList<>();
        for (FileFacts file : bucket.files()) {
            chosen.add(file);
            int deepest = sections(chosen).stream().mapToInt(List::size).max().orElse(0);
            if (deepest > limit) {
                chosen.removeLast();
                break;
            }
        }
        return chosen;
    }

    @Override
    public List<Pick> major(List<FileFacts> files, boolean splitOutput) {
        return files.isEmpty()
                ? List.of()
                : List.of(Pick.of(Compactions.Kind.MAJOR, files, cut(files)));
    }

    @Override
    public OutputCut cut(List<FileFacts> files) {
        if (files.isEmpty()) {
            return OutputCut.NONE;
        }
        long first = files.stream().mapToLong(FileFacts::firstToken).min().orElseThrow();
        long last = files.stream().mapToLong(FileFacts::lastToken).max().orElseThrow();
        long partitions = files.stream().mapToLong(FileFacts::partitions).sum();
        FileFacts together =
                new FileFacts(
                        0,
                        Pick.bytes(files),
                        first,
                        last,
                        0,
                        0,
                        partitions,
                        0,
                        0,
                        0,
                        0,
                        false,
                        false);
        int shards = shards(together.density());
        return OutputCut.shards(shards, first, last);
    }

    /// Into how many parts the token range is cut for files of a density: few while files are small,
    /// then the base number, then doubled as often as keeps files near their target size, which grows
    /// with the density itself as the option `sstable_growth` says.
    int shards(double density) {
        double most = Math.max(SHARDS_OF_ANY_SIZE, density / SHARD_BYTES_MIN);
        most = Math.min(most, SHARDS_MAX);
        long wanted = wantedShards(density);
        // A base that is far too large must not make a file of each partition.
        return wanted <= most ? (int) wanted : Integer.highestOneBit((int) most);
    }

    private long wantedShards(double density) {
        int base = options.baseShards();
        if (options.minBytes() > 0) {
            double count = density / options.minBytes();
            if (count < base) {
                // Powers of two that divide the base, so cuts of low levels are cuts of high ones.
                return Math.min(Integer.highestOneBit((int) count | 1), base & -base);
            }
        }
        double ratio = density / ((double) options.targetBytes() * base);
        if (ratio <= 1) {
            return base;
        }
        double doublings = (1 - options.growth()) * Math.log(ratio) / Math.log(2);
        return (long) base << Math.min(SHARD_DOUBLINGS_MAX, Math.round(doublings));
    }
}
