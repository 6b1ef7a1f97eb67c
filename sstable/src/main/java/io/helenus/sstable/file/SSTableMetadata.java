package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import java.nio.file.Path;
import java.util.Arrays;

/// What a file says about its whole content: the statistics section, decoded. Immutable.
public final class SSTableMetadata {
    private static final int FIXED_BYTES = 20 * Long.BYTES;

    private final byte[] encoded;
    private final byte[] firstKey;
    private final byte[] lastKey;
    private final byte[] minPosition;
    private final byte[] maxPosition;
    private final int dropTimeWidth;
    private final int[] dropTimeBins;
    private final long[] dropTimeCounts;

    /// Decodes the section; the array becomes this object's own.
    SSTableMetadata(byte[] encoded, Path file, long sectionOffset) {
        this.encoded = encoded;
        try {
            int at = FIXED_BYTES;
            firstKey = bytesAt(at);
            at += Integer.BYTES + firstKey.length;
            lastKey = bytesAt(at);
            at += Integer.BYTES + lastKey.length;
            minPosition = bytesAt(at);
            at += Integer.BYTES + minPosition.length;
            maxPosition = bytesAt(at);
            at += Integer.BYTES + maxPosition.length;
            dropTimeWidth = ByteWriter.getInt(encoded, at);
            int bins = ByteWriter.getInt(encoded, at + Integer.BYTES);
            at += 2 * Integer.BYTES;
            if (dropTimeWidth < 1 || bins < 0 || bins > DropTimeHistogram.BINS_MAX) {
                throw new IndexOutOfBoundsException(bins);
            }
            dropTimeBins = new int[bins];
            dropTimeCounts = new long[bins];
            for (int i = 0; i < bins; i++) {
                dropTimeBins[i] = ByteWriter.getInt(encoded, at);
                dropTimeCounts[i] = ByteWriter.getLong(encoded, at + Integer.BYTES);
                at += Integer.BYTES + Long.BYTES;
            }
            if (at != encoded.length
                    || firstKey.length <= RowKeys.PARTITION_KEY_OFFSET
                    || lastKey.length <= RowKeys.PARTITION_KEY_OFFSET) {
                throw new IndexOutOfBoundsException(at);
            }
        } catch (IndexOutOfBoundsException e) {
            CorruptSSTableException corrupt =
                    new CorruptSSTableException(
                            file,
                            sectionOffset,
                            "statistics of %d bytes do not parse".formatted(encoded.length));
            corrupt.initCause(e);
            throw corrupt;
        }
    }

    private byte[] bytesAt(int at) {
        int length = ByteWriter.getInt(encoded, at);
        int start = at + Integer.BYTES;
        if (length < 0 || length > encoded.length - start) {
            throw new IndexOutOfBoundsException(length);
        }
        return Arrays.copyOfRange(encoded, start, start + length);
    }

    private long field(int index) {
        return ByteWriter.getLong(encoded, index * Long.BYTES);
    }

    /// Oldest write in the file, deletions included; `Long.MAX_VALUE` if there is none.
    public long minTimestamp() {
        return field(0);
    }

    /// Newest write in the file, deletions included; `Long.MIN_VALUE` if there is none.
    public long maxTimestamp() {
        return field(1);
    }

    /// Earliest deletion time or expiry, in seconds; `Long.MAX_VALUE` if there is none.
    public long minDropTime() {
        return field(2);
    }

    /// Latest deletion time or expiry, in seconds; -1 if there is none. Says nothing of what never
    /// goes: see [#immortal].
    public long maxDropTime() {
        return field(3);
    }

    /// When repair last vouched for the content, 0 for never.
    public long repairedAt() {
        return field(4);
    }

    public long partitions() {
        return field(5);
    }

    /// Row entries, static rows not counted.
    public long rows() {
        return field(6);
    }

    public long staticRows() {
        return field(7);
    }

    /// Headers of multi-cell columns.
    public long columnDeletions() {
        return field(8);
    }

    /// Elements of multi-cell columns.
    public long elements() {
        return field(9);
    }

    /// Cells of rows and elements, dead ones included.
    public long cells() {
        return field(10);
    }

    /// Deleted cells, rows and columns. Range deletions count as [#boundaries].
    public long tombstones() {
        return field(11);
    }

    /// Cells and rows that expire.
    public long expiring() {
        return field(12);
    }

    /// Cells and rows that are live and never expire.
    public long immortal() {
        return field(13);
    }

    /// Bounds of range deletions.
    public long boundaries() {
        return field(14);
    }

    /// Keys in full and values: what the content would be without any packing.
    public long itemBytes() {
        return field(15);
    }

    /// [#itemBytes] of the largest partition.
    public long largestPartitionBytes() {
        return field(16);
    }

    /// Data blocks before compression.
    public long rawBytes() {
        return field(17);
    }

    public long blocks() {
        return field(18);
    }

    public long indexPages() {
        return field(19);
    }

    public byte[] firstKey() {
        return firstKey.clone();
    }

