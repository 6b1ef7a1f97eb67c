package io.helenus.tools.cluster;

import io.helenus.engine.json.Json;
import io.helenus.tools.node.AdminClient;
import io.helenus.tools.node.AdminFailure;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the nodes say of themselves and of each other, over their administration ports.
final class ClusterWatch {
    /// A node as another one sees it.
    ///
    /// @param ready for clients
    record Seen(boolean up, String state, boolean ready) {
        boolean isGood() {
            return up && state.equals("NORMAL") && ready;
        }

        @Override
        public String toString() {
            return "%s/%s%s".formatted(up ? "UP" : "DOWN", state, ready ? "" : ", not ready");
        }
    }

    /// What one node says.
    ///
    /// @param epoch of its metadata log
    /// @param nodes by address
    record View(long epoch, Map<String, Seen> nodes) {
        View {
            nodes = Map.copyOf(nodes);
        }
    }

    private static final int ANSWER_MILLIS = 5_000; // a process that was stopped says nothing

    private final int adminPort;

    ClusterWatch(int adminPort) {
        this.adminPort = adminPort;
    }

    /// What a node says; nothing if it does not answer, and so does not serve clients yet.
    Optional<View> view(LocalNode node) {
        try {
            return Optional.of(
                    parse(
                            new AdminClient(node.address(), adminPort, ANSWER_MILLIS)
                                    .get("/v1/status")));
        } catch (AdminFailure e) {
            return Optional.empty();
        }
    }

    static View parse(Json.Members answer) {
        Map<String, Seen> nodes = new HashMap<>();
        for (Json.Members dataCenter : answer.objects("datacenters")) {
            for (Json.Members node : dataCenter.objects("nodes")) {
                nodes.put(
                        node.text("address"),
                        new Seen(
                                node.text("status").equals("UP"),
                                node.text("state"),
                                node.bool("native_ready")));
            }
        }
        return new View(answer.whole("epoch"), nodes);
    }

    /// Why the nodes do not agree yet that all of them are up and normal; nothing if they do.
    ///
    /// @param whole whether these are all nodes of the cluster
    Optional<String> disagreement(List<LocalNode> nodes, boolean whole) {
        Set<Long> epochs = new HashSet<>();
        for (LocalNode from : nodes) {
            View view = view(from).orElse(null);
            if (view == null) {
                return Optional.of(from.address() + " does not answer");
            }
            epochs.add(view.epoch());
            for (LocalNode to : nodes) {
                Seen seen = view.nodes().get(to.address());
                if (seen == null) {
                    return Optional.of(
                            "%s does not know %s".formatted(from.address(), to.address()));
                }
                if (!seen.isGood()) {
                    return Optional.of(
                            "%s sees %s as %s".formatted(from.address(), to.address(), seen));
                }
            }
            if (whole && view.nodes().size() > nodes.size()) {
                return Optional.of(
                        "%s knows %d nodes, the cluster has %d"
                                .formatted(from.address(), view.nodes().size(), nodes.size()));
            }
        }
        return epochs.size() > 1
                ? Optional.of("the nodes are at different epochs of their metadata: " + epochs)
                : Optional.empty();
    }
}
