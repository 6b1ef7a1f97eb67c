package io.helenus.engine.storage;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a table must answer, on plain Java values: every write is reconciled into maps at once, by rules
/// said here once more. Knows neither files nor bytes.
///
/// A table that purges rightly answers as if it did not, as long as no write is older than a deletion
/// whose grace is over. What becomes of one that is says [#fate].
final class ModelTable {
    private static final long NONE = Long.MIN_VALUE;

    /// @param ttl 0 if it does not expire
    record Cell(long timestamp, boolean tombstone, int ttl, long expiry, String value) {
        private static final Comparator<Cell> STRENGTH =
                Comparator.comparingLong(Cell::timestamp)
                        .thenComparing(cell -> cell.tombstone || cell.ttl > 0)
                        .thenComparing(Cell::tombstone)
                        .thenComparingLong(Cell::expiry)
                        .thenComparing(Cell::ttl, Comparator.reverseOrder())
                        .thenComparing(Cell::value);

        boolean isLive(long now) {
            return !tombstone && (ttl == 0 || now < expiry);
        }
    }

    /// What a read shows of a row; the static row has no clustering.
    ///
    /// @param elements by column, then by path
    record Shown(
            int partition,
            @Nullable List<Object> clustering,
            Map<Integer, Cell> cells,
            Map<Integer, Map<Integer, Cell>> elements) {}

    /// A deletion, for writes that come too late.
    private record Deletion(long timestamp, long time) {}

    /// Whether a write that comes late will be seen.
    enum Fate {
        SEEN,
        UNSEEN,
        /// That depends on what has been purged.
        EITHER
    }

    private static final class Row {
        private final List<Deletion> deletions = new ArrayList<>();
        private final Map<Integer, List<Deletion>> columnDeletions = new TreeMap<>();
        private @Nullable Cell liveness; // its value is empty
        private long deletedTo = NONE;
        private final Map<Integer, Cell> cells = new TreeMap<>();
        private final Map<Integer, Long> columnDeletedTo = new TreeMap<>();
        private final Map<Integer, TreeMap<Integer, Cell>> elements = new TreeMap<>();

        void delete(long timestamp, long time) {
            deletions.add(new Deletion(timestamp, time));
            deletedTo = Math.max(deletedTo, timestamp);
            shadow(timestamp);
        }

        void shadow(long timestamp) {
            Predicate<Cell> old = cell -> cell.timestamp <= timestamp;
            if (liveness != null && old.test(liveness)) {
                liveness = null;
            }
            cells.values().removeIf(old);
            elements.values().forEach(column -> column.values().removeIf(old));
        }

        /// Forgets tombstones that nothing written from now on can meet, and what is long dead.
        boolean forget(long olderThan, long now) {
            Predicate<Cell> dead = cell -> cell.timestamp < olderThan && !cell.isLive(now);
            if (liveness != null && dead.test(liveness)) {
                liveness = null;
            }
            cells.values().removeIf(dead);
            elements.values().forEach(column -> column.values().removeIf(dead));
            elements.values().removeIf(Map::isEmpty);
            columnDeletedTo.values().removeIf(timestamp -> timestamp < olderThan);
            return liveness == null
                    && cells.isEmpty()
                    && elements.isEmpty()
                    && columnDeletedTo.isEmpty()
                    && deletedTo < olderThan;
        }
    }

    private record Range(
            ModelSchema.Bound start, ModelSchema.Bound end, long timestamp, long time) {}

    private static final class Partition {
        private long deletedTo = NONE;
        private final Row staticRow = new Row();
        private final TreeMap<List<Object>, Row> rows;
        private final List<Range> ranges = new ArrayList<>();
        private final List<Deletion> deletions = new ArrayList<>();

        Partition(Comparator<List<Object>> order) {
            rows = new TreeMap<>(order);
        }
    }

    private final ModelSchema schema;
    private final TreeMap<Integer, Partition> partitions =
            new TreeMap<>(Comparator.comparingLong(Cql::token).thenComparing(number -> number));

    ModelTable(ModelSchema schema) {
        this.schema = schema;
    }

    private Partition partition(int number) {
        return partitions.computeIfAbsent(number, _ -> new Partition(schema.order()));
    }

