package io.helenus.engine.schema;

import io.helenus.cql.ast.ColumnDefinition;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.Property;
import io.helenus.cql.ast.Rename;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.SchemaStatement.AddColumns;
import io.helenus.cql.ast.SchemaStatement.AlterTable;
import io.helenus.cql.ast.SchemaStatement.DropColumns;
import io.helenus.cql.ast.SchemaStatement.RenameColumns;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.UserType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// ALTER TABLE.
final class AlterTableDdl {
    static final String STATIC_WITHOUT_CLUSTERING =
            "Static columns are only useful (and thus allowed) if the table has at least one"
                    + " clustering column";
    static final String MASKS_UNSUPPORTED = "Dynamic data masking (MASKED WITH) is not supported";

    private final Schema schema;
    private final DdlContext context;
    private final Consumer<String> warnings;

    AlterTableDdl(Schema schema, DdlContext context, Consumer<String> warnings) {
        this.schema = schema;
        this.context = context;
        this.warnings = warnings;
    }

    @Nullable SchemaTransformation plan(String keyspaceName, AlterTable alter) {
        String name = alter.name().name().text();
        if (alter.change() instanceof AddColumns(_, List<ColumnDefinition> columns)) {
            columns.forEach(column -> TypeNames.checkFreezing(column.type()));
        }
        DdlAnalyzer.requireModifiable(
                keyspaceName, "ALTER", "<table " + keyspaceName + "." + name + ">");
        KeyspaceSchema keyspace = schema.keyspace(keyspaceName);
        TableSchema table = keyspace == null ? null : keyspace.table(name);
        if (keyspace == null || table == null) {
            if (alter.ifExists()) {
                return null;
            }
            throw CqlException.invalid("Table '%s.%s' doesn't exist".formatted(keyspaceName, name));
        }
        return switch (alter.change()) {
            case AddColumns add -> add(keyspace, table, add);
            case DropColumns drop -> drop(table, drop);
            case RenameColumns rename -> rename(table, rename);
            case SchemaStatement.AlterProperties(List<Property> properties) ->
                    options(table, Properties.of(properties));
            case SchemaStatement.AlterColumnType _ ->
                    throw CqlException.invalid("Altering column types is no longer supported");
            case SchemaStatement.AlterColumnMask _ -> throw CqlException.invalid(MASKS_UNSUPPORTED);
            case SchemaStatement.DropCompactStorage _ ->
                    throw CqlException.invalid(
                            "Cannot DROP COMPACT STORAGE on table without COMPACT STORAGE");
        };
    }

    private @Nullable SchemaTransformation add(
            KeyspaceSchema keyspace, TableSchema table, AddColumns add) {
        List<ColumnSchema> added = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (ColumnDefinition definition : add.columns()) {
            String name = definition.name().text();
            if (table.column(name) != null || !names.add(name)) {
                if (add.ifNotExists()) {
                    continue;
                }
                throw CqlException.invalid("Column with name '" + name + "' already exists");
            }
            CqlType type = new TypeNames(keyspace).resolve(definition.type());
            checkAdded(table, definition, type);
            int id = table.nextColumnId() + added.size();
            if (id > ColumnSchema.ID_MAX) {
                throw CqlException.invalid(
                        "Table '%s' has used up all %d column ids"
                                .formatted(table, ColumnSchema.ID_MAX + 1));
            }
            ColumnKind kind = definition.isStatic() ? ColumnKind.STATIC : ColumnKind.REGULAR;
            added.add(new ColumnSchema(id, name, kind, ColumnSchema.NO_POSITION, type, false));
        }
        return added.isEmpty()
                ? null
                : new SchemaTransformation.AddColumns(table.keyspace(), table.name(), added);
    }

    private static void checkAdded(TableSchema table, ColumnDefinition definition, CqlType type) {
        String name = definition.name().text();
        if (definition.isStatic() && !table.hasClustering()) {
            throw CqlException.invalid(STATIC_WITHOUT_CLUSTERING);
        }
        if (CreateTableDdl.hasNestedMultiCell(type)) {
            throw CqlException.invalid(
                    "Non-frozen UDTs with nested non-frozen collections are not supported for"
                            + " column "
                            + name);
        }
        if (definition.mask() != null) {
            throw CqlException.invalid(MASKS_UNSUPPORTED);
        }
        DroppedColumn dropped = table.dropped().get(name);
        if (dropped != null) {
            checkReadded(definition, type, dropped);
        }
        if (type.isCounter() && !table.isCounter()) {
            throw CqlException.config(
                    "%s: Cannot have a counter column (\"%s\") in a non counter table"
                            .formatted(table, name));
        }
        if (!type.isCounter() && table.isCounter()) {
            throw CqlException.config(
                    "%s: Cannot have a non counter column (\"%s\") in a counter table"
                            .formatted(table, name));
        }
    }

