package io.helenus.engine.cluster.gossip;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.GossipEffect.DownReason;

/// Hears what gossip finds out about other nodes. Called on the owner; must not block.
public interface GossipListener {
    /// A node that was not known.
    default void discovered(Endpoint endpoint, long generation) {}

    /// A known node has started again.
    default void restarted(Endpoint endpoint, long generation) {}

    /// A node says something new of itself.
    ///
    /// @param key the number of a [io.helenus.gossip.exchange.StateKey], or one of a later release
    default void changed(Endpoint endpoint, int key, String value) {}

    default void up(Endpoint endpoint) {}

    default void down(Endpoint endpoint, DownReason reason, double phi) {}
}
