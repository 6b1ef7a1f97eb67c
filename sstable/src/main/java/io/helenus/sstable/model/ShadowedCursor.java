package io.helenus.sstable.model;

/// A forward cursor without what another one's deletions shadow, and on demand without the cells that
/// it overwrites. Nothing of the other one is shown: it stays where it is, and goes on deleting.
///
/// Of two equal deletions neither takes the other away, as two cursors may read each other's sources at
/// the same time. What the source's own deletion shadows is not in the source any more.
public final class ShadowedCursor extends FilterCursor {
    private final RowCursor newer;
    private final boolean overwritten;
    private final RowReconciler reconciler = new RowReconciler();
    private final RowView row = new RowView();
    private final ByteWriter deletedRow = new ByteWriter();
    private final ByteWriter deletedColumn = new ByteWriter();
    private final ByteWriter scratch = new ByteWriter(256);
    private boolean started;
    private long rowDeletedTo = NO_DELETION;
    private long columnDeletedTo = NO_DELETION;

    /// Takes over both cursors, which have not been stepped yet.
    ///
    /// @param newer merged, forward; all of it must stay in place as long as this is read
    /// @param overwritten whether cells go that `newer` overwrites, too
    public ShadowedCursor(RowCursor source, RowCursor newer, boolean overwritten) {
        super(source);
        this.newer = newer;
        this.overwritten = overwritten;
    }

    @Override
    public boolean nextWithin(int items) {
        for (int left = items; left > 0; left--) {
            if (!source.nextWithin(left)) {
                return false;
            }
            kind = source.kind();
            beforeTimestamp = source.beforeTimestamp();
            beforeTime = source.beforeDeletionTime();
            afterTimestamp = source.afterTimestamp();
            afterTime = source.afterDeletionTime();
            if (kind == Kind.END || kind == Kind.BOUNDARY) {
                takeValue();
                return true;
            }
            if (takeEntry()) {
                return true;
            }
        }
        return false;
    }

    private boolean takeEntry() {
        byte[] key = source.keyArray();
        int offset = source.keyOffset();
        int length = source.keyLength();
        boolean found = advance(key, offset, length);
        long deletedTo = newer.beforeTimestamp();
        if (found && kind == Kind.ROW) {
            row.wrap(newer.valueArray(), newer.valueOffset(), newer.valueLength());
            long rowTo = row.deletionTimestamp();
            row.wrap(source.valueArray(), source.valueOffset(), source.valueLength());
            deletedTo = rowTo == row.deletionTimestamp() ? deletedTo : Math.max(deletedTo, rowTo);
        }
        if (kind != Kind.ROW) {
            deletedTo = Math.max(deletedTo, deletionOfRowAndColumn(key, offset, length));
        }
        takeValue();
        rewritten.clear();
        switch (reconciler.dropShadowed(
                valueArray(), valueOffset(), valueLength(), deletedTo, rewritten)) {
            case ALL -> {}
            case SOME -> takeRewritten();
            case NONE -> {
                return false;
            }
        }
        return !overwritten || !found || dropOverwritten();
    }

    /// Moves the other cursor to the key or behind it, and notes deletions that it passes.
    ///
    /// @return whether it has an entry with this key
    private boolean advance(byte[] key, int offset, int length) {
        while (true) {
            if (started) {
                if (newer.kind() == Kind.END) {
                    return false;
                }
                int order =
                        RowKeys.compare(
                                newer.keyArray(),
                                newer.keyOffset(),
                                newer.keyLength(),
                                key,
                                offset,
                                length);
                if (order >= 0) {
                    boolean same = order == 0 && newer.kind() == kind;
                    if (same) {
                        noteDeletion();
                    }
                    return same;
                }
                noteDeletion();
                if (!RowKeys.samePartition(newer.keyArray(), newer.keyOffset(), key, offset)) {
                    newer.skipTo(key, offset, RowKeys.partitionLength(key, offset));
                }
            } else {
                started = true;
                newer.skipTo(key, offset, RowKeys.partitionLength(key, offset));
            }
            newer.next();
        }
    }

    private void noteDeletion() {
        switch (newer.kind()) {
            case ROW -> {
                row.wrap(newer.valueArray(), newer.valueOffset(), newer.valueLength());
                rowDeletedTo = row.deletionTimestamp();
                deletedRow.clear();
                deletedRow.writeBytes(newer.keyArray(), newer.keyOffset(), newer.keyLength());
            }
            case COLUMN_DELETION -> {
                columnDeletedTo = deletionOfColumn(newer);
                deletedColumn.clear();
                deletedColumn.writeBytes(newer.keyArray(), newer.keyOffset(), newer.keyLength());
            }
            case ELEMENT, BOUNDARY, END -> {}
        }
    }

    private long deletionOfRowAndColumn(byte[] key, int offset, int length) {
        long deletedTo = NO_DELETION;
        if (rowDeletedTo != NO_DELETION && isUnder(deletedRow, key, offset, length)) {
            deletedTo = rowDeletedTo;
        }
        boolean isItself =
                kind == Kind.COLUMN_DELETION && deletionOfColumn(source) == columnDeletedTo;
        if (columnDeletedTo != NO_DELETION
                && !isItself
                && isUnder(deletedColumn, key, offset, length)) {
            deletedTo = Math.max(deletedTo, columnDeletedTo);
        }
        return deletedTo;
    }

    private static long deletionOfColumn(RowCursor cursor) {
        return ByteWriter.getLong(cursor.valueArray(), cursor.valueOffset() + 2);
    }

    private static boolean isUnder(ByteWriter prefix, byte[] key, int offset, int length) {
        return RowKeys.startsWith(key, offset, length, prefix.array(), 0, prefix.length());
    }

    private boolean dropOverwritten() {
        scratch.clear();
        switch (reconciler.dropOverwritten(
                valueArray(),
                valueOffset(),
                valueLength(),
                newer.valueArray(),
                newer.valueOffset(),
                newer.valueLength(),
                scratch)) {
            case ALL -> {}
            case SOME -> {
                rewritten.clear();
                rewritten.writeBytes(scratch.array(), 0, scratch.length());
                takeRewritten();
            }
            case NONE -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        try {
            source.close();
        } finally {
            newer.close();
        }
    }
}
