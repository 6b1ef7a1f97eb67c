package io.helenus.cql.ast;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement that changes the schema.
public sealed interface SchemaStatement extends CqlStatement {
    /// `CREATE KEYSPACE name WITH properties`
    record CreateKeyspace(Identifier name, boolean ifNotExists, List<Property> properties)
            implements SchemaStatement {
        public CreateKeyspace {
            properties = List.copyOf(properties);
        }
    }

    /// `ALTER KEYSPACE name WITH properties`
    record AlterKeyspace(Identifier name, boolean ifExists, List<Property> properties)
            implements SchemaStatement {
        public AlterKeyspace {
            properties = List.copyOf(properties);
        }
    }

    /// `DROP KEYSPACE name`
    record DropKeyspace(Identifier name, boolean ifExists) implements SchemaStatement {}

    /// `CREATE TABLE name (columns, PRIMARY KEY (…)) WITH …`. Exactly one primary key makes sense,
    /// but the text may hold none or several.
    record CreateTable(
            QualifiedName name,
            boolean ifNotExists,
            List<ColumnDefinition> columns,
            List<PrimaryKey> primaryKeys,
            List<ClusteringOrder> clusteringOrder,
            boolean compactStorage,
            List<Property> properties)
            implements SchemaStatement {
        public CreateTable {
            columns = List.copyOf(columns);
            primaryKeys = List.copyOf(primaryKeys);
            clusteringOrder = List.copyOf(clusteringOrder);
            properties = List.copyOf(properties);
        }
    }

    /// `ALTER TABLE name change`
    record AlterTable(QualifiedName name, boolean ifExists, TableChange change)
            implements SchemaStatement {}

    /// What an ALTER TABLE does.
    sealed interface TableChange {}

    /// `ADD [IF NOT EXISTS] column type …`
    record AddColumns(boolean ifNotExists, List<ColumnDefinition> columns) implements TableChange {
        public AddColumns {
            columns = List.copyOf(columns);
        }
    }

    /// `DROP [IF EXISTS] columns [USING TIMESTAMP timestampMicros]`
    record DropColumns(boolean ifExists, List<Identifier> columns, @Nullable Long timestampMicros)
            implements TableChange {
        public DropColumns {
            columns = List.copyOf(columns);
        }
    }

    /// `RENAME [IF EXISTS] a TO b AND …`
    record RenameColumns(boolean ifExists, List<Rename> renames) implements TableChange {
        public RenameColumns {
            renames = List.copyOf(renames);
        }
    }

    /// `ALTER column TYPE type`: part of the language, refused by every server since 3.10.
    record AlterColumnType(Identifier column, TypeName type) implements TableChange {}

    /// `ALTER [IF EXISTS] column MASKED WITH mask`, or `DROP MASKED` where mask is null.
    record AlterColumnMask(boolean ifExists, Identifier column, @Nullable ColumnMask mask)
            implements TableChange {}

    /// `DROP COMPACT STORAGE`
    record DropCompactStorage() implements TableChange {}

    /// `WITH properties`
    record AlterProperties(List<Property> properties) implements TableChange {
        public AlterProperties {
            properties = List.copyOf(properties);
        }
    }

    /// `DROP TABLE name`
    record DropTable(QualifiedName name, boolean ifExists) implements SchemaStatement {}

    /// `CREATE [CUSTOM] INDEX [name] ON table (targets) [USING 'class'] [WITH properties]`
    record CreateIndex(
            boolean custom,
            boolean ifNotExists,
            @Nullable Identifier name,
            QualifiedName table,
            List<IndexTarget> targets,
            @Nullable String indexClass,
            List<Property> properties)
            implements SchemaStatement {
        public CreateIndex {
            targets = List.copyOf(targets);
            properties = List.copyOf(properties);
        }
    }

    /// `column`, `VALUES(column)`, `KEYS(column)`, `ENTRIES(column)`, `FULL(column)`
    record IndexTarget(IndexTargetKind kind, Identifier column) {}

    /// Which part of a collection is indexed; SIMPLE is the column itself.
    enum IndexTargetKind {
        SIMPLE,
        VALUES,
        KEYS,
        ENTRIES,
        FULL
    }

    /// `DROP INDEX name`
    record DropIndex(QualifiedName name, boolean ifExists) implements SchemaStatement {}

