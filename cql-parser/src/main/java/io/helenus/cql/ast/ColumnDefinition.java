package io.helenus.cql.ast;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `name type [STATIC] [MASKED WITH mask]`
public record ColumnDefinition(
        Identifier name, TypeName type, boolean isStatic, @Nullable ColumnMask mask) {
    public ColumnDefinition {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
    }
}
