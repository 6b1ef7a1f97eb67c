package io.helenus.cql.ast;

import java.util.List;
import java.util.Objects;

/// `MASKED WITH function(arguments)`; `MASKED WITH DEFAULT` is `mask_default()`. The masked column
/// is the function's first argument and not among these.
public record ColumnMask(QualifiedName function, List<Term> arguments) {
    public ColumnMask {
        Objects.requireNonNull(function);
        arguments = List.copyOf(arguments);
    }
}
