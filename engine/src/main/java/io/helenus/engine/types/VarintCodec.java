package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import java.math.BigInteger;

/// Integers of any size, by value. In keys: a byte that grows with sign and length, the length as
/// four bytes if the byte cannot hold it, and the shortest two's complement form.
///
/// | first byte | then |
/// |---|---|
/// | `00` | length (inverted), a negative number of 128 bytes or more |
/// | `01`–`7F` | a negative number of `80` − n bytes |
/// | `80`–`FE` | a number ≥ 0 of n − `7F` bytes |
/// | `FF` | length, a number ≥ 0 of 128 bytes or more |
final class VarintCodec extends ValueCodec {
    private static final int SHORT_BYTES_MAX = 0x7f;

    @Override
    void validate(byte[] value, int offset, int length) {
        // any bytes are a number
    }

    @Override
    void writePayload(byte[] value, int offset, int length, ByteWriter out) {
        int padding = padding(value, offset, length);
        int count = length - padding;
        if (value[offset] >= 0) {
            if (count <= SHORT_BYTES_MAX) {
                out.writeByte(SHORT_BYTES_MAX + count);
            } else {
                out.writeByte(0xff).writeInt(count);
            }
        } else if (count <= SHORT_BYTES_MAX) {
            out.writeByte(SHORT_BYTES_MAX + 1 - count);
        } else {
            out.writeByte(0).writeInt(~count);
        }
        out.writeBytes(value, offset + padding, count);
    }

    @Override
    int skipPayload(byte[] key, int at, int mask) {
        return numberAt(key, at, mask) + count(key, at, mask);
    }

    @Override
    int readPayload(byte[] key, int at, int mask, ByteWriter out) {
        int count = count(key, at, mask);
        int from = numberAt(key, at, mask);
        copy(key, from, count, mask, out);
        return from + count;
    }

    @Override
    boolean isCanonical(byte[] value, int offset, int length) {
        return padding(value, offset, length) == 0;
    }

    @Override
    void format(StringBuilder out, byte[] value, int offset, int length) {
        if (length == 0) {
            out.append("null");
            return;
        }
        out.append(new BigInteger(value, offset, length));
    }

    /// Leading bytes that only repeat the sign.
    static int padding(byte[] value, int offset, int length) {
        int i = offset;
        int last = offset + length - 1;
        while (i < last && value[i] == value[i + 1] >> Byte.SIZE - 1) {
            i++;
        }
        return i - offset;
    }

    private static int numberAt(byte[] key, int at, int mask) {
        int first = (key[at] ^ mask) & 0xff;
        return first == 0 || first == 0xff ? at + 1 + Integer.BYTES : at + 1;
    }

    private static int count(byte[] key, int at, int mask) {
        int first = (key[at] ^ mask) & 0xff;
        if (first == 0) {
            return ~(ByteWriter.getInt(key, at + 1) ^ -(mask & 1));
        }
        if (first == 0xff) {
            return ByteWriter.getInt(key, at + 1) ^ -(mask & 1);
        }
        return first > SHORT_BYTES_MAX ? first - SHORT_BYTES_MAX : SHORT_BYTES_MAX + 1 - first;
    }
}
