package io.helenus.test.simulation;

import static io.helenus.test.simulation.Simulation.MILLI;
import static io.helenus.test.simulation.Simulation.SECOND;

import io.helenus.cql.CqlParser;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlanner;
import io.helenus.engine.cluster.ClusterPlans;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.ClusterTransformation;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.schema.DdlAnalyzer;
import io.helenus.engine.schema.DdlContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One run: nodes come up and find each other, clients change the schema at several nodes at once,
/// operators change the membership, everything fails that may fail; then it is quiet, and all must
/// agree.
final class MetadataStory {
    private static final int NODES = 5;
    private static final long STORY_NANOS = 30 * SECOND;
    private static final long SETTLE_NANOS = 40 * SECOND;
    private static final int KEYSPACES = 2;
    private static final int TABLES = 3;

    /// What a client asked for and does not know what became of.
    private record Doubtful(UUID proposalId, String marker, ClusterPlanner planner) {}

    private final Simulation simulation;
    private final MetadataCluster cluster;
    private final Map<UUID, Doubtful> asked = new TreeMap<>();
    private final List<Doubtful> doubtful = new ArrayList<>();
    private int operations;
    private boolean removing;

    MetadataStory(long seed, PlantedBug bug, boolean keepsLines) {
        simulation = new Simulation(seed, keepsLines);
        cluster = new MetadataCluster(simulation, NODES, bug);
        cluster.setListener(this::answered);
    }

