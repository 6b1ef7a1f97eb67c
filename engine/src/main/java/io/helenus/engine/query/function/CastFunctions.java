package io.helenus.engine.query.function;

import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.NativeType;
import io.helenus.sstable.model.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `CAST(value AS type)`: numbers to numbers, times to times, and anything simple to text.
public final class CastFunctions {
    private static final Set<NativeType> NUMBERS =
            EnumSet.of(
                    NativeType.TINYINT,
                    NativeType.SMALLINT,
                    NativeType.INT,
                    NativeType.BIGINT,
                    NativeType.COUNTER,
                    NativeType.FLOAT,
                    NativeType.DOUBLE,
                    NativeType.DECIMAL,
                    NativeType.VARINT);

    private static final Set<NativeType> TEXTUAL =
            EnumSet.of(
                    NativeType.BOOLEAN,
                    NativeType.TIMEUUID,
                    NativeType.UUID,
                    NativeType.INET,
                    NativeType.DATE,
                    NativeType.TIME,
                    NativeType.TIMESTAMP,
                    NativeType.ASCII);

    private static final long MILLIS_PER_DAY = 86_400_000L;
    private static final long EPOCH_DAY = 1L << 31;

    private CastFunctions() {}

    /// The conversion, or null if there is none.
    public static @Nullable ScalarFunction find(CqlType from, CqlType to) {
        if (!(from instanceof NativeType source) || !(to instanceof NativeType target)) {
            return null;
        }
        boolean number = NUMBERS.contains(source);
        if (target == NativeType.TEXT && (number || TEXTUAL.contains(source))) {
            return new Cast(source, target);
        }
        if (target == NativeType.ASCII && (number || TEXTUAL.contains(source))) {
            return new Cast(source, target);
        }
        if (number && NUMBERS.contains(target) && target != NativeType.COUNTER) {
            return new Cast(source, target);
        }
        boolean time =
                source == NativeType.TIMEUUID
                        || source == NativeType.TIMESTAMP
                        || source == NativeType.DATE;
        boolean toTime = target == NativeType.TIMESTAMP || target == NativeType.DATE;
        return time && toTime ? new Cast(source, target) : null;
    }

    private record Cast(NativeType from, NativeType to) implements ScalarFunction {
        @Override
        public String name() {
            return "castas" + to.cqlName();
        }

        @Override
        public List<CqlType> argumentTypes() {
            return List.of(from);
        }

        @Override
        public CqlType returnType() {
            return to;
        }

        @Override
        public boolean isPure() {
            return true;
        }

        @Override
        public void execute(Evaluation evaluation, Slice[] arguments, Slice out) {
            Slice value = arguments[0];
            boolean empty = value.length() == 0 && !TEXTUAL.contains(to);
            if (!value.hasBytes() || empty) {
                out.setNull();
                return;
            }
            byte[] result;
            if (to == NativeType.TEXT || to == NativeType.ASCII) {
                result = text(value).getBytes(StandardCharsets.UTF_8);
            } else if (NUMBERS.contains(to)) {
                result = number(toDecimal(from, value), to);
            } else {
                result = time(value);
            }
            out.set(result);
        }

        private String text(Slice value) {
            if (from == NativeType.ASCII) {
                return new String(
                        value.array(), value.offset(), value.length(), StandardCharsets.US_ASCII);
            }
            String literal = from.format(value.array(), value.offset(), value.length());
            boolean quoted = literal.length() >= 2 && literal.startsWith("'");
            return quoted ? literal.substring(1, literal.length() - 1) : literal;
        }

