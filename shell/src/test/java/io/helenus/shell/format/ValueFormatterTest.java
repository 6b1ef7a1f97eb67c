package io.helenus.shell.format;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.data.CqlDuration;
import com.datastax.oss.driver.api.core.data.CqlVector;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.TupleType;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import com.datastax.oss.driver.internal.core.type.UserDefinedTypeBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ValueFormatterTest {
    private static final ValueFormatter PLAIN =
            new ValueFormatter(StandardCharsets.UTF_8, ZoneOffset.UTC, false);
    private static final UserDefinedType ADDRESS =
            new UserDefinedTypeBuilder(
                            CqlIdentifier.fromInternal("ks"), CqlIdentifier.fromInternal("address"))
                    .withField("street", DataTypes.TEXT)
                    .withField(CqlIdentifier.fromInternal("Zip"), DataTypes.INT)
                    .withField("tags", DataTypes.frozenSetOf(DataTypes.TEXT))
                    .build();
    private static final TupleType TUPLE =
            DataTypes.tupleOf(DataTypes.INT, DataTypes.TEXT, DataTypes.INET);
    private static final Instant MAY = Instant.parse("2024-05-01T10:00:00.123Z");

    record Shown(DataType type, @Nullable ByteBuffer bytes, String text) {
        static Shown of(DataType type, Object value, String text) {
            TypeCodec<Object> codec = CodecRegistry.DEFAULT.codecFor(type);
            return new Shown(type, codec.encode(value, DefaultProtocolVersion.V5), text);
        }
    }

    static Stream<Shown> scalars() {
        return Stream.of(
                new Shown(DataTypes.INT, null, "null"),
                new Shown(DataTypes.INT, bytes(), ""),
                new Shown(DataTypes.TEXT, bytes(), ""),
                new Shown(DataTypes.BLOB, bytes(), "0x"),
                Shown.of(DataTypes.ASCII, "abc", "abc"),
                Shown.of(DataTypes.TEXT, "it's\nnew\tline \\ é 漢", "it's\\nnew\\tline \\\\ é 漢"),
                Shown.of(
                        DataTypes.TEXT,
                        "\u0000\u0001\u001b\u007f\u00a0",
                        "\\x00\\x01\\x1b\\x7f\\xa0"),
                Shown.of(DataTypes.TINYINT, (byte) -128, "-128"),
                Shown.of(DataTypes.SMALLINT, (short) -5, "-5"),
                Shown.of(DataTypes.INT, 2147483647, "2147483647"),
                Shown.of(DataTypes.BIGINT, Long.MIN_VALUE, "-9223372036854775808"),
                Shown.of(DataTypes.COUNTER, 7L, "7"),
                Shown.of(
                        DataTypes.VARINT,
                        new BigInteger("-10000000000000000000000000"),
                        "-10000000000000000000000000"),
                Shown.of(DataTypes.DECIMAL, new BigDecimal("10.0000000000000"), "10.0000000000000"),
                Shown.of(DataTypes.DECIMAL, new BigDecimal("1E-14"), "1E-14"),
                Shown.of(DataTypes.FLOAT, -2.1f, "-2.1"),
                Shown.of(DataTypes.DOUBLE, 19952.11882, "19952.11882"),
                Shown.of(DataTypes.BOOLEAN, true, "True"),
                Shown.of(DataTypes.BOOLEAN, false, "False"),
                Shown.of(DataTypes.BLOB, bytes(0xca, 0xfe, 0x00), "0xcafe00"),
                Shown.of(
                        DataTypes.UUID,
                        UUID.fromString("123e4567-e89b-12d3-a456-426614174000"),
                        "123e4567-e89b-12d3-a456-426614174000"),
                Shown.of(DataTypes.INET, InetAddress.ofLiteral("127.0.0.1"), "127.0.0.1"),
                Shown.of(DataTypes.INET, InetAddress.ofLiteral("::1"), "::1"),
                Shown.of(DataTypes.INET, InetAddress.ofLiteral("::"), "::"),
                Shown.of(
                        DataTypes.INET,
                        InetAddress.ofLiteral("2001:db8:0:1:0:0:0:1"),
                        "2001:db8:0:1::1"),
                Shown.of(
                        DataTypes.INET,
                        InetAddress.ofLiteral("fe80:0:1:2:3:4:5:6"),
                        "fe80:0:1:2:3:4:5:6"),
                new Shown(
                        DataTypes.INET,
                        bytes(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 1, 2, 3, 4),
                        "::ffff:1.2.3.4"),
                Shown.of(DataTypes.TIMESTAMP, MAY, "2024-05-01 10:00:00.123000+0000"),
                Shown.of(
                        DataTypes.TIMESTAMP,
                        Instant.ofEpochMilli(253402300800000L),
                        "253402300800000"),
                Shown.of(DataTypes.DATE, LocalDate.of(2024, 5, 1), "2024-05-01"),
                Shown.of(DataTypes.DATE, LocalDate.ofEpochDay(Integer.MIN_VALUE), "-2147483648"),
                Shown.of(DataTypes.TIME, LocalTime.of(10, 20, 30, 123456789), "10:20:30.123456789"),
                Shown.of(DataTypes.TIME, LocalTime.MIDNIGHT, "00:00:00.000000000"),
                Shown.of(
                        DataTypes.DURATION,
                        CqlDuration.newInstance(14, 3, 14706007008009L),
                        "1y2mo3d4h5m6s7ms8us9ns"),
                Shown.of(
                        DataTypes.DURATION,
                        CqlDuration.newInstance(-14, -3, -43_200_000_000_000L),
                        "-1y2mo3d12h"),
                new Shown(DataTypes.custom("org.example.Unknown"), bytes(1, 2), "0x0102"),
                // bytes that are no value of the type
                new Shown(DataTypes.INT, bytes(1, 2), "0x0102"),
                new Shown(DataTypes.listOf(DataTypes.INT), bytes(0, 0, 0, 9, 1), "0x0000000901"));
    }

    static Stream<Shown> composites() {
        return Stream.of(
                Shown.of(DataTypes.listOf(DataTypes.TEXT), List.of("a", "b'c"), "['a', 'b''c']"),
                Shown.of(DataTypes.listOf(DataTypes.INT), List.of(), "[]"),
                Shown.of(
                        DataTypes.setOf(DataTypes.INT),
                        new LinkedHashSet<>(List.of(1, 2)),
                        "{1, 2}"),
                Shown.of(
                        DataTypes.mapOf(DataTypes.TEXT, DataTypes.TIMESTAMP),
                        Map.of("x", MAY),
                        "{'x': '2024-05-01 10:00:00.123000+0000'}"),
                Shown.of(
                        DataTypes.mapOf(DataTypes.DATE, DataTypes.BLOB),
                        new LinkedHashMap<>(Map.of(LocalDate.of(2024, 5, 1), bytes(1))),
                        "{2024-05-01: 0x01}"),
                Shown.of(
                        TUPLE,
                        TUPLE.newValue(1, "a", InetAddress.ofLiteral("::1")),
                        "(1, 'a', '::1')"),
                Shown.of(TUPLE, TUPLE.newValue(1, null, null), "(1, null, null)"),
                // a tuple that was written when its type had one component
                new Shown(TUPLE, bytes(0, 0, 0, 4, 0, 0, 0, 1), "(1, null, null)"),
                Shown.of(
                        ADDRESS,
                        ADDRESS.newValue("Main", 123, Set.of("q")),
                        "{street: 'Main', Zip: 123, tags: {'q'}}"),
                Shown.of(
                        DataTypes.listOf(ADDRESS),
                        List.of(ADDRESS.newValue(null, 1, null)),
                        "[{street: null, Zip: 1, tags: null}]"),
                // an int of no bytes inside a list
                new Shown(DataTypes.listOf(DataTypes.INT), bytes(0, 0, 0, 1, 0, 0, 0, 0), "[]"),
                Shown.of(
                        DataTypes.vectorOf(DataTypes.FLOAT, 3),
                        CqlVector.newInstance(1f, -2.5f, 1e8f),
                        "[1, -2.5, 1e+08]"),
                new Shown(
                        DataTypes.vectorOf(DataTypes.TEXT, 2),
                        bytes(1, 'a', 3, 'b', 'c', 'd'),
                        "['a', 'bcd']"),
                new Shown(
                        DataTypes.vectorOf(DataTypes.SMALLINT, 2),
                        bytes(2, 0, 1, 2, 0xff, 0xff),
                        "[1, -1]"),
                new Shown(
                        DataTypes.vectorOf(DataTypes.vectorOf(DataTypes.INT, 1), 2),
                        bytes(0, 0, 0, 1, 0, 0, 0, 2),
                        "[[1], [2]]"));
    }

    @ParameterizedTest
    @MethodSource({"scalars", "composites"})
    void aValueIsShownAsCqlshShowsIt(Shown row) {
        FormattedText text = PLAIN.value(row.type, row.bytes);
        assertThat(text.plain()).isEqualTo(row.text);
        assertThat(text.colored()).isEqualTo(row.text);
    }

    @Test
    void aLongVectorElementHasALengthOfTwoBytes() {
        byte[] content = new byte[2 + 200];
        Arrays.fill(content, (byte) 'x');
        content[0] = (byte) 0x80;
        content[1] = (byte) 200;
        FormattedText text =
                PLAIN.value(DataTypes.vectorOf(DataTypes.TEXT, 1), ByteBuffer.wrap(content));
        assertThat(text.plain()).isEqualTo("['" + "x".repeat(200) + "']");
    }

    @Test
    void timestampsAreShownInTheZone() {
        ValueFormatter formatter =
                new ValueFormatter(StandardCharsets.UTF_8, ZoneId.of("America/Sao_Paulo"), false);
        ByteBuffer bytes = requireNonNull(Shown.of(DataTypes.TIMESTAMP, MAY, "").bytes());
        assertThat(formatter.value(DataTypes.TIMESTAMP, bytes).plain())
                .isEqualTo("2024-05-01 07:00:00.123000-0300");
    }

    @Test
    void colorsTellKindsApartAndEscapesFromText() {
        ValueFormatter formatter = new ValueFormatter(StandardCharsets.UTF_8, ZoneOffset.UTC, true);
        String text = Paint.TEXT.code();
        String scalar = Paint.SCALAR.code();
        String blue = Paint.COLLECTION.code();
        String reset = Paint.RESET;
        assertThat(formatter.value(DataTypes.INT, bytes(0, 0, 0, 1)).colored())
                .isEqualTo(scalar + "1" + reset);
        assertThat(formatter.value(DataTypes.INT, null).colored())
                .isEqualTo(Paint.ERROR.code() + "null" + reset);
        FormattedText escaped = formatter.text("a\\b\n");
        assertThat(escaped.colored())
                .isEqualTo(text + "a\\b" + Paint.BLOB.code() + "\\n" + text + reset);
        assertThat(escaped.plain()).isEqualTo("a\\\\b\\n");
        assertThat(escaped.width()).isEqualTo("a\\b\\n".length());
        assertThat(
                        formatter
                                .value(
                                        DataTypes.listOf(DataTypes.INT),
                                        bytes(0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 7))
                                .colored())
                .isEqualTo(blue + "[" + reset + scalar + "7" + reset + blue + "]" + reset);
    }

    @Test
    void whatTheEncodingLacksIsEscaped() {
        ValueFormatter formatter =
                new ValueFormatter(StandardCharsets.US_ASCII, ZoneOffset.UTC, false);
        assertThat(formatter.text("é漢😀").plain()).isEqualTo("\\xe9\\u6f22\\U0001f600");
    }

    @Test
    void wideCharactersTakeTwoColumns() {
        assertThat(PLAIN.text("漢字é").width()).isEqualTo(5);
    }

    private static ByteBuffer bytes(int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length);
        for (int value : values) {
            bytes.put((byte) value);
        }
        return bytes.flip();
    }
}
