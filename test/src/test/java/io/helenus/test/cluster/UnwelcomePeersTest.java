package io.helenus.test.cluster;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.messaging.Hello;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.DiscoveryOutcome;
import io.helenus.test.node.Keyspaces;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What comes to the port of other nodes, or answers there, and does not belong to them: a line in the
/// log that says what it was, and nothing else happens.
@Timeout(60)
final class UnwelcomePeersTest {
    private static final String CLUSTER = "unwelcoming";
    private static final String PARTITIONERS = "its partitioner is %s, here it is %s";
    private static final String OURS = "org.apache.cassandra.dht.Murmur3Partitioner";
    private static final int PATIENCE_MILLIS = 20_000;

    @TempDir private Path directory;
    private LoggedWarnings log = LoggedWarnings.open();
    private Endpoint first = Endpoint.of("127.0.0.1", 1);
    private Endpoint second = Endpoint.of("127.0.0.2", 1);

    @BeforeEach
    void begin() throws IOException {
        first = GossipingNode.free("127.0.0.1");
        second = GossipingNode.free("127.0.0.2");
    }

    @AfterEach
    void end() {
        log.close();
    }

    private GossipingNode start(Endpoint address, Endpoint... seeds) throws IOException {
        Path place = directory.resolve(address.toString().replace(':', '_'));
        return GossipingNode.start(CLUSTER, place, address, List.of(seeds));
    }

    /// Bytes are as in ISO 8859-1.
    ///
    /// @param answer the first bytes of what is answered before the connection is closed
    /// @param logged in the line about it
    record Stranger(String name, String said, String answer, String logged) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static String ofVersion(int version, ByteBuffer hello) {
        return text(hello.put(Integer.BYTES, (byte) version));
    }

    private static String text(ByteBuffer bytes) {
        return ISO_8859_1.decode(bytes).toString();
    }

    /// As a later release would greet.
    private static String greetingOfVersions(int oldest, int newest) {
        int length = 40;
        ByteBuffer greeting = ByteBuffer.allocate(Short.BYTES + length);
        greeting.putShort((short) length).put((byte) oldest).put((byte) newest);
        CRC32C crc = new CRC32C();
        crc.update(greeting.array(), 0, greeting.capacity() - Integer.BYTES);
        return text(
                greeting.putInt(greeting.capacity() - Integer.BYTES, (int) crc.getValue())
                        .rewind());
    }

    static Stream<Stranger> strangers() {
        String hello = text(Hello.hello(Hello.MESSAGES));
        String accepted = text(Hello.answer(Hello.ACCEPTED));
        return Stream.of(
                new Stranger(
                        "a browser",
                        "GET / HTTP/1.1\r\nHost: here\r\n\r\n",
                        "",
                        "it does not begin as nodes and tools do"),
                new Stranger(
                        "a later protocol",
                        ofVersion(9, Hello.hello(Hello.MESSAGES)),
                        text(Hello.answer(Hello.UNKNOWN_VERSION)),
                        "it wants kind 2 of version 9"),
                new Stranger(
                        "messages of later versions only",
                        hello + greetingOfVersions(9, 12),
                        accepted,
                        "it speaks versions 9 to 12 of messages, this node 1 to 1"),
                new Stranger(
                        "garbage after a good beginning",
                        hello + "\0(Dear Sir or Madam, may I ask for a moment of your time?",
                        accepted,
                        "the checksum of a handshake is"));
    }

    @ParameterizedTest
    @MethodSource("strangers")
    void aStrangerIsToldOffAndNothingElseHappens(Stranger stranger) throws Exception {
        try (GossipingNode node = start(first)) {
            assertThat(talk(stranger.said)).startsWith(stranger.answer);
            assertThat(log.await(stranger.logged)).startsWith("WARN").contains("127.0.0.9");
            node.execute(Keyspaces.create("ks"));
            assertThat(node.state().nodes()).hasSize(1);
        }
    }

