package io.helenus.sstable.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Several cursors in the same direction as one: entries with the same key are reconciled, and what
/// the merged range deletions shadow is left out. Forward, so are the elements that the deletion of
/// their row or column shadows, even if those stand in another source.
///
/// Sources wait in a binary heap by their current key. Reusable: [#open] starts over, and nothing is
/// allocated once the buffers have grown. Owned by one thread; owns its sources and closes them.
public final class MergeCursor implements RowCursor {
    private @Nullable RowCursor[] sources = new RowCursor[8];
    private int sourceCount;
    private boolean reversed;

    /// Indexes of the sources that are not at their end; the first has the next key.
    private int[] heap = new int[8];

    private int heapSize;

    /// The first eight bytes of each source's key (its token), for a fast first comparison.
    private long[] tokens = new long[8];

    /// Sources whose current item is the one last emitted: they move on with the next step.
    private int[] emitted = new int[8];

    private int emittedCount;

    /// Whether a deletion is in force where a source is, and for how many that is so.
    private boolean[] covered = new boolean[8];

    private int coveredCount;
    private boolean started;

    private Kind kind = Kind.END;
    private byte[] keyArray = NOTHING;
    private int keyOffset;
    private int keyLength;
    private byte[] valueArray = NOTHING;
    private int valueOffset;
    private int valueLength;
    private long beforeTimestamp = NO_DELETION;
    private int beforeTime;
    private long afterTimestamp = NO_DELETION;
    private int afterTime;

    /// The deletion of the row that the walk is in, and of the column in it (forward only).
    private final ByteWriter deletedRow = new ByteWriter();

    private long rowDeletedTo = NO_DELETION;
    private final ByteWriter deletedColumn = new ByteWriter();
    private long columnDeletedTo = NO_DELETION;

    private long stepsLeft;

    private final RowReconciler reconciler = new RowReconciler();
    private final RowView row = new RowView();
    private ByteWriter merged = new ByteWriter(256);
    private ByteWriter scratch = new ByteWriter(256);

    private static final byte[] NOTHING = new byte[0];

    /// Takes over `count` sources, which have not been stepped yet.
    public MergeCursor open(RowCursor[] from, int count, boolean reversed) {
        if (sources.length < count) {
            sources = new RowCursor[count];
            heap = new int[count];
            tokens = new long[count];
            emitted = new int[count];
            covered = new boolean[count];
        }
        Arrays.fill(covered, 0, count, false);
        coveredCount = 0;
        System.arraycopy(from, 0, sources, 0, count);
        sourceCount = count;
        this.reversed = reversed;
        heapSize = 0;
        emittedCount = 0;
        started = false;
        kind = Kind.END;
        beforeTimestamp = NO_DELETION;
        afterTimestamp = NO_DELETION;
        rowDeletedTo = NO_DELETION;
        columnDeletedTo = NO_DELETION;
        stepsLeft = Long.MAX_VALUE;
        return this;
    }

    /// Makes the walk end with a [BlockNotCachedException] after so many steps of its sources, those
    /// over shadowed entries included: for threads that have to be free again soon.
    public MergeCursor limitSteps(long steps) {
        stepsLeft = steps;
        return this;
    }

    @Override
    public Kind next() {
        boolean there = nextWithin(Integer.MAX_VALUE);
        while (!there) {
            there = nextWithin(Integer.MAX_VALUE);
        }
        return kind;
    }

    @Override
    public boolean nextWithin(int items) {
        int left = items;
        while (advance()) {
            if (emit()) {
                return true;
            }
            if (--left <= 0) {
                return false;
            }
        }
        kind = Kind.END;
        deletionInForce(false); // a merge may be the source of another
        beforeTimestamp = afterTimestamp;
        beforeTime = afterTime;
        return true;
    }

    /// Moves the sources on whose item was the last, and finds those that have the next.
    ///
    /// @return false at the end
    private boolean advance() {
        if (!started) {
            started = true;
            for (int i = 0; i < sourceCount; i++) {
                step(i);
            }
        } else if (emittedCount == 1) {
            int last = emitted[0];
            if (move(last)) {
                if (heapSize == 0) {
                    return true; // all others are at their end
                }
                noteToken(last);
                if (compare(last, heap[0]) < 0) {
                    return true; // a run of items of one source: no need for the heap
                }
                insert(last);
            }
        } else {
            for (int i = 0; i < emittedCount; i++) {
                step(emitted[i]);
            }
        }
        emittedCount = 0;
        if (heapSize == 0) {
            return false;
        }
        int first = pop();
        emitted[emittedCount++] = first;
        while (heapSize > 0 && compare(heap[0], first) == 0) {
            emitted[emittedCount++] = pop();
        }
        return true;
    }

