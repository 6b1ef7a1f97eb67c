package io.helenus.commitlog;

import java.nio.file.Path;

/// Bytes of a segment that had been forced contradict themselves.
public final class CorruptSegmentException extends CommitLogException {
    private final transient Path file;
    private final long offset;

    public CorruptSegmentException(Path file, long offset, String what) {
        super("%s: corrupt at offset %d: %s".formatted(file, offset, what), null);
        this.file = file;
        this.offset = offset;
    }

    public Path file() {
        return file;
    }

    public long offset() {
        return offset;
    }
}
