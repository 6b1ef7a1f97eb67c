package io.helenus.sstable.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What an entry says, in plain values; how such values reconcile, by rules of their own; and how they
/// are written and read.
final class Plain {
    static final HexFormat HEX = HexFormat.of();
    static final int SUFFIX_BYTES = 4;

    private Plain() {}

    /// @param ttl 0 if it does not expire
    /// @param time of expiry or deletion
    /// @param value in hexadecimal
    record Cell(long timestamp, boolean tombstone, int ttl, long time, String value) {
        static final Comparator<Cell> STRENGTH =
                Comparator.comparingLong(Cell::timestamp)
                        .thenComparing(cell -> cell.tombstone || cell.ttl > 0)
                        .thenComparing(Cell::tombstone)
                        .thenComparingLong(Cell::time)
                        .thenComparing(Cell::ttl, Comparator.reverseOrder())
                        .thenComparing(Cell::value);

        boolean isLive(long now) {
            return !tombstone && (ttl == 0 || now < time);
        }
    }

    record Liveness(long timestamp, int ttl, long expiry) {
        static final Comparator<Liveness> STRENGTH =
                Comparator.comparingLong(Liveness::timestamp)
                        .thenComparing(liveness -> liveness.ttl > 0)
                        .thenComparingLong(Liveness::expiry)
                        .thenComparing(Liveness::ttl, Comparator.reverseOrder());
    }

    record Deletion(long timestamp, long time) {
        static final Deletion NONE = new Deletion(RowCursor.NO_DELETION, 0);
        static final Comparator<Deletion> STRENGTH =
                Comparator.comparingLong(Deletion::timestamp).thenComparingLong(Deletion::time);

        /// What two range deletions are where both of them are in force.
        Deletion inForceWith(Deletion other) {
            return new Deletion(Math.max(timestamp, other.timestamp), Math.max(time, other.time));
        }
    }

    sealed interface Entry {
        RowCursor.Kind kind();
    }

    record Row(
            @Nullable Liveness liveness,
            Deletion deletion,
            Map<Integer, Cell> cells,
            @Nullable String spelling)
            implements Entry {
        @Override
        public RowCursor.Kind kind() {
            return RowCursor.Kind.ROW;
        }

        boolean saysNothing() {
            return liveness == null && deletion.equals(Deletion.NONE) && cells.isEmpty();
        }
    }

    record Header(Deletion deletion) implements Entry {
        @Override
        public RowCursor.Kind kind() {
            return RowCursor.Kind.COLUMN_DELETION;
        }
    }

    record Element(Cell cell) implements Entry {
        @Override
        public RowCursor.Kind kind() {
            return RowCursor.Kind.ELEMENT;
        }
    }

    // ---- Rules

    static Entry merge(Entry a, Entry b) {
        return switch (a) {
            case Row row -> mergeRows(row, (Row) b);
            case Header header ->
                    new Header(max(Deletion.STRENGTH, header.deletion, ((Header) b).deletion));
            case Element element ->
                    new Element(max(Cell.STRENGTH, element.cell, ((Element) b).cell));
        };
    }

    private static Row mergeRows(Row a, Row b) {
        Deletion deletion = max(Deletion.STRENGTH, a.deletion, b.deletion);
        Liveness liveness =
                a.liveness == null || b.liveness == null
                        ? a.liveness == null ? b.liveness : a.liveness
                        : max(Liveness.STRENGTH, a.liveness, b.liveness);
        Map<Integer, Cell> cells = new TreeMap<>(a.cells);
        b.cells.forEach(
                (column, cell) -> cells.merge(column, cell, (x, y) -> max(Cell.STRENGTH, x, y)));
        String spelling =
                a.spelling == null || b.spelling == null
                        ? a.spelling == null ? b.spelling : a.spelling
                        : max(Comparator.naturalOrder(), a.spelling, b.spelling);
        return shadowed(new Row(liveness, deletion, cells, spelling), deletion.timestamp, true);
    }

    private static <T> T max(Comparator<? super T> order, T a, T b) {
        return order.compare(a, b) >= 0 ? a : b;
    }

    /// What a deletion of everything up to a timestamp leaves, or null.
    static @Nullable Entry drop(Entry entry, long deletedTo) {
        return switch (entry) {
            case Row row -> {
                Row left = shadowed(row, deletedTo, false);
                yield left.equals(row) || !left.saysNothing() ? left : null;
            }
            case Header header -> header.deletion.timestamp > deletedTo ? entry : null;
            case Element element -> element.cell.timestamp > deletedTo ? entry : null;
        };
    }

    private static Row shadowed(Row row, long deletedTo, boolean bySelf) {
        Map<Integer, Cell> cells = new TreeMap<>(row.cells);
        cells.values().removeIf(cell -> cell.timestamp <= deletedTo);
        return new Row(
                row.liveness == null || row.liveness.timestamp <= deletedTo ? null : row.liveness,
                bySelf || row.deletion.timestamp > deletedTo ? row.deletion : Deletion.NONE,
                cells,
                row.spelling);
    }

    // ---- Bytes

    static byte[] encode(Entry entry, int suffixBytes) {
        ByteWriter out = new ByteWriter();
        switch (entry) {
            case Row row -> encodeRow(row, out);
            case Header(Deletion(long timestamp, long time)) ->
                    RowWriter.columnDeletion(out, timestamp, (int) time);
            case Element(Cell cell) -> encodeElement(cell, suffixBytes, out);
        }
        return out.toArray();
    }

