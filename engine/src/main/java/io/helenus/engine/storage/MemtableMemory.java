package io.helenus.engine.storage;

import io.helenus.engine.storage.memtable.MemoryListener;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The memtables' share of a node's memory. Asks for flushes when half of it is used by memtables that
/// are not being flushed, and says no more writes, please, when all of it is used. Any thread.
final class MemtableMemory implements MemoryListener {
    private final long bytesMax;
    private final Executor executor;
    private final Runnable flushLargest;
    private final AtomicLong used = new AtomicLong();
    private final AtomicLong flushing = new AtomicLong();
    private final AtomicBoolean asked = new AtomicBoolean();
    private final Deque<Runnable> waiting = new ArrayDeque<>();

    MemtableMemory(long bytesMax, Executor executor, Runnable flushLargest) {
        if (bytesMax < 1) {
            throw new IllegalArgumentException("Memtables may use %d bytes".formatted(bytesMax));
        }
        this.bytesMax = bytesMax;
        this.executor = executor;
        this.flushLargest = flushLargest;
    }

    @Override
    public void changed(long bytes) {
        if (used.addAndGet(bytes) - flushing.get() > bytesMax / 2) {
            ask();
        }
    }

    private void ask() {
        if (!asked.get() && asked.compareAndSet(false, true)) {
            executor.execute(() -> {
                asked.set(false);
                flushLargest.run();
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
        Runnable next = nextWaiting();
        while (next != null) {
            executor.execute(next);
            next = nextWaiting();
        }
        synchronized (this) {
            notifyAll();
        }
    }

    private @Nullable Runnable nextWaiting() {
        synchronized (waiting) {
            return hasRoom() ? waiting.poll() : null;
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
        Runnable next = nextWaiting();
        while (next != null) {
            executor.execute(next);
            next = nextWaiting();
        }
    }

    /// For the thread that replays; flushes run elsewhere.
    synchronized void awaitRoom() throws InterruptedException {
        while (!hasRoom()) {
            wait();
        }
    }

    long used() {
        return used.get();
    }

    long bytesMax() {
        return bytesMax;
    }
}
