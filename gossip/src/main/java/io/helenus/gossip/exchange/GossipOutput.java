package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/// Grows as a message is written. Refuses what [GossipInput] would.
final class GossipOutput {
    private static final int FIRST_BYTES = 512;
    private static final UUID NONE = new UUID(0, 0);

    private ByteBuffer buffer = ByteBuffer.allocate(FIRST_BYTES);

    byte[] bytes() {
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private ByteBuffer room(int bytes) {
        if (buffer.remaining() < bytes) {
            int capacity = Math.max(2 * buffer.capacity(), buffer.position() + bytes);
            if (buffer.position() + bytes > GossipCodec.MESSAGE_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "A gossip message has over %d bytes"
                                .formatted(GossipCodec.MESSAGE_BYTES_MAX));
            }
            ByteBuffer larger = ByteBuffer.allocate(capacity);
            larger.put(buffer.flip());
            buffer = larger;
        }
        return buffer;
    }

    void u8(int value) {
        room(1).put((byte) value);
    }

    void flag(boolean value) {
        u8(value ? 1 : 0);
    }

    void i64(long value) {
        room(Long.BYTES).putLong(value);
    }

    void number(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("A number in a gossip message is " + value);
        }
        long left = value;
        while (left > 0x7f) {
            u8((int) (left & 0x7f) | 0x80);
            left >>>= 7;
        }
        u8((int) left);
    }

    void text(String value, int bytesMax) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > bytesMax) {
            throw new IllegalArgumentException(
                    "A text in a gossip message has %d bytes, the limit is %d"
                            .formatted(bytes.length, bytesMax));
        }
        room(Short.BYTES + bytes.length).putShort((short) bytes.length).put(bytes);
    }

    void uuid(UUID value) {
        i64(value.getMostSignificantBits());
        i64(value.getLeastSignificantBits());
    }

    void cluster(ClusterIdentity cluster) {
        text(cluster.name(), GossipCodec.NAME_BYTES_MAX);
        text(cluster.partitioner(), GossipCodec.NAME_BYTES_MAX);
        UUID id = cluster.clusterId();
        uuid(id == null ? NONE : id);
    }

    void endpoint(Endpoint endpoint) {
        if (endpoint.isIpv6()) {
            u8(Endpoint.IPV6_BYTES);
            i64(endpoint.high());
            i64(endpoint.low());
        } else {
            u8(Endpoint.IPV4_BYTES);
            room(Integer.BYTES).putInt((int) endpoint.low());
        }
        room(Short.BYTES).putShort((short) endpoint.port());
    }

    void delta(NodeDelta delta) {
        endpoint(delta.endpoint());
        number(delta.generation());
        number(delta.fromVersion());
        number(delta.heartbeat());
        number(delta.entries().size());
        for (StateEntry entry : delta.entries()) {
            u8(entry.key());
            number(entry.version());
            text(entry.value(), GossipCodec.VALUE_BYTES_MAX);
        }
    }
}
