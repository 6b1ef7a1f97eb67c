package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;

/// Cassandra's variable-length integers: the ones that lead the first byte count the bytes after
/// it, the rest is big-endian.
final class VInts {
    static final int BYTES_MAX = 9;

    private VInts() {}

    /// The length of the integer whose first byte this is.
    static int length(byte first) {
        return first >= 0 ? 1 : Integer.numberOfLeadingZeros(~first) - 23;
    }

    /// Reads an integer of which all bytes are there.
    static long readUnsigned(byte[] from, int at) {
        byte first = from[at];
        if (first >= 0) {
            return first;
        }
        int length = length(first);
        long value = first & (0xff >> length);
        for (int i = 1; i < length; i++) {
            value = value << Byte.SIZE | from[at + i] & 0xff;
        }
        return value;
    }

    static long readSigned(byte[] from, int at) {
        long zigzag = readUnsigned(from, at);
        return zigzag >>> 1 ^ -(zigzag & 1);
    }

    static void writeUnsigned(ByteWriter out, long value) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(value | 1);
        int length = Math.min((bits + 6) / 7, BYTES_MAX);
        int leading = length == BYTES_MAX ? 0xff : ~(0xff >> length - 1) & 0xff;
        if (length == BYTES_MAX) {
            out.writeByte(leading).writeLong(value);
            return;
        }
        out.writeByte((int) (leading | value >>> Byte.SIZE * (length - 1)));
        for (int i = length - 2; i >= 0; i--) {
            out.writeByte((int) (value >>> Byte.SIZE * i));
        }
    }

    static void writeSigned(ByteWriter out, long value) {
        writeUnsigned(out, value << 1 ^ value >> Long.SIZE - 1);
    }
}
