package io.helenus.engine.query.term;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/// Makes version 1 and version 4 UUIDs. Time UUIDs are unique and ascending within the node: their
/// clock never stands still or goes back. Thread safe; the generator given must be, too.
///
/// Source: RFC 9562, sections 5.1 and 5.4.
public final class TimeUuids {
    /// 100-nanosecond steps between 1582-10-15, where the clock of version 1 starts, and 1970.
    private static final long EPOCH_STEPS = 0x01B21DD213814000L;

    private static final long STEPS_PER_MICRO = 10;

    private final LongSupplier wallMicros;
    private final RandomGenerator random;
    private final AtomicLong lastSteps = new AtomicLong();
    private final long clockSequenceAndNode;

    /// @param wallMicros microseconds since 1970
    public TimeUuids(LongSupplier wallMicros, RandomGenerator random) {
        this.wallMicros = wallMicros;
        this.random = random;
        // Variant bits, a random clock sequence, and a random node with the multicast bit, as for a
        // machine without an address of its own.
        clockSequenceAndNode = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000010000000000L;
    }

    /// The most significant half of a new version 1 UUID; later calls give later times.
    public long nextMostSignificant() {
        return mostSignificant(nextSteps(1));
    }

    /// Takes `count` steps of the clock for the caller alone.
    ///
    /// @return the last of them, in 100 nanoseconds since 1970
    public long nextSteps(int count) {
        long now = wallMicros.getAsLong() * STEPS_PER_MICRO;
        while (true) {
            long last = lastSteps.get();
            long steps = Math.max(now, last + 1) + count - 1;
            if (lastSteps.compareAndSet(last, steps)) {
                return steps;
            }
        }
    }

    public long leastSignificant() {
        return clockSequenceAndNode;
    }

    /// The first half of a version 1 UUID at so many 100-nanosecond steps since 1970.
    public static long mostSignificant(long stepsSince1970) {
        long time = stepsSince1970 + EPOCH_STEPS;
        return (time & 0xFFFFFFFFL) << 32
                | (time >>> 32 & 0xFFFFL) << 16
                | 0x1000L
                | time >>> 48 & 0x0FFFL;
    }

    /// Milliseconds since 1970 of a version 1 UUID's first half.
    public static long unixMillis(long mostSignificant) {
        long time =
                (mostSignificant & 0x0FFFL) << 48
                        | (mostSignificant >>> 16 & 0xFFFFL) << 32
                        | mostSignificant >>> 32;
        return Math.floorDiv(time - EPOCH_STEPS, 10_000L);
    }

    public long randomMostSignificant() {
        return random.nextLong() & 0xFFFFFFFFFFFF0FFFL | 0x4000L;
    }

    public long randomLeastSignificant() {
        return random.nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
    }
}
