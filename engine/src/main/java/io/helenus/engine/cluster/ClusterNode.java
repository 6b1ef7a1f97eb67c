package io.helenus.engine.cluster;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import io.helenus.gossip.ring.Member;
import io.helenus.gossip.ring.TokenAllocator;
import java.util.List;
import java.util.UUID;

/// A node as the log knows it.
///
/// @param endpoint for other nodes
/// @param nativeEndpoint for clients
/// @param tokens ascending, at least one
/// @param release version of Helenus that it runs
public record ClusterNode(
        UUID hostId,
        Endpoint endpoint,
        Endpoint nativeEndpoint,
        Location location,
        NodeState state,
        String release,
        List<Long> tokens) {
    public ClusterNode {
        tokens = tokens.stream().sorted().distinct().toList();
        if (tokens.isEmpty() || tokens.size() > TokenAllocator.TOKENS_MAX) {
            throw new IllegalArgumentException(
                    "Node %s has %d tokens, must have 1 to %d"
                            .formatted(hostId, tokens.size(), TokenAllocator.TOKENS_MAX));
        }
        ClusterCodec.requireShort("data centre", location.dataCenter());
        ClusterCodec.requireShort("rack", location.rack());
        ClusterCodec.requireShort("release", release);
    }

    ClusterNode withState(NodeState other) {
        return new ClusterNode(hostId, endpoint, nativeEndpoint, location, other, release, tokens);
    }

    ClusterNode withAddresses(Endpoint nodes, Endpoint clients, String otherRelease) {
        return new ClusterNode(hostId, nodes, clients, location, state, otherRelease, tokens);
    }

    /// As the ring knows it.
    public Member member() {
        return new Member(hostId, endpoint, location);
    }

    long[] tokenArray() {
        return tokens.stream().mapToLong(Long::longValue).toArray();
    }

    /// How operators find it.
    @Override
    public String toString() {
        return "%s (%s, %s)".formatted(endpoint, location, hostId);
    }
}
