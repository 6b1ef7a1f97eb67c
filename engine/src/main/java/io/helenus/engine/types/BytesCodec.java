package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import java.util.HexFormat;

/// Values of any length in the order of their bytes. In keys `00` becomes `00 FF`, and `00 00`
/// ends the payload.
abstract class BytesCodec extends ValueCodec {
    private static final int ESCAPE = 0xff;

    @Override
    void writePayload(byte[] value, int offset, int length, ByteWriter out) {
        int end = offset + length;
        int from = offset;
        for (int i = offset; i < end; i++) {
            if (value[i] == 0) {
                out.writeBytes(value, from, i + 1 - from);
                out.writeByte(ESCAPE);
                from = i + 1;
            }
        }
        out.writeBytes(value, from, end - from);
        out.writeShort(0);
    }

    @Override
    int skipPayload(byte[] key, int at, int mask) {
        byte zero = (byte) mask;
        int i = at;
        while (key[i] != zero || key[i + 1] != zero) {
            i += key[i] == zero ? 2 : 1;
        }
        return i + 2;
    }

    @Override
    int readPayload(byte[] key, int at, int mask, ByteWriter out) {
        byte zero = (byte) mask;
        int from = at;
        int i = at;
        while (key[i] != zero || key[i + 1] != zero) {
            if (key[i] == zero) {
                copy(key, from, i + 1 - from, mask, out);
                i += 2;
                from = i;
            } else {
                i++;
            }
        }
        copy(key, from, i - from, mask, out);
        return i + 2;
    }

    static final class Blob extends BytesCodec {
        @Override
        void validate(byte[] value, int offset, int length) {
            // any bytes are a blob
        }

        @Override
        int plainWidth() {
            return CqlType.ANY_WIDTH;
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            out.append("0x");
            appendHex(out, value, offset, length);
        }
    }

    static final class Inet extends BytesCodec {
        private static final int IPV4_BYTES = 4;
        private static final int IPV6_BYTES = 16;

        @Override
        void validate(byte[] value, int offset, int length) {
            if (length != IPV4_BYTES && length != IPV6_BYTES && length != 0) {
                StringBuilder text = new StringBuilder("Expected 4 or 16 byte inetaddress; got ");
                appendHex(text, value, offset, length);
                throw new InvalidValueException(text.toString());
            }
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            if (length == 0) {
                out.append("null");
                return;
            }
            out.append('\'');
            InetText.format(out, value, offset, length);
            out.append('\'');
        }
    }

    static void appendHex(StringBuilder out, byte[] value, int offset, int length) {
        HexFormat.of().formatHex(out, value, offset, offset + length);
    }
}
