package io.helenus.engine.schema;

import static io.helenus.engine.types.NativeType.BLOB;
import static io.helenus.engine.types.NativeType.BOOLEAN;
import static io.helenus.engine.types.NativeType.INET;
import static io.helenus.engine.types.NativeType.INT;
import static io.helenus.engine.types.NativeType.SMALLINT;
import static io.helenus.engine.types.NativeType.TEXT;
import static io.helenus.engine.types.NativeType.TIMESTAMP;
import static io.helenus.engine.types.NativeType.TIMEUUID;
import static io.helenus.engine.types.NativeType.UUID;

import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.TupleType;
import java.util.List;
import java.util.Map;

/// Definitions of the tables of `system_auth`, `system_distributed` and `system_traces`. New
/// columns go to the end of a table: ids are given in this order.
final class ReplicatedTables {
    private static final CompactionParams DAILY =
            CompactionParams.of(
                    CompactionParams.Strategy.TIME_WINDOW,
                    Map.of(
                            CompactionParams.COMPACTION_WINDOW_UNIT,
                            "DAYS",
                            CompactionParams.COMPACTION_WINDOW_SIZE,
                            "1"));
    private static final int GC_SECONDS = 864_000;
    private static final int AUTH_GC_SECONDS = 90 * 24 * 60 * 60;

    private ReplicatedTables() {}

    /// `system_auth`.
    static List<TableSchema> authTables() {
        return List.of(
                auth("cidr_groups", "cidr groups to cidrs mapping")
                        .partitionKey("cidr_group", TEXT)
                        .regular("cidrs", set(tuple(INET, SMALLINT)).freeze())
                        .build(),
                auth("cidr_permissions", "user cidr permissions")
                        .partitionKey("role", TEXT)
                        .regular("cidr_groups", set(TEXT).freeze())
                        .build(),
                auth("identity_to_role", "mtls authorized identities lookup table")
                        .partitionKey("identity", TEXT)
                        .regular("role", TEXT)
                        .build(),
                auth("network_permissions", "user network permissions")
                        .partitionKey("role", TEXT)
                        .regular("dcs", set(TEXT).freeze())
                        .build(),
                auth(
                                "resource_role_permissons_index",
                                "index of db roles with permissions granted on a resource")
                        .partitionKey("resource", TEXT)
                        .clustering("role", TEXT)
                        .build(),
                auth("role_members", "role memberships lookup table")
                        .partitionKey("role", TEXT)
                        .clustering("member", TEXT)
                        .build(),
                auth("role_permissions", "permissions granted to db roles")
                        .partitionKey("role", TEXT)
                        .clustering("resource", TEXT)
                        .regular("permissions", set(TEXT))
                        .build(),
                auth("roles", "role definitions")
                        .partitionKey("role", TEXT)
                        .regular("can_login", BOOLEAN)
                        .regular("is_superuser", BOOLEAN)
                        .regular("member_of", set(TEXT))
                        .regular("salted_hash", TEXT)
                        .build());
    }

    /// `system_distributed`.
    static List<TableSchema> distributedTables() {
        return List.of(
                distributed("parent_repair_history", "Repair history")
                        .compaction(DAILY)
                        .timeToLive(2592000)
                        .partitionKey("parent_id", TIMEUUID)
                        .regular("columnfamily_names", set(TEXT))
                        .regular("exception_message", TEXT)
                        .regular("exception_stacktrace", TEXT)
                        .regular("finished_at", TIMESTAMP)
                        .regular("keyspace_name", TEXT)
                        .regular("options", map(TEXT, TEXT))
                        .regular("requested_ranges", set(TEXT))
                        .regular("started_at", TIMESTAMP)
                        .regular("successful_ranges", set(TEXT))
                        .build(),
                distributed("partition_denylist", "Partition keys which have been denied access")
                        .partitionKey("ks_name", TEXT)
                        .partitionKey("table_name", TEXT)
                        .clustering("key", BLOB)
                        .build(),
                distributed("repair_history", "Repair history")
                        .compaction(DAILY)
                        .timeToLive(2592000)
                        .partitionKey("keyspace_name", TEXT)
                        .partitionKey("columnfamily_name", TEXT)
                        .clustering("id", TIMEUUID)
                        .regular("coordinator", INET)
                        .regular("coordinator_port", INT)
                        .regular("exception_message", TEXT)
                        .regular("exception_stacktrace", TEXT)
                        .regular("finished_at", TIMESTAMP)
                        .regular("parent_id", TIMEUUID)
                        .regular("participants", set(INET))
                        .regular("participants_v2", set(TEXT))
                        .regular("range_begin", TEXT)
                        .regular("range_end", TEXT)
                        .regular("started_at", TIMESTAMP)
                        .regular("status", TEXT)
                        .build(),
                distributed("view_build_status", "Materialized View build status")
                        .partitionKey("keyspace_name", TEXT)
                        .partitionKey("view_name", TEXT)
                        .clustering("host_id", UUID)
                        .regular("status", TEXT)
                        .build());
    }

    /// `system_traces`.
    static List<TableSchema> traceTables() {
        return List.of(
                traces("events", "tracing events")
                        .partitionKey("session_id", UUID)
                        .clustering("event_id", TIMEUUID)
                        .regular("activity", TEXT)
                        .regular("source", INET)
                        .regular("source_elapsed", INT)
                        .regular("source_port", INT)
                        .regular("thread", TEXT)
                        .build(),
                traces("sessions", "tracing sessions")
                        .partitionKey("session_id", UUID)
                        .regular("client", INET)
                        .regular("command", TEXT)
                        .regular("coordinator", INET)
                        .regular("coordinator_port", INT)
                        .regular("duration", INT)
                        .regular("parameters", map(TEXT, TEXT))
                        .regular("request", TEXT)
                        .regular("started_at", TIMESTAMP)
                        .build());
    }

    private static TableSchema.Builder auth(String name, String comment) {
        return SystemSchema.table(SchemaNames.SYSTEM_AUTH, name, comment, AUTH_GC_SECONDS, 0);
    }

    private static TableSchema.Builder distributed(String name, String comment) {
        return SystemSchema.table(SchemaNames.SYSTEM_DISTRIBUTED, name, comment, GC_SECONDS, 0);
    }

    private static TableSchema.Builder traces(String name, String comment) {
        return SystemSchema.table(SchemaNames.SYSTEM_TRACES, name, comment, 0, 0);
    }

    private static SetType set(CqlType element) {
        return new SetType(element, false);
    }

    private static MapType map(CqlType key, CqlType value) {
        return new MapType(key, value, false);
    }

    private static TupleType tuple(CqlType... components) {
        return new TupleType(List.of(components));
    }
}
