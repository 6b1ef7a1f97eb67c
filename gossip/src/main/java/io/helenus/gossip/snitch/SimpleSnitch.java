package io.helenus.gossip.snitch;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;

/// Every node is in one rack of one data centre.
public final class SimpleSnitch implements Snitch {
    public static final Location EVERYWHERE = new Location("datacenter1", "rack1");

    @Override
    public Location local() {
        return EVERYWHERE;
    }

    @Override
    public Location locationOf(Endpoint endpoint) {
        return EVERYWHERE;
    }

    @Override
    public Endpoint contactOf(Endpoint endpoint) {
        return endpoint;
    }
}
