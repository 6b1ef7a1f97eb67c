package io.helenus.engine.bulk;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowReconciler;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Rows that come in order go straight into the SSTables, on the appender's thread: one entry is held
/// back, as the next may have the same key. A second thread, which would have to get the rows from the
/// first one's caches, makes them dearer.
final class SortedSink extends BulkSink {
    private static final int PROGRESS_ENTRIES = 1024;

    private final BulkOutput output;
    private final RowReconciler reconciler = new RowReconciler();
    private final AtomicLong entriesWritten = new AtomicLong();
    private @Nullable Exception failure;
    private long entries;

    // The entry that came last, and room for the next one.
    private boolean isHolding;
    private ByteWriter key = new ByteWriter(256);
    private ByteWriter value = new ByteWriter(1024);
    private ByteWriter nextKey = new ByteWriter(256);
    private ByteWriter merged = new ByteWriter(0);

    SortedSink(BulkFiles files, BulkTasks tasks) {
        super(tasks, 1, Long.MAX_VALUE);
        output = files.newOutput(0);
    }

    /// Takes an entry; arguments as those of [SortBuffer#add].
    void add(
            byte[] partition,
            int partitionOffset,
            int partitionLength,
            byte[] position,
            int positionOffset,
            int positionLength,
            byte[] entry,
            int entryOffset,
            int entryLength)
            throws IOException {
        check();
        nextKey.clear()
                .writeBytes(partition, partitionOffset, partitionLength)
                .writeBytes(position, positionOffset, positionLength);
        try {
            take(entry, entryOffset, entryLength);
        } catch (IOException | RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    private void check() throws IOException {
        Exception thrown = failure;
        if (thrown != null) {
            throw new IOException("Writing has failed: " + thrown.getMessage(), thrown);
        }
    }

    private void take(byte[] entry, int offset, int length) throws IOException {
        if (isHolding) {
            int order =
                    RowKeys.compare(
                            nextKey.array(), 0, nextKey.length(), key.array(), 0, key.length());
            if (order == 0) {
                merge(entry, offset, length);
                return;
            }
            if (order < 0) {
                HexFormat hex = HexFormat.of();
                throw new IOException(
                        "rows are not sorted: key %s follows %s"
                                .formatted(
                                        hex.formatHex(nextKey.array(), 0, nextKey.length()),
                                        hex.formatHex(key.array(), 0, key.length())));
            }
            writeHeld();
        }
        ByteWriter spare = key;
        key = nextKey;
        nextKey = spare;
        value.clear().writeBytes(entry, offset, length);
        isHolding = true;
    }

    private void merge(byte[] entry, int offset, int length) {
        merged.clear();
        reconciler.merge(value.array(), 0, value.length(), entry, offset, length, merged);
        ByteWriter spare = value;
        value = merged;
        merged = spare;
        entries++;
    }

    private void writeHeld() throws IOException {
        output.append(
                EntryCursor.kindOf(value.array()[0]),
                key.array(),
                0,
                key.length(),
                value.array(),
                0,
                value.length());
        isHolding = false;
        if (++entries % PROGRESS_ENTRIES == 0) {
            entriesWritten.set(entries);
        }
    }

    @Override
    void accept(SortBuffer full) {
        throw new IllegalStateException("Entries that are in order are never in a buffer");
    }

    @Override
    void addLast(SortBuffer buffer) {
        // there is nothing in it
    }

    @Override
    List<BulkOutput.Written> finish() throws IOException {
        check();
        if (isHolding) {
            writeHeld();
        }
        entriesWritten.set(entries);
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
        // there are no tasks
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
