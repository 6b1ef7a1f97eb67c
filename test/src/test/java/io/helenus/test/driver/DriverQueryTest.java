package io.helenus.test.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BatchStatement;
import com.datastax.oss.driver.api.core.cql.BatchStatementBuilder;
import com.datastax.oss.driver.api.core.cql.BatchType;
import com.datastax.oss.driver.api.core.cql.DefaultBatchType;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.cql.Statement;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What applications do beside single rows: pages, batches, times to live, big values, many at once.
@ExtendWith(SharedServer.Extension.class)
final class DriverQueryTest {
    private static final int PARTITIONS = 10;
    private static final int ROWS_PER_PARTITION = 10_000;
    private static final int ROWS_PER_BATCH = 250;
    private static final int PAGE = 997;
    private static final int MIB = 1 << 20;

    @Test
    void hundredThousandRowsComePageByPage(SharedServer server) {
        CqlSession writer = server.session(Wire.V5_LZ4);
        String table = server.keyspace() + ".wide";
        writer.execute("CREATE TABLE " + table + " (p int, c int, v text, PRIMARY KEY (p, c))");
        fill(writer, table);
        for (Wire wire : List.of(Wire.V4_LZ4, Wire.V5)) {
            CqlSession session = server.session(wire);
            long[] rows = new long[PARTITIONS];
            Statement<?> all =
                    SimpleStatement.newInstance("SELECT p, c FROM " + table).setPageSize(PAGE);
            for (Row row : session.execute(all)) {
                int partition = row.getInt(0);
                assertThat((long) row.getInt(1)).isEqualTo(rows[partition]++);
            }
            assertThat(rows).containsOnly(ROWS_PER_PARTITION);
        }
        int expected = ROWS_PER_PARTITION;
        Statement<?> newestFirst =
                SimpleStatement.newInstance(
                                "SELECT c, v FROM " + table + " WHERE p = 3 ORDER BY c DESC")
                        .setPageSize(PAGE);
        for (Row row : writer.execute(newestFirst)) {
            assertThat(row.getInt(0)).isEqualTo(--expected);
            assertThat(row.getString(1)).isEqualTo("value " + expected);
        }
        assertThat(expected).isZero();
    }

    private static void fill(CqlSession session, String table) {
        PreparedStatement insert =
                session.prepare("INSERT INTO " + table + " (p, c, v) VALUES (?, ?, ?)");
        for (int p = 0; p < PARTITIONS; p++) {
            List<CompletionStage<?>> batches = new ArrayList<>();
            for (int from = 0; from < ROWS_PER_PARTITION; from += ROWS_PER_BATCH) {
                BatchStatementBuilder batch = BatchStatement.builder(DefaultBatchType.UNLOGGED);
                for (int c = from; c < from + ROWS_PER_BATCH; c++) {
                    batch.addStatement(insert.bind(p, c, "value " + c));
                }
                batches.add(session.executeAsync(batch.build()));
            }
            join(batches);
        }
    }

    private static void join(List<CompletionStage<?>> stages) {
        CompletableFuture.allOf(
                        stages.stream()
                                .map(CompletionStage::toCompletableFuture)
                                .toArray(CompletableFuture[]::new))
                .join();
    }

