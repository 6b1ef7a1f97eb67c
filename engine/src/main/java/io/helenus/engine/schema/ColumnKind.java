package io.helenus.engine.schema;

import java.util.Locale;

/// What a column is to its table, in the order in which a table lists its columns.
public enum ColumnKind {
    PARTITION_KEY,
    CLUSTERING,
    STATIC,
    REGULAR;

    private final String schemaName = name().toLowerCase(Locale.ROOT);

    public boolean isPrimaryKey() {
        return this == PARTITION_KEY || this == CLUSTERING;
    }

    /// As `system_schema.columns.kind` shows it.
    public String schemaName() {
        return schemaName;
    }
}
