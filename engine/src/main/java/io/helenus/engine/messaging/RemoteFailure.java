package io.helenus.engine.messaging;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The payload of a FAILURE.
///
/// | field | bytes | meaning                                                                     |
/// |-------|------:|-----------------------------------------------------------------------------|
/// | code  |     2 | 1 the handler failed, 2 unknown verb, 3 overloaded, from 256 the verb's own |
/// | text  |   ... | UTF-8 to the end, at most 4 KiB                                             |
record RemoteFailure(int code, String text) {
    static final int FAILED = 1;
    static final int UNKNOWN_VERB = 2;
    static final int OVERLOADED = 3;
    static final int OWN_MIN = 256;
    static final int CODE_MAX = 0xffff;
    private static final int TEXT_BYTES_MAX = 4096;

    ByteBuffer encode() {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(bytes.length, TEXT_BYTES_MAX);
        return ByteBuffer.allocate(Short.BYTES + length)
                .putShort((short) code)
                .put(bytes, 0, length)
                .flip();
    }

    /// One that is cut short is a failure without a reason.
    static RemoteFailure decode(ByteBuffer payload) {
        if (payload.remaining() < Short.BYTES) {
            return new RemoteFailure(FAILED, "no reason is given");
        }
        int code = Short.toUnsignedInt(payload.getShort());
        return new RemoteFailure(code, StandardCharsets.UTF_8.decode(payload).toString());
    }

    RequestFailure toRequestFailure() {
        return switch (code) {
            case UNKNOWN_VERB -> new RequestFailure(RequestFailure.Reason.UNKNOWN_VERB, 0, text);
            case OVERLOADED -> new RequestFailure(RequestFailure.Reason.REMOTE_OVERLOADED, 0, text);
            default -> new RequestFailure(RequestFailure.Reason.REMOTE, code, text);
        };
    }
}
