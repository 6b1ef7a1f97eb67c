package io.helenus.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.protocol.internal.Frame;
import com.datastax.oss.protocol.internal.request.Options;
import com.datastax.oss.protocol.internal.request.Prepare;
import com.datastax.oss.protocol.internal.response.Error;
import com.datastax.oss.protocol.internal.response.Supported;
import io.helenus.engine.error.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Bodies that are not what they should be: an error on their stream, and the connection lives on.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MalformedTest {
    /// "SELECT 1" as a long string.
    private static final String TEXT =
            "00000008" + HexFormat.of().formatHex("SELECT 1".getBytes(StandardCharsets.UTF_8));

    private static final String ID = "0010" + HexFormat.of().formatHex(FakeHandler.id("SELECT 1"));

    private TestServer server;

    @BeforeAll
    void start() throws IOException {
        server = new TestServer();
        try (TestClient client = server.client(4)) {
            client.ask(new Prepare("SELECT 1"));
        }
    }

    @AfterAll
    void stop() {
        server.close();
    }

    /// `body` as hexadecimal digits; `flags` are the envelope's.
    record Malformed(int version, int flags, int opcode, String body, String text) {
        Malformed(int version, int opcode, String body, String text) {
            this(version, 0, opcode, body, text);
        }
    }

    static Stream<Malformed> bodies() {
        String noText =
                "Not enough bytes to read an UTF8 serialized string preceded by its 4 bytes";
        String noString =
                "Not enough bytes to read an UTF8 serialized string preceded by its 2 bytes";
        int query = Protocol.QUERY;
        int execute = Protocol.EXECUTE;
        int batch = Protocol.BATCH;
        return Stream.of(
                new Malformed(4, query, "", noText),
                new Malformed(4, query, "00000100616263", noText),
                new Malformed(4, query, "fffffffe616263", noText),
                new Malformed(4, query, "7fffffff616263", noText),
                new Malformed(4, query, "0000000353fffe000100", "Cannot decode string as UTF8"),
                new Malformed(4, query, TEXT, "Not enough bytes to read a short"),
                new Malformed(4, query, TEXT + "0001", "Not enough bytes to read a byte"),
                new Malformed(5, query, TEXT + "0001000000", "Not enough bytes to read an int"),
                new Malformed(4, query, TEXT + "006300", "Unknown code 99 for a consistency level"),
                new Malformed(4, query, TEXT + "ffff00", "Unknown code 65535 for a consistency"),
                new Malformed(4, query, TEXT + "000180", "Unknown query flags 0x80 in protocol"),
                new Malformed(5, query, TEXT + "000100000200", "Unknown query flags 0x200"),
                new Malformed(5, query, TEXT + "0001ff000000", "Unknown query flags 0xff000000"),
                new Malformed(4, query, TEXT + "000101", "Not enough bytes to read a short"),
                new Malformed(4, query, TEXT + "000101ffff", "Not enough bytes to read an int"),
                new Malformed(
                        4, query, TEXT + "00010100017fffffff61", "to read a value: 2147483647"),
                new Malformed(4, query, TEXT + "0001010001fffffffd", "Invalid ByteBuf length -3"),
                new Malformed(4, query, TEXT + "00014100010009", noString),
                new Malformed(4, query, TEXT + "00010400000000", "The page size cannot be 0"),
                new Malformed(4, query, TEXT + "00010400", "Not enough bytes to read an int"),
                new Malformed(4, query, TEXT + "00010800ffffff", "to read a byte array: 16777215"),
                new Malformed(4, query, TEXT + "0001100063", "Unknown code 99 for a consistency"),
                new Malformed(4, query, TEXT + "0001208000000000000000", "Out of bound timestamp"),
                new Malformed(5, query, TEXT + "0001000000800005616263", noString),
                new Malformed(
                        3, 4, query, "0000" + TEXT + "000100", "CUSTOM_PAYLOAD flag for native"),
                new Malformed(4, 4, query, "0001000161", "Not enough bytes to read an int"),
                new Malformed(4, execute, "", "Not enough bytes to read a short"),
                new Malformed(4, execute, "00106162", "Not enough bytes to read a prepared id: 16"),
                new Malformed(5, execute, ID, "Not enough bytes to read a short"),
                new Malformed(5, execute, ID + "00ff01", "to read a result metadata id: 255"),
                new Malformed(4, execute, ID + "0001", "Not enough bytes to read a byte"),
                new Malformed(4, Protocol.PREPARE, "000000ff61", noText),
                new Malformed(
                        5, Protocol.PREPARE, TEXT + "00000002", "Unknown flags 0x2 of PREPARE"),
                new Malformed(5, Protocol.PREPARE, TEXT, "Not enough bytes to read an int"),
                new Malformed(4, batch, "09000000010000", "Invalid BATCH message type 9"),
                new Malformed(
                        4,
                        batch,
                        "00000109000000010000",
                        "Invalid query kind in BATCH messages. Must be 0 or 1 but got 9"),
                new Malformed(4, batch, "00ffff", "Not enough bytes to read a byte"),
                new Malformed(4, batch, "000001" + "00" + TEXT, "Not enough bytes to read a short"),
                new Malformed(4, batch, "000000000101", "a batch has no values of its own"),
                new Malformed(4, batch, "000000000140", "a batch has no values of its own"),
                new Malformed(4, Protocol.REGISTER, "ffff", noString),
                new Malformed(
                        4, Protocol.AUTH_RESPONSE, "000000ff00", "to read a byte array: 255"));
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void malformedBodyFailsItsStreamAlone(Malformed row) throws IOException {
        byte[] body = HexFormat.of().parseHex(row.body());
        byte[] envelope = envelope(row.version(), row.flags(), 11, row.opcode(), body);
        try (TestClient client = server.client(row.version())) {
            client.sendBytes(client.wrap(envelope));
            Frame answer = client.receive();
            assertThat(answer.streamId).isEqualTo(11);
            assertThat(answer.message).isInstanceOf(Error.class);
            Error error = (Error) answer.message;
            assertThat(error.code).isEqualTo(ErrorCode.PROTOCOL_ERROR.value());
            assertThat(error.message).contains(row.text());
            assertThat(client.ask(Options.INSTANCE)).isInstanceOf(Supported.class);
        }
    }

    static Stream<Malformed> packedBodies() {
        int query = Protocol.QUERY;
        return Stream.of(
                new Malformed(4, 1, query, "0000", "Compressed body of 2 bytes has no length"),
                new Malformed(4, 1, query, "7fffffff1061", "claims to hold 2147483647"),
                new Malformed(4, 1, query, "ffffffff1061", "claims to hold -1"),
                new Malformed(4, 1, query, "000010001061", "claims to hold 4096"),
                new Malformed(4, 1, query, "000000101061", "LZ4 block"),
                new Malformed(4, 1, query, "00000010f0ffffff", "LZ4 block is damaged"));
    }

    @ParameterizedTest
    @MethodSource("packedBodies")
    void brokenCompressionFailsItsStreamAlone(Malformed row) throws IOException {
        byte[] body = HexFormat.of().parseHex(row.body());
        try (TestClient client = server.client(row.version(), "COMPRESSION", "lz4")) {
            client.sendBytes(envelope(row.version(), row.flags(), 11, row.opcode(), body));
            Frame answer = client.receive();
            assertThat(answer.streamId).isEqualTo(11);
            assertThat(((Error) answer.message).code).isEqualTo(ErrorCode.PROTOCOL_ERROR.value());
            assertThat(((Error) answer.message).message).contains(row.text());
            assertThat(client.ask(Options.INSTANCE)).isInstanceOf(Supported.class);
        }
    }

    static byte[] envelope(int version, int flags, int stream, int opcode, byte[] body) {
        return ByteBuffer.allocate(9 + body.length)
                .put((byte) version)
                .put((byte) flags)
                .putShort((short) stream)
                .put((byte) opcode)
                .putInt(body.length)
                .put(body)
                .array();
    }
}
