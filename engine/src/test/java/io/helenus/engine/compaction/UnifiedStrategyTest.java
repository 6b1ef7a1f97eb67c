package io.helenus.engine.compaction;

import static io.helenus.engine.compaction.Facts.MIB;
import static io.helenus.engine.compaction.Facts.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.compaction.StrategyOptions.OverlapInclusion;
import io.helenus.engine.compaction.StrategyOptions.Unified;
import io.helenus.engine.compaction.TableCompaction.Tombstones;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UnifiedStrategyTest {
    private static final Tombstones NONE = new Tombstones(false, 0.2, 86_400, false);

    private static Unified options(String scaling, OverlapInclusion overlaps, int filesMax) {
        return new Unified(
                Unified.parseScaling(scaling),
                1 << 30,
                4,
                1 / 3.0,
                100 * MIB,
                filesMax,
                10 * MIB,
                overlaps,
                600,
                false);
    }

    private static UnifiedStrategy strategy(String scaling) {
        return new UnifiedStrategy(options(scaling, OverlapInclusion.TRANSITIVE, 32), NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "T4,2,4,4",
        "T2,0,2,2",
        "N,0,2,2",
        "L10,-8,10,2",
        "L4,-2,4,2",
        "3,3,5,5",
        "-3,-3,5,2",
        "2147483647,2147483647,2147483647,2147483647",
        "-2147483648,-2147483648,2147483647,2"
    })
    void scalingParameters(String text, int parameter, int fanout, int threshold) {
        Unified parsed = options(text, OverlapInclusion.NONE, 32);
        assertThat(parsed.scaling()).containsExactly(parameter);
        assertThat(parsed.fanout(0)).isEqualTo(fanout);
        assertThat(parsed.threshold(0)).isEqualTo(threshold);
    }

    @Test
    void lastScalingParameterHoldsForFurtherLevels() {
        Unified parsed = options("T8, T4, N, L4", OverlapInclusion.NONE, 32);
        assertThat(List.of(parsed.fanout(0), parsed.fanout(1), parsed.fanout(2), parsed.fanout(9)))
                .containsExactly(8, 4, 2, 4);
    }

    @Test
    void filesAreInLevelsByDensity() {
        Facts flushed = file(1, 10 * MIB);
        Facts merged = file(2, 40 * MIB);
        Facts large = file(3, 640 * MIB);
        Facts dense = file(4, 10 * MIB).tokens(0, Long.MAX_VALUE / 2); // a quarter of the ring
        List<List<FileFacts>> levels =
                strategy("T4").levels(Facts.all(flushed, merged, large, dense), 0);
        assertThat(levels.stream().map(level -> level.stream().map(FileFacts::generation).toList()))
                .containsExactly(List.of(1L), List.of(2L, 4L), List.of(), List.of(3L));
    }

    record Case(String name, UnifiedStrategy strategy, List<Facts> files, List<List<Long>> picks) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Facts flushed(long generation) {
        return file(generation, 10 * MIB);
    }

    static Stream<Case> cases() {
        Facts left = flushed(1).tokens(-200, -100);
        Facts middle = flushed(2).tokens(-150, 150);
        Facts right = flushed(3).tokens(100, 200);
        Facts far = flushed(4).tokens(300, 400);
        return Stream.of(
                new Case(
                        "tiered waits for four",
                        strategy("T4"),
                        List.of(flushed(1), flushed(2), flushed(3)),
                        List.of()),
                new Case(
                        "tiered takes four",
                        strategy("T4"),
                        List.of(flushed(1), flushed(2), flushed(3), flushed(4)),
                        List.of(List.of(1L, 2L, 3L, 4L))),
                new Case(
                        "leveled takes two",
                        strategy("L4"),
                        List.of(flushed(1), flushed(2)),
                        List.of(List.of(1L, 2L))),
                new Case(
                        "files that do not overlap are left alone",
                        strategy("L4"),
                        List.of(left, right, far),
                        List.of()),
                new Case(
                        "transitive overlaps",
                        strategy("L4"),
                        List.of(left, middle, right, far),
                        List.of(List.of(1L, 2L, 3L))),
                new Case(
                        "no overlaps",
                        new UnifiedStrategy(options("L4", OverlapInclusion.NONE, 32), NONE),
                        List.of(left, middle, right, far),
                        List.of(List.of(1L, 2L))),
                new Case(
                        "no more than max_sstables_to_compact",
                        new UnifiedStrategy(options("T4", OverlapInclusion.TRANSITIVE, 5), NONE),
                        List.of(
                                flushed(1),
                                flushed(2),
                                flushed(3),
                                flushed(4),
                                flushed(5),
                                flushed(6)),
                        List.of(List.of(1L, 2L, 3L, 4L, 5L))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void chooses(Case given) {
        List<Pick> picks =
                given.strategy().picks(Facts.situation(given.files().toArray(Facts[]::new)));
        assertThat(Facts.chosen(picks)).isEqualTo(given.picks());
    }

    @ParameterizedTest
    @CsvSource({
        // MiB of a file over all tokens, shards
        "1, 1",
        "150, 1",
        "250, 2",
        "399, 2",
        "400, 4",
        "4096, 4",
        "8192, 8", // ratio 2, (1 - 1/3) * 1 doubling
        "32768, 16", // ratio 8: 2 doublings
        "262144, 64" // ratio 64: 4 doublings
    })
    void shardsByDensity(long mebibytes, int shards) {
        assertThat(strategy("T4").shards((double) mebibytes * MIB)).isEqualTo(shards);
    }

    /// An option that Cassandra takes must not have a node cut its files until its memory is full.
    @Test
    void thereAreNotMoreShardsThanMebibytesWhateverIsAskedFor() {
        Unified greedy =
                new Unified(
                        List.of(2),
                        1 << 30,
                        2_000_000_000,
                        1 / 3.0,
                        0,
                        32,
                        0,
                        OverlapInclusion.TRANSITIVE,
                        600,
                        false);
        UnifiedStrategy strategy = new UnifiedStrategy(greedy, NONE);
        assertThat(strategy.shards(1)).isEqualTo(1_024);
        assertThat(strategy.shards(4_100.0 * MIB)).isEqualTo(4_096);
        assertThat(strategy.shards(1e30)).isEqualTo(1 << 30);
    }

    @Test
    void outputsAreCutAtEqualParts() {
        assertThat(OutputCut.shards(4, Long.MIN_VALUE + 1, Long.MAX_VALUE).tokens())
                .containsExactly(Long.MIN_VALUE / 2, 0L, Long.MAX_VALUE / 2 + 1);
        assertThat(OutputCut.shards(4, 5, Long.MAX_VALUE).tokens())
                .containsExactly(Long.MAX_VALUE / 2 + 1);
        assertThat(OutputCut.shards(1, Long.MIN_VALUE, Long.MAX_VALUE)).isEqualTo(OutputCut.NONE);
    }

    @Test
    void onePartitionIsNeverCutHoweverDenseItsFilesAre() {
        Facts one = file(1, 900 * MIB).tokens(77, 77);
        Facts other = file(2, 900 * MIB).tokens(77, 77);
        assertThat(strategy("L4").cut(Facts.all(one, other))).isEqualTo(OutputCut.NONE);
    }

    @Test
    void expiredFilesGoFirst() {
        Facts gone = file(9, MIB).timestamps(1, 2).gone(5);
        List<Pick> picks =
                strategy("T4")
                        .picks(
                                Facts.situation(
                                        gone,
                                        flushed(1).timestamps(10, 10),
                                        flushed(2).timestamps(10, 11)));
        assertThat(Facts.expired(picks)).containsExactly(9L);
    }
}
