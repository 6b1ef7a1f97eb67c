package io.helenus.sstable.model;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Groups the entries of a merged cursor into rows and finds the wanted columns in each: simple cells
/// by slot, multi-cell columns as lists of elements in path order. Applies the deletions of rows and
/// columns, in both directions. Reusable and allocation-free once grown; owned by one thread. Does not
/// own the cursor.
///
/// A slot is the caller's number for a column; which column id has which slot is given at
/// [#open]. What a slot holds is valid until the next row.
public final class RowReader {
    private static final byte[] NOTHING = new byte[0];

    private @Nullable RowCursor cursor;
    private boolean reversed;
    private boolean multiCell;
    private int[] slotOfColumn = new int[0];
    private long nowSeconds;

    private boolean waiting; // the cursor's current item belongs to the next row
    private byte[] keyArray = NOTHING;
    private int keyOffset;
    private int keyLength;
    private final ByteWriter keyCopy = new ByteWriter();
    private final ByteWriter arena = new ByteWriter(256);
    private final RowView row = new RowView();
    private final ElementView element = new ElementView();
    private boolean rowSeen;
    private boolean live;
    private final ReadTally tally = new ReadTally();

    /// Of the current row, for the tally.
    private int rowTombstones;

    private int rowBytes;
    private boolean deletedAsWhole;

    private byte[] cellArray = NOTHING;
    private int[] cellOffset = new int[0];
    private int[] cellLength = new int[0];
    private long[] cellTimestamp = new long[0];
    private int[] cellTtl = new int[0];
    private int[] cellExpiry = new int[0];

    /// Elements of all multi-cell columns of the row, grouped by column, ascending by path.
    private int elements;

    private int[] elementSlot = new int[16];
    private int[] pathOffset = new int[16];
    private int[] pathLength = new int[16];
    private int[] elementOffset = new int[16];
    private int[] elementLength = new int[16];
    private long[] elementTimestamp = new long[16];
    private int[] elementTtl = new int[16];
    private int[] elementExpiry = new int[16];
    private int[] slotFirst = new int[0];
    private int[] slotCount = new int[0];

    /// Columns deleted as a whole, of this row.
    private int deletedColumns;

    private int[] deletedColumn = new int[4];
    private long[] columnDeletedTo = new long[4];

    /// Starts to read rows from `cursor`, which has not been stepped yet.
    ///
    /// @param slotOfColumn by column id, the slot or -1; ids beyond its end are not wanted
    /// @param slots how many slots there are
    /// @param multiCell whether the table has multi-cell columns at all
    /// @param nowSeconds decides what has expired
    public RowReader open(
            RowCursor cursor,
            boolean reversed,
            int[] slotOfColumn,
            int slots,
            boolean multiCell,
            long nowSeconds) {
        this.cursor = cursor;
        this.reversed = reversed;
        prepare(slotOfColumn, slots, multiCell, nowSeconds);
        return this;
    }

    private void prepare(int[] slotOfColumn, int slots, boolean multiCell, long nowSeconds) {
        this.slotOfColumn = slotOfColumn;
        this.multiCell = multiCell;
        this.nowSeconds = nowSeconds;
        waiting = false;
        if (cellOffset.length < slots) {
            cellOffset = new int[slots];
            cellLength = new int[slots];
            cellTimestamp = new long[slots];
            cellTtl = new int[slots];
            cellExpiry = new int[slots];
            slotFirst = new int[slots];
            slotCount = new int[slots];
        }
        startRow();
    }

    /// Makes one row entry, found by a point read, the current row. For tables without multi-cell
    /// columns.
    ///
    /// @return whether the row exists: see [#isLive]
    public boolean openRow(
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength,
            int[] slotOfColumn,
            int slots,
            long nowSeconds) {
        cursor = null;
        prepare(slotOfColumn, slots, false, nowSeconds);
        keyArray = key;
        this.keyOffset = keyOffset;
        this.keyLength = keyLength;
        rowBytes = keyLength;
        readRow(value, valueOffset, valueLength);
        endRow();
        return live;
    }

