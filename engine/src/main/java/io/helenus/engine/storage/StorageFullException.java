package io.helenus.engine.storage;

/// The memory for writes is used up, and flushing does not free it because it fails: nothing was written.
public final class StorageFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StorageFullException(Exception flushFailure) {
        super(
                "Memtables are full, and flushing them fails: " + flushFailure.getMessage(),
                flushFailure);
    }
}
