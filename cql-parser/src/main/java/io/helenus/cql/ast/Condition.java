package io.helenus.cql.ast;

/// One condition of an IF clause; all of a clause must hold.
public sealed interface Condition {
    /// What the condition looks at.
    Target target();

    /// `target operator value`; CONTAINS and CONTAINS KEY only with a whole column, LIKE never.
    record Compare(Target target, ComparisonOperator operator, Term value) implements Condition {}

    /// `target IN values`
    record In(Target target, InValues values) implements Condition {}

    /// A column or a part of one.
    sealed interface Target {
        Identifier column();
    }

    /// `column`
    record Column(Identifier column) implements Target {}

    /// `column[key]`
    record Element(Identifier column, Term key) implements Target {}

    /// `column.field`
    record Field(Identifier column, Identifier field) implements Target {}
}
