package io.helenus.gossip.exchange;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Messages to bytes and back, as the package's tables say. Stateless; any thread.
public final class GossipCodec {
    public static final int VERSION = 1;

    public static final int MESSAGE_BYTES_MAX = 2 << 20;
    public static final int DIGESTS_MAX = 16_384;
    public static final int NODES_MAX = 16_384; // deltas in one message
    public static final int ENTRIES_MAX = 256; // of one node: as many as there are keys
    public static final int VALUE_BYTES_MAX = 1024;
    public static final int NAME_BYTES_MAX = 256;
    public static final int REASON_BYTES_MAX = 4096;

    static final int SYN = 1;
    static final int ACK = 2;
    static final int ACK2 = 3;
    static final int ECHO = 4;
    static final int ECHO_REPLY = 5;
    static final int SHADOW_SYN = 6;
    static final int SHADOW_ACK = 7;
    static final int REFUSED = 8;
    static final int SHUTDOWN = 9;

    static final int VARINT_BYTES_MAX = 9; // numbers have 63 bits
    static final int ENDPOINT_BYTES_MAX = 1 + 16 + 2;
    static final int DIGEST_BYTES_MAX = ENDPOINT_BYTES_MAX + 2 * VARINT_BYTES_MAX;
    static final int DELTA_HEADER_BYTES_MAX = ENDPOINT_BYTES_MAX + 3 * VARINT_BYTES_MAX + 2 + 1;

    /// One node with one entry, however large.
    static final int ONE_ENTRY_BYTES_MAX =
            DELTA_HEADER_BYTES_MAX + 1 + VARINT_BYTES_MAX + 2 + VALUE_BYTES_MAX;

    private static final int UTF8_BYTES_MAX = 3; // of one char

    static {
        if (DIGESTS_MAX * DIGEST_BYTES_MAX + MESSAGE_BYTES_MAX / 2 > MESSAGE_BYTES_MAX) {
            throw new AssertionError("requests and deltas of an ACK must fit into one message");
        }
    }

    private GossipCodec() {}

    /// No less than an entry takes, and quickly said.
    static int bytesMax(StateEntry entry) {
        int value = Math.min(entry.value().length() * UTF8_BYTES_MAX, VALUE_BYTES_MAX);
        return 1 + VARINT_BYTES_MAX + 2 + value;
    }

    public static byte[] encode(GossipMessage message) {
        GossipOutput out = new GossipOutput();
        out.u8(VERSION);
        switch (message) {
            case GossipMessage.Syn syn -> {
                out.u8(SYN);
                out.cluster(syn.cluster());
                out.i64(syn.wallMicros());
                out.flag(syn.complete());
                digests(out, syn.digests());
            }
            case GossipMessage.Ack ack -> {
                out.u8(ACK);
                digests(out, ack.requests());
                deltas(out, ack.deltas());
            }
            case GossipMessage.Ack2 ack2 -> {
                out.u8(ACK2);
                deltas(out, ack2.deltas());
            }
            case GossipMessage.Echo echo -> {
                out.u8(ECHO);
                out.i64(echo.nonce());
            }
            case GossipMessage.EchoReply reply -> {
                out.u8(ECHO_REPLY);
                out.i64(reply.nonce());
                out.number(reply.generation());
            }
            case GossipMessage.ShadowSyn syn -> {
                out.u8(SHADOW_SYN);
                out.cluster(syn.cluster());
                out.i64(syn.wallMicros());
                out.uuid(syn.hostId());
            }
            case GossipMessage.ShadowAck ack -> {
                out.u8(SHADOW_ACK);
                out.flag(ack.clusterMember());
                out.number(ack.nodes().size());
                for (GossipMessage.ShadowNode node : ack.nodes()) {
                    out.flag(node.up());
                    out.delta(node.state());
                }
            }
            case GossipMessage.Refused refused -> {
                out.u8(REFUSED);
                out.text(refused.why(), REASON_BYTES_MAX);
            }
            case GossipMessage.Shutdown shutdown -> {
                out.u8(SHUTDOWN);
                out.number(shutdown.generation());
            }
        }
        return out.bytes();
    }

    private static void digests(GossipOutput out, List<NodeDigest> digests) {
        out.number(digests.size());
        for (NodeDigest digest : digests) {
            out.endpoint(digest.endpoint());
            out.number(digest.generation());
            out.number(digest.version());
        }
    }

    private static void deltas(GossipOutput out, List<NodeDelta> deltas) {
        out.number(deltas.size());
        deltas.forEach(out::delta);
    }

    /// Takes one message from the buffer, all that remains of it.
    ///
    /// @throws GossipFormatException if it is none, or is of a version that is not known here
    public static GossipMessage decode(ByteBuffer buffer) {
        GossipInput in = new GossipInput(buffer);
        int version = in.u8("the version");
        if (version != VERSION) {
            throw in.wrong("is version %d, known here is %d".formatted(version, VERSION));
        }
        int kind = in.u8("the kind");
        GossipMessage message =
                switch (kind) {
                    case SYN ->
                            new GossipMessage.Syn(
                                    in.cluster(),
                                    in.i64("the clock"),
                                    in.flag("completeness"),
                                    ascending(in, digests(in)));
                    case ACK -> new GossipMessage.Ack(digests(in), deltas(in));
                    case ACK2 -> new GossipMessage.Ack2(deltas(in));
                    case ECHO -> new GossipMessage.Echo(in.i64("a nonce"));
                    case ECHO_REPLY ->
                            new GossipMessage.EchoReply(
                                    in.i64("a nonce"), in.number("a generation"));
                    case SHADOW_SYN ->
                            new GossipMessage.ShadowSyn(
                                    in.cluster(), in.i64("the clock"), in.uuid("a host id"));
                    case SHADOW_ACK ->
                            new GossipMessage.ShadowAck(in.flag("membership"), shadowNodes(in));
                    case REFUSED ->
                            new GossipMessage.Refused(in.text("a reason", REASON_BYTES_MAX));
                    case SHUTDOWN -> new GossipMessage.Shutdown(in.number("a generation"));
                    default -> throw in.wrong("is kind %d, known are 1 to 9".formatted(kind));
                };
        in.expectEnd();
        return message;
    }

    private static List<NodeDigest> digests(GossipInput in) {
        int count = in.count("digests", DIGESTS_MAX);
        List<NodeDigest> digests = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            digests.add(
                    new NodeDigest(
                            in.endpoint(), in.number("a generation"), in.number("a version")));
        }
        return digests;
    }

    private static List<NodeDigest> ascending(GossipInput in, List<NodeDigest> digests) {
        for (int i = 1; i < digests.size(); i++) {
            if (digests.get(i - 1).endpoint().compareTo(digests.get(i).endpoint()) >= 0) {
                throw in.wrong(
                        "end digests that are not in order: %s comes after %s"
                                .formatted(
                                        digests.get(i).endpoint(), digests.get(i - 1).endpoint()));
            }
        }
        return digests;
    }

    private static List<NodeDelta> deltas(GossipInput in) {
        int count = in.count("deltas", NODES_MAX);
        List<NodeDelta> deltas = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            deltas.add(in.delta());
        }
        return deltas;
    }

    private static List<GossipMessage.ShadowNode> shadowNodes(GossipInput in) {
        int count = in.count("nodes", NODES_MAX);
        List<GossipMessage.ShadowNode> nodes = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean up = in.flag("liveness");
            nodes.add(new GossipMessage.ShadowNode(in.delta(), up));
        }
        return nodes;
    }
}
