package io.helenus.engine.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helenus.engine.cluster.ClusterFixture;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.ClusterTransformation.FinishJoin;
import io.helenus.engine.cluster.ClusterTransformation.Register;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.cluster.gossip.GossipNode;
import io.helenus.engine.json.Json;
import io.helenus.engine.messaging.PeerStatistics;
import io.helenus.engine.schema.NodeInfo;
import io.helenus.engine.schema.SystemSchema;
import io.helenus.engine.transport.ClientInfo;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import io.helenus.gossip.ring.Murmur3Token;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Three nodes in `a`, one of them down, and one that joins in `b`.
class RingRoutesTest {
    private static final long QUARTER = 1L << 62;

    private final ClusterState base = cluster();
    private ClusterState state = base;

    private static ClusterNode node(int number, String dataCenter, String rack, long token) {
        return new ClusterNode(
                ClusterFixture.host(number),
                ClusterFixture.endpoint(number),
                Endpoint.ipv4(0x7f000000 + number, 9042),
                new Location(dataCenter, rack),
                NodeState.JOINING,
                "0.1.0",
                List.of(token));
    }

    /// Node 1 has half of the ring, 2 and 3 a quarter each.
    private static ClusterState cluster() {
        ClusterState first =
                ClusterState.create(
                        ClusterFixture.CLUSTER,
                        "Test",
                        node(1, "a", "r1", 0),
                        SystemSchema.initial(List.of()));
        return ClusterFixture.apply(
                first,
                new Register(node(2, "a", "r2", QUARTER)),
                new FinishJoin(ClusterFixture.host(2)),
                new Register(node(3, "a", "r3", Long.MIN_VALUE + 1)),
                new FinishJoin(ClusterFixture.host(3)),
                new Register(node(4, "b", "r1", 5)));
    }

    private void run(String... statements) {
        state = ClusterFixture.run(state, statements);
    }

    private ClusterView view() {
        List<ClusterView.Seen> nodes = new ArrayList<>();
        for (ClusterNode node : state.nodes().values()) {
            boolean up = !node.hostId().equals(ClusterFixture.host(3));
            nodes.add(
                    new ClusterView.Seen(
                            node, up, up, up ? 1_024 : -1, state.schema().version(), "5.0.6"));
        }
        return new ClusterView(state, nodes, "Snitch", "Partitioner");
    }

