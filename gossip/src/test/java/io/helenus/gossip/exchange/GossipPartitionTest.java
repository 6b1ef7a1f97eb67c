package io.helenus.gossip.exchange;

import static io.helenus.gossip.exchange.GossipSimulation.MILLI;
import static io.helenus.gossip.exchange.GossipSimulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.gossip.exchange.GossipSimulation.Network;
import io.helenus.gossip.exchange.GossipSimulation.Node;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who counts as up while some links are cut, some of them in one direction only, and while clocks are
/// wrong.
final class GossipPartitionTest {
    private static final int NODES = 10;
    private static final int ROUNDS_MAX = 30;
    private static final long HOUR_MICROS = 3_600_000_000L;

    /// What is wrong with one node.
    enum Ear {
        DEAF,
        MUTE
    }

    private final GossipSimulation simulation =
            new GossipSimulation(3, NODES, 3, GossipSettings.DEFAULT, GossipRules.STANDARD, true);

    @BeforeEach
    void start() {
        simulation.network = new Network(0.01, 0.01, MILLI, 100 * MILLI);
        simulation.nodes.forEach(simulation::start);
        simulation.runFor(30 * SECOND);
        assertThat(simulation.nodes).allMatch(node -> node.gossiper().liveCount() == NODES - 1);
    }

    private boolean isUp(Node node, Node inTheEyesOf) {
        return inTheEyesOf.gossiper().isUp(node.endpoint);
    }

    private void awaitAllUp() {
        int rounds = 0;
        while (!simulation.nodes.stream()
                .allMatch(node -> node.gossiper().liveCount() == NODES - 1)) {
            assertThat(++rounds).as("rounds after it healed").isLessThan(ROUNDS_MAX);
            simulation.runFor(SECOND);
        }
    }

    /// An exchange needs both directions, so neither side learns anything.
    @ParameterizedTest
    @EnumSource(Ear.class)
    void aNodeThatIsCutOffInOneDirectionIsDownAndHoldsAllForDown(Ear ear) {
        Node victim = simulation.nodes.get(5);
        for (Node other : simulation.nodes) {
            simulation.block(
                    ear == Ear.DEAF ? other : victim, ear == Ear.DEAF ? victim : other, true);
        }
        simulation.runFor(60 * SECOND);
        assertThat(victim.gossiper().liveCount()).isZero();
        for (Node other : simulation.nodes) {
            if (other != victim) {
                assertThat(isUp(victim, other)).isFalse();
                assertThat(other.gossiper().liveCount()).isEqualTo(NODES - 2);
            }
        }
        simulation.healAll();
        awaitAllUp();
    }

    /// Two that cannot reach each other hear through the others that both live; but once one of them
    /// has started again, it has to answer before it is up.
    @Test
    void twoThatOnlyOthersCanReachStayUpUntilOneRestarts() {
        Node a = simulation.nodes.get(1);
        Node b = simulation.nodes.get(7);
        simulation.block(a, b, true);
        simulation.block(b, a, true);
        simulation.runFor(60 * SECOND);
        assertThat(simulation.nodes).allMatch(node -> node.gossiper().liveCount() == NODES - 1);
        simulation.crash(b);
        simulation.start(b);
        simulation.runFor(60 * SECOND);
        for (Node other : simulation.nodes) {
            if (other != b) {
                assertThat(isUp(b, other))
                        .as("in the eyes of %d", other.index)
                        .isEqualTo(other != a);
            }
        }
        assertThat(isUp(a, b)).isFalse();
        simulation.healAll();
        awaitAllUp();
    }

    @ParameterizedTest
    @ValueSource(longs = {-HOUR_MICROS, HOUR_MICROS})
    void aClockThatIsAnHourOffConvictsNobodyAlsoAfterARestart(long skewMicros) {
        Node victim = simulation.nodes.get(4);
        long[] down = {0};
        simulation.onEffect = (_, effect) -> down[0] += effect instanceof GossipEffect.Down ? 1 : 0;
        victim.wallSkewMicros = skewMicros;
        simulation.runFor(60 * SECOND);
        assertThat(down[0]).isZero();
        simulation.crash(victim);
        simulation.start(victim);
        awaitAllUp();
        victim.wallSkewMicros = 0;
        simulation.crash(victim);
        simulation.start(victim);
        awaitAllUp();
    }
}
