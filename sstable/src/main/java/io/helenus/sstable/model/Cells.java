package io.helenus.sstable.model;

import java.util.Arrays;

/// Flags and rules of cells, rows and elements; the rules are those of Apache Cassandra 5.0
/// (`Cells.reconcile`, `LivenessInfo.supersedes`, `DeletionTime.supersedes`).
public final class Cells {
    /// Flags of a row entry.
    public static final int ROW_LIVENESS = 0x01;

    public static final int ROW_LIVENESS_EXPIRES = 0x02;
    public static final int ROW_DELETION = 0x04;
    public static final int ROW_SPELLING = 0x08;

    /// First byte of an element's and of a column header's value.
    public static final int ELEMENT = 0x80;

    public static final int COLUMN_DELETION = 0xC0;

    /// Flags of a cell.
    public static final int CELL_TOMBSTONE = 0x01;

    public static final int CELL_EXPIRES = 0x02;
    public static final int CELL_TIMESTAMP = 0x04;

    private Cells() {}

    /// Which of two versions of a cell wins: true for the left one. Equal timestamps: a tombstone or an
    /// expiring cell beats a live one, a tombstone beats an expiring one, then the later expiry or
    /// deletion time, then the smaller ttl, then the greater value.
    static boolean leftWins(byte[] leftArray, CellView left, byte[] rightArray, CellView right) {
        if (left.timestamp != right.timestamp) {
            return left.timestamp > right.timestamp;
        }
        int leftMortal = left.flags & (CELL_TOMBSTONE | CELL_EXPIRES);
        int rightMortal = right.flags & (CELL_TOMBSTONE | CELL_EXPIRES);
        if ((leftMortal | rightMortal) != 0) {
            if (leftMortal == 0 || rightMortal == 0) {
                return leftMortal != 0;
            }
            if (leftMortal != rightMortal) {
                return leftMortal == CELL_TOMBSTONE;
            }
            if (left.time != right.time) {
                return Integer.compareUnsigned(left.time, right.time) > 0;
            }
            if (left.ttl != right.ttl) {
                return left.ttl < right.ttl;
            }
        }
        int order =
                Arrays.compareUnsigned(
                        leftArray,
                        left.valueOffset,
                        left.valueOffset + left.valueLength,
                        rightArray,
                        right.valueOffset,
                        right.valueOffset + right.valueLength);
        return order >= 0;
    }

    /// Whether the left row liveness wins. At equal timestamps an expiring one beats one that stays,
    /// and the later expiry beats the earlier.
    static boolean leftLivenessWins(RowView left, RowView right) {
        if (left.timestamp() != right.timestamp()) {
            return left.timestamp() > right.timestamp();
        }
        if (left.livenessExpires() != right.livenessExpires()) {
            return left.livenessExpires();
        }
        int order = Integer.compareUnsigned(left.livenessExpiry(), right.livenessExpiry());
        return order != 0 ? order > 0 : left.livenessTtl() <= right.livenessTtl();
    }

    /// Whether a deletion replaces another: newer, or as new and with the later deletion time.
    public static boolean deletionWins(
            long timestamp, int deletionTime, long otherTimestamp, int otherDeletionTime) {
        return timestamp != otherTimestamp
                ? timestamp > otherTimestamp
                : Integer.compareUnsigned(deletionTime, otherDeletionTime) > 0;
    }

    /// The later of two deletion times. That of all deletions in force at a place holds for the one with the
    /// greatest timestamp, which replaces the others: an older one, made later, must not end when that
    /// is purged.
    public static int later(int deletionTime, int other) {
        return Integer.compareUnsigned(deletionTime, other) > 0 ? deletionTime : other;
    }

    /// Whether something that expires at `expiry` (unsigned seconds) is still alive.
    public static boolean isAlive(int expiry, long nowSeconds) {
        return nowSeconds < Integer.toUnsignedLong(expiry);
    }

    /// Reads a varint and tells its value only; [#varintLength] tells how far to go on.
    static long varint(byte[] array, int at) {
        byte first = array[at];
        if (first >= 0) {
            return first;
        }
        long value = first & 0x7f;
        int shift = 7;
        int next = at + 1;
        while (true) {
            byte b = array[next++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
            shift += 7;
            if (shift > 63) {
                throw new IllegalStateException("varint is longer than 10 bytes at " + at);
            }
        }
    }

    static int varintLength(byte[] array, int at) {
        int next = at;
        while (array[next] < 0) {
            next++;
        }
        return next + 1 - at;
    }

    static long unzigzag(long value) {
        return (value >>> 1) ^ -(value & 1);
    }
}
