package io.helenus.engine.compaction;

import static io.helenus.engine.compaction.Facts.MIB;
import static io.helenus.engine.compaction.Facts.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.compaction.StrategyOptions.SizeTiered;
import io.helenus.engine.compaction.StrategyOptions.TimeWindow;
import io.helenus.engine.compaction.TableCompaction.Tombstones;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Windows of one hour; files are named by the hour of their newest write.
class TimeWindowStrategyTest {
    private static final TimeWindow HOURS =
            new TimeWindow(TimeUnit.HOURS.toMillis(1), 1_000, SizeTiered.DEFAULT, 600, false);
    private static final Tombstones NONE = new Tombstones(false, 0.2, 86_400, false);

    private static final TimeWindowStrategy STRATEGY = new TimeWindowStrategy(HOURS, NONE);

    private static long micros(double hours) {
        return (long) (hours * TimeUnit.HOURS.toMicros(1));
    }

    private static Facts at(long generation, double hour) {
        return at(generation, hour, 100);
    }

    private static Facts at(long generation, double hour, long mebibytes) {
        return file(generation, mebibytes * MIB).timestamps(micros(hour) - 10, micros(hour));
    }

    record Case(String name, List<Facts> files, List<List<Long>> expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("nothing", List.of(), List.of()),
                new Case("one per window", List.of(at(1, 1), at(2, 2), at(3, 3)), List.of()),
                new Case(
                        "the newest window waits for four of a size",
                        List.of(at(1, 1.1), at(2, 1.2), at(3, 1.3)),
                        List.of()),
                new Case(
                        "the newest window by size",
                        List.of(at(1, 1.1), at(2, 1.2), at(3, 1.3), at(4, 1.4), at(5, 1.5, 900)),
                        List.of(List.of(1L, 2L, 3L, 4L))),
                new Case(
                        "an older window as a whole",
                        List.of(at(1, 1.1, 5), at(2, 1.2, 900), at(3, 2.5)),
                        List.of(List.of(1L, 2L))),
                new Case(
                        "late data joins its window, newer windows first",
                        List.of(at(1, 1.1), at(2, 1.9), at(3, 2.1), at(4, 2.2), at(5, 3.5)),
                        List.of(List.of(3L, 4L), List.of(1L, 2L))));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void chooses(Case given) {
        List<Pick> picks = STRATEGY.picks(Facts.situation(given.files().toArray(Facts[]::new)));
        assertThat(Facts.chosen(picks)).isEqualTo(given.expected());
    }

    @Test
    void olderWindowTakesSmallestFilesFirstUpToTheThreshold() {
        SizeTiered two = new SizeTiered(2, 2, 50 * MIB, 0.5, 1.5);
        TimeWindowStrategy strategy =
                new TimeWindowStrategy(
                        new TimeWindow(TimeUnit.HOURS.toMillis(1), 1_000, two, 600, false), NONE);
        List<Pick> picks =
                strategy.picks(
                        Facts.situation(at(1, 1.1, 300), at(2, 1.2, 5), at(3, 1.3, 80), at(4, 9)));
        assertThat(Facts.chosen(picks)).containsExactly(List.of(2L, 3L));
    }

    record Resolution(String name, long nanos, long timestamp, long other, boolean sameWindow) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Resolution> resolutions() {
        long hourMicros = TimeUnit.HOURS.toMicros(1);
        return Stream.of(
                new Resolution("nanoseconds", 1, hourMicros * 1000 - 1, 0, true),
                new Resolution("nanoseconds apart", 1, hourMicros * 1000, 0, false),
                new Resolution("microseconds", 1_000, hourMicros - 1, 0, true),
                new Resolution("microseconds apart", 1_000, hourMicros, 0, false),
                new Resolution("milliseconds", 1_000_000, 3_599_999, 0, true),
                new Resolution("milliseconds apart", 1_000_000, 3_600_000, 0, false),
                new Resolution("seconds", 1_000_000_000, 3_599, 0, true),
                new Resolution("seconds apart", 1_000_000_000, 3_600, 0, false),
                new Resolution("before 1970", 1_000, -1, 0, false));
    }

    @ParameterizedTest
    @MethodSource("resolutions")
    void timestampResolution(Resolution given) {
        TimeWindowStrategy strategy =
                new TimeWindowStrategy(
                        new TimeWindow(
                                TimeUnit.HOURS.toMillis(1),
                                given.nanos(),
                                SizeTiered.DEFAULT,
                                600,
                                false),
                        NONE);
        Facts newest = file(3, MIB).timestamps(Long.MAX_VALUE, Long.MAX_VALUE);
        Facts one = file(1, MIB).timestamps(given.timestamp(), given.timestamp());
        Facts other = file(2, MIB).timestamps(given.other(), given.other());
        assertThat(Facts.chosen(strategy.picks(Facts.situation(newest, one, other))))
                .isEqualTo(given.sameWindow() ? List.of(List.of(1L, 2L)) : List.of());
    }

    @Test
    void wholeFilesExpire() {
        Facts gone = at(1, 1).gone(998_999);
        Facts notYet = at(2, 2).gone(999_000);
        Facts lasting = at(3, 3);
        List<Pick> picks = STRATEGY.picks(Facts.situation(gone, notYet, lasting));
        assertThat(Facts.expired(picks)).containsExactly(1L);
        assertThat(Facts.chosen(picks)).containsExactly(List.of());
    }

    @Test
    void expiredFileStaysAsLongAsItMayShadowSomething() {
        Facts gone = file(1, MIB).timestamps(100, 200).gone(5);
        Facts older = file(2, MIB).timestamps(150, 900);
        assertThat(Facts.expired(STRATEGY.picks(Facts.situation(gone, older)))).isEmpty();
        Facts equal = file(2, MIB).timestamps(200, 900);
        assertThat(Facts.expired(STRATEGY.picks(Facts.situation(gone, equal)))).isEmpty();
        Facts newer = file(2, MIB).timestamps(201, 900);
        assertThat(Facts.expired(STRATEGY.picks(Facts.situation(gone, newer)))).containsExactly(1L);
        Facts elsewhere = file(2, MIB).timestamps(150, 900).tokens(5, 9);
        assertThat(Facts.expired(STRATEGY.picks(Facts.situation(gone.tokens(10, 20), elsewhere))))
                .containsExactly(1L);
    }

    @Test
    void expiredFileStaysForDamagedFilesAndMemtables() {
        Facts gone = file(1, MIB).timestamps(100, 200).gone(5);
        Facts damaged = file(2, MIB).timestamps(500, 900).damagedOne();
        assertThat(Facts.expired(STRATEGY.picks(Facts.situation(gone, damaged)))).isEmpty();
        assertThat(Facts.expired(STRATEGY.picks(Facts.situation(150, gone)))).isEmpty();
        assertThat(Facts.expired(STRATEGY.picks(Facts.situation(201, gone)))).containsExactly(1L);
    }

    @Test
    void unsafeExpirationAsksNobody() {
        TimeWindowStrategy unsafe =
                new TimeWindowStrategy(
                        new TimeWindow(
                                TimeUnit.HOURS.toMillis(1), 1_000, SizeTiered.DEFAULT, 600, true),
                        NONE);
        Facts gone = file(1, MIB).timestamps(100, 200).gone(5);
        Facts older = file(2, MIB).timestamps(150, 900);
        assertThat(Facts.expired(unsafe.picks(Facts.situation(gone, older)))).containsExactly(1L);
    }
}
