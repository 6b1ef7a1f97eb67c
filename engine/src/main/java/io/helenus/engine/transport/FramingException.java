package io.helenus.engine.transport;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;

/// The byte stream can no longer be cut into messages: the client is told, and the connection ends.
final class FramingException extends CqlException {
    private static final long serialVersionUID = 1;

    FramingException(String message) {
        super(ErrorCode.PROTOCOL_ERROR, message);
    }
}
