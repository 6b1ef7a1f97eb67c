package io.helenus.engine.bulk;

import java.util.function.LongSupplier;

/// Microseconds since 1970 for one row after another. Looks at the clock once in a millisecond, in which a
/// timer, which is far cheaper to ask, does not part from it. Any thread.
public final class RowClock implements LongSupplier {
    private static final long NANOS_MAX = 1_000_000;
    private static final long NANOS_PER_MICRO = 1_000;

    private final LongSupplier wallMicros;
    private final LongSupplier nanoTime;
    private Look last; // any of several will do

    /// What both said at a moment.
    private record Look(long micros, long nanos) {}

    public RowClock(LongSupplier wallMicros, LongSupplier nanoTime) {
        this.wallMicros = wallMicros;
        this.nanoTime = nanoTime;
        last = look();
    }

    private Look look() {
        return new Look(wallMicros.getAsLong(), nanoTime.getAsLong());
    }

    @Override
    public long getAsLong() {
        Look look = last;
        long passed = nanoTime.getAsLong() - look.nanos();
        if (passed >= 0 && passed < NANOS_MAX) {
            return look.micros() + passed / NANOS_PER_MICRO;
        }
        Look now = look();
        last = now;
        return now.micros();
    }
}
