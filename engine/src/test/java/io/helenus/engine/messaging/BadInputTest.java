package io.helenus.engine.messaging;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.messaging.Handshake.Greeting;
import io.helenus.engine.messaging.Handshake.Reply;
import io.helenus.engine.messaging.Handshake.Status;
import io.helenus.engine.messaging.Message.Kind;
import io.helenus.engine.transport.Eventually;
import io.helenus.engine.transport.Leaks;
import io.helenus.gossip.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What comes over the network and is no message: the connection ends, the node lives on.
@Timeout(120)
final class BadInputTest {
    private static final Endpoint STRANGER = Endpoint.of("127.0.0.9", 7000);
    private static final int PATIENCE_MILLIS = 20_000;

    private @Nullable TestPeer started;

    @BeforeEach
    void start() throws IOException {
        started = TestPeer.start(TestPeer.free("127.0.0.1"));
    }

    /// Whatever happened before, a friend is understood.
    @AfterEach
    void theNodeLivesOn() throws Exception {
        try (TestPeer node = node();
                Socket friend = connect()) {
            welcome(friend, Lane.SMALL);
            friend.getOutputStream().write(frame(77, new byte[10]));
            while (node.nextReceived().message().id() != 77) {
                // of the test itself
            }
        }
    }

    @AfterAll
    static void nothingLeaks() {
        assertThat(Leaks.found()).isEmpty();
    }

