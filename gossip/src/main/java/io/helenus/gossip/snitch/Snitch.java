package io.helenus.gossip.snitch;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;

/// Knows where a node is.
public interface Snitch {
    /// Of the node that this runs on.
    Location local();

    /// Of any node. One of which nothing is known yet counts as far away, in a place of its own
    /// that no node is configured with.
    Location locationOf(Endpoint endpoint);

    /// The address at which the local node reaches another one.
    Endpoint contactOf(Endpoint endpoint);

    /// 0 in the local rack, 1 in the local data centre, 2 elsewhere.
    default int distanceTo(Endpoint endpoint) {
        return local().distanceTo(locationOf(endpoint));
    }
}
