package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.Cells;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;

/// Sums up what is in a file while its items pass by in order. Parses values just far enough, and
/// refuses one that is not laid out as the model says. One thread, allocation-free per item.
final class StatisticsCollector {
    private long minTimestamp = Long.MAX_VALUE;
    private long maxTimestamp = Long.MIN_VALUE;
    private long minDropTime = Long.MAX_VALUE;
    private long maxDropTime = -1;
    private long partitions;
    private long rows;
    private long staticRows;
    private long columnDeletions;
    private long elements;
    private long cells;
    private long tombstones;
    private long expiring;
    private long immortal;
    private long boundaries;
    private long itemBytes;
    private long partitionStartBytes;
    private long largestPartitionBytes;
    private final DropTimeHistogram dropTimes = new DropTimeHistogram();

    private final ByteWriter firstKey = new ByteWriter();
    private final ByteWriter lastKey = new ByteWriter();
    private final ByteWriter minPosition = new ByteWriter();
    private final ByteWriter maxPosition = new ByteWriter();
    private boolean hasPositions;
    private boolean positionOfPartitionSeen;

    // The value being parsed.
    private byte[] value = new byte[0];
    private int at;
    private int end;

    void beginPartition() {
        endPartition();
        partitions++;
    }

    private void endPartition() {
        largestPartitionBytes = Math.max(largestPartitionBytes, itemBytes - partitionStartBytes);
        partitionStartBytes = itemBytes;
        if (positionOfPartitionSeen) {
            int skipped = RowKeys.partitionLength(lastKey.array(), 0);
            int length = lastKey.length() - skipped;
            if (compare(maxPosition, lastKey.array(), skipped, length) < 0) {
                maxPosition.clear().writeBytes(lastKey.array(), skipped, length);
            }
            positionOfPartitionSeen = false;
        }
    }

    /// Counts an entry.
    ///
    /// @throws IllegalArgumentException if the value is not one of that kind
    void entry(
            int code,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength) {
        this.value = value;
        at = valueOffset;
        end = valueOffset + valueLength;
        try {
            switch (code) {
                case SSTableFormat.CODE_ROW -> row(isStatic(key, keyOffset));
                case SSTableFormat.CODE_COLUMN_DELETION -> columnDeletion();
                default -> element();
            }
        } catch (IndexOutOfBoundsException e) {
            at = -1; // found out below
        }
        if (at != end) {
            throw new IllegalArgumentException(
                    "Value of %d bytes of key %s is malformed"
                            .formatted(valueLength, SSTableFormat.hex(key, keyOffset, keyLength)));
        }
        key(key, keyOffset, keyLength);
        itemBytes += keyLength + valueLength;
    }

    void boundary(
            byte[] key, int keyOffset, int keyLength, long afterTimestamp, int afterDeletionTime) {
        boundaries++;
        if (afterTimestamp != RowCursor.NO_DELETION) {
            timestamp(afterTimestamp);
            dropTime(afterDeletionTime);
        }
        key(key, keyOffset, keyLength);
        itemBytes += keyLength + SSTableFormat.BOUNDARY_BYTES;
    }

    private static boolean isStatic(byte[] key, int keyOffset) {
        return key[keyOffset + RowKeys.partitionLength(key, keyOffset)] == RowKeys.POSITION_STATIC;
    }

    /// Keys ascend, so only the first and last positions of a partition can be extremes.
    private void key(byte[] key, int offset, int length) {
        if (firstKey.length() == 0) {
            firstKey.writeBytes(key, offset, length);
        }
        lastKey.clear().writeBytes(key, offset, length);
        if (positionOfPartitionSeen || isStatic(key, offset)) {
            return;
        }
        positionOfPartitionSeen = true;
        int skipped = RowKeys.partitionLength(key, offset);
        if (!hasPositions || compare(minPosition, key, offset + skipped, length - skipped) > 0) {
            minPosition.clear().writeBytes(key, offset + skipped, length - skipped);
        }
        hasPositions = true;
    }

    private static int compare(ByteWriter left, byte[] right, int offset, int length) {
        return RowKeys.compare(left.array(), 0, left.length(), right, offset, length);
    }

