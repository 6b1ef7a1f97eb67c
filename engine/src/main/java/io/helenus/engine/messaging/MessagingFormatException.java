package io.helenus.engine.messaging;

/// Bytes of another node make no sense. The connection is closed.
final class MessagingFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MessagingFormatException(String what) {
        super(what);
    }
}
