package io.helenus.engine.storage;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.Cells;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowReconciler;
import io.helenus.sstable.model.RowView;

/// The row that [ReadView#readRow] found, reconciled over all memtables and SSTables, without what a
/// deletion shadows. Reused; one thread. The bytes are valid until the next read into this object.
public final class RowResult {
    private static final byte[] NOTHING = {};

    private final RowReconciler reconciler = new RowReconciler();
    private final RowView row = new RowView();
    private ByteWriter merged = new ByteWriter(256);
    private ByteWriter scratch = new ByteWriter(256);
    private byte[] array = NOTHING;
    private int offset;
    private int length;
    private long deletionTimestamp = RowCursor.NO_DELETION;
    private int deletionTime;

    /// Whether there is anything. A row that is found may still be dead: deleted, or expired.
    public boolean isFound() {
        return length > 0;
    }

    /// Holds the encoded row.
    public byte[] array() {
        return array;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    /// The newest range deletion that covers the key, or [RowCursor#NO_DELETION].
    public long deletionTimestamp() {
        return deletionTimestamp;
    }

    public int deletionTime() {
        return deletionTime;
    }

    void clear() {
        array = NOTHING;
        offset = 0;
        length = 0;
        deletionTimestamp = RowCursor.NO_DELETION;
        deletionTime = 0;
    }

    void add(byte[] from, int at, int bytes) {
        if (length == 0) {
            array = from;
            offset = at;
            length = bytes;
            return;
        }
        scratch.clear();
        reconciler.merge(array, offset, length, from, at, bytes, scratch);
        takeScratch();
    }

    /// The same for bytes that will not stay what they are.
    void addCopy(byte[] from, int at, int bytes) {
        if (length > 0) {
            add(from, at, bytes);
            return;
        }
        merged.clear().writeBytes(from, at, bytes);
        array = merged.array();
        offset = 0;
        length = bytes;
    }

    void addDeletion(long timestamp, int time) {
        if (timestamp != RowCursor.NO_DELETION
                && Cells.deletionWins(timestamp, time, deletionTimestamp, deletionTime)) {
            deletionTimestamp = timestamp;
            deletionTime = time;
        }
    }

    /// Whether nothing that is not newer than `maxTimestamp` can change the answer: all of it would be
    /// shadowed, or everything that is wanted is there and newer.
    ///
    /// @param wanted column ids, ascending; empty if unknown
    boolean isSettled(long maxTimestamp, int[] wanted) {
        if (deletionTimestamp >= maxTimestamp && deletionTimestamp != RowCursor.NO_DELETION) {
            return true;
        }
        if (length == 0) {
            return false;
        }
        row.wrap(array, offset, length);
        if (row.hasDeletion() && row.deletionTimestamp() >= maxTimestamp) {
            return true;
        }
        if (wanted.length == 0
                || !row.hasLiveness()
                || row.livenessExpires() // then a column that nobody wants may keep the row alive
                || row.timestamp() <= maxTimestamp
                || row.hasSpelling()) {
            return false;
        }
        int next = 0;
        while (next < wanted.length && row.nextCell()) {
            int column = row.cell().columnId();
            if (column > wanted[next]) {
                return false;
            }
            if (column == wanted[next]) {
                if (row.cell().timestamp() <= maxTimestamp) {
                    return false;
                }
                next++;
            }
        }
        return next == wanted.length;
    }

    void applyDeletion() {
        if (length == 0 || deletionTimestamp == RowCursor.NO_DELETION) {
            return;
        }
        scratch.clear();
        switch (reconciler.dropShadowed(array, offset, length, deletionTimestamp, scratch)) {
            case ALL -> {}
            case SOME -> takeScratch();
            case NONE -> {
                array = NOTHING;
                offset = 0;
                length = 0;
            }
        }
    }

    private void takeScratch() {
        ByteWriter written = scratch;
        scratch = merged;
        merged = written;
        array = written.array();
        offset = 0;
        length = written.length();
    }
}
