package io.helenus.cql.ast;

import java.util.List;

/// One condition of a WHERE clause; all of a clause must hold.
public sealed interface Relation {
    /// `column operator value`, with any operator.
    record Compare(Identifier column, ComparisonOperator operator, Term value)
            implements Relation {}

    /// `column IN values`
    record In(Identifier column, InValues values) implements Relation {}

    /// `column IS NOT NULL`
    record IsNotNull(Identifier column) implements Relation {}

    /// `column[key] operator value`, with one of the six symbols.
    record CompareElement(Identifier column, Term key, ComparisonOperator operator, Term value)
            implements Relation {}

    /// `token(columns) operator value`, with one of the six symbols.
    record CompareToken(List<Identifier> columns, ComparisonOperator operator, Term value)
            implements Relation {
        public CompareToken {
            columns = List.copyOf(columns);
        }
    }

    /// `(columns) operator value`, with one of the six symbols; value is a [Term.TupleLiteral] or a
    /// [Term.BindMarker].
    record CompareTuple(List<Identifier> columns, ComparisonOperator operator, Term value)
            implements Relation {
        public CompareTuple {
            columns = List.copyOf(columns);
        }
    }

    /// `(columns) IN values`; each value is a [Term.TupleLiteral] or a [Term.BindMarker].
    record InTuple(List<Identifier> columns, InValues values) implements Relation {
        public InTuple {
            columns = List.copyOf(columns);
        }
    }

    /// `expr(index, value)`: a question in an index's own language.
    record IndexExpression(Identifier index, Term value) implements Relation {}
}
