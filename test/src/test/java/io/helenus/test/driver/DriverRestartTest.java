package io.helenus.test.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.internal.core.channel.ChannelEvent;
import com.datastax.oss.driver.internal.core.context.InternalDriverContext;
import io.helenus.test.node.TestNode;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A session outlives its server's restart: prepared statements, schema, identity and data are there.
final class DriverRestartTest {
    private static final int SECONDS_MAX = 60;

    @TempDir private Path directory;

    @Test
    void preparedStatementsAndDataSurviveARestart() throws Exception {
        try (TestNode node = TestNode.start(directory);
                CqlSession session =
                        Sessions.builder(
                                        node.address(),
                                        Wire.V5_LZ4,
                                        Sessions.configuration(Wire.V5_LZ4))
                                .build()) {
            session.execute(
                    "CREATE KEYSPACE ks WITH replication = {'class': 'NetworkTopologyStrategy', 'datacenter1': 1}");
            session.execute("CREATE TABLE ks.t (k int PRIMARY KEY, v text)");
            PreparedStatement insert = session.prepare("INSERT INTO ks.t (k, v) VALUES (?, ?)");
            PreparedStatement select = session.prepare("SELECT v FROM ks.t WHERE k = ?");
            session.execute(insert.bind(1, "flushed"));
            node.flush();
            session.execute(insert.bind(2, "logged"));
            UUID hostId = only(session).getHostId();
            UUID schemaVersion = local(session).getUuid(1);
            long prepared = prepared(session);
            assertThat(prepared).isGreaterThanOrEqualTo(2);
            Reconnected reconnected = new Reconnected(session);
            node.restart();
            assertThat(reconnected.await()).as("reconnected").isTrue();
            assertThat(value(session, select, 1)).isEqualTo("flushed");
            assertThat(value(session, select, 2)).isEqualTo("logged");
            session.execute(insert.bind(3, "after"));
            assertThat(value(session, select, 3)).isEqualTo("after");
            assertThat(prepared(session)).isEqualTo(prepared);
            assertThat(local(session).getUuid(0)).isEqualTo(hostId);
            assertThat(local(session).getUuid(1)).isEqualTo(schemaVersion);
        }
    }

    private static Node only(CqlSession session) {
        return session.getMetadata().getNodes().values().iterator().next();
    }

    private static Row local(CqlSession session) {
        return Objects.requireNonNull(
                session.execute("SELECT host_id, schema_version FROM system.local").one(), "row");
    }

    private static long prepared(CqlSession session) {
        return session.execute("SELECT query_string FROM system.prepared_statements").all().size();
    }

    private static String value(CqlSession session, PreparedStatement select, int key) {
        Row row = Objects.requireNonNull(session.execute(select.bind(key)).one(), "row");
        return String.valueOf(row.getString(0));
    }

    /// Opens when as many connections were made as were lost. That the driver calls the node up says only
    /// that its control connection is back; requests need one of the pool's too.
    private static final class Reconnected {
        private final CountDownLatch latch = new CountDownLatch(1);
        private int closed;
        private int opened;

        Reconnected(CqlSession session) {
            ((InternalDriverContext) session.getContext())
                    .getEventBus()
                    .register(ChannelEvent.class, this::happened);
        }

        boolean await() throws InterruptedException {
            return latch.await(SECONDS_MAX, TimeUnit.SECONDS);
        }

        private synchronized void happened(ChannelEvent event) {
            switch (event.type) {
                case CLOSED -> closed++;
                case OPENED -> {
                    opened++;
                    if (opened == closed) {
                        latch.countDown();
                    }
                }
                default -> {
                    // Attempts say nothing.
                }
            }
        }
    }
}
