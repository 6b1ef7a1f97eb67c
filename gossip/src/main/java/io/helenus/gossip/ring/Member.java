package io.helenus.gossip.ring;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import java.util.UUID;

/// A node that owns tokens, or is about to. Its host id is who it is; address and location are
/// where. Ordered by address.
public record Member(UUID hostId, Endpoint endpoint, Location location)
        implements Comparable<Member> {
    @Override
    public int compareTo(Member other) {
        int order = endpoint.compareTo(other.endpoint);
        return order != 0 ? order : hostId.compareTo(other.hostId);
    }

    @Override
    public String toString() {
        return endpoint + "(" + location + ")";
    }
}
