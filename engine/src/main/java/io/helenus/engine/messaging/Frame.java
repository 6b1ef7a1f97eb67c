package io.helenus.engine.messaging;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Messages to frames and back (layout: see the package). Stateless; any thread.
final class Frame {
    static final int LENGTH_AT = 0;
    static final int PLAIN_AT = LENGTH_AT + Integer.BYTES;
    static final int VERB_AT = PLAIN_AT + Integer.BYTES;
    static final int KIND_AT = VERB_AT + Short.BYTES;
    static final int FLAGS_AT = KIND_AT + 1;
    static final int ID_AT = FLAGS_AT + 1;
    static final int EPOCH_AT = ID_AT + Long.BYTES;
    static final int SENT_AT = EPOCH_AT + Long.BYTES;
    static final int LIFE_AT = SENT_AT + Long.BYTES;
    static final int HEADER_CRC_AT = LIFE_AT + Integer.BYTES;
    static final int HEADER_BYTES = HEADER_CRC_AT + Integer.BYTES;

    /// All but the payload.
    static final int BYTES = HEADER_BYTES + Integer.BYTES;

    static final int FLAG_LZ4 = 1;

    private static final Message.Kind[] KINDS = Message.Kind.values();

    private Frame() {}

    /// A header whose checksum is right.
    record Header(
            int length,
            int plainLength,
            int verb,
            Message.Kind kind,
            boolean compressed,
            long id,
            long epoch,
            long sentNanos,
            long lifeNanos) {}

    /// @param compressible whether the other side takes compressed payloads on this lane
    /// @param nowNanos by which the life that is left is told
    static ByteBuf encode(
            ByteBufAllocator allocator, Message message, boolean compressible, long nowNanos) {
        ByteBuffer plain = message.payload();
        int plainLength = plain.remaining();
        ByteBuffer payload = plain;
        int flags = 0;
        if (compressible) {
            ByteBuffer compressed = PayloadCompression.compress(plain.duplicate());
            if (compressed.remaining() < plainLength) {
                payload = compressed;
                flags = FLAG_LZ4;
            }
        }
        long lifeMillis =
                TimeUnit.NANOSECONDS.toMillis(message.deadlineNanos() - nowNanos + 999_999);
        ByteBuf out = allocator.buffer(BYTES + payload.remaining());
        out.writeInt(payload.remaining());
        out.writeInt(plainLength);
        out.writeShort(message.verb().number());
        out.writeByte(message.kind().number());
        out.writeByte(flags);
        out.writeLong(message.id());
        out.writeLong(message.epoch());
        out.writeLong(nowNanos);
        out.writeInt(Math.clamp(lifeMillis, 0, Integer.MAX_VALUE));
        out.writeInt(crc(out.nioBuffer(0, HEADER_CRC_AT)));
        int payloadCrc = crc(payload.duplicate());
        out.writeBytes(payload);
        out.writeInt(payloadCrc);
        return out;
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /// Reads the header at the reader index, which does not move.
    ///
    /// @throws MessagingFormatException if it is none
    static Header header(ByteBuf in, int messageBytesMax) {
        int at = in.readerIndex();
        int expected = in.getInt(at + HEADER_CRC_AT);
        int found = crc(in.nioBuffer(at, HEADER_CRC_AT));
        if (found != expected) {
            throw new MessagingFormatException(
                    "the checksum of a header is 0x%08x, expected 0x%08x"
                            .formatted(found, expected));
        }
        int length = in.getInt(at + LENGTH_AT);
        int plain = in.getInt(at + PLAIN_AT);
        int flags = in.getUnsignedByte(at + FLAGS_AT);
        boolean compressed = flags == FLAG_LZ4;
        if (length < 0 || length > messageBytesMax || plain < 0 || plain > messageBytesMax) {
            throw new MessagingFormatException(
                    "a message of %s bytes (%s before compression), the limit is %d"
                            .formatted(
                                    Integer.toUnsignedString(length),
                                    Integer.toUnsignedString(plain),
                                    messageBytesMax));
        }
        if ((flags & ~FLAG_LZ4) != 0) {
            throw new MessagingFormatException("unknown flags 0x%02x".formatted(flags));
        }
        boolean possible =
                compressed
                        ? length < plain && plain <= (long) length * PayloadCompression.RATIO_MAX
                        : length == plain;
        if (!possible) {
            throw new MessagingFormatException(
                    "a payload of %d bytes cannot be of %d before compression"
                            .formatted(length, plain));
        }
        Message.Kind kind = kind(in.getUnsignedByte(at + KIND_AT));
        long id = in.getLong(at + ID_AT);
        if (kind == null || (kind == Message.Kind.ONE_WAY) != (id == 0)) {
            throw new MessagingFormatException(
                    "kind %d with id %d".formatted(in.getUnsignedByte(at + KIND_AT), id));
        }
        return new Header(
                length,
                plain,
                in.getUnsignedShort(at + VERB_AT),
                kind,
                compressed,
                id,
                in.getLong(at + EPOCH_AT),
                in.getLong(at + SENT_AT),
                TimeUnit.MILLISECONDS.toNanos(in.getUnsignedInt(at + LIFE_AT)));
    }

    private static Message.@Nullable Kind kind(int number) {
        for (Message.Kind kind : KINDS) {
            if (kind.number() == number) {
                return kind;
            }
        }
        return null;
    }

    /// Reads the payload after a header; the reader index moves behind the frame.
    ///
    /// @throws MessagingFormatException if it is damaged
    static ByteBuffer payload(ByteBuf in, Header header) {
        in.skipBytes(HEADER_BYTES);
        byte[] bytes = new byte[header.length()];
        in.readBytes(bytes);
        int expected = in.readInt();
        int found = crc(ByteBuffer.wrap(bytes));
        if (found != expected) {
            throw new MessagingFormatException(
                    "the checksum of a payload of %d bytes is 0x%08x, expected 0x%08x"
                            .formatted(bytes.length, found, expected));
        }
        return header.compressed()
                ? PayloadCompression.decompress(bytes, header.plainLength())
                : ByteBuffer.wrap(bytes);
    }
}
