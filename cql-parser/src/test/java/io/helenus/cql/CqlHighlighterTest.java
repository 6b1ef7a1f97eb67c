package io.helenus.cql;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.cql.CqlHighlighter.Kind;
import io.helenus.cql.CqlHighlighter.Span;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CqlHighlighterTest {
    record Row(String text, String kinds) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("", ""),
                new Row(
                        "SELECT a, \"B\" FROM ks.key WHERE b = ?",
                        "KEYWORD NAME SYMBOL QUOTED_NAME KEYWORD NAME SYMBOL NAME KEYWORD NAME"
                                + " SYMBOL MARKER"),
                new Row("'x' $$y$$ 'it''s'", "STRING STRING STRING"),
                new Row(
                        "1 1.5 0xAB 1h30m NaN 550e8400-e29b-41d4-a716-446655440000",
                        "NUMBER NUMBER NUMBER NUMBER NUMBER NUMBER"),
                new Row("true FALSE null", "CONSTANT CONSTANT CONSTANT"),
                new Row("-- c\n// d\n/* e\n */ f", "COMMENT COMMENT COMMENT NAME"),
                new Row(
                        "a list<int>, b frozen<x>",
                        "NAME TYPE SYMBOL TYPE SYMBOL SYMBOL NAME TYPE SYMBOL NAME SYMBOL"),
                new Row("UPDATE t SET", "KEYWORD NAME KEYWORD"),
                new Row("t.type.text", "NAME SYMBOL NAME SYMBOL NAME"),
                new Row("SELECT 'never ends", "KEYWORD ERROR"),
                new Row("SELECT \"never ends", "KEYWORD ERROR"),
                new Row("SELECT /* never ends", "KEYWORD ERROR"),
                new Row("# _ ü", "ERROR ERROR ERROR"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void namesTheKindOfEveryWord(Row row) {
        String kinds =
                CqlHighlighter.highlight(row.text()).stream()
                        .map(span -> span.kind().name())
                        .collect(Collectors.joining(" "));
        assertThat(kinds).isEqualTo(row.kinds());
    }

    @Property(tries = 1_000)
    void anyTextIsCoveredUpToSpace(@ForAll String text) {
        List<Span> spans = CqlHighlighter.highlight(text);
        int at = 0;
        for (Span span : spans) {
            assertThat(text.substring(at, span.start())).isBlank();
            assertThat(span.end()).isGreaterThan(span.start());
            at = span.end();
        }
        assertThat(text.substring(at)).isBlank();
        assertThat(Kind.values()).isNotEmpty();
    }
}