    /// Moves to the next row that holds anything at all; see [#isLive].
    public boolean next() {
        RowCursor from = cursor;
        if (from == null) {
            return false;
        }
        startRow();
        if (!waiting) {
            from.next();
        }
        waiting = false;
        while (from.kind() == RowCursor.Kind.BOUNDARY) {
            tally.boundary(from);
            from.next();
        }
        if (from.kind() == RowCursor.Kind.END) {
            waiting = true; // stays at the end
            return false;
        }
        if (!multiCell) {
            keyArray = from.keyArray();
            keyOffset = from.keyOffset();
            keyLength = from.keyLength();
            rowBytes = keyLength;
            readRow(from.valueArray(), from.valueOffset(), from.valueLength());
        } else {
            gather(from);
        }
        endRow();
        return true;
    }

    /// Leaves out the rows up to the key: the next one is at or after it, or before it in reverse.
    public void skipTo(byte[] key, int offset, int length) {
        RowCursor from = cursor;
        if (from == null || from.kind() == RowCursor.Kind.END && waiting) {
            return;
        }
        if (waiting) {
            int order =
                    RowKeys.compare(
                            from.keyArray(),
                            from.keyOffset(),
                            from.keyLength(),
                            key,
                            offset,
                            length);
            if (reversed ? order < 0 : order >= 0) {
                return;
            }
            waiting = false;
        }
        from.skipTo(key, offset, length);
    }

    private void startRow() {
        rowSeen = false;
        live = false;
        elements = 0;
        deletedColumns = 0;
        rowTombstones = 0;
        rowBytes = 0;
        deletedAsWhole = false;
        Arrays.fill(cellLength, -1);
        Arrays.fill(slotCount, 0);
    }

    private void endRow() {
        if (!live && rowTombstones == 0 && deletedAsWhole) {
            rowTombstones = 1;
        }
        tally.row(live, rowTombstones, rowBytes);
    }

    /// Collects all entries of one row; the cursor stops at the first item behind it.
    private void gather(RowCursor from) {
        arena.clear();
        takeKey(from);
        int valueAt = -1;
        int valueLength = 0;
        do {
            switch (from.kind()) {
                case ROW -> {
                    valueAt = arena.length();
                    valueLength = from.valueLength();
                    arena.writeBytes(from.valueArray(), from.valueOffset(), valueLength);
                }
                case ELEMENT, COLUMN_DELETION -> takeElement(from);
                case BOUNDARY -> tally.boundary(from);
                case END -> {}
            }
            from.next();
        } while (from.kind() != RowCursor.Kind.END && inRow(from));
        waiting = true;
        cellArray = arena.array();
        long rowDeletedTo = RowCursor.NO_DELETION;
        if (valueAt >= 0) {
            boolean columnDeleted = deletedAsWhole;
            readRow(cellArray, valueAt, valueLength);
            deletedAsWhole |= columnDeleted;
            rowDeletedTo = row.deletionTimestamp();
        }
        finishElements(rowDeletedTo);
    }

    private void takeKey(RowCursor from) {
        int length = from.keyLength();
        if (from.kind() != RowCursor.Kind.ROW) {
            element.wrap(from.valueArray(), from.valueOffset(), from.valueLength());
            length -= element.suffixLength();
        }
        keyCopy.clear().writeBytes(from.keyArray(), from.keyOffset(), length);
        keyArray = keyCopy.array();
        keyOffset = 0;
        keyLength = length;
        rowBytes += length;
    }

    private boolean inRow(RowCursor from) {
        return RowKeys.startsWith(
                from.keyArray(),
                from.keyOffset(),
                from.keyLength(),
                keyCopy.array(),
                0,
                keyCopy.length());
    }

