package io.helenus.engine.query.plan;

import io.helenus.engine.error.CqlException;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;

/// Wire bytes of partition keys: of one column its value, of several for each a u16 length, the value
/// and a zero byte (Cassandra's CompositeType).
public final class PartitionKeys {
    private PartitionKeys() {}

    /// Appends the value of the next column of a key that has `columns` of them.
    public static void append(ByteWriter key, byte[] value, int offset, int length, int columns) {
        if (columns == 1) {
            key.writeBytes(value, offset, length);
            return;
        }
        if (length > RowKeys.PARTITION_KEY_BYTES_MAX) {
            throw tooLong(length);
        }
        key.writeShort(length).writeBytes(value, offset, length).writeByte(0);
    }

    /// Checks the bytes of a whole key.
    public static void check(ByteWriter key) {
        if (key.length() == 0) {
            throw CqlException.invalid("Key may not be empty");
        }
        if (key.length() > RowKeys.PARTITION_KEY_BYTES_MAX) {
            throw tooLong(key.length());
        }
    }

    private static CqlException tooLong(int length) {
        return CqlException.invalid(
                "Key length of %d is longer than maximum of %d"
                        .formatted(length, RowKeys.PARTITION_KEY_BYTES_MAX));
    }

    /// Where the value of column `index` of `columns` begins in a key at `offset`.
    public static int valueOffset(byte[] key, int offset, int index, int columns) {
        if (columns == 1) {
            return offset;
        }
        int at = offset;
        for (int i = 0; i < index; i++) {
            at += Short.BYTES + ByteWriter.getUnsignedShort(key, at) + 1;
        }
        return at + Short.BYTES;
    }

    /// Bytes of the value that begins at `valueOffset`, in a key of `keyLength` bytes.
    public static int valueLength(byte[] key, int valueOffset, int keyLength, int columns) {
        return columns == 1
                ? keyLength
                : ByteWriter.getUnsignedShort(key, valueOffset - Short.BYTES);
    }
}