    private static void checkReadded(
            ColumnDefinition definition, CqlType type, DroppedColumn dropped) {
        ColumnKind kind = definition.isStatic() ? ColumnKind.STATIC : ColumnKind.REGULAR;
        if (!isCompatible(TypeNames.expanded(type), dropped.type())) {
            throw CqlException.invalid(
                    ("Cannot re-add previously dropped column '%s' of type %s, incompatible with"
                                    + " previous type %s")
                            .formatted(dropped.name(), type.cqlName(), dropped.type().cqlName()));
        }
        if (kind != dropped.kind()) {
            throw CqlException.invalid(
                    ("Cannot re-add previously dropped column '%s' of kind %s, incompatible with"
                                    + " previous kind %s")
                            .formatted(dropped.name(), kind, dropped.kind()));
        }
    }

    /// Whether the old type's bytes would be values of the new one, and cells laid out alike.
    private static boolean isCompatible(CqlType type, CqlType before) {
        if (type.equals(before)) {
            return true;
        }
        if (type.isMultiCell()
                || before.isMultiCell()
                || type.fixedLength() != before.fixedLength()) {
            return false;
        }
        return switch (type) {
            case NativeType.BLOB -> true;
            case NativeType.TEXT -> before == NativeType.ASCII;
            case NativeType.UUID -> before == NativeType.TIMEUUID;
            case NativeType.BIGINT -> before == NativeType.TIMESTAMP;
            case NativeType.TIMESTAMP -> before == NativeType.BIGINT;
            default -> false;
        };
    }

    private @Nullable SchemaTransformation drop(TableSchema table, DropColumns drop) {
        Long said = drop.timestampMicros();
        long micros = said == null ? context.wallMicros().getAsLong() : said;
        Map<String, DroppedColumn> dropped = new LinkedHashMap<>();
        for (Identifier identifier : drop.columns()) {
            String name = identifier.text();
            ColumnSchema column = table.column(name);
            if (column == null) {
                if (drop.ifExists()) {
                    continue;
                }
                throw CqlException.invalid(
                        "Column %s was not found in table '%s'".formatted(name, table));
            }
            if (column.isPrimaryKey()) {
                throw CqlException.invalid("Cannot drop PRIMARY KEY column " + name);
            }
            if (column.type() instanceof UserType user && user.isMultiCell()) {
                throw CqlException.invalid(
                        "Cannot drop non-frozen column %s of user type %s"
                                .formatted(name, user.name()));
            }
            dropped.put(
                    name,
                    new DroppedColumn(
                            column.id(),
                            name,
                            column.kind(),
                            TypeNames.expanded(column.type()),
                            micros));
        }
        return dropped.isEmpty()
                ? null
                : new SchemaTransformation.DropColumns(
                        table.keyspace(), table.name(), List.copyOf(dropped.values()));
    }

    private static @Nullable SchemaTransformation rename(TableSchema table, RenameColumns rename) {
        Map<String, String> renames = new LinkedHashMap<>(); // the last word on a column counts
        for (Rename one : rename.renames()) {
            renames.put(one.from().text(), one.to().text());
        }
        List<SchemaTransformation.RenameColumns.Rename> result = new ArrayList<>();
        Set<String> taken = new HashSet<>();
        renames.forEach((from, to) -> {
            ColumnSchema column = table.column(from);
            if (column == null) {
                if (rename.ifExists()) {
                    return;
                }
                throw CqlException.invalid(
                        "Undefined column name %s in table %s".formatted(from, table));
            }
            if (!column.isPrimaryKey()) {
                throw CqlException.invalid("Cannot rename non PRIMARY KEY column " + from);
            }
            if (table.column(to) != null || !taken.add(to)) {
                throw CqlException.invalid(
                        ("Cannot rename column %s to %s in table '%s'; another column with"
                                        + " that name already exists")
                                .formatted(from, to, table));
            }
            result.add(new SchemaTransformation.RenameColumns.Rename(from, to));
        });
        return result.isEmpty()
                ? null
                : new SchemaTransformation.RenameColumns(table.keyspace(), table.name(), result);
    }

    private SchemaTransformation options(TableSchema table, Properties properties) {
        TableOptions options = table.options().with(properties, false, warnings);
        if (!options.compaction().equals(table.options().compaction())) {
            options.compaction().requireAllowed(context);
        }
        if (properties.uuid(TableOptions.ID) != null) {
            throw CqlException.config("Cannot alter table id.");
        }
        if (table.isCounter() && options.defaultTimeToLive() > 0) {
            throw CqlException.invalid("Cannot set default_time_to_live on a table with counters");
        }
        return new SchemaTransformation.AlterOptions(table.keyspace(), table.name(), options);
    }
}
