package io.helenus.engine.schema;

import static io.helenus.engine.types.NativeType.BIGINT;
import static io.helenus.engine.types.NativeType.BLOB;
import static io.helenus.engine.types.NativeType.BOOLEAN;
import static io.helenus.engine.types.NativeType.DOUBLE;
import static io.helenus.engine.types.NativeType.INET;
import static io.helenus.engine.types.NativeType.INT;
import static io.helenus.engine.types.NativeType.TEXT;
import static io.helenus.engine.types.NativeType.TIMESTAMP;
import static io.helenus.engine.types.NativeType.TIMEUUID;
import static io.helenus.engine.types.NativeType.UUID;

import io.helenus.engine.types.CqlType;
import io.helenus.engine.types.ListType;
import io.helenus.engine.types.MapType;
import io.helenus.engine.types.SetType;
import io.helenus.engine.types.TupleType;
import java.util.List;
import java.util.Map;

/// Definitions of the tables of `system`. New columns go to the end of a table: ids are given in
/// this order.
final class LocalTables {
    private static final CompactionParams LEVELED =
            CompactionParams.of(CompactionParams.Strategy.LEVELED, Map.of());
    private static final CompactionParams EAGER =
            CompactionParams.of(
                    CompactionParams.Strategy.SIZE_TIERED,
                    Map.of(CompactionParams.MIN_THRESHOLD, "2"));

    private LocalTables() {}

    /// `IndexInfo` to `paxos_repair_history`.
    static List<TableSchema> first() {
        return List.of(
                local("IndexInfo", "built column indexes")
                        .partitionKey("table_name", TEXT)
                        .clustering("index_name", TEXT)
                        .regular("value", BLOB)
                        .build(),
                local(
                                "available_ranges",
                                "available keyspace/ranges during bootstrap/replace that are"
                                        + " ready to be served")
                        .partitionKey("keyspace_name", TEXT)
                        .regular("ranges", set(BLOB))
                        .build(),
                local(
                                "available_ranges_v2",
                                "available keyspace/ranges during bootstrap/replace that are"
                                        + " ready to be served")
                        .partitionKey("keyspace_name", TEXT)
                        .regular("full_ranges", set(BLOB))
                        .regular("transient_ranges", set(BLOB))
                        .build(),
                local("batches", "batches awaiting replay")
                        .compaction(EAGER)
                        .partitionKey("id", TIMEUUID)
                        .regular("mutations", list(BLOB))
                        .regular("version", INT)
                        .build(),
                local("built_views", "built views")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("view_name", TEXT)
                        .regular("status_replicated", BOOLEAN)
                        .build(),
                local("compaction_history", "week-long compaction history")
                        .timeToLive(604800)
                        .partitionKey("id", TIMEUUID)
                        .regular("bytes_in", BIGINT)
                        .regular("bytes_out", BIGINT)
                        .regular("columnfamily_name", TEXT)
                        .regular("compacted_at", TIMESTAMP)
                        .regular("compaction_properties", map(TEXT, TEXT).freeze())
                        .regular("keyspace_name", TEXT)
                        .regular("rows_merged", map(INT, BIGINT))
                        .build(),
                local("local", "information about the local node")
                        .partitionKey("key", TEXT)
                        .regular("bootstrapped", TEXT)
                        .regular("broadcast_address", INET)
                        .regular("broadcast_port", INT)
                        .regular("cluster_name", TEXT)
                        .regular("cql_version", TEXT)
                        .regular("data_center", TEXT)
                        .regular("gossip_generation", INT)
                        .regular("host_id", UUID)
                        .regular("listen_address", INET)
                        .regular("listen_port", INT)
                        .regular("native_protocol_version", TEXT)
                        .regular("partitioner", TEXT)
                        .regular("rack", TEXT)
                        .regular("release_version", TEXT)
                        .regular("rpc_address", INET)
                        .regular("rpc_port", INT)
                        .regular("schema_version", UUID)
                        .regular("tokens", set(TEXT))
                        .regular("truncated_at", map(UUID, BLOB))
                        .build(),
                local("paxos", "in-progress paxos proposals")
                        .compaction(LEVELED)
                        .partitionKey("row_key", BLOB)
                        .clustering("cf_id", UUID)
                        .regular("in_progress_ballot", TIMEUUID)
                        .regular("in_progress_read_ballot", TIMEUUID)
                        .regular("most_recent_commit", BLOB)
                        .regular("most_recent_commit_at", TIMEUUID)
                        .regular("most_recent_commit_version", INT)
                        .regular("proposal", BLOB)
                        .regular("proposal_ballot", TIMEUUID)
                        .regular("proposal_version", INT)
                        .build(),
                local("paxos_repair_history", "paxos repair history")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .regular("points", list(tuple(BLOB, TIMEUUID)).freeze())
                        .build());
    }

