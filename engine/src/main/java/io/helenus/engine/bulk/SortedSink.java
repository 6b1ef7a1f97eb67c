package io.helenus.engine.bulk;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowReconciler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;

/// Rows that come in order go straight into the SSTables: one task at a time takes full buffers in the
/// order in which they came.
final class SortedSink extends BulkSink {
    private final BulkTasks tasks;
    private final BulkOutput output;
    private final Queue<SortBuffer> waiting = new ArrayDeque<>(); // guarded by tasks
    private boolean running; // guarded by tasks
    private volatile boolean abandoned;
    private final AtomicLong entriesWritten = new AtomicLong();

    // The entry that was read last: the next may have the same key. The running task's.
    private final RowReconciler reconciler = new RowReconciler();
    private final ByteWriter key = new ByteWriter(256);
    private ByteWriter value = new ByteWriter(256);
    private ByteWriter spare = new ByteWriter(256);
    private final Held held = new Held();

    /// The last entry as a cursor that stands on it.
    private final class Held extends EntryCursor {
        @Override
        boolean advance() {
            keyArray = key.array();
            keyLength = key.length();
            valueArray = value.array();
            valueLength = value.length();
            return true;
        }

        @Override
        public void close() {
            // holds nothing open
        }
    }

    SortedSink(BulkFiles files, BulkTasks tasks, int buffers, long bufferBytes) {
        super(tasks, buffers, bufferBytes);
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
    }

    private void take(EntryCursor next) throws IOException {
        int order =
                RowKeys.compare(
                        next.keyArray,
                        next.keyOffset,
                        next.keyLength,
                        key.array(),
                        0,
                        key.length());
        if (order == 0) {
            spare.clear();
            reconciler.merge(
                    value.array(),
                    0,
                    value.length(),
                    next.valueArray,
                    next.valueOffset,
                    next.valueLength,
                    spare);
            ByteWriter merged = spare;
            spare = value;
            value = merged;
            return;
        }
        if (order < 0) {
            throw new IOException(
                    "rows are not sorted: key %s follows %s"
                            .formatted(
                                    HexFormat.of()
                                            .formatHex(
                                                    next.keyArray,
                                                    next.keyOffset,
                                                    next.keyOffset + next.keyLength),
                                    HexFormat.of().formatHex(key.array(), 0, key.length())));
        }
        writeHeld();
        key.clear().writeBytes(next.keyArray, next.keyOffset, next.keyLength);
        value.clear().writeBytes(next.valueArray, next.valueOffset, next.valueLength);
    }

    private void writeHeld() throws IOException {
        if (key.length() > 0) {
            output.append(held.next(), held);
            entriesWritten.incrementAndGet();
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
