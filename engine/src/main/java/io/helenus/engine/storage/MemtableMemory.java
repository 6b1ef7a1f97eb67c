package io.helenus.engine.storage;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The memtables' share of a node's memory. Asks for flushes when half of it is used by memtables that
/// are not being flushed, and says no more writes, please, when all of it is used. Any thread.
final class MemtableMemory {
    private final long bytesMax;
    private final StorageEngine engine;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong flushing = new AtomicLong();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    MemtableMemory(long bytesMax, StorageEngine engine) {
        if (bytesMax < 1) {
            throw new IllegalArgumentException("Memtables may use %d bytes".formatted(bytesMax));
        }
        this.bytesMax = bytesMax;
        this.engine = engine;
    }

    void changed(long bytes) {
        if (used.addAndGet(bytes) - flushing.get() > bytesMax / 2) {
            ask();
        }
    }

    private void ask() {
        if (engine.isStarted() && !asked.get() && asked.compareAndSet(false, true)) {
            engine.executor()
                    .execute(() -> {
                        asked.set(false);
                        var _ = engine.flushes().flushLargest();
                    });
        }
    }

    /// A memtable of so many bytes is going to be flushed.
    void flushing(long bytes) {
        flushing.addAndGet(bytes);
    }

    /// A memtable is gone.
    void freed(long bytes, long flushingBytes) {
        used.addAndGet(-bytes);
        flushing.addAndGet(-flushingBytes);
        tellWaiting();
    }

    /// Runs those who wait for room on the executor if there is room, or will be none.
    void tellWaiting() {
        Runnable next = nextWaiting();
        while (next != null) {
            engine.executor().execute(next);
            next = nextWaiting();
        }
    }

    private @Nullable Runnable nextWaiting() {
        synchronized (waiting) {
            return hasRoom() || engine.flushes().isStuck() ? waiting.poll() : null;
        }
    }

    boolean needsFlush() {
        return used.get() - flushing.get() > bytesMax / 2;
    }

    boolean hasRoom() {
        return used.get() < bytesMax;
    }

    /// Runs the callback on the executor as soon as there is room.
    void whenRoom(Runnable callback) {
        synchronized (waiting) {
            waiting.add(callback);
        }
        tellWaiting();
    }

    long used() {
        return used.get();
    }

    long bytesMax() {
        return bytesMax;
    }
}
