package io.helenus.engine.cluster;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import io.helenus.gossip.ring.TokenAllocator;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

/// Reads what anybody may have sent. Each length is checked against its limit and against what is
/// there before anything is allocated for it.
public final class ClusterInput {
    private final ByteBuffer buffer;

    public ClusterInput(ByteBuffer source) {
        buffer = source.slice().order(ByteOrder.BIG_ENDIAN);
    }

    public ClusterFormatException wrong(String what) {
        return new ClusterFormatException(buffer.position(), what);
    }

    private void need(int bytes, String what) {
        if (buffer.remaining() < bytes) {
            throw wrong(
                    "%s needs %d bytes, %d are left".formatted(what, bytes, buffer.remaining()));
        }
    }

    public void expectEnd() {
        if (buffer.hasRemaining()) {
            throw wrong("it should end, %d bytes are left".formatted(buffer.remaining()));
        }
    }

    public int u8(String what) {
        need(1, what);
        return Byte.toUnsignedInt(buffer.get());
    }

    public boolean flag(String what) {
        int value = u8(what);
        if (value > 1) {
            throw wrong("ends a flag, %s, that is %d".formatted(what, value));
        }
        return value == 1;
    }

    public long i64(String what) {
        need(Long.BYTES, what);
        return buffer.getLong();
    }

    public UUID uuid(String what) {
        need(2 * Long.BYTES, what);
        return new UUID(buffer.getLong(), buffer.getLong());
    }

    public String text(String what, int bytesMax) {
        need(Short.BYTES, what);
        int length = Short.toUnsignedInt(buffer.getShort());
        if (length > bytesMax) {
            throw wrong("begins %s of %d bytes, the limit is %d".formatted(what, length, bytesMax));
        }
        need(length, what);
        ByteBuffer part = take(length);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(part).toString();
        } catch (CharacterCodingException _) {
            throw wrong(what + " is not UTF-8");
        }
    }

    /// A view, not a copy.
    public ByteBuffer bytes(String what, int bytesMax) {
        need(Integer.BYTES, what);
        int length = buffer.getInt();
        if (length < 0 || length > bytesMax) {
            throw wrong("begins %s of %d bytes, the limit is %d".formatted(what, length, bytesMax));
        }
        need(length, what);
        return take(length);
    }

    private ByteBuffer take(int length) {
        ByteBuffer part = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        return part;
    }

    /// @param itemBytesMin what one item takes at least
    public <T> List<T> list(
            String what, int max, int itemBytesMin, Function<ClusterInput, T> reader) {
        need(Integer.BYTES, what);
        int count = buffer.getInt();
        if (count < 0 || count > max) {
            throw wrong("begin %d %s, the limit is %d".formatted(count, what, max));
        }
        need(Math.toIntExact(Math.min((long) count * itemBytesMin, Integer.MAX_VALUE)), what);
        List<T> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(reader.apply(this));
        }
        return items;
    }

    public Endpoint endpoint(String what) {
        int length = u8(what);
        return switch (length) {
            case Endpoint.IPV4_BYTES -> {
                need(length + Short.BYTES, what);
                int address = buffer.getInt();
                yield Endpoint.ipv4(address, Short.toUnsignedInt(buffer.getShort()));
            }
            case Endpoint.IPV6_BYTES -> {
                need(length + Short.BYTES, what);
                long high = buffer.getLong();
                long low = buffer.getLong();
                yield Endpoint.ipv6(high, low, Short.toUnsignedInt(buffer.getShort()));
            }
            default -> throw wrong("begins %s of %d bytes".formatted(what, length));
        };
    }

    public LogEntry entry() {
        long epoch = i64("an epoch");
        if (epoch < 1) {
            throw wrong("ends an epoch that is " + epoch);
        }
        UUID proposal = uuid("a proposal id");
        UUID proposer = uuid("a proposer");
        ByteBuffer bytes = bytes("a transformation", ClusterCodec.TRANSFORMATION_BYTES_MAX);
        ByteBuffer copy = ByteBuffer.allocate(bytes.remaining()); // outlives what it came in
        return new LogEntry(epoch, proposal, proposer, copy.put(bytes).flip());
    }

    ClusterNode node() {
        UUID hostId = uuid("a host id");
        Endpoint endpoint = endpoint("an address");
        Endpoint nativeEndpoint = endpoint("an address for clients");
        Location location = location();
        NodeState state = state();
        String release = text("a release", ClusterCodec.NAME_BYTES_MAX);
        List<Long> tokens =
                list("tokens", TokenAllocator.TOKENS_MAX, Long.BYTES, in -> in.i64("a token"));
        requireAscending("tokens", tokens);
        if (tokens.isEmpty()) {
            throw wrong("ends a node without tokens");
        }
        return new ClusterNode(hostId, endpoint, nativeEndpoint, location, state, release, tokens);
    }

    private Location location() {
        String dataCenter = text("a data centre", ClusterCodec.NAME_BYTES_MAX);
        String rack = text("a rack", ClusterCodec.NAME_BYTES_MAX);
        if (dataCenter.isBlank() || rack.isBlank()) {
            throw wrong("ends a data centre or rack whose name is blank");
        }
        return new Location(dataCenter, rack);
    }

    private NodeState state() {
        int number = u8("a node's state");
        for (NodeState state : NodeState.values()) {
            if (state.number() == number) {
                return state;
            }
        }
        throw wrong("ends a node's state that is " + number);
    }

    <T extends Comparable<T>> void requireAscending(String what, List<T> items) {
        for (int i = 1; i < items.size(); i++) {
            if (items.get(i - 1).compareTo(items.get(i)) >= 0) {
                throw wrong(
                        "end %s that are not in order: %s comes after %s"
                                .formatted(what, items.get(i), items.get(i - 1)));
            }
        }
    }
}
