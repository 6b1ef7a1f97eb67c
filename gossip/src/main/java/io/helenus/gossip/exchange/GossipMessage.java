package io.helenus.gossip.exchange;

import java.util.List;
import java.util.UUID;

/// What nodes send each other. Immutable; [GossipCodec] has the bytes.
public sealed interface GossipMessage {
    /// "This is what I know."
    ///
    /// @param wallMicros the sender's clock
    /// @param complete whether all nodes that the sender knows are there
    /// @param digests by address, ascending
    record Syn(ClusterIdentity cluster, long wallMicros, boolean complete, List<NodeDigest> digests)
            implements GossipMessage {
        public Syn {
            digests = List.copyOf(digests);
        }
    }

    /// "Send me these, here is what you don't know."
    record Ack(List<NodeDigest> requests, List<NodeDelta> deltas) implements GossipMessage {
        public Ack {
            requests = List.copyOf(requests);
            deltas = List.copyOf(deltas);
        }
    }

    /// "Here is what you asked for."
    record Ack2(List<NodeDelta> deltas) implements GossipMessage {
        public Ack2 {
            deltas = List.copyOf(deltas);
        }
    }

    /// "Do you hear me?"
    record Echo(long nonce) implements GossipMessage {}

    /// "I do, and this is who I am."
    record EchoReply(long nonce, long generation) implements GossipMessage {}

    /// "I am starting: is there a cluster?"
    record ShadowSyn(ClusterIdentity cluster, long wallMicros, UUID hostId)
            implements GossipMessage {}

    /// "There is, and this is who is in it", or "I am starting, too".
    ///
    /// @param clusterMember whether the sender takes part in gossip
    record ShadowAck(boolean clusterMember, List<ShadowNode> nodes) implements GossipMessage {
        public ShadowAck {
            nodes = List.copyOf(nodes);
        }
    }

    /// A node as another one sees it.
    record ShadowNode(NodeDelta state, boolean up) {}

    /// "You do not belong here."
    ///
    /// @param why for the log of the node that asked
    record Refused(String why) implements GossipMessage {}

    /// "I am going down: don't wait for me."
    record Shutdown(long generation) implements GossipMessage {}
}
