package io.helenus.sstable.file;

import java.nio.file.Path;

/// Bytes on disk contradict themselves. Only reads that need these bytes fail.
public final class CorruptSSTableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Path file;
    private final long offset;

    public CorruptSSTableException(Path file, long offset, String what) {
        super("%s: corrupt at offset %d: %s".formatted(file, offset, what));
        this.file = file;
        this.offset = offset;
    }

    public CorruptSSTableException(
            Path file, long offset, String what, long actual, long expected) {
        this(file, offset, "%s is %d, expected %d".formatted(what, actual, expected));
    }

    static CorruptSSTableException checksum(Path file, long offset, int actual, int expected) {
        return new CorruptSSTableException(
                file, offset, "checksum is 0x%08x, expected 0x%08x".formatted(actual, expected));
    }

    public Path file() {
        return file;
    }

    /// Where the damaged block or section begins.
    public long offset() {
        return offset;
    }
}
