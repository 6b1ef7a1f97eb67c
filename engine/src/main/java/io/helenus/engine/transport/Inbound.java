package io.helenus.engine.transport;

import io.helenus.engine.error.CqlException;
import io.helenus.sstable.model.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts a connection's bytes into envelopes (v3, v4, and before STARTUP) or segments of envelopes (v5)
/// and hands each envelope, whole and in place, to the dispatcher.
///
/// What one read brought is copied once, in bulk, to the loop's array and taken from there. Only what
/// is not whole yet is kept, in a pooled heap buffer that grows as bytes arrive, never by what a
/// length claims; with nothing pending a connection keeps no buffer. Belongs to the connection's loop.
final class Inbound {
    /// Up to this many bytes held are not counted against the node's budget.
    private static final int SMALL_BYTES = 64 << 10;

    private static final int FIRST_BYTES = 256;

    private final Connection client;
    private final LoopState loop;

    /// Bytes of the stream that are not whole yet, or that came while reading is stopped.
    private @Nullable ByteBuf pending;

    /// v5: envelopes of a segment that is already checked, left when reading stopped within it.
    private @Nullable ByteBuf stash;

    /// v5: the beginning of an envelope that comes in many segments, with its header.
    private @Nullable ByteBuf large;

    /// v5: bytes such an envelope has still to come; 0 when none is arriving.
    private long largeMissing;

    /// v5: it was refused, its bytes are not kept.
    private boolean largeRefused;

    /// v3, v4: bytes of a refused envelope that are still to come.
    private long skipping;

    /// Of the three buffers, counted in the node's budget.
    private long heldBytes;

    Inbound(Connection client, LoopState loop) {
        this.client = client;
        this.loop = loop;
    }

    /// Takes all of `in`; its owner releases it.
    void read(ByteBuf in) {
        ByteBufAllocator allocator = client.allocator();
        int length = in.readableBytes();
        if (pending != null || client.stopped()) {
            pending = append(pending, in, allocator);
            takePending();
        } else {
            byte[] array = loop.input(length);
            in.readBytes(array, 0, length);
            int used = take(array, 0, length);
            if (used < length && !client.closed()) {
                pending = append(null, array, used, length - used, allocator);
            }
        }
        settle();
    }

    /// Goes on with what came while reading was stopped.
    void resume() {
        ByteBuf rest = stash;
        if (rest != null) {
            stash = null;
            try {
                int from = rest.arrayOffset() + rest.readerIndex();
                loop.busy = true;
                int used = takeEnvelopes(rest.array(), from, from + rest.readableBytes());
                rest.skipBytes(used);
            } catch (FramingException e) {
                client.fail(e);
            } finally {
                loop.busy = false;
                if (rest.isReadable() && !client.closed()) {
                    stash = rest;
                } else {
                    rest.release();
                }
            }
        }
        takePending();
        settle();
    }

    private void takePending() {
        ByteBuf bytes = pending;
        if (bytes == null || client.stopped()) {
            return;
        }
        int from = bytes.arrayOffset() + bytes.readerIndex();
        int used = take(bytes.array(), from, from + bytes.readableBytes());
        if (pending == null) {
            return; // the connection failed meanwhile and released it
        }
        bytes.skipBytes(used);
        if (!bytes.isReadable()) {
            bytes.release();
            pending = null;
        } else if (used > 0) {
            bytes.discardReadBytes();
            if (bytes.capacity() > SMALL_BYTES && bytes.readableBytes() < SMALL_BYTES / 2) {
                bytes.capacity(bytes.readableBytes());
            }
        }
    }

    /// Takes whole units from `[from, to)` and returns how many bytes that was.
    private int take(byte[] array, int from, int to) {
        int at = from;
        loop.busy = true;
        try {
            while (at < to && !client.stopped()) {
                int used;
                if (skipping > 0) {
                    used = (int) Math.min(skipping, to - at);
                    skipping -= used;
                } else if (client.framed()) {
                    used = takeSegment(array, at, to);
                } else {
                    used = takeEnvelope(array, at, to);
                }
                if (used == 0) {
                    break;
                }
                at += used;
            }
        } catch (FramingException e) {
            client.fail(e);
        } finally {
            loop.busy = false;
        }
        return at - from;
    }

