package io.helenus.sstable.model;

/// Encodes entry values (see the package) at the end of a [ByteWriter]. Reused; one thread.
public final class RowWriter {
    private ByteWriter out = new ByteWriter(0);
    private long baseTimestamp;
    private int countAt;
    private int count;
    private int lastColumnId;

    /// Starts a row without liveness; `baseTimestamp` is best the timestamp of most of its cells.
    public RowWriter beginRow(ByteWriter out, long baseTimestamp) {
        return begin(out, 0, baseTimestamp);
    }

    /// Starts a row that has been inserted at `timestamp`.
    public RowWriter beginLiveRow(ByteWriter out, long timestamp) {
        return begin(out, Cells.ROW_LIVENESS, timestamp);
    }

    /// Starts a row that has been inserted at `timestamp` and expires.
    ///
    /// @param ttl seconds
    /// @param expiry unsigned seconds since 1970
    public RowWriter beginExpiringRow(ByteWriter out, long timestamp, int ttl, int expiry) {
        header(out, Cells.ROW_LIVENESS | Cells.ROW_LIVENESS_EXPIRES, timestamp);
        out.writeVarint(ttl).writeInt(expiry);
        return beginCells();
    }

    /// Starts a row that is deleted and has nothing newer: add cells to it if there are some.
    public RowWriter beginDeletedRow(ByteWriter out, long timestamp, int deletionTime) {
        header(out, Cells.ROW_DELETION, timestamp);
        out.writeLong(timestamp).writeInt(deletionTime);
        return beginCells();
    }

    /// As the other starts, with everything that a row may have. A `ttl` of 0 means that the liveness
    /// does not expire, a `deletionTimestamp` of [RowCursor#NO_DELETION] that there is no deletion, a
    /// `spellingLength` of -1 that the key tells the clustering.
    public RowWriter begin(
            ByteWriter out,
            boolean liveness,
            long timestamp,
            int ttl,
            int expiry,
            long deletionTimestamp,
            int deletionTime,
            byte[] spelling,
            int spellingOffset,
            int spellingLength) {
        boolean expires = liveness && ttl != 0;
        boolean deleted = deletionTimestamp != RowCursor.NO_DELETION;
        int flags =
                (liveness ? Cells.ROW_LIVENESS : 0)
                        | (expires ? Cells.ROW_LIVENESS_EXPIRES : 0)
                        | (deleted ? Cells.ROW_DELETION : 0)
                        | (spellingLength >= 0 ? Cells.ROW_SPELLING : 0);
        header(out, flags, timestamp);
        if (expires) {
            out.writeVarint(ttl).writeInt(expiry);
        }
        if (deleted) {
            out.writeLong(deletionTimestamp).writeInt(deletionTime);
        }
        if (spellingLength >= 0) {
            out.writeVarint(spellingLength).writeBytes(spelling, spellingOffset, spellingLength);
        }
        return beginCells();
    }

    /// Starts a row with what another has before its cells.
    ///
    /// @param row wrapped around `array`
    /// @param liveness false to leave its liveness out, if it has any
    /// @param deletion false to leave its deletion out, if it has any
    public RowWriter beginAs(
            ByteWriter out, byte[] array, RowView row, boolean liveness, boolean deletion) {
        boolean live = liveness && row.hasLiveness();
        return begin(
                out,
                live,
                row.timestamp(),
                live ? row.livenessTtl() : 0,
                row.livenessExpiry(),
                deletion ? row.deletionTimestamp() : RowCursor.NO_DELETION,
                row.deletionTime(),
                array,
                row.spellingOffset(),
                row.spellingLength());
    }

    private RowWriter begin(ByteWriter out, int flags, long timestamp) {
        header(out, flags, timestamp);
        return beginCells();
    }

    private void header(ByteWriter out, int flags, long timestamp) {
        this.out = out;
        baseTimestamp = timestamp;
        out.writeByte(flags).writeLong(timestamp);
    }

    private RowWriter beginCells() {
        countAt = out.length();
        count = 0;
        lastColumnId = -1;
        out.writeByte(0);
        return this;
    }

    public RowWriter cell(int columnId, long timestamp, byte[] value, int offset, int length) {
        cellHeader(columnId, 0, timestamp);
        out.writeVarint(length).writeBytes(value, offset, length);
        return this;
    }

