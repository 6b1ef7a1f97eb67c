package io.helenus.cql.ast;

import org.jspecify.annotations.Nullable;

/// `DESCRIBE target [WITH INTERNALS]`, answered by the server.
public record Describe(Target target, boolean internals) implements CqlStatement {
    /// What is described.
    public sealed interface Target {}

    /// A target without a name.
    public enum Listing implements Target {
        CLUSTER,
        KEYSPACES,
        TABLES,
        TYPES,
        FUNCTIONS,
        AGGREGATES
    }

    /// `[FULL] SCHEMA`; full includes the system keyspaces.
    public record Schema(boolean full) implements Target {}

    /// `[ONLY] KEYSPACE [keyspace]`; without a name the current one, `only` without its contents.
    public record Keyspace(@Nullable Identifier keyspace, boolean only) implements Target {}

    /// `kind name`
    public record Named(Kind kind, QualifiedName name) implements Target {}

    /// What the name is the name of.
    public enum Kind {
        /// The statement did not say: a keyspace, else a table, a view or an index.
        ANY,
        TABLE,
        INDEX,
        MATERIALIZED_VIEW,
        TYPE,
        FUNCTION,
        AGGREGATE
    }
}
