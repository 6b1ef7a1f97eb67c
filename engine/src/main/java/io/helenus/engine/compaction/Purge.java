package io.helenus.engine.compaction;

import io.helenus.engine.storage.TimestampsOutside;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.PurgeRules;
import io.helenus.sstable.model.RowKeys;
import java.util.function.BooleanSupplier;

/// What one compaction may drop. Asks for the timestamps of a partition elsewhere only when there is
/// something in it that is past its grace period, and then once. One thread at a time.
final class Purge implements PurgeRules {
    private final TableCompaction table;
    private final long nowSeconds;
    private final long gcBefore;
    private final boolean mayPurgeAtAll;
    private final TimestampsOutside outside;
    private final BooleanSupplier stopped;
    private final ByteWriter partition = new ByteWriter();
    private long oldestOutside;

    Purge(
            TableCompaction table,
            long nowSeconds,
            boolean mayPurgeAtAll,
            TimestampsOutside outside,
            BooleanSupplier stopped) {
        this.table = table;
        this.nowSeconds = nowSeconds;
        gcBefore = nowSeconds - table.gcGraceSeconds();
        this.mayPurgeAtAll = mayPurgeAtAll;
        this.outside = outside;
        this.stopped = stopped;
    }

    @Override
    public long nowSeconds() {
        return nowSeconds;
    }

    @Override
    public boolean mayPurge(long timestamp, int deletionTime, byte[] key, int keyOffset) {
        if (Integer.toUnsignedLong(deletionTime) >= gcBefore || !mayPurgeAtAll) {
            return false;
        }
        int length = RowKeys.partitionLength(key, keyOffset);
        boolean known =
                partition.length() == length
                        && RowKeys.startsWith(key, keyOffset, length, partition.array(), 0, length);
        if (!known) {
            if (stopped.getAsBoolean()) {
                // Where all is purged, no item leads back to the step that would notice.
                throw new StoppedException();
            }
            partition.clear().writeBytes(key, keyOffset, length);
            oldestOutside = outside.oldest(key, keyOffset);
        }
        return timestamp < oldestOutside;
    }

    @Override
    public boolean isDropped(int columnId) {
        return !table.hasColumn(columnId);
    }

    @Override
    public boolean hasElements() {
        return table.hasElements();
    }

    /// The compaction was stopped. Carries no stack.
    static final class StoppedException extends RuntimeException {
        private static final long serialVersionUID = 1;

        StoppedException() {
            super("The compaction was stopped", null, false, false);
        }
    }
}
