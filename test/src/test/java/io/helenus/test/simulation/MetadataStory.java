package io.helenus.test.simulation;

import static io.helenus.test.simulation.Simulation.MILLI;
import static io.helenus.test.simulation.Simulation.SECOND;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlans;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.ClusterTransformation;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.cluster.agreement.AgreementEffect;
import io.helenus.engine.cluster.agreement.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/// One run: nodes come up and find each other, clients change the schema at several nodes at once,
/// operators change the membership, everything fails that may fail; then it is quiet, and all must
/// agree.
final class MetadataStory {
    private static final int NODES_MIN = 3;
    private static final int NODES_MAX = 6;
    private static final long STORY_NANOS = 30 * SECOND;
    private static final long SETTLE_NANOS_MAX = 60 * SECOND;
    private static final long RESTART_NANOS_MAX = 6 * SECOND;
    private static final long HOUR = 3_600 * SECOND;

    private final Simulation simulation;
    private final MetadataCluster cluster;
    private final SchemaClients clients;
    private final Ambush ambush;
    private final int count;
    private boolean removing;

    MetadataStory(long seed, PlantedBug bug, boolean keepsLines) {
        simulation = new Simulation(seed, keepsLines);
        count = NODES_MIN + simulation.random.nextInt(NODES_MAX - NODES_MIN + 1);
        cluster = new MetadataCluster(simulation, count, bug);
        clients = new SchemaClients(simulation);
        ambush = new Ambush(cluster, this::crash, clients::changeSchema);
        cluster.setListener(
                new MetadataCluster.Listener() {
                    @Override
                    public void answered(MetadataNode node, UUID proposalId, Outcome outcome) {
                        clients.answered(proposalId, outcome);
                    }

                    @Override
                    public void performed(MetadataNode node, AgreementEffect effect) {
                        ambush.performed(node, effect);
                    }
                });
    }

    /// @return hash of all messages with their times
    long run() {
        boolean slowDisks = simulation.happens(0.5);
        for (MetadataNode node : cluster.nodes) {
            node.setSlowDisk(slowDisks && simulation.happens(0.7));
            simulation.after(simulation.between(0, 3 * SECOND), node::start);
        }
        simulation.runFor(5 * SECOND);
        badWeather();
        long done = 0;
        while (done < STORY_NANOS) {
            long step = simulation.between(20 * MILLI, 800 * MILLI);
            simulation.runFor(step);
            done += step;
            happening();
        }
        settle();
        return simulation.traceHash();
    }

    String trace() {
        return simulation.lastLines();
    }

    String wholeTrace() {
        return String.join("\n", simulation.lines());
    }

    LogChecker checker() {
        return cluster.checker;
    }

    private MetadataNode any() {
        return cluster.nodes.get(simulation.random.nextInt(count));
    }

    private void happening() {
        switch (simulation.random.nextInt(33)) {
            case 0, 1, 2 -> crash(any());
            case 3 -> cluster.network.block(any().index, any().index);
            case 4 -> split();
            case 5, 6, 7 -> cluster.network.healAll();
            case 8 -> any().jumpClock(simulation.between(0, 10 * SECOND));
            case 9 -> badWeather();
            case 10, 11 -> changeMembers();
            case 12 -> remove();
            case 13 -> ambush.powerFailure();
            case 14, 15 -> clients.askAgain(any());
            case 16 -> any().setFailingDisk(true);
            case 17 -> any().wakeUp();
            case 18 -> any().setClock(simulation.between(-HOUR, HOUR));
            case 19 -> fillDisk(any());
            case 20, 21, 22, 23 -> {
                ambush.arm();
                changeSchema();
            }
            default -> changeSchema();
        }
    }

    /// Clients of up to four nodes at once.
    private void changeSchema() {
        int atOnce = 1 + simulation.random.nextInt(4);
        for (int i = 0; i < atOnce; i++) {
            clients.changeSchema(any());
        }
    }

    private void badWeather() {
        double loss = simulation.happens(0.5) ? 0 : simulation.random.nextDouble() * 0.25;
        long delay = simulation.happens(0.7) ? 20 * MILLI : 1_500 * MILLI;
        cluster.network.setWeather(
                new SimulatedNetwork.Weather(
                        loss, simulation.random.nextDouble() * 0.2, MILLI / 10, delay));
    }

    private void crash(MetadataNode node) {
        node.crash();
        simulation.after(simulation.spread(MILLI, RESTART_NANOS_MAX), node::start);
    }

    private void fillDisk(MetadataNode node) {
        node.setFullDisk(true);
        simulation.after(simulation.spread(100 * MILLI, 8 * SECOND), () -> node.setFullDisk(false));
    }

    /// Two parts that don't hear each other, sometimes only in one direction, sometimes with nodes in
    /// between that hear both.
    private void split() {
        boolean oneWay = simulation.random.nextBoolean();
        int sides = simulation.random.nextBoolean() ? 2 : 3;
        int[] side = simulation.random.ints(count, 0, sides).toArray();
        for (MetadataNode from : cluster.nodes) {
            for (MetadataNode to : cluster.nodes) {
                if (side[from.index] == 0 && side[to.index] == 1) {
                    cluster.network.block(from.index, to.index);
                    if (!oneWay) {
                        cluster.network.block(to.index, from.index);
                    }
                }
            }
        }
    }

