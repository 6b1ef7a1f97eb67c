package io.helenus.gossip.exchange;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What two nodes must have in common to talk at all.
///
/// @param clusterId made when the cluster was created; null on a node that belongs to none yet
public record ClusterIdentity(String name, String partitioner, @Nullable UUID clusterId) {
    public ClusterIdentity withClusterId(UUID id) {
        return new ClusterIdentity(name, partitioner, id);
    }

    /// Why the other node does not belong to this cluster, or null if it does, as seen from here.
    public @Nullable String mismatch(ClusterIdentity other) {
        if (!name.equals(other.name)) {
            return "its cluster_name is '%s', here it is '%s'".formatted(other.name, name);
        }
        if (!partitioner.equals(other.partitioner)) {
            return "its partitioner is %s, here it is %s".formatted(other.partitioner, partitioner);
        }
        if (clusterId != null && other.clusterId != null && !clusterId.equals(other.clusterId)) {
            return "its cluster '%s' has id %s, here it is %s: two clusters were created"
                    .formatted(name, other.clusterId, clusterId);
        }
        return null;
    }
}
