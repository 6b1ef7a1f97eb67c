package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;

/// Decimals by value: 1.0 and 1.00 have one key. A value is four bytes of scale and an unscaled
/// number.
///
/// A key holds the value as 0.d₁d₂d₃… × 10ᵉ, d₁ ≠ 0. The payload of a negative value is that of its
/// opposite, inverted.
///
/// | part | bytes | |
/// |---|---:|---|
/// | zero | 1 | `80`, and nothing else |
/// | exponent | 1 | `C0` + e, if −31 ≤ e ≤ 31 |
/// | | 9 | `E0` and e, if greater; `A0` and e with its sign flipped, if less |
/// | digits | n | two in a byte: 1 + their number; a missing last digit is 0 |
/// | end | 1 | `00` |
///
/// A decoded value has the smallest scale ≥ 0 that holds it, or a negative one beyond 18 zeros.
final class DecimalCodec extends ValueCodec {
    private static final int SCALE_BYTES = Integer.BYTES;
    private static final int ZERO = 0x80;
    private static final int EXPONENT = 0xc0;
    private static final int EXPONENT_SMALL = 0xa0;
    private static final int EXPONENT_LARGE = 0xe0;
    private static final int EXPONENT_SHORT_MAX = 31;
    private static final int LONG_DIGITS = 18;
    private static final int ZEROS_MAX = 18;
    private static final BigInteger ZEROS_LIMIT = BigInteger.TEN.pow(ZEROS_MAX + 1);

    @Override
    void validate(byte[] value, int offset, int length) {
        if (length != 0 && length < SCALE_BYTES) {
            throw new InvalidValueException("Expected 0 or at least 4 bytes (" + length + ")");
        }
    }

    @Override
    void writePayload(byte[] value, int offset, int length, ByteWriter out) {
        int start = out.length();
        int scale = ByteWriter.getInt(value, offset);
        boolean negative;
        if (length - SCALE_BYTES <= Long.BYTES) {
            long unscaled = smallUnscaled(value, offset, length);
            if (unscaled == 0) {
                out.writeByte(ZERO);
                return;
            }
            negative = unscaled < 0;
            if (unscaled != Long.MIN_VALUE) {
                writeSmall(Math.abs(unscaled), scale, out);
            } else {
                writeLarge(BigInteger.valueOf(unscaled).negate(), scale, out);
            }
        } else {
            BigInteger unscaled = unscaled(value, offset, length);
            if (unscaled.signum() == 0) {
                out.writeByte(ZERO);
                return;
            }
            negative = unscaled.signum() < 0;
            writeLarge(unscaled.abs(), scale, out);
        }
        if (negative) {
            invert(out, start);
        }
    }

    private static void writeSmall(long unscaled, int scale, ByteWriter out) {
        long rest = unscaled;
        int zeros = 0;
        while (rest % 10 == 0) {
            rest /= 10;
            zeros++;
        }
        int digits = 1;
        long power = 1; // 10^(digits - 1)
        while (rest / power >= 10) {
            power *= 10;
            digits++;
        }
        writeExponent((long) digits + zeros - scale, out);
        while (power >= 10) {
            power /= 10;
            out.writeByte((int) (rest / power) + 1);
            rest %= power;
            power /= 10;
        }
        if (power == 1) {
            out.writeByte((int) rest * 10 + 1);
        }
        out.writeByte(END);
    }

    private static void writeLarge(BigInteger unscaled, int scale, ByteWriter out) {
        String text = unscaled.toString();
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        writeExponent((long) text.length() - scale, out);
        for (int i = 0; i < end; i += 2) {
            int pair = (text.charAt(i) - '0') * 10;
            if (i + 1 < end) {
                pair += text.charAt(i + 1) - '0';
            }
            out.writeByte(pair + 1);
        }
        out.writeByte(END);
    }

    private static void writeExponent(long exponent, ByteWriter out) {
        if (exponent > EXPONENT_SHORT_MAX) {
            out.writeByte(EXPONENT_LARGE).writeLong(exponent);
        } else if (exponent < -EXPONENT_SHORT_MAX) {
            out.writeByte(EXPONENT_SMALL).writeLong(exponent ^ Long.MIN_VALUE);
        } else {
            out.writeByte((int) (EXPONENT + exponent));
        }
    }

    @Override
    int skipPayload(byte[] key, int at, int mask) {
        if (isZero(key, at, mask)) {
            return at + 1;
        }
        byte end = (byte) signMask(key, at, mask);
        int i = digitsAt(key, at, mask);
        while (key[i] != end) {
            i++;
        }
        return i + 1;
    }

