package io.helenus.engine.storage;

import io.helenus.engine.storage.memtable.Memtable;
import java.util.concurrent.atomic.AtomicInteger;

/// A memtable of a table, how many Views hold it, and its share of the node's memory.
final class CountedMemtable {
    private final Memtable memtable;
    private final MemtableMemory memory;
    private final long madeAtNanos;
    private final AtomicInteger views = new AtomicInteger();
    private long flushingBytes; // guarded by this
    private volatile boolean atRest;

    CountedMemtable(Memtable memtable, MemtableMemory memory, long madeAtNanos) {
        this.memtable = memtable;
        this.memory = memory;
        this.madeAtNanos = madeAtNanos;
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

    void release() {
        if (views.decrementAndGet() == 0) {
            synchronized (this) {
                memory.freed(memtable.bytes(), flushingBytes);
            }
        }
    }
}
