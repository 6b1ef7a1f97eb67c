package io.helenus.test.simulation;

import static io.helenus.test.simulation.Simulation.MILLI;

import io.helenus.engine.cluster.agreement.AgreementEffect;
import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.gossip.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The nodes of a run, and the network between them.
final class MetadataCluster {
    private static final int SEEDS = 2;

    /// Told of what clients hear, and of all that a node has just done.
    interface Listener {
        void answered(MetadataNode node, UUID proposalId, Outcome outcome);

        /// May crash the node.
        void performed(MetadataNode node, AgreementEffect effect);
    }

    final Simulation simulation;
    final SimulatedNetwork network;
    final LogChecker checker;
    final PlantedBug bug;
    final AgreementSettings settings;
    final List<MetadataNode> nodes = new ArrayList<>();
    private final TreeMap<Endpoint, MetadataNode> byEndpoint = new TreeMap<>();
    private @Nullable Listener listener;

    MetadataCluster(Simulation simulation, int count, PlantedBug bug) {
        this.simulation = simulation;
        this.bug = bug;
        network = new SimulatedNetwork(simulation, count);
        checker = new LogChecker(simulation);
        settings = settings(simulation.random);
        for (int i = 0; i < count; i++) {
            MetadataNode node = new MetadataNode(this, i);
            nodes.add(node);
            byEndpoint.put(node.endpoint, node);
        }
    }

    /// Small, so that everything that depends on a limit happens often.
    private static AgreementSettings settings(Random random) {
        int[] entriesKept = {0, 2, 6, 60};
        int[] entriesPerMessage = {1, 3, 64};
        int[] entriesPerSnapshot = {1, 2, 5, 40};
        return new AgreementSettings(
                4_000 * MILLI,
                300 * MILLI,
                5 * MILLI,
                400 * MILLI,
                500 * MILLI,
                3_000 * MILLI,
                entriesKept[random.nextInt(entriesKept.length)],
                entriesPerMessage[random.nextInt(entriesPerMessage.length)],
                2_000,
                entriesPerSnapshot[random.nextInt(entriesPerSnapshot.length)],
                8);
    }

    void setListener(Listener other) {
        listener = other;
    }

    List<Endpoint> seeds() {
        return nodes.stream().limit(SEEDS).map(node -> node.endpoint).toList();
    }

    void answered(MetadataNode node, UUID proposalId, Outcome outcome) {
        if (listener != null) {
            listener.answered(node, proposalId, outcome);
        }
    }

    void performed(MetadataNode node, AgreementEffect effect) {
        if (listener != null) {
            listener.performed(node, effect);
        }
    }

    MetadataNode at(Endpoint endpoint) {
        MetadataNode node = byEndpoint.get(endpoint);
        if (node == null) {
            throw simulation.failure(endpoint + " is no node");
        }
        return node;
    }

    void send(MetadataNode from, Endpoint to, byte[] bytes, Supplier<String> text) {
        MetadataNode receiver = at(to);
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
