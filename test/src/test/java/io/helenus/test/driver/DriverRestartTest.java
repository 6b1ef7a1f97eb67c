package io.helenus.test.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import com.datastax.oss.driver.api.core.metadata.NodeStateListenerBase;
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
        CountDownLatch up = new CountDownLatch(1);
        try (TestNode node = TestNode.start(directory);
                CqlSession session =
                        Sessions.builder(
                                        node.address(),
                                        Wire.V5_LZ4,
                                        Sessions.configuration(Wire.V5_LZ4))
                                .withNodeStateListener(new UpAgain(up))
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
            node.restart();
            assertThat(up.await(SECONDS_MAX, TimeUnit.SECONDS)).as("reconnected").isTrue();
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

    /// Counts down when the node is back after it was gone.
    private static final class UpAgain extends NodeStateListenerBase {
        private final CountDownLatch up;
        private volatile boolean wasDown;

        UpAgain(CountDownLatch up) {
            this.up = up;
        }

        @Override
        public void close() {
            // Holds nothing.
        }

        @Override
        public void onDown(Node node) {
            wasDown = true;
        }

        @Override
        public void onUp(Node node) {
            if (wasDown && node.getState() == NodeState.UP) {
                up.countDown();
            }
        }
    }
}
