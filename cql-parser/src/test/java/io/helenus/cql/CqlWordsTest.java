package io.helenus.cql;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.Select;
import io.helenus.cql.ast.Term;
import io.helenus.cql.ast.Use;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CqlWordsTest {
    /// As Apache Cassandra 5.0.6 answers, and TRUE and FALSE, which are constants there.
    private static final Set<String> RESERVED =
            Set.of(
                    """
                    ADD ALLOW ALTER AND APPLY ASC AUTHORIZE BATCH BEGIN BY COLUMNFAMILY CREATE \
                    DELETE DESC DESCRIBE DROP ENTRIES EXECUTE FALSE FROM FULL GRANT IF IN INDEX \
                    INFINITY INSERT INTO IS KEYSPACE LIMIT MATERIALIZED MODIFY NAN NORECURSIVE \
                    NOT NULL OF ON OR ORDER PRIMARY RENAME REVOKE SCHEMA SELECT SET TABLE TO \
                    TOKEN TRUE TRUNCATE UNLOGGED UPDATE USE USING VIEW WHERE WITH\
                    """
                            .split(" "));

    static List<String> words() {
        return CqlWords.all();
    }

    @Test
    void reservedAreTheWordsOfCassandra() {
        Set<String> reserved = new TreeSet<>();
        for (String word : CqlWords.all()) {
            if (CqlWords.isReserved(word)) {
                reserved.add(word);
            }
        }
        assertThat(reserved).isEqualTo(new TreeSet<>(RESERVED));
    }

    @Test
    void knowsTheWordsOfTheLanguage() {
        assertThat(CqlWords.all())
                .isSorted()
                .doesNotHaveDuplicates()
                .contains("SELECT", "TABLE", "COLUMNFAMILY", "TABLES", "SELECT_MASKED", "VECTOR")
                .doesNotContain("IDENTIFIER", "SPACE", "STAR", "UUID_VALUE", "RANGE");
    }

    @ParameterizedTest
    @MethodSource("words")
    void everyWordThatIsNotReservedNamesColumnsTablesAndKeyspaces(String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        Select expected =
                new Select(
                        false,
                        false,
                        new Select.Selectors(
                                List.of(
                                        new Select.Selector(
                                                new Term.Column(Identifier.of(lower)),
                                                Identifier.of(lower)))),
                        QualifiedName.of(lower, lower),
                        List.of(),
                        List.of(),
                        List.of(),
                        null,
                        null,
                        false);
        String quoted = "SELECT \"%1$s\" AS \"%1$s\" FROM \"%1$s\".\"%1$s\"".formatted(lower);
        assertThat(CqlParser.parse(quoted)).isEqualTo(expected);
        assertThat(CqlParser.parse(CqlFormatter.format(expected))).isEqualTo(expected);
        String plain = "SELECT %1$s AS %1$s FROM %1$s.%1$s".formatted(word);
        if (CqlWords.isReserved(word)) {
            assertThat(rejects(plain)).isTrue();
        } else {
            assertThat(CqlParser.parse(plain)).isEqualTo(expected);
            Stream.of(
                            "CREATE TABLE %1$s.%1$s (%1$s int PRIMARY KEY, x text)",
                            "ALTER TABLE %1$s DROP %1$s",
                            "INSERT INTO %1$s (%1$s) VALUES (:%1$s)",
                            "UPDATE %1$s SET %1$s = %1$s + 1 WHERE %1$s = {%1$s: 1}",
                            "DELETE %1$s[0], %1$s.%1$s FROM %1$s WHERE %1$s CONTAINS 1 IF %1$s = 1",
                            "SELECT * FROM t WHERE (%1$s) = (1) ORDER BY %1$s",
                            "SELECT * FROM t WHERE token(%1$s) > 1 GROUP BY %1$s",
                            "CREATE INDEX %1$s ON %1$s (%1$s)",
                            "CREATE ROLE %1$s",
                            "GRANT %1$s TO %1$s")
                    .map(shape -> shape.formatted(word))
                    .forEach(cql -> assertThat(rejects(cql)).as(cql).isFalse());
        }
    }

    private static boolean rejects(String cql) {
        try {
            return CqlParser.parse(cql) == null;
        } catch (CqlSyntaxException expected) {
            return true;
        }
    }

    record Name(String text, String cql) {}

    @Test
    void namesAreQuotedOnlyIfNeeded() {
        Stream.of(
                        new Name("a", "a"),
                        new Name("a_1", "a_1"),
                        new Name("key", "key"),
                        new Name("A", "\"A\""),
                        new Name("1a", "\"1a\""),
                        new Name("_a", "\"_a\""),
                        new Name("", "\"\""),
                        new Name("a b", "\"a b\""),
                        new Name("a\"b", "\"a\"\"b\""),
                        new Name("\u00e4", "\"\u00e4\""),
                        new Name("select", "\"select\""),
                        new Name("true", "\"true\""),
                        new Name("json", "\"json\""))
                .forEach(name -> {
                    assertThat(CqlWords.identifier(name.text())).isEqualTo(name.cql());
                    if (!name.text().isEmpty()) {
                        assertThat(CqlParser.parse("USE " + name.cql()))
                                .isEqualTo(new Use(Identifier.of(name.text())));
                    }
                });
        assertThat(CqlWords.string("it's")).isEqualTo("'it''s'");
    }
}
