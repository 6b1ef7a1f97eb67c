package io.helenus.engine.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.Helenus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What batches warn of, and which are refused. Texts and sizes are those of an Apache Cassandra 5.0.6.
class BatchLimitsTest {
    private static final String REPLICATED =
            " WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";

    @TempDir Path directory;
    private Helenus helenus;
    private LocalNode node;

    @BeforeEach
    void start() throws IOException {
        helenus = Helenus.embedded().dataDirectory(directory).start();
        node = new LocalNode(helenus);
        for (String statement :
                new String[] {
                    "CREATE KEYSPACE ra" + REPLICATED,
                    "CREATE KEYSPACE rb" + REPLICATED,
                    "CREATE TABLE ra.t (k int PRIMARY KEY, v text)",
                    "CREATE TABLE rb.t (k int PRIMARY KEY, v text)",
                    "CREATE TABLE ra.g (k int PRIMARY KEY, v text) WITH gc_grace_seconds = 0",
                    "CREATE TABLE ra.\"G2\" (k int PRIMARY KEY, v text) WITH gc_grace_seconds = 0",
                    "CREATE TABLE ra.u (k int, c text, s int static, l list<int>, m map<text, int>,"
                            + " v blob, PRIMARY KEY (k, c))"
                }) {
            assertThat(node.query(statement).lines().getFirst()).doesNotStartWith("!");
        }
    }

    @AfterEach
    void close() {
        helenus.close();
    }

    private static String batch(String kind, String... statements) {
        return "BEGIN %s BATCH %s; APPLY BATCH".formatted(kind, String.join("; ", statements));
    }

    private static String insert(String table, int key, int characters) {
        return "INSERT INTO %s (k, v) VALUES (%d, '%s')"
                .formatted(table, key, "x".repeat(characters));
    }

    private static String[] inserts(String table, int count) {
        return IntStream.range(0, count)
                .mapToObj(key -> insert(table, key, 1))
                .toArray(String[]::new);
    }

    private static String unlogged(int partitions, String tables) {
        return ("Unlogged batch covering %d partitions detected against table%s. You should use a"
                        + " logged batch for atomicity, or asynchronous writes for performance.")
                .formatted(partitions, tables);
    }

    private static String unkept(String tables) {
        return ("Executing a LOGGED BATCH on table%s, configured with a gc_grace_seconds of 0. The"
                        + " gc_grace_seconds is used to TTL batchlog entries, so setting"
                        + " gc_grace_seconds too low on tables involved in an atomic batch might"
                        + " cause batchlog entries to expire before being replayed.")
                .formatted(tables);
    }

    record Warned(String batch, List<String> warnings) {
        Warned(String batch) {
            this(batch, List.of());
        }

        Warned(String batch, String warning) {
            this(batch, List.of(warning));
        }
    }

    static Stream<Warned> warned() {
        return Stream.of(
                new Warned(batch("UNLOGGED", inserts("ra.t", 10))),
                new Warned(batch("UNLOGGED", inserts("ra.t", 11)), unlogged(11, " [ra.t]")),
                new Warned(batch("", inserts("ra.t", 11))),
                new Warned(
                        batch(
                                "UNLOGGED",
                                String.join("; ", inserts("ra.t", 11)),
                                insert("ra.g", 3, 1)),
                        unlogged(11, "s [ra.g, ra.t]")),
                new Warned(batch("", insert("ra.g", 1, 1)), unkept(" [ra.g]")),
                new Warned(
                        batch("", insert("ra.g", 1, 1), insert("ra.\"G2\"", 1, 1)),
                        unkept("s [ra.\"G2\", ra.g]")),
                new Warned(batch("UNLOGGED", insert("ra.g", 1, 1))),
                new Warned(batch("", insert("ra.t", 1, 3_000), insert("ra.t", 1, 3_000))),
                new Warned(
                        batch("", insert("ra.t", 1, 3_000), insert("rb.t", 1, 3_000)),
                        "Batch for [ra.t, rb.t] is of size 6140, exceeding specified threshold of 5120 by 1020."),
                new Warned(
                        batch("", insert("ra.t", 1, 3_000), insert("ra.g", 1, 3_000)),
                        unkept(" [ra.g]")),
                new Warned(
                        batch(
                                "UNLOGGED",
                                String.join("; ", inserts("ra.t", 6)),
                                String.join("; ", inserts("rb.t", 6)))),
                new Warned(batch("", insert("ra.t", 1, 60_000), insert("ra.t", 1, 60_000))));
    }

    @ParameterizedTest
    @MethodSource("warned")
    void itsClientIsWarned(Warned row) {
        assertThat(node.query(row.batch()).lines().getFirst()).doesNotStartWith("!");
        assertThat(node.warnings()).isEqualTo(row.warnings());
    }

    /// @param bytes that the statement counts in a batch, beside a row of 6 070
    record Counted(String statement, int bytes) {}

    static Stream<Counted> counted() {
        return Stream.of(
                new Counted("DELETE v FROM ra.t WHERE k = 1", 70),
                new Counted("UPDATE ra.t SET v = 'a' WHERE k = 1", 71),
                new Counted("INSERT INTO ra.t (k, v) VALUES (1, 'a') USING TTL 100", 83),
                new Counted("INSERT INTO ra.u (k, s) VALUES (1, 5)", 53),
                new Counted("DELETE FROM ra.u WHERE k = 1", 29),
                new Counted("INSERT INTO ra.u (k, c, v) VALUES (1, 'abc', 0x0102)", 75),
                new Counted("UPDATE ra.u SET l = [1, 2] WHERE k = 1 AND c = 'abc'", 145),
                new Counted("UPDATE ra.u SET l = l + [1, 2] WHERE k = 1 AND c = 'abc'", 145),
                new Counted("UPDATE ra.u SET m['ab'] = 1 WHERE k = 1 AND c = 'abc'", 91),
                new Counted("DELETE FROM ra.u WHERE k = 1 AND c > 'abc' AND c < 'x'", 49),
                new Counted("DELETE FROM ra.u WHERE k = 1 AND c = 'abc'", 53));
    }

    @ParameterizedTest
    @MethodSource("counted")
    void sizesAreThoseOfCassandraUpToTheEncodingOfTexts(Counted row) {
        String batch = batch("UNLOGGED", insert("ra.t", 9, 6_000), row.statement());
        assertThat(node.query(batch).lines().getFirst()).doesNotStartWith("!");
        assertThat(node.warnings()).hasSize(1);
        Matcher size = Pattern.compile("is of size (\\d+),").matcher(node.warnings().getFirst());
        assertThat(size.find()).isTrue();
        assertThat(Integer.parseInt(size.group(1)) - 6_070)
                .isBetween(row.bytes(), row.bytes() + 12);
    }

    @Test
    void whatIsTooLargeForABatchIsRefusedAndNotWritten() {
        for (String kind : new String[] {"", "UNLOGGED"}) {
            String large = batch(kind, insert("ra.t", 1, 30_000), insert("ra.t", 2, 30_000));
            assertThat(node.query(large).lines().getFirst()).contains("Batch too large");
        }
        assertThat(node.query("SELECT k FROM ra.t").lines()).hasSize(1);
    }
}
