package io.helenus.commitlog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import net.openhft.chronicle.bytes.MappedBytesStore;
import net.openhft.chronicle.bytes.MappedFile;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.core.io.ReferenceOwner;

/// One Chronicle Bytes mapping over the whole segment. It writes without bounds or liveness checks of
/// the JVM's, so the rule of [SegmentMemory] about closing is what keeps the process alive.
final class ChronicleMemory extends SegmentMemory {
    private static final List<String> OPENED =
            List.of("java.lang", "java.lang.reflect", "java.nio", "java.io", "sun.nio.ch");

    private final ReferenceOwner owner = ReferenceOwner.temporary("commitlog");
    private final MappedFile file;
    private final MappedBytesStore store;
    private boolean closed; // of the closing thread alone

    ChronicleMemory(Path path, int bytes) throws IOException {
        file = MappedFile.ofSingle(path.toFile(), bytes, false);
        file.singleThreadedCheckDisabled(
                true); // made by one agent, closed by whoever closes the log
        store = file.acquireByteStore(owner, 0);
    }

    /// Refuses a JVM that Chronicle Bytes cannot run in, before any of its classes is loaded.
    static void requireFlags() {
        Module ours = ChronicleMemory.class.getModule();
        for (String name : OPENED) {
            if (!Object.class.getModule().isOpen(name, ours)) {
                throw new CommitLogException(
                        "Segment kind MAPPED needs the JVM flags of conf/jvm.options (java.base does"
                                + " not open "
                                + name
                                + "); MEMORY_SEGMENT needs none",
                        null);
            }
        }
    }

    @Override
    void put(int at, byte[] source, int offset, int length) {
        store.write((long) at, source, offset, length);
    }

    @Override
    void touch(int from, int to) {
        for (long at = from; at < to; at += SegmentFormat.PAGE_BYTES) {
            // Writes only a zero over a zero, atomically: an append in the same place is not lost.
            store.compareAndSwapInt(at & -Integer.BYTES, 0, 0);
        }
    }

    @Override
    void flush(int to) {
        if (!FORCE_COVERS_MAPPINGS) {
            store.syncUpTo(to, SyncMode.SYNC);
        }
    }

    @Override
    void close() {
        if (!closed) {
            closed = true;
            store.release(owner);
            store.releaseLast(); // the reference that it was made with; without this it stays
            // mapped
            file.releaseLast();
            BackgroundResourceReleaser.releasePendingResources(); // unmapped when this returns
        }
    }
}
