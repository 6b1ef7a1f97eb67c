package io.helenus.cql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ExpectedTest {
    record Row(String before, List<String> words, boolean name, boolean value) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("SELECT *", List.of("FROM"), false, false),
                new Row("SELECT * FROM", List.of(), true, false),
                new Row("INSERT", List.of("INTO"), false, false),
                new Row("CREATE MATERIALIZED", List.of("VIEW"), false, false),
                new Row("DROP TABLE", List.of("IF"), true, false),
                new Row("DROP TABLE IF", List.of("EXISTS"), false, false),
                new Row("INSERT INTO t (a) VALUES", List.of("("), false, false),
                new Row("INSERT INTO t (a) VALUES (", List.of(), true, true),
                new Row("USE a", List.of(";"), false, false),
                new Row("SELECT * FORM", List.of(), false, false),
                new Row("USE 'x", List.of(), false, false));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void saysWhatMayFollow(Row row) {
        assertThat(CqlParser.expectedAfter(row.before()))
                .isEqualTo(new Expected(row.words(), row.name(), row.value()));
    }

    @Test
    void offersClausesAfterATable() {
        assertThat(CqlParser.expectedAfter("SELECT * FROM ks.t").words())
                .contains("WHERE", "GROUP", "ORDER", "PER", "LIMIT", "ALLOW")
                .doesNotContain("SELECT", "AND");
        assertThat(CqlParser.expectedAfter("").words())
                .contains("SELECT", "INSERT", "CREATE", "BEGIN", "DESCRIBE");
    }

    @Test
    void everyWordOfEveryStatementWasExpected() {
        for (String cql : Statements.accepted()) {
            for (CqlHighlighter.Span span : CqlHighlighter.highlight(cql)) {
                Expected expected = CqlParser.expectedAfter(cql.substring(0, span.start()));
                boolean something =
                        expected.name() || expected.value() || !expected.words().isEmpty();
                assertThat(something).as("%s at %d", cql, span.start()).isTrue();
            }
        }
    }
}
