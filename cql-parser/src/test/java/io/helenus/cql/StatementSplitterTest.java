package io.helenus.cql;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.cql.StatementSplitter.Open;
import io.helenus.cql.StatementSplitter.Split;
import io.helenus.cql.StatementSplitter.Statement;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatementSplitterTest {
    record Row(String text, List<String> statements, String rest, Open open) {}

    private static Row row(String text, List<String> statements, String rest, Open open) {
        return new Row(text, statements, rest, open);
    }

    static Stream<Row> rows() {
        return Stream.of(
                row("", List.of(), "", Open.NOTHING),
                row(" \n\t ", List.of(), "", Open.NOTHING),
                row(";;; ;", List.of(), "", Open.NOTHING),
                row("-- only a comment", List.of(), "", Open.NOTHING),
                row("/* a; b */ -- c;", List.of(), "", Open.NOTHING),
                row("USE a;", List.of("USE a"), "", Open.NOTHING),
                row("USE a", List.of(), "USE a", Open.STATEMENT),
                row("USE a; USE b;", List.of("USE a", "USE b"), "", Open.NOTHING),
                row("USE a;\n  USE b  \n", List.of("USE a"), "USE b", Open.STATEMENT),
                row("USE a -- x;\n;", List.of("USE a"), "", Open.NOTHING),
                row("USE /* ; */ a;", List.of("USE /* ; */ a"), "", Open.NOTHING),
                row("SELECT ';' FROM t;", List.of("SELECT ';' FROM t"), "", Open.NOTHING),
                row("SELECT 'it'';s' ;x", List.of("SELECT 'it'';s'"), "x", Open.STATEMENT),
                row("USE \"a;b\";", List.of("USE \"a;b\""), "", Open.NOTHING),
                row("AS $$ a; 'b $$;", List.of("AS $$ a; 'b $$"), "", Open.NOTHING),
                row("USE a; SELECT 'x; y", List.of("USE a"), "SELECT 'x; y", Open.STRING),
                row("SELECT 'it''", List.of(), "SELECT 'it''", Open.STRING),
                row("USE \"a; b", List.of(), "USE \"a; b", Open.NAME),
                row("AS $$ a; b", List.of(), "AS $$ a; b", Open.DOLLAR_STRING),
                row("AS $$ a; b $", List.of(), "AS $$ a; b $", Open.DOLLAR_STRING),
                row("USE a /* x; ", List.of(), "USE a /* x; ", Open.COMMENT),
                row("/* x; ", List.of(), "/* x; ", Open.COMMENT),
                row("garbage ! # ; more", List.of("garbage ! #"), "more", Open.STATEMENT),
                row(
                        "BEGIN BATCH a; b; APPLY BATCH; USE c;",
                        List.of("BEGIN BATCH a; b; APPLY BATCH", "USE c"),
                        "",
                        Open.NOTHING),
                row(
                        "begin unlogged batch a; apply batch;",
                        List.of("begin unlogged batch a; apply batch"),
                        "",
                        Open.NOTHING),
                row("BEGIN BATCH a; b;", List.of(), "BEGIN BATCH a; b;", Open.BATCH),
                row("BEGIN BATCH a; APPLY", List.of(), "BEGIN BATCH a; APPLY", Open.BATCH),
                row(
                        "BEGIN BATCH APPLY BATCH",
                        List.of(),
                        "BEGIN BATCH APPLY BATCH",
                        Open.STATEMENT),
                row("BEGIN COUNTER BATCH 'a;", List.of(), "BEGIN COUNTER BATCH 'a;", Open.STRING),
                row("BEGIN a b BATCH;x;", List.of("BEGIN a b BATCH", "x"), "", Open.NOTHING),
                row("SELECT batch FROM t;", List.of("SELECT batch FROM t"), "", Open.NOTHING));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void splitsAtSemicolonsBetweenStatements(Row row) {
        Split split = StatementSplitter.split(row.text());
        assertThat(split.statements()).extracting(Statement::text).isEqualTo(row.statements());
        assertThat(split.rest()).isEqualTo(row.rest());
        assertThat(split.open()).isEqualTo(row.open());
        assertThat(split.isComplete()).isEqualTo(row.open() == Open.NOTHING);
        for (Statement statement : split.statements()) {
            assertThat(row.text().substring(statement.start(), statement.end()))
                    .isEqualTo(statement.text());
        }
    }

    @Test
    void aScriptOfAllStatementsComesApartAgain() {
        List<String> statements =
                Statements.accepted().stream()
                        .filter(cql -> !cql.contains("--") && !cql.contains("//"))
                        .map(cql -> CqlFormatter.format(CqlParser.parse(cql)))
                        .toList();
        Split split = StatementSplitter.split(String.join(";\n", statements) + ";\n");
        assertThat(split.statements()).extracting(Statement::text).isEqualTo(statements);
        assertThat(split.isComplete()).isTrue();
    }

    @Property(tries = 2_000)
    void anyTextIsCutInOrderAndLosesOnlySeparators(
            @ForAll
                    @Chars({'\'', '"', '$', ';', '-', '/', '*', '\n', ' ', '.'})
                    @CharRange(from = 'a', to = 'c')
                    String text) {
        Split split = StatementSplitter.split(text);
        int at = 0;
        for (Statement statement : split.statements()) {
            assertThat(statement.start()).isGreaterThanOrEqualTo(at);
            assertThat(statement.text()).isNotBlank();
            at = statement.end();
        }
        assertThat(split.rest().isEmpty()).isEqualTo(split.isComplete());
        assertThat(text.substring(at)).contains(split.rest());
    }
}
