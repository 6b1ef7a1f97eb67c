package io.helenus.sstable.file;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/// Where one thread's reads of single blocks put what the disk gives, before it is checked and unpacked.
/// Cursors and points of one thread may share one: it holds nothing between two calls.
public final class ReadBuffer {
    private static final int BYTES_MIN = 16 << 10;

    /// One that grew for a large block is not kept.
    private static final int BYTES_KEPT_MAX = 128 << 10;

    private ByteBuffer buffer = ByteBuffer.allocate(0);

    /// For calls of the operating system.
    private MemorySegment memory = MemorySegment.NULL;

    /// Empty, with room for exactly so many bytes.
    ByteBuffer room(int bytes) {
        if (buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocate(Math.max(bytes + bytes / 4, BYTES_MIN));
        }
        return buffer.clear().limit(bytes);
    }

    byte[] array() {
        return buffer.array();
    }

    /// Reads what the system has in memory into [#array].
    ///
    /// @return whether it has all of it
    boolean readNow(int descriptor, int bytes, long position) {
        if (memory.byteSize() < PageCache.VECTOR_BYTES + bytes) {
            long size = PageCache.VECTOR_BYTES + (long) Math.max(bytes + bytes / 4, BYTES_MIN);
            memory = Arena.ofAuto().allocate(size, Long.BYTES);
        }
        if (!PageCache.read(descriptor, memory, bytes, position)) {
            return false;
        }
        ByteBuffer _ = room(bytes);
        MemorySegment.copy(
                memory, ValueLayout.JAVA_BYTE, PageCache.VECTOR_BYTES, array(), 0, bytes);
        return true;
    }

    void trim() {
        if (buffer.capacity() > BYTES_KEPT_MAX) {
            buffer = ByteBuffer.allocate(0);
        }
        if (memory.byteSize() > BYTES_KEPT_MAX) {
            memory = MemorySegment.NULL;
        }
    }
}
