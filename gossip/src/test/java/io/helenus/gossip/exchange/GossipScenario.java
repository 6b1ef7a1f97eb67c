package io.helenus.gossip.exchange;

import static io.helenus.gossip.exchange.GossipSimulation.MILLI;
import static io.helenus.gossip.exchange.GossipSimulation.SECOND;

import io.helenus.gossip.exchange.GossipSimulation.Network;
import io.helenus.gossip.exchange.GossipSimulation.Node;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A random story of eight nodes under all faults at once, checked after every step, then a quiet
/// time after which all have to agree. A failure names its seed.
final class GossipScenario {
    private static final int NODES = 8;
    private static final int SEED_NODES = 3;
    private static final long STORY_NANOS = 150 * SECOND;
    private static final long QUIET_NANOS = 70 * SECOND;

    /// Longer than an echo and its answer can be under way.
    private static final long ECHO_NANOS_MAX = 15 * SECOND;

    private static final long YEAR_SECONDS = 365L * 24 * 3600;

    /// Room for a few entries, so that most messages are full.
    private static final GossipSettings TIGHT =
            GossipSettings.DEFAULT.withMessageLimits(6, GossipCodec.ONE_ENTRY_BYTES_MAX);

    /// What was found.
    static final class Failure extends AssertionError {
        private static final long serialVersionUID = 1;

        Failure(long seed, GossipSimulation simulation, String what) {
            super("seed %d, at %d ms: %s".formatted(seed, simulation.nowNanos / MILLI, what));
        }
    }

    private final long seed;
    private final GossipSimulation simulation;
    private final Set<Integer> removed = new TreeSet<>();

    GossipScenario(long seed, GossipRules rules) {
        this.seed = seed;
        GossipSettings settings = seed % 2 == 0 ? TIGHT : GossipSettings.DEFAULT;
        simulation = new GossipSimulation(seed, NODES, SEED_NODES, settings, rules, true);
        simulation.network = new Network(0.05, 0.05, MILLI, 4 * SECOND);
        simulation.onStep = this::checkKnowledge;
        simulation.onEffect = this::checkUp;
    }

    /// @return hash of all messages with their times
    long run() {
        simulation.nodes.forEach(simulation::start);
        for (long done = 0; done < STORY_NANOS; done += SECOND) {
            simulation.runFor(SECOND);
            happening();
        }
        settle();
        simulation.runFor(QUIET_NANOS);
        checkAgreement();
        return simulation.traceHash;
    }

    private Node any() {
        return simulation.nodes.get(simulation.random.nextInt(NODES));
    }

    private void happening() {
        Node node = any();
        switch (simulation.random.nextInt(12)) {
            case 0, 1, 2, 3 -> say(node);
            case 4 -> {
                simulation.crash(node);
                if (!removed.contains(node.index)) {
                    long pause = simulation.random.nextLong(30 * SECOND);
                    simulation.after(pause, () -> startAgain(node));
                }
            }
            case 5 -> simulation.block(node, any(), true);
            case 6 -> simulation.healAll();
            case 7 -> isolateOneWay(node);
            case 8 -> startFarAhead(node);
            case 9 -> removeForGood(node);
            case 10 -> restartBehindBlock(node);
            default -> {} // a second in which nothing happens
        }
    }

    private void say(Node node) {
        if (node.running != null) {
            String value = "x".repeat(simulation.random.nextInt(300)) + simulation.nowNanos;
            StateKey[] keys = {StateKey.LOAD, StateKey.SCHEMA_VERSION, StateKey.METADATA_EPOCH};
            simulation.set(node, keys[simulation.random.nextInt(keys.length)], value);
        }
    }

    private void startAgain(Node node) {
        if (node.running == null && !removed.contains(node.index)) {
            simulation.start(node);
            // It read in the metadata log who was removed while it was away.
            removed.forEach(index -> forget(node, simulation.nodes.get(index)));
        }
    }

    /// It is heard and does not hear.
    private void isolateOneWay(Node node) {
        for (Node other : simulation.nodes) {
            simulation.block(other, node, true);
        }
    }

    /// One cannot reach a node that starts again; others tell it that the node is there.
    private void restartBehindBlock(Node node) {
        Node other = any();
        if (other == node || removed.contains(node.index)) {
            return;
        }
        simulation.block(other, node, true);
        simulation.crash(node);
        simulation.after(20 * SECOND, () -> startAgain(node));
    }

