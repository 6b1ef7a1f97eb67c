package io.helenus.engine.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class NodeTablesTest {
    private static final NodeTables.ClusterInfo CLUSTER =
            new NodeTables.ClusterInfo(
                    "test", "org.apache.cassandra.dht.Murmur3Partitioner", "3.4.7", 5, 17);

    private static NodeInfo node(int last) {
        try {
            InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
            return new NodeInfo(
                    new UUID(0x4000, last),
                    "dc1",
                    "rack" + last,
                    address,
                    7000,
                    address,
                    7000,
                    address,
                    9042,
                    List.of("5", "-7", "10"),
                    "5.0.6",
                    new UUID(0x3000, 9));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> show(VirtualTable table) {
        List<String> rows = new ArrayList<>();
        table.rows(values -> {
            List<String> shown = new ArrayList<>();
            for (ColumnSchema column : table.schema().columns()) {
                int at = table.schema().columns().indexOf(column);
                shown.add(column.name() + "=" + TestValues.show(column.type(), values[at]));
            }
            rows.add(String.join(" ", shown));
        });
        return rows;
    }

    @Test
    void localSaysWhatDriversAskFor() {
        List<VirtualTable> tables = NodeTables.tables(CLUSTER, () -> node(1), List::of);
        assertThat(show(tables.getFirst()))
                .containsExactly(
                        "key=local bootstrapped=COMPLETED broadcast_address='127.0.0.1'"
                                + " broadcast_port=7000 cluster_name=test cql_version=3.4.7"
                                + " data_center=dc1 gossip_generation=17"
                                + " host_id=00000000-0000-4000-0000-000000000001"
                                + " listen_address='127.0.0.1' listen_port=7000"
                                + " native_protocol_version=5"
                                + " partitioner=org.apache.cassandra.dht.Murmur3Partitioner"
                                + " rack=rack1 release_version=5.0.6 rpc_address='127.0.0.1'"
                                + " rpc_port=9042"
                                + " schema_version=00000000-0000-3000-0000-000000000009"
                                + " tokens=[-7, 10, 5] truncated_at=null");
    }

    @Test
    void peersAreAllOtherNodes() {
        List<VirtualTable> tables =
                NodeTables.tables(CLUSTER, () -> node(1), () -> List.of(node(2), node(3)));
        assertThat(show(tables.get(1)))
                .hasSize(2)
                .anyMatch(row -> row.startsWith("peer='127.0.0.2' data_center=dc1 host_id="))
                .anyMatch(row -> row.startsWith("peer='127.0.0.3' data_center=dc1 host_id="));
        assertThat(show(tables.get(2)))
                .hasSize(2)
                .anyMatch(row ->
                        row.startsWith("peer='127.0.0.3' peer_port=7000")
                                && row.contains("native_port=9042"));
    }

    @Test
    void preparedStatementsAreShownByTheirIds() {
        VirtualTable table =
                NodeTables.preparedStatements(() ->
                        List.of(
                                new NodeTables.PreparedRow(
                                        ByteBuffer.wrap(new byte[] {1, 2}), null, "a"),
                                new NodeTables.PreparedRow(
                                        ByteBuffer.wrap(new byte[] {3}), "ks", "b")));
        assertThat(show(table))
                .containsExactlyInAnyOrder(
                        "prepared_id=0x0102 logged_keyspace=null query_string=a",
                        "prepared_id=0x03 logged_keyspace=ks query_string=b");
    }

    @Test
    void tablesOfTheSystemThatNobodyFillsAreEmpty() {
        Schema schema = SystemSchema.initial(List.of());
        VirtualTables tables = new VirtualTables(() -> schema, List.of());
        for (String keyspace : List.of("system", "system_schema", "system_virtual_schema")) {
            KeyspaceSchema content = schema.keyspace(keyspace);
            assertThat(content).isNotNull();
            for (TableSchema table : content.tables().values()) {
                assertThat(tables.find(table.id())).as("%s", table).isNotNull();
            }
        }
        TableSchema roles = schema.table("system_auth", "roles");
        assertThat(roles).isNotNull();
        assertThat(tables.find(roles.id())).as("stored").isNull();
    }
}
