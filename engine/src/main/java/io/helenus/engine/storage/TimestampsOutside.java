package io.helenus.engine.storage;

import io.helenus.engine.storage.memtable.MemtableCursor;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTablePoint;
import io.helenus.sstable.model.RowKeys;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// Tells, for one compaction, the oldest timestamp that a partition has anywhere else in its table: a
/// deletion may be purged only if it is older. Asks the table as it is at that moment, so a file or a
/// memtable that came after the compaction had begun counts too.
///
/// One thread at a time. Nothing stays pinned between two questions.
public final class TimestampsOutside implements AutoCloseable {
    private final TableStore table;
    private final List<SSTable> inside;
    private final ViewPins pins;
    private final ViewPins.Slot slot;
    private final MemtableCursor cursor;
    private final SSTablePoint point = new SSTablePoint();

    /// The View for which `outside` was made. Weakly held, so that its memtables can go.
    private WeakReference<View> seen = new WeakReference<>(null);

    private SSTable[] outside = {};

    /// @param inside the files that are compacted
    public TimestampsOutside(TableStore table, Collection<SSTable> inside) {
        this.table = table;
        this.inside = List.copyOf(inside);
        pins = table.engine().pins();
        slot = pins.register();
        cursor = new MemtableCursor(table.engine().readers());
    }

    /// The oldest timestamp of a partition outside; [Long#MAX_VALUE] if there is nothing of it,
    /// [Long#MIN_VALUE] if that is not known.
    ///
    /// @param key begins with token, length and partition key
    public long oldest(byte[] key, int offset) {
        if (table.isPurgingSuspended()) { // asked first: what has arrived since is in the View
            return Long.MIN_VALUE;
        }
        int length = RowKeys.partitionLength(key, offset);
        View view = pins.pin(slot, table);
        try {
            long min = Long.MAX_VALUE;
            for (CountedMemtable memtable : view.memtables) {
                min = Math.min(min, memtable.memtable().minTimestamp(key, offset, length, cursor));
            }
            SSTable[] files = outside(view);
            for (int i = 0; i < files.length && min > Long.MIN_VALUE; i++) {
                min = Math.min(min, oldestIn(files[i], min, key, offset, length));
            }
            for (ReplayableWrites.InFile each : table.replayable().files()) {
                if (each.minTimestamp() < min
                        && each.span().touchesPartition(key, offset, length)) {
                    min = each.minTimestamp();
                }
            }
            return min;
        } finally {
            point.clear();
            pins.unpin(slot);
        }
    }

    private long oldestIn(SSTable file, long known, byte[] key, int offset, int length) {
        if (!file.touchesPartition(key, offset, length)) {
            return Long.MAX_VALUE;
        }
        if (file.isDamaged()) {
            return Long.MIN_VALUE;
        }
        long oldest = file.file().minTimestamp();
        if (oldest >= known) {
            return known;
        }
        try {
            return point.mayContainPartition(file.reader(), key, offset, ReadMode.FILL)
                    ? oldest
                    : Long.MAX_VALUE;
        } catch (CorruptSSTableException e) {
            file.noteDamage(e);
            return Long.MIN_VALUE;
        }
    }

    private SSTable[] outside(View view) {
        if (!seen.refersTo(view)) {
            List<SSTable> others = new ArrayList<>(List.of(view.sstables));
            others.removeAll(inside);
            outside = others.toArray(SSTable[]::new);
            seen = new WeakReference<>(view);
        }
        return outside;
    }

    /// Whether a memtable of the table, or what is on its way here, may have anything as old as this,
    /// or older. Looks through all memtables if need be.
    public boolean memtablesHoldUpTo(long timestamp) {
        if (table.isPurgingSuspended()) {
            return true;
        }
        View view = pins.pin(slot, table);
        try {
            for (CountedMemtable memtable : view.memtables) {
                if (memtable.memtable().holdsUpTo(timestamp, cursor)) {
                    return true;
                }
            }
            for (ReplayableWrites.InFile each : table.replayable().files()) {
                if (each.minTimestamp() <= timestamp) {
                    return true;
                }
            }
            return false;
        } finally {
            pins.unpin(slot);
        }
    }

    @Override
    public void close() {
        cursor.unregister();
        pins.unregister(slot);
    }
}