    /// @return all that comes until the other side closes the connection
    private String talk(String said) throws IOException {
        InetAddress from = InetAddress.ofLiteral("127.0.0.9");
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        try (Socket socket = new Socket(first.address(), first.port(), from, 0)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(said.getBytes(ISO_8859_1));
            InputStream in = socket.getInputStream();
            for (int next = in.read(); next >= 0; next = in.read()) {
                answer.write(next);
            }
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset"); // closed, too
        }
        return answer.toString(ISO_8859_1);
    }

    /// @param why in the error that the start ends with
    record WrongSeed(String name, String answer, String why) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<WrongSeed> wrongSeeds() {
        return Stream.of(
                new WrongSeed(
                        "a mail server",
                        "220 mail.example.org ESMTP\r\n",
                        "what listens there is no Helenus node"),
                new WrongSeed(
                        "a later release",
                        ofVersion(9, Hello.answer(Hello.UNKNOWN_VERSION)),
                        "it takes no messages (status 1, version 9)"));
    }

    @ParameterizedTest
    @MethodSource("wrongSeeds")
    void aSeedThatIsNoneIsNamedWithWhatItSaid(WrongSeed seed) throws Exception {
        ExecutorService answering = Executors.newSingleThreadExecutor();
        try (ServerSocket listening = new ServerSocket(0, 8, second.address())) {
            var _ =
                    answering.submit(() -> {
                        while (true) {
                            try (Socket socket = listening.accept()) {
                                socket.getOutputStream().write(seed.answer.getBytes(ISO_8859_1));
                                socket.shutdownOutput();
                                var _ = socket.getInputStream().readAllBytes();
                            }
                        }
                    });
            Endpoint address = Endpoint.of("127.0.0.2", listening.getLocalPort());
            assertThatThrownBy(() -> start(first, address))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No seed of the cluster answered")
                    .hasMessageContaining(address.toString())
                    .hasMessageContaining(seed.why);
        } finally {
            answering.shutdownNow();
        }
    }

    @Test
    void aNodeWithAnotherPartitionerIsRefused() throws Exception {
        try (GossipingNode node = start(first);
                ForeignNode foreign =
                        new ForeignNode(
                                CLUSTER, directory.resolve("foreign"), second, List.of(first))) {
            String why = PARTITIONERS.formatted(ForeignNode.PARTITIONER, OURS);
            assertThat(foreign.discover().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS))
                    .isInstanceOfSatisfying(
                            DiscoveryOutcome.Refused.class,
                            refused -> assertThat(refused.why()).contains(why));
            assertThat(log.await(why)).startsWith("WARN").contains(second.toString());
            assertThat(node.state().nodes()).hasSize(1);
            assertThat(node.gossip().live()).isEmpty();
        }
    }

    @Test
    void aClusterWithAnotherPartitionerIsNotJoined() throws Exception {
        try (ForeignNode foreign =
                new ForeignNode(CLUSTER, directory.resolve("foreign"), second, List.of())) {
            foreign.join();
            assertThatThrownBy(() -> start(first, second))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("Seed %s refuses this node", second)
                    .hasMessageContaining(PARTITIONERS.formatted(OURS, ForeignNode.PARTITIONER));
        }
    }

    /// After a power failure, say, when the others take longer.
    @Test
    void aMemberThatHearsNobodySaysWhatItWaitsForAndServes() throws Exception {
        try (GossipingNode one = start(first);
                GossipingNode two = start(second, first)) {
            one.awaitNews("up " + second);
            two.awaitNews("up " + first);
        }
        try (GossipingNode one = start(first)) {
            log.await("INFO", "is in cluster '%s' with".formatted(CLUSTER), second.toString());
            log.await("WARN", second.toString(), "the node starts all the same");
            one.execute("SELECT * FROM system.local");
            assertThat(one.state().nodes()).hasSize(2);
        }
    }
}
