package io.helenus.engine.storage;

import io.helenus.engine.storage.memtable.Memtable;
import io.helenus.engine.storage.memtable.MemtableCursor;
import io.helenus.engine.storage.memtable.MemtableRow;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.file.SSTablePoint;
import io.helenus.sstable.model.MergeCursor;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table as it is now, pinned: what this sees stays the same set of memtables and files until it is
/// closed, and none of them is freed before. Rows that are written to the active memtable meanwhile may
/// be seen; but cursors over parts of one partition, opened one after the other, see it as it was for the
/// first of them. From [TableStore#read]; belongs to the thread of its [ReadContext], and is pooled there.
public final class ReadView implements AutoCloseable {
    private static final int[] UNKNOWN = {};

    /// Entries that a cursor on an event loop steps over, shadowed ones included.
    private static final int LOOP_STEPS_MAX = 2_048;

    private final ReadContext context;
    private final ViewPins pins;
    private final ViewPins.Slot slot;
    private final List<MemtableCursor> memtableCursors = new ArrayList<>();
    private final List<MemtableCursor> holders = new ArrayList<>(); // one for each memtable
    private final List<SSTableCursor> sstableCursors = new ArrayList<>();
    private final List<MergeCursor> mergeCursors = new ArrayList<>();
    private @Nullable View view;
    private long scanBytes;

    ReadView(ReadContext context, ViewPins pins, ViewPins.Slot slot) {
        this.context = context;
        this.pins = pins;
        this.slot = slot;
    }

    ReadView open(TableStore table) {
        view = pins.pin(slot, table);
        return this;
    }

    private View view() {
        View open = view;
        if (open == null) {
            throw new IllegalStateException("The view is closed");
        }
        return open;
    }

    /// A walk over `[start, end)`, keys or bounds of any form, over everything that the table has
    /// there: reconciled, without what deletions shadow. The arrays are borrowed until this view is
    /// closed, and so is the cursor, which may be closed before: when a cursor over one partition is
    /// opened, those over another one must have been.
    ///
    /// @param end null to go on to the last key
    /// @throws io.helenus.sstable.model.BlockNotCachedException if the mode is `CACHED` and a block is
    ///     not in memory: here, and from the cursor; also from a cursor that has gone far
    /// @throws CorruptSSTableException if a block is damaged: here, and from the cursor
    public RowCursor cursor(
            byte[] start,
            int startOffset,
            int startLength,
            byte @Nullable [] end,
            int endOffset,
            int endLength,
            boolean reversed,
            ReadMode mode) {
        View from = view();
        byte[] endArray = end == null ? start : end;
        int endBytes = end == null ? -1 : endLength;
        RowCursor[] sources = context.sources(from.memtables.length + from.sstables.length);
        int count = 0;
        boolean onePartition =
                isOnePartition(start, startOffset, startLength, endArray, endOffset, endBytes);
        for (int i = 0; i < from.memtables.length; i++) {
            Memtable memtable = from.memtables[i].memtable();
            MemtableCursor holder = holder(i);
            if (onePartition) {
                holder.hold(memtable, start, startOffset, startLength);
            }
            MemtableCursor cursor = context.takeMemtableCursor();
            memtableCursors.add(cursor);
            sources[count++] =
                    cursor.open(
                            memtable,
                            holder,
                            start,
                            startOffset,
                            startLength,
                            endArray,
                            endOffset,
                            endBytes,
                            reversed);
        }
        int firstCursor = sstableCursors.size();
        for (SSTable sstable : from.sstables) {
            if (!sstable.intersects(start, startOffset, startLength, endArray, endOffset, endBytes)
                    || onePartition
                            && !sstable.mayHoldPositions(
                                    start,
                                    startOffset,
                                    startLength,
                                    endArray,
                                    endOffset,
                                    endBytes)) {
                continue;
            }
            SSTableCursor cursor = context.takeSSTableCursor();
            sstableCursors.add(cursor);
            cursor.open(
                    sstable.reader(),
                    start,
                    startOffset,
                    startLength,
                    end,
                    endOffset,
                    endLength,
                    reversed,
                    mode);
            if (!onePartition
                    || cursor.defer(context.point)
                    || mayHoldPartition(sstable, start, startOffset, mode)) {
                context.sampleRead(sstable);
                sources[count++] = cursor;
            }
        }
        if (mode == ReadMode.SCAN) {
            readAhead(firstCursor);
        }
        MergeCursor merge = context.takeMergeCursor();
        mergeCursors.add(merge);
        merge.open(sources, count, reversed);
        return mode == ReadMode.CACHED ? merge.limitSteps(LOOP_STEPS_MAX) : merge;
    }

