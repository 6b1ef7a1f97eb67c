package io.helenus.test.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.schema.ClusteringOrder;
import com.datastax.oss.driver.api.core.metadata.schema.ColumnMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.SchemaChangeListenerBase;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import com.datastax.oss.driver.api.core.type.UserDefinedType;
import io.helenus.test.node.TestNode;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What the driver knows of schema and cluster is what was created.
@ExtendWith(SharedServer.Extension.class)
final class DriverMetadataTest {
    private static final int EVENT_SECONDS_MAX = 30;

    @ParameterizedTest
    @EnumSource
    void metadataEqualsWhatWasCreated(Wire wire, SharedServer server) {
        CqlSession session = server.session(wire);
        String keyspace = server.keyspace();
        session.execute(
                "CREATE TYPE " + keyspace + ".\"Addr\" (street text, \"No\" frozen<set<int>>)");
        session.execute(
                """
                CREATE TABLE %s."T" (
                    a int, "B" text, c timeuuid, d decimal, s map<text, int> static,
                    v vector<float, 4>, l list<frozen<"Addr">>, PRIMARY KEY ((a, "B"), c, d))
                WITH CLUSTERING ORDER BY (c DESC, d ASC) AND comment = 'it''s' AND gc_grace_seconds = 77
                    AND compression = {'class': 'LZ4Compressor', 'chunk_length_in_kb': 64}\
                """
                        .formatted(keyspace));
        KeyspaceMetadata known = session.getMetadata().getKeyspace(keyspace).orElseThrow();
        assertThat(known.getReplication())
                .isEqualTo(
                        Map.of(
                                "class",
                                "org.apache.cassandra.locator.SimpleStrategy",
                                "replication_factor",
                                "1"));
        assertThat(known.isDurableWrites()).isTrue();
        UserDefinedType type =
                known.getUserDefinedType(CqlIdentifier.fromInternal("Addr")).orElseThrow();
        assertThat(type.getFieldNames())
                .containsExactly(
                        CqlIdentifier.fromInternal("street"), CqlIdentifier.fromInternal("No"));
        assertThat(type.getFieldTypes().get(1).asCql(true, true)).isEqualTo("frozen<set<int>>");
        TableMetadata table = known.getTable(CqlIdentifier.fromInternal("T")).orElseThrow();
        assertThat(table.getPartitionKey())
                .extracting(column -> column.getName().asInternal())
                .containsExactly("a", "B");
        assertThat(table.getClusteringColumns().values())
                .containsExactly(ClusteringOrder.DESC, ClusteringOrder.ASC);
        assertThat(table.getColumns().values())
                .extracting(column -> column.getName().asInternal())
                .containsExactlyInAnyOrder("a", "B", "c", "d", "s", "v", "l");
        ColumnMetadata s = table.getColumn("s").orElseThrow();
        assertThat(s.isStatic()).isTrue();
        assertThat(s.getType().asCql(true, true)).isEqualTo("map<text, int>");
        assertThat(table.getOptions().get(CqlIdentifier.fromInternal("comment"))).isEqualTo("it's");
        assertThat(table.getOptions().get(CqlIdentifier.fromInternal("gc_grace_seconds")))
                .isEqualTo(77);
        assertThat(table.describe(true)).contains("gc_grace_seconds = 77", "c DESC");
        assertThat(session.checkSchemaAgreement()).isTrue();
    }

    @Test
    void clusterIsKnown(SharedServer server) {
        CqlSession session = server.session(Wire.V5);
        assertThat(session.getMetadata().getNodes()).hasSize(1);
        Node node = session.getMetadata().getNodes().values().iterator().next();
        assertThat(node.getDatacenter()).isEqualTo(TestNode.DATACENTER);
        assertThat(node.getRack()).isEqualTo("rack1");
        assertThat(String.valueOf(node.getCassandraVersion())).startsWith("5.0.");
        assertThat(node.getHostId()).isNotNull();
        assertThat(node.getSchemaVersion()).isNotNull();
        var tokens = session.getMetadata().getTokenMap().orElseThrow();
        assertThat(tokens.getPartitionerName())
                .isEqualTo("org.apache.cassandra.dht.Murmur3Partitioner");
        assertThat(tokens.getTokens(node)).hasSize(16);
        assertThat(session.execute("SELECT keyspace_name FROM system_schema.keyspaces").all())
                .extracting(row -> row.getString(0))
                .contains("system", "system_schema", "system_auth");
    }

    @ParameterizedTest
    @EnumSource(names = {"V4", "V5_LZ4"})
    void changesReachAnotherSession(Wire wire, SharedServer server) throws InterruptedException {
        String keyspace = server.keyspace();
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        var listening =
                Sessions.builder(server.node().address(), wire, Sessions.configuration(wire))
                        .withSchemaChangeListener(new Recorder(keyspace, events));
        try (CqlSession _ = listening.build()) {
            CqlSession changing = server.session(wire);
            changing.execute("CREATE TYPE " + keyspace + ".u (a int)");
            assertThat(next(events)).isEqualTo("type u");
            changing.execute("CREATE TABLE " + keyspace + ".t (k int PRIMARY KEY)");
            assertThat(next(events)).isEqualTo("table t");
            changing.execute("ALTER TABLE " + keyspace + ".t ADD v text");
            assertThat(next(events)).isEqualTo("updated t: [k, v]");
            changing.execute("DROP TABLE " + keyspace + ".t");
            assertThat(next(events)).isEqualTo("dropped t");
            changing.execute("DROP KEYSPACE " + keyspace);
            assertThat(next(events)).isEqualTo("dropped keyspace " + keyspace);
        }
    }

    private static String next(BlockingQueue<String> events) throws InterruptedException {
        String event = events.poll(EVENT_SECONDS_MAX, TimeUnit.SECONDS);
        return event == null ? "nothing within " + EVENT_SECONDS_MAX + " s" : event;
    }

    /// Notes what happens in one keyspace; the driver's admin thread calls it.
    private static final class Recorder extends SchemaChangeListenerBase {
        private final CqlIdentifier keyspace;
        private final BlockingQueue<String> events;

        Recorder(String keyspace, BlockingQueue<String> events) {
            this.keyspace = CqlIdentifier.fromInternal(keyspace);
            this.events = events;
        }

        @Override
        public void onUserDefinedTypeCreated(UserDefinedType type) {
            if (keyspace.equals(type.getKeyspace())) {
                events.add("type " + type.getName().asInternal());
            }
        }

        @Override
        public void onTableCreated(TableMetadata table) {
            note(table, "table %s".formatted(table.getName().asInternal()));
        }

        @Override
        public void onTableUpdated(TableMetadata current, TableMetadata previous) {
            note(
                    current,
                    "updated %s: %s"
                            .formatted(
                                    current.getName().asInternal(),
                                    current.getColumns().keySet().stream()
                                            .map(CqlIdentifier::asInternal)
                                            .sorted()
                                            .toList()));
        }

        @Override
        public void onTableDropped(TableMetadata table) {
            note(table, "dropped " + table.getName().asInternal());
        }

        @Override
        public void onKeyspaceDropped(KeyspaceMetadata dropped) {
            if (dropped.getName().equals(keyspace)) {
                events.add("dropped keyspace " + dropped.getName().asInternal());
            }
        }

        @Override
        public void close() {
            // Holds nothing.
        }

        private void note(TableMetadata table, String event) {
            if (table.getKeyspace().equals(keyspace)) {
                events.add(event);
            }
        }
    }
}
