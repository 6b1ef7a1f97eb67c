package io.helenus.cql.ast;

import java.util.List;
import java.util.Objects;

/// `BEGIN [UNLOGGED | COUNTER] BATCH … APPLY BATCH`, possibly without statements.
public record Batch(Kind kind, Using using, List<Modification> statements) implements CqlStatement {
    public Batch {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(using);
        statements = List.copyOf(statements);
    }

    /// Logged is what a batch is without a word for it.
    public enum Kind {
        LOGGED,
        UNLOGGED,
        COUNTER
    }
}
