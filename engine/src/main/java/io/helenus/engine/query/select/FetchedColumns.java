package io.helenus.engine.query.select;

import io.helenus.engine.schema.ColumnKind;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.TableSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The columns whose values a statement needs. Each has an index here; those that are stored in cells
/// have a slot of the row reader besides. Filled while a statement is bound, then left alone.
public final class FetchedColumns {
    private final TableSchema table;
    private final List<ColumnSchema> columns = new ArrayList<>();
    private int[] slotOfColumnId;
    private int slots;
    private boolean statics;

    FetchedColumns(TableSchema table) {
        this.table = table;
        slotOfColumnId = new int[table.nextColumnId()];
        Arrays.fill(slotOfColumnId, -1);
    }

    /// Index of the column, which is added if it is new.
    int add(ColumnSchema column) {
        int known = columns.indexOf(column);
        if (known >= 0) {
            return known;
        }
        columns.add(column);
        if (!column.isPrimaryKey()) {
            slotOfColumnId[column.id()] = slots++;
            statics |= column.kind() == ColumnKind.STATIC;
        }
        return columns.size() - 1;
    }

    TableSchema table() {
        return table;
    }

    ColumnSchema get(int index) {
        return columns.get(index);
    }

    int size() {
        return columns.size();
    }

    /// Slot of a static or regular column.
    int slot(int index) {
        return slotOfColumnId[columns.get(index).id()];
    }

    int[] slotOfColumnId() {
        return slotOfColumnId;
    }

    int slots() {
        return slots;
    }

    /// Ids of the stored columns, ascending.
    int[] storedIds() {
        return columns.stream()
                .filter(column -> !column.isPrimaryKey())
                .mapToInt(ColumnSchema::id)
                .sorted()
                .toArray();
    }

    boolean hasStatics() {
        return statics;
    }
}
