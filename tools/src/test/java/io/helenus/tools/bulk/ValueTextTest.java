package io.helenus.tools.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.bulk.BulkSchema;
import io.helenus.engine.types.CqlType;
import io.helenus.sstable.model.ByteWriter;
import java.util.HexFormat;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValueTextTest {
    private static CqlType type(String name) {
        BulkSchema schema =
                BulkSchema.of(
                        "CREATE TYPE ks.u (a int, \"B c\" text); CREATE TABLE ks.t (k int PRIMARY KEY, v "
                                + name
                                + ")",
                        () -> 0);
        return Objects.requireNonNull(schema.table("ks", "t").column("v")).type();
    }

    private static byte[] read(String type, String text) throws BadRowException {
        ByteWriter out = new ByteWriter();
        new ValueReader(TimeFormats.CQL).read(type(type), text, out);
        return out.toArray();
    }

    /// What is read, in CQL's and in JSON's words, is written again so that it reads the same.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int | 7 | 7",
                "int | ` -7 ` | -7",
                "int | 0x | 0x",
                "bigint | 9223372036854775807 | 9223372036854775807",
                "double | 1e3 | 1000.0",
                "double | NaN | NaN",
                "float | -Infinity | -Infinity",
                "decimal | 1.50 | 1.50",
                "boolean | True | true",
                "text | `it's \"so\"` | `it's \"so\"`",
                "blob | 0xCAFE | 0xcafe",
                "uuid | 5E8F4A2B-1234-4d5e-9abc-def012345678 | 5e8f4a2b-1234-4d5e-9abc-def012345678",
                "inet | 127.0.0.1 | 127.0.0.1",
                "date | 2024-05-01 | 2024-05-01",
                "time | 10:00:01.5 | 10:00:01.500000000",
                "duration | 1mo2d | 1mo2d",
                "list<int> | [1, 2] | [1, 2]",
                "list<text> | `['a', \"b\", 'it''s', \"\\u00e4\\n\"]` | `['a', 'b', 'it''s', 'ä\n']`",
                "set<int> | {1,2} | {1, 2}",
                "set<int> | [1,2] | {1, 2}",
                "map<int, text> | `{1: 'a', \"2\": \"b\"}` | `{1: 'a', 2: 'b'}`",
                "map<text, frozen<list<int>>> | `{\"a\": [1]}` | `{'a': [1]}`",
                "map<frozen<list<int>>, int> | `{\"[1, 2]\": 3}` | `{[1, 2]: 3}`",
                "map<timestamp, int> | `{'2024-01-01': 1}` | `{'2024-01-01 00:00:00.000+0000': 1}`",
                "timestamp | 2015-05-03T13:30:54.234Z | 2015-05-03 13:30:54.234+0000",
                "timestamp | 1969-12-31T23:59:59.999Z | 1969-12-31 23:59:59.999+0000",
                "timestamp | 0001-01-01T00:00:00.000Z | 0001-01-01 00:00:00.000+0000",
                "timestamp | -1 | 1969-12-31 23:59:59.999+0000",
                "tuple<int, text> | `(1, null)` | `(1, null)`",
                "tuple<int, text> | `[null, \"x\"]` | `(null, 'x')`",
                "tuple<int, text> | `(1)` | `(1)`",
                "frozen<u> | `{a: 1, \"B c\": 'x'}` | `{a: 1, \"B c\": 'x'}`",
                "frozen<u> | `{\"B c\": \"x\"}` | `{a: null, \"B c\": 'x'}`",
                "frozen<u> | `{a: , B c: 'x'}` | `{a: null, \"B c\": 'x'}`",
                "frozen<u> | `{a: 1, B c: }` | `{a: 1, \"B c\": null}`",
                "tuple<int, text> | `(None, 'x')` | `(null, 'x')`",
                "vector<float, 2> | [1, 2.5] | [1.0, 2.5]",
                "vector<text, 2> | `['a', 'b']` | `['a', 'b']`",
                "list<inet> | `['::1']` | `['0:0:0:0:0:0:0:1']`",
                "set<int> | {} | {}",
            })
    void textsAreValuesAndValuesAreTexts(String type, String text, String written)
            throws BadRowException {
        byte[] value = read(type, text);
        String csv = new ValueWriter(false).field(type(type), value);
        assertThat(csv).isEqualTo(written);
        assertThat(hex(read(type, csv))).isEqualTo(hex(value));
        StringBuilder json = new StringBuilder();
        new ValueWriter(true).write(type(type), value, 0, value.length, json);
        assertThat(hex(readJson(type, json.toString()))).isEqualTo(hex(value));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static byte[] readJson(String type, String json) throws BadRowException {
        ByteWriter out = new ByteWriter();
        new ValueReader(TimeFormats.CQL)
                .readObject(
                        "{\"v\": " + json + "}",
                        out,
                        new ValueReader.Fields() {
                            @Override
                            public CqlType type(String name) {
                                return ValueTextTest.type(type);
                            }

                            @Override
                            public void value(String name, boolean isNull) {
                                assertThat(isNull).isFalse();
                            }
                        });
        return out.toArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "int | x | Unable to make int",
                "int | 2147483648 | Unable to make int",
                "int | `` | empty text",
                "boolean | yes | boolean",
                "blob | cafe | must begin with 0x",
                "date | yesterday | yesterday",
                "smallint | 0x | Unable to make short",
                "list<int> | 1 | is no list<int>",
                "list<int> | [1 | the text ends",
                "list<int> | [1] 2 | the end is expected",
                "list<int> | [null] | null is not supported",
                "list<text> | [a] | must be in quotes",
                "list<text> | `['a]` | does not end",
                "list<text> | `[\"\\q\"]` | escape",
                "tuple<int> | (1, 2) | has 1 components",
                "frozen<u> | {x: 1} | has no field x",
                "vector<float, 2> | [1] | has 2 elements",
                "map<int, int> | {1} | ':' is expected",
            })
    void whatIsNoValueIsSaid(String type, String text, String message) {
        assertThatThrownBy(() -> read(type, text))
                .isInstanceOf(BadRowException.class)
                .hasMessageContaining(message);
    }

    @Test
    void timesMayBeWrittenOtherwise() throws BadRowException {
        TimeFormats formats =
                new TimeFormats(
                        TimeFormats.of("dd.MM.yyyy HH:mm"),
                        TimeFormats.of("dd.MM.yyyy"),
                        TimeFormats.of("HHmm"),
                        java.time.ZoneId.of("Europe/Berlin"));
        ByteWriter out = new ByteWriter();
        ValueReader reader = new ValueReader(formats);
        reader.read(type("timestamp"), "01.02.2024 13:00", out);
        reader.read(type("date"), "01.02.2024", out);
        reader.read(type("time"), "1300", out);
        byte[] bytes = out.toArray();
        assertThat(type("timestamp").format(bytes, 0, 8)).contains("2024-02-01T12:00");
        assertThat(type("date").format(bytes, 8, 4)).isEqualTo("'2024-02-01'");
        assertThat(type("time").format(bytes, 12, 8)).startsWith("'13:00:00");
        assertThatThrownBy(() -> reader.read(type("date"), "2024-02-01", out))
                .isInstanceOf(BadRowException.class);
    }
}
