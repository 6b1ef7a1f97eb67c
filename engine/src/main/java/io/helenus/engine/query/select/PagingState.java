package io.helenus.engine.query.select;

import io.helenus.engine.error.CqlException;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Where a result was broken off, see the package for its bytes. Immutable.
final class PagingState {
    private static final int VERSION = 1;
    private static final int KEY_OFFSET = 1 + Long.BYTES + 4 * Integer.BYTES;
    private static final int BYTES_MIN = KEY_OFFSET + Integer.BYTES;

    final int rowsLeft;
    final int leftInPartition;
    final int keyIndex;
    final byte[] lastKey;

    private PagingState(int rowsLeft, int leftInPartition, int keyIndex, byte[] lastKey) {
        this.rowsLeft = rowsLeft;
        this.leftInPartition = leftInPartition;
        this.keyIndex = keyIndex;
        this.lastKey = lastKey;
    }

    static byte[] encode(
            long fingerprint,
            int rowsLeft,
            int leftInPartition,
            int keyIndex,
            byte[] key,
            int keyLength) {
        ByteWriter out = new ByteWriter(BYTES_MIN + keyLength);
        out.writeByte(VERSION).writeLong(fingerprint);
        out.writeInt(rowsLeft).writeInt(leftInPartition).writeInt(keyIndex);
        out.writeInt(keyLength).writeBytes(key, 0, keyLength);
        out.writeInt(checksum(out.array(), out.length()));
        return out.toArray();
    }

    /// @throws CqlException if it is altered or of another statement
    static @Nullable PagingState decode(byte @Nullable [] state, long fingerprint) {
        if (state == null) {
            return null;
        }
        int bodyLength = state.length - Integer.BYTES;
        if (state.length < BYTES_MIN
                || checksum(state, bodyLength) != ByteWriter.getInt(state, bodyLength)) {
            throw CqlException.protocol("Invalid value for the paging state: it is damaged");
        }
        if (state[0] != VERSION) {
            throw CqlException.protocol(
                    "Invalid value for the paging state: version %d, expected %d"
                            .formatted(state[0], VERSION));
        }
        if (ByteWriter.getLong(state, 1) != fingerprint) {
            throw CqlException.protocol(
                    "Invalid value for the paging state: it belongs to another query or to other bound values");
        }
        int at = 1 + Long.BYTES;
        int keyLength = ByteWriter.getInt(state, at + 3 * Integer.BYTES);
        if (keyLength != bodyLength - KEY_OFFSET || keyLength < RowKeys.PARTITION_KEY_OFFSET) {
            throw CqlException.protocol("Invalid value for the paging state: wrong key length");
        }
        return new PagingState(
                ByteWriter.getInt(state, at),
                ByteWriter.getInt(state, at + Integer.BYTES),
                ByteWriter.getInt(state, at + 2 * Integer.BYTES),
                Arrays.copyOfRange(state, KEY_OFFSET, bodyLength));
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }
}
