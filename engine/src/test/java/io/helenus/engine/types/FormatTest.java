package io.helenus.engine.types;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FormatTest {
    record Formatted(String type, String hex, String literal) {}

    static Stream<Formatted> formatted() {
        return Stream.of(
                new Formatted("timestamp", "0000018f3423ff80", "'2024-05-01T12:32:05.504Z'"),
                new Formatted("timestamp", "7fffffffffffffff", "'+292278994-08-17T07:12:55.807Z'"),
                new Formatted("timestamp", "8000000000000000", "'-292275055-05-16T16:47:04.192Z'"),
                new Formatted("timestamp", "-", "null"),
                new Formatted("date", "80000000", "'1970-01-01'"),
                new Formatted("date", "ffffffff", "'+5881580-07-11'"),
                new Formatted("date", "00000000", "'-5877641-06-23'"),
                new Formatted("time", "00002fffffffffff", "'14:39:36.558133247'"),
                new Formatted("time", "7fffffffffffffff", "'23:47:16.854775807'"),
                new Formatted("time", "ffffffffffffffff", "'23:59:59.999999999'"),
                new Formatted("decimal", "0000000201", "0.01"),
                new Formatted("decimal", "0000001401", "1E-20"),
                new Formatted("decimal", "fffffff001", "1E+16"),
                new Formatted("decimal", "-", "null"),
                new Formatted("double", "7ff8000000000000", "NaN"),
                new Formatted("double", "3ff0000000000000", "1.0"),
                new Formatted("double", "fff0000000000000", "-Infinity"),
                new Formatted("float", "3dcccccd", "0.1"),
                new Formatted("inet", "7f000001", "'127.0.0.1'"),
                new Formatted(
                        "inet", "20010db8" + "00".repeat(11) + "01", "'2001:db8:0:0:0:0:0:1'"),
                new Formatted("boolean", "02", "true"),
                new Formatted("boolean", "-", "null"),
                new Formatted("blob", "-", "0x"),
                new Formatted("blob", "abcd", "0xabcd"),
                new Formatted("text", "612762", "'a''b'"),
                new Formatted("text", "-", "''"),
                new Formatted("tinyint", "80", "-128"),
                new Formatted("smallint", "8000", "-32768"),
                new Formatted("int", "-", "null"),
                new Formatted("bigint", "ffffffffffffffff", "-1"),
                new Formatted(
                        "uuid",
                        "000102030405460788090a0b0c0d0e0f",
                        "00010203-0405-4607-8809-0a0b0c0d0e0f"),
                new Formatted("duration", "1a0402", "1y1mo2d1ns"),
                new Formatted("duration", "010101", "-1mo1d1ns"),
                new Formatted("duration", "0000fc5af3107a4000", "13h53m20s"),
                new Formatted("duration", "000000", "0s"),
                new Formatted(
                        "duration", "0000ffffffffffffffffff", "-2562047h47m16s854ms775us808ns"),
                new Formatted("varint", "0080", "128"),
                new Formatted("frozen<list<text>>", "00000000", "[]"),
                new Formatted("frozen<list<text>>", "0000000200000001610000000127", "['a', '''']"),
                new Formatted(
                        "frozen<set<int>>", "0000000200000004000000010000000400000002", "{1, 2}"),
                new Formatted(
                        "frozen<map<int, text>>", "000000010000000400000001000000016b", "{1: 'k'}"),
                new Formatted("tuple<int, text>", "-", "(null, null)"),
                new Formatted("tuple<int, text>", "0000000400000001", "(1, null)"),
                new Formatted("tuple<int, text>", "00000004000000010000000161", "(1, 'a')"),
                new Formatted(
                        "frozen<\"Quoted Type\">",
                        "00000004000000010000000161",
                        "{\"Field A\": 1, b: 'a'}"),
                new Formatted("vector<int, 2>", "0000000100000002", "[1, 2]"),
                new Formatted("vector<text, 2>", "01610162", "['a', 'b']"));
    }

    @ParameterizedTest
    @MethodSource("formatted")
    void valueIsALiteral(Formatted formatted) {
        CqlType type = Golden.parse(formatted.type());
        byte[] value = Golden.bytes(formatted.hex());
        type.validate(value);
        assertThat(type.format(value)).isEqualTo(formatted.literal());
    }

    @Test
    void nullIsNull() {
        assertThat(NativeType.TEXT.format(null)).isEqualTo("null");
        assertThat(NativeType.TEXT.format(new byte[3], 0, -1)).isEqualTo("null");
    }
}
