package io.helenus.engine.cluster.gossip;

import io.helenus.gossip.exchange.NodeView;
import io.helenus.gossip.exchange.StateEntry;
import java.util.List;

/// A node as gossip knows it, with the versions of what it said. Immutable.
///
/// @param entries by version
public record GossipNode(NodeView view, List<StateEntry> entries) {
    public GossipNode {
        entries = List.copyOf(entries);
    }
}
