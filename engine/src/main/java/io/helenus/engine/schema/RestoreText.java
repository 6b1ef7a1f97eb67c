package io.helenus.engine.schema;

import static io.helenus.engine.types.Names.maybeQuote;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The statements that make a table again as it is: with its id, and with the numbers that its columns
/// have, as its files name columns by them. Numbers are given in the order in which columns are made,
/// never twice; so columns are made in that order, those that have been dropped among them, and are then
/// dropped again. Where nobody knows any more what a number belonged to, a column of another name takes
/// it. CREATE TABLE has only the first ones, as long as they are also in the order of their names, so
/// that it does not matter how it numbers several.
final class RestoreText {
    private static final String INDENT = "    ";
    private static final String FILLER = "dropped_";

    private final TableSchema table;
    private final String alter;
    private final Map<Integer, DroppedColumn> droppedById = new HashMap<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> alterations = new ArrayList<>();

    /// By name: how to drop what was made to be dropped.
    private final Map<String, String> toDrop = new LinkedHashMap<>();

    private boolean creating = true; // or altering
    private String lastName = "";

    private RestoreText(TableSchema table) {
        this.table = table;
        alter = "\nALTER TABLE " + CreateText.name(table.keyspace(), table.name());
        table.dropped().values().forEach(column -> droppedById.put(column.id(), column));
    }

    static String of(TableSchema table) {
        return new RestoreText(table).text();
    }

    private String text() {
        boolean keyInline = table.partitionKey().size() == 1 && !table.hasClustering();
        for (ColumnSchema column : table.partitionKey()) {
            lines.add(INDENT + CreateText.definition(column) + (keyInline ? " PRIMARY KEY" : ""));
        }
        for (ColumnSchema column : table.clustering()) {
            lines.add(INDENT + CreateText.definition(column));
        }
        for (int id = 0; id < table.nextColumnId(); id++) {
            make(id, table.columnById(id));
        }
        alterations.addAll(toDrop.values());
        if (!keyInline) {
            lines.add(INDENT + "PRIMARY KEY (" + CreateText.primaryKey(table) + ")");
        }
        return "CREATE TABLE IF NOT EXISTS %s (\n%s\n) WITH %s;%s"
                .formatted(
                        CreateText.name(table.keyspace(), table.name()),
                        String.join(",\n", lines),
                        String.join("\n" + INDENT + "AND ", CreateText.options(table, true)),
                        String.join("", alterations));
    }

    private void make(int id, @Nullable ColumnSchema column) {
        DroppedColumn dropped = droppedById.get(id);
        if (column != null && !column.kind().isPrimaryKey()) {
            String before = toDrop.remove(column.name());
            if (before != null) {
                alterations.add(before);
                creating = false;
            }
            make(column.name(), CreateText.definition(column));
        } else if (column == null && dropped != null) {
            boolean isStatic = dropped.kind() == ColumnKind.STATIC;
            String name = maybeQuote(dropped.name());
            make(
                    dropped.name(),
                    name + " " + dropped.type().cqlName() + (isStatic ? " static" : ""));
            toDrop.put(
                    dropped.name(),
                    "%s DROP %s USING TIMESTAMP %d;"
                            .formatted(alter, name, dropped.droppedMicros()));
        } else if (column == null) {
            String filler = fillerName(id);
            make(filler, filler + (table.isCounter() ? " counter" : " int"));
            toDrop.put(filler, "%s DROP %s;".formatted(alter, filler));
        }
    }

    private void make(String name, String definition) {
        creating &= name.compareTo(lastName) > 0;
        lastName = name;
        if (creating) {
            lines.add(INDENT + definition);
        } else {
            alterations.add("%s ADD %s;".formatted(alter, definition));
        }
    }

    private String fillerName(int id) {
        String name = FILLER + id;
        while (table.column(name) != null || table.dropped().containsKey(name)) {
            name += "_";
        }
        return name;
    }
}
