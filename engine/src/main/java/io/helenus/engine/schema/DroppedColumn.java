package io.helenus.engine.schema;

import io.helenus.engine.types.CqlType;

/// What remains of a column that was dropped: enough to refuse its name to a column of a type that
/// could not follow it, and for `system_schema.dropped_columns`.
///
/// @param id of the last column of that name; cells with it are dead
/// @param type with user types spelled out as tuples, so that it outlives their definitions
public record DroppedColumn(
        int id, String name, ColumnKind kind, CqlType type, long droppedMicros) {}
