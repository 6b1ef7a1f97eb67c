package io.helenus.engine.storage;

import io.helenus.engine.storage.memtable.MemtableCursor;
import io.helenus.engine.storage.memtable.MemtableReaders;
import io.helenus.engine.storage.memtable.MemtableRow;
import io.helenus.sstable.file.ReadBuffer;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.file.SSTablePoint;
import io.helenus.sstable.model.MergeCursor;
import io.helenus.sstable.model.RowCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What one thread reads with: cursors, scratch and pins, kept from one read to the next so that reads
/// allocate nothing. Each event loop and each reader thread has its own; only that thread uses it and
/// the [ReadView]s that it opens.
public final class ReadContext implements AutoCloseable {
    /// A table may have hundreds of files, and each cursor of a scan holds on to its buffers.
    private static final int SSTABLE_CURSORS_KEPT = 16;

    private static final int LOOKS_PER_SAMPLE = 32;

    private final ViewPins pins;
    private final MemtableReaders readers;
    final ScanMemory scanMemory;
    private final ReadBuffer buffer = new ReadBuffer();
    private final List<ReadView> freeViews = new ArrayList<>();
    private final List<ReadView> allViews = new ArrayList<>();
    private final List<MemtableCursor> freeMemtableCursors = new ArrayList<>();
    private final List<MemtableCursor> allMemtableCursors = new ArrayList<>();
    private final List<SSTableCursor> freeSSTableCursors = new ArrayList<>();
    private final List<MergeCursor> freeMergeCursors = new ArrayList<>();
    private final MemtableCursor pinning;
    final SSTablePoint point = new SSTablePoint(buffer);
    private final List<MemtableRow> memtableRows = new ArrayList<>();
    private RowCursor[] sources = new RowCursor[8];
    private boolean closed;
    private int looks;

    ReadContext(ViewPins pins, MemtableReaders readers, ScanMemory scanMemory) {
        this.pins = pins;
        this.readers = readers;
        this.scanMemory = scanMemory;
        pinning = new MemtableCursor(readers);
    }

    ReadView open(TableStore table) {
        if (closed) {
            throw new IllegalStateException("The read context is closed");
        }
        ReadView view;
        if (freeViews.isEmpty()) {
            view = new ReadView(this, pins, pins.register());
            allViews.add(view);
        } else {
            view = freeViews.removeLast();
        }
        return view.open(table);
    }

    /// One for each memtable of a View.
    MemtableRow memtableRow(int memtable) {
        if (memtable == memtableRows.size()) {
            memtableRows.add(new MemtableRow());
        }
        return memtableRows.get(memtable);
    }

    /// Counts every so many-th look into a file as that many, to leave shared memory alone.
    void sampleRead(SSTable sstable) {
        if (++looks % LOOKS_PER_SAMPLE == 0) {
            sstable.noteReads(LOOKS_PER_SAMPLE);
        }
    }

    /// Lends its pin to look-ups of single rows.
    MemtableCursor pinning() {
        return pinning;
    }

    MemtableCursor takeMemtableCursor() {
        if (!freeMemtableCursors.isEmpty()) {
            return freeMemtableCursors.removeLast();
        }
        MemtableCursor made = new MemtableCursor(readers);
        allMemtableCursors.add(made);
        return made;
    }

    SSTableCursor takeSSTableCursor() {
        return freeSSTableCursors.isEmpty()
                ? new SSTableCursor(buffer)
                : freeSSTableCursors.removeLast();
    }

    MergeCursor takeMergeCursor() {
        return freeMergeCursors.isEmpty() ? new MergeCursor() : freeMergeCursors.removeLast();
    }

    RowCursor[] sources(int atLeast) {
        if (sources.length < atLeast) {
            sources = Arrays.copyOf(sources, Math.max(atLeast, 2 * sources.length));
        }
        return sources;
    }

    // The loops below go by index, as iterators and `addAll` would allocate with every read.

    void giveBack(
            ReadView view,
            List<MemtableCursor> memtableCursors,
            List<SSTableCursor> sstableCursors,
            List<MergeCursor> mergeCursors) {
        move(memtableCursors, freeMemtableCursors);
        move(sstableCursors, freeSSTableCursors);
        while (freeSSTableCursors.size() > SSTABLE_CURSORS_KEPT) {
            freeSSTableCursors.removeLast();
        }
        move(mergeCursors, freeMergeCursors);
        freeViews.add(view);
    }

    private static <C extends RowCursor> void move(List<C> from, List<C> to) {
        for (int i = 0; i < from.size(); i++) {
            C cursor = from.get(i);
            cursor.close();
            to.add(cursor);
        }
        from.clear();
    }

    /// Gives up all pins. By its own thread, or after that has ended.
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        for (ReadView view : allViews) {
            view.unregister();
        }
        for (MemtableCursor cursor : allMemtableCursors) {
            cursor.unregister();
        }
        pinning.unregister();
    }
}
