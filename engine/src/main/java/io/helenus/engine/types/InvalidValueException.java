package io.helenus.engine.types;

/// A value's bytes or a literal's text do not belong to the type. The client gets the message with
/// the protocol's "invalid" code.
public final class InvalidValueException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidValueException(String message) {
        super(message);
    }

    public InvalidValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
