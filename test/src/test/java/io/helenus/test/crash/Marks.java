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
/// | at           | field     | meaning                                            |
/// |-------------:|-----------|----------------------------------------------------|
/// |            0 | port      | of the child's server once it serves; before, 0    |
/// |            4 | stopped   | 1 if a thread of the child stands where it was told |
/// | 8 + 4 · phase| depth     | operations of that [Phase] which are under way     |
/// |          256 | admin     | port for administration, before the other one      |
final class Marks implements AutoCloseable {
    private static final int BYTES = 4096;
    private static final long PORT_AT = 0;
    private static final long STOPPED_AT = 4;
    private static final long DEPTHS_AT = 8;
    private static final long ADMIN_PORT_AT = 256;
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

    int port() {
        return (int) INT.getVolatile(memory, PORT_AT);
    }

    void port(int port) {
        INT.setVolatile(memory, PORT_AT, port);
    }

    int adminPort() {
        return (int) INT.getVolatile(memory, ADMIN_PORT_AT);
    }

    void adminPort(int port) {
        INT.setVolatile(memory, ADMIN_PORT_AT, port);
    }

    boolean stopped() {
        return (int) INT.getVolatile(memory, STOPPED_AT) != 0;
    }

    void stop() {
        INT.setVolatile(memory, STOPPED_AT, 1);
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
        return DEPTHS_AT + (long) Integer.BYTES * phase.ordinal();
    }

    @Override
    public void close() {
        arena.close();
    }
}
