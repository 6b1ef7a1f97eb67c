package io.helenus.gossip.exchange;

/// The generation of a node: which of its lives this is.
public final class Generations {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private Generations() {}

    /// The generation of the next life, to be forced to disk before gossip starts. Seconds of the
    /// wall clock, so that a node that lost its disk gets a later one, too; but always more than
    /// the last, so that a clock that was set back does not matter.
    ///
    /// @param last the one that was stored; 0 at the first start
    public static long next(long last, long wallMicros) {
        return Math.max(Math.max(last + 1, wallMicros / MICROS_PER_SECOND), 1);
    }
}
