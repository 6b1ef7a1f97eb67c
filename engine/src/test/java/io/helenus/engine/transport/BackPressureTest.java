package io.helenus.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.protocol.internal.Frame;
import com.datastax.oss.protocol.internal.request.Query;
import com.datastax.oss.protocol.internal.response.Error;
import com.datastax.oss.protocol.internal.response.Ready;
import com.datastax.oss.protocol.internal.response.result.Rows;
import com.datastax.oss.protocol.internal.response.result.Void;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.query.RequestHandler.Completion;
import io.helenus.engine.query.RequestHandler.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients that ask for more than they take, or than the node can hold.
class BackPressureTest {
    private static final int REQUESTS = 60;
    private static final int BLOB_BYTES = 1 << 20;

    /// What the kernel may take for a client that reads nothing, and some reserve.
    private static final int SERVED_UNREAD_MAX = 30;

    @ParameterizedTest
    @CsvSource({"4, false", "5, false", "4, true", "5, true"})
    void clientThatDoesNotReadIsNotReadFrom(int version, boolean io) throws IOException {
        try (TestServer server = new TestServer(Limits.streams(32_768));
                TestClient slow = new TestClient(server.address, version, 4096);
                TestClient neighbour = server.client(version)) {
            FakeHandler.Behaviour blob = FakeHandler.blobs(1, BLOB_BYTES);
            server.handler.on(
                    "SELECT blob",
                    (request, body, ioAllowed, later) ->
                            io && !ioAllowed
                                    ? Outcome.NEEDS_IO
                                    : blob.run(request, body, ioAllowed, later));
            assertThat(slow.startup()).isInstanceOf(Ready.class);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < REQUESTS; i++) {
                all.writeBytes(slow.envelope(i, false, Map.of(), new Query("SELECT blob")));
            }
            slow.sendBytes(slow.wrap(all.toByteArray()));
            Eventually.until("it is stopped", () -> server.server.metrics().pauses() > 0);
            for (int i = 0; i < 100; i++) {
                assertThat(neighbour.ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
            }
            long answered = server.server.metrics().sentBytes() / BLOB_BYTES;
            assertThat(answered).isLessThan(SERVED_UNREAD_MAX);

            boolean[] seen = new boolean[REQUESTS];
            for (int i = 0; i < REQUESTS; i++) {
                Frame answer = slow.receive();
                assertThat(((Rows) answer.message).getData()).hasSize(1);
                seen[answer.streamId] = true;
            }
            assertThat(seen).doesNotContain(false);
            assertThat(server.server.metrics().inFlightBytes()).isZero();
        }
    }

