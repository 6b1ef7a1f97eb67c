package io.helenus.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.datastax.oss.protocol.internal.request.Query;
import com.datastax.oss.protocol.internal.response.result.Void;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.RequestHandler.Completion;
import io.helenus.engine.query.RequestHandler.Outcome;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The server's life: where it listens, whom it lets in, and how it ends.
class NativeServerTest {

    @ParameterizedTest
    @EnumSource(IoTransport.class)
    void everyTransportServes(IoTransport transport) throws IOException {
        assumeTrue(transport.isAvailable());
        TransportOptions options = TransportOptions.defaults().withTransport(transport);
        try (TestServer server = new TestServer(options)) {
            assertThat(server.address.getPort()).isPositive();
            assertThat(server.server.transport()).isNotEqualTo(IoTransport.AUTO);
            server.handler.on("SELECT big", FakeHandler.blobs(3, 1 << 20));
            server.handler.on(
                    "SELECT io",
                    (r, b, io, l) -> io ? FakeHandler.VOID.run(r, b, io, l) : Outcome.NEEDS_IO);
            for (int version = 3; version <= 5; version++) {
                try (TestClient client = server.client(version)) {
                    for (String text : List.of("SELECT big", "SELECT io", "CREATE x", "SELECT 1")) {
                        client.send(1, new Query(text));
                    }
                    for (int i = 0; i < 4; i++) {
                        assertThat(client.receive().streamId).isEqualTo(1);
                    }
                }
            }
        }
    }

    @Test
    void occupiedAddressIsRefusedByName() throws IOException {
        try (TestServer server = new TestServer()) {
            NativeServer second =
                    new NativeServer(
                            TransportOptions.defaults(),
                            TestServer.named("second"),
                            Runnable::run,
                            server.handler,
                            null);
            assertThatThrownBy(() -> second.start(server.address))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining(String.valueOf(server.address.getPort()));
        }
    }

    @Test
    void connectionsBeyondTheLimitAreClosed() throws IOException {
        try (TestServer server = new TestServer(Limits.connections(2))) {
            try (TestClient one = server.client(4);
                    TestClient two = server.client(4);
                    TestClient three = new TestClient(server.address, 4)) {
                assertThat(three.receiveToEnd()).isEmpty();
                assertThat(one.ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
                assertThat(two.ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
                assertThat(server.server.metrics().refusedConnections()).isEqualTo(1);
                assertThat(server.server.metrics().connections()).isEqualTo(2);
            }
            Eventually.until("they left", () -> server.server.metrics().connections() == 0);
            server.client(5).close();
        }
    }

    @Test
    void clientsAreListedWithTheirDrivers() throws IOException {
        try (TestServer server = new TestServer();
                TestClient client =
                        server.client(5, "DRIVER_NAME", "Fine Driver", "DRIVER_VERSION", "1.2")) {
            server.handler.on("USE ks", FakeHandler.use("ks"));
            client.ask(new Query("USE ks"));
            assertThat(server.server.clients())
                    .singleElement()
                    .satisfies(info -> {
                        assertThat(info.protocolVersion()).isEqualTo(5);
                        assertThat(info.driverName()).isEqualTo("Fine Driver");
                        assertThat(info.driverVersion()).isEqualTo("1.2");
                        assertThat(info.keyspace()).isEqualTo("ks");
                        assertThat(info.requests()).isEqualTo(2);
                        assertThat(info.options())
                                .containsAllEntriesOf(Map.of("CQL_VERSION", "3.0.0"));
                    });
        }
    }

    @Test
    void metricsCountWhatHappened() throws IOException {
        try (TestServer server = new TestServer();
                TestClient client = server.client(4)) {
            server.handler.fails("SELECT bad", CqlException.invalid("bad"));
            client.ask(new Query("SELECT bad"));
            client.ask(new Query("CREATE x"));
            TransportMetrics metrics = server.server.metrics();
            assertThat(metrics.connections()).isEqualTo(1);
            assertThat(metrics.requests()).isEqualTo(3);
            assertThat(metrics.errors()).isEqualTo(1);
            assertThat(metrics.deferredRequests()).isEqualTo(1);
            assertThat(metrics.receivedBytes()).isPositive();
            assertThat(metrics.sentBytes()).isPositive();
        }
    }

    @Test
    void stopAnswersWhatRunsAndEndsIdleConnections() throws Exception {
        Queue<Completion> running = new ConcurrentLinkedQueue<>();
        try (TestServer server = new TestServer();
                TestClient busy = server.client(5);
                TestClient idle = server.client(4)) {
            server.handler.on(
                    "SELECT later",
                    (_, _, _, later) -> {
                        running.add(later);
                        return Outcome.LATER;
                    });
            busy.send(3, new Query("SELECT later"));
            Eventually.until("it runs", () -> running.size() == 1);
            Thread stopping = TestServer.named("stop").newThread(server.server::close);
            stopping.start();
            assertThat(idle.receiveToEnd()).isEmpty();
            Eventually.until("both are stopped", () -> server.server.metrics().pauses() == 2);
            busy.send(4, new Query("SELECT 1")); // not read any more
            running.remove().done(new byte[] {0, 0, 0, 1}, List.of());
            assertThat(busy.receive().streamId).isEqualTo(3);
            assertThat(busy.receiveToEnd()).isEmpty();
            stopping.join();
            assertThatThrownBy(() -> new TestClient(server.address, 4))
                    .isInstanceOf(ConnectException.class);
            server.server.close(); // idempotent
            server.server
                    .events()
                    .publish(new ServerEvent.StatusChange(ServerEvent.Status.UP, server.address));
        }
    }

    @Test
    void stopDoesNotWaitForEver() throws Exception {
        try (TestServer server = new TestServer();
                TestClient client = server.client(4)) {
            server.handler.on("SELECT never", (_, _, _, _) -> Outcome.LATER);
            client.send(1, new Query("SELECT never"));
            Eventually.until("it runs", () -> server.handler.calls.get() == 1);
            server.server.stop(50);
            assertThat(client.receiveToEnd()).isEmpty();
        }
    }

    @Test
    void idleConnectionsHoldNothing() throws IOException {
        try (TestServer server = new TestServer()) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                clients.add(server.client(3 + i % 3));
            }
            assertThat(server.server.metrics().connections()).isEqualTo(500);
            assertThat(server.server.metrics().inFlightBytes()).isZero();
            for (TestClient client : clients) {
                client.close();
            }
        }
    }
}
