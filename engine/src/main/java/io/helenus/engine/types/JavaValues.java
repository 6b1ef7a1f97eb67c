package io.helenus.engine.types;

import io.helenus.engine.error.CqlException;
import io.helenus.sstable.model.ByteWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Java objects to bytes on the wire and back, for programs that hold the engine in their hands.
/// Stateless.
///
/// | CQL | Java |
/// |---|---|
/// | ascii, text | `String` |
/// | tinyint, smallint, int, bigint, varint | `Byte`, `Short`, `Integer`, `Long`, `BigInteger` |
/// | float, double, decimal | `Float`, `Double`, `BigDecimal` |
/// | boolean, uuid, timeuuid, inet | `Boolean`, `UUID`, `InetAddress` |
/// | timestamp, date, time | `Instant`, `LocalDate`, `LocalTime` |
/// | list, vector, tuple, user type | `List` |
/// | set, map | `Set`, `Map` |
/// | blob, duration | `ByteBuffer` |
///
/// A `byte[]` or `ByteBuffer` may stand for a value of any type and is taken as its bytes.
public final class JavaValues {
    private static final long EPOCH_DAY = 1L << 31;

    private JavaValues() {}

    /// Null for null. Bytes are taken as they are.
    public static byte @Nullable [] encode(CqlType type, @Nullable Object value) {
        if (value == null) {
            return null;
        }
        if (value instanceof byte[] bytes) {
            return bytes.clone();
        }
        ByteWriter out = new ByteWriter();
        write(type, value, out);
        return out.toArray();
    }

    /// Appends a value that is not null.
    ///
    /// @throws CqlException if the object is none of the type's
    public static void write(CqlType type, Object value, ByteWriter out) {
        if (value instanceof byte[] bytes) {
            out.writeBytes(bytes);
            return;
        }
        if (value instanceof ByteBuffer buffer) {
            if (buffer.hasArray()) {
                out.writeBytes(
                        buffer.array(),
                        buffer.arrayOffset() + buffer.position(),
                        buffer.remaining());
                return;
            }
            int at = out.length();
            out.ensure(buffer.remaining());
            out.setLength(at + buffer.remaining());
            buffer.get(buffer.position(), out.array(), at, buffer.remaining());
            return;
        }
        try {
            if (type instanceof NativeType nativeType) {
                writeNative(nativeType, value, out);
            } else {
                writeComposite(type, value, out);
            }
        } catch (ClassCastException | InvalidValueException e) {
            throw CqlException.invalid(
                    "A %s cannot be bound as %s: %s"
                            .formatted(value.getClass().getName(), type.cqlName(), e.getMessage()));
        }
    }

    private static void writeNative(NativeType type, Object value, ByteWriter out) {
        switch (type) {
            case ASCII, TEXT -> out.writeBytes(((String) value).getBytes(StandardCharsets.UTF_8));
            case BOOLEAN -> out.writeByte((Boolean) value ? 1 : 0);
            case TINYINT -> out.writeByte((Byte) value);
            case SMALLINT -> out.writeShort((Short) value);
            case INT -> out.writeInt((Integer) value);
            case BIGINT, COUNTER -> out.writeLong(((Number) value).longValue());
            case FLOAT -> out.writeInt(Float.floatToRawIntBits((Float) value));
            case DOUBLE -> out.writeLong(Double.doubleToRawLongBits((Double) value));
            case VARINT -> out.writeBytes(((BigInteger) value).toByteArray());
            case DECIMAL -> {
                BigDecimal decimal = (BigDecimal) value;
                out.writeInt(decimal.scale());
                out.writeBytes(decimal.unscaledValue().toByteArray());
            }
            case UUID, TIMEUUID -> {
                UUID uuid = (UUID) value;
                out.writeLong(uuid.getMostSignificantBits());
                out.writeLong(uuid.getLeastSignificantBits());
            }
            case TIMESTAMP -> out.writeLong(((Instant) value).toEpochMilli());
            case DATE -> out.writeInt((int) (((LocalDate) value).toEpochDay() + EPOCH_DAY));
            case TIME -> out.writeLong(((LocalTime) value).toNanoOfDay());
            case INET -> out.writeBytes(((InetAddress) value).getAddress());
            case BLOB, DURATION, EMPTY ->
                    throw new InvalidValueException("give its bytes, as a byte[] or ByteBuffer");
        }
    }

