package io.helenus.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.ClientState;
import io.helenus.engine.query.Request;
import io.helenus.engine.query.RequestHandler;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTest {
    private static final String KEYSPACE =
            "CREATE KEYSPACE shop WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}";

    @TempDir Path directory;

    /// A clock that moves when it is told to.
    private static final class MovedClock extends Clock {
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration duration) {
            now = now.plus(duration);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return InstantSource.fixed(now).withZone(zone);
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    private Helenus start() throws IOException {
        return Helenus.embedded().dataDirectory(directory).start();
    }

    @Test
    void aClockThatWasSetBackDoesNotHideNewWrites() throws IOException {
        MovedClock clock = new MovedClock();
        try (Helenus node = Helenus.embedded().dataDirectory(directory).clock(clock).start()) {
            node.session().execute(KEYSPACE);
            node.session().execute("CREATE TABLE shop.items (id int PRIMARY KEY, name text)");
            node.session().execute("INSERT INTO shop.items (id, name) VALUES (1, 'old')");
        }
        clock.advance(Duration.ofHours(-1));
        try (Helenus node = Helenus.embedded().dataDirectory(directory).clock(clock).start()) {
            EmbeddedSession session = node.session();
            session.execute("INSERT INTO shop.items (id, name) VALUES (1, 'new')");
            assertThat(session.execute("SELECT name FROM shop.items").rows().getFirst().get("name"))
                    .isEqualTo("new");
        }
    }

    @Test
    void filesExpireUnsafelyOnlyWhereThatIsAllowed() throws IOException {
        String option =
                "ALTER TABLE shop.items WITH compaction = {'class': 'TimeWindowCompactionStrategy',"
                        + " 'unsafe_aggressive_sstable_expiration': 'true'}";
        try (Helenus node = start()) {
            EmbeddedSession session = node.session();
            session.execute(KEYSPACE);
            session.execute("CREATE TABLE shop.items (id int PRIMARY KEY, name text)");
            assertThatThrownBy(() -> session.execute(option))
                    .hasMessageContaining("is requested but not allowed")
                    .hasMessageContaining("allow_unsafe_aggressive_sstable_expiration");
        }
        try (Helenus node =
                Helenus.embedded()
                        .dataDirectory(directory)
                        .set("allow_unsafe_aggressive_sstable_expiration", "true")
                        .start()) {
            node.session().execute(option);
        }
        try (Helenus node = start()) {
            node.session().execute("ALTER TABLE shop.items WITH comment = 'as it was'");
        }
    }

    @Test
    void anInterruptedThreadHarmsNoFile() throws IOException {
        Helenus node = start();
        Thread.currentThread().interrupt();
        EmbeddedSession session = node.session();
        session.execute(KEYSPACE);
        session.execute("CREATE TABLE shop.items (id int PRIMARY KEY, name text)");
        session.execute("INSERT INTO shop.items (id, name) VALUES (?, ?)", 1, "lamp");
        assertThat(session.execute("SELECT * FROM shop.items").rows()).hasSize(1);
        assertThat(Thread.interrupted()).isTrue();
        session.execute("CREATE TABLE shop.more (id int PRIMARY KEY)");
        Thread.currentThread().interrupt();
        node.close();
        assertThat(Thread.interrupted()).isTrue();
        try (Helenus again = start()) {
            assertThat(again.session().execute("SELECT * FROM shop.items").rows()).hasSize(1);
            assertThat(again.session().execute("SELECT * FROM shop.more").rows()).isEmpty();
        }
    }

    @Test
    void unloggedWritesSurviveAnOrderlyEnd() throws IOException {
        try (Helenus node = start()) {
            node.session().execute(KEYSPACE + " AND durable_writes = false");
            node.session().execute("CREATE TABLE shop.items (id int PRIMARY KEY, name text)");
            node.session().execute("INSERT INTO shop.items (id, name) VALUES (1, 'lamp')");
        }
        try (Helenus node = start()) {
            assertThat(node.session().execute("SELECT * FROM shop.items").rows()).hasSize(1);
        }
    }

    @Test
    void twoNodesNeverShareACommitLog(@TempDir Path elsewhere) throws IOException {
        String logs = elsewhere.resolve("logs").toString();
        try (Helenus _ =
                Helenus.embedded()
                        .dataDirectory(directory.resolve("one"))
                        .set("commitlog_directory", logs)
                        .start()) {
            assertThatThrownBy(() ->
                            Helenus.embedded()
                                    .dataDirectory(directory.resolve("two"))
                                    .set("commitlog_directory", logs)
                                    .start())
                    .hasMessageContaining(logs)
                    .hasMessageContaining("in use by another node");
        }
    }

    /// Those that are used stay, whatever comes and goes.
    @Test
    void preparedStatementsThatAreUsedStay() throws IOException {
        try (Helenus node =
                Helenus.embedded()
                        .dataDirectory(directory)
                        .set("prepared_statements_max", "10")
                        .start()) {
            RequestHandler requests = node.requests();
            Request request = new Request();
            request.reset(5, new ClientState("test"));
            byte[] used =
                    requests.prepare("SELECT key FROM system.local", request, new ByteWriter())
                            .id();
            for (int i = 0; i < 100; i++) {
                assertThat(requests.prepared(used, 0, used.length)).as("%d", i).isNotNull();
                requests.prepare(
                        "SELECT key FROM system.local LIMIT " + (i + 1), request, new ByteWriter());
            }
        }
    }

    @Test
    void threadsThatComeAndGoLeaveNothingBehind() throws Exception {
        try (Helenus node = start()) {
            node.session().execute(KEYSPACE);
            node.session().execute("CREATE TABLE shop.items (id int PRIMARY KEY, name text)");
            for (int i = 0; i < 100; i++) {
                int id = i;
                Thread reader =
                        Thread.ofVirtual()
                                .start(() -> {
                                    EmbeddedSession session = node.session();
                                    session.execute(
                                            "INSERT INTO shop.items (id, name) VALUES (?, ?)",
                                            id,
                                            "lamp");
                                    session.execute("SELECT * FROM shop.items WHERE id = ?", id);
                                });
                reader.join();
            }
            assertThat(node.storage().pinSlots()).isLessThan(5);
            EmbeddedSession session = node.session();
            assertThat(session.execute("SELECT count(*) FROM shop.items").rows()).hasSize(1);
            for (int i = 0; i < 3; i++) { // a worker that grew is not kept
                session.execute(
                        "INSERT INTO shop.items (id, name) VALUES (?, ?)",
                        1000 + i,
                        "x".repeat(6 << 20));
                session.execute("SELECT * FROM shop.items WHERE id = ?", 1000 + i);
            }
            assertThat(node.storage().pinSlots()).isLessThan(5);
        }
    }

    @Test
    void whatWasWrittenIsThereAfterARestart() throws IOException {
        UUID id = new UUID(1, 2);
        try (Helenus node = start()) {
            EmbeddedSession session = node.session();
            session.execute(KEYSPACE);
            session.execute("USE shop");
            session.execute(
                    "CREATE TABLE items (id uuid PRIMARY KEY, name text, price decimal, tags set<text>, stock map<text, int>)");
            session.execute(
                    "INSERT INTO items (id, name, price, tags, stock) VALUES (?, ?, ?, ?, ?)",
                    id,
                    "lamp",
                    new BigDecimal("12.50"),
                    Set.of("new"),
                    Map.of("here", 3));
        }
        try (Helenus node = start()) {
            EmbeddedResult.Row row =
                    node.session().execute("SELECT * FROM shop.items WHERE id = ?", id).one();
            assertThat(row.get("name")).isEqualTo("lamp");
            assertThat(row.get("price")).isEqualTo(new BigDecimal("12.50"));
            assertThat(row.get("tags")).isEqualTo(Set.of("new"));
            assertThat(row.get("stock")).isEqualTo(Map.of("here", 3));
        }
    }

    @Test
    void timeIsWhatTheClockSays() throws IOException {
        MovedClock clock = new MovedClock();
        try (Helenus node = Helenus.embedded().dataDirectory(directory).clock(clock).start()) {
            EmbeddedSession session = node.session();
            session.execute(KEYSPACE);
            session.execute("CREATE TABLE shop.offers (id int PRIMARY KEY, text text)");
            session.execute(
                    "INSERT INTO shop.offers (id, text) VALUES (1, 'today') USING TTL 86400");
            assertThat(session.execute("SELECT * FROM shop.offers").rows()).hasSize(1);
            clock.advance(Duration.ofDays(1));
            assertThat(session.execute("SELECT * FROM shop.offers").rows()).isEmpty();
        }
    }

    @Test
    void severalNodesLiveSideBySide() throws IOException {
        try (Helenus one = Helenus.embedded().dataDirectory(directory.resolve("1")).start();
                Helenus other = Helenus.embedded().dataDirectory(directory.resolve("2")).start()) {
            one.session().execute(KEYSPACE);
            other.session().execute(KEYSPACE);
            one.session().execute("CREATE TABLE shop.t (id int PRIMARY KEY)");
            assertThatThrownBy(() -> other.session().execute("SELECT * FROM shop.t"))
                    .isInstanceOf(CqlException.class)
                    .hasMessage("table t does not exist");
        }
    }

    @Test
    void oneDirectoryIsOneNodes() throws IOException {
        try (Helenus node = start()) {
            assertThat(node.nativeAddress()).isEmpty();
            assertThatThrownBy(this::start)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("in use by another node")
                    .hasMessageContaining(directory.toString());
        }
    }

    @Test
    void rowsOfABatchAreReadTogether() throws IOException {
        try (Helenus node = start()) {
            EmbeddedSession session = node.session();
            session.execute(KEYSPACE);
            session.execute(
                    "CREATE TABLE shop.lines (basket int, line int, item text, PRIMARY KEY (basket, line))");
            session.execute(
                    """
                    BEGIN BATCH
                      INSERT INTO shop.lines (basket, line, item) VALUES (1, 1, 'lamp');
                      INSERT INTO shop.lines (basket, line, item) VALUES (1, 2, 'bulb');
                    APPLY BATCH
                    """);
            List<Object> items =
                    session.execute("SELECT item FROM shop.lines WHERE basket = 1").rows().stream()
                            .map(row -> row.get(0))
                            .toList();
            assertThat(items).containsExactly("lamp", "bulb");
        }
    }
}
