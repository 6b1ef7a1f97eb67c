package io.helenus.engine.storage.memtable;

import io.helenus.sstable.model.ElementView;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowView;

/// The oldest timestamp among what a cursor shows. One thread.
final class TimestampBounds {
    private final ElementView element = new ElementView();
    private long min = Long.MAX_VALUE;

    void add(RowCursor cursor, RowView row) {
        switch (cursor.kind()) {
            case ROW -> {
                row.wrap(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
                if (row.hasLiveness()) {
                    add(row.timestamp());
                }
                if (row.hasDeletion()) {
                    add(row.deletionTimestamp());
                }
                while (row.nextCell()) {
                    add(row.cell().timestamp());
                }
            }
            case COLUMN_DELETION, ELEMENT ->
                    add(
                            element.wrap(
                                            cursor.valueArray(),
                                            cursor.valueOffset(),
                                            cursor.valueLength())
                                    .timestamp());
            case BOUNDARY -> {
                if (cursor.afterTimestamp() != RowCursor.NO_DELETION) {
                    add(cursor.afterTimestamp());
                }
            }
            case END -> {}
        }
    }

    private void add(long timestamp) {
        min = Math.min(min, timestamp);
    }

    long min() {
        return min;
    }
}