    /// Key of the last item, so inclusive.
    public byte[] lastKey() {
        return lastKey.clone();
    }

    /// Least position (of a row, element or bound) in any partition, static rows left out; empty if
    /// there are only static rows.
    public byte[] minPosition() {
        return minPosition.clone();
    }

    /// Greatest position in any partition, inclusive; empty if there are only static rows.
    public byte[] maxPosition() {
        return maxPosition.clone();
    }

    /// Whether a key lies between the first and the last, these included. Outside of that there is
    /// neither an entry nor a deletion.
    public boolean spans(byte[] key, int offset, int length) {
        return RowKeys.compare(key, offset, length, firstKey, 0, firstKey.length) >= 0
                && RowKeys.compare(key, offset, length, lastKey, 0, lastKey.length) <= 0;
    }

    /// Whether keys from `start` (inclusive) up to `end` (exclusive) may be in the file.
    public boolean intersects(
            byte[] start,
            int startOffset,
            int startLength,
            byte[] end,
            int endOffset,
            int endLength) {
        return RowKeys.compare(start, startOffset, startLength, lastKey, 0, lastKey.length) <= 0
                && RowKeys.compare(end, endOffset, endLength, firstKey, 0, firstKey.length) > 0;
    }

    /// Whether a part of one partition may have an entry or a deletion here, going by the least and
    /// greatest position in all partitions of the file. Of static content this knows nothing.
    ///
    /// @param start a key or bound; what follows its partition is looked at
    /// @param endLength -1 if the one key `start` is meant, else `end` is the exclusive bound, in the
    ///     same partition
    public boolean mayHoldPositions(
            byte[] start,
            int startOffset,
            int startLength,
            byte[] end,
            int endOffset,
            int endLength) {
        int prefix = RowKeys.partitionLength(start, startOffset);
        int from = startOffset + prefix;
        int fromLength = startLength - prefix;
        boolean single = endLength < 0;
        int to = single ? from : endOffset + prefix;
        int toLength = single ? fromLength : endLength - prefix;
        byte[] toArray = single ? start : end;
        if ((fromLength == 0 || start[from] <= RowKeys.POSITION_STATIC)
                && toLength > 0
                && (single || toArray[to] > RowKeys.POSITION_STATIC)) {
            return true; // static content is not in the bounds
        }
        if (RowKeys.compare(start, from, fromLength, maxPosition, 0, maxPosition.length) > 0) {
            return false;
        }
        int order = RowKeys.compare(toArray, to, toLength, minPosition, 0, minPosition.length);
        return single ? order >= 0 : order > 0;
    }

    /// The bytes of [#minPosition], or of [#maxPosition], not to be changed.
    byte[] extremePosition(boolean greatest) {
        return greatest ? maxPosition : minPosition;
    }

    /// Whether a partition may be in the file, going by first and last key.
    ///
    /// @param key a row key or bound of the partition
    boolean spansPartition(byte[] key, int offset) {
        int length = RowKeys.partitionLength(key, offset);
        if (RowKeys.compare(key, offset, length, lastKey, 0, lastKey.length) > 0) {
            return false;
        }
        return RowKeys.compare(key, offset, length, firstKey, 0, firstKey.length) >= 0
                || RowKeys.startsWith(firstKey, 0, firstKey.length, key, offset, length);
    }

    /// Estimate of the tombstones and expiring cells whose time has come before `seconds`.
    public double droppableBefore(long seconds) {
        double sum = 0;
        for (int i = 0; i < dropTimeBins.length; i++) {
            long start = Integer.toUnsignedLong(dropTimeBins[i]) * dropTimeWidth;
            double share = (double) (seconds - start) / dropTimeWidth;
            sum += dropTimeCounts[i] * Math.max(0, Math.min(1, share));
        }
        return sum;
    }

    /// Whether every cell, row and deletion in the file is past its time before `seconds`.
    public boolean allGoneBefore(long seconds) {
        return immortal() == 0 && maxDropTime() >= 0 && maxDropTime() < seconds;
    }

    /// Whether there is any deletion, in whatever form.
    public boolean hasDeletions() {
        return tombstones() > 0 || boundaries() > 0;
    }

    byte[] encoded() {
        return encoded;
    }

    @Override
    public String toString() {
        return ("%d partitions, %d rows, %d static rows, %d elements, %d cells, %d tombstones,"
                        + " %d boundaries, timestamps %s to %s, keys %s to %s")
                .formatted(
                        partitions(),
                        rows(),
                        staticRows(),
                        elements(),
                        cells(),
                        tombstones(),
                        boundaries(),
                        text(minTimestamp()),
                        text(maxTimestamp()),
                        SSTableFormat.hex(firstKey, 0, firstKey.length),
                        SSTableFormat.hex(lastKey, 0, lastKey.length));
    }

    private static String text(long timestamp) {
        boolean none = timestamp == RowCursor.NO_DELETION || timestamp == Long.MAX_VALUE;
        return none ? "none" : Long.toString(timestamp);
    }
}
