package io.helenus.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.compaction.CompactionStrategy.Situation;
import io.helenus.engine.compaction.StrategyOptions.OverlapInclusion;
import io.helenus.engine.compaction.StrategyOptions.SizeTiered;
import io.helenus.engine.compaction.StrategyOptions.TimeWindow;
import io.helenus.engine.compaction.StrategyOptions.Unified;
import io.helenus.engine.compaction.TableCompaction.Tombstones;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/// Every strategy with random files, whose compactions are carried out in thought until it wants no
/// more: what it chooses is fit to be chosen, it comes to an end, and in the end files are as its
/// options say.
class StrategyPropertyTest {
    private static final long NOW_SECONDS = 1_000_000;
    private static final long WINDOW_MILLIS = 60_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    @Property(tries = 150)
    void sizeTiers(@ForAll long seed) {
        Random random = new Random(seed);
        SizeTiered options = tiers(random);
        Table table = new Table(random, new SizeTieredStrategy(options, Tombstones.DEFAULT));
        table.compactAll();
        assertThat(SizeTieredStrategy.buckets(table.intact(), options))
                .noneMatch(bucket -> bucket.size() >= options.minThreshold());
    }

    @Property(tries = 150)
    void timeWindows(@ForAll long seed) {
        Random random = new Random(seed);
        SizeTiered newest = tiers(random);
        TimeWindow options = new TimeWindow(WINDOW_MILLIS, 1_000, newest, 0, false);
        Table table = new Table(random, new TimeWindowStrategy(options, Tombstones.DEFAULT));
        table.compactAll();
        Map<Long, Integer> files = new HashMap<>();
        for (FileFacts file : table.intact()) {
            files.merge(window(file), 1, Integer::sum);
        }
        long last = table.files.stream().mapToLong(StrategyPropertyTest::window).max().orElse(0);
        files.forEach((window, count) -> {
            if (window != last) {
                assertThat(count).as("window %d", window).isEqualTo(1);
            }
        });
    }

    private static long window(FileFacts file) {
        return Math.floorDiv(file.maxTimestamp() / 1_000, WINDOW_MILLIS);
    }

    @Property(tries = 150)
    void densities(@ForAll long seed) {
        Random random = new Random(seed);
        Unified options =
                new Unified(
                        List.of(random.nextInt(-8, 9)),
                        (1L + random.nextInt(64)) * Facts.MIB,
                        1 + random.nextInt(6),
                        random.nextInt(3) / 2.0,
                        random.nextBoolean() ? 0 : Facts.MIB,
                        2 + random.nextInt(30),
                        random.nextBoolean() ? 0 : 4 * Facts.MIB,
                        OverlapInclusion.values()[random.nextInt(3)],
                        1,
                        false);
        UnifiedStrategy strategy = new UnifiedStrategy(options, Tombstones.DEFAULT);
        Table table = new Table(random, strategy);
        table.compactAll();
        List<List<FileFacts>> levels = strategy.levels(table.intact(), 0);
        for (int level = 0; level < levels.size(); level++) {
            int threshold = options.threshold(level);
            assertThat(UnifiedStrategy.sections(levels.get(level)))
                    .as("level %d", level)
                    .noneMatch(section -> section.size() >= threshold);
        }
    }

    private static SizeTiered tiers(Random random) {
        int min = 2 + random.nextInt(4);
        return new SizeTiered(
                min, min + random.nextInt(30), random.nextInt(3) * 10L * Facts.MIB, 0.5, 1.5);
    }

    /// Files, and what becomes of them.
    private static final class Table {
        private static final int ROUNDS_MAX = 400;

        final List<FileFacts> files = new ArrayList<>();
        private final CompactionStrategy strategy;
        private long generation;

        Table(Random random, CompactionStrategy strategy) {
            this.strategy = strategy;
            for (int i = random.nextInt(60); i > 0; i--) {
                files.add(file(random));
            }
        }

