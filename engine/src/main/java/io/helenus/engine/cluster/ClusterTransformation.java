package io.helenus.engine.cluster;

import io.helenus.engine.schema.SchemaTransformation;
import io.helenus.gossip.Endpoint;
import java.util.UUID;

/// One change of what the cluster agrees on.
public sealed interface ClusterTransformation {
    /// A change of the schema.
    record ChangeSchema(SchemaTransformation change) implements ClusterTransformation {}

    /// A node comes, with tokens of its own. It is joining until [FinishJoin].
    record Register(ClusterNode node) implements ClusterTransformation {
        public Register {
            node = node.withState(NodeState.JOINING);
        }
    }

    /// A joining node has its data and owns its ranges from now on.
    record FinishJoin(UUID hostId) implements ClusterTransformation {}

    /// A node begins to hand its ranges over.
    record StartLeave(UUID hostId) implements ClusterTransformation {}

    /// A node is gone: it has left, gave up joining, or is dead.
    record Remove(UUID hostId) implements ClusterTransformation {}

    /// A node has other addresses or another release.
    record Update(UUID hostId, Endpoint endpoint, Endpoint nativeEndpoint, String release)
            implements ClusterTransformation {}

    /// A node votes from the next epoch on.
    record AddMember(UUID hostId) implements ClusterTransformation {}

    /// A node votes no more from the next epoch on.
    record RemoveMember(UUID hostId) implements ClusterTransformation {}
}
