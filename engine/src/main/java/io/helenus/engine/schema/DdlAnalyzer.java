package io.helenus.engine.schema;

import io.helenus.cql.ast.Identifier;
import io.helenus.cql.ast.QualifiedName;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.SchemaStatement.AlterKeyspace;
import io.helenus.cql.ast.SchemaStatement.AlterTable;
import io.helenus.cql.ast.SchemaStatement.AlterType;
import io.helenus.cql.ast.SchemaStatement.AlterView;
import io.helenus.cql.ast.SchemaStatement.CreateAggregate;
import io.helenus.cql.ast.SchemaStatement.CreateFunction;
import io.helenus.cql.ast.SchemaStatement.CreateIndex;
import io.helenus.cql.ast.SchemaStatement.CreateKeyspace;
import io.helenus.cql.ast.SchemaStatement.CreateTable;
import io.helenus.cql.ast.SchemaStatement.CreateTrigger;
import io.helenus.cql.ast.SchemaStatement.CreateType;
import io.helenus.cql.ast.SchemaStatement.CreateView;
import io.helenus.cql.ast.SchemaStatement.DropAggregate;
import io.helenus.cql.ast.SchemaStatement.DropFunction;
import io.helenus.cql.ast.SchemaStatement.DropIndex;
import io.helenus.cql.ast.SchemaStatement.DropKeyspace;
import io.helenus.cql.ast.SchemaStatement.DropTable;
import io.helenus.cql.ast.SchemaStatement.DropTrigger;
import io.helenus.cql.ast.SchemaStatement.DropType;
import io.helenus.cql.ast.SchemaStatement.DropView;
import io.helenus.cql.ast.TypeName;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Checks a DDL statement against a schema by Cassandra 5.0's rules, in its words and with its
/// error codes, and says what is to be done. Made for one schema, changes nothing, any thread.
public final class DdlAnalyzer {
    private final Schema schema;
    private final DdlContext context;
    private final @Nullable String currentKeyspace;

    /// @param currentKeyspace what the client said in USE
    public DdlAnalyzer(Schema schema, DdlContext context, @Nullable String currentKeyspace) {
        this.schema = schema;
        this.context = context;
        this.currentKeyspace = currentKeyspace;
    }

    /// @throws CqlException if the statement cannot be carried out
    public DdlPlan analyze(SchemaStatement statement) {
        List<String> warnings = new ArrayList<>();
        SchemaTransformation transformation = transformation(statement, warnings::add);
        if (transformation != null && changesNothing(transformation)) {
            transformation = null;
        }
        return new DdlPlan(transformation, warnings);
    }

    private boolean changesNothing(SchemaTransformation transformation) {
        KeyspaceSchema before = schema.keyspace(transformation.keyspace());
        return before != null && before.equals(transformation.applyTo(before));
    }

    private @Nullable SchemaTransformation transformation(
            SchemaStatement statement, Consumer<String> warnings) {
        return switch (statement) {
            case CreateKeyspace create -> new KeyspaceDdl(schema, context, warnings).create(create);
            case AlterKeyspace alter -> new KeyspaceDdl(schema, context, warnings).alter(alter);
            case DropKeyspace drop -> new KeyspaceDdl(schema, context, warnings).drop(drop);
            case CreateTable create ->
                    new CreateTableDdl(schema, context, warnings, create, keyspace(create.name()))
                            .plan();
            case AlterTable alter ->
                    new AlterTableDdl(schema, context, warnings)
                            .plan(keyspace(alter.name()), alter);
            case DropTable drop -> dropTable(drop);
            case CreateType create -> new TypeDdl(schema).create(keyspace(create.name()), create);
            case AlterType alter -> new TypeDdl(schema).alter(keyspace(alter.name()), alter);
            case DropType drop -> new TypeDdl(schema).drop(keyspace(drop.name()), drop);
            case CreateIndex create -> throw unsupported(create.table(), "Secondary indexes");
            case CreateFunction create ->
                    throw unsupported(create.name(), "User-defined functions");
            case CreateAggregate create ->
                    throw unsupported(create.name(), "User-defined aggregates");
            case CreateView create -> throw unsupported(create.name(), "Materialized views");
            case CreateTrigger create -> throw unsupported(create.table(), "Triggers");
            case DropIndex drop ->
                    absent(drop.ifExists(), "Index '%s' doesn't exist'", drop.name());
            case DropFunction drop ->
                    absent(
                            drop.ifExists(),
                            "Function '%s" + arguments(drop.argumentTypes()) + "' doesn't exist",
                            drop.name());
            case DropAggregate drop ->
                    absent(
                            drop.ifExists(),
                            "Aggregate '%s" + arguments(drop.argumentTypes()) + "' doesn't exist",
                            drop.name());
            case AlterView alter ->
                    absent(alter.ifExists(), "Materialized view '%s' doesn't exist", alter.name());
            case DropView drop ->
                    absent(drop.ifExists(), "Materialized view '%s' doesn't exist", drop.name());
            case DropTrigger drop ->
                    absent(
                            drop.ifExists(),
                            "Trigger '" + drop.name() + "' on '%s' doesn't exist",
                            drop.table());
        };
    }

