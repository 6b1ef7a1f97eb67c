package io.helenus.engine.storage.mutation;

/// Bytes that are no mutation, or one of a version that this program does not know.
public final class MutationFormatException extends RuntimeException {
    private static final long serialVersionUID = 1;

    MutationFormatException(String message) {
        super(message);
    }
}
