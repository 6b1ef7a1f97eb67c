package io.helenus.sstable.model;

import org.jspecify.annotations.Nullable;

/// Reads an entry's value to its last byte, so that reading it later cannot fail: for what comes from
/// outside, or was written by another release. Reused; one thread.
public final class EntryCheck {
    private final RowView row = new RowView();
    private final CellView cell = new CellView();

    /// What is wrong with an entry's value; null if nothing is.
    public @Nullable String wrongWith(byte[] array, int offset, int length) {
        if (length == 0) {
            return "it is empty";
        }
        try {
            int end = offset + length;
            int read = array[offset] < 0 ? suffixed(array, offset, end) : row(array, offset, end);
            return read == end ? null : "it has %d bytes and ends at %d".formatted(length, read);
        } catch (IllegalArgumentException | IllegalStateException | IndexOutOfBoundsException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private int row(byte[] array, int offset, int end) {
        row.wrap(array, offset, end - offset);
        int read = row.at();
        int column = -1;
        while (read > offset && read <= end && row.nextCell()) {
            if (row.cell().columnId <= column || row.cell().valueLength < 0) {
                throw new IllegalArgumentException(
                        "cell of column %d after %d".formatted(row.cell().columnId, column));
            }
            column = row.cell().columnId;
            read = row.at();
        }
        return read;
    }

    /// An element or a column header.
    private int suffixed(byte[] array, int offset, int end) {
        int flags = array[offset] & 0xff;
        int next = offset + 1 + Cells.varintLength(array, offset + 1) + Long.BYTES;
        if (flags == Cells.COLUMN_DELETION) {
            return next + Integer.BYTES;
        }
        if (flags != Cells.ELEMENT || next >= end) {
            throw new IllegalArgumentException("flags are 0x%02x".formatted(flags));
        }
        int read = cell.read(array, next, 0);
        if (cell.valueLength < 0) {
            throw new IllegalArgumentException("a value of %d bytes".formatted(cell.valueLength));
        }
        return read;
    }
}
