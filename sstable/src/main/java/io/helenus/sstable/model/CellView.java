package io.helenus.sstable.model;

/// One cell, read from a row's or an element's value. Re-read for every cell; one thread.
public final class CellView {
    int columnId;
    int flags;
    long timestamp;
    int ttl;
    int time;
    int start;
    int end;
    int valueOffset;
    int valueLength;

    /// Reads a cell of a row at `at`.
    ///
    /// @return where it ends
    int readInRow(byte[] array, int at, long baseTimestamp) {
        start = at;
        columnId = (int) Cells.varint(array, at);
        return read(array, at + Cells.varintLength(array, at), baseTimestamp);
    }

    /// Reads a cell without column id.
    int read(byte[] array, int at, long baseTimestamp) {
        int next = at;
        flags = array[next++];
        timestamp = baseTimestamp;
        if ((flags & Cells.CELL_TIMESTAMP) != 0) {
            timestamp += Cells.unzigzag(Cells.varint(array, next));
            next += Cells.varintLength(array, next);
        }
        ttl = 0;
        time = 0;
        valueOffset = 0;
        valueLength = 0;
        if ((flags & Cells.CELL_TOMBSTONE) != 0) {
            time = ByteWriter.getInt(array, next);
            next += Integer.BYTES;
            end = next;
            return next;
        }
        if ((flags & Cells.CELL_EXPIRES) != 0) {
            ttl = (int) Cells.varint(array, next);
            next += Cells.varintLength(array, next);
            time = ByteWriter.getInt(array, next);
            next += Integer.BYTES;
        }
        valueLength = (int) Cells.varint(array, next);
        next += Cells.varintLength(array, next);
        valueOffset = next;
        end = next + valueLength;
        return end;
    }

    /// Local id of the column; for an element it is in the key instead.
    public int columnId() {
        return columnId;
    }

    public long timestamp() {
        return timestamp;
    }

    public boolean isTombstone() {
        return (flags & Cells.CELL_TOMBSTONE) != 0;
    }

    public boolean expires() {
        return (flags & Cells.CELL_EXPIRES) != 0;
    }

    /// Seconds; 0 if it does not expire.
    public int ttl() {
        return ttl;
    }

    /// Unsigned seconds: expiry of an expiring cell, deletion time of a tombstone, else 0.
    public int time() {
        return time;
    }

    public int valueOffset() {
        return valueOffset;
    }

    public int valueLength() {
        return valueLength;
    }

    public boolean isLive(long nowSeconds) {
        return (flags & (Cells.CELL_TOMBSTONE | Cells.CELL_EXPIRES)) == 0
                || (flags & Cells.CELL_TOMBSTONE) == 0 && Cells.isAlive(time, nowSeconds);
    }
}
