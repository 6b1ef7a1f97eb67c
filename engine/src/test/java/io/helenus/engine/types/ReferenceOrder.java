package io.helenus.engine.types;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The order of values in plain Java, without keys: what the keys are tested against.
final class ReferenceOrder {
    private ReferenceOrder() {}

    /// Null, then empty, then the others.
    static int compare(CqlType type, byte @Nullable [] a, byte @Nullable [] b) {
        if (a == null || b == null) {
            return Boolean.compare(a != null, b != null);
        }
        if (a.length == 0 || b.length == 0) {
            return Integer.compare(Math.min(a.length, 1), Math.min(b.length, 1));
        }
        return switch (type) {
            case NativeType nativeType -> compareNative(nativeType, a, b);
            case CustomType _ -> Arrays.compareUnsigned(a, b);
            default -> compareParts(type, a, b);
        };
    }

    private static int compareNative(NativeType type, byte[] a, byte[] b) {
        ByteBuffer left = ByteBuffer.wrap(a);
        ByteBuffer right = ByteBuffer.wrap(b);
        return switch (type) {
            case TINYINT -> Byte.compare(a[0], b[0]);
            case SMALLINT -> Short.compare(left.getShort(), right.getShort());
            case INT -> Integer.compare(left.getInt(), right.getInt());
            case BIGINT, COUNTER, TIMESTAMP -> Long.compare(left.getLong(), right.getLong());
            case FLOAT -> Float.compare(left.getFloat(), right.getFloat());
            case DOUBLE -> Double.compare(left.getDouble(), right.getDouble());
            case BOOLEAN -> Boolean.compare(a[0] != 0, b[0] != 0);
            case VARINT -> new BigInteger(a).compareTo(new BigInteger(b));
            case DECIMAL ->
                    DecimalCodec.toBigDecimal(a, 0, a.length)
                            .compareTo(DecimalCodec.toBigDecimal(b, 0, b.length));
            case UUID -> compareUuids(left.getLong(), left.getLong(), right);
            case TIMEUUID -> compareTimeUuids(a, b);
            case ASCII, BLOB, DATE, DURATION, EMPTY, INET, TEXT, TIME ->
                    Arrays.compareUnsigned(a, b);
        };
    }

    private static int compareUuids(long high, long low, ByteBuffer other) {
        long otherHigh = other.getLong();
        long otherLow = other.getLong();
        java.util.UUID left = new java.util.UUID(high, low);
        java.util.UUID right = new java.util.UUID(otherHigh, otherLow);
        int order = Integer.compare(left.version(), right.version());
        if (order == 0) {
            order =
                    left.version() == 1
                            ? Long.compare(time(high), time(otherHigh))
                            : Long.compareUnsigned(high, otherHigh);
        }
        return order != 0 ? order : Long.compareUnsigned(low, otherLow);
    }

    private static long time(long high) {
        return (high & 0xfff) << 48 | (high >>> 16 & 0xffff) << 32 | high >>> 32;
    }

    private static int compareTimeUuids(byte[] a, byte[] b) {
        int order =
                Long.compare(
                        time(ByteBuffer.wrap(a).getLong()), time(ByteBuffer.wrap(b).getLong()));
        return order != 0 ? order : Arrays.compare(a, 8, 16, b, 8, 16);
    }

    private static int compareParts(CqlType type, byte[] a, byte[] b) {
        List<byte @Nullable []> left = parts(type, a);
        List<byte @Nullable []> right = parts(type, b);
        for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
            int order = compare(partType(type, i), left.get(i), right.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    private static CqlType partType(CqlType type, int part) {
        List<CqlType> types = type.subTypes();
        return types.get(part % types.size());
    }

    /// Without nulls at the end, which only tuples have.
    private static List<byte @Nullable []> parts(CqlType type, byte[] value) {
        List<byte @Nullable []> parts = new ArrayList<>();
        Elements elements = new Elements().wrap(type, value, 0, value.length);
        while (elements.next()) {
            parts.add(elements.toBytes());
        }
        while (!parts.isEmpty() && parts.getLast() == null) {
            parts.removeLast();
        }
        return parts;
    }
}
