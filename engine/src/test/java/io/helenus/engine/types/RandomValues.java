package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// Types and values that are hard to tell apart: few bytes, many zeros, ones and signs.
final class RandomValues {
    private static final byte[] BYTES = {0, 0, 1, -1, -2, 127, -128, 'a', 'b'};
    private static final String LETTERS = "\0\0\1aab\u007fé€\uD83D\uDE00";
    private static final int DEPTH_MAX = 3;

    private final RandomGenerator random;

    RandomValues(RandomGenerator random) {
        this.random = random;
    }

    CqlType type() {
        return type(0);
    }

    private CqlType type(int depth) {
        int kind = depth >= DEPTH_MAX ? 0 : random.nextInt(12);
        return switch (kind) {
            case 6 -> new ListType(type(depth + 1), true);
            case 7 -> new SetType(type(depth + 1), true);
            case 8 -> new MapType(type(depth + 1), type(depth + 1), true);
            case 9 -> new TupleType(types(depth));
            case 10 -> {
                List<CqlType> types = types(depth);
                List<String> names = new ArrayList<>();
                for (int i = 0; i < types.size(); i++) {
                    names.add("f" + i);
                }
                yield new UserType("ks", "t", names, types, true);
            }
            case 11 -> new VectorType(type(depth + 1), 1 + random.nextInt(3));
            default -> nativeType();
        };
    }

    private List<CqlType> types(int depth) {
        List<CqlType> types = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            types.add(type(depth + 1));
        }
        return types;
    }

    private NativeType nativeType() {
        NativeType[] all = NativeType.values();
        NativeType type = all[random.nextInt(all.length)];
        return type == NativeType.EMPTY ? NativeType.DECIMAL : type;
    }

    byte[] value(CqlType type) {
        if (type instanceof NativeType nativeType) {
            return nativeType.isEmptyAllowed() && random.nextInt(12) == 0
                    ? new byte[0]
                    : nativeValue(nativeType);
        }
        ByteWriter out = new ByteWriter();
        int count = random.nextInt(4);
        switch (type) {
            case ListType list -> {
                out.writeInt(count);
                for (int i = 0; i < count; i++) {
                    ElementWriter.write(out, value(list.element()));
                }
            }
            case SetType set -> {
                out.writeInt(count);
                for (int i = 0; i < count; i++) {
                    ElementWriter.write(out, value(set.element()));
                }
            }
            case MapType map -> {
                out.writeInt(count);
                for (int i = 0; i < count; i++) {
                    ElementWriter.write(out, value(map.key()));
                    ElementWriter.write(out, value(map.value()));
                }
            }
            case TupleType tuple -> writeComponents(tuple.components(), out);
            case UserType user -> writeComponents(user.fieldTypes(), out);
            case VectorType vector -> {
                for (int i = 0; i < vector.dimension(); i++) {
                    byte[] element = value(vector.element());
                    while (vector.elementLength() >= 0
                            && element.length != vector.elementLength()) {
                        element = value(vector.element());
                    }
                    ElementWriter.writeToVector(vector, out, element, 0, element.length);
                }
            }
            case NativeType _, CustomType _ -> throw new IllegalArgumentException(type.cqlName());
        }
        return out.toArray();
    }

    private void writeComponents(List<CqlType> types, ByteWriter out) {
        int present = random.nextInt(types.size() + 1);
        for (CqlType type : types.subList(0, present)) {
            ElementWriter.write(out, random.nextInt(3) == 0 ? null : value(type));
        }
    }

    private byte[] nativeValue(NativeType type) {
        return switch (type) {
            case TINYINT, BOOLEAN -> bytes(1);
            case SMALLINT -> bytes(2);
            case INT, DATE -> bytes(4);
            case BIGINT, COUNTER, TIME, TIMESTAMP -> bytes(8);
            case FLOAT -> real(Float.BYTES);
            case DOUBLE -> real(Double.BYTES);
            case BLOB -> bytes(1 + random.nextInt(4));
            case VARINT -> bytes(random.nextInt(10) == 0 ? 126 + random.nextInt(5) : 1 + small());
            case DECIMAL -> decimal();
            case ASCII, TEXT -> text(type == NativeType.ASCII);
            case UUID -> bytes(16);
            case TIMEUUID -> {
                byte[] uuid = bytes(16);
                uuid[6] = (byte) (uuid[6] & 0xf | 0x10);
                yield uuid;
            }
            case INET -> bytes(random.nextBoolean() ? 4 : 16);
            case DURATION -> {
                int sign = random.nextBoolean() ? 1 : -1;
                yield new CqlDuration(sign * small(), sign * small() * 100, sign * (long) small())
                        .toBytes();
            }
            case EMPTY -> new byte[0];
        };
    }

    private int small() {
        return random.nextInt(4);
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = BYTES[random.nextInt(BYTES.length)];
        }
        if (random.nextInt(4) == 0) {
            bytes[random.nextInt(length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private byte[] real(int length) {
        byte[] bytes = bytes(length);
        if (random.nextInt(3) == 0) { // NaNs and infinities
            bytes[0] = (byte) (random.nextBoolean() ? 0x7f : 0xff);
            bytes[1] = (byte) (random.nextBoolean() ? 0xf0 : 0x80);
        }
        return bytes;
    }

    private byte[] decimal() {
        BigDecimal value =
                switch (random.nextInt(4)) {
                    case 0 -> BigDecimal.valueOf(random.nextInt(-200, 200), random.nextInt(-3, 5));
                    case 1 -> BigDecimal.valueOf(random.nextLong(), random.nextInt(-40, 40));
                    case 2 ->
                            new BigDecimal(
                                    BigInteger.TEN
                                            .pow(random.nextInt(60))
                                            .add(BigInteger.valueOf(random.nextInt(-1, 2))),
                                    random.nextInt(60));
                    default ->
                            new BigDecimal(
                                    BigInteger.valueOf(random.nextInt(-2, 3)),
                                    random.nextBoolean() ? random.nextInt() : Integer.MIN_VALUE);
                };
        ByteWriter out = new ByteWriter().writeInt(value.scale());
        if (random.nextInt(8) == 0) {
            out.writeByte(value.signum() < 0 ? -1 : 0);
        }
        return out.writeBytes(value.unscaledValue().toByteArray()).toArray();
    }

    private byte[] text(boolean ascii) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int limit = LETTERS.codePointCount(0, LETTERS.length());
            int letter = LETTERS.codePointAt(LETTERS.offsetByCodePoints(0, random.nextInt(limit)));
            text.appendCodePoint(ascii ? letter & 0x7f : letter);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
