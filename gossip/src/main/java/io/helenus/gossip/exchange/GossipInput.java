package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Reads a message that anybody may have sent. Each length is checked against its limit and against
/// what is there before anything is allocated for it.
final class GossipInput {
    private static final UUID NONE = new UUID(0, 0);
    private static final int VARINT_SHIFT_LAST = 7 * (GossipCodec.VARINT_BYTES_MAX - 1);

    private final ByteBuffer buffer;

    GossipInput(ByteBuffer source) {
        buffer = source.slice().order(ByteOrder.BIG_ENDIAN);
        source.position(source.limit());
        if (buffer.limit() > GossipCodec.MESSAGE_BYTES_MAX) {
            throw wrong(
                    "begin %d bytes, the limit is %d"
                            .formatted(buffer.limit(), GossipCodec.MESSAGE_BYTES_MAX));
        }
    }

    GossipFormatException wrong(String what) {
        return new GossipFormatException(buffer.position(), what);
    }

    private void need(int bytes, String what) {
        if (buffer.remaining() < bytes) {
            throw wrong(
                    "%s needs %d bytes, %d are left".formatted(what, bytes, buffer.remaining()));
        }
    }

    void expectEnd() {
        if (buffer.hasRemaining()) {
            throw wrong("the message is over, %d bytes are left".formatted(buffer.remaining()));
        }
    }

    int u8(String what) {
        need(1, what);
        return Byte.toUnsignedInt(buffer.get());
    }

    boolean flag(String what) {
        int value = u8(what);
        if (value > 1) {
            throw wrong("ends a flag, %s, that is %d".formatted(what, value));
        }
        return value == 1;
    }

    long i64(String what) {
        need(Long.BYTES, what);
        return buffer.getLong();
    }

    long number(String what) {
        long value = 0;
        for (int shift = 0; shift <= VARINT_SHIFT_LAST; shift += 7) {
            int next = u8(what);
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0) {
                    throw wrong("ends a number, %s, with a needless byte".formatted(what));
                }
                return value;
            }
        }
        throw wrong("%s is a number of over 63 bits".formatted(what));
    }

    /// How many things follow; each takes at least a byte.
    int count(String what, int max) {
        long count = number("the number of " + what);
        if (count > max) {
            throw wrong("begin %d %s, the limit is %d".formatted(count, what, max));
        }
        if (count > buffer.remaining()) {
            throw wrong("begin %d %s in %d bytes".formatted(count, what, buffer.remaining()));
        }
        return (int) count;
    }

    String text(String what, int bytesMax) {
        need(Short.BYTES, what);
        int length = Short.toUnsignedInt(buffer.getShort());
        if (length > bytesMax) {
            throw wrong("begins %s of %d bytes, the limit is %d".formatted(what, length, bytesMax));
        }
        need(length, what);
        ByteBuffer bytes = buffer.slice(buffer.position(), length);
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            buffer.position(buffer.position() + length);
            return text;
        } catch (CharacterCodingException _) {
            throw wrong(what + " is not UTF-8");
        }
    }

    UUID uuid(String what) {
        need(2 * Long.BYTES, what);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    ClusterIdentity cluster() {
        String name = text("a cluster's name", GossipCodec.NAME_BYTES_MAX);
        String partitioner = text("a partitioner", GossipCodec.NAME_BYTES_MAX);
        UUID id = uuid("a cluster's id");
        return new ClusterIdentity(name, partitioner, id.equals(NONE) ? null : id);
    }

    Endpoint endpoint() {
        int length = u8("the length of an address");
        return switch (length) {
            case Endpoint.IPV4_BYTES -> {
                need(length + Short.BYTES, "an address");
                int address = buffer.getInt();
                yield Endpoint.ipv4(address, Short.toUnsignedInt(buffer.getShort()));
            }
            case Endpoint.IPV6_BYTES -> {
                need(length + Short.BYTES, "an address");
                long high = buffer.getLong();
                long low = buffer.getLong();
                yield Endpoint.ipv6(high, low, Short.toUnsignedInt(buffer.getShort()));
            }
            default -> throw wrong("begins an address of %d bytes".formatted(length));
        };
    }

    NodeDelta delta() {
        Endpoint endpoint = endpoint();
        long generation = number("a generation");
        long fromVersion = number("a version");
        long heartbeat = number("a heartbeat");
        int count = count("entries", GossipCodec.ENTRIES_MAX);
        List<StateEntry> entries = new ArrayList<>(count);
        boolean[] seen = new boolean[StateEntry.KEY_MAX + 1];
        long last = fromVersion;
        for (int i = 0; i < count; i++) {
            int key = u8("a key");
            long version = number("a version");
            if (version <= last) {
                throw wrong("ends version %d, it comes after %d".formatted(version, last));
            }
            if (seen[key]) {
                throw wrong("key %d is there twice".formatted(key));
            }
            seen[key] = true;
            last = version;
            entries.add(new StateEntry(key, version, text("a value", GossipCodec.VALUE_BYTES_MAX)));
        }
        return new NodeDelta(endpoint, generation, fromVersion, heartbeat, entries);
    }
}
