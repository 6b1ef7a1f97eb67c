package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;

/// Vectors: as many elements as the type says, never null. Elements of a fixed length follow each
/// other, others have a length ([VInts]) before them. In keys: payloads of the former, components
/// of the latter.
final class VectorCodec extends ValueCodec {
    private final CqlType elementType;
    private final ValueCodec element;
    private final int dimension;
    private final int elementLength;

    VectorCodec(CqlType element, int dimension) {
        this.elementType = element;
        this.element = element.codec();
        this.dimension = dimension;
        this.elementLength = element.fixedLength();
    }

    @Override
    void validate(byte[] value, int offset, int length) {
        if (length == 0) {
            throw new InvalidValueException("Invalid empty vector value");
        }
        int end = offset + length;
        int at = offset;
        for (int i = 0; i < dimension; i++) {
            int size = elementLength;
            if (size < 0) {
                size = checkedLength(value, at, end);
                at += VInts.length(value[at]);
            }
            if (size > end - at) {
                throw notEnough();
            }
            element.validate(value, at, size);
            at += size;
        }
        if (at != end) {
            throw new InvalidValueException(
                    "Unexpected %d extraneous bytes after %s value".formatted(end - at, name()));
        }
    }

    private int checkedLength(byte[] value, int at, int end) {
        if (at >= end || VInts.length(value[at]) > end - at) {
            throw notEnough();
        }
        long size = VInts.readUnsigned(value, at);
        if (size < 0 || size > end - at) {
            throw notEnough();
        }
        return (int) size;
    }

    private InvalidValueException notEnough() {
        return new InvalidValueException("Not enough bytes to read a " + name());
    }

    private String name() {
        return VectorType.cqlName(elementType, dimension);
    }

    @Override
    void writePayload(byte[] value, int offset, int length, ByteWriter out) {
        int at = offset;
        for (int i = 0; i < dimension; i++) {
            if (elementLength >= 0) {
                element.writePayload(value, at, elementLength, out);
                at += elementLength;
            } else {
                int size = (int) VInts.readUnsigned(value, at);
                at += VInts.length(value[at]);
                element.writeComponent(value, at, size, out);
                at += size;
            }
        }
    }

    @Override
    int skipPayload(byte[] key, int at, int mask) {
        int i = at;
        for (int n = 0; n < dimension; n++) {
            i =
                    elementLength >= 0
                            ? element.skipPayload(key, i, mask)
                            : element.skipComponent(key, i, mask);
        }
        return i;
    }

    @Override
    int readPayload(byte[] key, int at, int mask, ByteWriter out) {
        int i = at;
        for (int n = 0; n < dimension; n++) {
            i =
                    elementLength >= 0
                            ? element.readPayload(key, i, mask, out)
                            : readElement(key, i, mask, out);
        }
        return i;
    }

    private int readElement(byte[] key, int at, int mask, ByteWriter out) {
        int start = out.length();
        int end = element.readComponent(key, at, mask, out);
        int size = out.length() - start - Integer.BYTES;
        out.setLength(start);
        VInts.writeUnsigned(out, size);
        int valueAt = out.length();
        out.setLength(valueAt + size);
        if (valueAt - start <= Integer.BYTES) {
            System.arraycopy(out.array(), start + Integer.BYTES, out.array(), valueAt, size);
            return end;
        }
        throw new IllegalStateException("A vector's element of " + size + " bytes");
    }

    @Override
    boolean isCanonical(byte[] value, int offset, int length) {
        int at = offset;
        for (int i = 0; i < dimension; i++) {
            int size = elementLength;
            if (size < 0) {
                size = (int) VInts.readUnsigned(value, at);
                at += VInts.length(value[at]);
            }
            if (size > 0 && !element.isCanonical(value, at, size)) {
                return false;
            }
            at += size;
        }
        return true;
    }

    @Override
    void format(StringBuilder out, byte[] value, int offset, int length) {
        out.append('[');
        int at = offset;
        for (int i = 0; i < dimension; i++) {
            int size = elementLength;
            if (size < 0) {
                size = (int) VInts.readUnsigned(value, at);
                at += VInts.length(value[at]);
            }
            out.append(i == 0 ? "" : ", ");
            element.format(out, value, at, size);
            at += size;
        }
        out.append(']');
    }
}
