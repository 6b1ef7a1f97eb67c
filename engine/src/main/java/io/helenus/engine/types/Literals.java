package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/// Constants of native types to bytes. Stateless.
final class Literals {
    private static final byte[] EMPTY = {};
    private static final Pattern UUID_TEXT =
            Pattern.compile(
                    "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final int HEX_PREFIX = 2;

    private Literals() {}

    /// @param kind one that the type accepts
    static byte[] parse(NativeType type, LiteralKind kind, String text, LongSupplier clockMillis) {
        if (kind == LiteralKind.HEX) {
            return hex(text.substring(HEX_PREFIX));
        }
        if (text.isEmpty() && type.isEmptyAllowed() && type != NativeType.BOOLEAN) {
            return EMPTY;
        }
        return switch (type) {
            case ASCII -> ascii(text);
            case TEXT -> text.getBytes(StandardCharsets.UTF_8);
            case TINYINT -> ofLong(integer(text, Byte.MIN_VALUE, Byte.MAX_VALUE, "byte"), 1);
            case SMALLINT ->
                    ofLong(integer(text, Short.MIN_VALUE, Short.MAX_VALUE, "short"), Short.BYTES);
            case INT ->
                    ofLong(
                            integer(text, Integer.MIN_VALUE, Integer.MAX_VALUE, "int"),
                            Integer.BYTES);
            case BIGINT, COUNTER ->
                    ofLong(integer(text, Long.MIN_VALUE, Long.MAX_VALUE, "long"), Long.BYTES);
            case VARINT -> varint(text);
            case DECIMAL -> decimal(text);
            case FLOAT -> ofLong(Float.floatToRawIntBits((float) real(text, true)), Float.BYTES);
            case DOUBLE -> ofLong(Double.doubleToRawLongBits(real(text, false)), Double.BYTES);
            case BOOLEAN -> bool(text);
            case BLOB -> hex(text);
            case UUID -> uuid(text, "Unable to make UUID from '%s'");
            case TIMEUUID -> timeUuid(text);
            case INET -> InetText.parse(text);
            case DATE -> ofLong(TimeText.parseDate(text), Integer.BYTES);
            case TIME -> ofLong(TimeText.parseTime(text), Long.BYTES);
            case TIMESTAMP -> ofLong(TimeText.parseTimestamp(text, clockMillis), Long.BYTES);
            case DURATION -> CqlDuration.parse(text).toBytes();
            case EMPTY -> throw new InvalidValueException("'" + text + "' is not empty");
        };
    }

    private static byte[] ofLong(long value, int bytes) {
        byte[] result = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            result[i] = (byte) (value >> Byte.SIZE * (bytes - 1 - i));
        }
        return result;
    }

    private static long integer(String text, long min, long max, String what) {
        try {
            long value = Long.parseLong(text);
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException _) {
            // not a number or too large: the same answer
        }
        throw new InvalidValueException("Unable to make %s from '%s'".formatted(what, text));
    }

    private static byte[] varint(String text) {
        try {
            return new BigInteger(text).toByteArray();
        } catch (NumberFormatException e) {
            throw new InvalidValueException("unable to make int from '%s'".formatted(text), e);
        }
    }

    private static byte[] decimal(String text) {
        try {
            BigDecimal value = new BigDecimal(text);
            return new ByteWriter()
                    .writeInt(value.scale())
                    .writeBytes(value.unscaledValue().toByteArray())
                    .toArray();
        } catch (NumberFormatException e) {
            throw new InvalidValueException(
                    "unable to make BigDecimal from '%s'".formatted(text), e);
        }
    }

    /// A float parsed as such, not rounded twice.
    private static double real(String text, boolean isFloat) {
        try {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "nan", "-nan" -> Double.NaN;
                case "infinity" -> Double.POSITIVE_INFINITY;
                case "-infinity" -> Double.NEGATIVE_INFINITY;
                default -> isFloat ? Float.parseFloat(text) : Double.parseDouble(text);
            };
        } catch (NumberFormatException e) {
            throw new InvalidValueException(
                    "Unable to make %s from '%s'".formatted(isFloat ? "float" : "double", text), e);
        }
    }

    private static byte[] bool(String text) {
        if (text.equalsIgnoreCase("true")) {
            return new byte[] {1};
        }
        if (text.isEmpty() || text.equalsIgnoreCase("false")) {
            return new byte[] {0};
        }
        throw new InvalidValueException("Unable to make boolean from '%s'".formatted(text));
    }

    private static byte[] ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > Byte.MAX_VALUE) {
                throw new InvalidValueException(
                        "Invalid ASCII character in string literal: U+%04X at position %d"
                                .formatted((int) text.charAt(i), i));
            }
        }
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String digits) {
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("cannot parse '%s' as hex bytes".formatted(digits), e);
        }
    }

    private static byte[] timeUuid(String text) {
        byte[] value = uuid(text, "Unknown timeuuid representation: %s");
        try {
            NativeType.TIMEUUID.validate(value);
        } catch (InvalidValueException e) {
            throw new InvalidValueException("TimeUUID supports only version 1 UUIDs", e);
        }
        return value;
    }

    private static byte[] uuid(String text, String message) {
        if (!UUID_TEXT.matcher(text).matches()) {
            throw new InvalidValueException(message.formatted(text));
        }
        java.util.UUID uuid = java.util.UUID.fromString(text);
        return new ByteWriter(UuidCodec.UUID_BYTES)
                .writeLong(uuid.getMostSignificantBits())
                .writeLong(uuid.getLeastSignificantBits())
                .toArray();
    }
}
