package io.helenus.engine.bulk;

import io.helenus.sstable.model.Cells;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A forward walk over sorted entries without range deletions.
abstract class EntryCursor implements RowCursor {
    private static final byte[] NOTHING = {};

    byte[] keyArray = NOTHING;
    int keyOffset;
    int keyLength;
    byte[] valueArray = NOTHING;
    int valueOffset;
    int valueLength;
    private Kind kind = Kind.END;
    private byte @Nullable [] skipTo;

    /// Sets key and value to the next entry.
    ///
    /// @return whether there is one
    abstract boolean advance();

    @Override
    public final Kind next() {
        boolean found = advance();
        byte[] target = skipTo;
        skipTo = null;
        while (found && target != null && isBefore(target)) {
            found = advance();
        }
        kind = found ? kindOf(valueArray[valueOffset]) : Kind.END;
        return kind;
    }

    private boolean isBefore(byte[] target) {
        return RowKeys.compare(keyArray, keyOffset, keyLength, target, 0, target.length) < 0;
    }

    static Kind kindOf(byte flags) {
        if (flags >= 0) {
            return Kind.ROW;
        }
        return (flags & 0xff) == Cells.COLUMN_DELETION ? Kind.COLUMN_DELETION : Kind.ELEMENT;
    }

    @Override
    public final Kind kind() {
        return kind;
    }

    @Override
    public final void skipTo(byte[] key, int offset, int length) {
        skipTo = Arrays.copyOfRange(key, offset, offset + length);
    }

    @Override
    public final byte[] keyArray() {
        return keyArray;
    }

    @Override
    public final int keyOffset() {
        return keyOffset;
    }

    @Override
    public final int keyLength() {
        return keyLength;
    }

    @Override
    public final byte[] valueArray() {
        return valueArray;
    }

    @Override
    public final int valueOffset() {
        return valueOffset;
    }

    @Override
    public final int valueLength() {
        return valueLength;
    }

    @Override
    public final long beforeTimestamp() {
        return NO_DELETION;
    }

    @Override
    public final int beforeDeletionTime() {
        return 0;
    }

    @Override
    public final long afterTimestamp() {
        return NO_DELETION;
    }

    @Override
    public final int afterDeletionTime() {
        return 0;
    }
}
