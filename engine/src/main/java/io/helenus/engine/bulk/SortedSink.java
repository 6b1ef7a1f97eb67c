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
final class SortedSink extends BulkSink implements EntryTarget {
    private static final int PROGRESS_ENTRIES = 1024;

    private final BulkOutput output;
    private final RowReconciler reconciler = new RowReconciler();
    private final AtomicLong entriesWritten = new AtomicLong();
    private @Nullable Exception failure;
    private long entries;

    // The entry that came last.
    private boolean isHolding;
    private final ByteWriter heldKey = new ByteWriter(256);
    private final ByteWriter heldValue = new ByteWriter(1024);
    private final ByteWriter merged = new ByteWriter(0);

    SortedSink(BulkFiles files, BulkTasks tasks) {
        super(tasks, 1, Long.MAX_VALUE);
        output = files.newOutput(0);
    }

    @Override
    public void add(ByteWriter key, ByteWriter value) throws IOException {
        check();
        try {
            take(key, value);
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

    private void take(ByteWriter key, ByteWriter value) throws IOException {
        if (isHolding) {
            int order =
                    RowKeys.compare(
                            key.array(), 0, key.length(), heldKey.array(), 0, heldKey.length());
            if (order == 0) {
                merge(value);
                return;
            }
            if (order < 0) {
                HexFormat hex = HexFormat.of();
                throw new IOException(
                        "rows are not sorted: key %s follows %s"
                                .formatted(
                                        hex.formatHex(key.array(), 0, key.length()),
                                        hex.formatHex(heldKey.array(), 0, heldKey.length())));
            }
            writeHeld();
        }
        heldKey.exchange(key);
        heldValue.exchange(value);
        isHolding = true;
    }

    private void merge(ByteWriter value) {
        reconciler.merge(
                heldValue.array(),
                0,
                heldValue.length(),
                value.array(),
                0,
                value.length(),
                merged.clear());
        heldValue.exchange(merged);
        entries++;
    }

    private void writeHeld() throws IOException {
        output.append(
                EntryCursor.kindOf(heldValue.array()[0]),
                heldKey.array(),
                0,
                heldKey.length(),
                heldValue.array(),
                0,
                heldValue.length());
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