    private Row row(Partition partition, @Nullable List<Object> clustering) {
        return clustering == null
                ? partition.staticRow
                : partition.rows.computeIfAbsent(clustering, _ -> new Row());
    }

    private long coveredTo(Partition partition, @Nullable List<Object> clustering) {
        long deletedTo = partition.deletedTo;
        if (clustering != null) {
            for (Range range : partition.ranges) {
                if (schema.isIn(clustering, range.start, range.end)) {
                    deletedTo = Math.max(deletedTo, range.timestamp);
                }
            }
        }
        return deletedTo;
    }

    // ---- Writes

    void live(int number, List<Object> clustering, Cell liveness) {
        Partition partition = partition(number);
        Row row = row(partition, clustering);
        if (liveness.timestamp > Math.max(row.deletedTo, coveredTo(partition, clustering))) {
            Cell old = row.liveness;
            row.liveness = old == null || Cell.STRENGTH.compare(liveness, old) > 0 ? liveness : old;
        }
    }

    void cell(int number, @Nullable List<Object> clustering, int column, Cell cell) {
        Partition partition = partition(number);
        Row row = row(partition, clustering);
        if (cell.timestamp > Math.max(row.deletedTo, coveredTo(partition, clustering))) {
            row.cells.merge(column, cell, ModelTable::stronger);
        }
    }

    void element(int number, @Nullable List<Object> clustering, int column, int path, Cell cell) {
        Partition partition = partition(number);
        Row row = row(partition, clustering);
        long deletedTo = Math.max(row.deletedTo, coveredTo(partition, clustering));
        deletedTo =
                Math.max(
                        deletedTo,
                        Objects.requireNonNull(row.columnDeletedTo.getOrDefault(column, NONE)));
        if (cell.timestamp > deletedTo) {
            row.elements
                    .computeIfAbsent(column, _ -> new TreeMap<>())
                    .merge(path, cell, ModelTable::stronger);
        }
    }

    private static Cell stronger(Cell a, Cell b) {
        return Cell.STRENGTH.compare(a, b) >= 0 ? a : b;
    }

    void deleteColumn(
            int number, @Nullable List<Object> clustering, int column, long timestamp, long time) {
        Row row = row(partition(number), clustering);
        row.columnDeletions
                .computeIfAbsent(column, _ -> new ArrayList<>())
                .add(new Deletion(timestamp, time));
        row.columnDeletedTo.merge(column, timestamp, Math::max);
        row.elements
                .getOrDefault(column, new TreeMap<>())
                .values()
                .removeIf(cell -> cell.timestamp <= timestamp);
    }

    void deleteRow(int number, List<Object> clustering, long timestamp, long time) {
        row(partition(number), clustering).delete(timestamp, time);
    }

    void deleteRange(
            int number, ModelSchema.Bound start, ModelSchema.Bound end, long timestamp, long time) {
        Partition partition = partition(number);
        partition.ranges.add(new Range(start, end, timestamp, time));
        partition.rows.forEach((clustering, row) -> {
            if (schema.isIn(clustering, start, end)) {
                row.shadow(timestamp);
            }
        });
    }

    void deletePartition(int number, long timestamp, long time) {
        Partition partition = partition(number);
        partition.deletions.add(new Deletion(timestamp, time));
        partition.deletedTo = Math.max(partition.deletedTo, timestamp);
        partition.staticRow.shadow(timestamp);
        partition.rows.values().forEach(row -> row.shadow(timestamp));
    }