    private int takeEnvelope(byte[] array, int at, int to) {
        int version = array[at] & Protocol.VERSION_MASK;
        if (version < Protocol.V3 || version > Protocol.V5) { // known before the header is whole
            client.failVersion(version);
            return 0;
        }
        if (to - at < Protocol.HEADER_BYTES) {
            return 0;
        }
        int length = bodyLength(array, at);
        long total = (long) Protocol.HEADER_BYTES + length;
        if (total > loop.shared.options.frameBytesMax()) {
            refuse(array, at, tooBig(total));
            skipping = length;
            return Protocol.HEADER_BYTES;
        }
        if (to - at < total) {
            return 0;
        }
        loop.dispatcher.dispatch(client, array, at, length);
        return (int) total;
    }

    private static int bodyLength(byte[] array, int at) {
        int length = ByteWriter.getInt(array, at + Protocol.LENGTH_AT);
        if (length < 0) {
            throw new FramingException(
                    "Invalid value for envelope header body length field: " + length);
        }
        return length;
    }

    private int takeSegment(byte[] array, int at, int to) {
        boolean lz4 = client.compresses();
        int headerBytes = Segments.headerBytes(lz4);
        if (to - at < headerBytes) {
            return 0;
        }
        long header = Segments.readHeader(array, at, lz4);
        if (header < 0) {
            throw new FramingException("unrecoverable CRC mismatch detected in frame header");
        }
        int payload = Segments.payloadBytes(header);
        int total = headerBytes + payload + Segments.TRAILER_BYTES;
        if (to - at < total) {
            return 0;
        }
        int payloadAt = at + headerBytes;
        int read = Segments.readLittleEndian(array, payloadAt + payload);
        int computed = Segments.crc32(loop.crc, array, payloadAt, payload);
        if (read != computed) {
            throw new FramingException(
                    "unrecoverable CRC mismatch detected in frame body. Read %d, Computed %d"
                            .formatted(read, computed));
        }
        int plain = lz4 ? Segments.plainBytes(header) : 0;
        boolean selfContained = Segments.selfContained(header, lz4);
        if (plain == 0) {
            takePayload(array, payloadAt, payload, selfContained);
        } else {
            byte[] to2 = unpack(array, payloadAt, payload, plain);
            takePayload(to2, 0, plain, selfContained);
        }
        return total;
    }

    private byte[] unpack(byte[] array, int at, int length, int plain) {
        byte[] to = loop.unpackedScratch(plain);
        try {
            Lz4.decompress(array, at, length, to, plain);
        } catch (CqlException e) {
            throw new FramingException("frame cannot be decompressed: " + e.getMessage());
        }
        return to;
    }

    private void takePayload(byte[] array, int at, int length, boolean selfContained) {
        if (!selfContained) {
            takePart(array, at, length);
            return;
        }
        int used = takeEnvelopes(array, at, at + length);
        if (used < length && !client.closed()) { // reading stopped
            stash = append(stash, array, at + used, length - used, client.allocator());
        }
    }

    /// Whole envelopes of a segment's payload: anything cut off is the client's mistake.
    private int takeEnvelopes(byte[] array, int from, int to) {
        int at = from;
        while (at < to && !client.stopped()) {
            if (to - at < Protocol.HEADER_BYTES) {
                throw new FramingException(
                        "a self-contained frame ends within an envelope's header");
            }
            int length = bodyLength(array, at);
            if (length > to - at - Protocol.HEADER_BYTES) {
                throw new FramingException(
                        "a self-contained frame ends within an envelope of %d bytes"
                                .formatted(length));
            }
            loop.dispatcher.dispatch(client, array, at, length);
            at += Protocol.HEADER_BYTES + length;
        }
        return at - from;
    }

    /// A part of an envelope that comes in many segments.
    private void takePart(byte[] array, int at, int length) {
        if (largeMissing == 0) {
            beginLarge(array, at, length);
        }
        if (length > largeMissing) {
            throw new FramingException(
                    "a frame has %d bytes of an envelope that lacks %d"
                            .formatted(length, largeMissing));
        }
        largeMissing -= length;
        if (!largeRefused) {
            large = append(large, array, at, length, client.allocator());
        }
        ByteBuf whole = large;
        if (largeMissing == 0 && whole != null) {
            large = null;
            try {
                int from = whole.arrayOffset() + whole.readerIndex();
                int bytes = whole.readableBytes() - Protocol.HEADER_BYTES;
                loop.dispatcher.dispatch(client, whole.array(), from, bytes);
            } finally {
                whole.release();
            }
        }
    }

