package io.helenus.test.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a node shows of itself in `system_views`.
@ExtendWith(SharedServer.Extension.class)
final class DriverViewsTest {
    private static Row only(CqlSession session, String cql) {
        return Objects.requireNonNull(session.execute(cql).one(), cql);
    }

    @Test
    void clientsAreListedWithWhatTheySaidOfThemselves(SharedServer server) {
        CqlSession session = server.session(Wire.V4_LZ4);
        List<Row> mine =
                session.execute("SELECT * FROM system_views.clients").all().stream()
                        .filter(row ->
                                String.valueOf(
                                                row.getMap(
                                                        "client_options",
                                                        String.class,
                                                        String.class))
                                        .contains("helenus-test-" + Wire.V4_LZ4))
                        .toList();
        assertThat(mine).isNotEmpty();
        for (Row row : mine) {
            assertThat(row.getString("connection_stage")).isEqualTo("ready");
            assertThat(row.getInt("protocol_version")).isEqualTo(4);
            assertThat(row.getString("driver_name")).contains("Java");
            assertThat(row.getString("username")).isEqualTo("anonymous");
            assertThat(row.getLong("request_count")).isPositive();
            assertThat(row.getBoolean("ssl_enabled")).isFalse();
            assertThat(row.isNull("ssl_protocol")).isTrue();
        }
        Row one = mine.getFirst();
        Row found =
                only(
                        session,
                        "SELECT hostname, port FROM system_views.clients WHERE address = '%s' AND port = %d"
                                .formatted(
                                        Objects.requireNonNull(one.getInetAddress("address"))
                                                .getHostAddress(),
                                        one.getInt("port")));
        assertThat(found.getInt("port")).isEqualTo(one.getInt("port"));
    }

    @Test
    void cachesAndThreadPoolsShowWhatIsCountedAndNothingElse(SharedServer server) {
        CqlSession session = server.session(Wire.V5);
        Row chunks = only(session, "SELECT * FROM system_views.caches WHERE name = 'chunks'");
        assertThat(chunks.getLong("capacity_bytes")).isPositive();
        assertThat(chunks.getLong("request_count"))
                .isGreaterThanOrEqualTo(chunks.getLong("hit_count"));
        assertThat(chunks.isNull("recent_hit_rate_per_second")).isTrue();
        assertThat(session.execute("SELECT name FROM system_views.thread_pools").all())
                .extracting(row -> row.getString("name"))
                .containsExactlyInAnyOrder(
                        "CompactionExecutor", "MemtableFlushWriter", "ReadStage");
        Row readers =
                only(session, "SELECT * FROM system_views.thread_pools WHERE name = 'ReadStage'");
        assertThat(readers.getLong("completed_tasks")).isPositive();
        assertThat(readers.isNull("blocked_tasks")).isTrue();
    }
}