    /// `CREATE TYPE name (fields)`
    record CreateType(QualifiedName name, boolean ifNotExists, List<FieldDefinition> fields)
            implements SchemaStatement {
        public CreateType {
            fields = List.copyOf(fields);
        }
    }

    /// `ALTER TYPE name change`
    record AlterType(QualifiedName name, boolean ifExists, TypeChange change)
            implements SchemaStatement {}

    /// What an ALTER TYPE does.
    sealed interface TypeChange {}

    /// `ADD [IF NOT EXISTS] field type`
    record AddField(boolean ifNotExists, FieldDefinition field) implements TypeChange {}

    /// `RENAME [IF EXISTS] a TO b AND …`
    record RenameFields(boolean ifExists, List<Rename> renames) implements TypeChange {
        public RenameFields {
            renames = List.copyOf(renames);
        }
    }

    /// `ALTER field TYPE type`: part of the language, refused by every server since 3.10.
    record AlterFieldType(Identifier field, TypeName type) implements TypeChange {}

    /// `DROP TYPE name`
    record DropType(QualifiedName name, boolean ifExists) implements SchemaStatement {}

    /// `CREATE [OR REPLACE] FUNCTION name (arguments) … RETURNS type LANGUAGE language AS 'body'`
    record CreateFunction(
            QualifiedName name,
            boolean orReplace,
            boolean ifNotExists,
            List<FieldDefinition> arguments,
            boolean calledOnNullInput,
            TypeName returnType,
            String language,
            String body)
            implements SchemaStatement {
        public CreateFunction {
            arguments = List.copyOf(arguments);
        }
    }

    /// `DROP FUNCTION name [(argument types)]`; null where no parentheses were written.
    record DropFunction(
            QualifiedName name, boolean ifExists, @Nullable List<TypeName> argumentTypes)
            implements SchemaStatement {
        public DropFunction {
            argumentTypes = argumentTypes == null ? null : List.copyOf(argumentTypes);
        }
    }

    /// `CREATE [OR REPLACE] AGGREGATE name (types) SFUNC … STYPE … [FINALFUNC …] [INITCOND …]`
    record CreateAggregate(
            QualifiedName name,
            boolean orReplace,
            boolean ifNotExists,
            List<TypeName> argumentTypes,
            Identifier stateFunction,
            TypeName stateType,
            @Nullable Identifier finalFunction,
            @Nullable Term initialCondition)
            implements SchemaStatement {
        public CreateAggregate {
            argumentTypes = List.copyOf(argumentTypes);
        }
    }

    /// `DROP AGGREGATE name [(argument types)]`; null where no parentheses were written.
    record DropAggregate(
            QualifiedName name, boolean ifExists, @Nullable List<TypeName> argumentTypes)
            implements SchemaStatement {
        public DropAggregate {
            argumentTypes = argumentTypes == null ? null : List.copyOf(argumentTypes);
        }
    }

    /// `CREATE MATERIALIZED VIEW name AS SELECT selection FROM base WHERE … PRIMARY KEY (…)`
    record CreateView(
            QualifiedName name,
            boolean ifNotExists,
            Select.Selection selection,
            QualifiedName base,
            List<Relation> where,
            PrimaryKey primaryKey,
            List<ClusteringOrder> clusteringOrder,
            List<Property> properties)
            implements SchemaStatement {
        public CreateView {
            where = List.copyOf(where);
            clusteringOrder = List.copyOf(clusteringOrder);
            properties = List.copyOf(properties);
        }
    }

    /// `ALTER MATERIALIZED VIEW name WITH properties`
    record AlterView(QualifiedName name, boolean ifExists, List<Property> properties)
            implements SchemaStatement {
        public AlterView {
            properties = List.copyOf(properties);
        }
    }

    /// `DROP MATERIALIZED VIEW name`
    record DropView(QualifiedName name, boolean ifExists) implements SchemaStatement {}

    /// `CREATE TRIGGER name ON table USING 'class'`
    record CreateTrigger(
            Identifier name, boolean ifNotExists, QualifiedName table, String triggerClass)
            implements SchemaStatement {}

    /// `DROP TRIGGER name ON table`
    record DropTrigger(Identifier name, boolean ifExists, QualifiedName table)
            implements SchemaStatement {}
}
