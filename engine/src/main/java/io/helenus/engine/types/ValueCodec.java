package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;

/// What a type does with the bytes of values and keys. Reached through [CqlType], whose methods
/// document these.
///
/// Payloads are written ascending. A descending column inverts the finished payload, and readers
/// undo that with a mask: 0, or 0xFF for descending.
public abstract class ValueCodec {
    static final int ASCENDING = 0;
    static final int DESCENDING = 0xff;

    /// Ends the components of a collection, tuple or user type: less than any tag.
    static final byte END = 0;

    ValueCodec() {}

    static int mask(boolean descending) {
        return descending ? DESCENDING : ASCENDING;
    }

    abstract void validate(byte[] value, int offset, int length);

    /// As [CqlType#plainWidth].
    int plainWidth() {
        return CqlType.NO_WIDTH;
    }

    /// Writes a value of at least one byte.
    abstract void writePayload(byte[] value, int offset, int length, ByteWriter out);

    abstract int skipPayload(byte[] key, int at, int mask);

    abstract int readPayload(byte[] key, int at, int mask, ByteWriter out);

    boolean isCanonical(byte[] value, int offset, int length) {
        return true;
    }

    abstract void format(StringBuilder out, byte[] value, int offset, int length);

    final void encodeKey(byte[] value, int offset, int length, boolean descending, ByteWriter out) {
        if (length == 0) {
            out.writeByte(descending ? RowKeys.TAG_EMPTY_DESCENDING : RowKeys.TAG_EMPTY);
            return;
        }
        out.writeByte(RowKeys.TAG_VALUE);
        int start = out.length();
        writePayload(value, offset, length, out);
        if (descending) {
            invert(out, start);
        }
    }

    /// Writes a value that is part of another: its tags are inverted with the rest of the payload.
    final void writeComponent(byte[] value, int offset, int length, ByteWriter out) {
        if (length < 0) {
            out.writeByte(RowKeys.TAG_ABSENT);
        } else if (length == 0) {
            out.writeByte(RowKeys.TAG_EMPTY);
        } else {
            out.writeByte(RowKeys.TAG_VALUE);
            writePayload(value, offset, length, out);
        }
    }

    final int skipComponent(byte[] key, int at, int mask) {
        return tag(key, at, mask) == RowKeys.TAG_VALUE ? skipPayload(key, at + 1, mask) : at + 1;
    }

    /// Appends a component as a length of four bytes and a value.
    final int readComponent(byte[] key, int at, int mask, ByteWriter out) {
        int tag = tag(key, at, mask);
        if (tag != RowKeys.TAG_VALUE) {
            out.writeInt(tag == RowKeys.TAG_ABSENT ? -1 : 0);
            return at + 1;
        }
        int lengthAt = out.length();
        out.writeInt(0);
        int end = readPayload(key, at + 1, mask, out);
        out.setInt(lengthAt, out.length() - lengthAt - Integer.BYTES);
        return end;
    }

    static int tag(byte[] key, int at, int mask) {
        return (key[at] ^ mask) & 0xff;
    }

    static void invert(ByteWriter out, int from) {
        byte[] array = out.array();
        for (int i = from; i < out.length(); i++) {
            array[i] = (byte) ~array[i];
        }
    }

    /// Appends `count` bytes of a key, inverted back.
    static void copy(byte[] key, int at, int count, int mask, ByteWriter out) {
        int start = out.length();
        out.writeBytes(key, at, count);
        if (mask != ASCENDING) {
            invert(out, start);
        }
    }
}
