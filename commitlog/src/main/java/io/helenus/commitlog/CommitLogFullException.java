package io.helenus.commitlog;

/// There is no room for this record, and none can be prepared: the cause says why. Nothing was
/// appended. Preparation is tried again every second, so this may heal.
public final class CommitLogFullException extends CommitLogException {
    CommitLogFullException(int recordBytes, Throwable cause) {
        super(
                "No room for a record of %d bytes: %s".formatted(recordBytes, cause.getMessage()),
                cause);
    }
}
