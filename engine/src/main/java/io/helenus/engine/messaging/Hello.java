package io.helenus.engine.messaging;

import java.nio.ByteBuffer;

/// The first bytes on a connection between nodes, which say what it is for, and the answer (layout: see
/// the package). Stateless.
public final class Hello {
    public static final int MAGIC = 0x48454c4e; // HELN
    public static final int VERSION = 1;
    public static final int BYTES = 8;

    public static final int STREAMING = 1;
    public static final int MESSAGES = 2;

    public static final int ACCEPTED = 0;
    public static final int UNKNOWN_VERSION = 1;
    public static final int UNKNOWN_KIND = 2;

    private Hello() {}

    /// What the connecting side sends.
    ///
    /// @param kind what the connection is for
    public static ByteBuffer hello(int kind) {
        return bytes(kind);
    }

    /// What the other side answers.
    public static ByteBuffer answer(int status) {
        return bytes(status);
    }

    private static ByteBuffer bytes(int third) {
        return ByteBuffer.allocate(BYTES)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .put((byte) third)
                .putShort((short) 0)
                .flip();
    }
}