    private @Nullable SchemaTransformation dropTable(DropTable drop) {
        String keyspace = keyspace(drop.name());
        String table = drop.name().name().text();
        requireModifiable(keyspace, "DROP", "<table " + keyspace + "." + table + ">");
        if (schema.table(keyspace, table) == null) {
            if (drop.ifExists()) {
                return null;
            }
            throw CqlException.invalid("Table '%s.%s' doesn't exist".formatted(keyspace, table));
        }
        return new SchemaTransformation.DropTable(keyspace, table);
    }

    private CqlException unsupported(QualifiedName name, String feature) {
        String keyspace = keyspace(name);
        requireModifiable(keyspace, "CREATE", "<all tables in " + keyspace + ">");
        return CqlException.invalid(feature + " are not supported");
    }

    /// There are none of these, so this is all that can be said about any of them.
    private @Nullable SchemaTransformation absent(
            boolean ifExists, String message, QualifiedName name) {
        String keyspace = keyspace(name);
        if (ifExists) {
            return null;
        }
        throw CqlException.invalid(message.formatted(keyspace + "." + name.name()));
    }

    private static String arguments(@Nullable List<TypeName> types) {
        return types == null
                ? ""
                : types.stream().map(TypeNames::text).collect(Collectors.joining(", ", "(", ")"));
    }

    /// The keyspace of a name: said, or the client's current one.
    private String keyspace(QualifiedName name) {
        Identifier said = name.keyspace();
        String keyspace = said == null ? currentKeyspace : said.text();
        if (keyspace == null) {
            throw CqlException.invalid(
                    "No keyspace has been specified. USE a keyspace, or explicitly specify"
                            + " keyspace.tablename");
        }
        requireShortName(keyspace);
        return keyspace;
    }

    static void requireShortName(String keyspace) {
        if (keyspace.length() > SchemaNames.KEYSPACE_CHARACTERS_MAX) {
            throw CqlException.invalid(
                    ("Keyspace name must not be more than %d characters long (got %d characters for"
                                    + " \"%s\")")
                            .formatted(
                                    SchemaNames.KEYSPACE_CHARACTERS_MAX,
                                    keyspace.length(),
                                    keyspace));
        }
    }

    /// Refuses what nobody may do to the keyspaces of the system.
    static void requireModifiable(String keyspace, String action, String resource) {
        if (SchemaNames.isLocalSystem(keyspace) || SchemaNames.isVirtualSystem(keyspace)) {
            throw new CqlException(
                    ErrorCode.UNAUTHORIZED, keyspace + " keyspace is not user-modifiable.");
        }
        if (SchemaNames.isReplicatedSystem(keyspace) && !resource.isEmpty()) {
            throw new CqlException(ErrorCode.UNAUTHORIZED, "Cannot " + action + " " + resource);
        }
    }
}
