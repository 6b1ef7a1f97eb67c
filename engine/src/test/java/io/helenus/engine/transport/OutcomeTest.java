package io.helenus.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.protocol.internal.Frame;
import com.datastax.oss.protocol.internal.request.Execute;
import com.datastax.oss.protocol.internal.request.Prepare;
import com.datastax.oss.protocol.internal.request.Query;
import com.datastax.oss.protocol.internal.request.query.QueryOptions;
import com.datastax.oss.protocol.internal.response.Error;
import com.datastax.oss.protocol.internal.response.error.Unavailable;
import com.datastax.oss.protocol.internal.response.result.Prepared;
import com.datastax.oss.protocol.internal.response.result.Rows;
import com.datastax.oss.protocol.internal.response.result.Void;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.query.RequestHandler.Completion;
import io.helenus.engine.query.RequestHandler.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests that are answered at once, on a reader thread, later, never well, or out of order.
class OutcomeTest {
    private static final byte[] VOID = {0, 0, 0, 1};

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void requestThatNeedsIoRunsAgainOnAReader(int version) throws IOException {
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        server.handler.on(
                "SELECT io",
                (request, body, ioAllowed, _) -> {
                    threads.add(Thread.currentThread().getName());
                    if (!ioAllowed) {
                        return Outcome.NEEDS_IO;
                    }
                    body.writeInt(2).writeInt(4).writeInt(1).writeInt(1);
                    body.writeInt(request.values.length(0));
                    body.writeBytes(
                            request.values.array(),
                            request.values.offset(0),
                            request.values.length(0));
                    return Outcome.DONE;
                });
        byte[] value = {1, 2, 3, 4, 5};
        QueryOptions options =
                new QueryOptions(
                        1,
                        List.of(ByteBuffer.wrap(value)),
                        Map.of(),
                        false,
                        -1,
                        null,
                        8,
                        QueryOptions.NO_DEFAULT_TIMESTAMP,
                        null,
                        QueryOptions.NO_NOW_IN_SECONDS);
        try (TestClient client = server.client(version)) {
            Prepared prepared = (Prepared) client.ask(new Prepare("SELECT io"));
            byte[] id = prepared.preparedQueryId;
            Rows rows = (Rows) client.ask(new Execute(id, id, options));
            assertThat(rows.getData().element().getFirst()).isEqualTo(ByteBuffer.wrap(value));
        }
        assertThat(threads.remove()).startsWith("loop-");
        assertThat(threads.remove()).startsWith("reader-");
        assertThat(threads).isEmpty();
        assertThat(server.server.metrics().inFlightBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "SELECT 1, loop-",
        "insert into t, loop-",
        "' \n update t', loop-",
        "DELETE FROM t, loop-",
        "USE ks, loop-",
        "CREATE TABLE t, reader-",
        "-- comment, reader-",
        "TRUNCATE t, reader-",
        "'', reader-"
    })
    void textDecidesWhereAQueryRuns(String text, String thread) throws IOException {
        Queue<String> threads = new ConcurrentLinkedQueue<>();
        server.handler.on(
                text,
                (request, body, ioAllowed, later) -> {
                    threads.add(Thread.currentThread().getName());
                    return FakeHandler.VOID.run(request, body, ioAllowed, later);
                });
        try (TestClient client = server.client(4)) {
            assertThat(client.ask(new Query(text))).isInstanceOf(Void.class);
        }
        assertThat(threads).singleElement().asString().startsWith(thread);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void answersMayComeInAnyOrderAndFromAnyThread(int version) throws IOException {
        Queue<Completion> waiting = new ConcurrentLinkedQueue<>();
        server.handler.on(
                "SELECT later",
                (_, _, _, later) -> {
                    waiting.add(later);
                    return Outcome.LATER;
                });
        try (TestClient client = server.client(version)) {
            client.send(1, new Query("SELECT later"));
            client.send(2, new Query("SELECT later"));
            client.send(3, new Query("SELECT later"));
            client.send(4, new Query("SELECT now"));
            assertThat(client.receive().streamId).isEqualTo(4);
            Eventually.until("three wait", () -> waiting.size() == 3);
            Completion first = waiting.remove();
            waiting.remove().failed(new CqlException.Unavailable(4, 2, 1, "down"));
            Frame second = client.receive();
            assertThat(second.streamId).isEqualTo(2);
            assertThat(((Unavailable) second.message).alive).isEqualTo(1);

            waiting.remove().done(VOID.clone(), List.of("third"));
            Frame third = client.receive();
            assertThat(third.streamId).isEqualTo(3);
            assertThat(third.warnings).isEqualTo(version > 3 ? List.of("third") : List.of());

            first.done(VOID.clone(), List.of());
            first.done(VOID.clone(), List.of()); // a mistake, and harmless
            assertThat(client.receive().streamId).isEqualTo(1);
            assertThat(client.ask(new Query("SELECT now"))).isInstanceOf(Void.class);
        }
        assertThat(server.server.metrics().inFlightBytes()).isZero();
    }

    @Test
    void answerGivenBeforeTheHandlerReturnsIsNotLost() throws IOException {
        server.handler.on(
                "SELECT early",
                (_, _, _, later) -> {
                    later.done(VOID.clone(), List.of());
                    return Outcome.LATER;
                });
        try (TestClient client = server.client(4)) {
            for (int i = 0; i < 10; i++) {
                assertThat(client.ask(new Query("SELECT early"))).isInstanceOf(Void.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT boom", "CREATE boom"})
    void unexpectedExceptionIsAServerErrorAndTheConnectionLives(String text) throws IOException {
        server.handler.on(
                text,
                (_, body, _, _) -> {
                    body.writeLong(0); // half a result must not be sent
                    throw new IllegalStateException("boom");
                });
        try (TestClient client = server.client(5)) {
            Error error = (Error) client.ask(new Query(text));
            assertThat(error.code).isEqualTo(ErrorCode.SERVER_ERROR.value());
            assertThat(error.message).isEqualTo("java.lang.IllegalStateException: boom");
            assertThat(client.ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
        }
    }

    @Test
    void stackOverflowIsAServerErrorAndTheConnectionLives() throws IOException {
        server.handler.on(
                "SELECT deep",
                (_, _, _, _) -> {
                    throw new StackOverflowError();
                });
        try (TestClient client = server.client(4)) {
            assertThat(((Error) client.ask(new Query("SELECT deep"))).code).isZero();
            assertThat(client.ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
        }
    }

    /// Such a request was never answered, and its client waited until its own patience was over.
    @Test
    void requestForWhichThereIsNoMemoryIsAnswered() throws IOException {
        server.handler.on(
                "CREATE much", // runs on a reader thread
                (_, _, _, _) -> {
                    throw new OutOfMemoryError("Cannot reserve 16384 bytes of direct memory");
                });
        try (TestClient client = server.client(5)) {
            Error error = (Error) client.ask(new Query("CREATE much"));
            assertThat(error.code).isEqualTo(ErrorCode.SERVER_ERROR.value());
            assertThat(error.message).contains("Cannot reserve");
            assertThat(client.ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
            assertThat(server.server.metrics().inFlightBytes()).isZero();
        }
    }

    /// A handler that hands the completion on and then fails has answered by failing.
    @Test
    void completionOfAFailedRequestIsIgnored() throws IOException {
        Queue<Completion> leaked = new ConcurrentLinkedQueue<>();
        server.handler.on(
                "SELECT torn",
                (_, _, _, later) -> {
                    leaked.add(later);
                    throw CqlException.invalid("torn");
                });
        try (TestClient client = server.client(4)) {
            client.send(1, new Query("SELECT torn"));
            assertThat(((Error) client.receive().message).message).isEqualTo("torn");
            leaked.remove().done(VOID.clone(), List.of());
            client.send(2, new Query("SELECT 1"));
            assertThat(client.receive().streamId).isEqualTo(2);
        }
        assertThat(server.server.metrics().inFlightBytes()).isZero();
    }

    @Test
    void needingIoWhereItIsAllowedIsAServerError() throws IOException {
        server.handler.on("SELECT greedy", (_, _, _, _) -> Outcome.NEEDS_IO);
        try (TestClient client = server.client(4)) {
            Error error = (Error) client.ask(new Query("SELECT greedy"));
            assertThat(error.code).isEqualTo(ErrorCode.SERVER_ERROR.value());
        }
    }

    @Test
    void clientThatLeftIsForgotten() throws IOException {
        Queue<Completion> waiting = new ConcurrentLinkedQueue<>();
        server.handler.on(
                "SELECT later",
                (_, _, _, later) -> {
                    waiting.add(later);
                    return Outcome.LATER;
                });
        try (TestClient client = server.client(4)) {
            client.send(1, new Query("SELECT later"));
            Eventually.until("it runs", () -> waiting.size() == 1);
        }
        Eventually.until("it left", () -> server.server.metrics().connections() == 0);
        waiting.remove().done(VOID.clone(), List.of());
        Eventually.until(
                "nothing is in flight", () -> server.server.metrics().inFlightBytes() == 0);
    }

    @Test
    void fullReaderPoolMakesItsClientsWait() throws IOException, InterruptedException {
        ThreadPoolExecutor small =
                new ThreadPoolExecutor(
                        1,
                        1,
                        1,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(1),
                        TestServer.named("small"));
        CountDownLatch open = new CountDownLatch(1);
        try (TestServer crowded = new TestServer(Limits.streams(32_768), null, small);
                TestClient client = crowded.client(5);
                TestClient neighbour = crowded.client(4)) {
            crowded.handler.on(
                    "CREATE slow",
                    (_, body, _, _) -> {
                        try {
                            open.await();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                        body.writeInt(1);
                        return Outcome.DONE;
                    });
            for (int i = 0; i < 50; i++) {
                client.send(i, new Query("CREATE slow"));
            }
            Eventually.until("it waits", () -> crowded.server.metrics().pauses() > 0);
            assertThat(neighbour.ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
            open.countDown();
            Set<Integer> streams = new HashSet<>();
            for (int i = 0; i < 50; i++) {
                Frame answer = client.receive();
                assertThat(answer.message).isInstanceOf(Void.class);
                streams.add(answer.streamId);
            }
            assertThat(streams).hasSize(50);
            assertThat(crowded.server.metrics().inFlightBytes()).isZero();
        }
    }
}