    @ParameterizedTest
    @EnumSource
    void pagingStateCarriesOnInAnotherStatement(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String table = server.keyspace() + ".t";
        session.execute("CREATE TABLE " + table + " (p int, c int, PRIMARY KEY (p, c))");
        for (int i = 0; i < 25; i++) {
            session.execute("INSERT INTO " + table + " (p, c) VALUES (0, ?)", i);
        }
        PreparedStatement select = session.prepare("SELECT c FROM " + table + " WHERE p = 0");
        List<Integer> seen = new ArrayList<>();
        ByteBuffer state = null;
        int pages = 0;
        do {
            ResultSet page =
                    session.execute(
                            select.boundStatementBuilder()
                                    .setPageSize(10)
                                    .setPagingState(state)
                                    .build());
            for (int i = page.getAvailableWithoutFetching(); i > 0; i--) {
                seen.add(Objects.requireNonNull(page.one(), "row").getInt(0));
            }
            state = page.getExecutionInfo().getPagingState();
            pages++;
        } while (state != null);
        assertThat(pages).isEqualTo(3);
        assertThat(seen).hasSize(25).isSorted().doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void batchesWriteToTwoTables(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String keyspace = server.keyspace();
        session.execute("CREATE TABLE " + keyspace + ".a (k int PRIMARY KEY, v text)");
        session.execute("CREATE TABLE " + keyspace + ".b (k int, c int, PRIMARY KEY (k, c))");
        PreparedStatement a =
                session.prepare("INSERT INTO " + keyspace + ".a (k, v) VALUES (?, ?)");
        int key = 0;
        for (BatchType type : List.of(DefaultBatchType.LOGGED, DefaultBatchType.UNLOGGED)) {
            key++;
            session.execute(
                    BatchStatement.builder(type)
                            .addStatement(a.bind(key, "prepared"))
                            .addStatement(
                                    SimpleStatement.newInstance(
                                            "INSERT INTO " + keyspace + ".b (k, c) VALUES (?, 1)",
                                            key))
                            .addStatement(
                                    SimpleStatement.newInstance(
                                            "INSERT INTO "
                                                    + keyspace
                                                    + ".b (k, c) VALUES (%d, 2)".formatted(key)))
                            .build());
            assertThat(
                            one(session, "SELECT v FROM " + keyspace + ".a WHERE k = " + key)
                                    .getString(0))
                    .isEqualTo("prepared");
            assertThat(session.execute("SELECT c FROM " + keyspace + ".b WHERE k = " + key).all())
                    .extracting(row -> row.getInt(0))
                    .containsExactly(1, 2);
        }
        session.execute(
                """
                BEGIN BATCH USING TIMESTAMP 77
                INSERT INTO %1$s.a (k, v) VALUES (9, 'in text');
                DELETE FROM %1$s.b WHERE k = 1
                APPLY BATCH\
                """
                        .formatted(keyspace));
        Row row = one(session, "SELECT v, writetime(v) FROM " + keyspace + ".a WHERE k = 9");
        assertThat(row.getString(0)).isEqualTo("in text");
        assertThat(row.getLong(1)).isEqualTo(77);
        assertThat(session.execute("SELECT c FROM " + keyspace + ".b WHERE k = 1").all())
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void timestampsAndTimesToLiveAreKept(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String table = server.keyspace() + ".t";
        session.execute("CREATE TABLE " + table + " (k int PRIMARY KEY, v int)");
        session.execute(
                SimpleStatement.newInstance("INSERT INTO " + table + " (k, v) VALUES (1, 1)")
                        .setQueryTimestamp(1_000));
        session.execute(
                SimpleStatement.newInstance("INSERT INTO " + table + " (k, v) VALUES (1, 2)")
                        .setQueryTimestamp(999));
        Row row = one(session, "SELECT v, writetime(v), ttl(v) FROM " + table);
        assertThat(row.getInt(0)).isEqualTo(1);
        assertThat(row.getLong(1)).isEqualTo(1_000);
        assertThat(row.isNull(2)).isTrue();
        session.execute("UPDATE " + table + " USING TTL 1000 SET v = 3 WHERE k = 1");
        row = one(session, "SELECT v, ttl(v) FROM " + table);
        assertThat(row.getInt(0)).isEqualTo(3);
        assertThat(row.getInt(1)).isBetween(900, 1_000);
        if (wire.version().equals("V5")) {
            int later = (int) (System.currentTimeMillis() / 1_000) + 2_000;
            Statement<?> inTheFuture =
                    SimpleStatement.newInstance("SELECT v FROM " + table).setNowInSeconds(later);
            row = Objects.requireNonNull(session.execute(inTheFuture).one(), "the row's key lives");
            assertThat(row.isNull(0)).isTrue();
        }
    }

    @Test
    void keyspaceOfOneRequest(SharedServer server) {
        String first = server.keyspace();
        String second = server.keyspace();
        CqlSession session = server.session(Wire.V5);
        for (String keyspace : List.of(first, second)) {
            session.execute("CREATE TABLE " + keyspace + ".t (k int PRIMARY KEY, v text)");
            CqlIdentifier name = CqlIdentifier.fromCql(keyspace);
            session.execute(
                    SimpleStatement.newInstance("INSERT INTO t (k, v) VALUES (1, ?)", keyspace)
                            .setKeyspace(name));
            PreparedStatement select =
                    session.prepare(
                            SimpleStatement.newInstance("SELECT v FROM t WHERE k = ?")
                                    .setKeyspace(name));
            Row row = Objects.requireNonNull(session.execute(select.bind(1)).one(), "row");
            assertThat(row.getString(0)).isEqualTo(keyspace);
        }
    }

    @ParameterizedTest
    @EnumSource
    void useIsRemembered(Wire wire, SharedServer server) {
        String keyspace = server.keyspace();
        try (CqlSession session = Sessions.open(server.node().address(), wire)) {
            session.execute("USE " + keyspace);
            session.execute("CREATE TABLE t (k int PRIMARY KEY)");
            session.execute("INSERT INTO t (k) VALUES (5)");
            assertThat(session.getKeyspace()).contains(CqlIdentifier.fromCql(keyspace));
            assertThat(one(session, "SELECT k FROM t").getInt(0)).isEqualTo(5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void payloadIsTakenAndWarningsAreGiven(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String table = server.keyspace() + ".t";
        session.execute("CREATE TABLE " + table + " (k int PRIMARY KEY, v int)");
        ByteBuffer bytes = ByteBuffer.wrap("payload".getBytes(StandardCharsets.UTF_8));
        Statement<?> withPayload =
                SimpleStatement.newInstance("SELECT release_version FROM system.local")
                        .setCustomPayload(Map.of("key", bytes));
        assertThat(Objects.requireNonNull(session.execute(withPayload).one(), "row").getString(0))
                .startsWith("5.0.");
        assertThat(
                        session.execute("SELECT count(*) FROM " + table)
                                .getExecutionInfo()
                                .getWarnings())
                .containsExactly("Aggregation query used without partition key");
    }

    @ParameterizedTest
    @EnumSource
    void aMegabyteInOneValue(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String table = server.keyspace() + ".big";
        session.execute("CREATE TABLE " + table + " (k int PRIMARY KEY, noise blob, zeros blob)");
        byte[] noise = new byte[MIB];
        new Random(7).nextBytes(noise);
        PreparedStatement insert =
                session.prepare("INSERT INTO " + table + " (k, noise, zeros) VALUES (?, ?, ?)");
        for (int k = 0; k < 4; k++) {
            session.execute(insert.bind(k, ByteBuffer.wrap(noise), ByteBuffer.wrap(new byte[MIB])));
        }
        int rows = 0;
        for (Row row : session.execute("SELECT noise, zeros FROM " + table)) {
            assertThat(row.getByteBuffer(0)).isEqualTo(ByteBuffer.wrap(noise));
            assertThat(row.getByteBuffer(1)).isEqualTo(ByteBuffer.wrap(new byte[MIB]));
            rows++;
        }
        assertThat(rows).isEqualTo(4);
    }

    @ParameterizedTest
    @EnumSource
    void fiveHundredRequestsAtOnce(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String table = server.keyspace() + ".t";
        session.execute("CREATE TABLE " + table + " (k int PRIMARY KEY, v text)");
        PreparedStatement insert =
                session.prepare("INSERT INTO " + table + " (k, v) VALUES (?, ?)");
        PreparedStatement select = session.prepare("SELECT v FROM " + table + " WHERE k = ?");
        List<CompletionStage<?>> writes = new ArrayList<>();
        for (int k = 0; k < 500; k++) {
            writes.add(session.executeAsync(insert.bind(k, "value " + k)));
        }
        join(writes);
        List<CompletionStage<AsyncResultSet>> reads = new ArrayList<>();
        for (int k = 0; k < 500; k++) {
            reads.add(session.executeAsync(select.bind(k)));
        }
        for (int k = 0; k < 500; k++) {
            AsyncResultSet answer = reads.get(k).toCompletableFuture().join();
            assertThat(Objects.requireNonNull(answer.one(), "row").getString(0))
                    .isEqualTo("value " + k);
        }
    }

    private static Row one(CqlSession session, String cql) {
        return Objects.requireNonNull(session.execute(cql).one(), cql);
    }
}
