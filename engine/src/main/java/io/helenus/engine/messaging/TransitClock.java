package io.helenus.engine.messaging;

/// How long messages of one connection were on their way, without comparing clocks: the fastest one
/// counts as having needed no time. Clocks that run at different speeds drift apart, so what was the
/// fastest is held to be slower as time goes by. Belongs to the connection's event loop.
final class TransitClock {
    /// Of two monotonic clocks: more than crystals do, and a fifth of a second in an hour.
    private static final long DRIFT_DIVISOR = 20_000;

    private long offsetNanos; // from the sender's clock to this one
    private long offsetAtNanos;
    private boolean known;

    /// @param sentNanos by the sender's clock
    /// @param arrivedNanos by this one's
    /// @return how much longer it took than the fastest
    long delayNanos(long sentNanos, long arrivedNanos) {
        long offset = arrivedNanos - sentNanos;
        if (known) {
            offsetNanos += (arrivedNanos - offsetAtNanos) / DRIFT_DIVISOR;
        }
        if (!known || offset - offsetNanos < 0) {
            offsetNanos = offset;
            known = true;
        }
        offsetAtNanos = arrivedNanos;
        return offset - offsetNanos;
    }
}
