package io.helenus.commitlog;

/// A place in the log as one `long`: segment id in the upper half, offset in the lower, so that
/// positions compare in log order. Positions are never negative.
public final class LogPosition {
    /// Before everything.
    public static final long ZERO = 0;

    private LogPosition() {}

    public static long of(long segmentId, int offset) {
        return segmentId << Integer.SIZE | offset;
    }

    public static long segmentId(long position) {
        return position >>> Integer.SIZE;
    }

    public static int offset(long position) {
        return (int) position;
    }

    /// For messages: `segment 7 offset 4096`.
    public static String text(long position) {
        return "segment " + segmentId(position) + " offset " + offset(position);
    }
}
