package io.helenus.test.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.json.Json;
import io.helenus.gossip.Endpoint;
import io.helenus.test.node.Administration;
import io.helenus.test.node.Keyspaces;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real nodes on addresses of this machine become one database that agrees on its members, tokens and
/// schema.
@Timeout(180)
final class AgreeingNodesTest {
    private static final String CLUSTER = "agreeing";

    @TempDir Path directory;
    private final List<Endpoint> addresses = new ArrayList<>();
    private final List<GossipingNode> started = new ArrayList<>();

    @BeforeEach
    void addresses() throws IOException {
        for (int i = 1; i <= 4; i++) {
            addresses.add(GossipingNode.free("127.0.0." + i));
        }
    }

    @AfterEach
    void end() {
        started.reversed().forEach(GossipingNode::close);
    }

    /// @param number from 1 on
    private GossipingNode start(int number, int... seeds) throws IOException {
        return startIn(directory.resolve(String.valueOf(number)), number, Clock.systemUTC(), seeds);
    }

    private GossipingNode startIn(Path place, int number, Clock clock, int... seeds)
            throws IOException {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int seed : seeds) {
            endpoints.add(address(seed));
        }
        GossipingNode node = GossipingNode.start(CLUSTER, place, address(number), endpoints, clock);
        started.add(node);
        return node;
    }

    private Endpoint address(int number) {
        return addresses.get(number - 1);
    }

    private void stop(GossipingNode node) {
        started.remove(node);
        node.close();
    }

    private static boolean isWhole(ClusterState state, int nodes) {
        return state.nodes().size() == nodes
                && state.members().size() == Math.min(nodes, 3)
                && state.nodes().values().stream()
                        .allMatch(node -> node.state() == NodeState.NORMAL);
    }

    private static void assertSame(GossipingNode... nodes) {
        ClusterState first = nodes[0].state();
        for (GossipingNode node : nodes) {
            assertThat(node.state().epoch()).isEqualTo(first.epoch());
            assertThat(node.state().hash()).isEqualTo(first.hash());
        }
    }

    @Test
    void aNodeAloneIsAClusterOfOne() throws Exception {
        GossipingNode one = start(1);
        ClusterState state = one.state();
        assertThat(state.name()).isEqualTo(CLUSTER);
        assertThat(state.isSoleMember(one.cluster().hostId())).isTrue();
        assertThat(state.ring().tokenCount()).isEqualTo(16);
        one.execute(Keyspaces.create("ks"));
        stop(one);
        ClusterState again = start(1).state();
        assertThat(again.clusterId()).isEqualTo(state.clusterId());
        assertThat(again.epoch()).isEqualTo(state.epoch() + 1);
        assertThat(again.schema().keyspace("ks")).isNotNull();
    }

    @Test
    void threeNodesAreOneDatabaseWhoeverComesAndGoes() throws Exception {
        GossipingNode one = start(1);
        one.execute(Keyspaces.create("ks"));
        GossipingNode two = start(2, 1);
        GossipingNode three = start(3, 1);
        for (GossipingNode node : started) {
            ClusterState state = node.await("three members", each -> isWhole(each, 3));
            assertThat(state.schema().keyspace("ks")).isNotNull();
            assertThat(state.ring().tokenCount()).isEqualTo(48);
        }
        defineAtOnce(one, two, three);
        refusesData(one, two, three);

        stop(three);
        two.execute(Keyspaces.create("while_three_is_away"));
        assertThat(one.state().schema().keyspace("while_three_is_away")).isNotNull();
        GossipingNode back = start(3, 1);
        long epoch = two.state().epoch();
        var _ = back.await("epoch " + epoch, state -> state.epoch() >= epoch);
        assertThat(back.state().schema().keyspace("while_three_is_away")).isNotNull();
        back.execute(Keyspaces.create("by_three")); // waits for none that it does not see yet
        long reached = back.state().epoch();
        for (GossipingNode node : started) {
            var _ = node.await("epoch " + reached, state -> state.epoch() >= reached);
        }
        assertSame(one, two, back);

        stop(two);
        stop(back);
        assertRefusedWithout(one, address(2), address(3));
        stop(one);

        one = start(1);
        two = start(2, 1);
        two.execute(Keyspaces.create("after_all"));
        three = start(3, 1);
        ClusterState last = two.state();
        var _ = three.await("the others' state", state -> state.epoch() == last.epoch());
        assertSame(one, two, three);
        assertThat(three.state().schema().keyspace("never")).isNull();
    }

    /// Statements that do not touch each other, and one that only one of them can make.
    private static void defineAtOnce(GossipingNode... nodes) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(nodes.length);
        try {
            List<Future<Boolean>> results = new ArrayList<>();
            for (int i = 0; i < nodes.length; i++) {
                GossipingNode node = nodes[i];
                String name = "ks" + i;
                Callable<Boolean> statements =
                        () -> {
                            node.execute(Keyspaces.create(name));
                            boolean isMine = createsTable(node);
                            for (int n = 0; n < 5; n++) {
                                node.execute(
                                        "CREATE TABLE %s.t%d (k int PRIMARY KEY)"
                                                .formatted(name, n));
                            }
                            return isMine;
                        };
                results.add(clients.submit(statements));
            }
            int winners = 0;
            for (Future<Boolean> result : results) {
                winners += result.get() ? 1 : 0;
            }
            assertThat(winners).isEqualTo(1);
        } finally {
            clients.shutdown();
        }
        nodes[0].execute("CREATE TYPE ks.last (a int)");
        assertSame(nodes); // the others had it before the statement ended
        ClusterState state = nodes[0].state();
        for (int i = 0; i < nodes.length; i++) {
            assertThat(Objects.requireNonNull(state.schema().keyspace("ks" + i)).tables())
                    .hasSize(5);
        }
        for (GossipingNode node : nodes) {
            assertThat(node.state().schema()).isEqualTo(state.schema()); // ids, too
        }
    }

    private static boolean createsTable(GossipingNode node) {
        try {
            node.execute("CREATE TABLE ks.contended (k int PRIMARY KEY, v int)");
            return true;
        } catch (CqlException.AlreadyExists e) {
            return false;
        }
    }

    private static void refusesData(GossipingNode... nodes) {
        for (GossipingNode node : nodes) {
            node.execute("SELECT * FROM system.local");
            for (String cql :
                    List.of(
                            "SELECT * FROM ks.contended WHERE k = 1",
                            "SELECT * FROM ks.contended",
                            "INSERT INTO ks.contended (k, v) VALUES (1, 1)",
                            "BEGIN BATCH INSERT INTO ks.contended (k, v) VALUES (1, 1) APPLY BATCH",
                            "TRUNCATE ks.contended")) {
                assertThatThrownBy(() -> node.execute(cql))
                        .isInstanceOfSatisfying(
                                CqlException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID))
                        .hasMessageContaining(
                                "This cluster has 3 nodes, and data are not replicated");
            }
        }
    }

    private static void assertRefusedWithout(GossipingNode node, Endpoint... silent) {
        assertThatThrownBy(() -> node.execute(Keyspaces.create("never")))
                .isInstanceOfSatisfying(
                        CqlException.Unavailable.class,
                        e -> {
                            assertThat(e.required()).isEqualTo(2);
                            assertThat(e.alive()).isEqualTo(1);
                        })
                .hasMessageContaining("2 of 3 metadata members have to agree")
                .hasMessageContaining(silent[0].toString())
                .hasMessageContaining(silent[1].toString());
    }

    @Test
    void seedsThatStartTogetherMakeOneCluster() throws Exception {
        ExecutorService starters = Executors.newFixedThreadPool(3);
        try {
            List<Future<GossipingNode>> starting = new ArrayList<>();
            for (int i = 3; i >= 1; i--) {
                int number = i;
                Callable<GossipingNode> start =
                        () ->
                                GossipingNode.start(
                                        CLUSTER,
                                        directory.resolve(String.valueOf(number)),
                                        address(number),
                                        List.of(address(1), address(2), address(3)));
                starting.add(starters.submit(start));
            }
            for (Future<GossipingNode> each : starting) {
                started.add(each.get());
            }
        } finally {
            starters.shutdown();
        }
        for (GossipingNode node : started) {
            var _ = node.await("three members", state -> isWhole(state, 3));
            assertThat(node.state().clusterId()).isEqualTo(started.getFirst().state().clusterId());
        }
    }

    @Test
    void aNodeOfAnotherClusterOfTheSameNameIsRefused() throws Exception {
        GossipingNode two = start(2);
        two.execute(Keyspaces.create("own"));
        stop(two);
        GossipingNode one = start(1);
        assertThatThrownBy(() -> start(2, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("refuses this node")
                .hasMessageContaining("two clusters were created");
        assertThat(one.state().nodes()).hasSize(1);
        assertThat(start(2).state().schema().keyspace("own")).isNotNull();
    }

    @Test
    void theAddressOfANodeThatIsDownIsStillItsOwn() throws Exception {
        GossipingNode one = start(1);
        GossipingNode two = start(2, 1);
        one.awaitNews("up " + address(2));
        stop(two);
        one.awaitNews("down " + address(2) + " SHUT_DOWN");
        assertThatThrownBy(() -> startIn(directory.resolve("new"), 2, Clock.systemUTC(), 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("Address %s is of node", address(2))
                .hasMessageContaining("removenode");
        assertThat(one.state().nodes()).hasSize(2);
    }

    @Test
    void aNodeThatComesBackElsewhereIsTheSameNode() throws Exception {
        GossipingNode one = start(1);
        GossipingNode two = start(2, 1);
        ClusterNode before = one.state().node(address(2));
        assertThat(before).isNotNull();
        one.awaitNews("up " + address(2));
        stop(two);
        one.awaitNews("down " + address(2) + " SHUT_DOWN");
        GossipingNode moved = startIn(directory.resolve("2"), 4, Clock.systemUTC(), 1);
        ClusterState after = one.await("the new address", state -> state.node(address(4)) != null);
        ClusterNode now = after.node(address(4));
        assertThat(now).isNotNull();
        assertThat(now.hostId()).isEqualTo(before.hostId());
        assertThat(now.tokens()).isEqualTo(before.tokens());
        assertThat(after.nodes()).hasSize(2);
        moved.awaitNews("up " + address(1));
        moved.execute(Keyspaces.create("from_there"));
        assertSame(one, moved);
    }

    /// @return what is answered, a refusal, too
    private static String post(GossipingNode node, String path, Json.Members parameters)
            throws IOException {
        try {
            return new Administration(node.administration()).post(path, parameters).text();
        } catch (Administration.RefusedException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static String decommission(GossipingNode node) throws IOException {
        return post(node, "/v1/decommission", Json.object());
    }

    private static String remove(GossipingNode by, UUID hostId) throws IOException {
        return post(by, "/v1/removenode", Json.object().put("host_id", hostId.toString()));
    }

    @Test
    void nodesLeaveAndAreRemoved() throws Exception {
        GossipingNode one = start(1);
        assertThat(decommission(one)).contains("the only one of its cluster");
        GossipingNode two = start(2, 1);
        GossipingNode three = start(3, 1);
        GossipingNode four = start(4, 1);
        var _ = four.await("three members", state -> isWhole(state, 4));
        UUID third = three.cluster().hostId();
        UUID fourth = four.cluster().hostId();
        assertThat(four.state().members()).doesNotContain(fourth);
        assertThat(remove(one, third)).contains("is up: decommission it there");

        assertThat(decommission(two)).contains("DECOMMISSIONED");
        ClusterState without = one.await("two has left", state -> state.nodes().size() == 3);
        assertThat(without.node(address(2))).isNull();
        var _ = one.await("the fourth decides, too", state -> state.members().contains(fourth));
        stop(two);
        assertThatThrownBy(() -> start(2, 1)).hasMessageContaining("needs an empty directory");

        one.awaitNews("up " + address(3));
        stop(three);
        one.awaitNews("down " + address(3) + " SHUT_DOWN");
        assertThat(remove(one, third)).contains("removed");
        assertThat(one.state().nodes()).hasSize(2);
        assertThat(one.state().members()).containsExactlyInAnyOrder(one.cluster().hostId(), fourth);
        four.awaitNews("up " + address(1));
        four.execute(Keyspaces.create("two_are_left"));
        assertSame(one, four);
        assertThat(decommission(four)).contains("DECOMMISSIONED");
        assertThatThrownBy(() -> four.execute(Keyspaces.create("from_outside")))
                .hasMessageContaining("no node of this cluster any more");
        UUID first = one.cluster().hostId();
        var _ = one.await("the end of the others", state -> state.isSoleMember(first));
        one.execute("CREATE TABLE two_are_left.t (k int PRIMARY KEY)");
        one.execute("INSERT INTO two_are_left.t (k) VALUES (1)"); // it is alone again
    }

    @Test
    void ofTwoNodesNoneCanBeRemovedWithoutTheOther() throws Exception {
        GossipingNode one = start(1);
        GossipingNode two = start(2, 1);
        UUID second = two.cluster().hostId();
        var _ = one.await("two members", state -> isWhole(state, 2));
        one.awaitNews("up " + address(2));
        stop(two);
        one.awaitNews("down " + address(2) + " SHUT_DOWN");
        assertThat(remove(one, second))
                .contains("2 of 2 metadata members have to agree: no answer within 3000 ms from")
                .contains(address(2).toString())
                .contains("start those that are down again, with their data");
        assertThat(one.state().nodes()).hasSize(2);
    }

    @Test
    void aClockThatIsWrongKeepsNobodyOut() throws Exception {
        GossipingNode one = start(1);
        GossipingNode late =
                startIn(
                        directory.resolve("2"),
                        2,
                        Clock.offset(Clock.systemUTC(), Duration.ofHours(-1)),
                        1);
        GossipingNode early =
                startIn(
                        directory.resolve("3"),
                        3,
                        Clock.offset(Clock.systemUTC(), Duration.ofHours(1)),
                        1);
        var _ = one.await("three members", state -> isWhole(state, 3));
        early.awaitNews("up " + address(2));
        late.awaitNews("up " + address(3));
        early.execute(Keyspaces.create("early"));
        late.execute("DROP KEYSPACE early");
        assertSame(one, late, early);
    }
}
