package io.helenus.test.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.metadata.NodeStateListenerBase;
import com.datastax.oss.driver.api.core.metadata.TokenMap;
import com.datastax.oss.driver.api.core.metadata.schema.KeyspaceMetadata;
import com.datastax.oss.driver.api.core.metadata.schema.SchemaChangeListenerBase;
import com.datastax.oss.driver.api.core.metadata.schema.TableMetadata;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.node.Node;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import io.helenus.gossip.ring.Member;
import io.helenus.gossip.ring.Murmur3Token;
import io.helenus.gossip.ring.Placement;
import io.helenus.test.node.FreePorts;
import io.helenus.test.node.Keyspaces;
import io.helenus.test.node.PatientDriver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What the Java driver sees of three nodes, and what it hears when one of them goes, comes back, or a
/// fourth one joins.
@EnabledOnOs(OS.LINUX) // where all of 127.0.0.0/8 is this machine
final class DriverViewTest {
    private static final String NETWORK = "127.0.9.";
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final BlockingQueue<String> news = new LinkedBlockingQueue<>();
    private int storagePort;
    private int nativePort;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private MemberNode member(int number) {
        return new MemberNode(
                directory.resolve("node" + number),
                Endpoint.of(NETWORK + number, storagePort),
                nativePort,
                new Location(number == 3 ? "west" : "east", "rack" + number),
                List.of(Endpoint.of(NETWORK + "1", storagePort)));
    }

    private Node start(int number) throws IOException {
        Node node = member(number).start();
        open.add(node);
        return node;
    }

    /// Nodes 1 to 3; each is up when the next one starts.
    private List<Node> startThree() throws IOException {
        storagePort = FreePorts.at(NETWORK + "1").getPort();
        nativePort = FreePorts.at(NETWORK + "1").getPort();
        return List.of(start(1), start(2), start(3));
    }

    private InetSocketAddress client(int number) {
        return new InetSocketAddress(NETWORK + number, nativePort);
    }

    private static ProgrammaticDriverConfigLoaderBuilder configuration(String dataCenter) {
        return PatientDriver.configuration()
                .withString(DefaultDriverOption.LOAD_BALANCING_LOCAL_DATACENTER, dataCenter);
    }

    private CqlSession connect() {
        CqlSession session =
                PatientDriver.builder(client(1), configuration("east"))
                        .withNodeStateListener(new States())
                        .withSchemaChangeListener(new Schemas())
                        .build();
        open.add(session);
        return session;
    }

    private final class States extends NodeStateListenerBase {
        @Override
        public void close() {
            // Nothing is held.
        }

        @Override
        public void onUp(com.datastax.oss.driver.api.core.metadata.Node node) {
            news.add("up " + address(node));
        }

        @Override
        public void onDown(com.datastax.oss.driver.api.core.metadata.Node node) {
            news.add("down " + address(node));
        }

        @Override
        public void onAdd(com.datastax.oss.driver.api.core.metadata.Node node) {
            news.add("new " + address(node));
        }
    }

    private final class Schemas extends SchemaChangeListenerBase {
        @Override
        public void close() {
            // Nothing is held.
        }

        @Override
        public void onKeyspaceCreated(KeyspaceMetadata keyspace) {
            news.add("created " + keyspace.getName());
        }

        @Override
        public void onTableCreated(TableMetadata table) {
            news.add("created " + table.getName());
        }
    }

    private static String address(com.datastax.oss.driver.api.core.metadata.Node node) {
        InetSocketAddress address = (InetSocketAddress) node.getEndPoint().resolve();
        return address.getAddress().getHostAddress();
    }

