package io.helenus.engine.bulk;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowReconciler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/// Rows that come in order go straight into the SSTables: one task at a time takes full buffers in the
/// order in which they came.
final class SortedSink extends BulkSink {
    private static final int BUFFERS = 4;
    private static final long BUFFER_BYTES = 1 << 20;

    private final BulkTasks tasks;
    private final BulkOutput output;
    private final Queue<SortBuffer> waiting = new ArrayDeque<>(); // guarded by tasks
    private boolean running; // guarded by tasks
    private volatile boolean abandoned;
    private final AtomicLong entriesWritten = new AtomicLong();

    // The entry that was read last: the next may have the same key. The running task's.
    private final RowReconciler reconciler = new RowReconciler();
    private final Held held = new Held();
    private boolean isHolding;
    private ByteWriter merged = new ByteWriter(0);
    private ByteWriter spare = new ByteWriter(0);

    /// The last entry as a cursor that stands on it. Its bytes are those of the buffer that it came
    /// with, or a copy when that goes.
    private static final class Held extends EntryCursor {
        @Override
        boolean advance() {
            return true;
        }

        void hold(EntryCursor entry) {
            keyArray = entry.keyArray;
            keyOffset = entry.keyOffset;
            keyLength = entry.keyLength;
            valueArray = entry.valueArray;
            valueOffset = entry.valueOffset;
            valueLength = entry.valueLength;
        }

        void copy() {
            keyArray = Arrays.copyOfRange(keyArray, keyOffset, keyOffset + keyLength);
            keyOffset = 0;
            valueArray = Arrays.copyOfRange(valueArray, valueOffset, valueOffset + valueLength);
            valueOffset = 0;
        }

        @Override
        public void close() {
            // holds nothing open
        }
    }

    /// Little memory is enough, and stays in the processor's caches.
    static SortedSink of(BulkFiles files, BulkTasks tasks, long memoryBytes) {
        return new SortedSink(files, tasks, Math.min(BUFFER_BYTES, memoryBytes / BUFFERS));
    }

    private SortedSink(BulkFiles files, BulkTasks tasks, long bufferBytes) {
        super(tasks, BUFFERS, bufferBytes);
        this.tasks = tasks;
        output = files.newOutput(0);
    }

    @Override
    void accept(SortBuffer full) throws IOException {
        synchronized (tasks) {
            waiting.add(full);
            if (running) {
                return;
            }
            running = true;
        }
        tasks.start(this::writeWaiting);
    }

    private void writeWaiting() throws IOException {
        while (true) {
            SortBuffer next;
            synchronized (tasks) {
                next = waiting.poll();
                if (next == null || abandoned) {
                    running = false;
                    return;
                }
            }
            write(next);
            giveBack(next);
        }
    }

    private void write(SortBuffer buffer) throws IOException {
        try (EntryCursor cursor = buffer.unsorted()) {
            while (cursor.next() != Kind.END && !abandoned) {
                take(cursor);
            }
        }
        if (isHolding) {
            held.copy();
        }
        entriesWritten.addAndGet(buffer.count());
    }

    private void take(EntryCursor next) throws IOException {
        if (!isHolding) {
            held.hold(next);
            isHolding = true;
            return;
        }
        int order =
                RowKeys.compare(
                        next.keyArray,
                        next.keyOffset,
                        next.keyLength,
                        held.keyArray,
                        held.keyOffset,
                        held.keyLength);
        if (order > 0) {
            output.append(held.next(), held);
            held.hold(next);
            return;
        }
        if (order < 0) {
            HexFormat hex = HexFormat.of();
            throw new IOException(
                    "rows are not sorted: key %s follows %s"
                            .formatted(
                                    hex.formatHex(
                                            next.keyArray,
                                            next.keyOffset,
                                            next.keyOffset + next.keyLength),
                                    hex.formatHex(
                                            held.keyArray,
                                            held.keyOffset,
                                            held.keyOffset + held.keyLength)));
        }
        spare.clear();
        reconciler.merge(
                held.valueArray,
                held.valueOffset,
                held.valueLength,
                next.valueArray,
                next.valueOffset,
                next.valueLength,
                spare);
        ByteWriter written = spare;
        spare = merged;
        merged = written;
        held.valueArray = written.array();
        held.valueOffset = 0;
        held.valueLength = written.length();
    }

    private void writeHeld() throws IOException {
        if (isHolding) {
            output.append(held.next(), held);
            isHolding = false;
        }
    }

    @Override
    void addLast(SortBuffer buffer) throws IOException {
        accept(buffer);
    }

    @Override
    List<BulkOutput.Written> finish() throws IOException {
        tasks.await();
        writeHeld();
        return output.finish();
    }

    @Override
    long entriesWritten() {
        return entriesWritten.get();
    }

    @Override
    long spilledBytes() {
        return 0;
    }

    @Override
    void abandon() {
        abandoned = true;
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
