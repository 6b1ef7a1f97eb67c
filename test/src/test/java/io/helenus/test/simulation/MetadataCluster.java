package io.helenus.test.simulation;

import static io.helenus.test.simulation.Simulation.MILLI;

import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.gossip.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;

/// The nodes of a run, and the network between them.
final class MetadataCluster {
    private static final int SEEDS = 2;

    /// Small, so that everything that depends on a limit happens often.
    private static final AgreementSettings SETTINGS =
            new AgreementSettings(
                    4_000 * MILLI,
                    300 * MILLI,
                    5 * MILLI,
                    400 * MILLI,
                    500 * MILLI,
                    3_000 * MILLI,
                    6,
                    3,
                    2_000,
                    2,
                    8);

    /// Told of what clients hear.
    interface Listener {
        void answered(MetadataNode node, UUID proposalId, Outcome outcome);
    }

    final Simulation simulation;
    final SimulatedNetwork network;
    final LogChecker checker;
    final PlantedBug bug;
    final AgreementSettings settings = SETTINGS;
    final List<MetadataNode> nodes = new ArrayList<>();
    private final TreeMap<Endpoint, MetadataNode> byEndpoint = new TreeMap<>();
    private Listener listener = (_, _, _) -> {};

    MetadataCluster(Simulation simulation, int count, PlantedBug bug) {
        this.simulation = simulation;
        this.bug = bug;
        network = new SimulatedNetwork(simulation, count);
        checker = new LogChecker(simulation);
        for (int i = 0; i < count; i++) {
            MetadataNode node = new MetadataNode(this, i);
            nodes.add(node);
            byEndpoint.put(node.endpoint, node);
        }
    }

    void setListener(Listener other) {
        listener = other;
    }

    List<Endpoint> seeds() {
        return nodes.stream().limit(SEEDS).map(node -> node.endpoint).toList();
    }

    void answered(MetadataNode node, UUID proposalId, Outcome outcome) {
        listener.answered(node, proposalId, outcome);
    }

    void send(MetadataNode from, Endpoint to, byte[] bytes, Supplier<String> text) {
        MetadataNode receiver = byEndpoint.get(to);
        if (receiver == null) {
            throw simulation.failure(from + " sends to " + to + ", which is no node");
        }
        network.send(
                from.index,
                receiver.index,
                bytes,
                () -> {
                    String said = text.get();
                    if (!said.isEmpty()) {
                        simulation.say(() -> "%s -> %s: %s".formatted(from, receiver, said));
                    }
                    receiver.receive(from, bytes);
                });
    }
}