        private FileFacts file(Random random) {
            long a = random.nextLong();
            long b = random.nextInt(4) == 0 ? a : random.nextLong();
            boolean whole = random.nextBoolean();
            long newest =
                    (NOW_SECONDS - random.nextInt(1_000)) * MICROS_PER_SECOND
                            - random.nextInt((int) MICROS_PER_SECOND);
            return new FileFacts(
                    ++generation,
                    1 + (long) (Math.pow(random.nextDouble(), 6) * 4_000 * Facts.MIB),
                    whole ? Long.MIN_VALUE + 1 : Math.min(a, b),
                    whole ? Long.MAX_VALUE : Math.max(a, b),
                    newest - random.nextInt(100_000_000),
                    newest,
                    1 + random.nextInt(1_000),
                    random.nextInt(4) == 0 ? NOW_SECONDS - random.nextInt(2_000) : Long.MAX_VALUE,
                    0,
                    random.nextInt(3),
                    NOW_SECONDS,
                    false,
                    random.nextInt(20) == 0);
        }

        List<FileFacts> intact() {
            return files.stream().filter(file -> !file.damaged()).toList();
        }

        void compactAll() {
            List<Pick> picks = picks();
            for (int round = 0; !picks.isEmpty(); round++) {
                assertThat(round).as("it comes to an end").isLessThan(ROUNDS_MAX);
                check(picks);
                picks.forEach(this::carryOut);
                picks = picks();
            }
        }

        private List<Pick> picks() {
            return strategy.picks(
                    new Situation(
                            intact(),
                            files,
                            files,
                            NOW_SECONDS,
                            NOW_SECONDS - 1_000,
                            true,
                            _ -> false,
                            0));
        }

        private void check(List<Pick> picks) {
            Set<FileFacts> chosen = new HashSet<>();
            for (Pick pick : picks) {
                List<FileFacts> all = new ArrayList<>(pick.files());
                all.addAll(pick.expired());
                assertThat(all).isNotEmpty();
                assertThat(intact()).containsAll(all);
                assertThat(all).as("in one compaction each").allMatch(chosen::add);
                assertThat(pick.expired())
                        .allMatch(file -> file.maxDropTime() < NOW_SECONDS - 1_000);
            }
        }

        /// The result has all of its inputs, cut as the pick says.
        private void carryOut(Pick pick) {
            files.removeAll(pick.files());
            files.removeAll(pick.expired());
            if (pick.files().isEmpty()) {
                return;
            }
            long first = pick.files().stream().mapToLong(FileFacts::firstToken).min().orElse(0);
            long last = pick.files().stream().mapToLong(FileFacts::lastToken).max().orElse(0);
            List<Long> ends = new ArrayList<>();
            pick.cut().tokens().forEach(token -> ends.add(token - 1));
            ends.add(last);
            long from = first;
            double width = Math.max(1, (double) last - (double) first);
            for (long end : ends) {
                double part = ((double) end - (double) from) / width;
                files.add(merged(pick.files(), from, end, ends.size() == 1 ? 1 : part));
                from = end + 1;
            }
        }

        private FileFacts merged(List<FileFacts> inputs, long first, long last, double part) {
            return new FileFacts(
                    ++generation,
                    Math.max(1, (long) (Pick.bytes(inputs) * part)),
                    first,
                    last,
                    inputs.stream().mapToLong(FileFacts::minTimestamp).min().orElse(0),
                    inputs.stream().mapToLong(FileFacts::maxTimestamp).max().orElse(0),
                    inputs.stream().mapToLong(FileFacts::partitions).sum(),
                    inputs.stream().mapToLong(FileFacts::maxDropTime).max().orElse(0),
                    0,
                    inputs.stream().mapToDouble(FileFacts::hotness).sum(),
                    NOW_SECONDS,
                    false,
                    false);
        }
    }
}