    /// @return hash of all messages with their times
    long run() {
        boolean slowDisks = simulation.happens(0.5);
        for (MetadataNode node : cluster.nodes) {
            node.setSlowDisk(slowDisks);
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

    LogChecker checker() {
        return cluster.checker;
    }

    private MetadataNode any() {
        return cluster.nodes.get(simulation.random.nextInt(NODES));
    }

    private void badWeather() {
        double loss = simulation.happens(0.5) ? 0 : simulation.random.nextDouble() * 0.25;
        long delay = simulation.happens(0.7) ? 20 * MILLI : 1_500 * MILLI;
        cluster.network.setWeather(
                new SimulatedNetwork.Weather(
                        loss, simulation.random.nextDouble() * 0.2, MILLI / 10, delay));
    }

    private void happening() {
        switch (simulation.random.nextInt(24)) {
            case 0, 1, 2 -> crash(any());
            case 3 -> cluster.network.block(any().index, any().index);
            case 4 -> split();
            case 5, 6, 7 -> cluster.network.healAll();
            case 8 -> any().jumpClock(simulation.between(0, 10 * SECOND));
            case 9 -> badWeather();
            case 10, 11 -> changeMembers();
            case 12 -> remove();
            case 13 -> powerFailure();
            case 14, 15 -> askAgain();
            default -> {
                int atOnce = 1 + simulation.random.nextInt(4);
                for (int i = 0; i < atOnce; i++) {
                    changeSchema(any());
                }
            }
        }
    }

    private void crash(MetadataNode node) {
        node.crash();
        simulation.after(simulation.between(MILLI, 6 * SECOND), node::start);
    }

    private void powerFailure() {
        cluster.nodes.forEach(this::crash);
    }

    /// Two parts that don't hear each other, sometimes only in one direction.
    private void split() {
        boolean oneWay = simulation.random.nextBoolean();
        for (MetadataNode from : cluster.nodes) {
            for (MetadataNode to : cluster.nodes) {
                if (from.index % 2 == 0 && to.index % 2 == 1) {
                    cluster.network.block(from.index, to.index);
                    if (!oneWay) {
                        cluster.network.block(to.index, from.index);
                    }
                }
            }
        }
    }

    // ---- clients

    private void changeSchema(MetadataNode node) {
        int number = ++operations;
        String marker = "op%dx".formatted(number);
        String keyspace = "ks" + simulation.random.nextInt(KEYSPACES);
        String table = keyspace + ".t" + simulation.random.nextInt(TABLES);
        String exists = simulation.random.nextBoolean() ? "IF NOT EXISTS " : "";
        String cql =
                switch (simulation.random.nextInt(10)) {
                    case 0, 1 -> createKeyspace(exists + keyspace, marker);
                    case 2 -> "DROP KEYSPACE " + keyspace;
                    case 3 -> "DROP TABLE IF EXISTS " + table;
                    case 4, 5, 6 ->
                            "CREATE TABLE %s%s (k int PRIMARY KEY) WITH comment = '%s'"
                                    .formatted(exists, table, marker);
                    default -> "ALTER TABLE %s WITH comment = '%s'".formatted(table, marker);
                };
        ask(node, cql.startsWith("DROP") ? "" : marker, cql);
    }

    private static String createKeyspace(String name, String marker) {
        return "CREATE KEYSPACE %s WITH replication = {'class':'NetworkTopologyStrategy','%s':1}"
                .formatted(name, marker);
    }

    private void ask(MetadataNode node, String marker, String cql) {
        SchemaStatement statement = (SchemaStatement) CqlParser.parse(cql);
        UUID tableId = new UUID(0x7ab1e, operations);
        DdlContext context =
                new DdlContext(
                        marker.isEmpty() ? Map.of("dc0", 1) : Map.of(marker, 1),
                        1,
                        () -> 1_700_000_000_000_000L,
                        () -> tableId,
                        false);
        ask(
                node,
                null,
                marker,
                ClusterPlans.schema(
                        schema -> new DdlAnalyzer(schema, context, null).analyze(statement)));
    }

    private void ask(
            MetadataNode node, @Nullable UUID proposalId, String marker, ClusterPlanner planner) {
        if (node.applied() == null) {
            return; // it serves nobody
        }
        UUID id = node.propose(proposalId, marker, planner);
        asked.put(id, new Doubtful(id, marker, planner));
    }

    private void answered(MetadataNode node, UUID proposalId, Outcome outcome) {
        Doubtful question = asked.get(proposalId);
        if (question != null && outcome instanceof Outcome.Unknown) {
            doubtful.add(question);
        }
    }

    /// A client that did not learn what became of something says it again, elsewhere, with the same
    /// id.
    private void askAgain() {
        if (!doubtful.isEmpty()) {
            Doubtful again = doubtful.remove(simulation.random.nextInt(doubtful.size()));
            ask(any(), again.proposalId, again.marker, again.planner);
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
        ask(
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
        MetadataNode leaving = cluster.nodes.get(NODES - 1);
        ClusterState state = leaving.applied();
        ClusterNode known = state == null ? null : state.node(leaving.hostId());
        if (removing || known == null || known.state() == NodeState.JOINING) {
            return;
        }
        removing = true;
        leaving.startLeaving();
        removeUntilGone(leaving);
    }

    private void removeUntilGone(MetadataNode leaving) {
        MetadataNode node = any();
        ClusterState state = node.applied();
        if (state != null && node != leaving && state.node(leaving.hostId()) == null) {
            leaving.leaveForGood();
            return;
        }
        ask(node, null, "", ClusterPlans.remove(leaving.hostId()));
        simulation.after(SECOND, () -> removeUntilGone(leaving));
    }

    // ---- the quiet end

    private void settle() {
        cluster.network.healAll();
        cluster.network.setWeather(SimulatedNetwork.Weather.FINE);
        cluster.nodes.forEach(node -> node.setSlowDisk(false));
        cluster.nodes.forEach(MetadataNode::start);
        simulation.runFor(SETTLE_NANOS);
        int before = cluster.checker.committed();
        for (MetadataNode node : cluster.nodes) {
            changeSchema(node); // finishes what is left of earlier ones
            String marker = "opLast%dx".formatted(node.index);
            ask(node, marker, createKeyspace("last" + node.index, marker));
        }
        simulation.runFor(20 * SECOND);
        long running = cluster.nodes.stream().filter(MetadataNode::isRunning).count();
        if (cluster.checker.committed() < before + running) {
            throw simulation.failure("not every node can change the schema in fine weather");
        }
        cluster.checker.checkOperations(agreed());
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
