package io.helenus.engine.types;

import io.helenus.sstable.model.ByteWriter;

/// Values of one width whose order is that of their bytes, or of a two's complement number.
abstract class FixedCodec extends ValueCodec {
    private static final int SIGN = 0x80;

    private final int width;
    private final int flip;
    private final boolean emptyAllowed;
    private final String message;

    /// @param message what is wrong with a value of another width; ends before the width in brackets
    FixedCodec(int width, boolean signed, boolean emptyAllowed, String message) {
        this.width = width;
        this.flip = signed ? SIGN : 0;
        this.emptyAllowed = emptyAllowed;
        this.message = message;
    }

    @Override
    void validate(byte[] value, int offset, int length) {
        if (length != width && !(length == 0 && emptyAllowed)) {
            throw new InvalidValueException(message + " (" + length + ")");
        }
    }

    @Override
    int plainWidth() {
        return width;
    }

    @Override
    void writePayload(byte[] value, int offset, int length, ByteWriter out) {
        int start = out.length();
        out.writeBytes(value, offset, width);
        out.setByte(start, value[offset] ^ flip);
    }

    @Override
    int skipPayload(byte[] key, int at, int mask) {
        return at + width;
    }

    @Override
    int readPayload(byte[] key, int at, int mask, ByteWriter out) {
        int start = out.length();
        copy(key, at, width, mask, out);
        out.setByte(start, out.array()[start] ^ flip);
        return at + width;
    }
}
