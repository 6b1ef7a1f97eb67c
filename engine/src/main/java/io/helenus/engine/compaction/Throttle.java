package io.helenus.engine.compaction;

import java.util.function.LongSupplier;

/// How fast all compactions together may read. Tells how long to wait; waits for nobody. Any thread.
final class Throttle {
    private static final double NANOS_PER_SECOND = 1e9;

    private final LongSupplier nanoClock;
    private double bytesPerSecond; // guarded by this; 0 for no limit
    private long freeAtNanos; // guarded by this: when what was read so far is paid for

    Throttle(LongSupplier nanoClock, long bytesPerSecond) {
        this.nanoClock = nanoClock;
        this.bytesPerSecond = bytesPerSecond;
        freeAtNanos = nanoClock.getAsLong();
    }

    synchronized void set(long bytes) {
        bytesPerSecond = bytes;
        freeAtNanos = nanoClock.getAsLong();
    }

    /// Says that so much was read.
    ///
    /// @return nanoseconds to wait before more is
    synchronized long pay(long bytes) {
        if (bytesPerSecond == 0) {
            return 0;
        }
        long now = nanoClock.getAsLong();
        if (freeAtNanos - now < 0) {
            freeAtNanos = now; // what was not used is gone
        }
        freeAtNanos += (long) (bytes * NANOS_PER_SECOND / bytesPerSecond);
        return freeAtNanos - now;
    }
}
