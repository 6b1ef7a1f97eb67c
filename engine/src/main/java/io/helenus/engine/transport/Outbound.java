package io.helenus.engine.transport;

import io.helenus.sstable.model.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import org.jspecify.annotations.Nullable;

/// What a connection has to say: gathered in one pooled buffer, written and flushed once at the end
/// of a read cycle, or earlier when a chunk is full. With v5 many small envelopes share a segment.
/// Its connection's loop alone uses it. An idle connection holds no buffer.
final class Outbound {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int FIRST_BYTES = 512;

    /// Smaller bodies are not worth compressing.
    private static final int COMPRESSED_BYTES_MIN = 128;

    private static final int NO_SEGMENT = -1;

    private final ChannelHandlerContext context;
    private final LoopState loop;
    private @Nullable ByteBuf buffer;

    /// Where the segment that is being filled begins in the buffer.
    private int segmentAt = NO_SEGMENT;

    private boolean framed;
    private boolean lz4;
    private boolean unflushed;
    private int lastBytes = FIRST_BYTES;
    private long pushedBytes;

    Outbound(ChannelHandlerContext context, LoopState loop) {
        this.context = context;
        this.loop = loop;
    }

    /// From here on bodies (v3, v4) or segments (v5) are compressed.
    void compress() {
        lz4 = true;
    }

    /// From here on envelopes travel in segments (v5).
    void frame() {
        framed = true;
    }

    /// Appends one envelope; its body is `prefix` and then the first `length` bytes of `body`.
    void send(
            int version,
            int flags,
            int stream,
            int opcode,
            ByteWriter prefix,
            byte[] body,
            int length) {
        int total = Math.addExact(prefix.length(), length);
        long header =
                (long) (version | Protocol.RESPONSE) << 56
                        | (long) flags << 48
                        | (stream & 0xffffL) << 32
                        | (long) opcode << 24;
        if (framed) {
            sendInSegment(header, total, prefix, body, length);
            return;
        }
        if (lz4
                && total >= COMPRESSED_BYTES_MIN
                && sendCompressed(header, total, prefix, body, length)) {
            return;
        }
        ByteBuf out = room(Protocol.HEADER_BYTES + total);
        writeHeader(out, header, total);
        writeBody(out, prefix, body, length);
    }

    private boolean sendCompressed(
            long header, int total, ByteWriter prefix, byte[] body, int length) {
        byte[] from = body;
        if (prefix.length() > 0) {
            from = loop.plainScratch(total);
            System.arraycopy(prefix.array(), 0, from, 0, prefix.length());
            System.arraycopy(body, 0, from, prefix.length(), length);
        }
        byte[] to = loop.packedScratch(Lz4.compressedBytesMax(total));
        int packed = Lz4.compress(from, 0, total, to, 0);
        int bytes = Integer.BYTES + packed;
        if (bytes >= total) {
            return false;
        }
        ByteBuf out = room(Protocol.HEADER_BYTES + bytes);
        writeHeader(out, header | (long) Protocol.FLAG_COMPRESSED << 48, bytes);
        out.writeInt(total);
        out.writeBytes(to, 0, packed);
        return true;
    }

    private void sendInSegment(long header, int total, ByteWriter prefix, byte[] body, int length) {
        long envelopeBytes = (long) Protocol.HEADER_BYTES + total;
        if (envelopeBytes > Segments.PAYLOAD_BYTES_MAX) {
            sendInManySegments(header, total, prefix, body, length);
            return;
        }
        int headerBytes = Segments.headerBytes(lz4);
        int bytes = headerBytes + (int) envelopeBytes + Segments.TRAILER_BYTES;
        ByteBuf out = room(bytes); // may write out what was gathered, and then no segment is open
        if (segmentAt == NO_SEGMENT) {
            segmentAt = out.writerIndex();
            out.writerIndex(segmentAt + headerBytes);
        }
        writeHeader(out, header, total);
        writeBody(out, prefix, body, length);
    }

    /// An envelope larger than a segment: its parts fill segments of their own.
    private void sendInManySegments(
            long header, int total, ByteWriter prefix, byte[] body, int length) {
        push();
        int segments = total / Segments.PAYLOAD_BYTES_MAX + 2;
        int around = Segments.LZ4_HEADER_BYTES + Segments.TRAILER_BYTES;
        ByteBuf out = room(Math.addExact(Protocol.HEADER_BYTES + segments * around, total));
        byte[] first = new byte[Protocol.HEADER_BYTES];
        ByteWriter head = loop.header.clear();
        head.writeLong(header | total >>> 8).writeByte(total);
        System.arraycopy(head.array(), 0, first, 0, first.length);
        openSegment(out);
        fill(out, first, first.length);
        fill(out, prefix.array(), prefix.length());
        fill(out, body, length);
        closeSegment(out, false);
        push();
    }

