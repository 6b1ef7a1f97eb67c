package io.helenus.shell;

import static io.helenus.shell.FakeClient.column;
import static io.helenus.shell.FakeClient.page;
import static io.helenus.shell.FakeClient.rows;
import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.uuid.Uuids;
import io.helenus.shell.CqlClient.Column;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TracesTest {
    private static final UUID ID = UUID.fromString("50554d6e-29bb-11e5-b345-feff819cdc9f");
    private static final Instant START = Instant.parse("2024-05-01T10:00:00.123Z");
    private static final InetAddress LOCAL = InetAddress.getLoopbackAddress();
    private static final List<Column> SESSION =
            List.of(
                    column("client", DataTypes.INET),
                    column("coordinator", DataTypes.INET),
                    column("duration", DataTypes.INT),
                    column("request", DataTypes.TEXT),
                    column("started_at", DataTypes.TIMESTAMP));
    private static final List<Column> EVENT =
            List.of(
                    column("event_id", DataTypes.TIMEUUID),
                    column("activity", DataTypes.TEXT),
                    column("source", DataTypes.INET),
                    column("source_elapsed", DataTypes.INT),
                    column("thread", DataTypes.TEXT));

    @TempDir Path folder;
    private ShellFixture shell;

    @BeforeEach
    void start() {
        shell = new ShellFixture(folder);
        shell.client
                .on(
                        "SELECT v FROM t",
                        page(List.of(column("v", DataTypes.INT)), ID, List.of(), List.of(7)))
                .on("system_traces.sessions", session(2500))
                .on(
                        "system_traces.events",
                        rows(
                                EVENT,
                                List.of(
                                        Uuids.startOf(START.plusMillis(1).toEpochMilli()),
                                        "Parsing",
                                        LOCAL,
                                        1000,
                                        "main")));
    }

    private static CqlClient.Page session(@Nullable Integer duration) {
        return rows(SESSION, Arrays.asList(LOCAL, LOCAL, duration, "Execute CQL3 query", START));
    }

    @Test
    void aTracedStatementShowsItsTrace() {
        assertThat(shell.run("TRACING ON\nSELECT v FROM t;")).isZero();
        assertThat(shell.client.requests.getFirst().tracing()).isTrue();
        assertThat(shell.out)
                .endsWith(
                        """
                        (1 rows)

                        Tracing session: 50554d6e-29bb-11e5-b345-feff819cdc9f

                         activity           | timestamp                  | source    | source_elapsed | client
                        --------------------+----------------------------+-----------+----------------+-----------
                         Execute CQL3 query | 2024-05-01 10:00:00.123000 | 127.0.0.1 |              0 | 127.0.0.1
                             Parsing [main] | 2024-05-01 10:00:00.124000 | 127.0.0.1 |           1000 | 127.0.0.1
                           Request complete | 2024-05-01 10:00:00.125500 | 127.0.0.1 |           2500 | 127.0.0.1

                        """);
    }

    @Test
    void aTraceIsWaitedFor() {
        Deque<@Nullable Integer> durations = new ArrayDeque<>();
        shell.client.on(
                "system_traces.sessions",
                _ -> {
                    durations.add(0);
                    return session(durations.size() < 5 ? null : 2500);
                });
        assertThat(shell.run("TRACING ON\nSELECT v FROM t;")).isZero();
        assertThat(durations).hasSize(5);
        assertThat(shell.out).contains("Request complete");
    }

    @Test
    void aTraceThatNeverEndsIsShownAsFarAsItGot() {
        shell.client.on("system_traces.sessions", session(null));
        assertThat(shell.run("TRACING ON\nSELECT v FROM t;")).isZero();
        assertThat(shell.out)
                .contains("Statement trace did not complete within 10 seconds")
                .contains("Parsing [main]")
                .doesNotContain("Request complete");
    }

    @Test
    void aServerThatDoesNotTraceIsSaidToBeOne() {
        shell.client.on("SELECT v FROM t", rows(List.of(column("v", DataTypes.INT)), List.of(7)));
        assertThat(shell.run("TRACING ON\nSELECT v FROM t;")).isEqualTo(1);
        assertThat(shell.err).isEqualTo("<stdin>:2:The server did not trace the statement.\n");
    }

    @Test
    void readingTracesIsNotTraced() {
        shell.run("TRACING ON\nSELECT * FROM system_traces.events;");
        assertThat(shell.client.requests.getFirst().tracing()).isFalse();
    }

    @Test
    void aSessionIsShownByItsId() {
        assertThat(shell.run("SHOW SESSION " + ID)).isZero();
        assertThat(shell.out).contains("Tracing session: " + ID).contains("Request complete");
    }

    @Test
    void anUnknownSessionIsSaidToBeUnknown() {
        shell.client.on("system_traces.sessions", rows(SESSION));
        assertThat(shell.run("SHOW SESSION " + ID)).isEqualTo(1);
        assertThat(shell.err).isEqualTo("<stdin>:1:Session " + ID + " wasn't found.\n");
    }
}
