package io.helenus.engine.schema;

import io.helenus.engine.schema.SchemaChange.Kind;
import io.helenus.engine.schema.SchemaChange.Target;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.UserType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One change of the schema, in resolved terms: it holds the ids, types and options that result,
/// so that applying it to the schema of the epoch before needs no clock, no cluster and no rules,
/// and gives the same result on every node and after every restart.
///
/// Applying one to a schema that it was not made for is a bug and fails.
public sealed interface SchemaTransformation {
    String keyspace();

    /// What the statement's own client is told.
    SchemaChange change();

    /// The keyspace afterwards, null if there is none.
    @Nullable KeyspaceSchema applyTo(@Nullable KeyspaceSchema before);

    record CreateKeyspace(String keyspace, ReplicationParams replication, boolean durableWrites)
            implements SchemaTransformation {
        @Override
        public SchemaChange change() {
            return SchemaChange.ofKeyspace(Kind.CREATED, keyspace);
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            require(before == null, this, "the keyspace exists");
            return KeyspaceSchema.empty(keyspace, replication, durableWrites);
        }
    }

    record AlterKeyspace(String keyspace, ReplicationParams replication, boolean durableWrites)
            implements SchemaTransformation {
        @Override
        public SchemaChange change() {
            return SchemaChange.ofKeyspace(Kind.UPDATED, keyspace);
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            return existing(before, this).withParams(replication, durableWrites);
        }
    }

    record DropKeyspace(String keyspace) implements SchemaTransformation {
        @Override
        public SchemaChange change() {
            return SchemaChange.ofKeyspace(Kind.DROPPED, keyspace);
        }

