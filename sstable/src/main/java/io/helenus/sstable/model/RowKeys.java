package io.helenus.sstable.model;

import java.util.Arrays;

/// The layout of row keys (see the package) and the only order there is.
public final class RowKeys {
    public static final int TOKEN_BYTES = Long.BYTES;

    /// Token and length: where the partition key's bytes begin.
    public static final int PARTITION_KEY_OFFSET = TOKEN_BYTES + Short.BYTES;

    public static final int PARTITION_KEY_BYTES_MAX = 0xffff;

    public static final byte POSITION_PARTITION = 0x10;
    public static final byte POSITION_STATIC = 0x18;

    /// Ends a component prefix: the bound before everything that starts with it.
    public static final byte BOUND_BEFORE = 0x20;

    /// Ends the position of a row.
    public static final byte ROW_END = 0x38;

    public static final byte TAG_ABSENT = 0x3E;
    public static final byte TAG_EMPTY = 0x3F;
    public static final byte TAG_VALUE = 0x40;
    public static final byte TAG_EMPTY_DESCENDING = 0x41;

    /// Ends a component prefix: the bound after everything that starts with it.
    public static final byte BOUND_AFTER = 0x60;

    public static final int COLUMN_ID_BYTES = Short.BYTES;

    private RowKeys() {}

    /// Writes token, length and partition key: what all keys of a partition begin with.
    public static void writePartition(
            ByteWriter out, long token, byte[] partitionKey, int offset, int length) {
        if (length > PARTITION_KEY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "Partition key is %d bytes, limit is %d"
                            .formatted(length, PARTITION_KEY_BYTES_MAX));
        }
        out.writeLong(token ^ Long.MIN_VALUE);
        out.writeShort(length);
        out.writeBytes(partitionKey, offset, length);
    }

    public static long token(byte[] key, int offset) {
        return ByteWriter.getLong(key, offset) ^ Long.MIN_VALUE;
    }

    public static int partitionKeyLength(byte[] key, int offset) {
        return ByteWriter.getUnsignedShort(key, offset + TOKEN_BYTES);
    }

    /// Bytes before the position: token, length, partition key.
    public static int partitionLength(byte[] key, int offset) {
        return PARTITION_KEY_OFFSET + partitionKeyLength(key, offset);
    }

    public static boolean samePartition(byte[] a, int aOffset, byte[] b, int bOffset) {
        int length = partitionLength(a, aOffset);
        return length == partitionLength(b, bOffset)
                && Arrays.equals(a, aOffset, aOffset + length, b, bOffset, bOffset + length);
    }

    /// Unsigned byte order.
    public static int compare(
            byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
        return Arrays.compareUnsigned(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
    }

    public static boolean startsWith(
            byte[] key, int offset, int length, byte[] prefix, int prefixOffset, int prefixLength) {
        return length >= prefixLength
                && Arrays.equals(
                        key,
                        offset,
                        offset + prefixLength,
                        prefix,
                        prefixOffset,
                        prefixOffset + prefixLength);
    }
}
