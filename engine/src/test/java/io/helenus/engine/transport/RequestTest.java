package io.helenus.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.protocol.internal.Frame;
import com.datastax.oss.protocol.internal.Message;
import com.datastax.oss.protocol.internal.request.Batch;
import com.datastax.oss.protocol.internal.request.Execute;
import com.datastax.oss.protocol.internal.request.Prepare;
import com.datastax.oss.protocol.internal.request.Query;
import com.datastax.oss.protocol.internal.request.query.QueryOptions;
import com.datastax.oss.protocol.internal.response.Error;
import com.datastax.oss.protocol.internal.response.error.Unprepared;
import com.datastax.oss.protocol.internal.response.result.Prepared;
import com.datastax.oss.protocol.internal.response.result.Rows;
import com.datastax.oss.protocol.internal.response.result.SetKeyspace;
import com.datastax.oss.protocol.internal.response.result.Void;
import io.helenus.engine.coordinator.ConsistencyLevel;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.query.BoundValues;
import io.helenus.engine.query.Request;
import io.helenus.engine.query.RequestHandler.BatchEntry;
import io.helenus.engine.query.RequestHandler.BatchKind;
import io.helenus.engine.query.RequestHandler.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests as the Java driver encodes them arrive as they were meant, and answers are what it reads.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RequestTest {
    private static final int SERIAL = ConsistencyLevel.LOCAL_SERIAL.code();
    private static final int QUORUM = ConsistencyLevel.QUORUM.code();

    record Dialect(int version, boolean lz4) {
        String[] startup() {
            return lz4 ? new String[] {"COMPRESSION", "lz4"} : new String[0];
        }
    }

    private TestServer server;

    @BeforeAll
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static Stream<Dialect> dialects() {
        return Stream.of(3, 4, 5)
                .flatMap(v -> Stream.of(new Dialect(v, false), new Dialect(v, true)));
    }

    private TestClient client(Dialect dialect) throws IOException {
        return server.client(dialect.version(), dialect.startup());
    }

    private Request lastRequest() {
        return Objects.requireNonNull(server.handler.lastRequest);
    }

    private static ByteBuffer bytes(String text) {
        return StandardCharsets.UTF_8.encode(text);
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void everyOptionOfAQueryArrives(Dialect dialect) throws IOException {
        boolean v5 = dialect.version() >= 5;
        QueryOptions options =
                new QueryOptions(
                        QUORUM,
                        List.of(bytes("first"), ByteBuffer.allocate(0)),
                        Map.of(),
                        true,
                        77,
                        bytes("here"),
                        SERIAL,
                        1234567890123L,
                        v5 ? "ks" : null,
                        v5 ? 42 : QueryOptions.NO_NOW_IN_SECONDS);
        try (TestClient client = client(dialect)) {
            assertThat(client.ask(new Query("SELECT ü FROM t", options))).isInstanceOf(Void.class);
        }
        Request seen = lastRequest();
        assertThat(server.handler.lastText).isEqualTo("SELECT ü FROM t");
        assertThat(seen.protocolVersion).isEqualTo(dialect.version());
        assertThat(seen.consistency).isEqualTo(ConsistencyLevel.QUORUM);
        assertThat(seen.serialConsistency).isEqualTo(ConsistencyLevel.LOCAL_SERIAL);
        assertThat(seen.skipMetadata).isTrue();
        assertThat(seen.pageSize).isEqualTo(77);
        assertThat(seen.pagingState).isEqualTo("here".getBytes(StandardCharsets.UTF_8));
        assertThat(seen.defaultTimestamp).isEqualTo(1234567890123L);
        assertThat(seen.keyspace).isEqualTo(v5 ? "ks" : null);
        assertThat(seen.nowInSeconds).isEqualTo(v5 ? 42 : Request.NO_NOW);
        assertThat(seen.values.count()).isEqualTo(2);
        assertThat(seen.values.text(0)).isEqualTo("first");
        assertThat(seen.values.length(1)).isZero();
        assertThat(seen.values.named()).isFalse();
        assertThat(seen.tracing).isFalse();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void absentOptionsHaveTheirDefaults(Dialect dialect) throws IOException {
        try (TestClient client = client(dialect)) {
            client.ask(new Query("SELECT 1", QueryOptions.DEFAULT));
        }
        Request seen = lastRequest();
        assertThat(seen.consistency).isEqualTo(ConsistencyLevel.ONE);
        assertThat(seen.serialConsistency).isEqualTo(ConsistencyLevel.SERIAL);
        assertThat(seen.skipMetadata).isFalse();
        assertThat(seen.pagingState).isNull();
        assertThat(seen.defaultTimestamp).isEqualTo(Request.NO_TIMESTAMP);
        assertThat(seen.nowInSeconds).isEqualTo(Request.NO_NOW);
        assertThat(seen.keyspace).isNull();
        assertThat(seen.values.count()).isZero();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void namedValuesKeepTheirNames(Dialect dialect) throws IOException {
        QueryOptions options =
                new QueryOptions(
                        QUORUM,
                        List.of(),
                        Map.of("who", bytes("me")),
                        false,
                        -1,
                        null,
                        SERIAL,
                        QueryOptions.NO_DEFAULT_TIMESTAMP,
                        null,
                        QueryOptions.NO_NOW_IN_SECONDS);
        try (TestClient client = client(dialect)) {
            client.ask(new Query("SELECT 1", options));
        }
        BoundValues values = lastRequest().values;
        assertThat(values.named()).isTrue();
        assertThat(values.name(0)).isEqualTo("who");
        assertThat(values.text(0)).isEqualTo("me");
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void preparedStatementIsExecutedWithItsValues(Dialect dialect) throws IOException {
        List<ByteBuffer> values = new ArrayList<>();
        values.add(bytes("a"));
        values.add(null);
        QueryOptions options =
                new QueryOptions(
                        QUORUM,
                        values,
                        Map.of(),
                        false,
                        -1,
                        null,
                        SERIAL,
                        QueryOptions.NO_DEFAULT_TIMESTAMP,
                        null,
                        QueryOptions.NO_NOW_IN_SECONDS);
        String text = "INSERT " + dialect;
        byte[] metadataId = HexFormat.of().parseHex("00112233445566778899aabbccddeeff");
        try (TestClient client = client(dialect)) {
            Prepared prepared = (Prepared) client.ask(new Prepare(text));
            assertThat(prepared.preparedQueryId).isEqualTo(FakeHandler.id(text));
            Message answer = client.ask(new Execute(prepared.preparedQueryId, metadataId, options));
            assertThat(answer).isInstanceOf(Void.class);
        }
        assertThat(server.handler.lastText).isEqualTo(text);
        Request seen = lastRequest();
        assertThat(seen.values.count()).isEqualTo(2);
        assertThat(seen.values.text(0)).isEqualTo("a");
        assertThat(seen.values.isNull(1)).isTrue();
        assertThat(seen.resultMetadataId).isEqualTo(dialect.version() >= 5 ? metadataId : null);
    }

    @Test
    void prepareOfV5HasItsKeyspace() throws IOException {
        try (TestClient client = server.client(5)) {
            client.ask(new Prepare("SELECT 2", "other"));
        }
        assertThat(lastRequest().keyspace).isEqualTo("other");
        assertThat(lastRequest().effectiveKeyspace()).isEqualTo("other");
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void failedPrepareIsAnError(Dialect dialect) throws IOException {
        try (TestClient client = client(dialect)) {
            Error error = (Error) client.ask(new Prepare("BAD statement"));
            assertThat(error.code).isEqualTo(ErrorCode.SYNTAX_ERROR.value());
        }
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void unknownIdIsReturnedAsUnprepared(Dialect dialect) throws IOException {
        byte[] id = "abc".getBytes(StandardCharsets.UTF_8);
        try (TestClient client = client(dialect)) {
            Unprepared error = (Unprepared) client.ask(new Execute(id, id, QueryOptions.DEFAULT));
            assertThat(error.id).isEqualTo(id);
            assertThat(error.message)
                    .startsWith("Prepared query with ID 616263 not found (either the query was");
            Message batch =
                    new Batch(
                            (byte) 1,
                            List.of(id),
                            List.of(List.of()),
                            QUORUM,
                            SERIAL,
                            QueryOptions.NO_DEFAULT_TIMESTAMP,
                            null,
                            QueryOptions.NO_NOW_IN_SECONDS);
            assertThat(((Unprepared) client.ask(batch)).id).isEqualTo(id);
        }
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void batchArrivesInOrderWithItsValues(Dialect dialect) throws IOException {
        boolean v5 = dialect.version() >= 5;
        try (TestClient client = client(dialect)) {
            client.ask(new Prepare("UPDATE batch"));
            Message batch =
                    new Batch(
                            (byte) 2,
                            List.of("INSERT batch", FakeHandler.id("UPDATE batch"), "DELETE"),
                            List.of(
                                    List.of(bytes("x"), bytes("yy")),
                                    List.of(bytes("z")),
                                    List.of()),
                            QUORUM,
                            SERIAL,
                            99,
                            v5 ? "ks" : null,
                            v5 ? 7 : QueryOptions.NO_NOW_IN_SECONDS);
            assertThat(client.ask(batch)).isInstanceOf(Void.class);
        }
        FakeHandler.Batch seen = Objects.requireNonNull(server.handler.lastBatch);
        assertThat(seen.kind()).isEqualTo(BatchKind.COUNTER);
        List<BatchEntry> entries = seen.entries();
        assertThat(entries)
                .extracting(BatchEntry::text)
                .containsExactly("INSERT batch", null, "DELETE");
        assertThat(Objects.requireNonNull(entries.get(1).prepared()).text())
                .isEqualTo("UPDATE batch");
        assertThat(entries.get(0).values().text(0)).isEqualTo("x");
        assertThat(entries.get(0).values().text(1)).isEqualTo("yy");
        assertThat(entries.get(1).values().text(0)).isEqualTo("z");
        assertThat(entries.get(2).values().count()).isZero();
        assertThat(seen.request().consistency).isEqualTo(ConsistencyLevel.QUORUM);
        assertThat(seen.request().serialConsistency).isEqualTo(ConsistencyLevel.LOCAL_SERIAL);
        assertThat(seen.request().defaultTimestamp).isEqualTo(99);
        assertThat(seen.request().keyspace).isEqualTo(v5 ? "ks" : null);
        assertThat(seen.request().nowInSeconds).isEqualTo(v5 ? 7 : Request.NO_NOW);
    }

    @Test
    void longTextsOfABatchAreParsedWhereTheyMayWait() throws IOException {
        String text = "INSERT " + "x".repeat(5000);
        List<Boolean> io = new ArrayList<>();
        server.handler.on(
                text,
                (_, body, ioAllowed, _) -> {
                    io.add(ioAllowed);
                    body.writeInt(1);
                    return Outcome.DONE;
                });
        Message batch =
                new Batch(
                        (byte) 0,
                        List.of(text),
                        List.of(List.of(bytes("kept"))),
                        QUORUM,
                        SERIAL,
                        QueryOptions.NO_DEFAULT_TIMESTAMP,
                        null,
                        QueryOptions.NO_NOW_IN_SECONDS);
        try (TestClient client = server.client(4)) {
            assertThat(client.ask(batch)).isInstanceOf(Void.class);
        }
        assertThat(io).containsExactly(true);
        FakeHandler.Batch seen = Objects.requireNonNull(server.handler.lastBatch);
        assertThat(seen.entries().getFirst().values().text(0)).isEqualTo("kept");
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void resultsOfAnySizeArriveWhole(Dialect dialect) throws IOException {
        try (TestClient client = client(dialect)) {
            for (int bytes : new int[] {0, 1, 100, 5_000, 65_500, 131_050, 131_071, 1 << 20}) {
                String text = "SELECT " + bytes;
                server.handler.on(text, FakeHandler.blobs(3, bytes));
                Rows rows = (Rows) client.ask(new Query(text));
                assertThat(rows.getData()).hasSize(3);
                rows.getData()
                        .forEach(row -> assertThat(row.getFirst().remaining()).isEqualTo(bytes));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void requestsOfAnySizeArriveWhole(Dialect dialect) throws IOException {
        try (TestClient client = client(dialect)) {
            for (int chars : new int[] {1, 1000, 66_000, 131_040, 131_060, 131_072, 3 << 20}) {
                String text = "SELECT " + "abcdefg\n".repeat(chars / 8) + chars;
                assertThat(client.ask(new Query(text))).isInstanceOf(Void.class);
                assertThat(server.handler.lastText).isEqualTo(text);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void useChangesTheConnectionsKeyspace(Dialect dialect) throws IOException {
        server.handler.on("USE \"Größe\"", FakeHandler.use("Größe"));
        try (TestClient client = client(dialect);
                TestClient other = client(dialect)) {
            SetKeyspace answer = (SetKeyspace) client.ask(new Query("USE \"Größe\""));
            assertThat(answer.keyspace).isEqualTo("Größe");
            client.ask(new Query("SELECT 1"));
            assertThat(lastRequest().effectiveKeyspace()).isEqualTo("Größe");
            other.ask(new Query("SELECT 1"));
            assertThat(lastRequest().effectiveKeyspace()).isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void tracingIdAndWarningsPrecedeTheResult(Dialect dialect) throws IOException {
        UUID id = UUID.fromString("c1943c40-e55e-11f1-98ae-7753cf0af9f4");
        server.handler.on(
                "SELECT traced",
                (request, body, ioAllowed, _) -> {
                    if (!ioAllowed) {
                        return Outcome.NEEDS_IO;
                    }
                    assertThat(request.tracing).isTrue();
                    request.tracingId(id);
                    request.warn("slow");
                    request.warn("very");
                    body.writeInt(1);
                    return Outcome.DONE;
                });
        try (TestClient client = client(dialect)) {
            client.sendTraced(9, new Query("SELECT traced"));
            Frame answer = client.receive();
            assertThat(answer.streamId).isEqualTo(9);
            assertThat(answer.tracingId).isEqualTo(id);
            assertThat(answer.message).isInstanceOf(Void.class);
            assertThat(answer.warnings)
                    .isEqualTo(dialect.version() >= 4 ? List.of("slow", "very") : List.of());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void customPayloadArrives(int version) throws IOException {
        try (TestClient client = server.client(version)) {
            Map<String, ByteBuffer> payload = Map.of("k", bytes("v"));
            byte[] envelope = client.envelope(3, false, payload, new Query("SELECT payload"));
            client.sendBytes(client.wrap(envelope));
            assertThat(client.receive().message).isInstanceOf(Void.class);
        }
        assertThat(lastRequest().customPayload()).containsOnlyKeys("k");
        assertThat(lastRequest().customPayload().get("k")).containsExactly('v');
    }

    @Test
    void manyRequestsShareReadsAndSegments() throws IOException {
        try (TestClient client = server.client(5)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int i = 0; i < 500; i++) {
                all.writeBytes(client.envelope(i, false, Map.of(), new Query("SELECT " + i)));
            }
            client.sendBytes(client.wrap(all.toByteArray()));
            for (int i = 0; i < 500; i++) {
                assertThat(client.receive().streamId).isEqualTo(i);
            }
            assertThat(client.segmentsSelfContained()).hasSizeLessThan(10).containsOnly(true);
        }
    }
}
