package io.helenus.engine.schema;

import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.UserType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A table. Immutable, compared by value, shared by all threads.
///
/// What requests look up is laid out once: columns by kind in lists whose `get` is an array access,
/// columns by id in an array, the questions "is there any …" in booleans.
public final class TableSchema {
    /// Single-cell columns before multi-cell ones, each by name.
    private static final Comparator<ColumnSchema> STORED_ORDER =
            Comparator.comparing(ColumnSchema::isMultiCell)
                    .thenComparing(ColumnSchema::name, SchemaNames.BYTE_ORDER);

    private static final Comparator<ColumnSchema> NAME_ORDER =
            Comparator.comparing(ColumnSchema::name, SchemaNames.BYTE_ORDER);

    private final UUID id;
    private final String keyspace;
    private final String name;
    private final TableOptions options;
    private final boolean isVirtual;
    private final int nextColumnId;
    private final NavigableMap<String, DroppedColumn> dropped;

    private final List<ColumnSchema> partitionKey;
    private final List<ColumnSchema> clustering;
    private final List<ColumnSchema> statics;
    private final List<ColumnSchema> regulars;
    private final List<ColumnSchema> columns;
    private final List<ColumnSchema> selectOrder;
    private final Map<String, ColumnSchema> byName;
    private final @Nullable ColumnSchema[] byId;
    private final boolean hasMultiCell;
    private final boolean hasStaticMultiCell;
    private final boolean isCounter;
    private final boolean hasDescending;

    private TableSchema(Builder builder) {
        this.id = builder.id;
        this.keyspace = builder.keyspace;
        this.name = builder.name;
        this.options = builder.options;
        this.isVirtual = builder.isVirtual;
        this.nextColumnId = builder.nextColumnId;
        this.dropped = Collections.unmodifiableNavigableMap(new TreeMap<>(builder.dropped));

        Collection<ColumnSchema> all = builder.columns.values();
        this.partitionKey = ofKind(all, ColumnKind.PARTITION_KEY);
        this.clustering = ofKind(all, ColumnKind.CLUSTERING);
        this.statics = ofKind(all, ColumnKind.STATIC);
        this.regulars = ofKind(all, ColumnKind.REGULAR);
        this.columns = concat(List.of(partitionKey, clustering, statics, regulars));
        this.selectOrder =
                concat(List.of(partitionKey, clustering, nameOrdered(statics, regulars)));
        this.byName = Map.copyOf(builder.columns);
        this.byId = new @Nullable ColumnSchema[nextColumnId];
        for (ColumnSchema column : columns) {
            if (byId[column.id()] != null) {
                throw new IllegalArgumentException(this + " has two columns " + column.id());
            }
            byId[column.id()] = column;
        }
        this.hasStaticMultiCell = statics.stream().anyMatch(ColumnSchema::isMultiCell);
        this.hasMultiCell =
                hasStaticMultiCell || regulars.stream().anyMatch(ColumnSchema::isMultiCell);
        this.isCounter = columns.stream().anyMatch(ColumnSchema::isCounter);
        this.hasDescending = clustering.stream().anyMatch(ColumnSchema::descending);
        if (partitionKey.isEmpty()) {
            throw new IllegalArgumentException(this + " has no partition key");
        }
    }

    private static List<ColumnSchema> ofKind(Collection<ColumnSchema> all, ColumnKind kind) {
        List<ColumnSchema> found = new ArrayList<>();
        for (ColumnSchema column : all) {
            if (column.kind() == kind) {
                found.add(column);
            }
        }
        found.sort(
                kind.isPrimaryKey()
                        ? Comparator.comparingInt(ColumnSchema::position)
                        : STORED_ORDER);
        for (int i = 0; kind.isPrimaryKey() && i < found.size(); i++) {
            if (found.get(i).position() != i) {
                throw new IllegalArgumentException("gap in the primary key at " + found.get(i));
            }
        }
        return List.copyOf(found);
    }

