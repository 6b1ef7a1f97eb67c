package io.helenus.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.protocol.internal.Frame;
import com.datastax.oss.protocol.internal.Message;
import com.datastax.oss.protocol.internal.request.AuthResponse;
import com.datastax.oss.protocol.internal.request.Options;
import com.datastax.oss.protocol.internal.request.Query;
import com.datastax.oss.protocol.internal.request.Register;
import com.datastax.oss.protocol.internal.request.Startup;
import com.datastax.oss.protocol.internal.response.AuthChallenge;
import com.datastax.oss.protocol.internal.response.AuthSuccess;
import com.datastax.oss.protocol.internal.response.Authenticate;
import com.datastax.oss.protocol.internal.response.Error;
import com.datastax.oss.protocol.internal.response.Ready;
import com.datastax.oss.protocol.internal.response.Supported;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.query.ClientState;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said before the first request. Bytes and texts are those of Cassandra 5.0.6, but for the
/// versions and the compressions that are offered.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakeTest {
    private TestServer server;

    @BeforeAll
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /// `header` is the beginning of the answer, without the length.
    record Version(String sent, int version, String header) {}

    static Stream<Version> unsupportedVersions() {
        return Stream.of(
                new Version("000000050500000000", 0, "8500000000"),
                new Version("0100030500000000", 1, "81000000"),
                new Version("01", 1, "81000000"), // known by its first byte
                new Version("0200030500000000", 2, "82000000"),
                new Version("060000050500000000", 6, "8500000000"),
                new Version("061000050500000000", 6, "8500000000"), // beta asked for
                new Version("070000050500000000", 7, "8500000000"),
                new Version("420000050500000000", 66, "8500000000"), // DSE v2
                new Version("c20000050500000000", 66, "8500000000"),
                new Version(
                        "474554202f20485454502f312e310d0a", 71, "8500000000")); // GET / HTTP/1.1
    }

    @ParameterizedTest
    @MethodSource("unsupportedVersions")
    void unsupportedVersionIsAnsweredInOneThatTheClientReads(Version row) throws IOException {
        String text =
                "Invalid or unsupported protocol version (%d); supported versions are (3/v3, 4/v4, 5/v5)"
                        .formatted(row.version());
        byte[] message = text.getBytes(StandardCharsets.UTF_8);
        String expected =
                row.header()
                        + HexFormat.of().toHexDigits(6 + message.length)
                        + "0000000a"
                        + HexFormat.of().toHexDigits((short) message.length)
                        + HexFormat.of().formatHex(message);
        try (TestClient client = new TestClient(server.address, 4)) {
            client.sendBytes(HexFormat.of().parseHex(row.sent()));
            assertThat(HexFormat.of().formatHex(client.receiveToEnd())).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void optionsAreThoseThatWeSpeak(int version) throws IOException {
        try (TestClient client = new TestClient(server.address, version)) {
            Message answer = client.ask(Options.INSTANCE);
            assertThat(((Supported) answer).options)
                    .isEqualTo(
                            Map.of(
                                    "PROTOCOL_VERSIONS", List.of("3/v3", "4/v4", "5/v5"),
                                    "COMPRESSION", List.of("lz4"),
                                    "CQL_VERSION", List.of("3.4.7")));
            assertThat(client.startup()).isInstanceOf(Ready.class);
            assertThat(client.ask(Options.INSTANCE)).isInstanceOf(Supported.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"830000050200000000", "840000050200000000", "850000050200000000"})
    void readyIsNeitherFramedNorCompressed(String expected) throws IOException {
        byte[] answer = HexFormat.of().parseHex(expected);
        int version = answer[0] & 0x7f;
        try (TestClient client = new TestClient(server.address, version)) {
            Message startup = new Startup(Map.of("CQL_VERSION", "3.0.0", "COMPRESSION", "lz4"));
            client.sendBytes(client.envelope(5, false, Map.of(), startup));
            assertThat(client.receiveBytes(answer.length)).isEqualTo(answer);
        }
    }

    record Refused(int version, Map<String, String> options, String text) {}

    static Stream<Refused> refusedOptions() {
        String cql = "CQL_VERSION";
        String compression = "COMPRESSION";
        return Stream.of(
                new Refused(
                        4,
                        Map.of(cql, "2.0.0"),
                        "CQL version 2.0.0 is not supported by the binary protocol (supported"
                                + " version are >= 3.0.0)"),
                new Refused(4, Map.of(cql, "x"), "Invalid version value: x"),
                new Refused(
                        4,
                        Map.of(cql, "3.0.0", compression, "foo"),
                        "Unknown compression algorithm: foo"),
                new Refused(
                        4,
                        Map.of(cql, "3.0.0", compression, "snappy"),
                        "This instance does not support Snappy compression"),
                new Refused(
                        5,
                        Map.of(cql, "3.0.0", compression, "Snappy"),
                        "Snappy compression is not supported in protocol V5"));
    }

    @ParameterizedTest
    @MethodSource("refusedOptions")
    void refusedStartupNamesTheReasonAndCanBeRepeated(Refused row) throws IOException {
        try (TestClient client = new TestClient(server.address, row.version())) {
            Error error = (Error) client.ask(new Startup(row.options()));
            assertThat(error.code).isEqualTo(ErrorCode.PROTOCOL_ERROR.value());
            assertThat(error.message).isEqualTo(row.text());
            assertThat(client.startup()).isInstanceOf(Ready.class);
        }
    }

    @Test
    void startupWithoutCqlVersionIsRefused() throws IOException {
        try (TestClient client = new TestClient(server.address, 4)) {
            client.sendBytes(MalformedTest.envelope(4, 0, 1, Protocol.STARTUP, new byte[2]));
            assertProtocolError(
                    client.receive().message, "Missing value CQL_VERSION in STARTUP message");
        }
    }

    @Test
    void keysOfStartupAreOfAnyCase() throws IOException {
        try (TestClient client = new TestClient(server.address, 4)) {
            Message startup = new Startup(Map.of("cql_version", "3.4.7", "no_compact", "true"));
            assertThat(client.ask(startup)).isInstanceOf(Ready.class);
        }
    }

    @Test
    void requestsBeforeStartupAreRefusedOnTheirStream() throws IOException {
        try (TestClient client = new TestClient(server.address, 4)) {
            assertProtocolError(
                    client.ask(new Query("SELECT 1")),
                    "Unexpected message QUERY, expecting STARTUP or OPTIONS");
            assertThat(client.startup()).isInstanceOf(Ready.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void secondStartupIsRefused(int version) throws IOException {
        try (TestClient client = server.client(version)) {
            assertProtocolError(
                    client.ask(new Startup()),
                    "Unexpected message STARTUP, the connection is already initialized");
            assertThat(client.ask(Options.INSTANCE)).isInstanceOf(Supported.class);
        }
    }

    record Header(int version, String sent, String text) {}

    static Stream<Header> wrongHeaders() {
        return Stream.of(
                new Header(
                        4,
                        "030000010500000000",
                        "Invalid message version. Got 3/v3 but previous messages on this"
                                + " connection had version 4/v4"),
                new Header(4, "040000014400000000", "Unknown opcode 68"),
                new Header(5, "05000001ff00000000", "Unknown opcode -1"),
                new Header(
                        4,
                        "040000010800000000",
                        "Wrong protocol direction (expected RESPONSE, got REQUEST) for opcode 8"
                                + " (RESULT)"),
                new Header(
                        4,
                        "840000010700000000",
                        "Wrong protocol direction (expected REQUEST, got RESPONSE) for opcode 7"
                                + " (QUERY)"),
                new Header(
                        5,
                        "060000010500000000",
                        "Invalid message version. Got 6/v6 but previous messages on this"
                                + " connection had version 5/v5"));
    }

    @ParameterizedTest
    @MethodSource("wrongHeaders")
    void wrongHeaderFailsItsStreamAlone(Header row) throws IOException {
        try (TestClient client = server.client(row.version())) {
            client.sendBytes(client.wrap(HexFormat.of().parseHex(row.sent())));
            Frame answer = client.receive();
            assertThat(answer.streamId).isEqualTo(1);
            assertProtocolError(answer.message, row.text());
            assertThat(client.ask(Options.INSTANCE)).isInstanceOf(Supported.class);
        }
    }

    @Test
    void unknownEventTypeIsRefused() throws IOException {
        try (TestClient client = server.client(4)) {
            assertProtocolError(
                    client.ask(new Register(List.of("SCHEMA_CHANGE", "FOO"))),
                    "Invalid value 'FOO' for Type");
            assertThat(client.ask(new Register(List.of("STATUS_CHANGE"))))
                    .isInstanceOf(Ready.class);
        }
    }

    @Test
    void answerToNoQuestionSucceedsWhereEverybodyIsLetIn() throws IOException {
        try (TestClient client = server.client(4)) {
            Message answer = client.ask(new AuthResponse(ByteBuffer.allocate(3)));
            assertThat(((AuthSuccess) answer).token).isNull();
        }
    }

    /// Lets in who says "open" and, asked again, "sesame".
    private static final class TwoWords implements ClientAuthenticator {
        @Override
        public String className() {
            return "org.example.TwoWords";
        }

        @Override
        public Conversation begin(ClientState client) {
            return new Conversation() {
                private boolean opened;

                @Override
                public byte @Nullable [] evaluate(byte @Nullable [] answer) {
                    String word = answer == null ? "" : new String(answer, StandardCharsets.UTF_8);
                    if (!opened && word.equals("open")) {
                        opened = true;
                        return "what?".getBytes(StandardCharsets.UTF_8);
                    }
                    if (opened && word.equals("sesame")) {
                        return null;
                    }
                    throw new CqlException(ErrorCode.BAD_CREDENTIALS, "no: " + word);
                }
            };
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void authenticationTakesAsManyStepsAsItNeeds(int version) throws IOException {
        try (TestServer guarded = new TestServer(TransportOptions.defaults(), new TwoWords());
                TestClient client = new TestClient(guarded.address, version)) {
            Authenticate asked = (Authenticate) client.startup();
            assertThat(asked.authenticator).isEqualTo("org.example.TwoWords");
            assertProtocolError(
                    client.ask(new Query("SELECT 1")),
                    "Unexpected message QUERY, expecting AUTH_RESPONSE");

            Error refused = (Error) client.ask(answer("let me in"));
            assertThat(refused.code).isEqualTo(ErrorCode.BAD_CREDENTIALS.value());
            assertThat(refused.message).isEqualTo("no: let me in");

            AuthChallenge challenge = (AuthChallenge) client.ask(answer("open"));
            assertThat(StandardCharsets.UTF_8.decode(challenge.token).toString())
                    .isEqualTo("what?");
            assertThat(client.ask(answer("sesame"))).isInstanceOf(AuthSuccess.class);
            assertThat(client.ask(Options.INSTANCE)).isInstanceOf(Supported.class);
            assertThat(guarded.handler.calls).hasValue(0);
            assertThat(guarded.server.metrics().inFlightBytes()).isZero();
        }
    }

    private static Message answer(String word) {
        return new AuthResponse(StandardCharsets.UTF_8.encode(word));
    }

    @Test
    void silentConnectionHarmsNobody() throws IOException {
        try (Socket silent = new Socket()) {
            silent.connect(
                    new InetSocketAddress(server.address.getAddress(), server.address.getPort()));
            try (TestClient client = server.client(5)) {
                assertThat(client.ask(Options.INSTANCE)).isInstanceOf(Supported.class);
            }
        }
    }

    static void assertProtocolError(Message answer, String text) {
        assertThat(answer).isInstanceOf(Error.class);
        assertThat(((Error) answer).code).isEqualTo(ErrorCode.PROTOCOL_ERROR.value());
        assertThat(((Error) answer).message).isEqualTo(text);
    }
}
