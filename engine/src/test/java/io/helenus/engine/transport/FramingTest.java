package io.helenus.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.protocol.internal.Frame;
import com.datastax.oss.protocol.internal.request.Options;
import com.datastax.oss.protocol.internal.request.Query;
import com.datastax.oss.protocol.internal.response.Error;
import com.datastax.oss.protocol.internal.response.Supported;
import com.datastax.oss.protocol.internal.response.result.Void;
import io.helenus.engine.error.ErrorCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The stream of bytes, cut and damaged in every way.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FramingTest {
    private static final int FRAME_BYTES_MAX = 1 << 20;

    private TestServer server;

    @BeforeAll
    void start() throws IOException {
        server = new TestServer(Limits.with(FRAME_BYTES_MAX, 1 << 20, 2 << 20));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private TestClient client(RequestTest.Dialect dialect) throws IOException {
        return server.client(dialect.version(), dialect.startup());
    }

    static Stream<RequestTest.Dialect> dialects() {
        return RequestTest.dialects();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void bytesMayComeOneByOne(RequestTest.Dialect dialect) throws IOException {
        try (TestClient client = client(dialect)) {
            for (int i = 0; i < 3; i++) {
                for (byte one : client.encode(i, false, new Query("SELECT 'one by one' " + i))) {
                    client.sendBytes(new byte[] {one});
                }
                assertThat(client.receive().streamId).isEqualTo(i);
                assertThat(server.handler.lastText).isEqualTo("SELECT 'one by one' " + i);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void everyCutOfTwoRequestsIsPutTogether(RequestTest.Dialect dialect) throws IOException {
        try (TestClient client = client(dialect)) {
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            both.writeBytes(client.encode(1, false, new Query("SELECT 1")));
            both.writeBytes(client.encode(2, false, new Query("SELECT 2")));
            byte[] bytes = both.toByteArray();
            for (int cut = 1; cut < bytes.length; cut++) {
                client.sendBytes(Arrays.copyOf(bytes, cut));
                client.sendBytes(Arrays.copyOfRange(bytes, cut, bytes.length));
                assertThat(client.receive().streamId).as("cut at %d", cut).isEqualTo(1);
                assertThat(client.receive().streamId).as("cut at %d", cut).isEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "lz4"})
    void anyFlippedBitOfASegmentEndsTheConnection(String compression) throws IOException {
        try (TestClient innocent = server.client(5)) {
            int bits = Integer.MAX_VALUE;
            for (int bit = 0; bit < bits; bit++) {
                try (TestClient client = server.client(5, "COMPRESSION", compression)) {
                    byte[] bytes = client.encode(1, false, new Query("SELECT 1"));
                    bits = 8 * bytes.length;
                    bytes[bit / 8] ^= (byte) (1 << bit % 8);
                    client.sendBytes(bytes);
                    assertEndsWithError(client, "unrecoverable CRC mismatch detected in frame");
                }
            }
            assertThat(innocent.ask(Options.INSTANCE)).isInstanceOf(Supported.class);
        }
    }

    record Broken(String why, List<byte[]> segments, String text) {
        @Override
        public String toString() {
            return why;
        }
    }

    @Test
    void envelopesMustFillTheirSegments() throws IOException {
        for (Broken row : brokenSegments()) {
            try (TestClient client = server.client(5)) {
                for (int i = 0; i < row.segments().size(); i++) {
                    boolean selfContained = row.segments().size() == 1;
                    client.sendBytes(client.segment(row.segments().get(i), selfContained));
                }
                assertEndsWithError(client, row.text());
            }
        }
    }

    private static List<Broken> brokenSegments() {
        byte[] options = MalformedTest.envelope(5, 0, 1, Protocol.OPTIONS, new byte[0]);
        byte[] longer = options.clone();
        longer[8] = 1;
        byte[] negative = options.clone();
        negative[5] = (byte) 0x80;
        byte[] large = MalformedTest.envelope(5, 0, 1, Protocol.OPTIONS, new byte[20]);
        List<Broken> rows = new ArrayList<>();
        rows.add(
                new Broken(
                        "a header is cut",
                        List.of(Arrays.copyOf(options, 8)),
                        "ends within an envelope's header"));
        rows.add(
                new Broken("a body is cut", List.of(longer), "ends within an envelope of 1 bytes"));
        rows.add(
                new Broken(
                        "a length is negative",
                        List.of(negative),
                        "Invalid value for envelope header body length field: -2147483648"));
        rows.add(
                new Broken(
                        "a part has no whole header",
                        List.of(new byte[8], new byte[1]),
                        "the first frame of an envelope has 8 bytes"));
        rows.add(
                new Broken(
                        "parts are too long",
                        List.of(Arrays.copyOf(large, 20), new byte[10]),
                        "a frame has 10 bytes of an envelope that lacks 9"));
        return rows;
    }

    @Test
    void segmentThatCannotBeDecompressedEndsTheConnection() throws IOException {
        try (TestClient client = server.client(5, "COMPRESSION", "lz4")) {
            byte[] bytes = new byte[8 + 2 + 4];
            long header = Segments.header(2, 1000, true, true);
            for (int i = 0; i < 8; i++) {
                bytes[i] = (byte) (header >>> 8 * i);
            }
            bytes[8] = (byte) 0xf0;
            int crc = Segments.crc32(new CRC32(), bytes, 8, 2);
            for (int i = 0; i < 4; i++) {
                bytes[10 + i] = (byte) (crc >>> 8 * i);
            }
            client.sendBytes(bytes);
            assertEndsWithError(client, "frame cannot be decompressed");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void negativeLengthEndsTheConnection(int version) throws IOException {
        try (TestClient client = server.client(version)) {
            byte[] bytes = MalformedTest.envelope(version, 0, 1, Protocol.QUERY, new byte[0]);
            bytes[5] = (byte) 0xff;
            client.sendBytes(bytes);
            assertEndsWithError(client, "envelope header body length field: -16777216");
        }
    }

    @Test
    void claimOfThreeHundredMegabytesCostsNothing() throws IOException {
        try (TestClient client = server.client(4)) {
            byte[] bytes = MalformedTest.envelope(4, 0, 9, Protocol.QUERY, new byte[1000]);
            int claim = 300 << 20;
            bytes[5] = (byte) (claim >>> 24);
            bytes[6] = (byte) (claim >>> 16);
            bytes[7] = 0;
            bytes[8] = 0;
            client.sendBytes(bytes);
            assertTooBig(client.receive(), claim + 9);
            assertThat(server.server.metrics().inFlightBytes()).isZero();
        }
    }

    /// As from Cassandra: the bytes are skipped, the connection lives on.
    @ParameterizedTest
    @MethodSource("dialects")
    void requestBeyondTheLimitIsRefusedAndSkipped(RequestTest.Dialect dialect) throws IOException {
        try (TestClient client = client(dialect)) {
            byte[] body = new byte[FRAME_BYTES_MAX];
            byte[] envelope = MalformedTest.envelope(dialect.version(), 0, 9, Protocol.QUERY, body);
            client.sendBytes(client.wrap(envelope));
            assertTooBig(client.receive(), envelope.length);
            assertThat(client.ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
            assertThat(server.server.metrics().inFlightBytes()).isZero();
        }
    }

    private static void assertTooBig(Frame answer, int bytes) {
        assertThat(answer.streamId).isEqualTo(9);
        Error error = (Error) answer.message;
        assertThat(error.code).isEqualTo(ErrorCode.INVALID.value());
        assertThat(error.message)
                .isEqualTo(
                        "Request is too big: length %d exceeds maximum allowed length %d."
                                .formatted(bytes, FRAME_BYTES_MAX));
    }

    /// Three clients that send most of a large request hold more than the node allows: waiting for
    /// room they would wait for each other, so some are refused.
    @ParameterizedTest
    @MethodSource("dialects")
    void halfReceivedRequestsBeyondTheNodesLimitAreShed(RequestTest.Dialect dialect)
            throws IOException {
        try (TestClient first = client(dialect);
                TestClient second = client(dialect);
                TestClient third = client(dialect)) {
            List<TestClient> clients = List.of(first, second, third);
            String text =
                    "SELECT "
                            + new Random(1)
                                    .ints(900_000, 'a', 'z')
                                    .collect(
                                            StringBuilder::new,
                                            StringBuilder::appendCodePoint,
                                            StringBuilder::append);
            Query query = new Query(text);
            List<byte[]> rest = new ArrayList<>();
            long errors = server.server.metrics().errors();
            for (TestClient client : clients) {
                byte[] bytes = client.wrap(client.envelope(1, false, Map.of(), query));
                client.sendBytes(Arrays.copyOf(bytes, bytes.length - 10));
                rest.add(Arrays.copyOfRange(bytes, bytes.length - 10, bytes.length));
            }
            Eventually.until("one is refused", () -> server.server.metrics().errors() > errors);
            int refused = 0;
            for (int i = 0; i < clients.size(); i++) {
                clients.get(i).sendBytes(rest.get(i));
                Frame answer = clients.get(i).receive();
                if (answer.message instanceof Error error) {
                    assertThat(error.code).isEqualTo(ErrorCode.OVERLOADED.value());
                    refused++;
                } else {
                    assertThat(answer.message).isInstanceOf(Void.class);
                }
                assertThat(clients.get(i).ask(new Query("SELECT 1"))).isInstanceOf(Void.class);
            }
            assertThat(refused).isBetween(1, 2);
            assertThat(server.server.metrics().inFlightBytes()).isZero();
        }
    }

    private static void assertEndsWithError(TestClient client, String text) throws IOException {
        Frame answer = client.receive();
        assertThat(answer.message).isInstanceOf(Error.class);
        Error error = (Error) answer.message;
        assertThat(error.code).isEqualTo(ErrorCode.PROTOCOL_ERROR.value());
        assertThat(error.message).contains(text);
        assertThat(client.receiveToEnd()).isEmpty();
    }
}
