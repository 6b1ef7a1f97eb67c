package io.helenus.gossip.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.gossip.Endpoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GossipCodecTest {
    private static final Endpoint FOUR = Endpoint.of("10.0.0.1", 7000);
    private static final Endpoint SIX = Endpoint.of("2001:db8::1", 7001);
    private static final ClusterIdentity CLUSTER = new ClusterIdentity("Ü", "p", new UUID(1, 2));
    private static final NodeDelta DELTA =
            new NodeDelta(
                    FOUR,
                    300,
                    5,
                    130,
                    List.of(new StateEntry(7, 6, "12"), new StateEntry(200, 129, "")));

    /// A message and its bytes, for ever.
    record Golden(GossipMessage message, String hex) {}

    static Stream<Golden> golden() {
        return Stream.of(
                new Golden(
                        new GossipMessage.Syn(
                                CLUSTER,
                                1,
                                true,
                                List.of(new NodeDigest(FOUR, 300, 127), new NodeDigest(SIX, 0, 0))),
                        "0101"
                                + "0002c39c" // name
                                + "000170" // partitioner
                                + "0000000000000001" // cluster id
                                + "0000000000000002"
                                + "0000000000000001" // clock
                                + "01" // complete
                                + "02" // digests
                                + "040a0000011b58" // 10.0.0.1:7000
                                + "ac02" // generation 300
                                + "7f" // version 127
                                + "1020010db8000000000000000000000001" // 2001:db8::1
                                + "1b59" // port 7001
                                + "0000"),
                new Golden(
                        new GossipMessage.Ack(List.of(new NodeDigest(FOUR, 1, 2)), List.of(DELTA)),
                        "0102"
                                + "01040a0000011b580102" // requests
                                + "01040a0000011b58" // deltas
                                + "ac02" // generation
                                + "05" // from version
                                + "8201" // heartbeat 130
                                + "02" // entries
                                + "070600023132" // key 7, version 6, "12"
                                + "c881010000"), // key 200, version 129, ""
                new Golden(new GossipMessage.Ack2(List.of()), "010300"),
                new Golden(new GossipMessage.Echo(-2), "0104fffffffffffffffe"),
                new Golden(new GossipMessage.EchoReply(1, 128), "010500000000000000018001"),
                new Golden(
                        new GossipMessage.ShadowSyn(
                                new ClusterIdentity("c", "p", null), -1, new UUID(3, 4)),
                        "0106"
                                + "000163"
                                + "000170"
                                + "00000000000000000000000000000000" // no id
                                + "ffffffffffffffff"
                                + "00000000000000030000000000000004"),
                new Golden(
                        new GossipMessage.ShadowAck(
                                true,
                                List.of(
                                        new GossipMessage.ShadowNode(
                                                new NodeDelta(FOUR, 1, 0, 0, List.of()), true))),
                        "0107" + "01" + "01" + "01" + "040a0000011b58" + "01000000"),
                new Golden(new GossipMessage.Refused("no"), "010800026e6f"),
                new Golden(new GossipMessage.Shutdown(Long.MAX_VALUE), "0109ffffffffffffffff7f"));
    }

    @ParameterizedTest
    @MethodSource("golden")
    void bytesAreAsDocumented(Golden golden) {
        assertThat(HexFormat.of().formatHex(GossipCodec.encode(golden.message)))
                .isEqualTo(golden.hex);
        assertThat(decode(golden.hex)).isEqualTo(golden.message);
    }

    @ParameterizedTest
    @MethodSource("golden")
    void everyCutIsAnErrorThatSaysWhere(Golden golden) {
        byte[] bytes = GossipCodec.encode(golden.message);
        for (int length = 0; length < bytes.length; length++) {
            ByteBuffer cut = ByteBuffer.wrap(bytes, 0, length);
            assertThatThrownBy(() -> GossipCodec.decode(cut))
                    .isInstanceOf(GossipFormatException.class)
                    .hasMessageContaining("at byte");
        }
    }

    record Hostile(String hex, String named) {}

    static Stream<Hostile> hostile() {
        return Stream.of(
                new Hostile("", "the version needs 1 bytes, 0 are left"),
                new Hostile("0209", "is version 2, known here is 1"),
                new Hostile("010a", "is kind 10, known are 1 to 9"),
                new Hostile("01090100", "the message is over, 1 bytes are left"),
                new Hostile("01098000", "needless byte"),
                new Hostile("0109ffffffffffffffffff7f", "over 63 bits"),
                new Hostile("0103ffffff7f", "begin 268435455 deltas, the limit is 16384"),
                new Hostile("0103808001", "begin 16384 deltas in 0 bytes"),
                new Hostile("010301050a000001", "begins an address of 5 bytes"),
                new Hostile("01081001", "begins a reason of 4097 bytes, the limit is 4096"),
                new Hostile("01080002c328", "a reason is not UTF-8"),
                new Hostile("010702", "ends a flag, membership, that is 2"),
                new Hostile(
                        "010301040a0000011b580105000107050000", "ends version 5, it comes after 5"),
                new Hostile("010301040a0000011b58010000020701000007020000", "key 7 is there twice"),
                new Hostile(
                        "0101000163000170"
                                + "00".repeat(24)
                                + "0102"
                                + "040a0000021b580101"
                                + "040a0000011b580101",
                        "10.0.0.1:7000 comes after 10.0.0.2:7000"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void hostileBytesAreNamed(Hostile hostile) {
        assertThatThrownBy(() -> decode(hostile.hex))
                .isInstanceOf(GossipFormatException.class)
                .hasMessageContaining(hostile.named);
    }

    @Test
    void aHugeMessageIsRefusedBeforeItIsRead() {
        ByteBuffer huge = ByteBuffer.allocate(GossipCodec.MESSAGE_BYTES_MAX + 1);
        assertThatThrownBy(() -> GossipCodec.decode(huge))
                .isInstanceOf(GossipFormatException.class)
                .hasMessageContaining("2097153 bytes, the limit is 2097152");
    }

    @Test
    void whatNobodyCouldReadIsNotWritten() {
        assertThatThrownBy(() -> GossipCodec.encode(new GossipMessage.Refused("x".repeat(4097))))
                .hasMessageContaining("4097 bytes, the limit is 4096");
        assertThatThrownBy(() -> GossipCodec.encode(new GossipMessage.Shutdown(-1)))
                .hasMessageContaining("is -1");
    }

    @Property(tries = 500)
    void everyMessageComesBack(@ForAll long seed) {
        GossipMessage message = random(new Random(seed));
        ByteBuffer buffer = ByteBuffer.wrap(GossipCodec.encode(message));
        assertThat(GossipCodec.decode(buffer)).isEqualTo(message);
        assertThat(buffer.hasRemaining()).isFalse();
    }

    @Property(tries = 2_000)
    void damagedBytesAreAMessageOrAFormatError(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] bytes = GossipCodec.encode(random(random));
        for (int i = random.nextInt(3); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        try {
            GossipMessage message = GossipCodec.decode(ByteBuffer.wrap(bytes));
            assertThat(GossipCodec.decode(ByteBuffer.wrap(GossipCodec.encode(message))))
                    .isEqualTo(message);
        } catch (GossipFormatException e) {
            assertThat(e).hasMessageStartingWith("Not a gossip message: at byte ");
        }
    }

    private static GossipMessage decode(String hex) {
        return GossipCodec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    }

    private static GossipMessage random(Random random) {
        return switch (random.nextInt(5)) {
            case 0 ->
                    new GossipMessage.Syn(
                            CLUSTER,
                            random.nextLong(),
                            random.nextBoolean(),
                            digests(random).stream().toList());
            case 1 -> new GossipMessage.Ack(digests(random), deltas(random));
            case 2 -> new GossipMessage.Ack2(deltas(random));
            case 3 ->
                    new GossipMessage.ShadowAck(
                            random.nextBoolean(),
                            deltas(random).stream()
                                    .map(delta ->
                                            new GossipMessage.ShadowNode(
                                                    delta, random.nextBoolean()))
                                    .toList());
            default -> new GossipMessage.EchoReply(random.nextLong(), number(random));
        };
    }

    private static long number(Random random) {
        return random.nextLong() >>> 1 + random.nextInt(63);
    }

    private static Endpoint endpoint(Random random) {
        byte[] address = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(address);
        return Endpoint.of(address, random.nextInt(65_536));
    }

    private static List<NodeDigest> digests(Random random) {
        TreeSet<Endpoint> endpoints = new TreeSet<>();
        for (int i = random.nextInt(20); i > 0; i--) {
            endpoints.add(endpoint(random));
        }
        List<NodeDigest> digests = new ArrayList<>();
        endpoints.forEach(
                each -> digests.add(new NodeDigest(each, number(random), number(random))));
        return digests;
    }

    private static List<NodeDelta> deltas(Random random) {
        List<NodeDelta> deltas = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            List<StateEntry> entries = new ArrayList<>();
            long from = random.nextInt(1_000);
            long version = from;
            for (int key = random.nextInt(4); key < 12; key += 1 + random.nextInt(5)) {
                version += 1 + random.nextInt(200);
                entries.add(new StateEntry(key, version, "é".repeat(random.nextInt(30))));
            }
            deltas.add(
                    new NodeDelta(endpoint(random), number(random), from, number(random), entries));
        }
        return deltas;
    }
}
