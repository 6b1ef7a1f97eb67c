package io.helenus.engine.schema;

import io.helenus.engine.types.CqlType;

/// A column of a table.
///
/// @param id number of the column in its table, 0 to 65 535, never used for another column
/// @param position index among the partition key or clustering columns, -1 for others
/// @param descending whether this is a clustering column in descending order
public record ColumnSchema(
        int id, String name, ColumnKind kind, int position, CqlType type, boolean descending) {
    public static final int NO_POSITION = -1;
    public static final int ID_MAX = 0xFFFF;

    public ColumnSchema {
        if (id < 0 || id > ID_MAX) {
            throw new IllegalArgumentException("column id " + id + " is not within 0 to " + ID_MAX);
        }
        if (kind.isPrimaryKey() != (position >= 0)) {
            throw new IllegalArgumentException(kind + " column " + name + " at " + position);
        }
        if (descending && kind != ColumnKind.CLUSTERING) {
            throw new IllegalArgumentException(kind + " column " + name + " has no order");
        }
    }

    public boolean isPrimaryKey() {
        return kind.isPrimaryKey();
    }

    public boolean isStatic() {
        return kind == ColumnKind.STATIC;
    }

    /// Whether each element of its value is a cell of its own.
    public boolean isMultiCell() {
        return type.isMultiCell();
    }

    public boolean isCounter() {
        return type.isCounter();
    }

    ColumnSchema withName(String newName) {
        return new ColumnSchema(id, newName, kind, position, type, descending);
    }

    ColumnSchema withType(CqlType newType) {
        return new ColumnSchema(id, name, kind, position, newType, descending);
    }
}