    /// Gives the cursors that were opened last what there is to read ahead.
    private void readAhead(int firstCursor) {
        int files = sstableCursors.size() - firstCursor;
        int readAhead = context.scanMemory.take(files);
        scanBytes += ScanMemory.bytes(files, readAhead);
        for (int i = firstCursor; i < sstableCursors.size(); i++) {
            SSTableCursor _ = sstableCursors.get(i).readAhead(readAhead);
        }
    }

    private MemtableCursor holder(int memtable) {
        if (memtable == holders.size()) {
            MemtableCursor holder = context.takeMemtableCursor();
            memtableCursors.add(holder);
            holders.add(holder);
        }
        return holders.get(memtable);
    }

    private static boolean isOnePartition(
            byte[] start,
            int startOffset,
            int startLength,
            byte[] end,
            int endOffset,
            int endLength) {
        if (startLength <= RowKeys.PARTITION_KEY_OFFSET) {
            return false;
        }
        int prefix = RowKeys.partitionLength(start, startOffset);
        return startLength >= prefix
                && endLength >= prefix
                && RowKeys.startsWith(end, endOffset, endLength, start, startOffset, prefix);
    }

    private boolean mayHoldPartition(SSTable sstable, byte[] key, int offset, ReadMode mode) {
        ReadMode filterMode = mode == ReadMode.SCAN ? ReadMode.FILL : mode;
        try {
            return context.point.mayContainPartition(sstable.reader(), key, offset, filterMode);
        } catch (CorruptSSTableException e) {
            sstable.noteDamage(e);
            throw e;
        }
    }

    /// Reads one row, or the static row, with its simple cells: elements of multi-cell columns are
    /// entries of their own and need a cursor. Allocates nothing if memory answers.
    ///
    /// @param key the whole row key
    /// @param wanted ids of the columns that are wanted, ascending, if older values of others and of
    ///     counters do not matter; null if everything does
    /// @param mode `CACHED` or `FILL`
    /// @return whether there is something
    public boolean readRow(
            byte[] key,
            int offset,
            int length,
            int @Nullable [] wanted,
            ReadMode mode,
            RowResult out) {
        View from = view();
        out.clear();
        for (int i = 0; i < from.memtables.length; i++) {
            Memtable memtable = from.memtables[i].memtable();
            MemtableRow found = context.memtableRow(i); // the result refers to it
            memtable.readRow(key, offset, length, found, context.pinning());
            if (found.isFound()) {
                out.add(found.valueArray(), 0, found.valueLength());
            }
            out.addDeletion(found.deletionTimestamp(), found.deletionTime());
        }
        int[] columns = wanted == null ? UNKNOWN : wanted;
        for (SSTable sstable : from.sstables) {
            // They are in order of their newest data: what holds for this one holds for the rest.
            if (out.isSettled(sstable.file().maxTimestamp(), columns)) {
                break;
            }
            if (sstable.spans(key, offset, length)
                    && sstable.mayHoldPositions(key, offset, length, key, 0, -1)) {
                context.sampleRead(sstable);
                readRow(sstable, key, offset, length, mode, out);
            }
        }
        out.applyDeletion();
        return out.isFound();
    }

    private void readRow(
            SSTable sstable, byte[] key, int offset, int length, ReadMode mode, RowResult out) {
        SSTablePoint point = context.point;
        try {
            if (point.seekExact(sstable.reader(), key, offset, length, mode)) {
                if (point.isTransient()) {
                    out.addCopy(point.valueArray(), point.valueOffset(), point.valueLength());
                } else {
                    out.add(point.valueArray(), point.valueOffset(), point.valueLength());
                }
            }
        } catch (CorruptSSTableException e) {
            sstable.noteDamage(e);
            throw e;
        }
        out.addDeletion(point.deletionTimestamp(), point.deletionTime());
    }

    /// The SSTables in it, those with the newest data first.
    public List<SSTable> sstables() {
        return List.of(view().sstables);
    }

    /// Closes all cursors and unpins. Idempotent until the view is used again.
    @Override
    public void close() {
        if (view == null) {
            return;
        }
        view = null;
        holders.clear();
        context.point.clear();
        if (scanBytes > 0) {
            context.scanMemory.giveBack(scanBytes);
            scanBytes = 0;
        }
        context.giveBack(this, memtableCursors, sstableCursors, mergeCursors);
        pins.unpin(slot);
    }

    void unregister() {
        close();
        pins.unregister(slot);
    }
}
