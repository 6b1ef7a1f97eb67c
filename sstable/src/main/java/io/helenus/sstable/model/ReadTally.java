package io.helenus.sstable.model;

/// What a read has looked at, and how much of it is allowed. Counts as Apache Cassandra 5.0 does:
///
/// - a tombstone is a cell that is deleted or has expired, a row without such cells that is deleted as a
///   whole, and a bound of a range deletion; not the deletion of a whole partition;
/// - what was deleted longer ago than gc_grace is left out, as are cells that something newer shadows;
/// - bytes are those of the rows' keys and values, live or not, as they are stored.
///
/// Belongs to a [RowReader] and its thread.
public final class ReadTally {
    private long purgeableBefore = Long.MIN_VALUE;
    private int tombstonesMax = Integer.MAX_VALUE;
    private long bytesMax = Long.MAX_VALUE;
    private int tombstones;
    private int liveRows;
    private long bytes;

    ReadTally() {}

    /// Starts from zero.
    ///
    /// @param purgeableBefore seconds since 1970: what was deleted before is not counted
    /// @param tombstonesMax more of them end the read with a [ReadLimitException]
    /// @param bytesMax likewise
    public void start(long purgeableBefore, int tombstonesMax, long bytesMax) {
        this.purgeableBefore = purgeableBefore;
        this.tombstonesMax = tombstonesMax;
        this.bytesMax = bytesMax;
        tombstones = 0;
        liveRows = 0;
        bytes = 0;
    }

    boolean counts(int deletionTime) {
        return Integer.toUnsignedLong(deletionTime) >= purgeableBefore;
    }

    void row(boolean live, int tombstonesInIt, int bytesOfIt) {
        if (live) {
            liveRows++;
        }
        tombstones += tombstonesInIt;
        bytes += bytesOfIt;
        check();
    }

    void boundary(RowCursor at) {
        boolean counted =
                at.beforeTimestamp() != RowCursor.NO_DELETION && counts(at.beforeDeletionTime())
                        || at.afterTimestamp() != RowCursor.NO_DELETION
                                && counts(at.afterDeletionTime());
        if (counted && !isOfWholePartition(at)) {
            tombstones++;
            check();
        }
    }

    private static boolean isOfWholePartition(RowCursor at) {
        byte last = at.keyArray()[at.keyOffset() + at.keyLength() - 1];
        return (last == RowKeys.POSITION_PARTITION || last == RowKeys.BOUND_AFTER)
                && at.keyLength() > RowKeys.PARTITION_KEY_OFFSET
                && at.keyLength() == RowKeys.partitionLength(at.keyArray(), at.keyOffset()) + 1;
    }

    private void check() {
        if (tombstones > tombstonesMax || bytes > bytesMax) {
            throw ReadLimitException.INSTANCE;
        }
    }

    public int tombstones() {
        return tombstones;
    }

    /// Static rows included.
    public int liveRows() {
        return liveRows;
    }

    public long bytes() {
        return bytes;
    }
}
