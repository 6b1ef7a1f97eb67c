package io.helenus.engine.query.select;

/// From what size on a read warns its client, or fails. The names in `helenus.yaml` are Cassandra's.
/// A warning is due above its threshold, never at it.
///
/// @param tombstonesWarn tombstones that one page, or one partition of an IN, may scan
/// @param tombstonesFail likewise
/// @param localBytesWarn bytes of rows that it may scan; no limit is [#NO_BYTES]
/// @param coordinatorBytesWarn bytes of a page's values; no limit is [#NO_BYTES]
public record ReadLimits(
        int tombstonesWarn,
        int tombstonesFail,
        long localBytesWarn,
        long localBytesFail,
        long coordinatorBytesWarn,
        long coordinatorBytesFail) {
    public static final long NO_BYTES = Long.MAX_VALUE;

    private static final int TOMBSTONES_WARN = 1_000;
    private static final int TOMBSTONES_FAIL = 100_000;

    /// Cassandra's.
    public static ReadLimits defaults() {
        return new ReadLimits(
                TOMBSTONES_WARN, TOMBSTONES_FAIL, NO_BYTES, NO_BYTES, NO_BYTES, NO_BYTES);
    }
}
