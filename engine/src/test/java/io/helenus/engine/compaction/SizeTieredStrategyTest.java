package io.helenus.engine.compaction;

import static io.helenus.engine.compaction.Facts.MIB;
import static io.helenus.engine.compaction.Facts.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.compaction.StrategyOptions.SizeTiered;
import io.helenus.engine.compaction.TableCompaction.Tombstones;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SizeTieredStrategyTest {
    private static final SizeTieredStrategy DEFAULT =
            new SizeTieredStrategy(SizeTiered.DEFAULT, Tombstones.DEFAULT);

    record Case(String name, SizeTiered options, List<Facts> files, List<List<Long>> expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Facts[] sizes(long... mebibytes) {
        Facts[] files = new Facts[mebibytes.length];
        for (int i = 0; i < files.length; i++) {
            files[i] = file(i + 1L, mebibytes[i] * MIB);
        }
        return files;
    }

    private static Case of(String name, List<List<Long>> expected, long... mebibytes) {
        return new Case(name, SizeTiered.DEFAULT, List.of(sizes(mebibytes)), expected);
    }

    private static Case of(
            String name, SizeTiered options, List<List<Long>> expected, long... mebibytes) {
        return new Case(name, options, List.of(sizes(mebibytes)), expected);
    }

    static Stream<Case> cases() {
        return Stream.of(
                of("nothing", List.of()),
                of("too few", List.of(), 100, 100, 100),
                of("four alike", List.of(List.of(1L, 2L, 3L, 4L)), 100, 100, 100, 100),
                of("one is too large", List.of(List.of(1L, 2L, 3L, 4L)), 100, 100, 100, 100, 160),
                of("sizes too far apart", List.of(), 60, 100, 200, 400),
                of(
                        "small ones are alike whatever their sizes",
                        List.of(List.of(1L, 2L, 3L, 4L)),
                        1,
                        7,
                        20,
                        49),
                of(
                        "two groups, the smaller files first",
                        List.of(List.of(5L, 6L, 7L, 8L), List.of(1L, 2L, 3L, 4L)),
                        400,
                        400,
                        400,
                        400,
                        100,
                        100,
                        100,
                        100),
                of(
                        "min_threshold",
                        new SizeTiered(2, 32, 50 * MIB, 0.5, 1.5),
                        List.of(List.of(1L, 2L)),
                        100,
                        100),
                of(
                        "max_threshold",
                        new SizeTiered(2, 3, 50 * MIB, 0.5, 1.5),
                        List.of(List.of(1L, 2L, 3L), List.of(4L, 5L)),
                        100,
                        100,
                        100,
                        100,
                        100),
                of("min_sstable_size", new SizeTiered(4, 32, 0, 0.5, 1.5), List.of(), 1, 7, 20, 49),
                of(
                        "bucket_low and bucket_high",
                        new SizeTiered(4, 32, 0, 0.01, 100),
                        List.of(List.of(1L, 2L, 3L, 4L)),
                        1,
                        7,
                        20,
                        49));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void chooses(Case given) {
        SizeTieredStrategy strategy = new SizeTieredStrategy(given.options(), Tombstones.DEFAULT);
        List<Pick> picks = strategy.picks(Facts.situation(given.files().toArray(Facts[]::new)));
        assertThat(Facts.chosen(picks)).isEqualTo(given.expected());
    }

    @Test
    void hottestGroupGoesFirst() {
        Facts[] files = sizes(100, 100, 100, 100, 400, 400, 400, 400);
        for (int i = 4; i < 8; i++) {
            files[i] = files[i].hot(3);
        }
        assertThat(Facts.chosen(DEFAULT.picks(Facts.situation(files))))
                .containsExactly(List.of(5L, 6L, 7L, 8L), List.of(1L, 2L, 3L, 4L));
    }

    @Test
    void fileFullOfTombstonesIsRewrittenAlone() {
        Facts dead = file(1, 100 * MIB).droppable(0.5);
        assertThat(DEFAULT.picks(Facts.situation(dead)))
                .singleElement()
                .satisfies(pick -> {
                    assertThat(pick.kind()).isEqualTo(Compactions.Kind.TOMBSTONE);
                    assertThat(Facts.chosen(pick)).containsExactly(1L);
                });
    }

    @Test
    void tombstonesThatOthersOverlapStay() {
        Facts dead = file(1, 100 * MIB).droppable(0.5);
        Facts other = file(2, 900 * MIB);
        assertThat(DEFAULT.picks(Facts.situation(dead, other))).isEmpty();
        Facts half = file(2, 900 * MIB).tokens(0, Long.MAX_VALUE);
        assertThat(DEFAULT.picks(Facts.situation(dead, half))).hasSize(1);
        Facts more = file(2, 900 * MIB).tokens(Long.MIN_VALUE / 2, Long.MAX_VALUE);
        assertThat(DEFAULT.picks(Facts.situation(dead, more))).isEmpty();
    }

    @Test
    void uncheckedTombstoneCompactionAsksNobody() {
        Tombstones unchecked = new Tombstones(true, 0.2, 86_400, true);
        Facts dead = file(1, 100 * MIB).droppable(0.3);
        Facts other = file(2, 900 * MIB);
        assertThat(
                        new SizeTieredStrategy(SizeTiered.DEFAULT, unchecked)
                                .picks(Facts.situation(dead, other)))
                .hasSize(1);
    }

    @Test
    void youngFilesAreNotRewrittenForTombstones() {
        Tombstones patient = new Tombstones(true, 0.2, 2_000_000, true);
        assertThat(
                        new SizeTieredStrategy(SizeTiered.DEFAULT, patient)
                                .picks(Facts.situation(file(1, 100 * MIB).droppable(0.9))))
                .isEmpty();
    }

    @Test
    void majorCompactionMayMakeHalves() {
        List<FileFacts> files = Facts.all(sizes(400, 400));
        assertThat(DEFAULT.major(files, false).getFirst().cut()).isEqualTo(OutputCut.NONE);
        assertThat(DEFAULT.major(files, true).getFirst().cut().sizes())
                .containsExactly(400 * MIB, 200 * MIB, 100 * MIB, 50 * MIB, Long.MAX_VALUE);
    }
}
