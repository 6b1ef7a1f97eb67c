package io.helenus.engine.schema;

import org.jspecify.annotations.Nullable;

/// Collects a row of a virtual table by names of columns.
final class VirtualRow {
    private final TableSchema table;
    private final byte[] @Nullable [] values;

    VirtualRow(TableSchema table) {
        this.table = table;
        this.values = new byte[table.columns().size()] @Nullable [];
    }

    VirtualRow set(String column, byte @Nullable [] value) {
        ColumnSchema schema = table.column(column);
        if (schema == null) {
            throw new IllegalArgumentException(table + " has no column " + column);
        }
        values[table.columns().indexOf(schema)] = value;
        return this;
    }

    VirtualRow text(String column, String value) {
        return set(column, Wire.text(value));
    }

    byte[] @Nullable [] values() {
        return values;
    }
}
