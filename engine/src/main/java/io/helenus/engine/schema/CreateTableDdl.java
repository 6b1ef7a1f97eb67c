package io.helenus.engine.schema;

import io.helenus.cql.ast.ClusteringOrder;
import io.helenus.cql.ast.ColumnDefinition;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.PrimaryKey;
import io.helenus.cql.ast.SchemaStatement.CreateTable;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.TypeChecks;
import io.helenus.engine.types.UserType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// CREATE TABLE: one object per statement.
final class CreateTableDdl {
    private final Schema schema;
    private final DdlContext context;
    private final Consumer<String> warnings;
    private final CreateTable create;
    private final String keyspace;
    private final String name;

    private final Map<String, ColumnDefinition> definitions = new LinkedHashMap<>();
    private final Map<String, CqlType> types = new TreeMap<>();
    private final Map<String, Boolean> descending = new LinkedHashMap<>();

    CreateTableDdl(
            Schema schema,
            DdlContext context,
            Consumer<String> warnings,
            CreateTable create,
            String keyspace) {
        this.schema = schema;
        this.context = context;
        this.warnings = warnings;
        this.create = create;
        this.keyspace = keyspace;
        this.name = create.name().name().text();
    }

    @Nullable SchemaTransformation plan() {
        PrimaryKey primaryKey = checkText();
        DdlAnalyzer.requireModifiable(keyspace, "CREATE", "<all tables in " + keyspace + ">");
        KeyspaceSchema into = schema.keyspace(keyspace);
        if (into == null) {
            throw CqlException.invalid("Keyspace '" + keyspace + "' doesn't exist");
        }
        if (into.table(name) != null) {
            if (create.ifNotExists()) {
                return null;
            }
            throw new CqlException.AlreadyExists(
                    keyspace,
                    name,
                    "Cannot add already existing table \"%s\" to keyspace \"%s\""
                            .formatted(name, keyspace));
        }
        Properties properties = Properties.of(create.properties());
        TableOptions options = TableOptions.DEFAULT.with(properties, true, warnings);
        options.compaction().requireAllowed(context);
        resolveTypes(into);
        checkPrimaryKey(primaryKey);
        checkClusteringOrder(primaryKey);
        checkStatics(primaryKey);
        checkCounters(primaryKey, options);
        checkName();
        refuseUnsupported();
        return new SchemaTransformation.CreateTable(
                build(primaryKey, options, id(properties.uuid(TableOptions.ID))));
    }

    /// What is wrong whatever the schema is.
    private PrimaryKey checkText() {
        for (ColumnDefinition column : create.columns()) {
            TypeNames.checkFreezing(column.type());
            if (definitions.putIfAbsent(column.name().text(), column) != null) {
                throw CqlException.invalid(
                        "Duplicate column '%s' declaration for table '%s.%s'"
                                .formatted(column.name(), keyspace, name));
            }
        }
        int keys = create.primaryKeys().size();
        if (keys != 1) {
            throw CqlException.invalid(
                    "%s PRIMARY KEY %s for table '%s.%s' (exactly one required)"
                            .formatted(
                                    keys == 0 ? "No" : "Multiple",
                                    keys == 0 ? "specifed" : "specified",
                                    keyspace,
                                    name));
        }
        for (ClusteringOrder order : create.clusteringOrder()) {
            if (descending.putIfAbsent(order.column().text(), order.descending()) != null) {
                throw CqlException.invalid(
                        "Duplicate column '%s' in CLUSTERING ORDER BY clause for table '%s.%s'"
                                .formatted(order.column(), keyspace, name));
            }
        }
        return create.primaryKeys().getFirst();
    }

    private void resolveTypes(KeyspaceSchema into) {
        TypeNames names = new TypeNames(into);
        definitions.forEach(
                (column, definition) -> types.put(column, names.resolve(definition.type())));
        types.forEach((_, type) -> {
            if (hasNestedMultiCell(type)) {
                throw CqlException.invalid(
                        "Non-frozen UDTs with nested non-frozen collections are not"
                                + " supported");
            }
        });
    }

    static boolean hasNestedMultiCell(CqlType type) {
        return type instanceof UserType user
                && user.isMultiCell()
                && user.fieldTypes().stream().anyMatch(CqlType::isMultiCell);
    }

    private static List<String> keyColumns(PrimaryKey key) {
        List<String> all = new ArrayList<>();
        key.partition().forEach(column -> all.add(column.text()));
        key.clustering().forEach(column -> all.add(column.text()));
        return all;
    }

    private void checkPrimaryKey(PrimaryKey key) {
        Set<String> seen = new HashSet<>();
        for (String column : keyColumns(key)) {
            CqlType type = types.get(column);
            ColumnDefinition definition = definitions.get(column);
            if (type == null || definition == null) {
                throw CqlException.invalid(
                        "Unknown column '%s' referenced in PRIMARY KEY for table '%s'"
                                .formatted(column, name));
            }
            if (!seen.add(column)) {
                throw CqlException.invalid(
                        "Duplicate column '%s' in PRIMARY KEY clause for table '%s'"
                                .formatted(column, name));
            }
            checkKeyType(column, type);
            if (definition.isStatic()) {
                throw CqlException.invalid(
                        "Static column '" + column + "' cannot be part of the PRIMARY KEY");
            }
        }
    }