    private void openSegment(ByteBuf out) {
        segmentAt = out.writerIndex();
        out.ensureWritable(Segments.headerBytes(lz4));
        out.writerIndex(segmentAt + Segments.headerBytes(lz4));
    }

    private void fill(ByteBuf out, byte[] from, int length) {
        int done = 0;
        while (done < length) {
            int filled = out.writerIndex() - segmentAt - Segments.headerBytes(lz4);
            int count = Math.min(length - done, Segments.PAYLOAD_BYTES_MAX - filled);
            if (count == 0) {
                closeSegment(out, false);
                openSegment(out);
                continue;
            }
            out.writeBytes(from, done, count);
            done += count;
        }
    }

    private void closeSegment(ByteBuf out, boolean selfContained) {
        int at = segmentAt;
        segmentAt = NO_SEGMENT;
        int payloadAt = at + Segments.headerBytes(lz4);
        int plain = out.writerIndex() - payloadAt;
        int crc;
        if (!lz4) {
            crc = Segments.crc32(loop.crc, out.internalNioBuffer(payloadAt, plain));
            long header = Segments.header(plain, 0, selfContained, false);
            out.setIntLE(at, (int) header);
            out.setShortLE(at + Integer.BYTES, (int) (header >>> 32));
        } else {
            byte[] from = loop.plainScratch(plain);
            out.getBytes(payloadAt, from, 0, plain);
            byte[] to = loop.packedScratch(Lz4.compressedBytesMax(plain));
            int packed = Lz4.compress(from, 0, plain, to, 0);
            boolean smaller = packed < plain;
            if (smaller) {
                out.writerIndex(payloadAt);
                out.writeBytes(to, 0, packed);
                crc = Segments.crc32(loop.crc, to, 0, packed);
                out.setLongLE(at, Segments.header(packed, plain, selfContained, true));
            } else {
                crc = Segments.crc32(loop.crc, from, 0, plain);
                out.setLongLE(at, Segments.header(plain, 0, selfContained, true));
            }
        }
        out.writeIntLE(crc);
    }

    /// The 8-byte header and the body in which v1 and v2 clients read an error.
    void sendAncient(int version, byte[] body, int length) {
        ByteBuf out = room(Protocol.HEADER_BYTES + length);
        out.writeByte(version | Protocol.RESPONSE);
        out.writeByte(0); // flags
        out.writeByte(0); // stream
        out.writeByte(Protocol.ERROR);
        out.writeInt(length);
        out.writeBytes(body, 0, length);
    }

    private static void writeHeader(ByteBuf out, long header, int length) {
        out.writeLong(header | length >>> 8);
        out.writeByte(length);
    }

    private static void writeBody(ByteBuf out, ByteWriter prefix, byte[] body, int length) {
        if (prefix.length() > 0) {
            out.writeBytes(prefix.array(), 0, prefix.length());
        }
        out.writeBytes(body, 0, length);
    }

    /// A buffer with room for `bytes` more; what was gathered goes out first if the chunk is full.
    private ByteBuf room(int bytes) {
        ByteBuf out = buffer;
        if (out != null) {
            if (out.readableBytes() + (long) bytes <= CHUNK_BYTES) {
                out.ensureWritable(bytes);
                return out;
            }
            push();
            flush();
        }
        out = context.alloc().directBuffer(Math.max(bytes, lastBytes));
        buffer = out;
        return out;
    }

    private void push() {
        ByteBuf out = buffer;
        if (out == null) {
            return;
        }
        if (segmentAt != NO_SEGMENT) {
            closeSegment(out, true);
        }
        buffer = null;
        int bytes = out.readableBytes();
        lastBytes = Math.clamp(bytes, FIRST_BYTES, CHUNK_BYTES);
        loop.counters.sentBytes(bytes);
        pushedBytes += bytes;
        unflushed = true;
        if (bytes > ResultMemory.PAGE_BYTES_MIN) {
            ResultMemory results = loop.shared.results;
            results.add(bytes);
            var _ = context.write(out).addListener(_ -> results.remove(bytes));
        } else {
            var _ = context.write(out, context.voidPromise());
        }
    }

    /// Grows when the socket takes something.
    long takenBytes() {
        ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
        return pushedBytes - (waiting == null ? 0 : waiting.totalPendingWriteBytes());
    }

    /// Hands everything to the socket.
    void flush() {
        push();
        if (unflushed) {
            unflushed = false;
            context.flush();
        }
    }

    /// Hands everything to the socket; the future ends when it was taken.
    ChannelFuture flushAll() {
        push();
        unflushed = false;
        return context.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    void release() {
        ByteBuf out = buffer;
        if (out != null) {
            buffer = null;
            segmentAt = NO_SEGMENT;
            out.release();
        }
    }
}
