package io.helenus.cql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.Modification;
import io.helenus.cql.ast.Position;
import io.helenus.cql.ast.Select;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.Use;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CqlParserTest {
    static List<String> accepted() {
        return Statements.accepted();
    }

    static List<Statements.Rejected> rejected() {
        return Statements.rejected();
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void acceptedStatementsNeedOnlyTheCheapPass(String cql) {
        assertThat(CqlParser.parse(cql)).isNotNull();
        assertThat(CqlParser.parsesBySll(cql)).isTrue();
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void acceptedStatementsSurviveFormatting(String cql) {
        CqlStatement statement = CqlParser.parse(cql);
        String formatted = CqlFormatter.format(statement);
        assertThat(CqlParser.parse(formatted)).as(formatted).isEqualTo(statement);
        assertThat(CqlFormatter.format(CqlParser.parse(formatted))).isEqualTo(formatted);
    }

    @ParameterizedTest
    @MethodSource("rejected")
    void rejectedStatementsSayWhatIsWrong(Statements.Rejected rejected) {
        assertThatThrownBy(() -> CqlParser.parse(rejected.cql()))
                .isInstanceOf(CqlSyntaxException.class)
                .hasMessage(rejected.message());
    }

    @ParameterizedTest
    @MethodSource("accepted")
    void everyPrefixIsParsedOrRefused(String cql) {
        for (int end = 0; end < cql.length(); end++) {
            String prefix = cql.substring(0, end);
            try {
                assertThat(CqlParser.parse(prefix)).isNotNull();
            } catch (CqlSyntaxException error) {
                assertThat(error.position().offset()).isBetween(0, prefix.length());
            }
        }
    }

    record Located(String cql, int line, int column, int offset) {}

    static Stream<Located> located() {
        return Stream.of(
                new Located("", 1, 0, 0),
                new Located("  \n ", 2, 1, 4),
                new Located("SELEC * FROM t", 1, 0, 0),
                new Located("SELECT *\nFROM t\n  WHER k = 1", 3, 2, 18),
                new Located("SELECT * FROM t WHERE k = 'a\nb' x", 2, 3, 32),
                new Located("/* one\n two */ FOO", 2, 8, 15),
                new Located("-- a comment\nFOO", 2, 0, 13),
                new Located("SELECT '\ud83d\ude00' FOO t", 1, 12, 12),
                new Located("INSERT INTO t (a) VALUES (b)", 1, 26, 26),
                new Located("UPDATE t SET a = 1,\n a = 2 WHERE k = 1", 2, 1, 21));
    }

    @ParameterizedTest
    @MethodSource("located")
    void errorsAreLocatedByLineColumnAndOffset(Located located) {
        CqlSyntaxException error =
                catchThrowableOfType(
                        CqlSyntaxException.class, () -> CqlParser.parse(located.cql()));
        assertThat(error.position())
                .isEqualTo(new Position(located.line(), located.column(), located.offset()));
        assertThat(error.line()).isEqualTo(located.line());
        assertThat(error.column()).isEqualTo(located.column());
        assertThat(error).hasMessageStartingWith("line " + located.line() + ":");
    }

    @Test
    void errorsNameWhatWasFoundAndExpected() {
        CqlSyntaxException error =
                catchThrowableOfType(
                        CqlSyntaxException.class, () -> CqlParser.parse("SELECT * FORM t"));
        assertThat(error.found()).isEqualTo("'FORM'");
        assertThat(error.expected()).containsExactly("FROM");
        assertThat(CqlSyntaxException.ERROR_CODE).isEqualTo(0x2000);
    }

    @Test
    void longWordsAreCutInErrors() {
        String word = "x".repeat(100_000);
        assertThatThrownBy(() -> CqlParser.parse("SELECT * FROM t " + word))
                .hasMessageContaining("found '" + "x".repeat(40) + "…'")
                .satisfies(error -> assertThat(error.getMessage()).hasSizeLessThan(300));
    }

    @Test
    void nodesKnowTheirPositionsAndDoNotCompareThem() {
        Select select = (Select) CqlParser.parse("SELECT a\nFROM ks.t WHERE  k = -5");
        assertThat(select.table().keyspace()).isEqualTo(Identifier.of("ks"));
        assertThat(select.table().name().position()).isEqualTo(new Position(2, 8, 17));
        assertThat(select).isEqualTo(CqlParser.parse("select A from KS.T where k=-5"));
        assertThat(select).hasSameHashCodeAs(CqlParser.parse("select A from KS.T where k=-5"));
    }

    @Test
    void bindMarkersAreNumberedInOrderOfAppearance() {
        for (String cql : Statements.accepted()) {
            List<Term.BindMarker> markers = CqlParser.parseWithMarkers(cql).bindMarkers();
            for (int i = 0; i < markers.size(); i++) {
                assertThat(markers.get(i).index()).as(cql).isEqualTo(i);
                int before = i == 0 ? -1 : markers.get(i - 1).position().offset();
                assertThat(markers.get(i).position().offset()).as(cql).isGreaterThan(before);
            }
        }
    }

    @Test
    void bindMarkersMayHaveNames() {
        List<Term.BindMarker> markers =
                CqlParser.parseWithMarkers(
                                "INSERT INTO t (a, b, c) VALUES (?, :Na, :\"Na\") USING TTL :na")
                        .bindMarkers();
        assertThat(markers)
                .extracting(Term.BindMarker::name)
                .containsExactly(
                        null, Identifier.of("na"), Identifier.of("Na"), Identifier.of("na"));
    }

    @Test
    void stringsAndNamesLoseTheirQuotes() {
        record Quoted(String cql, String text) {}
        Stream.of(
                        new Quoted("'it''s'", "it's"),
                        new Quoted("''", ""),
                        new Quoted("''''", "'"),
                        new Quoted("$$it's$$", "it's"),
                        new Quoted("$$a$b''$$", "a$b''"),
                        new Quoted("$$$$", ""),
                        new Quoted("'a\nb -- c /* d */ ; $$'", "a\nb -- c /* d */ ; $$"))
                .forEach(quoted -> {
                    Modification.Insert insert =
                            (Modification.Insert)
                                    CqlParser.parse(
                                            "INSERT INTO t (a) VALUES (" + quoted.cql() + ")");
                    assertThat(insert.values())
                            .containsExactly(Term.Literal.of(Term.Kind.STRING, quoted.text()));
                });
        assertThat(CqlParser.parse("USE \"a\"\"b C\"")).isEqualTo(new Use(Identifier.of("a\"b C")));
        assertThat(CqlParser.parse("USE MiXed_1")).isEqualTo(new Use(Identifier.of("mixed_1")));
    }

    @Test
    void commentsAndSpaceMayStandAnywhere() {
        CqlStatement plain = CqlParser.parse("SELECT a FROM t WHERE k = 1");
        assertThat(
                        CqlParser.parse(
                                "-- first\n/* x */SELECT/**/a// y\r\n\tFROM/***/t--z\nWHERE k=1"
                                        + " /* '; */ ; -- end"))
                .isEqualTo(plain);
    }

    @Test
    void textBeyondALimitIsRefused() {
        String spaces = " ".repeat(CqlParser.LENGTH_MAX - 5);
        assertThat(CqlParser.parse("USE a" + spaces)).isEqualTo(new Use(Identifier.of("a")));
        assertThatThrownBy(() -> CqlParser.parse("USE ab" + spaces))
                .isInstanceOf(CqlSyntaxException.class)
                .hasMessageContaining("the limit is 16777216");
        String blob = "0x" + "ab".repeat((CqlParser.LENGTH_MAX - 100) / 2);
        assertThat(CqlParser.parse("INSERT INTO t (a) VALUES (" + blob + ")")).isNotNull();
        String many = "?, ".repeat(CqlParser.TOKENS_MAX / 2);
        assertThatThrownBy(() -> CqlParser.parse("SELECT * FROM t WHERE k IN (" + many + "?)"))
                .isInstanceOf(CqlSyntaxException.class)
                .hasMessageContaining("more than 262144 words and symbols");
    }

    record Nested(String head, String open, String core, String close, String tail) {
        String text(int depth) {
            return head + open.repeat(depth) + core + close.repeat(depth) + tail;
        }
    }

    static Stream<Nested> nested() {
        return Stream.of(
                new Nested("SELECT ", "(", "1", ")", " FROM t"),
                new Nested("SELECT ", "f(", "a", ")", " FROM t"),
                new Nested("SELECT ", "CAST(", "a", " AS int)", " FROM t"),
                new Nested("SELECT ", "- ", "1", "", " FROM t"),
                new Nested("SELECT ", "(int) ", "1", "", " FROM t"),
                new Nested("SELECT ", "", "a", ".a", " FROM t"),
                new Nested("SELECT ", "", "a", "[0]", " FROM t"),
                new Nested("SELECT ", "", "1", " + 1", " FROM t"),
                new Nested("SELECT ", "", "1", " * 1", " FROM t"),
                new Nested("SELECT ttl(", "", "a", "[0]", ") FROM t"),
                new Nested("INSERT INTO t (a) VALUES (", "[", "1", "]", ")"),
                new Nested("INSERT INTO t (a) VALUES (", "{", "1", "}", ")"),
                new Nested("INSERT INTO t (a) VALUES (", "{1: ", "1", "}", ")"),
                new Nested("SELECT * FROM t WHERE ", "(", "a = 1", ")", ""),
                new Nested("CREATE TABLE t (a ", "list<", "int", ">", " PRIMARY KEY)"),
                new Nested("CREATE TABLE t (a ", "frozen<", "int", ">", " PRIMARY KEY)"));
    }

    @ParameterizedTest
    @MethodSource("nested")
    void nestingIsBounded(Nested nested) {
        for (int depth : new int[] {1, 50, 190}) {
            CqlStatement statement = CqlParser.parse(nested.text(depth));
            assertThat(CqlParser.parse(CqlFormatter.format(statement))).isEqualTo(statement);
        }
        for (int depth : new int[] {201, 5_000, 50_000}) {
            String cql = nested.text(depth);
            assertThatThrownBy(() -> CqlParser.parse(cql))
                    .isInstanceOf(CqlSyntaxException.class)
                    .hasMessageContaining("nested more than 200 levels deep");
        }
    }

    @Test
    void mixedNestingIsBoundedByOneSum() {
        String term = "1";
        for (int i = 0; i < 40; i++) {
            term = "[" + term + " + 1 + 1 + 1 + 1 + 1]";
        }
        String cql = "INSERT INTO t (a) VALUES (" + term + ")";
        assertThatThrownBy(() -> CqlParser.parse(cql)).hasMessageContaining("nested more than 200");
    }

    @Test
    void manyOddlyNamedComparisonsAreNoNesting() {
        String where = "list < 5 AND ".repeat(500) + "map < 3";
        assertThat(CqlParser.parse("SELECT * FROM t WHERE " + where)).isNotNull();
    }

    @Test
    void wideStatementsAreFine() {
        String values = "(?, 'x'), ".repeat(20_000) + "(?, 'x')";
        CqlParser.Parsed parsed =
                CqlParser.parseWithMarkers("SELECT * FROM t WHERE (a, b) IN (" + values + ")");
        assertThat(parsed.bindMarkers()).hasSize(20_001);
        String inserts = "INSERT INTO t (a) VALUES (?); ".repeat(10_000);
        assertThat(
                        CqlParser.parseWithMarkers("BEGIN BATCH " + inserts + "APPLY BATCH")
                                .bindMarkers())
                .hasSize(10_000);
    }

    @Test
    void threadsDoNotDisturbEachOther() {
        List<String> statements = Statements.accepted();
        List<CqlStatement> expected = statements.stream().map(CqlParser::parse).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<CompletableFuture<List<CqlStatement>>> results =
                    Stream.generate(() ->
                                    CompletableFuture.supplyAsync(
                                            () ->
                                                    statements.stream()
                                                            .map(CqlParser::parse)
                                                            .toList(),
                                            threads))
                            .limit(16)
                            .toList();
            for (CompletableFuture<List<CqlStatement>> result : results) {
                assertThat(result.join()).isEqualTo(expected);
            }
        }
    }
}
