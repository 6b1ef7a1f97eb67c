package io.helenus.gossip.exchange;

import static io.helenus.gossip.exchange.GossipSimulation.CLUSTER;
import static io.helenus.gossip.exchange.GossipSimulation.MILLI;
import static io.helenus.gossip.exchange.GossipSimulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.GossipSimulation.Network;
import io.helenus.gossip.exchange.GossipSimulation.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Who may create a cluster, who joins, and what keeps a node from either.
final class DiscoveryTest {
    private final TreeMap<Integer, DiscoveryOutcome> outcomes = new TreeMap<>();

    private GossipSimulation simulation(long seed, int count, int seedNodes) {
        GossipSimulation made =
                new GossipSimulation(
                        seed, count, seedNodes, GossipSettings.DEFAULT, GossipRules.STANDARD, true);
        made.onEffect =
                (node, effect) -> {
                    if (effect instanceof GossipEffect.DiscoveryEnded(DiscoveryOutcome outcome)) {
                        outcomes.put(node.index, outcome);
                        boolean goesOn =
                                outcome instanceof DiscoveryOutcome.Found
                                        || outcome instanceof DiscoveryOutcome.MayCreate;
                        if (goesOn) {
                            node.gossiper().start(CLUSTER.clusterId());
                        }
                    }
                };
        return made;
    }

    private static void discover(GossipSimulation simulation, Node node) {
        Gossiper gossiper = simulation.create(node);
        simulation.perform(
                node, gossiper.discover(simulation.nowNanos, simulation.wallMicros(node)));
    }

    private long created() {
        return outcomes.values().stream()
                .filter(DiscoveryOutcome.MayCreate.class::isInstance)
                .count();
    }

    @Test
    void ofSeedsThatStartTogetherTheLowestAloneCreates() {
        for (int seed = 1; seed <= 200; seed++) {
            outcomes.clear();
            GossipSimulation simulation = simulation(seed, 5, 3);
            simulation.network = new Network(0.2, 0.1, MILLI, 800 * MILLI);
            for (Node node : simulation.nodes) {
                long late = simulation.random.nextLong(5 * SECOND);
                simulation.after(late, () -> discover(simulation, node));
            }
            simulation.runFor(60 * SECOND);
            assertThat(outcomes.get(0)).isInstanceOf(DiscoveryOutcome.MayCreate.class);
            assertThat(created()).as("clusters with seed %d", seed).isEqualTo(1);
            assertThat(outcomes.values())
                    .as("seed %d", seed)
                    .hasSize(5)
                    .filteredOn(DiscoveryOutcome.Found.class::isInstance)
                    .hasSize(4);
            assertThat(simulation.nodes).allMatch(node -> node.gossiper().knownCount() == 5);
        }
    }

    @Test
    void theLowestSeedWaitsForASeedThatIsDown() {
        GossipSimulation simulation = simulation(1, 3, 2);
        discover(simulation, simulation.nodes.get(0));
        discover(simulation, simulation.nodes.get(2));
        simulation.runFor(29 * SECOND);
        assertThat(outcomes).isEmpty();
        simulation.runFor(5 * SECOND);
        assertThat(outcomes.get(0))
                .isEqualTo(
                        new DiscoveryOutcome.TimedOut(
                                List.of(simulation.nodes.get(1).endpoint), List.of()));
        assertThat(outcomes.get(2))
                .isInstanceOfSatisfying(
                        DiscoveryOutcome.TimedOut.class,
                        timedOut ->
                                assertThat(timedOut.silent())
                                        .containsExactly(simulation.nodes.get(1).endpoint));
    }

    @Test
    void aNodeWithoutOtherSeedsMayCreateAtOnce() {
        GossipSimulation alone = simulation(1, 1, 1);
        discover(alone, alone.nodes.get(0));
        assertThat(outcomes.get(0)).isEqualTo(new DiscoveryOutcome.MayCreate());
        outcomes.clear();
        GossipSimulation without = simulation(1, 1, 0);
        discover(without, without.nodes.get(0));
        assertThat(outcomes.get(0)).isEqualTo(new DiscoveryOutcome.MayCreate());
    }

