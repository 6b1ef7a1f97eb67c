package io.helenus.engine.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.protocol.internal.Message;
import com.datastax.oss.protocol.internal.request.Batch;
import com.datastax.oss.protocol.internal.request.Execute;
import com.datastax.oss.protocol.internal.request.Options;
import com.datastax.oss.protocol.internal.request.Prepare;
import com.datastax.oss.protocol.internal.request.Query;
import com.datastax.oss.protocol.internal.request.Register;
import com.datastax.oss.protocol.internal.request.query.QueryOptions;
import com.datastax.oss.protocol.internal.response.Supported;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/// Broken bytes: after each try the connection ends within ten seconds once the client has nothing
/// more to say, its neighbour is served, and in the end nothing is held or leaked.
class TransportFuzzTest {
    private static final int TRIES = 400;
    private static @Nullable TestServer server;
    private static @Nullable TestClient innocent;

    @BeforeContainer
    static void start() throws IOException {
        server = new TestServer(Limits.with(64 << 10, 8 << 10, 64 << 10));
        server.handler.on("SELECT rows", FakeHandler.blobs(10, 100));
        innocent = server.client(5);
        innocent.ask(new Prepare("SELECT rows"));
    }

    @AfterContainer
    static void nothingIsLeft() throws IOException {
        TestServer mine = server();
        neighbour().close();
        Eventually.until("all left", () -> mine.server.metrics().connections() == 0);
        Eventually.until("nothing is held", () -> mine.server.metrics().inFlightBytes() == 0);
        mine.close();
        assertThat(Leaks.found()).isEmpty();
    }

    private static TestServer server() {
        TestServer mine = server;
        if (mine == null) {
            throw new IllegalStateException("not started");
        }
        return mine;
    }

    private static TestClient neighbour() {
        TestClient mine = innocent;
        if (mine == null) {
            throw new IllegalStateException("not started");
        }
        return mine;
    }

    @Property(tries = TRIES)
    void anyBytesEndWell(@ForAll @Size(max = 300) byte[] bytes) throws IOException {
        try (TestClient client = new TestClient(server().address, 4)) {
            endsWell(client, bytes);
        }
    }

    /// Any bytes that begin as an envelope of a version that we speak.
    @Property(tries = TRIES)
    void anyEnvelopeEndsWell(
            @ForAll @IntRange(min = 3, max = 5) int version,
            @ForAll byte flags,
            @ForAll @IntRange(min = 0, max = 17) int opcode,
            @ForAll @Size(max = 100) byte[] body,
            @ForAll boolean lz4)
            throws IOException {
        try (TestClient client = client(version, lz4)) {
            byte[] envelope = MalformedTest.envelope(version, flags, 1, opcode, body);
            endsWell(client, client.wrap(envelope));
        }
    }

    @Property(tries = TRIES)
    void flippedBitsEndWell(
            @ForAll @IntRange(min = 3, max = 5) int version,
            @ForAll boolean lz4,
            @ForAll boolean inSegment,
            @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        try (TestClient client = client(version, lz4)) {
            byte[] bytes =
                    inSegment
                            ? conversation(client, random, false)
                            : conversation(client, random, true);
            int flips = 1 + random.nextInt(4);
            for (int i = 0; i < flips; i++) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
            endsWell(client, inSegment ? client.wrap(bytes) : bytes);
        }
    }

    @Property(tries = TRIES)
    void cutsAndLiesEndWell(
            @ForAll @IntRange(min = 3, max = 5) int version, @ForAll boolean lz4, @ForAll long seed)
            throws IOException {
        Random random = new Random(seed);
        try (TestClient client = client(version, lz4)) {
            byte[] bytes = conversation(client, random, false);
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes = Arrays.copyOf(bytes, at); // cut
                case 1 -> // an int somewhere lies
                        ByteBuffer.wrap(bytes)
                                .putInt(Math.min(at, bytes.length - 4), random.nextInt());
                case 2 -> // a short somewhere lies
                        ByteBuffer.wrap(bytes).putShort(Math.min(at, bytes.length - 2), (short) -1);
                default -> bytes = Arrays.copyOfRange(bytes, at, bytes.length);
            }
            byte[] sent = client.wrap(bytes);
            endsWell(client, Arrays.copyOf(sent, random.nextInt(sent.length + 1)));
        }
    }

    @Example
    void leakDetectorFindsALeak() {
        Leaks.found();
        Leaks.forget();
        leak();
        // The collector tells of dead buffers on a thread of its own.
        Eventually.until("the leak is found", () -> !Leaks.found().isEmpty());
        Leaks.forget();
    }

    private static void leak() {
        PooledByteBufAllocator.DEFAULT.buffer(100).writeInt(1);
    }

    private static TestClient client(int version, boolean lz4) throws IOException {
        return lz4 ? server().client(version, "COMPRESSION", "lz4") : server().client(version);
    }

    /// A few good requests, in segments if `wrapped`.
    private static byte[] conversation(TestClient client, Random random, boolean wrapped) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            all.writeBytes(client.envelope(i, false, Map.of(), request(random)));
        }
        return wrapped ? client.wrap(all.toByteArray()) : all.toByteArray();
    }

    private static Message request(Random random) {
        byte[] id = FakeHandler.id("SELECT rows");
        QueryOptions options =
                new QueryOptions(
                        random.nextInt(11),
                        List.of(ByteBuffer.allocate(random.nextInt(20))),
                        Map.of(),
                        random.nextBoolean(),
                        100,
                        ByteBuffer.allocate(5),
                        8,
                        12345,
                        null,
                        QueryOptions.NO_NOW_IN_SECONDS);
        return switch (random.nextInt(7)) {
            case 0 -> new Query("SELECT rows", options);
            case 1 -> new Query("CREATE TABLE t " + "x".repeat(random.nextInt(1000)));
            case 2 -> new Prepare("SELECT rows");
            case 3 -> new Register(List.of("SCHEMA_CHANGE"));
            case 4 -> Options.INSTANCE;
            case 5 ->
                    new Batch(
                            (byte) 0,
                            List.of(id, "INSERT"),
                            List.of(List.of(ByteBuffer.allocate(3)), List.of()),
                            1,
                            8,
                            12345,
                            null,
                            QueryOptions.NO_NOW_IN_SECONDS);
            default -> new Execute(id, id, options);
        };
    }

    private static void endsWell(TestClient client, byte[] bytes) throws IOException {
        try {
            client.sendBytes(bytes);
            client.endSending();
        } catch (SocketException e) {
            // the server has ended the connection already
        }
        client.receiveToEnd();
        assertThat(neighbour().ask(Options.INSTANCE)).isInstanceOf(Supported.class);
    }
}
