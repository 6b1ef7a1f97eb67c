package io.helenus.cql.ast;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `SELECT [JSON] [DISTINCT] selection FROM table …`
///
/// @param perPartitionLimit an INTEGER literal or a marker, as is `limit`
public record Select(
        boolean json,
        boolean distinct,
        Selection selection,
        QualifiedName table,
        List<Relation> where,
        List<Term> groupBy,
        List<Ordering> orderBy,
        @Nullable Term perPartitionLimit,
        @Nullable Term limit,
        boolean allowFiltering)
        implements CqlStatement {
    public Select {
        Objects.requireNonNull(selection);
        Objects.requireNonNull(table);
        where = List.copyOf(where);
        groupBy = List.copyOf(groupBy);
        orderBy = List.copyOf(orderBy);
    }

    /// What is selected.
    public sealed interface Selection {}

    /// `*`
    public record All() implements Selection {}

    /// At least one selector.
    public record Selectors(List<Selector> selectors) implements Selection {
        public Selectors {
            selectors = List.copyOf(selectors);
        }
    }

    /// `term [AS alias]`
    public record Selector(Term term, @Nullable Identifier alias) {}

    /// One entry of ORDER BY.
    public sealed interface Ordering {
        Identifier column();

        boolean descending();
    }

    /// `column [ASC | DESC]`
    public record ByColumn(Identifier column, boolean descending) implements Ordering {}

    /// `column ANN OF vector [ASC | DESC]`: nearest first.
    public record ByNearest(Identifier column, Term vector, boolean descending)
            implements Ordering {}
}
