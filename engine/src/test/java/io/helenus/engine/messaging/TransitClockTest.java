package io.helenus.engine.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Delays, whatever the clocks say.
final class TransitClockTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    @ParameterizedTest
    @ValueSource(
            longs = {0, 5_000_000_000L, -5_000_000_000L, Long.MAX_VALUE - 3, Long.MIN_VALUE + 9})
    void theFastestCountsAsImmediate(long difference) {
        TransitClock clock = new TransitClock();
        assertThat(clock.delayNanos(difference, 10 * MILLI)).isZero();
        assertThat(clock.delayNanos(difference + MILLI, 61 * MILLI))
                .isCloseTo(50 * MILLI, offset());
        assertThat(clock.delayNanos(difference + 70 * MILLI, 71 * MILLI)).isZero();
        assertThat(clock.delayNanos(difference + 80 * MILLI, 90 * MILLI))
                .isCloseTo(9 * MILLI, offset());
    }

    private static org.assertj.core.data.Offset<Long> offset() {
        return org.assertj.core.data.Offset.offset(MILLI / 10);
    }

    /// Clocks that run apart by a hundred thousandth do not make messages look old.
    @Test
    void driftIsForgiven() {
        TransitClock clock = new TransitClock();
        SplittableRandom random = new SplittableRandom(1);
        for (long second = 1; second < 100_000; second++) {
            long sent = second * 1000 * MILLI - second * 10_000; // 10 µs a second slow
            long arrived = second * 1000 * MILLI + random.nextLong(MILLI);
            assertThat(clock.delayNanos(sent, arrived)).isBetween(0L, 2 * MILLI);
        }
    }
}
