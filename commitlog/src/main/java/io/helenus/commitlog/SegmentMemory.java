package io.helenus.commitlog;

import java.io.IOException;
import java.nio.file.Path;

/// The bytes of one segment as the log writes them. Appenders call [#put] inside the log's critical
/// section and only on the active segment; the agents call the rest, and close it only after no
/// appender can reach it any more.
abstract sealed class SegmentMemory permits ChannelMemory, ChronicleMemory, ForeignMemory {
    /// Only on Linux does forcing a file promise to write what was changed through a mapping of it.
    static final boolean FORCE_COVERS_MAPPINGS = System.getProperty("os.name").equals("Linux");

    static SegmentMemory open(SegmentKind kind, Path path, int bytes, LogFile file)
            throws IOException {
        return switch (kind) {
            case MAPPED -> new ChronicleMemory(path, bytes);
            case MEMORY_SEGMENT -> new ForeignMemory(path, bytes);
            case CHANNEL -> new ChannelMemory(file);
        };
    }

    abstract void put(int at, byte[] source, int offset, int length);

    /// Makes the pages from `from` to `to` writable without a fault, and leaves what is in them. The
    /// range may be one that appenders write to at this moment.
    abstract void touch(int from, int to);

    /// Hands changed bytes up to `to` to the file, so that forcing the file makes them durable.
    abstract void flush(int to);

    /// Idempotent.
    abstract void close();
}