    public RowWriter expiringCell(
            int columnId,
            long timestamp,
            int ttl,
            int expiry,
            byte[] value,
            int offset,
            int length) {
        cellHeader(columnId, Cells.CELL_EXPIRES, timestamp);
        out.writeVarint(ttl).writeInt(expiry);
        out.writeVarint(length).writeBytes(value, offset, length);
        return this;
    }

    public RowWriter tombstone(int columnId, long timestamp, int deletionTime) {
        cellHeader(columnId, Cells.CELL_TOMBSTONE, timestamp);
        out.writeInt(deletionTime);
        return this;
    }

    /// Copies a cell that was read from `array` under whatever base timestamp.
    RowWriter copy(byte[] array, CellView cell) {
        cellHeader(
                cell.columnId,
                cell.flags & (Cells.CELL_TOMBSTONE | Cells.CELL_EXPIRES),
                cell.timestamp);
        copyBody(out, array, cell);
        return this;
    }

    /// Must be called once after the last cell.
    public void end() {
        if (count < 0x80) {
            out.setByte(countAt, count);
            return;
        }
        int cells = out.length() - countAt - 1;
        int extra = count < 0x4000 ? 1 : 2;
        out.setLength(out.length() + extra);
        byte[] array = out.array();
        System.arraycopy(array, countAt + 1, array, countAt + 1 + extra, cells);
        array[countAt] = (byte) (count | 0x80);
        if (extra == 1) {
            array[countAt + 1] = (byte) (count >>> 7);
        } else {
            array[countAt + 1] = (byte) (count >>> 7 | 0x80);
            array[countAt + 2] = (byte) (count >>> 14);
        }
    }

    /// Cells added since the row was begun.
    public int count() {
        return count;
    }

    private void cellHeader(int columnId, int flags, long timestamp) {
        if (columnId <= lastColumnId) {
            throw new IllegalArgumentException(
                    "Column id %d comes after %d: cells ascend by column id"
                            .formatted(columnId, lastColumnId));
        }
        lastColumnId = columnId;
        count++;
        out.writeVarint(columnId);
        cellFlags(out, flags, timestamp, baseTimestamp);
    }

    private static void cellFlags(ByteWriter out, int flags, long timestamp, long base) {
        if (timestamp == base) {
            out.writeByte(flags);
        } else {
            out.writeByte(flags | Cells.CELL_TIMESTAMP).writeZigzag(timestamp - base);
        }
    }

    private static void copyBody(ByteWriter out, byte[] array, CellView cell) {
        if (cell.isTombstone()) {
            out.writeInt(cell.time);
            return;
        }
        if (cell.expires()) {
            out.writeVarint(cell.ttl).writeInt(cell.time);
        }
        out.writeVarint(cell.valueLength).writeBytes(array, cell.valueOffset, cell.valueLength);
    }

    /// The header of a multi-cell column: deletes its elements up to `timestamp`.
    public static void columnDeletion(ByteWriter out, long timestamp, int deletionTime) {
        out.writeByte(Cells.COLUMN_DELETION).writeVarint(RowKeys.COLUMN_ID_BYTES);
        out.writeLong(timestamp).writeInt(deletionTime);
    }

    /// A live element. `suffixLength` counts the key's bytes after its row's position.
    public static void element(
            ByteWriter out,
            int suffixLength,
            long timestamp,
            byte[] value,
            int offset,
            int length) {
        elementHeader(out, suffixLength, timestamp, 0);
        out.writeVarint(length).writeBytes(value, offset, length);
    }

    public static void expiringElement(
            ByteWriter out,
            int suffixLength,
            long timestamp,
            int ttl,
            int expiry,
            byte[] value,
            int offset,
            int length) {
        elementHeader(out, suffixLength, timestamp, Cells.CELL_EXPIRES);
        out.writeVarint(ttl).writeInt(expiry);
        out.writeVarint(length).writeBytes(value, offset, length);
    }

    public static void elementTombstone(
            ByteWriter out, int suffixLength, long timestamp, int deletionTime) {
        elementHeader(out, suffixLength, timestamp, Cells.CELL_TOMBSTONE);
        out.writeInt(deletionTime);
    }

    private static void elementHeader(
            ByteWriter out, int suffixLength, long timestamp, int cellFlags) {
        out.writeByte(Cells.ELEMENT).writeVarint(suffixLength).writeLong(timestamp);
        out.writeByte(cellFlags);
    }
}