    /// A node starts with a clock three years ahead; somebody sees it, sets it right, and it starts
    /// anew.
    private void startFarAhead(Node node) {
        if (removed.contains(node.index) || node.wallSkewMicros != 0) {
            return;
        }
        simulation.crash(node);
        long before = node.generation;
        node.wallSkewMicros = 3 * YEAR_SECONDS * 1_000_000;
        simulation.start(node);
        simulation.after(
                10 * SECOND,
                () -> {
                    simulation.crash(node);
                    node.wallSkewMicros = 0;
                    node.generation = before;
                    startAgain(node);
                });
    }

    /// The metadata log says so; every node hears of it within some seconds.
    private void removeForGood(Node node) {
        if (removed.size() == 2 || node.index < SEED_NODES || removed.contains(node.index)) {
            return;
        }
        removed.add(node.index);
        simulation.crash(node);
        for (Node other : simulation.nodes) {
            long late = simulation.random.nextLong(8 * SECOND);
            simulation.after(late, () -> forget(other, node));
        }
    }

    private void forget(Node node, Node gone) {
        Gossiper gossiper = node.running;
        if (gossiper != null && node != gone) {
            simulation.perform(
                    node,
                    gossiper.remove(
                            gone.endpoint, simulation.nowNanos, simulation.wallMicros(node)));
        }
    }

    private void settle() {
        simulation.runFor(45 * SECOND); // what was to be started again has been
        simulation.healAll();
        simulation.network = new Network(0.01, 0.01, MILLI, 100 * MILLI);
        for (Node node : simulation.nodes) {
            startAgain(node);
        }
    }

    // ---- what must hold

    /// What one knows of another is a beginning of what that has said.
    private void checkKnowledge(Node node, Gossiper gossiper) {
        for (Node other : simulation.nodes) {
            NodeDigest digest = gossiper.digest(other.endpoint);
            if (digest == null) {
                continue;
            }
            long latest = simulation.wallMicros(node) / 1_000_000 + YEAR_SECONDS;
            if (node != other && digest.generation() > latest && node.wallSkewMicros == 0) {
                throw fail(
                        node.endpoint
                                + " believes in generation "
                                + digest.generation()
                                + of(other));
            }
            TreeMap<Long, StateEntry> said = other.history.get(digest.generation());
            if (said == null) {
                throw fail(
                        "%s knows generation %d%s, which never was"
                                .formatted(node.endpoint, digest.generation(), of(other)));
            }
            checkComplete(node, other, digest.version(), gossiper.node(other.endpoint), said);
        }
    }

    /// What was said again since then may be missing; whoever told the beginning had it no more.
    private void checkComplete(
            Node node,
            Node other,
            long version,
            @Nullable NodeView view,
            SortedMap<Long, StateEntry> said) {
        Map<Integer, StateEntry> latest = new TreeMap<>();
        said.values().forEach(entry -> latest.put(entry.key(), entry));
        for (StateEntry entry : latest.values()) {
            String value = view == null ? null : view.values().get(entry.key());
            if (entry.version() <= version && !entry.value().equals(value)) {
                throw fail(
                        "%s knows version %d%s but not what it said as version %d under key %d"
                                .formatted(
                                        node.endpoint,
                                        version,
                                        of(other),
                                        entry.version(),
                                        entry.key()));
            }
        }
    }

    /// Who becomes up was reached and answered.
    private void checkUp(Node node, GossipEffect effect) {
        if (!(effect instanceof GossipEffect.Up up)) {
            return;
        }
        Node other = simulation.node(up.endpoint());
        long asked = simulation.nowNanos - simulation.lastOpenNanos(node, other);
        long answered = simulation.nowNanos - simulation.lastOpenNanos(other, node);
        if (Math.max(asked, answered) > ECHO_NANOS_MAX) {
            throw fail(
                    "%s is up for %s and was not reachable"
                            .formatted(other.endpoint, node.endpoint));
        }
    }

    private void checkAgreement() {
        for (Node node : simulation.nodes) {
            Gossiper gossiper = node.running;
            if (gossiper == null) {
                continue;
            }
            for (Node other : simulation.nodes) {
                NodeView view = gossiper.node(other.endpoint);
                if (removed.contains(other.index)) {
                    if (view != null && node != other) {
                        throw fail(node.endpoint + " knows a removed node" + of(other));
                    }
                    continue;
                }
                Gossiper truth = other.gossiper();
                NodeView own = truth.node(other.endpoint);
                boolean same =
                        view != null
                                && own != null
                                && view.generation() == own.generation()
                                && view.values().equals(own.values());
                if (!same) {
                    throw fail(node.endpoint + " does not know the latest words" + of(other));
                }
                if (!gossiper.isUp(other.endpoint)) {
                    throw fail(other.endpoint + " is not up in the eyes" + of(node));
                }
            }
        }
    }

    private static String of(Node node) {
        return " of " + node.endpoint;
    }

    private Failure fail(String what) {
        return new Failure(seed, simulation, what);
    }
}
