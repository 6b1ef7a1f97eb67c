package io.helenus.engine.transport;

import io.helenus.engine.error.CqlException;
import io.helenus.sstable.model.ByteWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the protocol's notations from a slice of a byte array, and never beyond it: what a client
/// claims is checked before it is believed. Reused from message to message by its loop.
final class BodyReader {
    private byte[] array = new byte[0];
    private int position;
    private int limit;

    BodyReader wrap(byte[] array, int offset, int length) {
        this.array = array;
        position = offset;
        limit = offset + length;
        return this;
    }

    byte[] array() {
        return array;
    }

    int position() {
        return position;
    }

    int remaining() {
        return limit - position;
    }

    int readByte() {
        need(1, "a byte");
        return array[position++] & 0xff;
    }

    int readShort() {
        need(Short.BYTES, "a short");
        int value = ByteWriter.getUnsignedShort(array, position);
        position += Short.BYTES;
        return value;
    }

    int readInt() {
        need(Integer.BYTES, "an int");
        int value = ByteWriter.getInt(array, position);
        position += Integer.BYTES;
        return value;
    }

    long readLong() {
        need(Long.BYTES, "a long");
        long value = ByteWriter.getLong(array, position);
        position += Long.BYTES;
        return value;
    }

    /// Passes over `length` bytes and returns where they begin.
    int skip(int length, String what) {
        need(length, what);
        int at = position;
        position += length;
        return at;
    }

    String readString() {
        if (remaining() >= Short.BYTES) {
            int length = readShort();
            if (length <= remaining()) {
                return text(length);
            }
        }
        throw CqlException.protocol(
                "Not enough bytes to read an UTF8 serialized string preceded by its 2 bytes length");
    }

    String readLongString() {
        if (remaining() >= Integer.BYTES) {
            int length = readInt();
            if (length >= 0 && length <= remaining()) {
                return text(length);
            }
        }
        throw CqlException.protocol(
                "Not enough bytes to read an UTF8 serialized string preceded by its 4 bytes length");
    }

    /// `[bytes]`: null for a negative length.
    byte @Nullable [] readBytes() {
        int length = readInt();
        if (length < 0) {
            return null;
        }
        return copy(length);
    }

    byte[] readShortBytes() {
        return copy(readShort());
    }

    Map<String, String> readStringMap() {
        int count = readShort();
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String key = readString();
            map.put(key, readString());
        }
        return map;
    }

    /// `[bytes map]`; an entry whose value is null is left out.
    Map<String, byte[]> readBytesMap() {
        int count = readShort();
        Map<String, byte[]> map = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String key = readString();
            byte[] value = readBytes();
            if (value != null) {
                map.put(key, value);
            }
        }
        return map;
    }

    private byte[] copy(int length) {
        int at = skip(length, "a byte array");
        byte[] copy = new byte[length];
        System.arraycopy(array, at, copy, 0, length);
        return copy;
    }

    /// The JDK replaces what is no UTF-8 by U+FFFD; only then the bytes are looked at again.
    private String text(int length) {
        String text = new String(array, position, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) {
            try {
                StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(array, position, length));
            } catch (CharacterCodingException e) {
                throw CqlException.protocol("Cannot decode string as UTF8: " + e.getMessage());
            }
        }
        position += length;
        return text;
    }

    private void need(int bytes, String what) {
        if (bytes < 0 || bytes > limit - position) {
            throw CqlException.protocol(
                    "Not enough bytes to read "
                            + what
                            + ": "
                            + bytes
                            + " needed, "
                            + (limit - position)
                            + " left in the message");
        }
    }
}