    private void readRow(byte[] array, int offset, int length) {
        row.wrap(array, offset, length);
        rowSeen = true;
        cellArray = array;
        live = row.isLivenessLive(nowSeconds);
        rowBytes += length;
        deletedAsWhole =
                row.hasDeletion() && tally.counts(row.deletionTime())
                        || row.livenessExpires() && !live && tally.counts(row.livenessExpiry());
        CellView cell = row.cell();
        while (row.nextCell()) {
            if (!cell.isLive(nowSeconds)) {
                countDead(cell);
                continue;
            }
            live = true;
            int slot = slot(cell.columnId());
            if (slot >= 0) {
                cellOffset[slot] = cell.valueOffset;
                cellLength[slot] = cell.valueLength;
                cellTimestamp[slot] = cell.timestamp;
                cellTtl[slot] = cell.ttl;
                cellExpiry[slot] = cell.time;
            }
        }
    }

    /// A cell that has expired counts as deleted when it was written, as in Cassandra.
    private void countDead(CellView cell) {
        if (tally.counts(cell.time - cell.ttl)) {
            rowTombstones++;
        }
    }

    private int slot(int columnId) {
        return columnId < slotOfColumn.length ? slotOfColumn[columnId] : -1;
    }

    private void takeElement(RowCursor from) {
        element.wrap(from.valueArray(), from.valueOffset(), from.valueLength());
        rowBytes += from.keyLength() + from.valueLength();
        int suffixAt = from.keyOffset() + from.keyLength() - element.suffixLength();
        int columnId = ByteWriter.getUnsignedShort(from.keyArray(), suffixAt);
        if (element.isColumnDeletion()) {
            deletedAsWhole |= tally.counts(element.deletionTime());
            noteColumnDeletion(columnId, element.timestamp());
            return;
        }
        CellView cell = element.cell();
        if (!cell.isLive(nowSeconds)) {
            countDead(cell);
            return;
        }
        growElements();
        int at = elements++;
        // Until the row is complete, the column's id stands here: its deletion may still come.
        elementSlot[at] = columnId;
        pathLength[at] = element.suffixLength() - RowKeys.COLUMN_ID_BYTES;
        pathOffset[at] = arena.length();
        arena.writeBytes(from.keyArray(), suffixAt + RowKeys.COLUMN_ID_BYTES, pathLength[at]);
        elementLength[at] = cell.valueLength;
        elementOffset[at] = arena.length();
        arena.writeBytes(from.valueArray(), cell.valueOffset, cell.valueLength);
        elementTimestamp[at] = cell.timestamp;
        elementTtl[at] = cell.ttl;
        elementExpiry[at] = cell.time;
    }

    private void noteColumnDeletion(int columnId, long timestamp) {
        if (deletedColumns == deletedColumn.length) {
            deletedColumn = Arrays.copyOf(deletedColumn, 2 * deletedColumns);
            columnDeletedTo = Arrays.copyOf(columnDeletedTo, 2 * deletedColumns);
        }
        deletedColumn[deletedColumns] = columnId;
        columnDeletedTo[deletedColumns++] = timestamp;
    }

    /// Drops what is deleted, brings the rest into path order, and notes where each column's begin.
    private void finishElements(long rowDeletedTo) {
        int kept = 0;
        for (int i = 0; i < elements; i++) {
            int columnId = elementSlot[i];
            long deletedTo = rowDeletedTo;
            for (int c = 0; c < deletedColumns; c++) {
                if (deletedColumn[c] == columnId) {
                    deletedTo = Math.max(deletedTo, columnDeletedTo[c]);
                }
            }
            if (elementTimestamp[i] <= deletedTo) {
                continue;
            }
            live = true;
            int slot = slot(columnId);
            if (slot >= 0) {
                moveElement(i, kept);
                elementSlot[kept++] = slot;
            }
        }
        elements = kept;
        if (reversed) {
            for (int i = 0, j = kept - 1; i < j; i++, j--) {
                swapElements(i, j);
            }
        }
        for (int i = 0; i < kept; i++) {
            int slot = elementSlot[i];
            if (slotCount[slot]++ == 0) {
                slotFirst[slot] = i;
            }
        }
    }

