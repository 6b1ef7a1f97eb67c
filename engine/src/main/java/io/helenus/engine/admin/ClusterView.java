package io.helenus.engine.admin;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.NodeState;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The cluster as one node knows it at some moment: what all have agreed on, and what this node thinks of
/// the others. Immutable.
///
/// @param nodes by address
/// @param snitch full name of its class in Cassandra
/// @param partitioner likewise
public record ClusterView(ClusterState state, List<Seen> nodes, String snitch, String partitioner) {
    public ClusterView {
        nodes = List.copyOf(nodes);
        Objects.requireNonNull(snitch, "snitch");
    }

    /// A node, and how it is doing.
    ///
    /// @param up whether it can be reached
    /// @param ready whether it serves clients
    /// @param loadBytes of its files; negative if it has not said so
    /// @param schemaVersion that it works with; null if it has not said so
    /// @param release of Cassandra that it stands for
    public record Seen(
            ClusterNode node,
            boolean up,
            boolean ready,
            long loadBytes,
            @Nullable UUID schemaVersion,
            String release) {

        boolean is(NodeState state) {
            return node.state() == state;
        }

        String address() {
            return node.endpoint().address().getHostAddress();
        }

        String dataCenter() {
            return node.location().dataCenter();
        }
    }

    /// In the order of their names.
    List<String> dataCenters() {
        return nodes.stream().map(Seen::dataCenter).sorted().distinct().toList();
    }

    List<Seen> nodesOf(String dataCenter) {
        return nodes.stream().filter(node -> node.dataCenter().equals(dataCenter)).toList();
    }
}
