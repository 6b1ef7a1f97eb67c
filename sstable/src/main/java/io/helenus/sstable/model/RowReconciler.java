package io.helenus.sstable.model;

import java.util.Arrays;

/// Makes one version out of two of the same entry, and removes what a deletion shadows. Commutative,
/// associative and idempotent, so it does not matter which replica, file or thread merges what first.
/// Reused and allocation-free; one thread.
public final class RowReconciler {
    /// What [#dropShadowed] found.
    public enum Remains {
        /// All of it: nothing was written.
        ALL,
        /// Some of it, which was written.
        SOME,
        /// Nothing.
        NONE
    }

    private final RowView left = new RowView();
    private final RowView right = new RowView();
    private final ElementView leftElement = new ElementView();
    private final ElementView rightElement = new ElementView();
    private final RowWriter writer = new RowWriter();

    /// Appends the merged value of two entries with the same key to `out`.
    public void merge(
            byte[] a,
            int aOffset,
            int aLength,
            byte[] b,
            int bOffset,
            int bLength,
            ByteWriter out) {
        if (a[aOffset] >= 0) {
            mergeRows(left.wrap(a, aOffset, aLength), right.wrap(b, bOffset, bLength), out);
            return;
        }
        leftElement.wrap(a, aOffset, aLength);
        rightElement.wrap(b, bOffset, bLength);
        boolean leftWins =
                leftElement.isColumnDeletion()
                        ? !Cells.deletionWins(
                                rightElement.timestamp(),
                                rightElement.deletionTime(),
                                leftElement.timestamp(),
                                leftElement.deletionTime())
                        : Cells.leftWins(a, leftElement.cell(), b, rightElement.cell());
        if (leftWins) {
            out.writeBytes(a, aOffset, aLength);
        } else {
            out.writeBytes(b, bOffset, bLength);
        }
    }

    private void mergeRows(RowView a, RowView b, ByteWriter out) {
        RowView deletion =
                Cells.deletionWins(
                                b.deletionTimestamp(),
                                b.deletionTime(),
                                a.deletionTimestamp(),
                                a.deletionTime())
                        ? b
                        : a;
        long deletedTo = deletion.deletionTimestamp();
        boolean aLives = a.hasLiveness() && a.timestamp() > deletedTo;
        boolean bLives = b.hasLiveness() && b.timestamp() > deletedTo;
        boolean fromA = aLives && (!bLives || Cells.leftLivenessWins(a, b));
        boolean liveness = aLives || bLives;
        RowView live = fromA ? a : b;
        RowView spelled = spelling(a, b);
        long base = liveness ? live.timestamp() : Math.max(a.timestamp(), b.timestamp());
        writer.begin(
                out,
                liveness,
                base,
                liveness ? live.livenessTtl() : 0,
                live.livenessExpiry(),
                deletedTo,
                deletion.deletionTime(),
                spelled.array(),
                spelled.spellingOffset(),
                spelled.spellingLength());
        mergeCells(a, b, deletedTo);
        writer.end();
    }

    private void mergeCells(RowView a, RowView b, long deletedTo) {
        boolean hasA = a.nextCell();
        boolean hasB = b.nextCell();
        while (hasA || hasB) {
            int order;
            if (!hasB) {
                order = -1;
            } else if (!hasA) {
                order = 1;
            } else {
                order = Integer.compare(a.cell().columnId, b.cell().columnId);
            }
            boolean fromA =
                    order < 0
                            || order == 0
                                    && Cells.leftWins(a.array(), a.cell(), b.array(), b.cell());
            RowView winner = fromA ? a : b;
            if (winner.cell().timestamp > deletedTo) {
                writer.copy(winner.array(), winner.cell());
            }
            if (order <= 0) {
                hasA = a.nextCell();
            }
            if (order >= 0) {
                hasB = b.nextCell();
            }
        }
    }

    /// Any rule will do that does not depend on the order of merging: the greater bytes.
    private static RowView spelling(RowView a, RowView b) {
        if (!a.hasSpelling() || !b.hasSpelling()) {
            return a.hasSpelling() ? a : b;
        }
        int order =
                Arrays.compareUnsigned(
                        a.array(),
                        a.spellingOffset(),
                        a.spellingOffset() + a.spellingLength(),
                        b.array(),
                        b.spellingOffset(),
                        b.spellingOffset() + b.spellingLength());
        return order >= 0 ? a : b;
    }

    /// Appends to `out` what is left of an entry under a deletion of everything up to `deletedTo`.
    /// A row deletion that is not newer goes too.
    public Remains dropShadowed(
            byte[] array, int offset, int length, long deletedTo, ByteWriter out) {
        if (deletedTo == RowCursor.NO_DELETION) {
            return Remains.ALL;
        }
        if (array[offset] < 0) {
            return leftElement.wrap(array, offset, length).timestamp() > deletedTo
                    ? Remains.ALL
                    : Remains.NONE;
        }
        RowView row = left.wrap(array, offset, length);
        boolean liveness = row.hasLiveness() && row.timestamp() > deletedTo;
        boolean deletion = row.deletionTimestamp() > deletedTo;
        boolean same = liveness == row.hasLiveness() && deletion == row.hasDeletion();
        int kept = 0;
        while (row.nextCell()) {
            if (row.cell().timestamp > deletedTo) {
                kept++;
            } else {
                same = false;
            }
        }
        if (same) {
            return Remains.ALL;
        }
        if (!liveness && !deletion && kept == 0) {
            return Remains.NONE;
        }
        row.wrap(array, offset, length);
        writer.beginAs(out, array, row, liveness, deletion);
        while (row.nextCell()) {
            if (row.cell().timestamp > deletedTo) {
                writer.copy(array, row.cell());
            }
        }
        writer.end();
        return Remains.SOME;
    }

    /// Appends to `out` what is left of an entry without the cells of which another entry with the same
    /// key has newer ones. Its liveness and its deletions stay.
    public Remains dropOverwritten(
            byte[] array,
            int offset,
            int length,
            byte[] newer,
            int newerOffset,
            int newerLength,
            ByteWriter out) {
        if (array[offset] < 0) {
            return leftElement.wrap(array, offset, length).timestamp()
                            < rightElement.wrap(newer, newerOffset, newerLength).timestamp()
                    ? Remains.NONE
                    : Remains.ALL;
        }
        RowView row = left.wrap(array, offset, length);
        RowView other = right.wrap(newer, newerOffset, newerLength);
        int start = out.length();
        writer.beginAs(out, array, row, true, true);
        boolean hasOther = other.nextCell();
        while (row.nextCell()) {
            while (hasOther && other.cell().columnId < row.cell().columnId) {
                hasOther = other.nextCell();
            }
            boolean isOverwritten =
                    hasOther
                            && other.cell().columnId == row.cell().columnId
                            && other.cell().timestamp > row.cell().timestamp;
            if (!isOverwritten) {
                writer.copy(array, row.cell());
            }
        }
        int kept = writer.count();
        writer.end();
        boolean isEmpty =
                kept == 0 && !row.hasLiveness() && !row.hasDeletion() && !row.hasSpelling();
        if (kept == row.cellCount() || isEmpty) {
            out.setLength(start);
            return isEmpty && row.cellCount() > 0 ? Remains.NONE : Remains.ALL;
        }
        return Remains.SOME;
    }

    /// Whether a row entry says nothing: no liveness, no deletion, no cell.
    public static boolean saysNothing(RowView row) {
        return !row.hasLiveness() && !row.hasDeletion() && row.cellCount() == 0;
    }
}
