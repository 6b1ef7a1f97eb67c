package io.helenus.engine.storage;

import io.helenus.sstable.model.CellView;
import io.helenus.sstable.model.ElementView;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a table must answer, worked out the slow way: it keeps every write and reconciles all of them
/// at each read, by rules written down here once more.
final class NaiveTable {
    record Cell(
            long timestamp, boolean tombstone, boolean expiring, long time, int ttl, String value) {
        private static final Comparator<Cell> NEWEST =
                Comparator.comparingLong(Cell::timestamp)
                        .thenComparing(cell -> cell.tombstone || cell.expiring)
                        .thenComparing(Cell::tombstone)
                        .thenComparingLong(Cell::time)
                        .thenComparing(Cell::ttl, Comparator.reverseOrder())
                        .thenComparing(Cell::value);
    }

    record Liveness(long timestamp, boolean expiring, long expiry, int ttl) {
        private static final Comparator<Liveness> NEWEST =
                Comparator.comparingLong(Liveness::timestamp)
                        .thenComparing(Liveness::expiring)
                        .thenComparingLong(Liveness::expiry)
                        .thenComparing(Liveness::ttl, Comparator.reverseOrder());
    }

    record Deletion(long timestamp, long time) implements Comparable<Deletion> {
        static final Deletion NONE = new Deletion(RowCursor.NO_DELETION, 0);

        @Override
        public int compareTo(Deletion other) {
            return Comparator.comparingLong(Deletion::timestamp)
                    .thenComparingLong(Deletion::time)
                    .compare(this, other);
        }
    }

    /// What a write says of an entry, or what a read shows of it.
    record Item(
            RowCursor.Kind kind,
            @Nullable Liveness liveness,
            Deletion deletion,
            Map<Integer, Cell> cells,
            @Nullable Cell element) {}

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Range(byte[] start, byte[] end, Deletion deletion) {}

    private final TreeMap<byte[], List<Item>> entries = new TreeMap<>(Arrays::compareUnsigned);
    private final List<Range> ranges = new ArrayList<>();

    void entry(byte[] key, byte[] value) {
        entries.computeIfAbsent(key, _ -> new ArrayList<>()).add(decode(value, 0, value.length));
    }

    void deleteRange(byte[] start, byte[] end, long timestamp, int time) {
        ranges.add(new Range(start, end, new Deletion(timestamp, time)));
    }

    void clear() {
        entries.clear();
        ranges.clear();
    }

    /// The newest range deletion that covers a key, with the latest time of all that do.
    Deletion deletionAt(byte[] key) {
        return ranges.stream()
                .filter(range -> Arrays.compareUnsigned(range.start, key) <= 0)
                .filter(range -> Arrays.compareUnsigned(key, range.end) < 0)
                .map(Range::deletion)
                .reduce(
                        Deletion.NONE,
                        (a, b) ->
                                new Deletion(
                                        Math.max(a.timestamp(), b.timestamp()),
                                        Math.max(a.time(), b.time())));
    }

    /// What is left of each entry in `[start, end)`, by key in hexadecimal, in order.
    Map<String, Item> read(byte[] start, byte @Nullable [] end) {
        Map<String, Item> shown = new LinkedHashMap<>();
        for (Map.Entry<byte[], List<Item>> entry : entries.entrySet()) {
            byte[] key = entry.getKey();
            if (Arrays.compareUnsigned(key, start) < 0
                    || end != null && Arrays.compareUnsigned(key, end) >= 0) {
                continue;
            }
            Item item = readEntry(key, entry.getValue());
            if (item != null) {
                shown.put(HexFormat.of().formatHex(key), item);
            }
        }
        return shown;
    }

    @Nullable Item readEntry(byte[] key) {
        List<Item> versions = entries.get(key);
        return versions == null ? null : readEntry(key, versions);
    }

    private @Nullable Item readEntry(byte[] key, List<Item> versions) {
        long covered = deletionAt(key).timestamp();
        return switch (versions.getFirst().kind()) {
            case ROW -> readRow(versions, covered);
            case COLUMN_DELETION -> readColumn(versions, Math.max(covered, rowDeletionOver(key)));
            default ->
                    readElement(
                            versions,
                            Math.max(
                                    covered,
                                    Math.max(rowDeletionOver(key), columnDeletionOver(key))));
        };
    }

