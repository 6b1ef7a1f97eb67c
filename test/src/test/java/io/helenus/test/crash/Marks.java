package io.helenus.test.crash;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file that both processes map, of 32-bit integers. What the child stores is there after its death.
///
/// | at        | field | meaning                                        |
/// |----------:|-------|------------------------------------------------|
/// | 4 · phase | depth | operations of that [Phase] which are under way |
final class Marks implements AutoCloseable {
    private static final int BYTES = 4096;
    private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;

    Marks(Path file) throws IOException {
        try (FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            memory = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, arena);
        }
    }

    void enter(Phase phase) {
        int _ = (int) INT.getAndAdd(memory, at(phase), 1);
    }

    void leave(Phase phase) {
        int _ = (int) INT.getAndAdd(memory, at(phase), -1);
    }

    boolean within(Phase phase) {
        return (int) INT.getVolatile(memory, at(phase)) > 0;
    }

    private static long at(Phase phase) {
        return (long) Integer.BYTES * phase.ordinal();
    }

    @Override
    public void close() {
        arena.close();
    }
}