    /// Together they are more than is made for a client at a time, each alone is not: none may be left
    /// waiting for a moment that has passed.
    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void resultsThatAreMadeAtTheSameTimeAllArrive(int version) throws IOException {
        int rounds = 200;
        int together = 20;
        FakeHandler.Behaviour blob = FakeHandler.blobs(1, 40_000);
        try (TestServer server =
                        new TestServer(
                                Limits.streams(32_768),
                                null,
                                Executors.newFixedThreadPool(8, TestServer.named("reader")));
                TestClient client = server.client(version)) {
            server.handler.on(
                    "SELECT blob",
                    (request, body, ioAllowed, later) ->
                            ioAllowed ? blob.run(request, body, true, later) : Outcome.NEEDS_IO);
            for (int round = 0; round < rounds; round++) {
                ByteArrayOutputStream all = new ByteArrayOutputStream();
                for (int i = 0; i < together; i++) {
                    all.writeBytes(client.envelope(i, false, Map.of(), new Query("SELECT blob")));
                }
                client.sendBytes(client.wrap(all.toByteArray()));
                boolean[] seen = new boolean[together];
                for (int i = 0; i < together; i++) {
                    seen[client.receive().streamId] = true;
                }
                assertThat(seen).as("round %d", round).doesNotContain(false);
            }
            assertThat(server.server.metrics().inFlightBytes()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void clientThatTakesNoAnswersIsCutOff(int version) throws IOException {
        try (TestServer server = new TestServer(Limits.patience(300, 0));
                TestClient slow = new TestClient(server.address, version, 4096);
                TestClient neighbour = server.client(version)) {
            server.handler.on("SELECT blob", FakeHandler.blobs(1, BLOB_BYTES));
            assertThat(slow.startup()).isInstanceOf(Ready.class);
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < REQUESTS; i++) {
                all.writeBytes(slow.envelope(i, false, Map.of(), new Query("SELECT blob")));
            }
            slow.sendBytes(slow.wrap(all.toByteArray()));
            Eventually.until("it is cut off", () -> server.server.clients().size() == 1);
            assertThat(neighbour.ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
            assertThat(server.server.metrics().inFlightBytes()).isZero();
        }
    }

    @Test
    void clientsThatSayNothingAreCutOff() throws IOException {
        Queue<Completion> running = new ConcurrentLinkedQueue<>();
        try (TestServer server = new TestServer(Limits.patience(300, 300));
                TestClient silent = new TestClient(server.address, 5, 4096);
                TestClient idle = server.client(5);
                TestClient waiting = server.client(5)) {
            server.handler.on(
                    "SELECT later",
                    (_, _, _, later) -> {
                        running.add(later);
                        return Outcome.LATER;
                    });
            waiting.sendBytes(
                    waiting.wrap(waiting.envelope(1, false, Map.of(), new Query("SELECT later"))));
            Eventually.until("one is left", () -> server.server.clients().size() == 1);
            running.remove().done(new byte[] {0, 0, 0, 1}, List.of());
            assertThat(waiting.receive().streamId).isEqualTo(1);
            assertThat(silent).isNotSameAs(idle);
            Eventually.until("none is left", () -> server.server.clients().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void noMoreRequestsRunThanAConnectionMayHave(int version) throws IOException {
        Queue<Completion> running = new ConcurrentLinkedQueue<>();
        try (TestServer server = new TestServer(Limits.streams(4));
                TestClient client = server.client(version);
                TestClient neighbour = server.client(version)) {
            server.handler.on(
                    "SELECT later",
                    (_, _, _, later) -> {
                        running.add(later);
                        return Outcome.LATER;
                    });
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 10; i++) {
                all.writeBytes(client.envelope(i, false, Map.of(), new Query("SELECT later")));
            }
            client.sendBytes(client.wrap(all.toByteArray()));
            Eventually.until("four run", () -> running.size() == 4);
            assertThat(neighbour.ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
            assertThat(running).hasSize(4);
            for (int i = 0; i < 10; i++) {
                Eventually.until("one runs", () -> !running.isEmpty());
                assertThat(running).hasSizeLessThanOrEqualTo(4);
                running.remove().done(new byte[] {0, 0, 0, 1}, List.of());
                assertThat(client.receive().streamId).isEqualTo(i);
            }
            assertThat(server.server.metrics().inFlightBytes()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void clientThatAskedForItIsToldOfOverload(int version) throws IOException {
        Queue<Completion> running = new ConcurrentLinkedQueue<>();
        try (TestServer server = new TestServer(Limits.with(1 << 20, 1 << 10, 1 << 20));
                TestClient client = server.client(version, "THROW_ON_OVERLOAD", "1");
                TestClient patient = server.client(version)) {
            server.handler.on(
                    "SELECT later",
                    (_, _, ioAllowed, later) -> {
                        if (!ioAllowed) {
                            return Outcome.NEEDS_IO;
                        }
                        running.add(later);
                        return Outcome.LATER;
                    });
            String filler = "SELECT " + "x".repeat(2000);
            server.handler.on(
                    filler,
                    (_, _, _, later) -> {
                        running.add(later);
                        return Outcome.LATER;
                    });
            for (TestClient one : List.of(client, patient)) {
                ByteArrayOutputStream both = new ByteArrayOutputStream();
                both.writeBytes(one.envelope(1, false, Map.of(), new Query(filler)));
                both.writeBytes(one.envelope(2, false, Map.of(), new Query("SELECT later")));
                one.sendBytes(one.wrap(both.toByteArray()));
            }
            Frame refused = client.receive();
            assertThat(refused.streamId).isEqualTo(2);
            assertThat(((Error) refused.message).code).isEqualTo(ErrorCode.OVERLOADED.value());
            Eventually.until("one of each client runs", () -> running.size() == 2);
            running.remove().done(new byte[] {0, 0, 0, 1}, List.of());
            running.remove().done(new byte[] {0, 0, 0, 1}, List.of());
            assertThat(client.receive().streamId).isEqualTo(1);
            assertThat(patient.receive().streamId).isEqualTo(1);
            Eventually.until("the other one runs", () -> running.size() == 1);
            running.remove().done(new byte[] {0, 0, 0, 1}, List.of());
            assertThat(patient.receive().streamId).isEqualTo(2);
        }
    }

    /// Not even all clients together can have more made than the budget, whose each result is larger than
    /// what a kernel takes; and once they read, all are served.
    @Test
    void resultsThatNobodyTakesAreNotMadeWithoutEnd() throws Exception {
        int clients = 12;
        int blobBytes = 8 << 20;
        AtomicInteger made = new AtomicInteger();
        List<TestClient> all = new ArrayList<>();
        try (TestServer server = new TestServer(Limits.results(2L * blobBytes));
                ExecutorService receivers = Executors.newVirtualThreadPerTaskExecutor()) {
            FakeHandler.Behaviour blob = FakeHandler.blobs(1, blobBytes);
            server.handler.on(
                    "SELECT blob",
                    (request, body, ioAllowed, later) -> {
                        if (!ioAllowed) {
                            return Outcome.NEEDS_IO;
                        }
                        made.incrementAndGet();
                        return blob.run(request, body, true, later);
                    });
            for (int i = 0; i < clients; i++) {
                TestClient client = new TestClient(server.address, 4, 4096);
                all.add(client);
                assertThat(client.startup()).isInstanceOf(Ready.class);
                client.send(1, new Query("SELECT blob"));
            }
            // Two fit; two more may have been begun by the reader threads at the same time.
            Eventually.until("results wait", () -> server.server.metrics().resultBytes() > 0);
            Eventually.until("some are made", () -> made.get() >= 2);
            assertThat(made.get()).isLessThanOrEqualTo(5);

            List<Future<Frame>> answers = new ArrayList<>();
            for (TestClient client : all) {
                answers.add(receivers.submit(client::receive));
            }
            for (Future<Frame> answer : answers) {
                assertThat(answer.get().message).isInstanceOf(Rows.class);
            }
            assertThat(made.get()).isEqualTo(clients);
            Eventually.until("all is taken", () -> server.server.metrics().resultBytes() == 0);
        } finally {
            for (TestClient client : all) {
                client.close();
            }
        }
    }
}