    private void beginLarge(byte[] array, int at, int length) {
        if (length < Protocol.HEADER_BYTES) {
            throw new FramingException(
                    "the first frame of an envelope has %d bytes, less than its header"
                            .formatted(length));
        }
        largeMissing = (long) Protocol.HEADER_BYTES + bodyLength(array, at);
        largeRefused = largeMissing > loop.shared.options.frameBytesMax();
        if (largeRefused) {
            refuse(array, at, tooBig(largeMissing));
        }
    }

    private CqlException tooBig(long total) {
        return CqlException.invalid(
                "Request is too big: length %d exceeds maximum allowed length %d."
                        .formatted(total, loop.shared.options.frameBytesMax()));
    }

    private void refuse(byte[] array, int at, CqlException error) {
        int version = array[at] & Protocol.VERSION_MASK;
        int stream = (short) ByteWriter.getUnsignedShort(array, at + Protocol.STREAM_AT);
        int known = client.version() == 0 ? version : client.version();
        loop.dispatcher.sendError(client, known, stream, error, List.of());
    }

    /// Counts what is held, and sheds a large request that the node has no room for: waiting for room
    /// could mean that many half received requests wait for each other for ever.
    private void settle() {
        count();
        if (heldBytes == 0
                || client.stopped()
                || loop.shared.inFlightBytes.get() <= loop.shared.options.inFlightBytesMax()) {
            return;
        }
        ByteBuf begun = large;
        ByteBuf rest = pending;
        if (begun != null) {
            int from = begun.arrayOffset() + begun.readerIndex();
            refuse(begun.array(), from, Dispatcher.overloaded());
            begun.release();
            large = null;
            largeRefused = true;
        } else if (rest != null
                && !client.framed()
                && rest.readableBytes() >= Protocol.HEADER_BYTES) {
            int from = rest.arrayOffset() + rest.readerIndex();
            refuse(rest.array(), from, Dispatcher.overloaded());
            long total = (long) Protocol.HEADER_BYTES + bodyLength(rest.array(), from);
            skipping = total - rest.readableBytes();
            rest.release();
            pending = null;
        }
        count();
    }

    private void count() {
        long held = counted(pending);
        held += counted(stash);
        held += counted(large);
        if (held != heldBytes) {
            loop.shared.inFlightBytes.addAndGet(held - heldBytes);
            heldBytes = held;
        }
    }

    private static int counted(@Nullable ByteBuf buffer) {
        return buffer == null || buffer.readableBytes() <= SMALL_BYTES ? 0 : buffer.readableBytes();
    }

    private static ByteBuf append(@Nullable ByteBuf to, ByteBuf from, ByteBufAllocator allocator) {
        ByteBuf buffer = grow(to, from.readableBytes(), allocator);
        buffer.writeBytes(from);
        return buffer;
    }

    private static ByteBuf append(
            @Nullable ByteBuf to, byte[] from, int at, int length, ByteBufAllocator allocator) {
        ByteBuf buffer = grow(to, length, allocator);
        buffer.writeBytes(from, at, length);
        return buffer;
    }

    /// Doubles what has arrived, at most.
    private static ByteBuf grow(@Nullable ByteBuf to, int bytes, ByteBufAllocator allocator) {
        if (to == null) {
            return allocator.heapBuffer(Math.max(bytes, FIRST_BYTES));
        }
        if (to.writableBytes() < bytes) {
            int needed = Math.addExact(to.writerIndex(), bytes);
            to.capacity((int) Math.min(Math.max(needed, 2L * to.capacity()), to.maxCapacity()));
        }
        return to;
    }

    /// Lets go of everything; idempotent.
    void release() {
        pending = released(pending);
        stash = released(stash);
        large = released(large);
        count();
    }

    private static @Nullable ByteBuf released(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
        return null;
    }
}
