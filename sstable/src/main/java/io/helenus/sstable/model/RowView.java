package io.helenus.sstable.model;

import static io.helenus.sstable.model.Cells.ROW_DELETION;
import static io.helenus.sstable.model.Cells.ROW_LIVENESS;
import static io.helenus.sstable.model.Cells.ROW_LIVENESS_EXPIRES;
import static io.helenus.sstable.model.Cells.ROW_SPELLING;

/// The value of a row entry, read in place. Re-wrapped for every row; one thread.
public final class RowView {
    private static final byte[] NOTHING = new byte[0];

    private byte[] array = NOTHING;
    private int end;
    private int flags;
    private long timestamp;
    private int ttl;
    private int expiry;
    private long deletionTimestamp;
    private int deletionTime;
    private int spellingOffset;
    private int spellingLength;
    private int cellCount;
    private int cellsRead;
    private int at;
    private final CellView cell = new CellView();

    /// Reads the header; [#nextCell] then walks the cells.
    public RowView wrap(byte[] array, int offset, int length) {
        this.array = array;
        end = offset + length;
        int next = offset;
        flags = array[next++];
        if (flags < 0) {
            throw new IllegalArgumentException(
                    "Entry at %d has flags 0x%02x: not a row".formatted(offset, flags & 0xff));
        }
        timestamp = ByteWriter.getLong(array, next);
        next += Long.BYTES;
        ttl = 0;
        expiry = 0;
        if ((flags & ROW_LIVENESS_EXPIRES) != 0) {
            ttl = (int) Cells.varint(array, next);
            next += Cells.varintLength(array, next);
            expiry = ByteWriter.getInt(array, next);
            next += Integer.BYTES;
        }
        deletionTimestamp = RowCursor.NO_DELETION;
        deletionTime = 0;
        if ((flags & ROW_DELETION) != 0) {
            deletionTimestamp = ByteWriter.getLong(array, next);
            deletionTime = ByteWriter.getInt(array, next + Long.BYTES);
            next += Long.BYTES + Integer.BYTES;
        }
        spellingLength = -1;
        if ((flags & ROW_SPELLING) != 0) {
            spellingLength = (int) Cells.varint(array, next);
            next += Cells.varintLength(array, next);
            spellingOffset = next;
            next += spellingLength;
        }
        cellCount = (int) Cells.varint(array, next);
        at = next + Cells.varintLength(array, next);
        cellsRead = 0;
        return this;
    }

    public byte[] array() {
        return array;
    }

    int end() {
        return end;
    }

    /// Where the next cell begins, or the row ends.
    int at() {
        return at;
    }

    public boolean hasLiveness() {
        return (flags & ROW_LIVENESS) != 0;
    }

    /// The row's own timestamp if it has a liveness, else only the base of its cells'.
    public long timestamp() {
        return timestamp;
    }

    public boolean livenessExpires() {
        return (flags & ROW_LIVENESS_EXPIRES) != 0;
    }

    public int livenessTtl() {
        return ttl;
    }

    public int livenessExpiry() {
        return expiry;
    }

    public boolean isLivenessLive(long nowSeconds) {
        return hasLiveness() && (!livenessExpires() || Cells.isAlive(expiry, nowSeconds));
    }

    public boolean hasDeletion() {
        return (flags & ROW_DELETION) != 0;
    }

    /// Timestamp of the row deletion, or [RowCursor#NO_DELETION].
    public long deletionTimestamp() {
        return deletionTimestamp;
    }

    public int deletionTime() {
        return deletionTime;
    }

    public boolean hasSpelling() {
        return spellingLength >= 0;
    }

    public int spellingOffset() {
        return spellingOffset;
    }

    /// Bytes of the clustering's original spelling, or -1.
    public int spellingLength() {
        return spellingLength;
    }

    public int cellCount() {
        return cellCount;
    }

    /// Moves to the next cell, in order of column id.
    public boolean nextCell() {
        if (cellsRead == cellCount) {
            return false;
        }
        at = cell.readInRow(array, at, timestamp);
        cellsRead++;
        return true;
    }

    /// The cell that [#nextCell] moved to; its value lies in [#array].
    public CellView cell() {
        return cell;
    }
}