    private TestPeer node() {
        return Objects.requireNonNull(started);
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(node().self().address(), node().self().port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        return socket;
    }

    private static byte[] hello(int version, int kind) {
        byte[] bytes = Hello.hello(kind).array();
        bytes[4] = (byte) version;
        return bytes;
    }

    private Greeting greeting(Lane lane) {
        return new Greeting(lane, false, "test", STRANGER, node().self());
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /// The connection is closed; what was answered before that.
    private static byte[] untilClosed(Socket socket) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                all.write(next);
            }
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset"); // closed, too
        }
        return all.toByteArray();
    }

    private static void write(Socket socket, byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            // It has been closed in between, as it should be.
        }
    }

    private static Reply reply(byte[] answer) {
        ByteBuf rest = Unpooled.wrappedBuffer(answer);
        rest.skipBytes(Hello.BYTES);
        return Handshake.reply(Objects.requireNonNull(Handshake.take(rest)));
    }

    private void welcome(Socket socket, Lane lane) throws IOException {
        socket.getOutputStream().write(hello(1, Hello.MESSAGES));
        socket.getOutputStream().write(bytes(Handshake.encode(greeting(lane))));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] head = in.readNBytes(Hello.BYTES + Short.BYTES);
        assertThat(head[5]).isEqualTo((byte) Hello.ACCEPTED);
        byte[] rest = in.readNBytes(ByteBuffer.wrap(head).getShort(Hello.BYTES));
        assertThat(rest[0]).as("welcome").isZero();
    }

    private static byte[] frame(long id, byte[] payload) {
        long now = System.nanoTime();
        Message message =
                new Message(
                        Verb.GOSSIP,
                        Kind.REQUEST,
                        id,
                        0,
                        now + TimeUnit.SECONDS.toNanos(30),
                        ByteBuffer.wrap(payload));
        ByteBuf frame = Frame.encode(UnpooledByteBufAllocator.DEFAULT, message, false, now);
        byte[] bytes = ByteBufUtil.getBytes(frame);
        frame.release();
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 64, 5_000, 300_000})
    void garbageFromTheFirstByte(int length) throws IOException {
        byte[] garbage = new byte[length];
        new Random(length).nextBytes(garbage);
        try (Socket socket = connect()) {
            write(socket, garbage);
            assertThat(untilClosed(socket)).isEmpty();
        }
    }

    @Test
    void aBrowserComesByMistake() throws IOException {
        try (Socket socket = connect()) {
            write(socket, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(untilClosed(socket)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 2, 1", "2, 2, 1", "255, 2, 1", "1, 3, 2", "1, 0, 2"})
    void aHelloOfAnotherTime(int version, int kind, int status) throws IOException {
        try (Socket socket = connect()) {
            write(socket, hello(version, kind));
            assertThat(untilClosed(socket)).isEqualTo(bytes(Hello.answer(status)));
        }
    }

    @Test
    void versionsOfMessagesWithoutACommonOne() throws IOException {
        byte[] greeting = bytes(Handshake.encode(greeting(Lane.SMALL)));
        greeting[2] = 2;
        greeting[3] = 9;
        int end = greeting.length - Integer.BYTES;
        ByteBuffer.wrap(greeting).putInt(end, Frame.crc(ByteBuffer.wrap(greeting, 0, end)));
        try (Socket socket = connect()) {
            write(socket, hello(1, Hello.MESSAGES));
            write(socket, greeting);
            Reply reply = reply(untilClosed(socket));
            assertThat(reply.status()).isEqualTo(Status.NO_COMMON_VERSION);
            assertThat(reply.reason())
                    .isEqualTo("it speaks versions 2 to 9 of messages, this node 1 to 1");
        }
    }

    private Reply refused(Greeting greeting) throws IOException {
        try (Socket socket = connect()) {
            write(socket, hello(1, Hello.MESSAGES));
            write(socket, bytes(Handshake.encode(greeting)));
            return reply(untilClosed(socket));
        }
    }

    @Test
    void aNodeOfAnotherCluster() throws IOException {
        Reply reply = refused(new Greeting(Lane.URGENT, true, "theirs", STRANGER, node().self()));
        assertThat(reply.status()).isEqualTo(Status.OTHER_CLUSTER);
        assertThat(reply.reason())
                .isEqualTo("its cluster_name is 'test', that of 127.0.0.9:7000 is 'theirs'");
    }

    @Test
    void aNodeThatClaimsToBeThisOne() throws IOException {
        Endpoint self = node().self();
        Reply reply = refused(new Greeting(Lane.URGENT, true, "test", self, self));
        assertThat(reply.status()).isEqualTo(Status.ITSELF);
    }

    @Test
    void aNodeThatLooksForSomebodyElse() throws IOException {
        Reply reply =
                refused(
                        new Greeting(
                                Lane.URGENT, true, "test", STRANGER, Endpoint.of("10.1.1.1", 1)));
        assertThat(reply.status()).isEqualTo(Status.OTHER_NODE);
        assertThat(reply.reason()).contains("127.0.0.9:7000 looks for 10.1.1.1:1");
    }

    @Test
    void tooManyConnections() throws IOException {
        int limit = TestPeer.options().inboundConnectionsMax();
        Socket[] sockets = new Socket[limit];
        try {
            for (int i = 0; i < limit; i++) {
                sockets[i] = connect();
                write(sockets[i], hello(1, Hello.MESSAGES));
                Greeting greeting =
                        new Greeting(
                                Lane.SMALL,
                                false,
                                "test",
                                Endpoint.of("10.0.0." + i, 1),
                                node().self());
                write(sockets[i], bytes(Handshake.encode(greeting)));
            }
            Eventually.until("all are in", () -> node().transport.inboundConnections() == limit);
            assertThat(refused(greeting(Lane.SMALL)).status()).isEqualTo(Status.TOO_MANY);
        } finally {
            for (Socket socket : sockets) {
                if (socket != null) {
                    socket.close();
                }
            }
        }
        Eventually.until("all are gone", () -> node().transport.inboundConnections() == 0);
        assertThat(node().transport.statistics()).hasSize(limit);
        node().transport.disconnect(Endpoint.of("10.0.0.0", 1)); // else there is no room for others
    }

    @Test
    void aConnectionOfTheSameLaneReplacesTheOneBefore() throws IOException {
        try (Socket first = connect();
                Socket second = connect()) {
            welcome(first, Lane.SMALL);
            welcome(second, Lane.SMALL);
            assertThat(untilClosed(first)).isEmpty();
            Eventually.until("one is left", () -> node().transport.inboundConnections() == 1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 43, 44, 60, 67})
    void aFrameThatIsCut(int bytes) throws Exception {
        byte[] whole = frame(1, new byte[20]);
        assertThat(whole).hasSize(68);
        try (Socket socket = connect()) {
            welcome(socket, Lane.SMALL);
            write(socket, whole);
            byte[] part = new byte[bytes];
            System.arraycopy(whole, 0, part, 0, bytes);
            write(socket, part);
            assertThat(node().nextReceived().message().id()).isEqualTo(1);
        }
        Eventually.until("it is gone", () -> node().transport.inboundConnections() == 0);
        assertThat(node().received).isEmpty();
    }

    @Test
    void aFrameByteForByte() throws Exception {
        try (Socket socket = connect()) {
            welcome(socket, Lane.SMALL);
            socket.setTcpNoDelay(true);
            for (byte each : frame(5, new byte[] {1, 2, 3})) {
                socket.getOutputStream().write(each);
            }
            Message message = node().nextReceived().message();
            assertThat(message.id()).isEqualTo(5);
            assertThat(message.payload()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        }
    }

    /// After a good frame, one with a wrong byte: in its length, its header, its payload, its checksum.
    @ParameterizedTest
    @ValueSource(ints = {0, 3, 9, 30, 41, 44, 50, 63, 64, 67})
    void aFrameWithAWrongByte(int at) throws Exception {
        byte[] wrong = frame(2, new byte[20]);
        wrong[at] ^= 0x40;
        try (Socket socket = connect()) {
            welcome(socket, Lane.SMALL);
            write(socket, frame(1, new byte[20]));
            write(socket, wrong);
            write(socket, frame(3, new byte[20]));
            assertThat(untilClosed(socket)).isEmpty();
        }
        assertThat(node().nextReceived().message().id()).isEqualTo(1);
        assertThat(node().received).isEmpty();
    }

    /// A header whose checksum is right, with a length that is a lie: nothing is allocated for it.
    @ParameterizedTest
    @ValueSource(ints = {-1, Integer.MAX_VALUE, Integer.MIN_VALUE, (1 << 20) + 1})
    void aLengthThatIsALie(int length) throws IOException {
        byte[] lie = frame(1, new byte[20]);
        ByteBuffer.wrap(lie)
                .putInt(0, length)
                .putInt(4, length)
                .putInt(
                        Frame.HEADER_CRC_AT,
                        Frame.crc(
                                ByteBuffer.wrap(lie.clone(), 0, Frame.HEADER_CRC_AT)
                                        .putInt(0, length)
                                        .putInt(4, length)
                                        .rewind()
                                        .limit(Frame.HEADER_CRC_AT)));
        try (Socket socket = connect()) {
            welcome(socket, Lane.LARGE);
            write(socket, lie);
            assertThat(untilClosed(socket)).isEmpty();
        }
    }

    @Test
    void aVerbOfALaterReleaseIsHandedOnAsUnknown() throws Exception {
        byte[] later = frame(9, new byte[20]);
        ByteBuffer.wrap(later).putShort(Frame.VERB_AT, (short) 60_000);
        ByteBuffer.wrap(later)
                .putInt(
                        Frame.HEADER_CRC_AT,
                        Frame.crc(ByteBuffer.wrap(later, 0, Frame.HEADER_CRC_AT)));
        try (Socket socket = connect()) {
            welcome(socket, Lane.SMALL);
            write(socket, later);
            write(socket, frame(10, new byte[0]));
            Message message = node().nextReceived().message();
            assertThat(message.verb()).isEqualTo(Verb.UNKNOWN);
            assertThat(message.id()).isEqualTo(9);
            assertThat(node().nextReceived().message().id()).isEqualTo(10);
        }
    }
}