    private static List<ColumnSchema> nameOrdered(List<ColumnSchema> a, List<ColumnSchema> b) {
        List<ColumnSchema> statics = new ArrayList<>(a);
        List<ColumnSchema> regulars = new ArrayList<>(b);
        statics.sort(NAME_ORDER);
        regulars.sort(NAME_ORDER);
        return concat(List.of(statics, regulars));
    }

    private static List<ColumnSchema> concat(List<List<ColumnSchema>> parts) {
        List<ColumnSchema> all = new ArrayList<>();
        parts.forEach(all::addAll);
        return List.copyOf(all);
    }

    public static Builder builder(String keyspace, String name, UUID id) {
        return new Builder(keyspace, name, id);
    }

    /// A builder that starts with all that this table has.
    public Builder toBuilder() {
        Builder builder = new Builder(keyspace, name, id);
        builder.options = options;
        builder.isVirtual = isVirtual;
        builder.dropped.putAll(dropped);
        columns.forEach(column -> builder.columns.put(column.name(), column));
        builder.nextColumnId = nextColumnId;
        return builder;
    }

    public UUID id() {
        return id;
    }

    public String keyspace() {
        return keyspace;
    }

    public String name() {
        return name;
    }

    public TableOptions options() {
        return options;
    }

    public List<ColumnSchema> partitionKey() {
        return partitionKey;
    }

    public List<ColumnSchema> clustering() {
        return clustering;
    }

    /// Single-cell columns first, each part in order of names.
    public List<ColumnSchema> statics() {
        return statics;
    }

    /// Single-cell columns first, each part in order of names.
    public List<ColumnSchema> regulars() {
        return regulars;
    }

    /// Partition key, clustering, static and regular columns.
    public List<ColumnSchema> columns() {
        return columns;
    }

    /// The columns of `SELECT *`: as [#columns], with multi-cell columns where their names put
    /// them.
    public List<ColumnSchema> selectOrder() {
        return selectOrder;
    }

    public @Nullable ColumnSchema column(String columnName) {
        return byName.get(columnName);
    }

    /// The column with this id, or null if it was dropped or is not known yet.
    public @Nullable ColumnSchema columnById(int columnId) {
        return columnId < byId.length ? byId[columnId] : null;
    }

    /// The id that the next new column gets. All ids in use are below.
    public int nextColumnId() {
        return nextColumnId;
    }

    /// Dropped columns by name. A name may be in use again.
    public NavigableMap<String, DroppedColumn> dropped() {
        return dropped;
    }

    public boolean hasClustering() {
        return !clustering.isEmpty();
    }

    public boolean hasStatic() {
        return !statics.isEmpty();
    }

    /// Whether any static or regular column has a cell per element.
    public boolean hasMultiCell() {
        return hasMultiCell;
    }

    public boolean hasStaticMultiCell() {
        return hasStaticMultiCell;
    }

    public boolean hasDescending() {
        return hasDescending;
    }

    public boolean isCounter() {
        return isCounter;
    }

    /// Whether its rows are computed when they are read.
    public boolean isVirtual() {
        return isVirtual;
    }

    boolean referencesUserType(String typeName) {
        return columns.stream().anyMatch(c -> c.type().referencesUserType(keyspace, typeName));
    }

