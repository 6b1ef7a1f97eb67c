package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterState;
import java.util.List;

/// What became of a proposal.
public sealed interface Outcome {
    /// It is in the log, once, at this epoch.
    ///
    /// @param state a durable one of this node that contains it
    record Committed(long epoch, ClusterState state) implements Outcome {}

    /// Nothing had to change; this was the latest state. Of a proposal that is made again it, like the
    /// next one, speaks of this try: what an earlier one left at a member may still be decided.
    record Unchanged(ClusterState state) implements Outcome {}

    /// The planner refused it on the latest state, or what it planned does not fit that.
    record Refused(ClusterState state, RuntimeException why) implements Outcome {}

    /// It is not in the log and never will be. Never said of a proposal that is made again: an earlier
    /// try may be in the log.
    ///
    /// @param silent members that did not answer
    record Unavailable(String why, List<ClusterNode> silent) implements Outcome {
        public Unavailable {
            silent = List.copyOf(silent);
        }
    }

    /// It may be in the log, or get there later.
    ///
    /// @param silent members that did not answer
    record Unknown(String why, List<ClusterNode> silent) implements Outcome {
        public Unknown {
            silent = List.copyOf(silent);
        }
    }
}
