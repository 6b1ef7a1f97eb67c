package io.helenus.engine.metadata;

/// The metadata log cannot be written. Nothing was changed; nothing can be until a restart.
public final class MetadataLogException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MetadataLogException(String message, Throwable cause) {
        super(message, cause);
    }
}
