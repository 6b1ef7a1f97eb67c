package io.helenus.engine.bulk;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Takes full buffers and makes SSTables of them. Appenders call it on their threads.
abstract class BulkSink implements AutoCloseable {
    private final BulkTasks tasks;
    private final long bufferBytes;
    private final Deque<SortBuffer> free = new ArrayDeque<>(); // guarded by tasks
    private int left; // buffers that may still be made; guarded by tasks

    /// @param buffers how many there may be
    /// @param bufferBytes of each
    BulkSink(BulkTasks tasks, int buffers, long bufferBytes) {
        this.tasks = tasks;
        this.left = buffers;
        this.bufferBytes = bufferBytes;
    }

    /// Takes over a full buffer.
    ///
    /// @return an empty one, as soon as there is one
    final SortBuffer exchange(SortBuffer full) throws IOException {
        accept(full);
        return takeBuffer();
    }

    /// @return an empty buffer, as soon as there is one
    final SortBuffer takeBuffer() throws IOException {
        synchronized (tasks) {
            while (true) {
                tasks.check();
                SortBuffer buffer = free.poll();
                if (buffer != null) {
                    return buffer;
                }
                if (left > 0) {
                    left--;
                    return new SortBuffer(bufferBytes);
                }
                tasks.pause();
            }
        }
    }

    final void giveBack(SortBuffer buffer) {
        buffer.clear();
        synchronized (tasks) {
            free.add(buffer);
            tasks.notifyAll();
        }
    }

    /// Lets go of the memory that no appender needs any more.
    final void releaseFree() {
        synchronized (tasks) {
            free.clear();
        }
    }

    /// Sees to it that a buffer's content is written, and gives it back.
    abstract void accept(SortBuffer full) throws IOException;

    /// Takes what an appender has left at the end.
    abstract void addLast(SortBuffer buffer) throws IOException;

    /// @return all files in the order of their keys
    abstract List<BulkOutput.Written> finish() throws IOException;

    abstract long entriesWritten();

    abstract long spilledBytes();

    /// Makes tasks that are under way end soon.
    abstract void abandon();

    /// Closes all files. No task runs.
    @Override
    public abstract void close() throws IOException;
}