    TableSchema withUserTypesReplaced(UnaryOperator<UserType> replacement) {
        Builder builder = toBuilder();
        for (ColumnSchema column : columns) {
            CqlType type = column.type().withUserTypesReplaced(replacement);
            builder.columns.put(column.name(), column.withType(type));
        }
        return builder.build();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true; // most tables of two schemas are the same object
        }
        return other instanceof TableSchema that
                && id.equals(that.id)
                && keyspace.equals(that.keyspace)
                && name.equals(that.name)
                && options.equals(that.options)
                && isVirtual == that.isVirtual
                && nextColumnId == that.nextColumnId
                && columns.equals(that.columns)
                && dropped.equals(that.dropped);
    }

    @Override
    public int hashCode() {
        return Objects.hash(id, columns);
    }

    /// `keyspace.table`, as error messages name it.
    @Override
    public String toString() {
        return keyspace + "." + name;
    }

    /// Collects a table. Columns get the next free id unless they bring one.
    public static final class Builder {
        private final String keyspace;
        private final String name;
        private final UUID id;
        private final Map<String, ColumnSchema> columns = new TreeMap<>();
        private final Map<String, DroppedColumn> dropped = new TreeMap<>();
        private TableOptions options = TableOptions.DEFAULT;
        private boolean isVirtual;
        private int nextColumnId;

        private Builder(String keyspace, String name, UUID id) {
            this.keyspace = keyspace;
            this.name = name;
            this.id = id;
        }

        public Builder options(TableOptions newOptions) {
            this.options = newOptions;
            return this;
        }

        Builder compaction(CompactionParams compaction) {
            return options(options.withCompaction(compaction, options.defaultTimeToLive()));
        }

        Builder timeToLive(int seconds) {
            return options(options.withCompaction(options.compaction(), seconds));
        }

        public Builder virtual() {
            this.isVirtual = true;
            return this;
        }

        public Builder partitionKey(String columnName, CqlType type) {
            return key(columnName, ColumnKind.PARTITION_KEY, type, false);
        }

        public Builder clustering(String columnName, CqlType type) {
            return key(columnName, ColumnKind.CLUSTERING, type, false);
        }

        public Builder clusteringDescending(String columnName, CqlType type) {
            return key(columnName, ColumnKind.CLUSTERING, type, true);
        }

        public Builder regular(String columnName, CqlType type) {
            return add(columnName, ColumnKind.REGULAR, type);
        }

        public Builder staticColumn(String columnName, CqlType type) {
            return add(columnName, ColumnKind.STATIC, type);
        }

        private Builder add(String columnName, ColumnKind kind, CqlType type) {
            return column(
                    new ColumnSchema(
                            nextColumnId, columnName, kind, ColumnSchema.NO_POSITION, type, false));
        }

        private Builder key(String columnName, ColumnKind kind, CqlType type, boolean descending) {
            int position = 0;
            for (ColumnSchema column : columns.values()) {
                position += column.kind() == kind ? 1 : 0;
            }
            return column(
                    new ColumnSchema(nextColumnId, columnName, kind, position, type, descending));
        }

        /// Adds a column with the id that it has.
        public Builder column(ColumnSchema column) {
            if (columns.putIfAbsent(column.name(), column) != null) {
                throw new IllegalArgumentException("column " + column.name() + " twice");
            }
            nextColumnId = Math.max(nextColumnId, column.id() + 1);
            return this;
        }

        Builder nextColumnId(int next) {
            nextColumnId = Math.max(nextColumnId, next);
            return this;
        }

        Builder dropped(DroppedColumn column) {
            dropped.put(column.name(), column);
            return this;
        }

        /// Takes the column out and remembers that it was there.
        Builder drop(DroppedColumn column) {
            ColumnSchema removed = columns.remove(column.name());
            if (removed == null || removed.id() != column.id()) {
                throw new IllegalStateException(
                        "%s.%s has no column %s with id %d"
                                .formatted(keyspace, name, column.name(), column.id()));
            }
            return dropped(column);
        }

        Builder rename(String from, String to) {
            ColumnSchema column = columns.remove(from);
            if (column == null || columns.containsKey(to)) {
                throw new IllegalStateException(
                        "cannot rename %s to %s in %s.%s".formatted(from, to, keyspace, name));
            }
            columns.put(to, column.withName(to));
            return this;
        }

        public TableSchema build() {
            return new TableSchema(this);
        }
    }
}
