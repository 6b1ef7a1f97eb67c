package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;
import java.util.List;

/// What a starting node found out from its seeds.
public sealed interface DiscoveryOutcome {
    /// There is a cluster, and nothing in it contradicts this node.
    ///
    /// @param answered the seed that said so
    /// @param nodes as that seed sees them; perhaps not all of a large cluster
    record Found(Endpoint answered, List<NodeView> nodes) implements DiscoveryOutcome {
        public Found {
            nodes = List.copyOf(nodes);
        }
    }

    /// All seeds are starting, or there are none but this node, and this one has the lowest address
    /// of them: it alone may create the cluster. The others go on asking until it has.
    record MayCreate() implements DiscoveryOutcome {}

    /// The cluster has another node with this address, or another address for this node, and that
    /// one is up.
    record Conflict(String why) implements DiscoveryOutcome {}

    /// A seed says that this node is none of its cluster.
    record Refused(Endpoint by, String why) implements DiscoveryOutcome {}

    /// Time is over. Who did not answer, and who did but was only starting itself.
    record TimedOut(List<Endpoint> silent, List<Endpoint> starting) implements DiscoveryOutcome {
        public TimedOut {
            silent = List.copyOf(silent);
            starting = List.copyOf(starting);
        }
    }
}
