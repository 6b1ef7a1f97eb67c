package io.helenus.tools.bulk;

import io.helenus.engine.schema.ColumnKind;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.TableSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which column each field is of, and the statement that writes them. Immutable.
final class RowPlan {
    private static final String PASSED_OVER = "-";

    private final TableSchema table;
    private final List<ColumnSchema> columns;
    private final int[] fields;
    private final boolean ignoresOthers;

    private RowPlan(
            TableSchema table, List<ColumnSchema> columns, int[] fields, boolean ignoresOthers) {
        this.table = table;
        this.columns = List.copyOf(columns);
        this.fields = fields;
        this.ignoresOthers = ignoresOthers;
    }

    TableSchema table() {
        return table;
    }

    /// Those that are written, in the order of the statement's markers.
    List<ColumnSchema> columns() {
        return columns;
    }

    /// Of a record of CSV; 0 for JSON.
    int fieldCount() {
        return fields.length;
    }

    /// The column of a field, as an index into the columns; -1 for none.
    int columnOf(int field) {
        return fields[field];
    }

    /// For JSON: whether members that are no columns are passed over.
    boolean ignoresOthers() {
        return ignoresOthers;
    }

    /// @param names of the fields in order
    static RowPlan ofCsv(TableSchema table, List<String> names) throws BulkFailure {
        List<ColumnSchema> columns = new ArrayList<>();
        int[] fields = new int[names.size()];
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < fields.length; i++) {
            String name = names.get(i).strip();
            ColumnSchema column = column(table, name);
            if (column == null && name.equals(PASSED_OVER)) {
                fields[i] = -1;
                continue;
            }
            if (column == null) {
                throw new BulkFailure(
                        "field %d is of column '%s', which %s does not have; its columns are %s"
                                .formatted(i + 1, name, table, names(table)));
            }
            if (!seen.add(column.name())) {
                throw new BulkFailure("column %s is there twice".formatted(column.name()));
            }
            fields[i] = columns.size();
            columns.add(column);
        }
        requireKey(table, columns);
        return new RowPlan(table, columns, fields, false);
    }

    /// @param chosen names of columns; empty for all of the table
    static RowPlan ofJson(TableSchema table, List<String> chosen) throws BulkFailure {
        if (chosen.isEmpty()) {
            return new RowPlan(table, table.selectOrder(), new int[0], false);
        }
        RowPlan plan = ofCsv(table, chosen);
        return new RowPlan(table, plan.columns(), new int[0], true);
    }

    /// As it is written, or as CQL has it: in double quotes, or in lower case without.
    static @Nullable ColumnSchema column(TableSchema table, String name) {
        ColumnSchema exact = table.column(name);
        return exact != null ? exact : table.column(TableOption.stored(name));
    }

    /// Static columns need the partition key only.
    private static void requireKey(TableSchema table, List<ColumnSchema> given) throws BulkFailure {
        boolean isStatic =
                given.stream().anyMatch(ColumnSchema::isStatic)
                        && given.stream().allMatch(RowPlan::isOfPartition);
        List<String> missing =
                (isStatic ? table.partitionKey() : table.columns())
                        .stream()
                                .filter(ColumnSchema::isPrimaryKey)
                                .filter(column -> !given.contains(column))
                                .map(ColumnSchema::name)
                                .toList();
        if (!missing.isEmpty()) {
            throw new BulkFailure(
                    "the primary key of %s is not complete: %s is missing"
                            .formatted(table, String.join(", ", missing)));
        }
    }

    static String names(TableSchema table) {
        return table.selectOrder().stream()
                .map(ColumnSchema::name)
                .collect(Collectors.joining(", "));
    }

    /// Index of the column with this name, or -1.
    int index(String name) {
        ColumnSchema column = column(table, name);
        return column == null ? -1 : columns.indexOf(column);
    }

    /// Whether a column is one that a partition has without having rows.
    static boolean isOfPartition(ColumnSchema column) {
        return column.isStatic() || column.kind() == ColumnKind.PARTITION_KEY;
    }

    /// Whether a record may also be a partition without rows: then its clustering and regular columns
    /// are null, and [#staticStatement] writes the others.
    boolean hasStaticStatement() {
        return columns.stream().anyMatch(ColumnSchema::isStatic)
                && !columns.stream().allMatch(RowPlan::isOfPartition);
    }

    String statement(OptionalInt ttl) {
        return insert(columns, ttl);
    }

    String staticStatement(OptionalInt ttl) {
        return insert(columns.stream().filter(RowPlan::isOfPartition).toList(), ttl);
    }

    private String insert(List<ColumnSchema> written, OptionalInt ttl) {
        String names =
                written.stream()
                        .map(column -> quoted(column.name()))
                        .collect(Collectors.joining(", "));
        String markers = written.stream().map(_ -> "?").collect(Collectors.joining(", "));
        return "INSERT INTO %s.%s (%s) VALUES (%s)%s"
                .formatted(
                        quoted(table.keyspace()),
                        quoted(table.name()),
                        names,
                        markers,
                        ttl.isPresent() ? " USING TTL " + ttl.getAsInt() : "");
    }

    static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