    private void step(int index) {
        if (move(index)) {
            push(index);
        }
    }

    /// @return whether the source has come to another item
    private boolean move(int index) {
        if (--stepsLeft < 0) {
            throw BlockNotCachedException.INSTANCE;
        }
        RowCursor source = source(index);
        boolean moved = source.next() != Kind.END;
        boolean isCovered = source.beforeTimestamp() != NO_DELETION;
        if (isCovered != covered[index]) {
            covered[index] = isCovered;
            coveredCount += isCovered ? 1 : -1;
        }
        return moved;
    }

    private boolean emit() {
        RowCursor first = source(emitted[0]);
        keyArray = first.keyArray();
        keyOffset = first.keyOffset();
        keyLength = first.keyLength();
        return first.kind() == Kind.BOUNDARY ? emitBoundary() : emitEntry(first);
    }

    private boolean emitBoundary() {
        deletionInForce(false);
        long timestamp = afterTimestamp;
        int time = afterTime;
        deletionInForce(true);
        beforeTimestamp = timestamp;
        beforeTime = time;
        kind = Kind.BOUNDARY;
        valueArray = NOTHING;
        valueOffset = 0;
        valueLength = 0;
        return beforeTimestamp != afterTimestamp || beforeTime != afterTime;
    }

    private boolean emitEntry(RowCursor first) {
        if (coveredCount > 0) {
            deletionInForce(false);
        } else {
            afterTimestamp = NO_DELETION;
        }
        beforeTimestamp = afterTimestamp;
        beforeTime = afterTime;
        kind = first.kind();
        valueArray = first.valueArray();
        valueOffset = first.valueOffset();
        valueLength = first.valueLength();
        for (int i = 1; i < emittedCount; i++) {
            RowCursor other = source(emitted[i]);
            scratch.clear();
            reconciler.merge(
                    valueArray,
                    valueOffset,
                    valueLength,
                    other.valueArray(),
                    other.valueOffset(),
                    other.valueLength(),
                    scratch);
            takeScratch();
        }
        long deletedTo = afterTimestamp;
        if (!reversed && kind != Kind.ROW) {
            deletedTo = Math.max(deletedTo, deletionOfRowAndColumn());
        }
        if (deletedTo != NO_DELETION) {
            scratch.clear();
            switch (reconciler.dropShadowed(
                    valueArray, valueOffset, valueLength, deletedTo, scratch)) {
                case ALL -> {}
                case SOME -> takeScratch();
                case NONE -> {
                    return false;
                }
            }
        }
        if (!reversed) {
            noteDeletion();
        }
        return true;
    }

    private void takeScratch() {
        ByteWriter written = scratch;
        scratch = merged;
        merged = written;
        valueArray = written.array();
        valueOffset = 0;
        valueLength = written.length();
    }

    /// Sets the "after" fields to the newest deletion over all sources at the emitted key. A source
    /// that is at its end still says what deletion its range ends in.
    private void deletionInForce(boolean afterEmitted) {
        afterTimestamp = NO_DELETION;
        afterTime = 0;
        for (int i = 0; i < sourceCount; i++) {
            RowCursor source = source(i);
            if (afterEmitted && isEmitted(i)) {
                take(source.afterTimestamp(), source.afterDeletionTime());
            } else {
                take(source.beforeTimestamp(), source.beforeDeletionTime());
            }
        }
    }

    private boolean isEmitted(int index) {
        for (int i = 0; i < emittedCount; i++) {
            if (emitted[i] == index) {
                return true;
            }
        }
        return false;
    }

    private void take(long timestamp, int time) {
        if (timestamp == NO_DELETION) {
            return;
        }
        afterTime = afterTimestamp == NO_DELETION ? time : Cells.later(time, afterTime);
        afterTimestamp = Math.max(timestamp, afterTimestamp);
    }

    private void noteDeletion() {
        switch (kind) {
            case ROW -> {
                rowDeletedTo = NO_DELETION;
                if ((valueArray[valueOffset] & Cells.ROW_DELETION) != 0) {
                    row.wrap(valueArray, valueOffset, valueLength);
                    rowDeletedTo = row.deletionTimestamp();
                    deletedRow.clear().writeBytes(keyArray, keyOffset, keyLength);
                }
            }
            case COLUMN_DELETION -> {
                columnDeletedTo =
                        ByteWriter.getLong(valueArray, valueOffset + 2); // flags, suffix length
                deletedColumn.clear().writeBytes(keyArray, keyOffset, keyLength);
            }
            case ELEMENT, BOUNDARY, END -> {}
        }
    }