    /// `peer_events` to `repairs`.
    static List<TableSchema> second() {
        return List.of(
                local("peer_events", "events related to peers")
                        .partitionKey("peer", INET)
                        .regular("hints_dropped", map(TIMEUUID, INT))
                        .build(),
                local("peer_events_v2", "events related to peers")
                        .partitionKey("peer", INET)
                        .clustering("peer_port", INT)
                        .regular("hints_dropped", map(TIMEUUID, INT))
                        .build(),
                local("peers", "information about known peers in the cluster")
                        .partitionKey("peer", INET)
                        .regular("data_center", TEXT)
                        .regular("host_id", UUID)
                        .regular("preferred_ip", INET)
                        .regular("rack", TEXT)
                        .regular("release_version", TEXT)
                        .regular("rpc_address", INET)
                        .regular("schema_version", UUID)
                        .regular("tokens", set(TEXT))
                        .build(),
                local("peers_v2", "information about known peers in the cluster")
                        .partitionKey("peer", INET)
                        .clustering("peer_port", INT)
                        .regular("data_center", TEXT)
                        .regular("host_id", UUID)
                        .regular("native_address", INET)
                        .regular("native_port", INT)
                        .regular("preferred_ip", INET)
                        .regular("preferred_port", INT)
                        .regular("rack", TEXT)
                        .regular("release_version", TEXT)
                        .regular("schema_version", UUID)
                        .regular("tokens", set(TEXT))
                        .build(),
                local("prepared_statements", "prepared statements")
                        .partitionKey("prepared_id", BLOB)
                        .regular("logged_keyspace", TEXT)
                        .regular("query_string", TEXT)
                        .build(),
                local("repairs", "repairs")
                        .partitionKey("parent_id", TIMEUUID)
                        .regular("cfids", set(UUID))
                        .regular("coordinator", INET)
                        .regular("coordinator_port", INT)
                        .regular("last_update", TIMESTAMP)
                        .regular("participants", set(INET))
                        .regular("participants_wp", set(TEXT))
                        .regular("ranges", set(BLOB))
                        .regular("repaired_at", TIMESTAMP)
                        .regular("started_at", TIMESTAMP)
                        .regular("state", INT)
                        .build());
    }

    /// `size_estimates` to `view_builds_in_progress`.
    static List<TableSchema> third() {
        return List.of(
                local(
                                "size_estimates",
                                "per-table primary range size estimates, table is deprecated in"
                                        + " favor of table_estimates")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .clustering("range_start", TEXT)
                        .clustering("range_end", TEXT)
                        .regular("mean_partition_size", BIGINT)
                        .regular("partitions_count", BIGINT)
                        .build(),
                local("sstable_activity", "historic sstable read rates")
                        .partitionKey("keyspace_name", TEXT)
                        .partitionKey("columnfamily_name", TEXT)
                        .partitionKey("generation", INT)
                        .regular("rate_120m", DOUBLE)
                        .regular("rate_15m", DOUBLE)
                        .build(),
                local("sstable_activity_v2", "historic sstable read rates")
                        .partitionKey("keyspace_name", TEXT)
                        .partitionKey("table_name", TEXT)
                        .partitionKey("id", TEXT)
                        .regular("rate_120m", DOUBLE)
                        .regular("rate_15m", DOUBLE)
                        .build(),
                local("table_estimates", "per-table range size estimates")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .clustering("range_type", TEXT)
                        .clustering("range_start", TEXT)
                        .clustering("range_end", TEXT)
                        .regular("mean_partition_size", BIGINT)
                        .regular("partitions_count", BIGINT)
                        .build(),
                local("top_partitions", "Stores the top partitions")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("table_name", TEXT)
                        .clustering("top_type", TEXT)
                        .regular("last_update", TIMESTAMP)
                        .regular("top", list(tuple(TEXT, BIGINT)).freeze())
                        .build(),
                local("transferred_ranges", "record of transferred ranges for streaming operation")
                        .partitionKey("operation", TEXT)
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("peer", INET)
                        .regular("ranges", set(BLOB))
                        .build(),
                local(
                                "transferred_ranges_v2",
                                "record of transferred ranges for streaming operation")
                        .partitionKey("operation", TEXT)
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("peer", INET)
                        .clustering("peer_port", INT)
                        .regular("ranges", set(BLOB))
                        .build(),
                local("view_builds_in_progress", "views builds current progress")
                        .partitionKey("keyspace_name", TEXT)
                        .clustering("view_name", TEXT)
                        .clustering("start_token", TEXT)
                        .clustering("end_token", TEXT)
                        .regular("keys_built", BIGINT)
                        .regular("last_token", TEXT)
                        .build());
    }

    private static TableSchema.Builder local(String name, String comment) {
        return SystemSchema.table(SchemaNames.SYSTEM, name, comment, 0, SystemSchema.FLUSH_MILLIS);
    }

    private static ListType list(CqlType element) {
        return new ListType(element, false);
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
