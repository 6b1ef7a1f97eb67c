package io.helenus.engine.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Waiting times between attempts.
final class BackoffTest {
    @Test
    void eachWaitIsTwiceAsLongWithinAHalf() {
        Backoff backoff = new Backoff(100, 1_000, new SplittableRandom(1));
        for (int round = 0; round < 100; round++) {
            for (long limit : new long[] {100, 200, 400, 800, 1_000, 1_000}) {
                assertThat(backoff.next()).isBetween(limit / 2, limit);
            }
            backoff.reset();
        }
        assertThat(backoff.longest()).isBetween(500L, 1_000L);
        assertThat(backoff.next()).isBetween(500L, 1_000L);
    }

    @Test
    void waitsDiffer() {
        SplittableRandom random = new SplittableRandom(2);
        long distinct =
                java.util.stream.LongStream.range(0, 100)
                        .map(_ -> new Backoff(1_000, 1_000, random).next())
                        .distinct()
                        .count();
        assertThat(distinct).isGreaterThan(50);
    }
}