    private void awaitNews(String... expected) throws InterruptedException {
        for (String one : expected) {
            String next = news.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            while (next != null && !next.equals(one)) {
                next = news.poll(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(next).as("%s of %s", one, List.of(expected)).isEqualTo(one);
        }
    }

    private static SortedMap<String, String> places(CqlSession session) {
        TokenMap tokens = session.getMetadata().getTokenMap().orElseThrow();
        SortedMap<String, String> places = new TreeMap<>();
        for (com.datastax.oss.driver.api.core.metadata.Node node :
                session.getMetadata().getNodes().values()) {
            SortedSet<Long> own = new TreeSet<>();
            tokens.getTokens(node).forEach(token -> own.add(Long.valueOf(tokens.format(token))));
            places.put(
                    address(node),
                    "%s:%s %s %s"
                            .formatted(
                                    node.getDatacenter(), node.getRack(), node.getHostId(), own));
        }
        return places;
    }

    private static SortedMap<String, String> places(ClusterState state) {
        SortedMap<String, String> places = new TreeMap<>();
        for (ClusterNode node : state.nodes().values()) {
            places.put(
                    node.endpoint().address().getHostAddress(),
                    "%s %s %s".formatted(node.location(), node.hostId(), node.tokens()));
        }
        return places;
    }

    @Test
    void theDriverSeesWhatTheServersAgreeOn() throws Exception {
        List<Node> nodes = startThree();
        CqlSession session = connect();
        session.execute(
                "CREATE KEYSPACE simple WITH replication ="
                        + " {'class': 'SimpleStrategy', 'replication_factor': 2}");
        session.execute(
                "CREATE KEYSPACE places WITH replication ="
                        + " {'class': 'NetworkTopologyStrategy', 'east': 1, 'west': 1}");

        ClusterState state = nodes.getFirst().cluster().state();
        assertThat(places(session)).isEqualTo(places(state)).hasSize(3);
        TokenMap tokens = session.getMetadata().getTokenMap().orElseThrow();
        for (String name : List.of("simple", "places")) {
            KeyspaceSchema keyspace = Objects.requireNonNull(state.schema().keyspace(name));
            Placement placement = Placement.of(state.ring(), keyspace.replication().onRing());
            for (int key = 0; key < 200; key++) {
                byte[] bytes = ByteBuffer.allocate(4).putInt(key).array();
                assertThat(
                                tokens.getReplicas(name, ByteBuffer.wrap(bytes)).stream()
                                        .map(DriverViewTest::address))
                        .as("key %d of %s", key, name)
                        .containsExactlyInAnyOrderElementsOf(
                                addresses(placement, Murmur3Token.of(bytes, 0, bytes.length)));
            }
        }
        assertThat(session.checkSchemaAgreement()).isTrue();
    }

    private static List<String> addresses(Placement placement, long token) {
        List<String> addresses = new ArrayList<>();
        for (Member member : placement.natural(token)) {
            addresses.add(member.endpoint().address().getHostAddress());
        }
        return addresses;
    }

    @Test
    void theDriverHearsWhoGoesAndWhoComes() throws Exception {
        List<Node> nodes = startThree();
        CqlSession session = connect();
        awaitNews("up 127.0.9.1");

        nodes.get(1).close();
        awaitNews("down 127.0.9.2");
        Node _ = start(2);
        awaitNews("up 127.0.9.2");
        Node _ = start(4);
        awaitNews("new 127.0.9.4", "up 127.0.9.4");
        assertThat(places(session)).containsKey("127.0.9.4").hasSize(4);
    }

    @Test
    void schemaChangesOfOneNodeAreHeardFromAnother() throws Exception {
        List<Node> nodes = startThree();
        CqlSession session = connect();
        try (CqlSession other = PatientDriver.builder(client(3), configuration("west")).build()) {
            // One by one: of a keyspace that is new to it the driver does not tell the tables.
            other.execute(Keyspaces.create("k"));
            awaitNews("created k");
            other.execute("CREATE TABLE k.t (k int PRIMARY KEY)");
            awaitNews("created t");
            other.execute("CREATE TABLE k.u (k int PRIMARY KEY)");
            awaitNews("created u");
        }
        Row local = session.execute("SELECT schema_version FROM system.local").one();
        assertThat(
                        session.execute("SELECT schema_version FROM system.peers_v2").all().stream()
                                .map(row -> row.getUuid(0)))
                .hasSize(2)
                .containsOnly(Objects.requireNonNull(local).getUuid(0));
        assertThat(nodes).hasSize(3);
    }
}
