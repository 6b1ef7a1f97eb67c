package io.helenus.sstable.model;

/// The value of an element or of a column header, read in place. Re-wrapped; one thread.
public final class ElementView {
    private final CellView cell = new CellView();
    private int suffixLength;
    private long timestamp;
    private int deletionTime;
    private boolean columnDeletion;

    public ElementView wrap(byte[] array, int offset, int length) {
        int flags = array[offset] & 0xff;
        columnDeletion = flags == Cells.COLUMN_DELETION;
        if (!columnDeletion && flags != Cells.ELEMENT) {
            throw new IllegalArgumentException(
                    "Entry at %d of %d bytes has flags 0x%02x: not an element"
                            .formatted(offset, length, flags));
        }
        int at = offset + 1;
        suffixLength = (int) Cells.varint(array, at);
        at += Cells.varintLength(array, at);
        timestamp = ByteWriter.getLong(array, at);
        at += Long.BYTES;
        if (columnDeletion) {
            deletionTime = ByteWriter.getInt(array, at);
        } else {
            deletionTime = 0;
            cell.read(array, at, timestamp);
        }
        return this;
    }

    /// What kind of entry a value belongs to, from its first byte.
    public static RowCursor.Kind kind(byte[] array, int offset) {
        int flags = array[offset] & 0xff;
        if (flags < Cells.ELEMENT) {
            return RowCursor.Kind.ROW;
        }
        return flags == Cells.ELEMENT ? RowCursor.Kind.ELEMENT : RowCursor.Kind.COLUMN_DELETION;
    }

    public boolean isColumnDeletion() {
        return columnDeletion;
    }

    /// Bytes of the key after the position of the row that this belongs to.
    public int suffixLength() {
        return suffixLength;
    }

    public long timestamp() {
        return timestamp;
    }

    /// Of a column header, unsigned seconds.
    public int deletionTime() {
        return deletionTime;
    }

    /// Of an element.
    public CellView cell() {
        return cell;
    }
}
