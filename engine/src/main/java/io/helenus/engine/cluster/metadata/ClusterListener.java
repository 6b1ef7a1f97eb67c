package io.helenus.engine.cluster.metadata;

import io.helenus.engine.cluster.ClusterState;
import org.jspecify.annotations.Nullable;

/// Hears of every change of what the cluster agreed on, in order; see the package for when and where.
@FunctionalInterface
public interface ClusterListener {
    /// @param before null if this is the first state of this node
    /// @param after durable; perhaps several epochs later
    void changed(@Nullable ClusterState before, ClusterState after);
}
