package io.helenus.engine.cluster;

import org.jspecify.annotations.Nullable;

/// What somebody wants of the cluster. It is asked again for each state that the change is tried
/// on, so what it says always fits the state that it will be applied to.
@FunctionalInterface
public interface ClusterPlanner {
    /// @return what to change, or null if the state is as wanted
    /// @throws RuntimeException if it cannot be had from this state; the proposal is then refused
    /// with just this exception, and the state was the latest when that was decided
    @Nullable ClusterTransformation plan(ClusterState state);
}
