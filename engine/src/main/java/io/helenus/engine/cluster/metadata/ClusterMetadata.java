package io.helenus.engine.cluster.metadata;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlanner;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.agreement.Outcome;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What this node knows of its cluster, and how to change that. Any thread; see the package.
public interface ClusterMetadata {
    /// Of this node.
    UUID hostId();

    /// The latest state that is durable here; null while the node is in no cluster.
    @Nullable ClusterState current();

    /// The same.
    ///
    /// @throws IllegalStateException while the node is in no cluster
    default ClusterState state() {
        ClusterState present = current();
        if (present == null) {
            throw new IllegalStateException("The node is in no cluster yet");
        }
        return present;
    }

    /// The latest epoch that all listeners have heard of; 0 while the node is in no cluster.
    long epoch();

    /// Why the node takes no part in agreeing any more; null if it does.
    @Nullable String halted();

    /// It hears of what comes after.
    void addListener(ClusterListener listener);

    void removeListener(ClusterListener listener);

    /// Wants a change. The stage never ends later than the time of a proposal, and fails only if the
    /// node is in no cluster or ends.
    CompletionStage<Outcome> propose(ClusterPlanner planner);

    /// The same again, after an outcome that was unknown.
    ///
    /// @param proposalId that of the first time
    CompletionStage<Outcome> propose(UUID proposalId, ClusterPlanner planner);

    /// Complete when this node has applied an epoch; fails with a
    /// [java.util.concurrent.TimeoutException] if that takes longer.
    CompletionStage<ClusterState> reached(long epoch, long timeoutNanos);

    /// Waits until all nodes that are up have applied an epoch. Complete with those that did not say
    /// so in time; never fails.
    CompletionStage<List<ClusterNode>> agreed(long epoch, long timeoutNanos);
}