    /// What may be seen of a cell that is written now, however old it is. A deletion whose grace is over
    /// may be gone, or not. From then on, unless a compaction has been under way, whether it is seen does
    /// not change without a further write: a deletion that is still there stays until what it deletes is
    /// gone.
    ///
    /// @param path of an element, or null
    /// @param purgeableTo deletions of this time may be gone
    Fate fate(
            int number,
            @Nullable List<Object> clustering,
            int column,
            @Nullable Integer path,
            Cell cell,
            long now,
            long purgeableTo) {
        Partition partition = partition(number);
        Row row = row(partition, clustering);
        boolean mayBe = false;
        Map<Integer, TreeMap<Integer, Cell>> elements = row.elements;
        TreeMap<Integer, Cell> ofColumn = elements.get(column);
        Cell known =
                path == null ? row.cells.get(column) : ofColumn == null ? null : ofColumn.get(path);
        if (known != null && Cell.STRENGTH.compare(known, cell) >= 0) {
            if (known.isLive(now) || known.expiry - known.ttl > purgeableTo) {
                return Fate.UNSEEN;
            }
            mayBe = true;
        }
        List<Deletion> covering = new ArrayList<>(partition.deletions);
        covering.addAll(row.deletions);
        if (path != null) {
            covering.addAll(row.columnDeletions.getOrDefault(column, List.of()));
        }
        if (clustering != null) {
            for (Range range : partition.ranges) {
                if (schema.isIn(clustering, range.start, range.end)) {
                    covering.add(new Deletion(range.timestamp, range.time));
                }
            }
        }
        covering.removeIf(deletion -> deletion.timestamp < cell.timestamp);
        if (covering.isEmpty()) {
            return mayBe ? Fate.EITHER : Fate.SEEN;
        }
        boolean allStay = covering.stream().allMatch(deletion -> deletion.time > purgeableTo);
        return allStay ? Fate.UNSEEN : Fate.EITHER;
    }

    /// Takes a cell in that was seen.
    void learn(
            int number,
            @Nullable List<Object> clustering,
            int column,
            @Nullable Integer path,
            Cell cell) {
        Row row = row(partition(number), clustering);
        if (path == null) {
            row.cells.put(column, cell);
        } else {
            row.elements.computeIfAbsent(column, _ -> new TreeMap<>()).put(path, cell);
        }
    }

    void truncate() {
        partitions.clear();
    }

    /// Nothing older will be written from now on: deletions that old have done their work.
    void forget(long olderThan, long now) {
        for (Partition partition : partitions.values()) {
            partition.ranges.removeIf(range -> range.timestamp < olderThan);
            partition.staticRow.forget(olderThan, now);
            partition.rows.values().removeIf(row -> row.forget(olderThan, now));
        }
    }

    // ---- Reads

    List<Integer> partitionsInOrder() {
        return List.copyOf(partitions.keySet());
    }

    @Nullable Shown staticRow(int number, long now) {
        Partition partition = partitions.get(number);
        return partition == null ? null : shown(number, null, partition.staticRow, now);
    }

    @Nullable Shown row(int number, List<Object> clustering, long now) {
        Partition partition = partitions.get(number);
        Row row = partition == null ? null : partition.rows.get(clustering);
        return row == null ? null : shown(number, clustering, row, now);
    }

    /// Live rows between two bounds, in order.
    List<Shown> slice(int number, ModelSchema.Bound start, ModelSchema.Bound end, long now) {
        List<Shown> rows = new ArrayList<>();
        Partition partition = partitions.get(number);
        if (partition != null) {
            partition.rows.forEach((clustering, row) -> {
                Shown shown = shown(number, clustering, row, now);
                if (shown != null && schema.isIn(clustering, start, end)) {
                    rows.add(shown);
                }
            });
        }
        return rows;
    }

    /// All live rows of partitions whose token is in `[from, to)`, static rows first in each.
    List<Shown> scan(long from, long to, long now) {
        List<Shown> rows = new ArrayList<>();
        ModelSchema.Bound all = new ModelSchema.Bound(List.of(), true);
        for (int number : partitions.keySet()) {
            if (Cql.token(number) < from || Cql.token(number) >= to) {
                continue;
            }
            Shown fixed = staticRow(number, now);
            if (fixed != null) {
                rows.add(fixed);
            }
            rows.addAll(slice(number, all, all, now));
        }
        return rows;
    }

    private static @Nullable Shown shown(
            int number, @Nullable List<Object> clustering, Row row, long now) {
        Map<Integer, Cell> cells = new TreeMap<>(row.cells);
        cells.values().removeIf(cell -> !cell.isLive(now));
        Map<Integer, Map<Integer, Cell>> elements = new TreeMap<>();
        row.elements.forEach((column, paths) -> {
            Map<Integer, Cell> live = new TreeMap<>(paths);
            live.values().removeIf(cell -> !cell.isLive(now));
            if (!live.isEmpty()) {
                elements.put(column, live);
            }
        });
        Cell liveness = row.liveness;
        boolean isLive = liveness != null && liveness.isLive(now);
        return isLive || !cells.isEmpty() || !elements.isEmpty()
                ? new Shown(number, clustering, cells, elements)
                : null;
    }
}