    private static void encodeRow(Row row, ByteWriter out) {
        byte[] spelling = HEX.parseHex(row.spelling == null ? "" : row.spelling);
        Liveness liveness = row.liveness;
        // Without a liveness the base timestamp is of no meaning; what it is depends on the row.
        long base = liveness == null ? row.cells.size() * 3L : liveness.timestamp;
        RowWriter writer =
                new RowWriter()
                        .begin(
                                out,
                                liveness != null,
                                base,
                                liveness == null ? 0 : liveness.ttl,
                                liveness == null ? 0 : (int) liveness.expiry,
                                row.deletion.timestamp,
                                (int) row.deletion.time,
                                spelling,
                                0,
                                row.spelling == null ? -1 : spelling.length);
        row.cells.forEach((column, cell) -> {
            byte[] value = HEX.parseHex(cell.value);
            if (cell.tombstone) {
                writer.tombstone(column, cell.timestamp, (int) cell.time);
            } else if (cell.ttl > 0) {
                writer.expiringCell(
                        column, cell.timestamp, cell.ttl, (int) cell.time, value, 0, value.length);
            } else {
                writer.cell(column, cell.timestamp, value, 0, value.length);
            }
        });
        writer.end();
    }

    private static void encodeElement(Cell cell, int suffix, ByteWriter out) {
        byte[] value = HEX.parseHex(cell.value);
        if (cell.tombstone) {
            RowWriter.elementTombstone(out, suffix, cell.timestamp, (int) cell.time);
        } else if (cell.ttl > 0) {
            int expiry = (int) cell.time;
            RowWriter.expiringElement(
                    out, suffix, cell.timestamp, cell.ttl, expiry, value, 0, value.length);
        } else {
            RowWriter.element(out, suffix, cell.timestamp, value, 0, value.length);
        }
    }

    static Entry decode(byte[] array, int offset, int length) {
        if (array[offset] < 0) {
            ElementView view = new ElementView().wrap(array, offset, length);
            return view.isColumnDeletion()
                    ? new Header(
                            new Deletion(
                                    view.timestamp(), Integer.toUnsignedLong(view.deletionTime())))
                    : new Element(cell(array, view.cell()));
        }
        RowView view = new RowView().wrap(array, offset, length);
        Liveness liveness =
                view.hasLiveness()
                        ? new Liveness(
                                view.timestamp(),
                                view.livenessTtl(),
                                Integer.toUnsignedLong(view.livenessExpiry()))
                        : null;
        Deletion deletion =
                new Deletion(view.deletionTimestamp(), Integer.toUnsignedLong(view.deletionTime()));
        String spelling =
                view.hasSpelling()
                        ? hex(array, view.spellingOffset(), view.spellingLength())
                        : null;
        Map<Integer, Cell> cells = new TreeMap<>();
        while (view.nextCell()) {
            cells.put(view.cell().columnId(), cell(array, view.cell()));
        }
        return new Row(liveness, deletion, cells, spelling);
    }

    private static Cell cell(byte[] array, CellView cell) {
        return new Cell(
                cell.timestamp(),
                cell.isTombstone(),
                cell.ttl(),
                Integer.toUnsignedLong(cell.time()),
                hex(array, cell.valueOffset(), cell.valueLength()));
    }

    static String hex(byte[] array, int offset, int length) {
        return HEX.formatHex(array, offset, offset + length);
    }

    // ---- Random values: few enough that they tie

    static Entry random(RowCursor.Kind kind, Random random) {
        return switch (kind) {
            case ROW -> randomRow(random);
            case COLUMN_DELETION -> new Header(randomDeletion(random));
            case ELEMENT -> new Element(randomCell(random));
            case BOUNDARY, END -> throw new IllegalArgumentException("no entry: " + kind);
        };
    }

    static Deletion randomDeletion(Random random) {
        return new Deletion(timestamp(random), time(random));
    }

    private static long timestamp(Random random) {
        return random.nextInt(40) == 0
                ? List.of(Long.MIN_VALUE + 1, Long.MAX_VALUE, -1L).get(random.nextInt(3))
                : random.nextInt(6);
    }

    private static long time(Random random) {
        return random.nextInt(10) == 0 ? 0xffff_fffeL - random.nextInt(2) : random.nextInt(3);
    }

    static Cell randomCell(Random random) {
        long timestamp = timestamp(random);
        if (random.nextInt(3) == 0) {
            return new Cell(timestamp, true, 0, time(random), "");
        }
        String value = List.of("", "00", "61", "62", "6100", "ff").get(random.nextInt(6));
        return random.nextBoolean()
                ? new Cell(timestamp, false, 1 + random.nextInt(2), time(random), value)
                : new Cell(timestamp, false, 0, 0, value);
    }

    private static Row randomRow(Random random) {
        Liveness liveness = null;
        if (random.nextInt(3) > 0) {
            liveness =
                    random.nextBoolean()
                            ? new Liveness(timestamp(random), 0, 0)
                            : new Liveness(timestamp(random), 1 + random.nextInt(2), time(random));
        }
        Deletion deletion = random.nextInt(4) == 0 ? randomDeletion(random) : Deletion.NONE;
        Map<Integer, Cell> cells = new TreeMap<>();
        List<Integer> columns = new ArrayList<>(List.of(0, 1, 127, 128, 40_000));
        columns.removeIf(_ -> random.nextInt(3) > 0);
        columns.forEach(column -> cells.put(column, randomCell(random)));
        String spelling =
                random.nextInt(5) == 0 ? List.of("", "01", "02").get(random.nextInt(3)) : null;
        // As whatever writes rows: none holds what its own deletion shadows.
        Row row = shadowed(new Row(liveness, deletion, cells, spelling), deletion.timestamp, true);
        return row.saysNothing() && spelling == null ? randomRow(random) : row;
    }
}
