package io.helenus.cql.ast;

import java.util.List;
import java.util.Objects;

/// A statement that changes rows; what a batch may hold.
public sealed interface Modification extends CqlStatement {
    QualifiedName table();

    Using using();

    /// `INSERT INTO table (columns) VALUES (values)`; their counts may differ.
    record Insert(
            QualifiedName table,
            List<Identifier> columns,
            List<Term> values,
            boolean ifNotExists,
            Using using)
            implements Modification {
        public Insert {
            Objects.requireNonNull(table);
            Objects.requireNonNull(using);
            columns = List.copyOf(columns);
            values = List.copyOf(values);
        }
    }

    /// `INSERT INTO table JSON json [DEFAULT NULL | UNSET]`; json is a STRING literal or a marker.
    record InsertJson(
            QualifiedName table, Term json, boolean defaultUnset, boolean ifNotExists, Using using)
            implements Modification {}

    /// `UPDATE table SET assignments WHERE … IF …`. Either `ifExists`, or conditions, or neither.
    record Update(
            QualifiedName table,
            Using using,
            List<Assignment> assignments,
            List<Relation> where,
            boolean ifExists,
            List<Condition> conditions)
            implements Modification {
        public Update {
            Objects.requireNonNull(table);
            Objects.requireNonNull(using);
            assignments = List.copyOf(assignments);
            where = List.copyOf(where);
            conditions = List.copyOf(conditions);
        }
    }

    /// `DELETE [deletions] FROM table WHERE … IF …`. No deletions: whole rows or ranges of them.
    record Delete(
            QualifiedName table,
            Using using,
            List<Deletion> deletions,
            List<Relation> where,
            boolean ifExists,
            List<Condition> conditions)
            implements Modification {
        public Delete {
            Objects.requireNonNull(table);
            Objects.requireNonNull(using);
            deletions = List.copyOf(deletions);
            where = List.copyOf(where);
            conditions = List.copyOf(conditions);
        }
    }

    /// One entry of SET.
    sealed interface Assignment {
        Identifier column();
    }

    /// `column = value`
    record SetColumn(Identifier column, Term value) implements Assignment {}

    /// `column[key] = value`
    record SetElement(Identifier column, Term key, Term value) implements Assignment {}

    /// `column.field = value`
    record SetField(Identifier column, Identifier field, Term value) implements Assignment {}

    /// `column = column + value` or `column += value`
    record Add(Identifier column, Term value) implements Assignment {}

    /// `column = column - value` or `column -= value`
    record Subtract(Identifier column, Term value) implements Assignment {}

    /// `column = value + column`
    record Prepend(Identifier column, Term value) implements Assignment {}

    /// What a DELETE names.
    sealed interface Deletion {
        Identifier column();
    }

    /// `column`
    record DeleteColumn(Identifier column) implements Deletion {}

    /// `column[key]`
    record DeleteElement(Identifier column, Term key) implements Deletion {}

    /// `column.field`
    record DeleteField(Identifier column, Identifier field) implements Deletion {}
}