    private static @Nullable Item readColumn(List<Item> versions, long deletedTo) {
        Deletion newest =
                versions.stream().map(Item::deletion).max(Comparator.naturalOrder()).orElseThrow();
        return newest.timestamp() <= deletedTo
                ? null
                : new Item(RowCursor.Kind.COLUMN_DELETION, null, newest, Map.of(), null);
    }

    private static @Nullable Item readElement(List<Item> versions, long deletedTo) {
        Cell newest =
                versions.stream()
                        .map(item -> Objects.requireNonNull(item.element()))
                        .max(Cell.NEWEST)
                        .orElseThrow();
        return newest.timestamp() <= deletedTo
                ? null
                : new Item(RowCursor.Kind.ELEMENT, null, Deletion.NONE, Map.of(), newest);
    }

    private static @Nullable Item readRow(List<Item> versions, long covered) {
        Deletion deletion =
                versions.stream()
                        .map(Item::deletion)
                        .filter(one -> one.timestamp() > covered)
                        .max(Comparator.naturalOrder())
                        .orElse(Deletion.NONE);
        long deletedTo = Math.max(covered, deletion.timestamp());
        Liveness liveness = null;
        Map<Integer, Cell> cells = new TreeMap<>();
        for (Item version : versions) {
            Liveness one = version.liveness();
            if (one != null
                    && one.timestamp() > deletedTo
                    && (liveness == null || Liveness.NEWEST.compare(one, liveness) > 0)) {
                liveness = one;
            }
            version.cells()
                    .forEach((column, cell) -> {
                        if (cell.timestamp() > deletedTo) {
                            cells.merge(
                                    column, cell, (a, b) -> Cell.NEWEST.compare(a, b) >= 0 ? a : b);
                        }
                    });
        }
        return liveness == null && cells.isEmpty() && deletion.equals(Deletion.NONE)
                ? null
                : new Item(RowCursor.Kind.ROW, liveness, deletion, cells, null);
    }

    /// Of the row that a column header or an element belongs to.
    private long rowDeletionOver(byte[] key) {
        return over(key, RowCursor.Kind.ROW);
    }

    private long columnDeletionOver(byte[] key) {
        return over(key, RowCursor.Kind.COLUMN_DELETION);
    }

    private long over(byte[] key, RowCursor.Kind kind) {
        long newest = RowCursor.NO_DELETION;
        for (Map.Entry<byte[], List<Item>> entry : entries.entrySet()) {
            byte[] prefix = entry.getKey();
            if (entry.getValue().getFirst().kind() == kind
                    && prefix.length < key.length
                    && Arrays.equals(prefix, 0, prefix.length, key, 0, prefix.length)) {
                for (Item item : entry.getValue()) {
                    newest = Math.max(newest, item.deletion().timestamp());
                }
            }
        }
        return newest;
    }

    static Item decode(byte[] array, int offset, int length) {
        if (array[offset] < 0) {
            ElementView view = new ElementView().wrap(array, offset, length);
            if (view.isColumnDeletion()) {
                Deletion deletion =
                        new Deletion(view.timestamp(), Integer.toUnsignedLong(view.deletionTime()));
                return new Item(RowCursor.Kind.COLUMN_DELETION, null, deletion, Map.of(), null);
            }
            Cell cell = cell(array, view.cell());
            return new Item(RowCursor.Kind.ELEMENT, null, Deletion.NONE, Map.of(), cell);
        }
        RowView row = new RowView().wrap(array, offset, length);
        Liveness liveness =
                row.hasLiveness()
                        ? new Liveness(
                                row.timestamp(),
                                row.livenessExpires(),
                                Integer.toUnsignedLong(row.livenessExpiry()),
                                row.livenessTtl())
                        : null;
        Deletion deletion =
                row.hasDeletion()
                        ? new Deletion(
                                row.deletionTimestamp(), Integer.toUnsignedLong(row.deletionTime()))
                        : Deletion.NONE;
        Map<Integer, Cell> cells = new TreeMap<>();
        while (row.nextCell()) {
            cells.put(row.cell().columnId(), cell(array, row.cell()));
        }
        return new Item(RowCursor.Kind.ROW, liveness, deletion, cells, null);
    }

    private static Cell cell(byte[] array, CellView cell) {
        return new Cell(
                cell.timestamp(),
                cell.isTombstone(),
                cell.expires(),
                Integer.toUnsignedLong(cell.time()),
                cell.ttl(),
                HexFormat.of()
                        .formatHex(
                                array,
                                cell.valueOffset(),
                                cell.valueOffset() + cell.valueLength()));
    }
}
