package io.helenus.commitlog;

/// A record must fit into half a segment.
public final class RecordTooLargeException extends CommitLogException {
    RecordTooLargeException(long bytes, int bytesMax) {
        super(
                "Commit log record is %d bytes, limit is %d (half a segment)"
                        .formatted(bytes, bytesMax),
                null);
    }
}
