package io.helenus.sstable.model;

import io.helenus.sstable.model.RowReconciler.Remains;

/// Takes out of one entry what [PurgeRules] let go, and makes tombstones of cells that have expired.
/// As Cassandra does: such a tombstone is as old as the cell, so it was deleted when it was written;
/// a row's own expired liveness stays until it may be purged. Reused, allocation-free; one thread.
public final class RowPurger {
    private final RowView row = new RowView();
    private final ElementView element = new ElementView();
    private final RowWriter writer = new RowWriter();

    /// Appends what is left of an entry to `out`, unless all or nothing is.
    public Remains purge(
            RowCursor.Kind kind,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength,
            PurgeRules rules,
            ByteWriter out) {
        if (kind == RowCursor.Kind.ROW) {
            row.wrap(value, valueOffset, valueLength);
            return isUntouched(rules)
                    ? Remains.ALL
                    : purgeRow(key, keyOffset, value, valueOffset, valueLength, rules, out);
        }
        element.wrap(value, valueOffset, valueLength);
        int suffixAt = keyOffset + keyLength - element.suffixLength();
        if (rules.isDropped(ByteWriter.getUnsignedShort(key, suffixAt))) {
            return Remains.NONE;
        }
        if (element.isColumnDeletion()) {
            return rules.mayPurge(element.timestamp(), element.deletionTime(), key, keyOffset)
                    ? Remains.NONE
                    : Remains.ALL;
        }
        return purgeElement(key, keyOffset, rules, out);
    }

    /// Whether the row has nothing that could go, which is so for most.
    private boolean isUntouched(PurgeRules rules) {
        if (row.hasDeletion() || row.livenessExpires()) {
            return false;
        }
        CellView cell = row.cell();
        while (row.nextCell()) {
            if ((cell.flags & (Cells.CELL_TOMBSTONE | Cells.CELL_EXPIRES)) != 0
                    || rules.isDropped(cell.columnId)) {
                return false;
            }
        }
        return true;
    }

    private Remains purgeRow(
            byte[] key,
            int keyOffset,
            byte[] value,
            int valueOffset,
            int valueLength,
            PurgeRules rules,
            ByteWriter out) {
        row.wrap(value, valueOffset, valueLength);
        boolean liveness =
                row.hasLiveness()
                        && (row.isLivenessLive(rules.nowSeconds())
                                || !rules.mayPurge(
                                        row.timestamp(), row.livenessExpiry(), key, keyOffset));
        boolean deletion =
                row.hasDeletion()
                        && !rules.mayPurge(
                                row.deletionTimestamp(), row.deletionTime(), key, keyOffset);
        boolean same = liveness == row.hasLiveness() && deletion == row.hasDeletion();
        int start = out.length();
        writer.beginAs(out, value, row, liveness, deletion);
        CellView cell = row.cell();
        while (row.nextCell()) {
            if (rules.isDropped(cell.columnId)) {
                same = false;
            } else if (cell.isLive(rules.nowSeconds())) {
                writer.copy(value, cell);
            } else {
                int time = cell.isTombstone() ? cell.time : cell.time - cell.ttl;
                boolean kept = !rules.mayPurge(cell.timestamp, time, key, keyOffset);
                if (kept) {
                    writer.tombstone(cell.columnId, cell.timestamp, time);
                }
                same &= kept && cell.isTombstone();
            }
        }
        int count = writer.count();
        writer.end();
        if (same) {
            out.setLength(start);
            return Remains.ALL;
        }
        // A clustering's own spelling may be all that is left of a row, beside its elements.
        boolean isSpelled = row.hasSpelling() && rules.hasElements();
        if (!liveness && !deletion && count == 0 && !isSpelled) {
            out.setLength(start);
            return Remains.NONE;
        }
        return Remains.SOME;
    }

    private Remains purgeElement(byte[] key, int keyOffset, PurgeRules rules, ByteWriter out) {
        CellView cell = element.cell();
        if (cell.isLive(rules.nowSeconds())) {
            return Remains.ALL;
        }
        int time = cell.isTombstone() ? cell.time : cell.time - cell.ttl;
        if (rules.mayPurge(cell.timestamp, time, key, keyOffset)) {
            return Remains.NONE;
        }
        if (cell.isTombstone()) {
            return Remains.ALL;
        }
        RowWriter.elementTombstone(out, element.suffixLength(), cell.timestamp, time);
        return Remains.SOME;
    }
}
