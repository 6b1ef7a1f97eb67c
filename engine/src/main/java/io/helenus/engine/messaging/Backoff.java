package io.helenus.engine.messaging;

import java.util.random.RandomGenerator;

/// How long to wait before the next attempt to connect: twice as long each time, of which a random half
/// to the whole, so that a node that comes back is not met by all others at once. One thread.
final class Backoff {
    private final long minNanos;
    private final long maxNanos;
    private final RandomGenerator random;
    private long nextNanos;

    Backoff(long minNanos, long maxNanos, RandomGenerator random) {
        this.minNanos = minNanos;
        this.maxNanos = maxNanos;
        this.random = random;
        nextNanos = minNanos;
    }

    long next() {
        long limit = nextNanos;
        nextNanos = Math.min(2 * limit, maxNanos);
        return limit / 2 + random.nextLong(limit / 2 + 1);
    }

    /// After the longest wait there is: the other side will hardly change its mind.
    long longest() {
        nextNanos = maxNanos;
        return next();
    }

    void reset() {
        nextNanos = minNanos;
    }
}
