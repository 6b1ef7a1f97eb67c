package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The shadow round: a starting node asks its seeds before it says anything of itself.
///
/// Two seeds that start at once both answer "starting". Only the lowest address of all seeds may
/// create the cluster, and only when each other seed has said lately that it is starting, too; the
/// rest go on asking until that one answers as a member. So there is one cluster, whatever is lost
/// or late, as long as all have the same seeds.
final class Discovery {
    /// Answers older than this many intervals say nothing of now.
    private static final int FRESH_INTERVALS = 3;

    private final Endpoint self;
    private final UUID hostId;
    private final List<Endpoint> otherSeeds; // sorted
    private final boolean lowest;
    private final GossipSettings settings;
    private final long startNanos;
    private final TreeMap<Endpoint, Long> startingSince = new TreeMap<>(); // last answer so

    Discovery(
            Endpoint self,
            UUID hostId,
            List<Endpoint> seeds,
            GossipSettings settings,
            long startNanos) {
        this.self = self;
        this.hostId = hostId;
        this.settings = settings;
        this.startNanos = startNanos;
        TreeSet<Endpoint> all = new TreeSet<>(seeds);
        lowest = all.isEmpty() || all.first().equals(self);
        all.remove(self);
        otherSeeds = List.copyOf(all);
    }

    List<Endpoint> asked() {
        return otherSeeds;
    }

    /// Null while it goes on.
    @Nullable DiscoveryOutcome onTick(long nowNanos) {
        if (lowest && otherSeeds.stream().allMatch(seed -> isStarting(seed, nowNanos))) {
            return new DiscoveryOutcome.MayCreate();
        }
        if (nowNanos - startNanos < settings.discoveryNanos()) {
            return null;
        }
        List<Endpoint> silent = new ArrayList<>();
        List<Endpoint> starting = new ArrayList<>();
        for (Endpoint seed : otherSeeds) {
            (isStarting(seed, nowNanos) ? starting : silent).add(seed);
        }
        return new DiscoveryOutcome.TimedOut(silent, starting);
    }

    private boolean isStarting(Endpoint seed, long nowNanos) {
        Long last = startingSince.get(seed);
        return last != null && nowNanos - last <= FRESH_INTERVALS * settings.intervalNanos();
    }

    @Nullable DiscoveryOutcome onAnswer(
            Endpoint from, GossipMessage.ShadowAck answer, long nowNanos) {
        if (!answer.clusterMember()) {
            startingSince.put(from, nowNanos);
            return null;
        }
        List<NodeView> nodes = new ArrayList<>();
        for (GossipMessage.ShadowNode node : answer.nodes()) {
            NodeView view = view(node);
            String conflict = conflict(view);
            if (conflict != null) {
                return new DiscoveryOutcome.Conflict(conflict);
            }
            nodes.add(view);
        }
        return new DiscoveryOutcome.Found(from, nodes);
    }

    private static NodeView view(GossipMessage.ShadowNode node) {
        NodeDelta state = node.state();
        PeerState peer = new PeerState(state.endpoint(), state.generation());
        peer.heartbeat = state.heartbeat();
        peer.entries = state.entries();
        peer.up = node.up();
        return peer.view();
    }

    private @Nullable String conflict(NodeView other) {
        UUID otherId = other.hostId();
        if (!other.up() || otherId == null) {
            return null;
        }
        boolean sameAddress = other.endpoint().equals(self);
        boolean sameHost = otherId.equals(hostId);
        if (sameAddress && !sameHost) {
            return "Address %s belongs to node %s of the cluster, which is up; this is node %s"
                    .formatted(self, otherId, hostId);
        }
        if (sameHost && !sameAddress) {
            return ("Node %s of the cluster is up at %s; this one, at %s, has the same host id:"
                            + " is its data directory a copy?")
                    .formatted(hostId, other.endpoint(), self);
        }
        return null;
    }
}
