package io.helenus.commitlog;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A mapping by `java.lang.foreign`. A use after [#close] is an exception, not a crash.
final class ForeignMemory extends SegmentMemory {
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final Arena arena;
    private final MemorySegment segment;
    private boolean closed; // of the closing thread alone

    ForeignMemory(Path path, int bytes) throws IOException {
        arena = Arena.ofShared();
        try (FileChannel channel =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            segment = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes, arena);
        } catch (IOException | RuntimeException e) {
            arena.close();
            throw e;
        }
    }

    @Override
    void put(int at, byte[] source, int offset, int length) {
        MemorySegment.copy(source, offset, segment, ValueLayout.JAVA_BYTE, at, length);
    }

    @Override
    void touch(int from, int to) {
        for (long at = from; at < to; at += SegmentFormat.PAGE_BYTES) {
            // Writes only a zero over a zero, atomically: an append in the same place is not lost.
            INT.compareAndSet(segment, at & -Integer.BYTES, 0, 0);
        }
    }

    @Override
    void flush(int to) {
        if (!FORCE_COVERS_MAPPINGS) {
            segment.asSlice(0, to).force();
        }
    }

    @Override
    void close() {
        if (!closed) {
            closed = true;
            arena.close();
        }
    }
}