    @Test
    void aNodeFindsTheClusterAndGoesAboveItsOldGeneration() {
        GossipSimulation simulation = simulation(1, 3, 1);
        simulation.nodes.forEach(simulation::start);
        simulation.runFor(20 * SECOND);
        Node node = simulation.nodes.get(2);
        long before = node.generation;
        simulation.crash(node);
        node.wallSkewMicros = -1_000_000L * 1_000_000; // its clock stands in the past,
        node.generation = 0; // and its disk is empty
        discover(simulation, node);
        simulation.runFor(20 * SECOND);
        assertThat(outcomes.get(2))
                .isInstanceOfSatisfying(
                        DiscoveryOutcome.Found.class,
                        found -> assertThat(found.nodes()).hasSize(3));
        assertThat(node.gossiper().generation()).isEqualTo(before + 1);
        assertThat(node.gossiper().liveCount()).isEqualTo(2);
    }

    private DiscoveryOutcome outcomeOf(Endpoint self, UUID hostId, ClusterIdentity cluster) {
        GossipSimulation simulation = simulation(1, 3, 1);
        simulation.nodes.forEach(simulation::start);
        simulation.runFor(20 * SECOND);
        Endpoint seed = simulation.nodes.get(0).endpoint;
        Gossiper starting =
                new Gossiper(
                        GossipSettings.DEFAULT,
                        cluster,
                        self,
                        hostId,
                        1,
                        List.of(seed),
                        new SplittableRandom(1),
                        GossipRules.STANDARD);
        long wall = simulation.wallMicros(simulation.nodes.get(0));
        List<GossipEffect> ended = new ArrayList<>();
        for (GossipEffect asked : starting.discover(simulation.nowNanos, wall)) {
            GossipMessage question = ((GossipEffect.Send) asked).message();
            Gossiper member = simulation.nodes.get(0).gossiper();
            for (GossipEffect answer :
                    member.onMessage(self, question, simulation.nowNanos, wall)) {
                if (answer instanceof GossipEffect.Send(Endpoint to, GossipMessage message)) {
                    assertThat(to).isEqualTo(self);
                    ended.addAll(starting.onMessage(seed, message, simulation.nowNanos, wall));
                }
            }
        }
        return ((GossipEffect.DiscoveryEnded) ended.getLast()).outcome();
    }

    @Test
    void anAddressThatIsTakenIsAConflict() {
        Endpoint taken = Endpoint.parse("10.0.0.2:7000");
        assertThat(outcomeOf(taken, new UUID(8, 8), CLUSTER))
                .isInstanceOfSatisfying(
                        DiscoveryOutcome.Conflict.class,
                        conflict ->
                                assertThat(conflict.why())
                                        .contains("Address 10.0.0.2:7000 belongs to node"));
    }

    @Test
    void aCopyOfANodesDataIsAConflict() {
        Endpoint other = Endpoint.parse("10.0.0.77:7000");
        assertThat(outcomeOf(other, new UUID(7, 1), CLUSTER))
                .isInstanceOfSatisfying(
                        DiscoveryOutcome.Conflict.class,
                        conflict ->
                                assertThat(conflict.why())
                                        .contains("is up at 10.0.0.2:7000")
                                        .contains("is its data directory a copy?"));
    }

    @Test
    void anotherClusterRefuses() {
        ClusterIdentity other = new ClusterIdentity("Production", CLUSTER.partitioner(), null);
        assertThat(outcomeOf(Endpoint.parse("10.0.0.77:7000"), new UUID(9, 9), other))
                .isInstanceOfSatisfying(
                        DiscoveryOutcome.Refused.class,
                        refused ->
                                assertThat(refused.why())
                                        .contains("cluster_name is 'Production'")
                                        .contains("'Test'"));
    }
}