    private void growElements() {
        if (elements < elementSlot.length) {
            return;
        }
        int size = 2 * elements;
        elementSlot = Arrays.copyOf(elementSlot, size);
        pathOffset = Arrays.copyOf(pathOffset, size);
        pathLength = Arrays.copyOf(pathLength, size);
        elementOffset = Arrays.copyOf(elementOffset, size);
        elementLength = Arrays.copyOf(elementLength, size);
        elementTimestamp = Arrays.copyOf(elementTimestamp, size);
        elementTtl = Arrays.copyOf(elementTtl, size);
        elementExpiry = Arrays.copyOf(elementExpiry, size);
    }

    private void moveElement(int from, int to) {
        elementSlot[to] = elementSlot[from];
        pathOffset[to] = pathOffset[from];
        pathLength[to] = pathLength[from];
        elementOffset[to] = elementOffset[from];
        elementLength[to] = elementLength[from];
        elementTimestamp[to] = elementTimestamp[from];
        elementTtl[to] = elementTtl[from];
        elementExpiry[to] = elementExpiry[from];
    }

    private void swapElements(int a, int b) {
        swap(elementSlot, a, b);
        swap(pathOffset, a, b);
        swap(pathLength, a, b);
        swap(elementOffset, a, b);
        swap(elementLength, a, b);
        swap(elementTtl, a, b);
        swap(elementExpiry, a, b);
        long timestamp = elementTimestamp[a];
        elementTimestamp[a] = elementTimestamp[b];
        elementTimestamp[b] = timestamp;
    }

    private static void swap(int[] array, int a, int b) {
        int value = array[a];
        array[a] = array[b];
        array[b] = value;
    }

    /// Whether a reader sees the row: it was inserted and has not expired, or something in it lives.
    public boolean isLive() {
        return live;
    }

    /// Key of the row, up to and with its position.
    public byte[] keyArray() {
        return keyArray;
    }

    public int keyOffset() {
        return keyOffset;
    }

    public int keyLength() {
        return keyLength;
    }

    public boolean isStatic() {
        int position = RowKeys.partitionLength(keyArray, keyOffset);
        return keyArray[keyOffset + position] == RowKeys.POSITION_STATIC;
    }

    /// The clustering's original bytes lie in [#cellArray] at [#spellingOffset]; -1 if the key has them.
    public int spellingLength() {
        return rowSeen ? row.spellingLength() : -1;
    }

    public int spellingOffset() {
        return row.spellingOffset();
    }

    /// Holds the values of simple cells.
    public byte[] cellArray() {
        return cellArray;
    }

    public int cellOffset(int slot) {
        return cellOffset[slot];
    }

    /// Bytes of the live cell, or -1.
    public int cellLength(int slot) {
        return cellLength[slot];
    }

    public long cellTimestamp(int slot) {
        return cellTimestamp[slot];
    }

    /// Seconds, 0 if the cell does not expire.
    public int cellTtl(int slot) {
        return cellTtl[slot];
    }

    /// Unsigned seconds.
    public int cellExpiry(int slot) {
        return cellExpiry[slot];
    }

    /// Live elements of the multi-cell column in a slot; they are numbered from [#firstElement].
    public int elementCount(int slot) {
        return slotCount[slot];
    }

    public int firstElement(int slot) {
        return slotFirst[slot];
    }

    /// Holds paths and values of elements.
    public byte[] elementArray() {
        return arena.array();
    }

    public int pathOffset(int element) {
        return pathOffset[element];
    }

    public int pathLength(int element) {
        return pathLength[element];
    }

    public int elementOffset(int element) {
        return elementOffset[element];
    }

    public int elementLength(int element) {
        return elementLength[element];
    }

    public long elementTimestamp(int element) {
        return elementTimestamp[element];
    }

    public int elementTtl(int element) {
        return elementTtl[element];
    }

    public int elementExpiry(int element) {
        return elementExpiry[element];
    }

    /// What was looked at since it was started last, by whoever opens this.
    public ReadTally tally() {
        return tally;
    }
}
