package io.helenus.engine.types;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The types that are not made of others.
public enum NativeType implements CqlType {
    ASCII(0x01, "AsciiType", -1, new TextCodec.Ascii(), LiteralKind.STRING),
    BIGINT(0x02, "LongType", Long.BYTES, new NumberCodecs.BigInt(), LiteralKind.INTEGER),
    BLOB(0x03, "BytesType", -1, new BytesCodec.Blob(), LiteralKind.HEX),
    BOOLEAN(0x04, "BooleanType", 1, new NumberCodecs.Bool(), LiteralKind.BOOLEAN),
    COUNTER(0x05, "CounterColumnType", -1, new NumberCodecs.BigInt(), LiteralKind.INTEGER),
    DATE(
            0x11,
            "SimpleDateType",
            -1,
            new NumberCodecs.Date(),
            LiteralKind.STRING,
            LiteralKind.INTEGER),
    DECIMAL(0x06, "DecimalType", -1, new DecimalCodec(), LiteralKind.INTEGER, LiteralKind.FLOAT),
    DOUBLE(
            0x07,
            "DoubleType",
            Double.BYTES,
            new NumberCodecs.Float64(),
            LiteralKind.INTEGER,
            LiteralKind.FLOAT),
    DURATION(
            0x15,
            "DurationType",
            -1,
            new DurationCodec(),
            LiteralKind.INTEGER,
            LiteralKind.DURATION),
    /// Has no value but the empty one. The value column of what was a dense table without one.
    EMPTY(0x00, "EmptyType", 0, new EmptyCodec()),
    FLOAT(
            0x08,
            "FloatType",
            Float.BYTES,
            new NumberCodecs.Float32(),
            LiteralKind.INTEGER,
            LiteralKind.FLOAT),
    INET(0x10, "InetAddressType", -1, new BytesCodec.Inet(), LiteralKind.STRING),
    INT(0x09, "Int32Type", Integer.BYTES, new NumberCodecs.Int(), LiteralKind.INTEGER),
    SMALLINT(0x13, "ShortType", -1, new NumberCodecs.SmallInt(), LiteralKind.INTEGER),
    TEXT(0x0d, "UTF8Type", -1, new TextCodec.Utf8(), LiteralKind.STRING),
    TIME(0x12, "TimeType", -1, new NumberCodecs.Time(), LiteralKind.STRING, LiteralKind.INTEGER),
    TIMESTAMP(
            0x0b,
            "TimestampType",
            Long.BYTES,
            new NumberCodecs.Timestamp(),
            LiteralKind.STRING,
            LiteralKind.INTEGER),
    TIMEUUID(
            0x0f, "TimeUUIDType", UuidCodec.UUID_BYTES, new UuidCodec.TimeUuid(), LiteralKind.UUID),
    TINYINT(0x14, "ByteType", -1, new NumberCodecs.TinyInt(), LiteralKind.INTEGER),
    UUID(0x0c, "UUIDType", UuidCodec.UUID_BYTES, new UuidCodec.Uuid(), LiteralKind.UUID),
    VARINT(0x0e, "IntegerType", -1, new VarintCodec(), LiteralKind.INTEGER);

    static final String PACKAGE = "org.apache.cassandra.db.marshal.";

    private static final Map<String, NativeType> BY_NAME =
            Arrays.stream(values())
                    .filter(type -> type != EMPTY)
                    .collect(Collectors.toUnmodifiableMap(NativeType::cqlName, type -> type));

    private final String cqlName = name().toLowerCase(Locale.ROOT);
    private final int wireId;
    private final String className;
    private final int fixedLength;

    @SuppressWarnings("ImmutableEnumChecker") // natives' codecs have no state
    private final ValueCodec codec;

    /// A bit per kind.
    private final int literals;

    NativeType(
            int wireId,
            String simpleName,
            int fixedLength,
            ValueCodec codec,
            LiteralKind... literals) {
        this.wireId = wireId;
        this.className = "org.apache.cassandra.db.marshal." + simpleName;
        this.fixedLength = fixedLength;
        this.codec = codec;
        this.literals =
                Arrays.stream(literals)
                        .mapToInt(kind -> 1 << kind.ordinal())
                        .reduce(0, (a, b) -> a | b);
    }

    /// The type that statements call by a lower-case name (`varchar` is text), or null. None calls
    /// [#EMPTY].
    public static @Nullable NativeType byName(String name) {
        return name.equals("varchar") ? TEXT : BY_NAME.get(name);
    }

    @Override
    public String cqlName() {
        return cqlName;
    }

    @Override
    public int wireId() {
        return wireId;
    }

    @Override
    public int wireId(int protocolVersion) {
        int since =
                switch (this) {
                    case DATE, SMALLINT, TIME, TINYINT -> 4;
                    case DURATION -> 5;
                    default -> 0;
                };
        return protocolVersion < since ? 0 : wireId;
    }

    @Override
    public String className(boolean ignoreFreezing) {
        return className;
    }

    @Override
    public ValueCodec codec() {
        return codec;
    }

    @Override
    public int fixedLength() {
        return fixedLength;
    }

    @Override
    public boolean isEmptyAllowed() {
        return switch (this) {
            case DATE, DURATION, SMALLINT, TIME, TINYINT -> false;
            default -> true;
        };
    }

    @Override
    public boolean isEmptyMeaningless() {
        return switch (this) {
            case ASCII, BLOB, DATE, DURATION, EMPTY, SMALLINT, TEXT, TIME, TINYINT -> false;
            default -> true;
        };
    }

    @Override
    public boolean referencesDuration() {
        return this == DURATION;
    }

    @Override
    public boolean referencesCounter() {
        return this == COUNTER;
    }

    @Override
    public boolean accepts(LiteralKind kind) {
        return (literals & 1 << kind.ordinal()) != 0;
    }

    @Override
    public byte[] parseLiteral(LiteralKind kind, String text, LongSupplier clockMillis) {
        if (!accepts(kind)) {
            throw new InvalidValueException(
                    "Invalid %s constant (%s) for type %s".formatted(kind, text, cqlName));
        }
        return Literals.parse(this, kind, text, clockMillis);
    }

    @Override
    public String toString() {
        return cqlName;
    }
}
