package io.helenus.tools.bulk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CsvRowsTest {
    private static final CsvDialect RFC = new CsvDialect(',', '"', '"', (char) 0, "");

    /// Fields are shown with what encloses them: `<plain>` or `"quoted"`.
    record Case(String text, List<String> records) {
        Case(String text, String... records) {
            this(text, List.of(records));
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(""),
                new Case("a,b", "1:<a><b>"),
                new Case("a,b\nc,d\n", "1:<a><b>", "2:<c><d>"),
                new Case("a\r\nb\rc", "1:<a>", "2:<b>", "3:<c>"),
                new Case("\n\na,\n\n,b\n", "3:<a><>", "5:<><b>"),
                new Case("\"a,b\",\"\"", "1:\"a,b\"\"\""),
                new Case("\"a\"\"b\"\n", "1:\"a\"b\""),
                new Case(
                        "\"line 1\nline 2\r\nline 3\",x\nb",
                        "1:\"line 1\nline 2\r\nline 3\"<x>",
                        "4:<b>"),
                new Case("a\"b,c", "1:<a\"b><c>"),
                new Case("\uFEFFa", "1:<a>"),
                new Case(" a , b ", "1:< a >< b >"),
                new Case("#a", "1:<#a>"),
                new Case("\"a\"x,b\nc", "1!\"a\"<b>", "2:<c>"),
                new Case("\"a", "1!\"a\""),
                new Case("1,\"a\n2,b\n3,c\n", "1!<1>\"a\n2,b\n3,c\n\"", "2:<2><b>", "3:<3><c>"),
                new Case("1,\"a\n2,\"b\"\n3,c\n", "1!<1>\"a\n2,\"", "2:<2>\"b\"", "3:<3><c>"),
                new Case(
                        "\"x\ny\",\"a\r\n2,b\r\n3,c",
                        "1!\"x\ny\"\"a\r\n2,b\r\n3,c\"",
                        "3:<2><b>",
                        "4:<3><c>"),
                new Case("\"a\nb\"x\nc", "1!\"a\nb\"", "2:<b\"x>", "3:<c>"),
                new Case("\"a\"\"\n\"\"b\nc", "1!\"a\"\n\"b\nc\"", "2!\"\"", "3:<c>"));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void recordsAreCut(Case each) throws IOException {
        assertThat(read(each.text(), RFC)).isEqualTo(each.records());
    }

    private static List<String> read(String text, CsvDialect dialect) throws IOException {
        List<String> all = new ArrayList<>();
        try (CsvRows rows =
                new CsvRows("file", new StringReader(text), dialect, 1 << 20, 1 << 21)) {
            RawRow record = rows.next();
            while (record != null) {
                StringBuilder shown = new StringBuilder();
                shown.append(record.line()).append(record.problem() == null ? ':' : '!');
                for (int i = 0; i < record.fieldCount(); i++) {
                    shown.append(
                            (record.isQuoted(i) ? "\"%s\"" : "<%s>").formatted(record.field(i)));
                }
                all.add(shown.toString());
                record = rows.next();
            }
        }
        return all;
    }

    @Test
    void aQuoteThatIsNotClosedCostsOneLine() throws IOException {
        StringBuilder text = new StringBuilder("0,\"no end\n");
        for (int i = 1; i < 5000; i++) {
            text.append(i).append(",plain\n");
        }
        List<RawRow> records = new ArrayList<>();
        try (CsvRows rows =
                new CsvRows("file", new StringReader(text.toString()), RFC, 1000, 1 << 16)) {
            RawRow record = rows.next();
            while (record != null) {
                records.add(record);
                record = rows.next();
            }
        }
        assertThat(records).hasSize(5000);
        RawRow bad = records.getFirst();
        assertThat(bad.text()).isEqualTo("0,\"no end");
        assertThat(bad.problem())
                .isEqualTo(
                        "the quote that opens in line 1 is not closed within 1000 characters"
                                + " (--max-field)");
        for (int i = 1; i < 5000; i++) {
            assertThat(records.get(i).problem()).isNull();
            assertThat(records.get(i).line()).isEqualTo(i + 1);
            assertThat(records.get(i).field(0)).isEqualTo(String.valueOf(i));
        }
    }

    @Test
    void aFieldOfTheLongestLengthIsOne() throws IOException {
        assertThat(problem("\"" + "x".repeat(10) + "\",b", 10)).isNull();
        assertThat(problem("\"" + "x".repeat(11) + "\",b", 10)).contains("within 10 characters");
        assertThat(problem("x".repeat(11) + ",b", 10)).isNull();
    }

    private static @Nullable String problem(String text, int fieldCharsMax) throws IOException {
        try (CsvRows rows =
                new CsvRows("file", new StringReader(text), RFC, fieldCharsMax, 1 << 16)) {
            return Objects.requireNonNull(rows.next()).problem();
        }
    }

    @Test
    void dialects() throws IOException {
        CsvDialect other = new CsvDialect('|', '\'', '\\', '#', "NULL");
        assertThat(read("# comment\na|'b|c'|d\\|e\n#\n'it\\'s'", other))
                .containsExactly("2:<a>\"b|c\"<d|e>", "4:\"it's\"");
    }

    @Test
    void recordsThatAreLongerThanTheBufferAreWhole() throws IOException {
        String long1 = "x".repeat(100_000);
        String text = "a," + long1 + "\n\"" + long1 + "\n" + long1 + "\",b\nc,d";
        try (CsvRows rows = new CsvRows("file", new StringReader(text), RFC, 1 << 20, 1 << 21)) {
            List<RawRow> records = new ArrayList<>();
            RawRow record = rows.next();
            while (record != null) {
                records.add(record);
                record = rows.next();
            }
            assertThat(records).hasSize(3);
            assertThat(records.get(0).text()).isEqualTo("a," + long1);
            assertThat(records.get(1).field(0)).isEqualTo(long1 + "\n" + long1);
            assertThat(records.get(2).line()).isEqualTo(4);
            assertThat(records.get(2).text()).isEqualTo("c,d");
        }
    }

    @Test
    void jsonIsALineOrAnElement() throws IOException {
        String lines = "{\"a\": 1}\n\n# no\n{\"b\": \"}\"}";
        assertThat(json(lines)).containsExactly("1 {\"a\": 1}", "4 {\"b\": \"}\"}");
        String array = "[\n {\"a\": \"]}\\\"\"},\n {\"b\": [{}]} ]";
        assertThat(json(array)).containsExactly("2 {\"a\": \"]}\\\"\"}", "3 {\"b\": [{}]}");
        assertThat(json("[]")).isEmpty();
        assertThat(json("")).isEmpty();
        assertThatThrownBy(() -> json("[{\"a\": 1}")).hasMessageContaining("does not end");
        assertThatThrownBy(() -> json("[1]")).hasMessageContaining("array of objects");
    }

    @Test
    void aRecordThatMemoryIsNotEnoughForEndsTheReading() {
        String line = "x".repeat(100_000);
        assertThatThrownBy(
                        () -> {
                            try (CsvRows rows =
                                    new CsvRows(
                                            "file",
                                            new StringReader("a\n" + line),
                                            RFC,
                                            10,
                                            70_000)) {
                                var _ = rows.next();
                                var _ = rows.next();
                            }
                        })
                .hasMessageContaining("file:2: a record is longer than 70000 characters");
        assertThatThrownBy(
                        () -> {
                            try (JsonRows rows =
                                    new JsonRows(
                                            "file", new StringReader("{}\n" + line), '#', 70_000)) {
                                var _ = rows.next();
                                var _ = rows.next();
                            }
                        })
                .hasMessageContaining("file:2: a record is longer than 70000 characters");
    }

    private static List<String> json(String text) throws IOException {
        List<String> all = new ArrayList<>();
        try (JsonRows rows = new JsonRows("file", new StringReader(text), '#', 1 << 20)) {
            RawRow record = rows.next();
            while (record != null) {
                all.add(record.line() + " " + record.text());
                record = rows.next();
            }
        }
        return all;
    }
}
