package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;

/// Maps: a count, then each entry's key and value with their lengths. In keys: the components of
/// keys and values in turn, then the end byte.
final class MapCodec extends ValueCodec {
    private static final String WHAT = "map";

    private final ValueCodec key;
    private final ValueCodec value;

    MapCodec(CqlType key, CqlType value) {
        this.key = key.codec();
        this.value = value.codec();
    }

    @Override
    void validate(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int count = Elements.checkedCount(bytes, offset, length, WHAT);
        int at = offset + Integer.BYTES;
        for (int i = 0; i < count; i++) {
            at = validateElement(key, bytes, at, end);
            at = validateElement(value, bytes, at, end);
        }
        Elements.checkEnd(at, end, WHAT);
    }

    private static int validateElement(ValueCodec codec, byte[] bytes, int at, int end) {
        int size = Elements.checkedLength(bytes, at, end, WHAT);
        codec.validate(bytes, at + Integer.BYTES, size);
        return at + Integer.BYTES + size;
    }

    @Override
    void writePayload(byte[] bytes, int offset, int length, ByteWriter out) {
        int count = ByteWriter.getInt(bytes, offset);
        int at = offset + Integer.BYTES;
        for (int i = 0; i < count; i++) {
            at = writeElement(key, bytes, at, out);
            at = writeElement(value, bytes, at, out);
        }
        out.writeByte(END);
    }

    private static int writeElement(ValueCodec codec, byte[] bytes, int at, ByteWriter out) {
        int size = ByteWriter.getInt(bytes, at);
        codec.writeComponent(bytes, at + Integer.BYTES, size, out);
        return at + Integer.BYTES + Math.max(size, 0);
    }

    @Override
    int skipPayload(byte[] bytes, int at, int mask) {
        int i = at;
        while (tag(bytes, i, mask) != END) {
            i = key.skipComponent(bytes, i, mask);
            i = value.skipComponent(bytes, i, mask);
        }
        return i + 1;
    }

    @Override
    int readPayload(byte[] bytes, int at, int mask, ByteWriter out) {
        int countAt = out.length();
        out.writeInt(0);
        int count = 0;
        int i = at;
        while (tag(bytes, i, mask) != END) {
            i = key.readComponent(bytes, i, mask, out);
            i = value.readComponent(bytes, i, mask, out);
            count++;
        }
        out.setInt(countAt, count);
        return i + 1;
    }

    @Override
    boolean isCanonical(byte[] bytes, int offset, int length) {
        int count = ByteWriter.getInt(bytes, offset);
        int at = offset + Integer.BYTES;
        for (int i = 0; i < 2 * count; i++) {
            ValueCodec codec = i % 2 == 0 ? key : value;
            int size = ByteWriter.getInt(bytes, at);
            at += Integer.BYTES;
            if (size > 0 && !codec.isCanonical(bytes, at, size)) {
                return false;
            }
            at += Math.max(size, 0);
        }
        return true;
    }

    @Override
    void format(StringBuilder out, byte[] bytes, int offset, int length) {
        out.append('{');
        Elements elements = new Elements().wrapMap(bytes, offset, length);
        for (String separator = ""; elements.next(); separator = ", ") {
            out.append(separator);
            elements.format(key, out);
            out.append(": ");
            elements.next();
            elements.format(value, out);
        }
        out.append('}');
    }
}
