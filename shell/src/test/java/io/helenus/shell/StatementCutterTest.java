package io.helenus.shell;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.shell.StatementCutter.Cut;
import io.helenus.shell.StatementCutter.Piece;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatementCutterTest {
    record Row(String input, List<String> statements, String rest) {}

    static Stream<Row> rows() {
        return Stream.of(
                new Row("", List.of(), ""),
                new Row(" \n-- only; a comment\n/* and; another */ ;;\n", List.of(), ""),
                new Row("SELECT 1;", List.of("SELECT 1;"), ""),
                new Row("SELECT 1; SELECT 2;\n", List.of("SELECT 1;", "SELECT 2;"), ""),
                new Row("SELECT ';' -- ;\n", List.of(), "SELECT ';'"),
                new Row("SELECT 'it''s;';", List.of("SELECT 'it''s;';"), ""),
                new Row(
                        "SELECT \"a;b\", $$;$$ FROM t;",
                        List.of("SELECT \"a;b\", $$;$$ FROM t;"),
                        ""),
                new Row(
                        "BEGIN BATCH INSERT 1; INSERT 2; APPLY BATCH; SELECT",
                        List.of("BEGIN BATCH INSERT 1; INSERT 2; APPLY BATCH;"),
                        "SELECT"),
                new Row("BEGIN BATCH INSERT 1;\n", List.of(), "BEGIN BATCH INSERT 1;"),
                new Row("help\nSELECT 1;", List.of("help", "SELECT 1;"), ""),
                new Row("HELP; SELECT 1;", List.of("HELP;", "SELECT 1;"), ""),
                new Row("SELECT 1; DESC TABLES\n", List.of("SELECT 1;", "DESC TABLES"), ""),
                new Row("SOURCE 'a;b.cql'\nSELECT", List.of("SOURCE 'a;b.cql'"), "SELECT"),
                new Row("help don't\nSELECT 1;", List.of("help don't", "SELECT 1;"), ""),
                new Row("? \n", List.of("?"), ""),
                new Row("-- use\nuse ks\n", List.of("use ks"), ""),
                new Row("describe\n", List.of("describe"), ""),
                new Row("SELECT describe\n", List.of(), "SELECT describe"));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void inputIsCutAtSemicolonsAndCommandsAtTheEndOfTheLine(Row row) {
        Cut cut = StatementCutter.cut(row.input);
        assertThat(cut.complete().stream().map(Piece::text).toList()).isEqualTo(row.statements);
        assertThat(cut.rest().strip()).startsWith(row.rest);
        assertThat(cut.rest().isBlank()).isEqualTo(row.rest.isEmpty());
    }

    @Test
    void piecesKnowTheirLines() {
        Cut cut = StatementCutter.cut("\nSELECT\n1; SELECT 2;\n-- SELECT\n\nSELECT 3");
        assertThat(cut.complete().stream().map(Piece::line)).containsExactly(1, 2);
        assertThat(cut.restLine()).isEqualTo(5);
    }
}
