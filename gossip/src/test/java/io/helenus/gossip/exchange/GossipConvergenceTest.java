package io.helenus.gossip.exchange;

import static io.helenus.gossip.exchange.GossipSimulation.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.gossip.detector.DetectorSettings;
import io.helenus.gossip.exchange.GossipSimulation.Node;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How many rounds news take to reach everybody, in clusters of growing size.
final class GossipConvergenceTest {
    private static final int UPDATES = 5;
    private static final int ROUNDS_MAX = 60;
    private static final long SEED = 11;

    /// Short windows: a thousand nodes keep a million of them here.
    private static final DetectorSettings SMALL_WINDOWS =
            new DetectorSettings(8, 8, 2 * SECOND, 2 * SECOND, 5 * SECOND);

    private final GossipSettings settings = GossipSettings.DEFAULT.withDetector(SMALL_WINDOWS);
    private int reached;

    /// A thousand nodes take as long as all other tests of gossip together.
    static IntStream counts() {
        return IntStream.of(10, 100, Boolean.getBoolean("helenus.thorough") ? 1000 : 400);
    }

    @ParameterizedTest
    @MethodSource("counts")
    void roundsGrowWithTheLogarithm(int count) {
        GossipSimulation simulation =
                new GossipSimulation(SEED, count, 3, settings, GossipRules.STANDARD, false);
        simulation.nodes.forEach(simulation::start);
        int coldRounds = 0;
        while (!allKnowAll(simulation)) {
            assertThat(coldRounds).as("rounds from nothing").isLessThan(ROUNDS_MAX);
            simulation.runFor(SECOND);
            coldRounds++;
        }
        double slowest = 0;
        double sum = 0;
        for (int i = 0; i < UPDATES; i++) {
            double rounds = spread(simulation, count);
            slowest = Math.max(slowest, rounds);
            sum += rounds;
        }
        double log = Math.log(count) / Math.log(2);
        System.out.printf(
                "gossip: %4d nodes: all know all and are up after %2d rounds; an update is"
                        + " everywhere after %.1f rounds (slowest %.1f); log2 n = %.1f%n",
                count, coldRounds, sum / UPDATES, slowest, log);
        assertThat(slowest).isLessThanOrEqualTo(log + 5);
        assertThat(coldRounds).isLessThanOrEqualTo((int) (2 * log) + 6);
    }

    private static boolean allKnowAll(GossipSimulation simulation) {
        int count = simulation.nodes.size();
        for (Node node : simulation.nodes) {
            Gossiper gossiper = node.gossiper();
            if (gossiper.knownCount() < count || gossiper.liveCount() < count - 1) {
                return false;
            }
        }
        return true;
    }

    /// One node says something new; rounds (of a second) until the last one knows.
    private double spread(GossipSimulation simulation, int count) {
        Node origin = simulation.nodes.get(simulation.random.nextInt(count));
        long[] lastNanos = {0};
        reached = 1;
        simulation.onEffect =
                (_, effect) -> {
                    if (effect instanceof GossipEffect.Changed changed
                            && changed.endpoint().equals(origin.endpoint)
                            && changed.key() == StateKey.LOAD.number()) {
                        reached++;
                        lastNanos[0] = simulation.nowNanos;
                    }
                };
        long start = simulation.nowNanos;
        simulation.set(origin, StateKey.LOAD, Long.toString(start));
        for (int i = 0; i < ROUNDS_MAX && reached < count; i++) {
            simulation.runFor(SECOND);
        }
        simulation.onEffect = (_, _) -> {};
        assertThat(reached).isEqualTo(count);
        return (double) (lastNanos[0] - start) / SECOND;
    }

    /// Messages with room for a fifth of the nodes and some entries only.
    @ParameterizedTest
    @ValueSource(ints = {50, 100})
    void smallMessagesConvergeToo(int count) {
        GossipSettings tight = settings.withMessageLimits(count / 5, 4 << 10);
        GossipSimulation simulation =
                new GossipSimulation(SEED, count, 3, tight, GossipRules.STANDARD, true);
        simulation.nodes.forEach(simulation::start);
        int rounds = 0;
        while (!allKnowAll(simulation)) {
            assertThat(rounds).isLessThan(10 * ROUNDS_MAX);
            simulation.runFor(SECOND);
            rounds++;
        }
        double spread = spread(simulation, count);
        System.out.printf(
                "gossip: %4d nodes with small messages (largest %d bytes): from nothing %d rounds,"
                        + " an update %.1f%n",
                count, simulation.messageBytesMax, rounds, spread);
        assertThat(simulation.messageBytesMax).isLessThan(8 << 10);
    }
}
