package io.helenus.engine.schema;

import static io.helenus.engine.types.Names.maybeQuote;

import io.helenus.cql.ast.Describe;
import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.NativeType;
import io.helenus.engine.types.UserType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The answer to a DESCRIBE statement, a result like that of a SELECT.
///
/// @param rows wire bytes, in the order of the columns
public record DescribeAnswer(List<Column> columns, List<byte[][]> rows) {
    /// A column of the result.
    public record Column(String name, CqlType type) {}

    /// What DESCRIBE CLUSTER shows.
    ///
    /// @param partitioner and snitch without their package
    /// @param ownership of a keyspace: endpoints of each range by the token that ends it
    public record Cluster(
            String name,
            String partitioner,
            String snitch,
            Function<KeyspaceSchema, Map<String, List<String>>> ownership) {}

    /// Keyspace and table that the result's metadata name.
    public static final String RESULT_KEYSPACE = "system";

    public static final String RESULT_TABLE = "describe";

    private static final List<Column> LISTING =
            List.of(
                    new Column("keyspace_name", NativeType.TEXT),
                    new Column("type", NativeType.TEXT),
                    new Column("name", NativeType.TEXT));
    private static final Column CREATE_STATEMENT = new Column("create_statement", NativeType.TEXT);
    private static final CqlType OWNERSHIP =
            new MapType(NativeType.TEXT, new ListType(NativeType.TEXT, false).freeze(), false);