    private Json.Members ask(String path, Map<String, String> parameters) {
        Json.Members members = Json.object();
        parameters.forEach(members::put);
        AdminRoute route =
                new RingRoutes(new Control())
                        .routes().stream()
                                .filter(each -> each.path().equals(path))
                                .findFirst()
                                .orElseThrow();
        try {
            return (Json.Members)
                    route.action().run(new AdminRequest(members)).toCompletableFuture().join();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// `status state owns` by address.
    private List<String> status(Map<String, String> parameters) {
        List<String> lines = new ArrayList<>();
        for (Json.Members dataCenter : ask("/v1/status", parameters).objects("datacenters")) {
            for (Json.Members node : dataCenter.objects("nodes")) {
                lines.add(
                        "%s %s %s %s %s %s"
                                .formatted(
                                        dataCenter.text("name"),
                                        node.text("address"),
                                        node.text("status"),
                                        node.text("state"),
                                        node.text("load_bytes"),
                                        node.text("owns_percent")));
            }
        }
        return lines;
    }

    @Test
    void statusShowsAllNodesByDataCentre() {
        run(
                "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}");

        assertThat(status(Map.of()))
                .containsExactly(
                        "a 127.0.0.1 UP NORMAL 1024 50.0",
                        "a 127.0.0.2 UP NORMAL 1024 25.0",
                        "a 127.0.0.3 DOWN NORMAL  25.0",
                        "b 127.0.0.4 UP JOINING 1024 ");
    }

    @Test
    void withoutKeyspacesOwnershipIsThatOfTraces() {
        assertThat(status(Map.of()))
                .contains("a 127.0.0.1 UP NORMAL 1024 75.0", "a 127.0.0.2 UP NORMAL 1024 75.0");
    }

    @Test
    void differentReplicationHasNoSingleOwnership() {
        run(
                "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 1}",
                "CREATE KEYSPACE l WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 3}");

        assertThat(ask("/v1/status", Map.of()).bool("owns_effective")).isFalse();
        assertThat(ask("/v1/status", Map.of()).text("note"))
                .startsWith("Non-system keyspaces don't have the same replication settings");
        assertThat(status(Map.of("keyspace", "l")))
                .contains("a 127.0.0.1 UP NORMAL 1024 100.0", "a 127.0.0.2 UP NORMAL 1024 100.0");
    }

    @Test
    void whatIsLocalIsOwnedByNobodyInParticular() {
        assertThat(ask("/v1/status", Map.of("keyspace", "system")).text("note"))
                .isEqualTo("Ownership values for keyspaces with LocalStrategy are meaningless");
    }

    @Test
    void theRingIsAllTokensAscending() {
        assertThat(
                        ask("/v1/ring", Map.of()).objects("tokens").stream()
                                .map(token -> token.text("address") + " " + token.text("token")))
                .containsExactly(
                        "127.0.0.3 " + (Long.MIN_VALUE + 1),
                        "127.0.0.1 0",
                        "127.0.0.4 5",
                        "127.0.0.2 " + QUARTER);
    }

    @Test
    void theClusterIsCounted() {
        Json.Members cluster = ask("/v1/cluster", Map.of());

        assertThat(cluster.whole("live")).isEqualTo(3);
        assertThat(cluster.whole("unreachable")).isEqualTo(1);
        assertThat(cluster.whole("joining")).isEqualTo(1);
        assertThat(cluster.objects("schema_versions"))
                .extracting(version -> version.text("version") + version.texts("nodes"))
                .containsExactlyInAnyOrder(
                        "UNREACHABLE[127.0.0.3]",
                        state.schema().version() + "[127.0.0.1, 127.0.0.2, 127.0.0.4]");
        assertThat(cluster.texts("members")).containsExactly("127.0.0.1");
        assertThat(cluster.objects("keyspaces"))
                .extracting(keyspace -> keyspace.text("name"))
                .contains("system", "system_auth")
                .doesNotContain("system_views");
    }

    /// @param bytes hexadecimal
    record Key(String type, String text, String bytes) {}

    private static Key key(String type, String text, byte[] bytes) {
        return new Key(type, text, HexFormat.of().formatHex(bytes));
    }

    private static byte[] int32(int value) {
        return new ByteWriter().writeInt(value).toArray();
    }

    static Stream<Key> keys() {
        byte[] north = {'n', 'o', ':', 'r'};
        return Stream.of(
                key("k int PRIMARY KEY", "7", int32(7)),
                key("k text PRIMARY KEY", "no:r", north),
                key("k blob PRIMARY KEY", "6e6f3a72", north),
                key("k boolean PRIMARY KEY", "true", new byte[] {1}),
                key(
                        "k uuid PRIMARY KEY",
                        "00000000-0000-0001-0000-000000000002",
                        new ByteWriter().writeLong(1).writeLong(2).toArray()),
                key(
                        "a int, b text, PRIMARY KEY ((a, b))",
                        "7:no\\:r",
                        new ByteWriter()
                                .writeShort(4)
                                .writeBytes(int32(7))
                                .writeByte(0)
                                .writeShort(4)
                                .writeBytes(north)
                                .writeByte(0)
                                .toArray()));
    }

    @ParameterizedTest
    @MethodSource("keys")
    void endpointsOfAKeyAreItsReplicasInTheOrderOfTheRing(Key key) {
        run(
                "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 2}",
                "CREATE TABLE k.t (" + key.type() + ")");
        byte[] bytes = HexFormat.of().parseHex(key.bytes());
        long token = Murmur3Token.of(bytes, 0, bytes.length);
        List<String> expected =
                token <= 0 && token > Long.MIN_VALUE + 1
                        ? List.of("127.0.0.1", "127.0.0.2")
                        : token > 0 && token <= QUARTER
                                ? List.of("127.0.0.2", "127.0.0.3")
                                : List.of("127.0.0.3", "127.0.0.1");

        Json.Members answer =
                ask("/v1/endpoints", Map.of("keyspace", "k", "table", "t", "key", key.text()));

        assertThat(answer.text("token")).isEqualTo(Long.toString(token));
        assertThat(answer.objects("endpoints"))
                .extracting(each -> each.text("address"))
                .isEqualTo(expected);
    }

    @Test
    void whatIsLocalIsHere() {
        assertThat(
                        ask(
                                        "/v1/endpoints",
                                        Map.of("keyspace", "system", "table", "local", "key", "x"))
                                .objects("endpoints"))
                .extracting(each -> each.text("address"))
                .containsExactly("127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/status | nope | | | The keyspace nope, does not exist",
                "/v1/endpoints | k | u | 1 | Unknown table 'u' in keyspace 'k'",
                "/v1/endpoints | x | t | 1 | Unknown table 't' in keyspace 'x'",
                "/v1/endpoints | k | t | 1 | The partition key of k.t has 2 columns, '1' has 1",
                "/v1/endpoints | k | t | x:y | a: ",
                "/v1/endpoints | k | c | x | k is of type frozen<list<int>>, whose values cannot be",
                "/v1/endpoints | k | s | '' | Key may not be empty",
            })
    void whatMakesNoSenseIsRefused(
            String path,
            String keyspace,
            @Nullable String table,
            @Nullable String key,
            String message) {
        run(
                "CREATE KEYSPACE k WITH replication = {'class': 'SimpleStrategy', 'replication_factor': 2}",
                "CREATE TABLE k.t (a int, b text, PRIMARY KEY ((a, b)))",
                "CREATE TABLE k.c (k frozen<list<int>> PRIMARY KEY)",
                "CREATE TABLE k.s (k text PRIMARY KEY)");
        Map<String, String> parameters =
                table == null
                        ? Map.of("keyspace", keyspace)
                        : Map.of(
                                "keyspace",
                                keyspace,
                                "table",
                                table,
                                "key",
                                key == null ? "" : key);

        assertThatExceptionOfType(AdminException.class)
                .isThrownBy(() -> ask(path, parameters))
                .withMessageContaining(message);
    }

    /// Knows nothing but the cluster and itself, node 1.
    private final class Control implements NodeControl {
        @Override
        public NodeInfo info() {
            return new NodeInfo(
                    ClusterFixture.host(1),
                    "a",
                    "r1",
                    ClusterFixture.endpoint(1).address(),
                    7000,
                    ClusterFixture.endpoint(1).address(),
                    7000,
                    ClusterFixture.endpoint(1).address(),
                    9042,
                    List.of("0"),
                    "5.0.6",
                    new UUID(0, 0));
        }

        @Override
        public ClusterView cluster() {
            return view();
        }

        @Override
        public String clusterName() {
            return "Test";
        }

        @Override
        public String mode() {
            return "NORMAL";
        }

        @Override
        public long uptimeMillis() {
            return 0;
        }

        @Override
        public int generation() {
            return 0;
        }

        @Override
        public long exceptions() {
            return 0;
        }

        @Override
        public boolean isServingClients() {
            return true;
        }

        @Override
        public boolean isGossiping() {
            return true;
        }

        @Override
        public List<ClientInfo> clients() {
            return List.of();
        }

        @Override
        public void serveClients() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void stopServingClients() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<List<GossipNode>> gossip() {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<PeerStatistics> messages() {
            return List.of();
        }

        @Override
        public CompletionStage<Void> decommission() {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> removeNode(UUID hostId) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> drain() {
            throw new UnsupportedOperationException();
        }
    }
}
