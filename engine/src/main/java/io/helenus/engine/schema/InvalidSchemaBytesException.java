package io.helenus.engine.schema;

/// Bytes that should be a transformation or a schema are none, or come from a newer release.
public final class InvalidSchemaBytesException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidSchemaBytesException(String message) {
        super(message);
    }

    InvalidSchemaBytesException(String message, Throwable cause) {
        super(message, cause);
    }
}
