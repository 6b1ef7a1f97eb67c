package io.helenus.engine.query;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// Timestamps for writes that bring none of their own: microseconds since 1970, strictly increasing. Any
/// thread.
final class WriteClock {
    private final LongSupplier wallMicros;
    private final AtomicLong newest = new AtomicLong();

    WriteClock(LongSupplier wallMicros) {
        this.wallMicros = wallMicros;
    }

    /// The latest that a write got.
    long latest() {
        return newest.get();
    }

    /// Has all that come be later than this one.
    void startAfter(long micros) {
        newest.accumulateAndGet(micros, Math::max);
    }

    /// Microseconds, later than all before.
    long next() {
        while (true) {
            long last = newest.get();
            long proposed = Math.max(wallMicros.getAsLong(), last + 1);
            if (newest.compareAndSet(last, proposed)) {
                return proposed;
            }
        }
    }
}