    private static void checkKeyType(String column, CqlType type) {
        String refusal = TypeChecks.keyRefusal(type, column);
        if (refusal != null) {
            throw CqlException.invalid(refusal);
        }
    }

    private void checkClusteringOrder(PrimaryKey key) {
        List<String> clustering = key.clustering().stream().map(Identifier::text).toList();
        List<String> others =
                descending.keySet().stream().filter(c -> !clustering.contains(c)).toList();
        if (!others.isEmpty()) {
            throw CqlException.invalid(
                    ("Only clustering key columns can be defined in CLUSTERING ORDER directive: %s"
                                    + " are not clustering columns")
                            .formatted(others));
        }
        int position = 0;
        for (String ordered : descending.keySet()) {
            String expected = clustering.get(position);
            if (!ordered.equals(expected)) {
                throw CqlException.invalid(
                        descending.containsKey(expected)
                                ? ("The order of columns in the CLUSTERING ORDER directive must"
                                                + " match that of the clustering columns (%s must"
                                                + " appear before %s)")
                                        .formatted(expected, ordered)
                                : "Missing CLUSTERING ORDER for column " + expected);
            }
            position++;
        }
    }

    private void checkStatics(PrimaryKey key) {
        boolean anyStatic = definitions.values().stream().anyMatch(ColumnDefinition::isStatic);
        if (anyStatic && key.clustering().isEmpty()) {
            throw CqlException.invalid(AlterTableDdl.STATIC_WITHOUT_CLUSTERING);
        }
    }

    private void checkCounters(PrimaryKey key, TableOptions options) {
        Set<String> keyColumns = new HashSet<>(keyColumns(key));
        List<CqlType> others = new ArrayList<>();
        types.forEach((column, type) -> {
            if (!keyColumns.contains(column)) {
                others.add(type);
            }
        });
        if (others.stream().noneMatch(CqlType::isCounter)) {
            return;
        }
        if (!others.stream().allMatch(CqlType::isCounter)) {
            throw CqlException.invalid(
                    "Cannot mix counter and non counter columns in the same table");
        }
        if (options.defaultTimeToLive() > 0) {
            throw CqlException.invalid("Cannot set default_time_to_live on a table with counters");
        }
        throw CqlException.invalid("Counter tables are not supported");
    }

    private void checkName() {
        if (!SchemaNames.isValid(name)) {
            throw CqlException.config(
                    ("%s.%s: Table name must not be empty or not contain"
                                    + " non-alphanumeric-underscore characters (got \"%s\")")
                            .formatted(keyspace, name, name));
        }
        if (name.length() > SchemaNames.TABLE_CHARACTERS_MAX) {
            throw CqlException.config(
                    ("%s.%s: Table name must not be more than %d characters long (got %d characters"
                                    + " for \"%s\")")
                            .formatted(
                                    keyspace,
                                    name,
                                    SchemaNames.TABLE_CHARACTERS_MAX,
                                    name.length(),
                                    name));
        }
    }

    private void refuseUnsupported() {
        if (create.compactStorage()) {
            throw CqlException.invalid("COMPACT STORAGE tables are not supported");
        }
        for (ColumnDefinition column : create.columns()) {
            if (column.mask() != null) {
                throw CqlException.invalid(AlterTableDdl.MASKS_UNSUPPORTED);
            }
        }
        if (definitions.size() > ColumnSchema.ID_MAX) {
            throw CqlException.invalid(
                    "Table '%s.%s' has %d columns, the limit is %d"
                            .formatted(keyspace, name, definitions.size(), ColumnSchema.ID_MAX));
        }
    }

    private UUID id(@Nullable UUID id) {
        if (id == null) {
            return context.tableIds().get();
        }
        TableSchema other = schema.table(id);
        if (other != null) {
            throw CqlException.config(
                    "Table id %s is already in use by table '%s'".formatted(id, other));
        }
        return id;
    }

    private TableSchema build(PrimaryKey key, TableOptions options, UUID id) {
        TableSchema.Builder builder = TableSchema.builder(keyspace, name, id).options(options);
        for (Identifier column : key.partition()) {
            builder.partitionKey(column.text(), type(column.text()));
        }
        for (Identifier column : key.clustering()) {
            if (descending.getOrDefault(column.text(), false)) {
                builder.clusteringDescending(column.text(), type(column.text()));
            } else {
                builder.clustering(column.text(), type(column.text()));
            }
        }
        Set<String> keyColumns = new HashSet<>(keyColumns(key));
        definitions.forEach((column, definition) -> {
            if (keyColumns.contains(column)) {
                return;
            }
            if (definition.isStatic()) {
                builder.staticColumn(column, type(column));
            } else {
                builder.regular(column, type(column));
            }
        });
        return builder.build();
    }

    private CqlType type(String column) {
        CqlType type = types.get(column);
        if (type == null) {
            throw new IllegalStateException("column " + column + " has no type");
        }
        return type;
    }
}
