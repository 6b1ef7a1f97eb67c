package io.helenus.engine.schema;

import io.helenus.cql.ast.SchemaStatement.AlterKeyspace;
import io.helenus.cql.ast.SchemaStatement.CreateKeyspace;
import io.helenus.cql.ast.SchemaStatement.DropKeyspace;
import io.helenus.engine.error.CqlException;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// CREATE, ALTER and DROP KEYSPACE.
final class KeyspaceDdl {
    private static final String REPLICATION = "replication";
    private static final String DURABLE_WRITES = "durable_writes";
    private static final String CLASS = "class";
    private static final Set<String> KNOWN = Set.of(REPLICATION, DURABLE_WRITES);

    private final Schema schema;
    private final DdlContext context;
    private final Consumer<String> warnings;

    KeyspaceDdl(Schema schema, DdlContext context, Consumer<String> warnings) {
        this.schema = schema;
        this.context = context;
        this.warnings = warnings;
    }

    @Nullable SchemaTransformation create(CreateKeyspace create) {
        String name = create.name().text();
        DdlAnalyzer.requireShortName(name);
        if (SchemaNames.isLocalSystem(name) || SchemaNames.isVirtualSystem(name)) {
            throw CqlException.invalid("System keyspace '" + name + "' is not user-modifiable");
        }
        Properties properties = properties(Properties.of(create.properties()));
        Map<String, String> replication = properties.map(REPLICATION);
        if (replication == null) {
            throw CqlException.invalid("Missing mandatory option 'replication'");
        }
        if (schema.keyspace(name) != null) {
            if (create.ifNotExists()) {
                return null;
            }
            throw new CqlException.AlreadyExists(
                    name, "", "Cannot add existing keyspace \"" + name + "\"");
        }
        if (!SchemaNames.isValid(name)) {
            throw CqlException.invalid(
                    ("Keyspace name must not be empty and must contain alphanumeric or underscore"
                                    + " characters only (got \"%s\")")
                            .formatted(name));
        }
        ReplicationParams params = replication(name, replication, null);
        warnIfTooMany(name, params);
        return new SchemaTransformation.CreateKeyspace(
                name, params, properties.bool(DURABLE_WRITES, true));
    }

    @Nullable SchemaTransformation alter(AlterKeyspace alter) {
        String name = alter.name().text();
        DdlAnalyzer.requireShortName(name);
        DdlAnalyzer.requireModifiable(name, "ALTER", "");
        Properties properties = properties(Properties.of(alter.properties()));
        KeyspaceSchema keyspace = schema.keyspace(name);
        if (keyspace == null) {
            return absent(name, alter.ifExists());
        }
        Map<String, String> replication = properties.map(REPLICATION);
        ReplicationParams params = keyspace.replication();
        if (replication != null) {
            params = replication(name, replication, keyspace.replication());
            warnIfTooMany(name, params);
        }
        if (params.totalFactor() > keyspace.replication().totalFactor()) {
            warnings.accept(
                    "When increasing replication factor you need to run a full (-full) repair to"
                            + " distribute the data.");
        }
        return new SchemaTransformation.AlterKeyspace(
                name, params, properties.bool(DURABLE_WRITES, keyspace.durableWrites()));
    }

    @Nullable SchemaTransformation drop(DropKeyspace drop) {
        String name = drop.name().text();
        DdlAnalyzer.requireShortName(name);
        DdlAnalyzer.requireModifiable(name, "DROP", "<keyspace " + name + ">");
        if (schema.keyspace(name) == null) {
            return absent(name, drop.ifExists());
        }
        return new SchemaTransformation.DropKeyspace(name);
    }

    private static @Nullable SchemaTransformation absent(String name, boolean ifExists) {
        if (ifExists) {
            return null;
        }
        throw CqlException.invalid("Keyspace '" + name + "' doesn't exist");
    }

    private static Properties properties(Properties properties) {
        properties.requireKnown(KNOWN);
        Map<String, String> replication = properties.map(REPLICATION);
        if (replication != null && !replication.containsKey(CLASS)) {
            throw CqlException.config("Missing replication strategy class");
        }
        return properties;
    }

    private ReplicationParams replication(
            String name, Map<String, String> options, @Nullable ReplicationParams before) {
        ReplicationParams params = ReplicationParams.of(name, options, before, context);
        if (params.strategy() == ReplicationParams.Strategy.LOCAL) {
            throw CqlException.invalid(
                    "Unable to use given strategy class: LocalStrategy is reserved for internal"
                            + " use.");
        }
        return params;
    }

    private void warnIfTooMany(String name, ReplicationParams params) {
        if (params.strategy() == ReplicationParams.Strategy.SIMPLE
                && params.factor() > context.nodes()) {
            warnings.accept(
                    ("Your replication factor %d for keyspace %s is higher than the number of nodes"
                                    + " %d")
                            .formatted(params.factor(), name, context.nodes()));
        }
        params.factorByDatacenter()
                .forEach((datacenter, factor) -> {
                    int nodes = context.nodesByDatacenter().getOrDefault(datacenter, 0);
                    if (factor > nodes) {
                        warnings.accept(
                                ("Your replication factor %d for keyspace %s is higher than"
                                                + " the number of nodes %d for datacenter"
                                                + " %s")
                                        .formatted(factor, name, nodes, datacenter));
                    }
                });
    }
}