    private long deletionOfRowAndColumn() {
        long deletedTo = NO_DELETION;
        if (rowDeletedTo != NO_DELETION && isUnder(deletedRow)) {
            deletedTo = rowDeletedTo;
        }
        if (columnDeletedTo != NO_DELETION && kind == Kind.ELEMENT && isUnder(deletedColumn)) {
            deletedTo = Math.max(deletedTo, columnDeletedTo);
        }
        return deletedTo;
    }

    private boolean isUnder(ByteWriter prefix) {
        return RowKeys.startsWith(
                keyArray, keyOffset, keyLength, prefix.array(), 0, prefix.length());
    }

    @Override
    public void skipTo(byte[] key, int offset, int length) {
        if (!started) {
            started = true;
            for (int i = 0; i < sourceCount; i++) {
                source(i).skipTo(key, offset, length);
                step(i);
            }
            return;
        }
        for (int i = 0; i < emittedCount; i++) {
            source(emitted[i]).skipTo(key, offset, length);
            step(emitted[i]);
        }
        emittedCount = 0;
        started = true;
        int waiting = heapSize;
        int[] old = Arrays.copyOf(heap, waiting);
        heapSize = 0;
        for (int index : old) {
            RowCursor source = source(index);
            int order =
                    RowKeys.compare(
                            source.keyArray(),
                            source.keyOffset(),
                            source.keyLength(),
                            key,
                            offset,
                            length);
            if (reversed ? order >= 0 : order < 0) {
                source.skipTo(key, offset, length);
                step(index);
            } else {
                push(index);
            }
        }
    }

    private RowCursor source(int index) {
        RowCursor source = sources[index];
        if (source == null) {
            throw new IllegalStateException("The cursor is closed");
        }
        return source;
    }

    private void push(int index) {
        noteToken(index);
        insert(index);
    }

    private void noteToken(int index) {
        RowCursor source = source(index);
        tokens[index] =
                source.keyLength() >= Long.BYTES
                        ? ByteWriter.getLong(source.keyArray(), source.keyOffset())
                        : 0;
    }

    private void insert(int index) {
        int at = heapSize++;
        while (at > 0) {
            int parent = (at - 1) >>> 1;
            if (compare(index, heap[parent]) >= 0) {
                break;
            }
            heap[at] = heap[parent];
            at = parent;
        }
        heap[at] = index;
    }

    private int pop() {
        int first = heap[0];
        int last = heap[--heapSize];
        int at = 0;
        while (true) {
            int child = 2 * at + 1;
            if (child >= heapSize) {
                break;
            }
            if (child + 1 < heapSize && compare(heap[child + 1], heap[child]) < 0) {
                child++;
            }
            if (compare(last, heap[child]) <= 0) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = last;
        return first;
    }

    /// In the direction of travel. Only keys decide, so equal keys are found as neighbours.
    private int compare(int a, int b) {
        int order = Long.compareUnsigned(tokens[a], tokens[b]);
        if (order == 0) {
            RowCursor left = source(a);
            RowCursor right = source(b);
            order =
                    RowKeys.compare(
                            left.keyArray(),
                            left.keyOffset(),
                            left.keyLength(),
                            right.keyArray(),
                            right.keyOffset(),
                            right.keyLength());
        }
        return reversed ? -order : order;
    }

    /// How many sources had the current item.
    public int sourcesMerged() {
        return emittedCount;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public byte[] keyArray() {
        return keyArray;
    }

    @Override
    public int keyOffset() {
        return keyOffset;
    }

    @Override
    public int keyLength() {
        return keyLength;
    }

    @Override
    public byte[] valueArray() {
        return valueArray;
    }

    @Override
    public int valueOffset() {
        return valueOffset;
    }

    @Override
    public int valueLength() {
        return valueLength;
    }

    @Override
    public long beforeTimestamp() {
        return beforeTimestamp;
    }

    @Override
    public int beforeDeletionTime() {
        return beforeTimestamp == NO_DELETION ? 0 : beforeTime;
    }

    @Override
    public long afterTimestamp() {
        return afterTimestamp;
    }

    @Override
    public int afterDeletionTime() {
        return afterTimestamp == NO_DELETION ? 0 : afterTime;
    }

    @Override
    public void close() {
        for (int i = 0; i < sourceCount; i++) {
            RowCursor source = sources[i];
            if (source != null) {
                source.close();
                sources[i] = null;
            }
        }
        sourceCount = 0;
        heapSize = 0;
        emittedCount = 0;
        kind = Kind.END;
    }
}
