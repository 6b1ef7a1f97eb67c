package io.helenus.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.protocol.internal.Frame;
import com.datastax.oss.protocol.internal.Message;
import com.datastax.oss.protocol.internal.request.Query;
import com.datastax.oss.protocol.internal.request.Register;
import com.datastax.oss.protocol.internal.response.Ready;
import com.datastax.oss.protocol.internal.response.event.SchemaChangeEvent;
import com.datastax.oss.protocol.internal.response.event.StatusChangeEvent;
import com.datastax.oss.protocol.internal.response.event.TopologyChangeEvent;
import com.datastax.oss.protocol.internal.response.result.Void;
import io.helenus.engine.query.RequestHandler.Outcome;
import io.helenus.engine.transport.ServerEvent.Change;
import io.helenus.engine.transport.ServerEvent.SchemaChange;
import io.helenus.engine.transport.ServerEvent.Status;
import io.helenus.engine.transport.ServerEvent.StatusChange;
import io.helenus.engine.transport.ServerEvent.Target;
import io.helenus.engine.transport.ServerEvent.Topology;
import io.helenus.engine.transport.ServerEvent.TopologyChange;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Events reach who registered for them, in order, and before the result of the DDL that made them.
class EventTest {
    private static final InetSocketAddress NODE = new InetSocketAddress("127.0.0.3", 9042);
    private static final List<String> ALL =
            List.of("TOPOLOGY_CHANGE", "STATUS_CHANGE", "SCHEMA_CHANGE");

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private TestClient registered(int version, List<String> types, String... options)
            throws IOException {
        TestClient client = server.client(version, options);
        assertThat(client.ask(new Register(types))).isInstanceOf(Ready.class);
        return client;
    }

    record Told(int version, ServerEvent event, String text) {}

    static Stream<Told> events() {
        ServerEvent up = new StatusChange(Status.UP, NODE);
        ServerEvent moved = new TopologyChange(Topology.MOVED_NODE, NODE);
        ServerEvent keyspace = schema(Change.DROPPED, Target.KEYSPACE, "", List.of());
        ServerEvent table = schema(Change.CREATED, Target.TABLE, "t", List.of());
        ServerEvent function = schema(Change.CREATED, Target.FUNCTION, "f", List.of("int", "text"));
        ServerEvent aggregate = schema(Change.DROPPED, Target.AGGREGATE, "a", List.of());
        return Stream.of(3, 4, 5)
                .flatMap(v ->
                        Stream.of(
                                new Told(v, up, "UP /127.0.0.3:9042"),
                                new Told(v, moved, "MOVED_NODE /127.0.0.3:9042"),
                                new Told(v, keyspace, "DROPPED KEYSPACE ks null null"),
                                new Told(v, table, "CREATED TABLE ks t null"),
                                new Told(
                                        v,
                                        function,
                                        v > 3
                                                ? "CREATED FUNCTION ks f [int, text]"
                                                : "UPDATED KEYSPACE ks null null"),
                                new Told(
                                        v,
                                        aggregate,
                                        v > 3
                                                ? "DROPPED AGGREGATE ks a []"
                                                : "UPDATED KEYSPACE ks null null")));
    }

    private static SchemaChange schema(
            Change change, Target target, String name, List<String> arguments) {
        return new SchemaChange(change, target, "ks", name, arguments);
    }

    @ParameterizedTest
    @MethodSource("events")
    void eventIsReadByTheDriver(Told row) throws IOException {
        try (TestClient client = registered(row.version(), ALL, "COMPRESSION", "lz4")) {
            server.server.events().publish(row.event());
            Frame frame = client.receive();
            assertThat(frame.streamId).isEqualTo(-1);
            assertThat(describe(frame.message)).isEqualTo(row.text());
        }
    }

    private static String describe(Message message) {
        return switch (message) {
            case StatusChangeEvent e -> e.changeType + " " + e.address;
            case TopologyChangeEvent e -> e.changeType + " " + e.address;
            case SchemaChangeEvent e ->
                    e.changeType
                            + " "
                            + e.target
                            + " "
                            + e.keyspace
                            + " "
                            + e.object
                            + " "
                            + e.arguments;
            default -> message.toString();
        };
    }

    @Test
    void onlyWhoRegisteredForATypeHearsOfIt() throws IOException {
        try (TestClient status = registered(4, List.of("STATUS_CHANGE"));
                TestClient none = server.client(4)) {
            server.server.events().publish(schema(Change.CREATED, Target.TABLE, "t", List.of()));
            server.server.events().publish(new StatusChange(Status.DOWN, NODE));
            assertThat(status.receive().message).isInstanceOf(StatusChangeEvent.class);
            assertThat(none.ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
        }
    }

    /// "CREATE" runs on a reader, "SELECT" on the loop.
    @ParameterizedTest
    @ValueSource(strings = {"CREATE TABLE t", "SELECT as if it were DDL"})
    void schemaEventComesBeforeTheResult(String text) throws IOException {
        server.handler.on(
                text,
                (_, body, _, _) -> {
                    for (int i = 0; i < 3; i++) {
                        server.server
                                .events()
                                .publish(schema(Change.CREATED, Target.TABLE, "t" + i, List.of()));
                    }
                    body.writeInt(1);
                    return Outcome.DONE;
                });
        for (int version = 3; version <= 5; version++) {
            try (TestClient client = registered(version, ALL);
                    TestClient other = registered(version, ALL)) {
                client.send(7, new Query(text));
                for (TestClient each : List.of(client, other)) {
                    for (int i = 0; i < 3; i++) {
                        Message event = each.receive().message;
                        assertThat(((SchemaChangeEvent) event).object).isEqualTo("t" + i);
                    }
                }
                assertThat(client.receive().streamId).isEqualTo(7);
            }
        }
    }

    @Test
    void clientsThatLeftAreForgotten() throws IOException {
        for (int i = 0; i < 5; i++) {
            registered(5, ALL).close();
        }
        try (TestClient client = registered(5, ALL)) {
            for (int i = 0; i < 100; i++) {
                server.server.events().publish(new StatusChange(Status.UP, NODE));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(client.receive().streamId).isEqualTo(-1);
            }
        }
    }
}
