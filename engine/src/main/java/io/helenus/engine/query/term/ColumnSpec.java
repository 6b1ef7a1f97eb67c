package io.helenus.engine.query.term;

import io.helenus.engine.types.CqlType;

/// A named and typed place: a column of a result, or what a bind marker stands for.
public record ColumnSpec(String keyspace, String table, String name, CqlType type) {
    public ColumnSpec withName(String otherName) {
        return new ColumnSpec(keyspace, table, otherName, type);
    }

    public ColumnSpec withType(CqlType otherType) {
        return new ColumnSpec(keyspace, table, name, otherType);
    }
}
