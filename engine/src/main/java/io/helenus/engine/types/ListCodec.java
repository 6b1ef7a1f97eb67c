package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;

/// Lists and sets: a count, then each element's length and bytes. In keys: the elements'
/// components, then the end byte.
final class ListCodec extends ValueCodec {
    private final ValueCodec element;
    private final String what;
    private final char open;
    private final char close;

    private ListCodec(ValueCodec element, String what, char open, char close) {
        this.element = element;
        this.what = what;
        this.open = open;
        this.close = close;
    }

    static ListCodec list(CqlType element) {
        return new ListCodec(element.codec(), "list", '[', ']');
    }

    static ListCodec set(CqlType element) {
        return new ListCodec(element.codec(), "set", '{', '}');
    }

    @Override
    void validate(byte[] value, int offset, int length) {
        int end = offset + length;
        int count = Elements.checkedCount(value, offset, length, what);
        int at = offset + Integer.BYTES;
        for (int i = 0; i < count; i++) {
            int size = Elements.checkedLength(value, at, end, what);
            at += Integer.BYTES;
            element.validate(value, at, size);
            at += size;
        }
        Elements.checkEnd(at, end, what);
    }

    @Override
    void writePayload(byte[] value, int offset, int length, ByteWriter out) {
        int count = ByteWriter.getInt(value, offset);
        int at = offset + Integer.BYTES;
        for (int i = 0; i < count; i++) {
            int size = ByteWriter.getInt(value, at);
            at += Integer.BYTES;
            element.writeComponent(value, at, size, out);
            at += Math.max(size, 0);
        }
        out.writeByte(END);
    }

    @Override
    int skipPayload(byte[] key, int at, int mask) {
        int i = at;
        while (tag(key, i, mask) != END) {
            i = element.skipComponent(key, i, mask);
        }
        return i + 1;
    }

    @Override
    int readPayload(byte[] key, int at, int mask, ByteWriter out) {
        int countAt = out.length();
        out.writeInt(0);
        int count = 0;
        int i = at;
        while (tag(key, i, mask) != END) {
            i = element.readComponent(key, i, mask, out);
            count++;
        }
        out.setInt(countAt, count);
        return i + 1;
    }

    @Override
    boolean isCanonical(byte[] value, int offset, int length) {
        int count = ByteWriter.getInt(value, offset);
        int at = offset + Integer.BYTES;
        for (int i = 0; i < count; i++) {
            int size = ByteWriter.getInt(value, at);
            at += Integer.BYTES;
            if (size > 0 && !element.isCanonical(value, at, size)) {
                return false;
            }
            at += Math.max(size, 0);
        }
        return true;
    }

    @Override
    void format(StringBuilder out, byte[] value, int offset, int length) {
        out.append(open);
        Elements elements = new Elements().wrapCollection(value, offset, length);
        for (String separator = ""; elements.next(); separator = ", ") {
            out.append(separator);
            elements.format(element, out);
        }
        out.append(close);
    }
}
