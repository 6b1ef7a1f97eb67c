package io.helenus.engine.schema;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What became of a DDL statement.
///
/// @param transformation to apply to the schema that was looked at; null if nothing changes
/// @param warnings for the client
public record DdlPlan(@Nullable SchemaTransformation transformation, List<String> warnings) {
    public DdlPlan {
        warnings = List.copyOf(warnings);
    }
}
