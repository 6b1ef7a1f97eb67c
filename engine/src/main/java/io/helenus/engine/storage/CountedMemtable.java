package io.helenus.engine.storage;

import io.helenus.engine.storage.memtable.ChunkPool;
import io.helenus.engine.storage.memtable.Memtable;
import io.helenus.engine.storage.memtable.MemtableReaders;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/// A memtable of a table, how many Views hold it, and its share of the node's memory.
final class CountedMemtable {
    private final Memtable memtable;
    private final MemtableMemory memory;
    private final long madeAtNanos;
    private final AtomicInteger views = new AtomicInteger();
    private long flushingBytes; // guarded by this
    private volatile boolean atRest;
    private volatile boolean freed; // a dropped table's memtable may still be written to

    CountedMemtable(
            MemtableReaders readers,
            ChunkPool chunks,
            RandomGenerator random,
            MemtableMemory memory,
            long madeAtNanos) {
        this.memory = memory;
        this.madeAtNanos = madeAtNanos;
        memtable = new Memtable(readers, chunks, this::changed, random);
    }

    private void changed(long bytes) {
        if (!freed) {
            memory.changed(bytes);
        }
    }

    Memtable memtable() {
        return memtable;
    }

    long madeAtNanos() {
        return madeAtNanos;
    }

    /// Counts it as being flushed.
    synchronized void markFlushing() {
        long bytes = memtable.bytes();
        memory.flushing(bytes - flushingBytes);
        flushingBytes = bytes;
    }

    /// The last write has left: nothing changes any more.
    void markAtRest() {
        memtable.reportAll();
        markFlushing();
        atRest = true;
    }

    boolean isAtRest() {
        return atRest;
    }

    void retain() {
        views.incrementAndGet();
    }

    /// The same for who does not hold a View with it.
    ///
    /// @return false if it is gone
    boolean tryRetain() {
        int now = views.get();
        while (now > 0) {
            if (views.compareAndSet(now, now + 1)) {
                return true;
            }
            now = views.get();
        }
        return false;
    }

    void release() {
        if (views.decrementAndGet() == 0) {
            freed = true;
            synchronized (this) {
                memory.freed(memtable.bytes(), flushingBytes);
            }
            if (atRest) { // the memtable of a dropped table may still be written to
                memtable.free();
            }
        }
    }
}
