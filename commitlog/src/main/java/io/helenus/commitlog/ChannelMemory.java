package io.helenus.commitlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/// Writes through to the file. Nothing is kept in memory, so there is nothing to touch or to flush.
final class ChannelMemory extends SegmentMemory {
    private final LogFile file;

    ChannelMemory(LogFile file) {
        this.file = file;
    }

    @Override
    void put(int at, byte[] source, int offset, int length) {
        try {
            file.write(ByteBuffer.wrap(source, offset, length), at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    void touch(int from, int to) {
        // Writing does not fault.
    }

    @Override
    void flush(int to) {
        // Already in the file.
    }

    @Override
    void close() {
        // The file belongs to the segment.
    }
}
