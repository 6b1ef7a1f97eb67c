package io.helenus.commitlog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One segment of the log: the active one, the spare that follows it, one that is full, or one that
/// was there before this start (which has neither memory nor an open file here).
final class Segment {
    /// What the archiver has done with a full segment.
    enum Archive {
        WAITING,
        RUNNING,
        FAILED,
        DONE
    }

    final long id;
    final Path path;
    final int capacity;
    private final @Nullable SegmentMemory memory;
    private final @Nullable LogFile file;

    // Guarded by the log's lock; the tail never changes again once `sealed` is seen.
    int tail = SegmentFormat.RECORDS_AT;
    final DirtyTables dirty = new DirtyTables();
    boolean awaitsReplay; // from before this start, and not replayed yet
    boolean damaged; // and replay was told to ignore it
    int prepareAt; // an append that ends beyond wakes the prepare agent, once

    // Written under the log's lock, read by any thread.
    volatile boolean sealed;

    // Written by the prepare agent, read by any thread: before it there are real blocks.
    volatile int readyTo;

    // The sync agent's.
    private long markSequence;
    int durableTo = SegmentFormat.RECORDS_AT;
    volatile boolean complete; // sealed, forced and marked so

    // Guarded by the monitor.
    private boolean unmapped;

    // The prepare agent's; the archiver's thread sets the last one, too.
    int touchedTo = SegmentFormat.RECORDS_AT;
    private boolean fileClosed;
    volatile Archive archive = Archive.WAITING;

    Segment(long id, Path path, int capacity, SegmentMemory memory, LogFile file, int readyTo) {
        this.id = id;
        this.path = path;
        this.capacity = capacity;
        this.memory = memory;
        this.file = file;
        this.readyTo = readyTo;
    }

    /// One from before this start.
    Segment(long id, Path path, int capacity) {
        this.id = id;
        this.path = path;
        this.capacity = capacity;
        memory = null;
        file = null;
        awaitsReplay = true;
        sealed = true;
        complete = true;
        unmapped = true;
        fileClosed = true;
    }

    SegmentMemory memory() {
        if (memory == null) {
            throw new IllegalStateException(path + " is not open for append");
        }
        return memory;
    }

    private LogFile file() {
        if (file == null) {
            throw new IllegalStateException(path + " is not open for append");
        }
        return file;
    }

    /// Makes everything before `end` durable. Sync agent only.
    void force(int end) throws IOException {
        memory().flush(end);
        file().force();
        durableTo = end;
    }

    /// Writes that it is so. Sync agent only.
    void mark(boolean isSealed) throws IOException {
        SegmentMark mark = new SegmentMark(++markSequence, durableTo, isSealed);
        file().write(mark.encode(id), mark.at());
    }

    /// Makes a mark itself durable. Sync agent only.
    void forceMark() throws IOException {
        file().force();
    }

    /// Writes real zeros from `readyTo` on. Prepare agent only.
    void fill(ByteBuffer zeros, int to) throws IOException {
        int at = readyTo;
        while (at < to) {
            int chunk = Math.min(zeros.capacity(), to - at);
            file().write(zeros.clear().limit(chunk), at);
            at += chunk;
        }
        readyTo = to;
    }

    /// Makes pages writable, unless the memory is closed. Either agent.
    synchronized void touch(int from, int to) {
        if (!unmapped) {
            memory().touch(from, Math.min(to, readyTo));
        }
    }

    /// Gives the memory back, so that a full segment does not count as resident any more. Idempotent.
    /// Prepare agent only, after no appender can reach this segment.
    synchronized void unmap() {
        if (!unmapped) {
            unmapped = true;
            memory().close();
        }
    }

    /// Idempotent. Prepare agent only, after the sync agent is done with this segment.
    void closeFile() throws IOException {
        if (!fileClosed) {
            fileClosed = true;
            file().close();
        }
    }
}