    private void row(boolean isStatic) {
        int flags = value[at++];
        long base = takeLong();
        if (isStatic) {
            staticRows++;
        } else {
            rows++;
        }
        if ((flags & Cells.ROW_LIVENESS) != 0) {
            timestamp(base);
        }
        if ((flags & Cells.ROW_LIVENESS_EXPIRES) != 0) {
            takeVarint();
            expiring++;
            dropTime(takeInt());
        } else if ((flags & Cells.ROW_LIVENESS) != 0) {
            immortal++;
        }
        if ((flags & Cells.ROW_DELETION) != 0) {
            timestamp(takeLong());
            tombstones++;
            dropTime(takeInt());
        }
        if ((flags & Cells.ROW_SPELLING) != 0) {
            skip(takeVarint());
        }
        if ((flags & ~ROW_FLAGS) != 0) {
            at = -1;
            return;
        }
        for (long left = takeVarint(); left != 0 && at >= 0 && at <= end; left--) {
            takeVarint();
            cell(base);
        }
    }

    private static final int ROW_FLAGS =
            Cells.ROW_LIVENESS
                    | Cells.ROW_LIVENESS_EXPIRES
                    | Cells.ROW_DELETION
                    | Cells.ROW_SPELLING;

    private void columnDeletion() {
        if ((value[at++] & 0xff) != Cells.COLUMN_DELETION) {
            at = -1;
            return;
        }
        takeVarint();
        timestamp(takeLong());
        columnDeletions++;
        tombstones++;
        dropTime(takeInt());
    }

    private void element() {
        if ((value[at++] & 0xff) != Cells.ELEMENT) {
            at = -1;
            return;
        }
        takeVarint();
        elements++;
        cell(takeLong());
    }

    private void cell(long base) {
        int flags = value[at++];
        cells++;
        long timestamp = base;
        if ((flags & Cells.CELL_TIMESTAMP) != 0) {
            long zigzag = takeVarint();
            timestamp += (zigzag >>> 1) ^ -(zigzag & 1);
        }
        timestamp(timestamp);
        if ((flags & Cells.CELL_TOMBSTONE) != 0) {
            tombstones++;
            dropTime(takeInt());
            return;
        }
        if ((flags & Cells.CELL_EXPIRES) != 0) {
            takeVarint();
            expiring++;
            dropTime(takeInt());
        } else {
            immortal++;
        }
        skip(takeVarint());
    }

    private void timestamp(long timestamp) {
        if (timestamp < minTimestamp) {
            minTimestamp = timestamp;
        }
        if (timestamp > maxTimestamp) {
            maxTimestamp = timestamp;
        }
    }

    private void dropTime(int time) {
        long seconds = Integer.toUnsignedLong(time);
        if (seconds < minDropTime) {
            minDropTime = seconds;
        }
        if (seconds > maxDropTime) {
            maxDropTime = seconds;
        }
        dropTimes.add(time);
    }

    private long takeLong() {
        long taken = ByteWriter.getLong(value, at);
        at += Long.BYTES;
        return taken;
    }

    private int takeInt() {
        int taken = ByteWriter.getInt(value, at);
        at += Integer.BYTES;
        return taken;
    }

    private long takeVarint() {
        byte first = value[at++];
        if (first >= 0) {
            return first;
        }
        long taken = first & 0x7f;
        for (int shift = 7; shift < 70; shift += 7) {
            byte b = value[at++];
            taken |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return taken;
            }
        }
        throw new IndexOutOfBoundsException(at);
    }

    private void skip(long bytes) {
        if (bytes < 0 || bytes > end - at) {
            throw new IndexOutOfBoundsException(at);
        }
        at += (int) bytes;
    }

    /// Closes the last partition and writes the statistics section.
    void finish(long repairedAt, long rawBytes, long blocks, long indexPages, ByteWriter out) {
        endPartition();
        out.writeLong(minTimestamp).writeLong(maxTimestamp);
        out.writeLong(minDropTime).writeLong(maxDropTime).writeLong(repairedAt);
        out.writeLong(partitions).writeLong(rows).writeLong(staticRows);
        out.writeLong(columnDeletions).writeLong(elements).writeLong(cells);
        out.writeLong(tombstones).writeLong(expiring).writeLong(immortal).writeLong(boundaries);
        out.writeLong(itemBytes).writeLong(largestPartitionBytes);
        out.writeLong(rawBytes).writeLong(blocks).writeLong(indexPages);
        writeBytes(firstKey, out);
        writeBytes(lastKey, out);
        writeBytes(minPosition, out);
        writeBytes(maxPosition, out);
        dropTimes.write(out);
    }

    private static void writeBytes(ByteWriter bytes, ByteWriter out) {
        out.writeInt(bytes.length()).writeBytes(bytes.array(), 0, bytes.length());
    }
}