    // ---- operators

    private void changeMembers() {
        MetadataNode node = any();
        ClusterState state = node.applied();
        if (state == null) {
            return;
        }
        List<UUID> ids = new ArrayList<>(state.nodes().keySet());
        UUID chosen = ids.get(simulation.random.nextInt(ids.size()));
        boolean isMember = state.members().contains(chosen);
        clients.ask(
                node,
                null,
                "",
                _ ->
                        isMember
                                ? new ClusterTransformation.RemoveMember(chosen)
                                : new ClusterTransformation.AddMember(chosen));
    }

    /// A node that is no seed leaves for good.
    private void remove() {
        MetadataNode leaving = cluster.nodes.getLast();
        ClusterState state = leaving.applied();
        if (removing || state == null) {
            return;
        }
        ClusterNode known = state.node(leaving.hostId());
        if (known == null || known.state() == NodeState.JOINING) {
            return;
        }
        removing = true;
        leaving.startLeaving();
        removeUntilGone(leaving, state.epoch());
    }

    /// @param knownAt an epoch at which it was there; some node may be behind that
    private void removeUntilGone(MetadataNode leaving, long knownAt) {
        MetadataNode node = any();
        ClusterState state = node.applied();
        if (state != null
                && state.epoch() > knownAt
                && node != leaving
                && state.node(leaving.hostId()) == null) {
            leaving.leaveForGood();
            return;
        }
        clients.ask(node, null, "", ClusterPlans.remove(leaving.hostId()));
        simulation.after(SECOND, () -> removeUntilGone(leaving, knownAt));
    }

    // ---- the quiet end

    private void settle() {
        ambush.disarm();
        cluster.network.setWeather(SimulatedNetwork.Weather.FINE);
        for (MetadataNode node : cluster.nodes) {
            node.setSlowDisk(false);
            node.setFailingDisk(false);
            node.setFullDisk(false);
        }
        simulation.runFor(RESTART_NANOS_MAX); // who is down comes up, the last faults end
        cluster.network.healAll();
        cluster.nodes.forEach(MetadataNode::start);
        await("not all come to the same state", this::isSettled);
        int before = cluster.checker.committed();
        for (MetadataNode node : cluster.nodes) {
            clients.changeSchema(node); // finishes what is left of earlier ones
            clients.createLast(node);
        }
        await("not all changes in fine weather are answered", this::isSettled);
        long running = cluster.nodes.stream().filter(MetadataNode::isRunning).count();
        if (cluster.checker.committed() < before + running) {
            throw simulation.failure("not every node can change the schema in fine weather");
        }
        ClusterState last = agreed();
        await("gossip does not tell all of all", () -> everybodyHears(last.epoch()));
        cluster.checker.checkOperations(last);
    }

    private void await(String otherwise, BooleanSupplier condition) {
        long end = simulation.nowNanos() + SETTLE_NANOS_MAX;
        while (!condition.getAsBoolean()) {
            if (simulation.nowNanos() >= end) {
                throw simulation.failure(
                        "%s within %d s: %s"
                                .formatted(
                                        otherwise,
                                        SETTLE_NANOS_MAX / SECOND,
                                        cluster.nodes.stream()
                                                .map(node -> node + " at " + node.applied())
                                                .toList()));
            }
            simulation.runFor(SECOND);
        }
    }

    private boolean isSettled() {
        if (removing && !cluster.nodes.getLast().isGone()) {
            return false;
        }
        ClusterState first = null;
        for (MetadataNode node : cluster.nodes) {
            if (!node.isSettled()) {
                return false;
            }
            ClusterState state = node.applied();
            if (state != null) {
                first = first == null ? state : first;
                if (state.epoch() != first.epoch()) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean everybodyHears(long epoch) {
        for (MetadataNode node : cluster.nodes) {
            for (MetadataNode other : cluster.nodes) {
                if (!node.isGone() && !other.isGone() && !node.hears(other, epoch)) {
                    return false;
                }
            }
        }
        return true;
    }

    /// The state that all have.
    private ClusterState agreed() {
        ClusterState first = null;
        for (MetadataNode node : cluster.nodes) {
            if (node.isGone()) {
                continue;
            }
            ClusterState state = node.applied();
            if (state == null) {
                throw simulation.failure(node + " is in no cluster");
            }
            if (first == null) {
                first = state;
            }
            boolean same =
                    state.epoch() == first.epoch()
                            && state.hash().equals(first.hash())
                            && state.schema().equals(first.schema())
                            && state.nodes().equals(first.nodes())
                            && state.members().equals(first.members())
                            && state.ring().equals(first.ring());
            if (!same) {
                throw simulation.failure(
                        "%s is at %s, another at %s".formatted(node, state, first));
            }
        }
        if (first == null) {
            throw simulation.failure("no node is left");
        }
        return first;
    }
}
