package io.helenus.gossip.exchange;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/// Evens out what two nodes know: says in digests what is known here, finds out of another's digests what
/// to ask for and what to tell, and puts that together as far as a message has room. Changes nothing of
/// what is known. Belongs to its [Gossiper].
final class Reconciliation {
    /// A node to tell about, and what the other side knows of it.
    private record Need(PeerState peer, long fromVersion) {}

    private final GossipSettings settings;
    private final GossipRules rules;
    private final RandomGenerator random;
    private final PeerState own;
    private final PeerTable known;
    private final RemovedNodes removed;

    /// @param known all nodes, `own` included
    Reconciliation(
            GossipSettings settings,
            GossipRules rules,
            RandomGenerator random,
            PeerState own,
            PeerTable known,
            RemovedNodes removed) {
        this.settings = settings;
        this.rules = rules;
        this.random = random;
        this.own = own;
        this.known = known;
        this.removed = removed;
    }

    /// What is known here, or as much of it as a message may have.
    GossipMessage.Syn syn(ClusterIdentity cluster, long wallMicros) {
        int count = known.size();
        if (count <= settings.digestsMax()) {
            List<NodeDigest> digests = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                digests.add(known.get(i).digest());
            }
            return new GossipMessage.Syn(cluster, wallMicros, true, digests);
        }
        TreeSet<Integer> chosen = new TreeSet<>(); // a window, from anywhere, and the node itself
        chosen.add(known.all().indexOf(own));
        for (int i = random.nextInt(count); chosen.size() < settings.digestsMax(); i++) {
            chosen.add(i % count);
        }
        List<NodeDigest> digests = new ArrayList<>(chosen.size());
        chosen.forEach(index -> digests.add(known.get(index).digest()));
        return new GossipMessage.Syn(cluster, wallMicros, false, digests);
    }

    /// What this node lacks, and what the sender does; both may be empty.
    GossipMessage.Ack answer(GossipMessage.Syn syn, long nowNanos) {
        List<NodeDigest> requests = new ArrayList<>();
        List<Need> needs = new ArrayList<>();
        int at = 0;
        for (NodeDigest digest : syn.digests()) {
            while (at < known.size() && known.get(at).endpoint.compareTo(digest.endpoint()) < 0) {
                notMentioned(known.get(at++), syn, needs);
            }
            if (at < known.size() && known.get(at).endpoint.equals(digest.endpoint())) {
                compare(known.get(at++), digest, requests, needs);
            } else if (!removed.bars(digest.endpoint(), digest.generation(), nowNanos)) {
                requests.add(new NodeDigest(digest.endpoint(), 0, 0));
            }
        }
        while (at < known.size()) {
            notMentioned(known.get(at++), syn, needs);
        }
        return new GossipMessage.Ack(requests, deltas(needs));
    }

    /// The sender does not know it, unless it left it out for lack of room.
    private static void notMentioned(PeerState peer, GossipMessage.Syn syn, List<Need> needs) {
        if (syn.complete()) {
            needs.add(new Need(peer, 0));
        }
    }

    private void compare(
            PeerState peer, NodeDigest digest, List<NodeDigest> requests, List<Need> needs) {
        long generation = digest.generation();
        long version = digest.version();
        if (rules.newer(generation, version, peer.generation, peer.version())) {
            boolean same = generation == peer.generation;
            requests.add(new NodeDigest(peer.endpoint, generation, same ? peer.version() : 0));
        } else if (rules.newer(peer.generation, peer.version(), generation, version)) {
            needs.add(new Need(peer, generation == peer.generation ? version : 0));
        }
    }

    /// What another node asked for.
    List<NodeDelta> requested(List<NodeDigest> requests) {
        List<Need> needs = new ArrayList<>();
        for (NodeDigest request : requests) {
            PeerState peer = known.find(request.endpoint());
            if (peer != null) {
                boolean same = request.generation() == peer.generation;
                needs.add(new Need(peer, same ? request.version() : 0));
            }
        }
        return deltas(needs);
    }

    /// The node itself first, the others from anywhere: what does not fit is not always the same.
    private List<NodeDelta> deltas(List<Need> needs) {
        if (needs.isEmpty()) {
            return List.of();
        }
        DeltaBuilder builder = new DeltaBuilder(settings.deltaBytesMax(), rules);
        for (Need need : needs) {
            if (need.peer == own) {
                builder.add(own, need.fromVersion);
            }
        }
        int start = random.nextInt(needs.size());
        for (int i = 0; i < needs.size(); i++) {
            Need need = needs.get((start + i) % needs.size());
            if (need.peer != own) {
                builder.add(need.peer, need.fromVersion);
            }
        }
        return builder.deltas();
    }
}