    private static void writeComposite(CqlType type, Object value, ByteWriter out) {
        switch (type) {
            case ListType list -> writeAll(list.element(), (Collection<?>) value, out);
            case SetType set -> writeAll(set.element(), (Collection<?>) value, out);
            case MapType map -> {
                Map<?, ?> entries = (Map<?, ?>) value;
                out.writeInt(entries.size());
                entries.forEach((key, mapped) -> {
                    ElementWriter.write(out, encode(map.key(), key));
                    ElementWriter.write(out, encode(map.value(), mapped));
                });
            }
            case VectorType vector -> {
                for (Object part : (Collection<?>) value) {
                    byte[] bytes = encode(vector.element(), part);
                    if (bytes == null) {
                        throw new InvalidValueException("null in a vector");
                    }
                    ElementWriter.writeToVector(vector, out, bytes, 0, bytes.length);
                }
            }
            default -> {
                int i = 0;
                for (Object part : (Collection<?>) value) {
                    ElementWriter.write(out, encode(type.subTypes().get(i++), part));
                }
            }
        }
    }

    private static void writeAll(CqlType element, Collection<?> values, ByteWriter out) {
        out.writeInt(values.size());
        for (Object value : values) {
            ElementWriter.write(out, encode(element, value));
        }
    }

    /// The reverse of [#encode]. Native values without bytes, where that means nothing, are buffers.
    public static Object decode(CqlType type, byte[] value) {
        if (type instanceof NativeType nativeType) {
            return value.length == 0 && nativeType.isEmptyMeaningless()
                    ? ByteBuffer.wrap(value)
                    : readNative(nativeType, value);
        }
        Elements elements = new Elements();
        return switch (type) {
            case ListType list ->
                    readAll(list.element(), elements.wrap(type, value, 0, value.length));
            case SetType set ->
                    Collections.unmodifiableSet(
                            new LinkedHashSet<>(
                                    readAll(
                                            set.element(),
                                            elements.wrap(type, value, 0, value.length))));
            case VectorType vector ->
                    readAll(vector.element(), elements.wrap(type, value, 0, value.length));
            case MapType map -> {
                Map<@Nullable Object, @Nullable Object> entries = new LinkedHashMap<>();
                elements.wrap(type, value, 0, value.length);
                while (elements.next()) {
                    Object key = part(map.key(), elements);
                    elements.next();
                    entries.put(key, part(map.value(), elements));
                }
                yield Collections.unmodifiableMap(entries);
            }
            default -> {
                if (type.subTypes().isEmpty()) {
                    yield ByteBuffer.wrap(value);
                }
                List<@Nullable Object> parts = new ArrayList<>();
                elements.wrap(type, value, 0, value.length);
                for (CqlType part : type.subTypes()) {
                    parts.add(elements.next() ? part(part, elements) : null);
                }
                yield Collections.unmodifiableList(parts);
            }
        };
    }

    private static @Nullable Object part(CqlType type, Elements elements) {
        byte[] bytes = elements.toBytes();
        return bytes == null ? null : decode(type, bytes);
    }

    private static List<@Nullable Object> readAll(CqlType type, Elements elements) {
        List<@Nullable Object> all = new ArrayList<>();
        while (elements.next()) {
            all.add(part(type, elements));
        }
        return Collections.unmodifiableList(all);
    }

    private static Object readNative(NativeType type, byte[] value) {
        return switch (type) {
            case ASCII, TEXT -> new String(value, StandardCharsets.UTF_8);
            case BOOLEAN -> value[0] != 0;
            case TINYINT -> value[0];
            case SMALLINT -> (short) ByteWriter.getUnsignedShort(value, 0);
            case INT -> ByteWriter.getInt(value, 0);
            case BIGINT, COUNTER -> ByteWriter.getLong(value, 0);
            case FLOAT -> Float.intBitsToFloat(ByteWriter.getInt(value, 0));
            case DOUBLE -> Double.longBitsToDouble(ByteWriter.getLong(value, 0));
            case VARINT -> new BigInteger(value);
            case DECIMAL ->
                    new BigDecimal(
                            new BigInteger(value, Integer.BYTES, value.length - Integer.BYTES),
                            ByteWriter.getInt(value, 0));
            case UUID, TIMEUUID ->
                    new UUID(ByteWriter.getLong(value, 0), ByteWriter.getLong(value, Long.BYTES));
            case TIMESTAMP -> Instant.ofEpochMilli(ByteWriter.getLong(value, 0));
            case DATE ->
                    LocalDate.ofEpochDay(
                            Integer.toUnsignedLong(ByteWriter.getInt(value, 0)) - EPOCH_DAY);
            case TIME -> LocalTime.ofNanoOfDay(ByteWriter.getLong(value, 0));
            case INET -> {
                try {
                    yield InetAddress.getByAddress(value);
                } catch (UnknownHostException e) {
                    throw new IllegalStateException("An address has 4 or 16 bytes", e);
                }
            }
            case BLOB, DURATION, EMPTY -> ByteBuffer.wrap(value).asReadOnlyBuffer();
        };
    }
}
