package io.helenus.engine.query;

import io.helenus.engine.storage.mutation.MutationReader;
import io.helenus.sstable.model.ElementView;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowView;
import java.util.Arrays;

/// How large a mutation is for the limits of batches: as Cassandra counts it, which is more than it takes
/// here, so that a batch that is not too large for one is not too large for the other.
///
/// | what | counts |
/// |---|---|
/// | partition of a table, with its static row and its deletion | 29 |
/// | row | 21, its clustering, 12 if it expires |
/// | cell | 20 and its value; in a collection also its key there |
/// | collection that is not frozen, in a row | 12 |
/// | range deletion | 12 and its bounds; 4 for all of them |
///
/// A clustering counts as it is encoded, which is a few bytes more for texts. What two statements write
/// to one cell counts twice, which it does not there. Reused; one thread.
final class MutationSize {
    /// No mutation counts for more than so many times its bytes here: a cell takes three or more.
    static final int FACTOR_MAX = 8;

    private static final long PARTITION = 29;
    private static final long ROW = 21;
    private static final long EXPIRY = 12;
    private static final long CELL = 20;
    private static final long COLLECTION = 12;
    private static final long RANGE = 12;
    private static final long RANGES = 4;
    private static final int FRAME_BYTES = 2; // of an encoded bound, or clustering

    private final MutationReader reader = new MutationReader();
    private final RowView row = new RowView();
    private final ElementView element = new ElementView();

    // Where the last row's position, and the last collection's, lie in the mutation.
    private int rowOffset;
    private int rowLength;
    private int columnOffset;
    private int columnLength;

    long of(byte[] array, int offset, int length) {
        reader.wrap(array, offset, length);
        rowLength = -1;
        columnLength = -1;
        long bytes = PARTITION;
        long ranges = 0;
        MutationReader.Operation operation = reader.next();
        while (operation != MutationReader.Operation.END) {
            if (operation == MutationReader.Operation.ENTRY) {
                bytes += entry(array);
            } else if (reader.startLength() > 1) { // else it is the whole partition
                bytes += RANGE + framed(reader.startLength()) + framed(reader.endLength());
                ranges = RANGES;
            }
            operation = reader.next();
        }
        return bytes + ranges;
    }

    private static long framed(int length) {
        return Math.max(0, length - FRAME_BYTES);
    }

    private long entry(byte[] array) {
        if (ElementView.kind(array, reader.valueOffset()) == RowCursor.Kind.ROW) {
            row.wrap(array, reader.valueOffset(), reader.valueLength());
            long bytes = rowAt(array, reader.positionLength());
            bytes += row.livenessExpires() ? EXPIRY : 0;
            while (row.nextCell()) {
                bytes += CELL + row.cell().valueLength();
            }
            return bytes;
        }
        element.wrap(array, reader.valueOffset(), reader.valueLength());
        int suffix = element.suffixLength();
        long bytes = rowAt(array, reader.positionLength() - suffix);
        bytes += columnAt(array, reader.positionLength() - suffix + RowKeys.COLUMN_ID_BYTES);
        if (!element.isColumnDeletion()) {
            bytes += CELL + suffix - RowKeys.COLUMN_ID_BYTES + element.cell().valueLength();
        }
        return bytes;
    }

    /// What a row counts for itself, unless it was there before.
    private long rowAt(byte[] array, int length) {
        int offset = reader.positionOffset();
        if (isSame(array, rowOffset, rowLength, offset, length)) {
            return 0;
        }
        rowOffset = offset;
        rowLength = length;
        columnLength = -1;
        return array[offset] == RowKeys.POSITION_STATIC ? 0 : ROW + framed(length);
    }

    private long columnAt(byte[] array, int length) {
        int offset = reader.positionOffset();
        if (isSame(array, columnOffset, columnLength, offset, length)) {
            return 0;
        }
        columnOffset = offset;
        columnLength = length;
        return COLLECTION;
    }

    private static boolean isSame(byte[] array, int a, int aLength, int b, int bLength) {
        return aLength == bLength && Arrays.equals(array, a, a + aLength, array, b, b + bLength);
    }
}
