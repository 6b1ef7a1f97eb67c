package io.helenus.engine.schema;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `system.local`, `system.peers` and `system.peers_v2`: what drivers read first.
public final class NodeTables {
    /// What concerns the whole cluster, or is the same for all of a node's life.
    ///
    /// @param partitioner full class name, by which drivers choose their hash
    public record ClusterInfo(
            String name,
            String partitioner,
            String cqlVersion,
            int nativeProtocolVersion,
            int gossipGeneration) {}

    /// A row of `system.prepared_statements`.
    ///
    /// @param keyspace that was current when it was prepared
    public record PreparedRow(ByteBuffer id, @Nullable String keyspace, String query) {}

    private static final String LOCAL_KEY = "local";
    private static final String BOOTSTRAPPED = "COMPLETED";

    private NodeTables() {}

    /// @param local this node, as it is now
    /// @param peers all other nodes, as they are now
    public static List<VirtualTable> tables(
            ClusterInfo cluster, Supplier<NodeInfo> local, Supplier<List<NodeInfo>> peers) {
        return List.of(
                new Local(definition("local"), cluster, local),
                new Peers(definition("peers"), peers),
                new PeersV2(definition("peers_v2"), peers));
    }

    /// `system.prepared_statements`, with those that the node knows now.
    public static VirtualTable preparedStatements(Supplier<List<PreparedRow>> statements) {
        return new PreparedStatements(definition("prepared_statements"), statements);
    }

    private static TableSchema definition(String name) {
        return SystemSchema.definition(SchemaNames.SYSTEM, name);
    }

    private static List<NodeInfo> byToken(List<NodeInfo> nodes) {
        List<NodeInfo> sorted = new ArrayList<>(nodes);
        sorted.sort(
                Comparator.comparing(
                                (NodeInfo node) -> node.broadcastAddress().getAddress(),
                                SchemaProjection::byToken)
                        .thenComparingInt(NodeInfo::broadcastPort));
        return sorted;
    }

    private record Local(TableSchema schema, ClusterInfo cluster, Supplier<NodeInfo> local)
            implements VirtualTable {
        @Override
        public void rows(RowConsumer consumer) {
            NodeInfo node = local.get();
            consumer.row(
                    new VirtualRow(schema)
                            .text("key", LOCAL_KEY)
                            .text("bootstrapped", BOOTSTRAPPED)
                            .set("broadcast_address", Wire.inet(node.broadcastAddress()))
                            .set("broadcast_port", Wire.int32(node.broadcastPort()))
                            .text("cluster_name", cluster.name())
                            .text("cql_version", cluster.cqlVersion())
                            .text("data_center", node.datacenter())
                            .set("gossip_generation", Wire.int32(cluster.gossipGeneration()))
                            .set("host_id", Wire.uuid(node.hostId()))
                            .set("listen_address", Wire.inet(node.listenAddress()))
                            .set("listen_port", Wire.int32(node.listenPort()))
                            .text(
                                    "native_protocol_version",
                                    Integer.toString(cluster.nativeProtocolVersion()))
                            .text("partitioner", cluster.partitioner())
                            .text("rack", node.rack())
                            .text("release_version", node.releaseVersion())
                            .set("rpc_address", Wire.inet(node.rpcAddress()))
                            .set("rpc_port", Wire.int32(node.rpcPort()))
                            .set("schema_version", Wire.uuidOrNull(node.schemaVersion()))
                            .set("tokens", node.tokenSet())
                            .values());
        }
    }

    private record Peers(TableSchema schema, Supplier<List<NodeInfo>> peers)
            implements VirtualTable {
        @Override
        public void rows(RowConsumer consumer) {
            byte[] last = new byte[0];
            for (NodeInfo node : byToken(peers.get())) {
                byte[] address = Wire.inet(node.broadcastAddress());
                if (Arrays.equals(address, last)) {
                    continue; // this table's key has no port: it shows one node per address
                }
                last = address;
                consumer.row(
                        new VirtualRow(schema)
                                .set("peer", address)
                                .text("data_center", node.datacenter())
                                .set("host_id", Wire.uuid(node.hostId()))
                                .set("preferred_ip", Wire.inet(node.listenAddress()))
                                .text("rack", node.rack())
                                .text("release_version", node.releaseVersion())
                                .set("rpc_address", Wire.inet(node.rpcAddress()))
                                .set("schema_version", Wire.uuidOrNull(node.schemaVersion()))
                                .set("tokens", node.tokenSet())
                                .values());
            }
        }
    }

    private record PeersV2(TableSchema schema, Supplier<List<NodeInfo>> peers)
            implements VirtualTable {
        @Override
        public void rows(RowConsumer consumer) {
            for (NodeInfo node : byToken(peers.get())) {
                consumer.row(
                        new VirtualRow(schema)
                                .set("peer", Wire.inet(node.broadcastAddress()))
                                .set("peer_port", Wire.int32(node.broadcastPort()))
                                .text("data_center", node.datacenter())
                                .set("host_id", Wire.uuid(node.hostId()))
                                .set("native_address", Wire.inet(node.rpcAddress()))
                                .set("native_port", Wire.int32(node.rpcPort()))
                                .set("preferred_ip", Wire.inet(node.listenAddress()))
                                .set("preferred_port", Wire.int32(node.listenPort()))
                                .text("rack", node.rack())
                                .text("release_version", node.releaseVersion())
                                .set("schema_version", Wire.uuidOrNull(node.schemaVersion()))
                                .set("tokens", node.tokenSet())
                                .values());
            }
        }
    }

    private record PreparedStatements(TableSchema schema, Supplier<List<PreparedRow>> statements)
            implements VirtualTable {
        @Override
        public void rows(RowConsumer consumer) {
            TreeMap<byte[], PreparedRow> sorted = new TreeMap<>(SchemaProjection::byToken);
            for (PreparedRow row : statements.get()) {
                byte[] id = new byte[row.id().remaining()];
                row.id().duplicate().get(id);
                sorted.put(id, row);
            }
            sorted.forEach((id, row) ->
                    consumer.row(
                            new VirtualRow(schema)
                                    .set("prepared_id", id)
                                    .set("logged_keyspace", Wire.textOrNull(row.keyspace()))
                                    .text("query_string", row.query())
                                    .values()));
        }
    }
}
