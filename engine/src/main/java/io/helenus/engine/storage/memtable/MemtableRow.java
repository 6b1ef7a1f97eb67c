package io.helenus.engine.storage.memtable;

import io.helenus.sstable.model.RowCursor;

/// What a memtable says about one entry. Reused; one thread.
public final class MemtableRow {
    final RangeDeletions.Walk walk = new RangeDeletions.Walk();
    private byte[] value = {};
    private int valueLength;
    long deletionTimestamp;
    int deletionTime;

    /// Whether there is a value. A deletion is not applied to it.
    public boolean isFound() {
        return valueLength > 0;
    }

    /// Begins with a copy of the stored value. It changes with the next read.
    public byte[] valueArray() {
        return value;
    }

    public int valueLength() {
        return valueLength;
    }

    /// Of the range deletion that covers the entry, or [RowCursor#NO_DELETION].
    public long deletionTimestamp() {
        return deletionTimestamp;
    }

    public int deletionTime() {
        return deletionTime;
    }

    void clear() {
        valueLength = 0;
        deletionTimestamp = RowCursor.NO_DELETION;
        deletionTime = 0;
    }

    void setValue(byte[] from, int offset, int length) {
        if (value.length < length) {
            value = new byte[Math.max(length, 2 * value.length)];
        }
        System.arraycopy(from, offset, value, 0, length);
        valueLength = length;
    }
}