    @Override
    int readPayload(byte[] key, int at, int mask, ByteWriter out) {
        int end = skipPayload(key, at, mask);
        if (isZero(key, at, mask)) {
            out.writeInt(0).writeByte(0);
            return end;
        }
        int signMask = signMask(key, at, mask);
        int digitsAt = digitsAt(key, at, mask);
        StringBuilder text = new StringBuilder();
        for (int i = digitsAt; i < end - 1; i++) {
            int pair = ((key[i] ^ signMask) & 0xff) - 1;
            text.append((char) ('0' + pair / 10)).append((char) ('0' + pair % 10));
        }
        if (text.charAt(text.length() - 1) == '0') {
            text.setLength(text.length() - 1);
        }
        long scale = text.length() - exponent(key, at, signMask);
        long zeros = 0;
        if (scale < 0 && scale >= -ZEROS_MAX) {
            zeros = -scale;
        } else if (scale < Integer.MIN_VALUE) {
            zeros = Integer.MIN_VALUE - scale;
        }
        text.repeat('0', Math.toIntExact(zeros));
        out.writeInt(Math.toIntExact(scale + zeros));
        writeUnscaled(text, signMask != mask, out);
        return end;
    }

    private static void writeUnscaled(StringBuilder text, boolean negative, ByteWriter out) {
        if (text.length() > LONG_DIGITS) {
            BigInteger unscaled = new BigInteger(text.toString());
            out.writeBytes((negative ? unscaled.negate() : unscaled).toByteArray());
            return;
        }
        long magnitude = Long.parseLong(text, 0, text.length(), 10);
        writeMinimal(negative ? -magnitude : magnitude, out);
    }

    private static void writeMinimal(long value, ByteWriter out) {
        int bits = Long.SIZE + 1 - Long.numberOfLeadingZeros(value < 0 ? ~value : value);
        int bytes = (bits + Byte.SIZE - 1) / Byte.SIZE;
        for (int i = bytes - 1; i >= 0; i--) {
            out.writeByte((int) (value >> Byte.SIZE * i));
        }
    }

    private static boolean isZero(byte[] key, int at, int mask) {
        return tag(key, at, mask) == ZERO;
    }

    /// The mask that undoes the column's direction and the value's sign.
    private static int signMask(byte[] key, int at, int mask) {
        return tag(key, at, mask) < ZERO ? ~mask & 0xff : mask;
    }

    private static int digitsAt(byte[] key, int at, int mask) {
        int first = tag(key, at, signMask(key, at, mask));
        return first == EXPONENT_LARGE || first == EXPONENT_SMALL ? at + 1 + Long.BYTES : at + 1;
    }

    private static long exponent(byte[] key, int at, int signMask) {
        int first = tag(key, at, signMask);
        long invert = -(long) (signMask & 1);
        if (first == EXPONENT_LARGE) {
            return ByteWriter.getLong(key, at + 1) ^ invert;
        }
        if (first == EXPONENT_SMALL) {
            return ByteWriter.getLong(key, at + 1) ^ invert ^ Long.MIN_VALUE;
        }
        return (long) first - EXPONENT;
    }

    @Override
    boolean isCanonical(byte[] value, int offset, int length) {
        int numberAt = offset + SCALE_BYTES;
        int numberLength = length - SCALE_BYTES;
        if (numberLength == 0 || VarintCodec.padding(value, numberAt, numberLength) != 0) {
            return false;
        }
        int scale = ByteWriter.getInt(value, offset);
        BigInteger unscaled = unscaled(value, offset, length);
        if (unscaled.signum() == 0) {
            return scale == 0;
        }
        if (scale == 0) {
            return unscaled.mod(ZEROS_LIMIT).signum() != 0;
        }
        if (scale == Integer.MIN_VALUE) {
            return true; // there is no other to hold the zeros
        }
        boolean isFullScale = scale > 0 || scale < -ZEROS_MAX;
        return isFullScale && unscaled.mod(BigInteger.TEN).signum() != 0;
    }

    @Override
    void format(StringBuilder out, byte[] value, int offset, int length) {
        if (length == 0) {
            out.append("null");
            return;
        }
        out.append(toBigDecimal(value, offset, length));
    }

    static BigDecimal toBigDecimal(byte[] value, int offset, int length) {
        return new BigDecimal(unscaled(value, offset, length), ByteWriter.getInt(value, offset));
    }

    private static BigInteger unscaled(byte[] value, int offset, int length) {
        return length == SCALE_BYTES
                ? BigInteger.ZERO
                : new BigInteger(value, offset + SCALE_BYTES, length - SCALE_BYTES);
    }

    private static long smallUnscaled(byte[] value, int offset, int length) {
        if (length == SCALE_BYTES) {
            return 0;
        }
        long unscaled = value[offset + SCALE_BYTES];
        for (int i = SCALE_BYTES + 1; i < length; i++) {
            unscaled = unscaled << Byte.SIZE | value[offset + i] & 0xff;
        }
        return unscaled;
    }
}