        private byte[] time(Slice value) {
            long millis =
                    switch (from) {
                        case DATE ->
                                ((ByteWriter.getInt(value.array(), value.offset()) & 0xFFFFFFFFL)
                                                - EPOCH_DAY)
                                        * MILLIS_PER_DAY;
                        case TIMEUUID ->
                                TimeUuids.unixMillis(
                                        ByteWriter.getLong(value.array(), value.offset()));
                        default -> ByteWriter.getLong(value.array(), value.offset());
                    };
            ByteWriter out = new ByteWriter(Long.BYTES);
            if (to == NativeType.DATE) {
                out.writeInt((int) (Math.floorDiv(millis, MILLIS_PER_DAY) + EPOCH_DAY));
            } else {
                out.writeLong(millis);
            }
            return out.toArray();
        }
    }

    /// A number with what it needs beside the decimal: floats may be NaN or infinite.
    private record Numeric(@Nullable BigDecimal exact, double approximate) {}

    private static Numeric toDecimal(NativeType type, Slice value) {
        byte[] array = value.array();
        int at = value.offset();
        return switch (type) {
            case TINYINT -> exact(array[at]);
            case SMALLINT -> exact((short) ByteWriter.getUnsignedShort(array, at));
            case INT -> exact(ByteWriter.getInt(array, at));
            case BIGINT, COUNTER -> exact(ByteWriter.getLong(array, at));
            case FLOAT -> approximate(Float.intBitsToFloat(ByteWriter.getInt(array, at)));
            case DOUBLE -> approximate(Double.longBitsToDouble(ByteWriter.getLong(array, at)));
            case VARINT -> exact(new BigDecimal(new BigInteger(array, at, value.length())));
            case DECIMAL ->
                    exact(
                            new BigDecimal(
                                    new BigInteger(
                                            array,
                                            at + Integer.BYTES,
                                            value.length() - Integer.BYTES),
                                    ByteWriter.getInt(array, at)));
            default -> throw new IllegalArgumentException(type.cqlName() + " is no number");
        };
    }

    private static Numeric exact(long value) {
        return new Numeric(BigDecimal.valueOf(value), (double) value);
    }

    private static Numeric exact(BigDecimal value) {
        return new Numeric(value, value.doubleValue());
    }

    private static Numeric approximate(double value) {
        return new Numeric(
                Double.isFinite(value) ? new BigDecimal(Double.toString(value)) : null, value);
    }

    private static Numeric approximate(float value) {
        return new Numeric(
                Float.isFinite(value) ? new BigDecimal(Float.toString(value)) : null, value);
    }

    /// As Java converts: fractions are cut off, and integers wrap.
    private static byte[] number(Numeric value, NativeType type) {
        ByteWriter out = new ByteWriter(16);
        BigDecimal exact = value.exact();
        long whole = exact == null ? (long) value.approximate() : integer(exact).longValue();
        switch (type) {
            case TINYINT -> out.writeByte((int) whole);
            case SMALLINT -> out.writeShort((int) whole);
            case INT -> out.writeInt((int) whole);
            case BIGINT -> out.writeLong(whole);
            case FLOAT -> out.writeInt(Float.floatToIntBits((float) value.approximate()));
            case DOUBLE -> out.writeLong(Double.doubleToLongBits(value.approximate()));
            case VARINT ->
                    out.writeBytes(
                            (exact == null ? BigInteger.valueOf(whole) : integer(exact))
                                    .toByteArray());
            case DECIMAL -> {
                BigDecimal decimal = exact == null ? BigDecimal.ZERO : exact;
                out.writeInt(decimal.scale());
                out.writeBytes(decimal.unscaledValue().toByteArray());
            }
            default -> throw new IllegalArgumentException(type.cqlName() + " is no number");
        }
        return out.toArray();
    }

    private static BigInteger integer(BigDecimal value) {
        // A huge exponent would make a number of as many digits.
        if (value.precision() - (long) value.scale() > 10_000) {
            throw io.helenus.engine.error.CqlException.invalid(
                    "Numeric with exponent %d is too large to be cast".formatted(-value.scale()));
        }
        return value.setScale(0, RoundingMode.DOWN).toBigInteger();
    }
}