        @Override
        public @Nullable KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            require(before != null, this, "there is no such keyspace");
            return null;
        }
    }

    record CreateTable(TableSchema table) implements SchemaTransformation {
        @Override
        public String keyspace() {
            return table.keyspace();
        }

        @Override
        public SchemaChange change() {
            return SchemaChange.of(Kind.CREATED, Target.TABLE, keyspace(), table.name());
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            KeyspaceSchema old = existing(before, this);
            require(old.table(table.name()) == null, this, "the table exists");
            return old.withTable(table);
        }
    }

    record AddColumns(String keyspace, String table, List<ColumnSchema> columns)
            implements SchemaTransformation {
        public AddColumns {
            columns = List.copyOf(columns);
        }

        @Override
        public SchemaChange change() {
            return SchemaChange.of(Kind.UPDATED, Target.TABLE, keyspace, table);
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            TableSchema old = existingTable(before, table, this);
            TableSchema.Builder builder = old.toBuilder();
            for (ColumnSchema column : columns) {
                require(column.id() >= old.nextColumnId(), this, "a column id is not new");
                builder.column(column);
            }
            return existing(before, this).withTable(builder.build());
        }
    }

    record DropColumns(String keyspace, String table, List<DroppedColumn> columns)
            implements SchemaTransformation {
        public DropColumns {
            columns = List.copyOf(columns);
        }

        @Override
        public SchemaChange change() {
            return SchemaChange.of(Kind.UPDATED, Target.TABLE, keyspace, table);
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            TableSchema.Builder builder = existingTable(before, table, this).toBuilder();
            columns.forEach(builder::drop);
            return existing(before, this).withTable(builder.build());
        }
    }

    record RenameColumns(String keyspace, String table, List<Rename> renames)
            implements SchemaTransformation {
        public RenameColumns {
            renames = List.copyOf(renames);
        }

        /// One after the other.
        public record Rename(String from, String to) {}

        @Override
        public SchemaChange change() {
            return SchemaChange.of(Kind.UPDATED, Target.TABLE, keyspace, table);
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            TableSchema.Builder builder = existingTable(before, table, this).toBuilder();
            renames.forEach(rename -> builder.rename(rename.from(), rename.to()));
            return existing(before, this).withTable(builder.build());
        }
    }

    record AlterOptions(String keyspace, String table, TableOptions options)
            implements SchemaTransformation {
        @Override
        public SchemaChange change() {
            return SchemaChange.of(Kind.UPDATED, Target.TABLE, keyspace, table);
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            TableSchema old = existingTable(before, table, this);
            return existing(before, this).withTable(old.toBuilder().options(options).build());
        }
    }

    record DropTable(String keyspace, String table) implements SchemaTransformation {
        @Override
        public SchemaChange change() {
            return SchemaChange.of(Kind.DROPPED, Target.TABLE, keyspace, table);
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            require(existingTable(before, table, this).name().equals(table), this, "another table");
            return existing(before, this).withoutTable(table);
        }
    }

    record CreateType(UserType type) implements SchemaTransformation {
        @Override
        public String keyspace() {
            return type.keyspace();
        }

        @Override
        public SchemaChange change() {
            return SchemaChange.of(Kind.CREATED, Target.TYPE, keyspace(), type.name());
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            KeyspaceSchema old = existing(before, this);
            require(old.type(type.name()) == null, this, "the type exists");
            return old.withType(type);
        }
    }

    record AddField(String keyspace, String type, String field, CqlType fieldType)
            implements SchemaTransformation {
        @Override
        public SchemaChange change() {
            return SchemaChange.of(Kind.UPDATED, Target.TYPE, keyspace, type);
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            UserType old = existingType(before, type, this);
            List<String> names = new ArrayList<>(old.fieldNames());
            List<CqlType> types = new ArrayList<>(old.fieldTypes());
            names.add(field);
            types.add(fieldType);
            return existing(before, this)
                    .withType(new UserType(keyspace, type, names, types, false));
        }
    }

    /// @param fieldNames of all fields, in their order
    record RenameFields(String keyspace, String type, List<String> fieldNames)
            implements SchemaTransformation {
        public RenameFields {
            fieldNames = List.copyOf(fieldNames);
        }

        @Override
        public SchemaChange change() {
            return SchemaChange.of(Kind.UPDATED, Target.TYPE, keyspace, type);
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            UserType old = existingType(before, type, this);
            return existing(before, this)
                    .withType(new UserType(keyspace, type, fieldNames, old.fieldTypes(), false));
        }
    }

    record DropType(String keyspace, String type) implements SchemaTransformation {
        @Override
        public SchemaChange change() {
            return SchemaChange.of(Kind.DROPPED, Target.TYPE, keyspace, type);
        }

        @Override
        public KeyspaceSchema applyTo(@Nullable KeyspaceSchema before) {
            require(existingType(before, type, this).name().equals(type), this, "another type");
            return existing(before, this).withoutType(type);
        }
    }

    private static KeyspaceSchema existing(
            @Nullable KeyspaceSchema keyspace, SchemaTransformation transformation) {
        if (keyspace == null) {
            throw misfit(transformation, "there is no such keyspace");
        }
        return keyspace;
    }

    private static TableSchema existingTable(
            @Nullable KeyspaceSchema keyspace, String name, SchemaTransformation transformation) {
        TableSchema table = existing(keyspace, transformation).table(name);
        if (table == null) {
            throw misfit(transformation, "there is no such table");
        }
        return table;
    }

    private static UserType existingType(
            @Nullable KeyspaceSchema keyspace, String name, SchemaTransformation transformation) {
        UserType type = existing(keyspace, transformation).type(name);
        if (type == null) {
            throw misfit(transformation, "there is no such type");
        }
        return type;
    }

    private static void require(
            boolean holds, SchemaTransformation transformation, String otherwise) {
        if (!holds) {
            throw misfit(transformation, otherwise);
        }
    }

    private static IllegalStateException misfit(
            SchemaTransformation transformation, String reason) {
        return new IllegalStateException(transformation + " does not fit the schema: " + reason);
    }
}
