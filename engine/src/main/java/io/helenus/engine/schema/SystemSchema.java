package io.helenus.engine.schema;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/// The keyspaces that every node has from its first moment, and the schema of epoch 0, which holds
/// nothing else.
public final class SystemSchema {
    /// Of a schema without a change. Clients take zero for "unknown", so it is something else, and the
    /// same on all nodes.
    private static final UUID FIRST_VERSION =
            UUID.nameUUIDFromBytes("helenus schema, epoch 0".getBytes(StandardCharsets.UTF_8));

    static final int FLUSH_MILLIS = 60 * 60 * 1000;
    static final int WEEK_SECONDS = 7 * 24 * 60 * 60;

    private static final int AUTH_FACTOR = 1;
    private static final int TRACES_FACTOR = 2;
    private static final int DISTRIBUTED_FACTOR = 3;

    /// Those of `system`, `system_schema` and `system_virtual_schema`: never altered.
    private static final List<KeyspaceSchema> NODE = makeNodeKeyspaces();

    private static final List<KeyspaceSchema> REPLICATED = makeReplicatedKeyspaces();

    private SystemSchema() {}

    /// The schema before the first transformation.
    ///
    /// @param views tables of `system_views`, which are whatever the node has to show
    public static Schema initial(Collection<TableSchema> views) {
        return new Schema(0, FIRST_VERSION, keyspaces(views));
    }

    private static List<KeyspaceSchema> keyspaces(Collection<TableSchema> views) {
        List<KeyspaceSchema> keyspaces = new ArrayList<>(nodeKeyspaces(views));
        keyspaces.addAll(REPLICATED);
        return keyspaces;
    }

    /// Keyspaces that are code: what they hold depends on the release, not on the log.
    static List<KeyspaceSchema> nodeKeyspaces(Collection<TableSchema> views) {
        List<KeyspaceSchema> keyspaces = new ArrayList<>(NODE);
        keyspaces.add(local(SchemaNames.SYSTEM_VIEWS).withTables(views));
        return keyspaces;
    }

    /// Keyspaces whose replication an operator may alter, as they are at first.
    static List<KeyspaceSchema> replicatedKeyspaces() {
        return REPLICATED;
    }

    /// A table of a keyspace that is code.
    static TableSchema definition(String keyspace, String name) {
        for (KeyspaceSchema candidate : NODE) {
            TableSchema table = candidate.table(name);
            if (candidate.name().equals(keyspace) && table != null) {
                return table;
            }
        }
        throw new IllegalArgumentException("no table " + keyspace + "." + name);
    }

    private static List<KeyspaceSchema> makeNodeKeyspaces() {
        return List.of(
                local(SchemaNames.SYSTEM)
                        .withTables(LocalTables.first())
                        .withTables(LocalTables.second())
                        .withTables(LocalTables.third()),
                local(SchemaNames.SYSTEM_SCHEMA)
                        .withTables(SchemaTables.schemaTables())
                        .withTables(SchemaTables.wideSchemaTables()),
                local(SchemaNames.SYSTEM_VIRTUAL_SCHEMA).withTables(SchemaTables.virtualTables()));
    }

    private static List<KeyspaceSchema> makeReplicatedKeyspaces() {
        return List.of(
                replicated(SchemaNames.SYSTEM_AUTH, AUTH_FACTOR)
                        .withTables(ReplicatedTables.authTables()),
                replicated(SchemaNames.SYSTEM_DISTRIBUTED, DISTRIBUTED_FACTOR)
                        .withTables(ReplicatedTables.distributedTables()),
                replicated(SchemaNames.SYSTEM_TRACES, TRACES_FACTOR)
                        .withTables(ReplicatedTables.traceTables()));
    }

    private static KeyspaceSchema local(String name) {
        return KeyspaceSchema.empty(name, ReplicationParams.LOCAL, true);
    }

    private static KeyspaceSchema replicated(String name, int factor) {
        return KeyspaceSchema.empty(name, ReplicationParams.simple(factor), true);
    }

    static TableSchema.Builder table(
            String keyspace, String name, String comment, int gcSeconds, int flushMillis) {
        return TableSchema.builder(keyspace, name, tableId(keyspace, name))
                .options(TableOptions.DEFAULT.forSystemTable(comment, gcSeconds, flushMillis));
    }

    /// Starts a table of `system_views`.
    public static TableSchema.Builder view(String name, String comment) {
        return table(SchemaNames.SYSTEM_VIEWS, name, comment, 0, 0).virtual();
    }

    /// Tables of ours have the same id on all nodes and in Cassandra: the MD5 of their names.
    static UUID tableId(String keyspace, String name) {
        return UUID.nameUUIDFromBytes((keyspace + name).getBytes(StandardCharsets.UTF_8));
    }
}
