package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;

/// Zero bytes and nothing else.
final class EmptyCodec extends ValueCodec {
    @Override
    void validate(byte[] value, int offset, int length) {
        if (length != 0) {
            throw new InvalidValueException("EmptyType only accept empty values");
        }
    }

    @Override
    void writePayload(byte[] value, int offset, int length, ByteWriter out) {
        throw new IllegalArgumentException("The empty type has a value of " + length + " bytes");
    }

    @Override
    int skipPayload(byte[] key, int at, int mask) {
        return at;
    }

    @Override
    int readPayload(byte[] key, int at, int mask, ByteWriter out) {
        return at;
    }

    @Override
    void format(StringBuilder out, byte[] value, int offset, int length) {
        out.append("null");
    }
}
