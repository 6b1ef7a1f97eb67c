package io.helenus.engine.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RowClockTest {
    private final AtomicLong micros = new AtomicLong(5_000_000);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10); // it may overflow
    private final AtomicInteger looks = new AtomicInteger();
    private final RowClock clock =
            new RowClock(
                    () -> {
                        looks.incrementAndGet();
                        return micros.get();
                    },
                    nanos::get);

    private void pass(long passed) {
        micros.addAndGet(passed);
        nanos.addAndGet(passed * 1_000);
    }

    @Test
    void theClockIsLookedAtOnceInAMillisecond() {
        for (int i = 0; i < 999; i++) {
            assertThat(clock.getAsLong()).isEqualTo(micros.get());
            pass(1);
        }
        assertThat(looks).hasValue(1);
        pass(1);
        assertThat(clock.getAsLong()).isEqualTo(micros.get());
        assertThat(looks).hasValue(2);
    }

    @Test
    void itIsRightAfterAPauseAndWhenTheClockWasSet() {
        pass(3_600_000_000L);
        assertThat(clock.getAsLong()).isEqualTo(micros.get());
        micros.addAndGet(-7_000_000);
        pass(1_000);
        assertThat(clock.getAsLong()).isEqualTo(micros.get());
    }
}
