package io.helenus.engine.query.select;

import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.NativeType;
import io.helenus.sstable.model.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `SUM(x)` and `AVG(x)`, in the type of their argument as in Apache Cassandra: sums of integers wrap
/// around, averages of integers drop their fraction, and without any value both are 0.
final class NumberSum extends Aggregate {
    /// How values are added.
    enum Kind {
        INTEGER,
        FLOATING,
        VARINT,
        DECIMAL
    }

    private static final Map<CqlType, Kind> KINDS =
            Map.of(
                    NativeType.TINYINT, Kind.INTEGER,
                    NativeType.SMALLINT, Kind.INTEGER,
                    NativeType.INT, Kind.INTEGER,
                    NativeType.BIGINT, Kind.INTEGER,
                    NativeType.COUNTER, Kind.INTEGER,
                    NativeType.FLOAT, Kind.FLOATING,
                    NativeType.DOUBLE, Kind.FLOATING,
                    NativeType.VARINT, Kind.VARINT,
                    NativeType.DECIMAL, Kind.DECIMAL);

    private final Selector argument;
    private final Kind kind;
    private final boolean average;

    NumberSum(Selector argument, Kind kind, boolean average) {
        super(argument.type());
        this.argument = argument;
        this.kind = kind;
        this.average = average;
    }

    /// Null if values of the type cannot be added.
    static @Nullable Kind kind(CqlType type) {
        return KINDS.get(type);
    }

    /// The types that there are, for messages.
    static String signatures(String function) {
        List<String> all = new ArrayList<>();
        for (NativeType type : NativeType.values()) {
            if (KINDS.containsKey(type)) {
                all.add(
                        "system.%s : (%s) -> %s"
                                .formatted(function, type.cqlName(), type.cqlName()));
            }
        }
        return String.join(", ", all);
    }

    @Override
    State start() {
        return switch (kind) {
            case INTEGER -> new IntegerState();
            case FLOATING -> new FloatingState();
            case VARINT, DECIMAL -> new DecimalState();
        };
    }

    /// What all kinds share: nulls and values without bytes do not count.
    private abstract class NumberState implements State {
        private final Slice value = new Slice();
        long count;

        @Override
        public final void add(RowValues row) {
            argument.evaluate(row, value);
            if (value.length() > 0) {
                count++;
                add(value.array(), value.offset(), value.length());
            }
        }

        abstract void add(byte[] array, int offset, int length);

        @Override
        public final void result(Evaluation evaluation, Slice out) {
            ByteWriter arena = evaluation.arena();
            int at = arena.length();
            write(arena);
            out.set(arena.array(), at, arena.length() - at);
        }

        abstract void write(ByteWriter out);
    }

    /// A sum of 64 bits, and the exact one for averages.
    private final class IntegerState extends NumberState {
        private long sum;
        private BigInteger exact = BigInteger.ZERO;

        @Override
        void add(byte[] array, int offset, int length) {
            long number =
                    switch (length) {
                        case Byte.BYTES -> array[offset];
                        case Short.BYTES -> (short) ByteWriter.getUnsignedShort(array, offset);
                        case Integer.BYTES -> ByteWriter.getInt(array, offset);
                        default -> ByteWriter.getLong(array, offset);
                    };
            if (average && isOverflow(sum, number)) {
                exact = exact.add(BigInteger.valueOf(sum));
                sum = 0;
            }
            sum += number;
        }

        private static boolean isOverflow(long sum, long number) {
            long result = sum + number;
            return ((sum ^ result) & (number ^ result)) < 0;
        }

        @Override
        void write(ByteWriter out) {
            long result = sum;
            if (average && count > 0) {
                result =
                        exact.add(BigInteger.valueOf(sum))
                                .divide(BigInteger.valueOf(count))
                                .longValueExact();
            }
            if (type() == NativeType.TINYINT) {
                out.writeByte((int) result);
            } else if (type() == NativeType.SMALLINT) {
                out.writeShort((int) result);
            } else if (type() == NativeType.INT) {
                out.writeInt((int) result);
            } else {
                out.writeLong(result);
            }
        }
    }

    /// With Kahan's compensation, unless that is spoiled by infinities.
    private final class FloatingState extends NumberState {
        private double sum;
        private double lost;
        private double plain;

        @Override
        void add(byte[] array, int offset, int length) {
            double number =
                    length == Float.BYTES
                            ? Float.intBitsToFloat(ByteWriter.getInt(array, offset))
                            : Double.longBitsToDouble(ByteWriter.getLong(array, offset));
            plain += number;
            double corrected = number - lost;
            double next = sum + corrected;
            lost = next - sum - corrected;
            sum = next;
        }

        @Override
        void write(ByteWriter out) {
            double result = Double.isFinite(plain) ? sum : plain;
            if (average && count > 0) {
                result /= count;
            }
            if (type() == NativeType.FLOAT) {
                out.writeInt(Float.floatToRawIntBits((float) result));
            } else {
                out.writeLong(Double.doubleToRawLongBits(result));
            }
        }
    }

    /// Numbers of any size.
    private final class DecimalState extends NumberState {
        private BigDecimal sum = BigDecimal.ZERO;

        @Override
        void add(byte[] array, int offset, int length) {
            int scale = 0;
            int scaleBytes = 0;
            if (kind == Kind.DECIMAL) {
                scale = ByteWriter.getInt(array, offset);
                scaleBytes = Integer.BYTES;
            }
            BigInteger unscaled = new BigInteger(array, offset + scaleBytes, length - scaleBytes);
            sum = sum.add(new BigDecimal(unscaled, scale));
        }

        @Override
        void write(ByteWriter out) {
            BigDecimal result = sum;
            if (average && count > 0) {
                RoundingMode mode =
                        kind == Kind.VARINT ? RoundingMode.DOWN : RoundingMode.HALF_EVEN;
                result = sum.divide(BigDecimal.valueOf(count), mode);
            }
            if (kind == Kind.DECIMAL) {
                out.writeInt(result.scale());
            }
            out.writeBytes(result.unscaledValue().toByteArray());
        }
    }
}
