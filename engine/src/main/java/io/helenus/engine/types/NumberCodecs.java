package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;

/// Codecs of numbers and times of a fixed width.
final class NumberCodecs {
    private NumberCodecs() {}

    static final class TinyInt extends FixedCodec {
        TinyInt() {
            super(Byte.BYTES, true, false, "Expected 1 byte for a tinyint");
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            out.append(value[offset]);
        }
    }

    static final class SmallInt extends FixedCodec {
        SmallInt() {
            super(Short.BYTES, true, false, "Expected 2 bytes for a smallint");
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            out.append((short) ByteWriter.getUnsignedShort(value, offset));
        }
    }

    static final class Int extends FixedCodec {
        Int() {
            super(Integer.BYTES, true, true, "Expected 4 or 0 byte int");
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            if (length == 0) {
                out.append("null");
                return;
            }
            out.append(ByteWriter.getInt(value, offset));
        }
    }

    /// bigint and counter.
    static final class BigInt extends FixedCodec {
        BigInt() {
            super(Long.BYTES, true, true, "Expected 8 or 0 byte long");
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            if (length == 0) {
                out.append("null");
                return;
            }
            out.append(ByteWriter.getLong(value, offset));
        }
    }

    static final class Timestamp extends FixedCodec {
        Timestamp() {
            super(Long.BYTES, true, true, "Expected 8 or 0 byte long for date");
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            if (length == 0) {
                out.append("null");
                return;
            }
            out.append('\'');
            TimeText.formatTimestamp(out, ByteWriter.getLong(value, offset));
            out.append('\'');
        }
    }

    static final class Date extends FixedCodec {
        Date() {
            super(Integer.BYTES, false, false, "Expected 4 byte long for date");
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            out.append('\'');
            TimeText.formatDate(out, ByteWriter.getInt(value, offset));
            out.append('\'');
        }
    }

    static final class Time extends FixedCodec {
        Time() {
            super(Long.BYTES, false, false, "Expected 8 byte long for time");
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            out.append('\'');
            TimeText.formatTime(out, ByteWriter.getLong(value, offset));
            out.append('\'');
        }
    }

    /// Any byte but 0 is true.
    static final class Bool extends ValueCodec {
        @Override
        void validate(byte[] value, int offset, int length) {
            if (length > 1) {
                throw new InvalidValueException("Expected 1 or 0 byte value (" + length + ")");
            }
        }

        @Override
        void writePayload(byte[] value, int offset, int length, ByteWriter out) {
            out.writeByte(value[offset] == 0 ? 0 : 1);
        }

        @Override
        int skipPayload(byte[] key, int at, int mask) {
            return at + 1;
        }

        @Override
        int readPayload(byte[] key, int at, int mask, ByteWriter out) {
            out.writeByte(key[at] ^ mask);
            return at + 1;
        }

        @Override
        boolean isCanonical(byte[] value, int offset, int length) {
            return value[offset] == 0 || value[offset] == 1;
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            if (length == 0) {
                out.append("null");
                return;
            }
            out.append(value[offset] != 0);
        }
    }

    /// −0.0 sorts before 0.0; all NaNs are one value, the largest.
    static final class Float32 extends ValueCodec {
        @Override
        void validate(byte[] value, int offset, int length) {
            if (length != Float.BYTES && length != 0) {
                throw new InvalidValueException(
                        "Expected 4 or 0 byte value for a float (" + length + ")");
            }
        }

        @Override
        void writePayload(byte[] value, int offset, int length, ByteWriter out) {
            int bits = Float.floatToIntBits(Float.intBitsToFloat(ByteWriter.getInt(value, offset)));
            out.writeInt(bits ^ (bits >> Integer.SIZE - 1 | Integer.MIN_VALUE));
        }

        @Override
        int skipPayload(byte[] key, int at, int mask) {
            return at + Float.BYTES;
        }

        @Override
        int readPayload(byte[] key, int at, int mask, ByteWriter out) {
            int flipped = ByteWriter.getInt(key, at) ^ -(mask & 1);
            out.writeInt(flipped ^ (~flipped >> Integer.SIZE - 1 | Integer.MIN_VALUE));
            return at + Float.BYTES;
        }

        @Override
        boolean isCanonical(byte[] value, int offset, int length) {
            int bits = ByteWriter.getInt(value, offset);
            return bits == Float.floatToIntBits(Float.intBitsToFloat(bits));
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            if (length == 0) {
                out.append("null");
                return;
            }
            out.append(Float.intBitsToFloat(ByteWriter.getInt(value, offset)));
        }
    }

    /// As [Float32].
    static final class Float64 extends ValueCodec {
        @Override
        void validate(byte[] value, int offset, int length) {
            if (length != Double.BYTES && length != 0) {
                throw new InvalidValueException(
                        "Expected 8 or 0 byte value for a double (" + length + ")");
            }
        }

        @Override
        void writePayload(byte[] value, int offset, int length, ByteWriter out) {
            long bits =
                    Double.doubleToLongBits(
                            Double.longBitsToDouble(ByteWriter.getLong(value, offset)));
            out.writeLong(bits ^ (bits >> Long.SIZE - 1 | Long.MIN_VALUE));
        }

        @Override
        int skipPayload(byte[] key, int at, int mask) {
            return at + Double.BYTES;
        }

        @Override
        int readPayload(byte[] key, int at, int mask, ByteWriter out) {
            long flipped = ByteWriter.getLong(key, at) ^ -(long) (mask & 1);
            out.writeLong(flipped ^ (~flipped >> Long.SIZE - 1 | Long.MIN_VALUE));
            return at + Double.BYTES;
        }

        @Override
        boolean isCanonical(byte[] value, int offset, int length) {
            long bits = ByteWriter.getLong(value, offset);
            return bits == Double.doubleToLongBits(Double.longBitsToDouble(bits));
        }

        @Override
        void format(StringBuilder out, byte[] value, int offset, int length) {
            if (length == 0) {
                out.append("null");
                return;
            }
            out.append(Double.longBitsToDouble(ByteWriter.getLong(value, offset)));
        }
    }
}
