package io.helenus.gossip.exchange;

import static io.helenus.gossip.exchange.GossipSimulation.MILLI;
import static io.helenus.gossip.exchange.GossipSimulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.gossip.exchange.GossipSimulation.Network;
import io.helenus.gossip.exchange.GossipSimulation.Node;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How often the failure detector is wrong, and how long it takes to be right.
final class GossipDetectionTest {
    private static final int NODES = 30;
    private static final int QUIET_MINUTES = Boolean.getBoolean("helenus.thorough") ? 600 : 30;
    private static final int CRASHES = 10;
    private static final Network WIDE = new Network(0, 0, MILLI, 200 * MILLI);

    @ParameterizedTest
    @ValueSource(doubles = {0.0, 0.01, 0.10})
    void silenceIsNoticedAndLossIsNot(double loss) {
        GossipSimulation simulation =
                new GossipSimulation(
                        5, NODES, 3, GossipSettings.DEFAULT, GossipRules.STANDARD, false);
        simulation.network = WIDE.withLoss(loss);
        simulation.nodes.forEach(simulation::start);
        simulation.runFor(60 * SECOND);
        int[] wrong = {0};
        simulation.onEffect =
                (_, effect) -> wrong[0] += effect instanceof GossipEffect.Down ? 1 : 0;
        simulation.runFor(QUIET_MINUTES * 60L * SECOND);
        double pairHours = NODES * (NODES - 1) * QUIET_MINUTES / 60.0;

        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < CRASHES; i++) {
            Node victim = simulation.nodes.get(simulation.random.nextInt(NODES));
            long start = simulation.nowNanos;
            simulation.onEffect =
                    (_, effect) -> {
                        if (effect instanceof GossipEffect.Down down
                                && down.endpoint().equals(victim.endpoint)) {
                            seconds.add((double) (simulation.nowNanos - start) / SECOND);
                        }
                    };
            simulation.crash(victim);
            simulation.runFor(60 * SECOND);
            simulation.start(victim);
            simulation.runFor(60 * SECOND);
        }
        Collections.sort(seconds);
        assertThat(seconds).hasSize(CRASHES * (NODES - 1));
        double median = seconds.get(seconds.size() / 2);
        System.out.printf(
                "gossip: loss %2.0f %%: %d false convictions in %.0f pair-hours; a crash is seen"
                        + " after %.1f s (median), %.1f to %.1f s%n",
                loss * 100, wrong[0], pairHours, median, seconds.getFirst(), seconds.getLast());
        assertThat(wrong[0]).isZero();
        assertThat(median).isBetween(12.0, 30.0);
        assertThat(seconds.getLast()).isLessThan(45);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 15})
    void bothSidesOfAPartitionAreDownForEachOtherAndFindTogetherAgain(int smaller) {
        GossipSimulation simulation =
                new GossipSimulation(
                        9, NODES, 3, GossipSettings.DEFAULT, GossipRules.STANDARD, true);
        simulation.network = WIDE.withLoss(0.01);
        simulation.nodes.forEach(simulation::start);
        simulation.runFor(30 * SECOND);
        assertThat(simulation.nodes).allMatch(node -> node.gossiper().liveCount() == NODES - 1);
        for (Node from : simulation.nodes) {
            for (Node to : simulation.nodes) {
                simulation.block(from, to, from.index < smaller != to.index < smaller);
            }
        }
        simulation.runFor(60 * SECOND);
        for (Node node : simulation.nodes) {
            int side = node.index < smaller ? smaller : NODES - smaller;
            assertThat(node.gossiper().liveCount()).isEqualTo(side - 1);
        }
        simulation.healAll();
        int rounds = 0;
        while (!simulation.nodes.stream()
                .allMatch(node -> node.gossiper().liveCount() == NODES - 1)) {
            assertThat(++rounds).isLessThan(30);
            simulation.runFor(SECOND);
        }
        System.out.printf(
                "gossip: a partition of %d and %d nodes is over for all %d rounds after it healed%n",
                smaller, NODES - smaller, rounds);
    }
}
