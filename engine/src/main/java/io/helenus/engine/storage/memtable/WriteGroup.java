package io.helenus.engine.storage.memtable;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The writes that are on their way into one memtable. A write enters before its commit-log append and
/// leaves after it was applied, on whichever thread applies it; when the memtable is switched, the
/// group is closed and whoever flushes is told when the last write has left. So a memtable that is
/// being flushed holds every write whose log position its flush will release.
///
/// Entering and leaving are one atomic addition each, on a counter that few threads share. A writer
/// adds before it looks whether the group is closed, and the closer closes before it adds up: one of
/// the two sees the other. A sum of zero after closing is final, as nobody can enter any more and
/// each write's arrival is counted before its departure.
public final class WriteGroup {
    private static final int CELLS = 8;
    private static final int STRIDE = 16; // two cache lines apart

    private final AtomicLongArray inside = new AtomicLongArray(CELLS * STRIDE);
    private final AtomicReference<@Nullable Runnable> whenDrained = new AtomicReference<>();
    private volatile boolean closed;
    private volatile boolean closing;
    private final AtomicLong lateTo = new AtomicLong(Long.MIN_VALUE);

    /// @return false if the group is closed: look for the new memtable
    public boolean enter() {
        int cell = cell();
        inside.getAndIncrement(cell);
        if (!closed) {
            return true;
        }
        inside.getAndDecrement(cell);
        tellIfDrained();
        return false;
    }

    public void leave() {
        inside.getAndDecrement(cell());
        if (closed) {
            tellIfDrained();
        }
    }

    /// Lets nobody enter any more. Once.
    ///
    /// @param task runs once all have left, on the last one's thread or within this call: it must only
    ///     hand over to an executor
    public void close(Runnable task) {
        if (closed || !whenDrained.compareAndSet(null, task)) {
            throw new IllegalStateException("The write group is closed already");
        }
        closed = true;
        tellIfDrained();
    }

    /// To be called before the log position is taken up to which a flush will release the log.
    public void closeSoon() {
        closing = true;
    }

    /// To be called by who has entered, with the position at which its write is in the log.
    public void logged(long position) {
        if (closing) {
            long _ = lateTo.accumulateAndGet(position, Math::max);
        }
    }

    /// Once all have left: a log position up to which there may be writes of this group, if some were
    /// logged while it was about to be closed; else less than any position. Those after the position
    /// that the flush releases are replayed although they have been flushed.
    public long lateTo() {
        return lateTo.get();
    }

    public boolean isClosed() {
        return closed;
    }

    private void tellIfDrained() {
        if (sum() == 0) {
            Runnable task = whenDrained.getAndSet(null);
            if (task != null) {
                task.run();
            }
        }
    }

    private long sum() {
        long sum = 0;
        for (int i = 0; i < CELLS; i++) {
            sum += inside.get(i * STRIDE);
        }
        return sum;
    }

    private static int cell() {
        return (int) (Thread.currentThread().threadId() & CELLS - 1) * STRIDE;
    }
}
