package io.helenus.engine.bulk;

import io.helenus.cql.CqlParser;
import io.helenus.cql.CqlSyntaxException;
import io.helenus.cql.StatementSplitter;
import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.Use;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.DdlAnalyzer;
import io.helenus.engine.schema.DdlContext;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.ReplicationParams;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.engine.schema.SchemaNames;
import io.helenus.engine.schema.SchemaTransformation;
import io.helenus.engine.schema.TableSchema;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The tables and types that bulk data are written for, by what CQL statements say. Immutable.
public final class BulkSchema {
    private final Schema schema;

    private BulkSchema(Schema schema) {
        this.schema = schema;
    }

    /// Follows a script of CREATE, ALTER, DROP and USE statements from an empty schema. Replication is
    /// not looked at, as it has nothing to do with files, and a keyspace need not be created before
    /// its tables.
    ///
    /// @throws CqlException that says what is wrong, and with which statement
    public static BulkSchema of(String script, LongSupplier wallMicros) {
        DdlContext context = new DdlContext(Map.of(), 1, wallMicros, () -> new UUID(0, 0), true);
        Schema schema = Schema.empty();
        String keyspace = null;
        for (String text : statements(script)) {
            CqlStatement statement = parse(text);
            if (statement instanceof Use use) {
                keyspace = use.keyspace().text();
                schema = withKeyspace(schema, keyspace);
                continue;
            }
            if (!(statement instanceof SchemaStatement definition)) {
                throw CqlException.invalid(
                        "A schema consists of CREATE, ALTER, DROP and USE statements, and this is none"
                                + " of them: "
                                + text);
            }
            schema = apply(schema, definition, keyspace, named(context, text));
        }
        return new BulkSchema(schema);
    }

    /// Ids are asked for by CREATE TABLE only; those of the same text are the same.
    private static DdlContext named(DdlContext context, String text) {
        return new DdlContext(
                context.nodesByDatacenter(),
                context.defaultReplicationFactor(),
                context.wallMicros(),
                () -> UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)),
                context.allowUnsafeExpiration());
    }

    private static List<String> statements(String script) {
        StatementSplitter.Split split = StatementSplitter.split(script);
        List<String> texts = new ArrayList<>();
        split.statements().forEach(statement -> texts.add(statement.text()));
        if (!split.rest().isBlank()) {
            texts.add(split.rest());
        }
        return texts;
    }

    private static CqlStatement parse(String text) {
        try {
            return CqlParser.parse(text);
        } catch (CqlSyntaxException e) {
            throw CqlException.syntax("%s, in: %s".formatted(e.getMessage(), text));
        }
    }

    private static Schema apply(
            Schema before,
            SchemaStatement statement,
            @Nullable String keyspace,
            DdlContext context) {
        Schema schema = before;
        switch (statement) {
            case SchemaStatement.CreateKeyspace create -> {
                return withKeyspace(schema, create.name().text());
            }
            case SchemaStatement.AlterKeyspace _ -> {
                return schema;
            }
            case SchemaStatement.CreateTable create -> schema = withKeyspace(schema, create.name());
            case SchemaStatement.CreateType create -> schema = withKeyspace(schema, create.name());
            default -> {}
        }
        SchemaTransformation transformation =
                new DdlAnalyzer(schema, context, keyspace).analyze(statement).transformation();
        return transformation == null ? schema : schema.apply(transformation);
    }

    private static Schema withKeyspace(Schema schema, QualifiedName name) {
        var said = name.keyspace();
        return said == null ? schema : withKeyspace(schema, said.text());
    }

    private static Schema withKeyspace(Schema schema, String name) {
        if (schema.keyspace(name) != null) {
            return schema;
        }
        if (!SchemaNames.isValid(name) || name.length() > SchemaNames.KEYSPACE_CHARACTERS_MAX) {
            throw CqlException.invalid("'%s' is no name of a keyspace".formatted(name));
        }
        return schema.apply(
                new SchemaTransformation.CreateKeyspace(name, ReplicationParams.simple(1), true));
    }

    /// The same with the columns of one table numbered as a file or a node has them. Files say which
    /// column a cell belongs to by numbers, which follow from the order in which columns were made.
    ///
    /// @throws CqlException if that one has other columns
    public BulkSchema numberedAs(
            String keyspaceName, String tableName, SchemaHeader.Content there) {
        TableSchema table = table(keyspaceName, tableName);
        KeyspaceSchema keyspace = keyspace(keyspaceName);
        TableSchema.Builder numbered =
                TableSchema.builder(keyspaceName, tableName, there.id()).options(table.options());
        for (SchemaHeader.Column column : there.columns()) {
            ColumnSchema here = table.column(column.name());
            if (here == null
                    || here.kind() != column.kind()
                    || here.position() != column.position()
                    || here.descending() != column.descending()
                    || !here.type().cqlName().equals(column.type())) {
                throw CqlException.invalid(
                        "Table %s has column %s %s %s, and the schema %s"
                                .formatted(
                                        table,
                                        column.name(),
                                        column.type(),
                                        column.kind(),
                                        here == null
                                                ? "has none of this name"
                                                : "%s %s"
                                                        .formatted(
                                                                here.type().cqlName(),
                                                                here.kind())));
            }
            numbered.column(
                    new ColumnSchema(
                            column.id(),
                            here.name(),
                            here.kind(),
                            here.position(),
                            here.type(),
                            here.descending()));
        }
        if (there.columns().size() != table.columns().size()) {
            throw CqlException.invalid(
                    "Table %s has %d columns, and the schema %d"
                            .formatted(table, there.columns().size(), table.columns().size()));
        }
        Schema dropped =
                schema.apply(new SchemaTransformation.DropTable(keyspace.name(), tableName));
        return new BulkSchema(
                dropped.apply(new SchemaTransformation.CreateTable(numbered.build())));
    }

    /// @throws CqlException if there is none
    public KeyspaceSchema keyspace(String name) {
        KeyspaceSchema keyspace = schema.keyspace(name);
        if (keyspace == null) {
            throw CqlException.invalid("keyspace %s does not exist".formatted(name));
        }
        return keyspace;
    }

    /// @throws CqlException if there is none
    public TableSchema table(String keyspaceName, String name) {
        TableSchema table = keyspace(keyspaceName).table(name);
        if (table == null) {
            throw CqlException.invalid("table %s does not exist".formatted(name));
        }
        return table;
    }
}
