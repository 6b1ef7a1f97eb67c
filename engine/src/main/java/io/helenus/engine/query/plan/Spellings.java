package io.helenus.engine.query.plan;

import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.NativeType;
import io.helenus.sstable.model.ByteWriter;
import java.util.List;

/// The clustering's own bytes, kept in a row whose key does not give them back, such as the decimal
/// 1.00, which has the key of 1.0. For each clustering column an i32 length, -1 for null, and the
/// bytes.
public final class Spellings {
    private Spellings() {}

    static void append(ByteWriter out, byte[] value, int offset, int length) {
        out.writeInt(length);
        if (length > 0) {
            out.writeBytes(value, offset, length);
        }
    }

    /// Where the length of column `index` stands in a spelling that begins at `offset`.
    public static int lengthOffset(byte[] spelling, int offset, int index) {
        int at = offset;
        for (int i = 0; i < index; i++) {
            at += Integer.BYTES + Math.max(0, ByteWriter.getInt(spelling, at));
        }
        return at;
    }

    static boolean mayBeNeeded(List<ColumnSchema> clustering) {
        for (ColumnSchema column : clustering) {
            if (!isAlwaysCanonical(column.type())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAlwaysCanonical(CqlType type) {
        return type instanceof NativeType
                && type != NativeType.DECIMAL
                && type != NativeType.VARINT
                && type != NativeType.DOUBLE
                && type != NativeType.FLOAT;
    }
}
