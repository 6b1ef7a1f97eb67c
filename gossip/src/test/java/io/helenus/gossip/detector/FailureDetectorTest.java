package io.helenus.gossip.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class FailureDetectorTest {
    private static final long SECOND = 1_000_000_000;

    /// Far into the range of a monotonic clock, which may be negative and overflow.
    private static final long START = Math.subtractExact(Long.MAX_VALUE, 30 * SECOND);

    private final FailureDetector detector = new FailureDetector(DetectorSettings.DEFAULT);

    record Silence(double threshold, long intervalNanos, double convictsAfterSeconds) {}

    /// Threshold times ln 10 times the mean interval.
    static Stream<Silence> silences() {
        return Stream.of(
                new Silence(8, SECOND, 18.42),
                new Silence(5, SECOND, 11.51),
                new Silence(12, SECOND, 27.63),
                new Silence(16, SECOND, 36.84),
                new Silence(8, SECOND / 2, 9.21),
                new Silence(8, 2 * SECOND, 36.84));
    }

    @ParameterizedTest
    @MethodSource("silences")
    void convictsWhenSilenceIsTooSurprising(Silence silence) {
        DetectorSettings settings =
                DetectorSettings.DEFAULT.withConvictThreshold(silence.threshold);
        FailureDetector judge = new FailureDetector(settings);
        long now = START;
        ArrivalWindow window = judge.newWindow(now);
        for (int i = 0; i < 5_000; i++) { // the first interval, a guess, has left the window
            now += silence.intervalNanos;
            window.arrived(now);
        }
        assertThat(window.meanNanos())
                .isCloseTo((double) silence.intervalNanos, Offset.offset(1_000.0));
        long limit = (long) (silence.convictsAfterSeconds * SECOND);
        assertThat(judge.convicts(window, now + limit - SECOND / 50)).isFalse();
        assertThat(judge.convicts(window, now + limit + SECOND / 50)).isTrue();
    }

    @Test
    void aNewNodeHasTheInitialIntervalForAMean() {
        ArrivalWindow window = detector.newWindow(START);
        assertThat(window.meanNanos()).isEqualTo(2.0 * SECOND);
        assertThat(detector.phi(window, START)).isZero();
        assertThat(detector.phi(window, START + 2 * SECOND))
                .isCloseTo(1 / Math.log(10), Offset.offset(1e-9));
    }

    @Test
    void outagesDoNotCountAsIntervals() {
        ArrivalWindow window = detector.newWindow(START);
        window.arrived(START + 2 * SECOND);
        window.arrived(START + 60 * SECOND);
        assertThat(window.meanNanos()).isEqualTo(2.0 * SECOND);
        assertThat(window.nanosSinceArrival(START + 61 * SECOND)).isEqualTo(SECOND);
    }

    @Test
    void onlyTheLatestSamplesCount() {
        DetectorSettings settings = new DetectorSettings(8, 3, SECOND, 2 * SECOND, 5 * SECOND);
        ArrivalWindow window = new ArrivalWindow(settings, 0);
        long now = 0;
        for (long seconds : new long[] {2, 2, 2}) {
            now += seconds * SECOND;
            window.arrived(now);
        }
        assertThat(window.meanNanos()).isEqualTo(2.0 * SECOND);
        now += SECOND / 2;
        window.arrived(now);
        assertThat(window.meanNanos()).isEqualTo(1.5 * SECOND);
    }

    @Test
    void nobodyIsConvictedSoonAfterThisProcessStoodStill() {
        long now = START;
        assertThat(detector.tick(now)).isZero();
        ArrivalWindow window = detector.newWindow(now);
        now += 60 * SECOND;
        assertThat(detector.tick(now)).isEqualTo(60 * SECOND);
        assertThat(detector.phi(window, now)).isGreaterThan(8);
        assertThat(detector.convicts(window, now)).isFalse();
        for (int i = 1; i < 5; i++) {
            now += SECOND;
            assertThat(detector.tick(now)).isZero();
            assertThat(detector.convicts(window, now)).as("%d s after", i).isFalse();
        }
        now += SECOND;
        assertThat(detector.tick(now)).isZero();
        assertThat(detector.convicts(window, now)).isTrue();
    }

    @Test
    void settingsOutOfRangeAreNamed() {
        assertThatThrownBy(() -> DetectorSettings.DEFAULT.withConvictThreshold(4.9))
                .hasMessage("phi_convict_threshold is 4.9, must be in 5.0..16.0");
        assertThatThrownBy(() -> DetectorSettings.DEFAULT.withConvictThreshold(Double.NaN))
                .hasMessageContaining("phi_convict_threshold");
        assertThatThrownBy(() -> new DetectorSettings(8, 0, SECOND, SECOND, SECOND))
                .hasMessageContaining("samplesMax");
        assertThatThrownBy(() -> new DetectorSettings(8, 1, 0, SECOND, SECOND))
                .hasMessageContaining("initialIntervalNanos");
    }
}
