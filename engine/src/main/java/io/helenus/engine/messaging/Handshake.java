package io.helenus.engine.messaging;

import io.helenus.gossip.Endpoint;
import io.netty.buffer.ByteBuf;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The handshake of a connection for messages (layout: see the package). Stateless.
final class Handshake {
    static final int OLDEST_VERSION = 1;
    static final int VERSION = 1;
    static final int NAME_BYTES_MAX = 256;

    private static final int BYTES_MAX = 1024;
    private static final int BYTES_MIN = Integer.BYTES + 2;
    private static final int REASON_BYTES_MAX = 512;
    private static final int COMPRESS = 1;

    /// What the connecting side says.
    record Greeting(Lane lane, boolean compress, String cluster, Endpoint from, Endpoint to) {}

    /// What the other one says to that.
    record Reply(Status status, int version, boolean compress, String reason) {}

    enum Status {
        WELCOME(0),
        NO_COMMON_VERSION(1),
        OTHER_CLUSTER(2),
        ITSELF(3),
        OTHER_NODE(4),
        TOO_MANY(5);

        private static final Status[] STATUSES = values();

        private final int number;

        Status(int number) {
            this.number = number;
        }
    }

    private Handshake() {}

    static ByteBuffer encode(Greeting greeting) {
        ByteBuffer out = begin();
        out.put((byte) OLDEST_VERSION).put((byte) VERSION);
        out.put((byte) greeting.lane().number());
        out.put((byte) (greeting.compress() ? COMPRESS : 0));
        putString(out, greeting.cluster(), NAME_BYTES_MAX);
        putAddress(out, greeting.from());
        putAddress(out, greeting.to());
        return end(out);
    }

    static ByteBuffer encode(Reply reply) {
        ByteBuffer out = begin();
        out.put((byte) reply.status().number).put((byte) reply.version());
        out.put((byte) (reply.compress() ? COMPRESS : 0));
        putString(out, reply.reason(), REASON_BYTES_MAX);
        return end(out);
    }

    private static ByteBuffer begin() {
        return ByteBuffer.allocate(Short.BYTES + BYTES_MAX).putShort((short) 0);
    }

    private static ByteBuffer end(ByteBuffer out) {
        out.putShort(0, (short) (out.position() - Short.BYTES + Integer.BYTES));
        return out.putInt(Frame.crc(out.duplicate().flip())).flip();
    }

    private static void putString(ByteBuffer out, String text, int bytesMax) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, bytesMax);
        out.putShort((short) length).put(bytes, 0, length);
    }

    private static void putAddress(ByteBuffer out, Endpoint endpoint) {
        byte[] address = endpoint.address().getAddress();
        out.put((byte) address.length).put(address).putShort((short) endpoint.port());
    }

    /// Takes one part of the handshake from what has arrived.
    ///
    /// @return what is between length and checksum; null until all of it is there
    /// @throws MessagingFormatException if it is none
    static @Nullable ByteBuffer take(ByteBuf in) {
        if (in.readableBytes() < Short.BYTES) {
            return null;
        }
        int length = in.getUnsignedShort(in.readerIndex());
        if (length < BYTES_MIN || length > BYTES_MAX) {
            throw new MessagingFormatException(
                    "a handshake of %d bytes, must be from %d to %d"
                            .formatted(length, BYTES_MIN, BYTES_MAX));
        }
        if (in.readableBytes() < Short.BYTES + length) {
            return null;
        }
        byte[] bytes = new byte[Short.BYTES + length];
        in.readBytes(bytes);
        int end = bytes.length - Integer.BYTES;
        int expected = ByteBuffer.wrap(bytes).getInt(end);
        int found = Frame.crc(ByteBuffer.wrap(bytes, 0, end));
        if (found != expected) {
            throw new MessagingFormatException(
                    "the checksum of a handshake is 0x%08x, expected 0x%08x"
                            .formatted(found, expected));
        }
        return ByteBuffer.wrap(bytes, Short.BYTES, end - Short.BYTES).slice();
    }

    /// Why there is no version that both sides speak; null if there is one.
    static @Nullable String versionMismatch(ByteBuffer greeting) {
        int oldest = Byte.toUnsignedInt(greeting.get(0));
        int newest = Byte.toUnsignedInt(greeting.get(1));
        return oldest <= VERSION && newest >= OLDEST_VERSION
                ? null
                : "it speaks versions %d to %d of messages, this node %d to %d"
                        .formatted(oldest, newest, OLDEST_VERSION, VERSION);
    }

    /// @throws MessagingFormatException if it is none
    static Greeting greeting(ByteBuffer in) {
        try {
            in.position(2); // the versions
            int lane = Byte.toUnsignedInt(in.get());
            boolean compress = compress(in.get());
            String cluster = string(in);
            Endpoint from = address(in);
            Endpoint to = address(in);
            if (!Lane.exists(lane) || in.hasRemaining()) {
                throw new MessagingFormatException("a handshake that makes no sense");
            }
            return new Greeting(Lane.of(lane), compress, cluster, from, to);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new MessagingFormatException("a handshake that makes no sense");
        }
    }

    /// @throws MessagingFormatException if it is none
    static Reply reply(ByteBuffer in) {
        try {
            int status = Byte.toUnsignedInt(in.get());
            int version = Byte.toUnsignedInt(in.get());
            boolean compress = compress(in.get());
            String reason = string(in);
            if (status >= Status.STATUSES.length) {
                throw new MessagingFormatException(
                        "it is refused with the unknown status %d: %s".formatted(status, reason));
            }
            return new Reply(Status.STATUSES[status], version, compress, reason);
        } catch (BufferUnderflowException e) {
            throw new MessagingFormatException("an answer that makes no sense");
        }
    }

    private static boolean compress(byte flags) {
        return (flags & COMPRESS) != 0;
    }

    private static String string(ByteBuffer in) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        ByteBuffer bytes = in.slice(in.position(), length);
        in.position(in.position() + length);
        return StandardCharsets.UTF_8.decode(bytes).toString();
    }

    private static Endpoint address(ByteBuffer in) {
        byte[] address = new byte[Math.min(Byte.toUnsignedInt(in.get()), in.remaining())];
        in.get(address);
        return Endpoint.of(address, Short.toUnsignedInt(in.getShort()));
    }
}
