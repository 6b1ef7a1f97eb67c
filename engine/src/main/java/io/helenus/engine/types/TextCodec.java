package io.helenus.engine.types;

import java.nio.charset.StandardCharsets;

/// text and ascii.
abstract class TextCodec extends BytesCodec {
    @Override
    void format(StringBuilder out, byte[] value, int offset, int length) {
        String text = new String(value, offset, length, StandardCharsets.UTF_8);
        out.append('\'').append(text.replace("'", "''")).append('\'');
    }

    static final class Ascii extends TextCodec {
        @Override
        void validate(byte[] value, int offset, int length) {
            for (int i = offset; i < offset + length; i++) {
                if (value[i] < 0) {
                    throw new InvalidValueException("Invalid byte for ascii: " + value[i]);
                }
            }
        }
    }

    /// As lenient as Cassandra: `C0 80`, encoded surrogates and code points above U+10FFFF pass,
    /// overlong forms of three and four bytes do not.
    static final class Utf8 extends TextCodec {
        private static final int OVERLONG_ZERO = 0xc0;

        @Override
        void validate(byte[] value, int offset, int length) {
            int end = offset + length;
            int i = offset;
            while (i < end) {
                if (value[i] >= 0) {
                    i++;
                } else {
                    i = sequenceEnd(value, i, end);
                }
            }
        }

        private static int sequenceEnd(byte[] value, int at, int end) {
            int lead = value[at] & 0xff;
            int bytes = Integer.numberOfLeadingZeros(~lead << 24);
            if (bytes < 2 || bytes > 4 || end - at < bytes) {
                throw invalid();
            }
            for (int i = at + 1; i < at + bytes; i++) {
                if ((value[i] & 0xc0) != 0x80) {
                    throw invalid();
                }
            }
            int second = value[at + 1] & 0xff;
            boolean overlong =
                    switch (lead) {
                        case OVERLONG_ZERO -> second != 0x80;
                        case 0xc1 -> true;
                        case 0xe0 -> second < 0xa0;
                        case 0xf0 -> second < 0x90;
                        default -> false;
                    };
            if (overlong) {
                throw invalid();
            }
            return at + bytes;
        }

        private static InvalidValueException invalid() {
            return new InvalidValueException("String didn't validate.");
        }
    }
}
