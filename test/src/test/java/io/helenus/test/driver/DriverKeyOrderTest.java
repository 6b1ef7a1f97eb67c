package io.helenus.test.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.Statement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Adversarial values as clustering keys, over the wire: which rows come of them, and in what order, as
/// Apache Cassandra answered. The values are sent as raw bytes, so that no codec tidies them.
@ExtendWith(SharedServer.Extension.class)
final class DriverKeyOrderTest {
    private static final Path GOLDEN =
            Path.of(
                    System.getProperty("helenus.root", ".."),
                    "engine/src/test/resources/io/helenus/engine/types/order.golden");

    /// What was recorded for one type; values in hexadecimal, rows by the number of their insert.
    record Recorded(
            String type,
            List<ByteBuffer> values,
            List<Integer> ascending,
            List<Integer> descending,
            Set<Integer> refusedAscending) {
        /// Cassandra does not sort the elements of a set or map that is bound to a descending column.
        /// Helenus does, as in ascending ones.
        List<Integer> expected(boolean descending) {
            if (descending && (type.contains("set<") || type.contains("map<"))) {
                return ascending.reversed();
            }
            return descending ? descending() : ascending;
        }

        @Override
        public String toString() {
            return type;
        }
    }

    static Stream<Recorded> types() throws IOException {
        List<Recorded> all = new ArrayList<>();
        for (String line : Files.readAllLines(GOLDEN)) {
            String[] parts = line.split("\t", -1);
            switch (parts[0]) {
                case "type" ->
                        all.add(
                                new Recorded(
                                        parts[1],
                                        new ArrayList<>(),
                                        new ArrayList<>(),
                                        new ArrayList<>(),
                                        new HashSet<>()));
                case "insert" -> all.getLast().values().add(bytes(parts[2]));
                case "asc" -> all.getLast().ascending().add(Integer.valueOf(parts[1]));
                case "desc" -> all.getLast().descending().add(Integer.valueOf(parts[1]));
                case "asc-refused" ->
                        all.getLast().refusedAscending().add(Integer.valueOf(parts[1]));
                default -> {} // partition keys have a test of their own in the types' package
            }
        }
        assertThat(all).hasSizeGreaterThan(25);
        return all.stream();
    }

    private static ByteBuffer bytes(String hex) {
        return ByteBuffer.wrap(hex.equals("-") ? new byte[0] : HexFormat.of().parseHex(hex));
    }

    @ParameterizedTest
    @MethodSource("types")
    void rowsComeInTheRecordedOrder(Recorded recorded, SharedServer server) {
        CqlSession session = server.session(Wire.V5_LZ4);
        String keyspace = server.keyspace();
        session.execute("CREATE TYPE " + keyspace + ".pair (number int, tags frozen<set<text>>)");
        for (boolean descending : new boolean[] {false, true}) {
            String table = keyspace + (descending ? ".t_desc" : ".t_asc");
            session.execute(
                    "CREATE TABLE %s (p int, c %s, n int, PRIMARY KEY (p, c)) WITH CLUSTERING ORDER BY (c %s)"
                            .formatted(table, recorded.type(), descending ? "DESC" : "ASC"));
            List<Integer> expected = recorded.expected(descending);
            insert(session, table, recorded, descending);
            check(session, table, recorded, expected, descending);
        }
        server.node().table(keyspace, "t_asc").flush().join();
        server.node().table(keyspace, "t_desc").flush().join();
        check(session, keyspace + ".t_asc", recorded, recorded.ascending(), false);
        check(session, keyspace + ".t_desc", recorded, recorded.expected(true), true);
    }

    private static void insert(
            CqlSession session, String table, Recorded recorded, boolean descending) {
        PreparedStatement insert =
                session.prepare("INSERT INTO " + table + " (p, c, n) VALUES (0, ?, ?)");
        for (int i = 0; i < recorded.values().size(); i++) {
            if (descending || !recorded.refusedAscending().contains(i)) {
                session.execute(
                        insert.boundStatementBuilder()
                                .setBytesUnsafe(0, recorded.values().get(i).duplicate())
                                .setInt(1, i)
                                .build());
            }
        }
    }

    private static void check(
            CqlSession session,
            String table,
            Recorded recorded,
            List<Integer> expected,
            boolean descending) {
        String select = "SELECT n FROM " + table + " WHERE p = 0";
        assertThat(numbers(session, select)).as(table).isEqualTo(expected);
        List<Integer> reversed = new ArrayList<>(expected);
        Collections.reverse(reversed);
        String order = " ORDER BY c " + (descending ? "ASC" : "DESC");
        assertThat(numbers(session, select + order)).as("reversed").isEqualTo(reversed);
        List<Integer> up = descending ? reversed : expected;
        PreparedStatement equal = session.prepare(select + " AND c = ?");
        PreparedStatement above = session.prepare(select + " AND c > ? ORDER BY c ASC");
        PreparedStatement upTo = session.prepare(select + " AND c <= ? ORDER BY c ASC");
        List<CompletionStage<AsyncResultSet>> answers = new ArrayList<>();
        for (int number : up) {
            ByteBuffer value = recorded.values().get(number);
            for (PreparedStatement each : List.of(equal, above, upTo)) {
                answers.add(session.executeAsync(bind(each, value)));
            }
        }
        for (int i = 0; i < up.size(); i++) {
            String at = table + " at insert " + up.get(i);
            assertThat(numbers(answers.get(3 * i))).as(at).containsExactly(up.get(i));
            assertThat(numbers(answers.get(3 * i + 1)))
                    .as(at)
                    .isEqualTo(up.subList(i + 1, up.size()));
            assertThat(numbers(answers.get(3 * i + 2))).as(at).isEqualTo(up.subList(0, i + 1));
        }
    }

    private static Statement<?> bind(PreparedStatement statement, ByteBuffer value) {
        return statement.boundStatementBuilder().setBytesUnsafe(0, value.duplicate()).build();
    }

    private static List<Integer> numbers(CqlSession session, String select) {
        return session.execute(select).all().stream().map(row -> row.getInt(0)).toList();
    }

    private static List<Integer> numbers(CompletionStage<AsyncResultSet> answer) {
        List<Integer> numbers = new ArrayList<>();
        for (Row row : answer.toCompletableFuture().join().currentPage()) {
            numbers.add(row.getInt(0));
        }
        return numbers;
    }
}
