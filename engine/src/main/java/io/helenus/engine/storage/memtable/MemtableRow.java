package io.helenus.engine.storage.memtable;

import io.helenus.sstable.model.RowCursor;
import org.jspecify.annotations.Nullable;

/// What a memtable says about one entry. Reused; one thread.
public final class MemtableRow {
    final RangeDeletions.Walk walk = new RangeDeletions.Walk();
    byte @Nullable [] value;
    long deletionTimestamp;
    int deletionTime;

    /// The stored value, or null if there is none. Nobody changes it. A deletion is not applied to it.
    public byte @Nullable [] value() {
        return value;
    }

    /// Of the range deletion that covers the entry, or [RowCursor#NO_DELETION].
    public long deletionTimestamp() {
        return deletionTimestamp;
    }

    public int deletionTime() {
        return deletionTime;
    }

    void clear() {
        value = null;
        deletionTimestamp = RowCursor.NO_DELETION;
        deletionTime = 0;
    }
}
