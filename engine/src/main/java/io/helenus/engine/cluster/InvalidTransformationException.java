package io.helenus.engine.cluster;

/// A transformation does not fit the state that it was to be applied to. Each node that has this
/// state says the same.
public final class InvalidTransformationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidTransformationException(String message) {
        super(message);
    }

    InvalidTransformationException(String message, Throwable cause) {
        super(message, cause);
    }
}