    public DescribeAnswer {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /// @param currentKeyspace what the client said in USE
    /// @throws CqlException if there is no such thing
    public static DescribeAnswer of(
            Describe describe, Schema schema, @Nullable String currentKeyspace, Cluster cluster) {
        return new Answering(schema, currentKeyspace, describe.internals())
                .answer(describe.target(), cluster);
    }

    /// One statement being answered.
    private record Answering(Schema schema, @Nullable String currentKeyspace, boolean internals) {
        DescribeAnswer answer(Describe.Target target, Cluster cluster) {
            return switch (target) {
                case Describe.Listing.CLUSTER -> cluster(cluster);
                case Describe.Listing.KEYSPACES ->
                        listing(
                                keyspaces(true),
                                keyspace -> Collections.singletonList(row(keyspace)));
                case Describe.Listing.TABLES ->
                        listing(
                                inScope(),
                                keyspace -> named(keyspace, "table", keyspace.tables().keySet()));
                case Describe.Listing.TYPES ->
                        listing(
                                inScope(),
                                keyspace -> named(keyspace, "type", keyspace.types().keySet()));
                case Describe.Listing.FUNCTIONS, Describe.Listing.AGGREGATES ->
                        listing(List.of(), _ -> List.of());
                case Describe.Schema(boolean full) -> {
                    List<byte[][]> rows = new ArrayList<>();
                    keyspaces(full).forEach(keyspace -> rows.addAll(contents(keyspace)));
                    yield statements(rows);
                }
                case Describe.Keyspace(Identifier name, boolean only) -> {
                    KeyspaceSchema keyspace = keyspace(name);
                    yield statements(
                            only ? Collections.singletonList(row(keyspace)) : contents(keyspace));
                }
                case Describe.Named(Describe.Kind kind, QualifiedName name) ->
                        statements(
                                kind == Describe.Kind.ANY
                                        ? any(name)
                                        : Collections.singletonList(one(kind, name)));
            };
        }

        private DescribeAnswer cluster(Cluster cluster) {
            List<Column> columns = new ArrayList<>();
            columns.add(new Column("cluster", NativeType.TEXT));
            columns.add(new Column("partitioner", NativeType.TEXT));
            columns.add(new Column("snitch", NativeType.TEXT));
            List<byte[]> row = new ArrayList<>();
            row.add(Wire.text(cluster.name()));
            row.add(Wire.text(cluster.partitioner()));
            row.add(Wire.text(cluster.snitch()));
            KeyspaceSchema current =
                    currentKeyspace == null ? null : schema.keyspace(currentKeyspace);
            boolean isPlaced =
                    current != null
                            && current.replication().strategy() != ReplicationParams.Strategy.LOCAL;
            if (current != null && isPlaced) {
                columns.add(new Column("range_ownership", OWNERSHIP));
                row.add(Wire.map(new TreeMap<>(cluster.ownership().apply(current)), Wire::texts));
            }
            return new DescribeAnswer(
                    columns, Collections.singletonList(row.toArray(byte[][]::new)));
        }

        private List<KeyspaceSchema> keyspaces(boolean withSystem) {
            return schema.keyspaces().values().stream()
                    .filter(keyspace -> withSystem || !SchemaNames.isSystem(keyspace.name()))
                    .sorted(Comparator.comparing(KeyspaceSchema::name, SchemaNames.LISTING_ORDER))
                    .toList();
        }

        /// The current keyspace, else all.
        private List<KeyspaceSchema> inScope() {
            return currentKeyspace == null ? keyspaces(true) : List.of(keyspace(null));
        }

        private static DescribeAnswer listing(
                List<KeyspaceSchema> keyspaces, Function<KeyspaceSchema, List<byte[][]>> toRows) {
            List<byte[][]> rows = new ArrayList<>();
            for (KeyspaceSchema keyspace : keyspaces) {
                for (byte[][] row : toRows.apply(keyspace)) {
                    rows.add(new byte[][] {row[0], row[1], row[2]});
                }
            }
            return new DescribeAnswer(LISTING, rows);
        }

        private static List<byte[][]> named(
                KeyspaceSchema keyspace, String kind, Collection<String> names) {
            return names.stream()
                    .sorted(SchemaNames.LISTING_ORDER)
                    .map(name -> row(keyspace.name(), kind, name, ""))
                    .toList();
        }

        private static DescribeAnswer statements(List<byte[][]> rows) {
            List<Column> columns = new ArrayList<>(LISTING);
            columns.add(CREATE_STATEMENT);
            return new DescribeAnswer(columns, rows);
        }

        private static byte[][] row(String keyspace, String kind, String name, String create) {
            return new byte[][] {
                Wire.text(maybeQuote(keyspace)),
                Wire.text(kind),
                Wire.text(maybeQuote(name)),
                Wire.text(create)
            };
        }

        private static byte[][] row(KeyspaceSchema keyspace) {
            return row(keyspace.name(), "keyspace", keyspace.name(), CreateText.keyspace(keyspace));
        }

        private static byte[][] row(UserType type) {
            return row(type.keyspace(), "type", type.name(), CreateText.type(type));
        }

        private byte[][] row(TableSchema table) {
            return row(table.keyspace(), "table", table.name(), CreateText.table(table, internals));
        }

        private List<byte[][]> contents(KeyspaceSchema keyspace) {
            List<byte[][]> rows = new ArrayList<>();
            rows.add(row(keyspace));
            keyspace.typesInDependencyOrder().forEach(type -> rows.add(row(type)));
            keyspace.tables().values().stream()
                    .sorted(Comparator.comparing(TableSchema::name, SchemaNames.LISTING_ORDER))
                    .forEach(table -> rows.add(row(table)));
            return rows;
        }

        private KeyspaceSchema keyspace(@Nullable Identifier said) {
            String name = said == null ? currentKeyspace : said.text();
            if (name == null) {
                throw CqlException.invalid("No keyspace specified and no current keyspace");
            }
            KeyspaceSchema keyspace = schema.keyspace(name);
            if (keyspace == null) {
                throw CqlException.invalid("'" + name + "' not found in keyspaces");
            }
            return keyspace;
        }

        /// A keyspace, else a table.
        private List<byte[][]> any(QualifiedName name) {
            Identifier said = name.keyspace();
            KeyspaceSchema itself = said == null ? schema.keyspace(name.name().text()) : null;
            if (itself != null) {
                return contents(itself);
            }
            if (said == null && currentKeyspace == null) {
                throw CqlException.invalid("'" + name.name() + "' not found in keyspaces");
            }
            KeyspaceSchema keyspace = keyspace(said);
            TableSchema table = keyspace.table(name.name().text());
            if (table == null) {
                throw CqlException.invalid(
                        "'%s' not found in keyspace '%s'".formatted(name.name(), keyspace.name()));
            }
            return Collections.singletonList(row(table));
        }

        private byte[][] one(Describe.Kind kind, QualifiedName qualified) {
            KeyspaceSchema keyspace = keyspace(qualified.keyspace());
            String name = qualified.name().text();
            return switch (kind) {
                case TABLE -> {
                    TableSchema table = keyspace.table(name);
                    if (table == null) {
                        throw CqlException.invalid(
                                "Table '%s' not found in keyspace '%s'"
                                        .formatted(name, keyspace.name()));
                    }
                    yield row(table);
                }
                case TYPE -> {
                    UserType type = keyspace.type(name);
                    if (type == null) {
                        throw absent("User defined type '%s' not found in '%s'", name, keyspace);
                    }
                    yield row(type);
                }
                case INDEX ->
                        throw absent(
                                "Table for existing index '%s' not found in '%s'", name, keyspace);
                case MATERIALIZED_VIEW ->
                        throw absent("Materialized view '%s' not found in '%s'", name, keyspace);
                case FUNCTION ->
                        throw absent(
                                "User defined function '%s' not found in '%s'", name, keyspace);
                case AGGREGATE ->
                        throw absent(
                                "User defined aggregate '%s' not found in '%s'", name, keyspace);
                case ANY -> throw new IllegalStateException("asked elsewhere");
            };
        }

        private static CqlException absent(String message, String name, KeyspaceSchema keyspace) {
            return CqlException.invalid(message.formatted(name, keyspace.name()));
        }
    }
}
