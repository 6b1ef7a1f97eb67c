package io.helenus.engine.streaming;

import io.helenus.sstable.model.ByteWriter;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// Writes and reads frames (layout: see the package). Stateless.
final class Frames {
    /// A message.
    ///
    /// @param payload from its position to its limit
    record Frame(int type, ByteBuffer payload) {
        /// @throws StreamException if it is of another type
        Frame require(int expected) throws StreamException {
            if (type != expected) {
                throw new StreamException(
                        "message %d is expected, there is %d".formatted(expected, type));
            }
            return this;
        }
    }

    private Frames() {}

    /// Starts a frame; [#end] finishes it.
    static ByteWriter begin(ByteWriter out, int type) {
        return out.clear().writeInt(0).writeByte(type);
    }

    static ByteWriter end(ByteWriter out) {
        out.setInt(0, out.length() - StreamFormat.HEAD_BYTES);
        return out.writeInt(crc(out.array(), out.length()));
    }

    static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    static void writeString(ByteWriter out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 0xffff) {
            throw new IllegalArgumentException("A string of %d bytes".formatted(bytes.length));
        }
        out.writeShort(bytes.length).writeBytes(bytes);
    }

    static void writeText(ByteWriter out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length).writeBytes(bytes);
    }

    static String string(ByteBuffer in) throws StreamException {
        return text(in, Short.toUnsignedInt(in.getShort()));
    }

    static String text(ByteBuffer in) throws StreamException {
        return text(in, in.getInt());
    }

    private static String text(ByteBuffer in, int length) throws StreamException {
        return new String(bytes(in, length), StandardCharsets.UTF_8);
    }

    static byte[] bytes(ByteBuffer in, int length) throws StreamException {
        if (length < 0 || length > in.remaining()) {
            throw new StreamException(
                    "a part of %d bytes in a message with %d left"
                            .formatted(length, in.remaining()));
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    /// A whole frame, checked.
    ///
    /// @throws IOException if it is damaged
    static Frame of(byte[] frame) throws IOException {
        int end = frame.length - StreamFormat.CHECKSUM_BYTES;
        int expected = ByteWriter.getInt(frame, end);
        int found = crc(frame, end);
        if (found != expected) {
            throw new IOException(
                    "a message was damaged on its way: checksum 0x%08x, expected 0x%08x"
                            .formatted(found, expected));
        }
        return new Frame(
                frame[Integer.BYTES],
                ByteBuffer.wrap(frame, StreamFormat.HEAD_BYTES, end - StreamFormat.HEAD_BYTES));
    }

    static Frame read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > StreamFormat.PAYLOAD_BYTES_MAX) {
            throw new StreamException(
                    "a message of %d bytes, the limit is %d"
                            .formatted(length, StreamFormat.PAYLOAD_BYTES_MAX));
        }
        byte[] frame = new byte[StreamFormat.HEAD_BYTES + length + StreamFormat.CHECKSUM_BYTES];
        ByteBuffer.wrap(frame).putInt(length);
        in.readFully(frame, Integer.BYTES, frame.length - Integer.BYTES);
        return of(frame);
    }

    /// Reads a payload; one that is too short is the sender's mistake.
    interface Reading<T> {
        T from(ByteBuffer payload) throws IOException;
    }

    static <T> T parse(Frame frame, Reading<T> reading) throws IOException {
        try {
            return reading.from(frame.payload());
        } catch (BufferUnderflowException e) {
            throw new StreamException("message %d is too short".formatted(frame.type()));
        }
    }
}
