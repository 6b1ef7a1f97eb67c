package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// Nodes that were removed: others that have not heard so yet go on talking of them for a while.
final class RemovedNodes {
    private static final int REMEMBERED_MAX = 4096;

    private record Removed(long generation, long sinceNanos) {}

    private final long quarantineNanos;
    private final GossipRules rules;
    private final TreeMap<Endpoint, Removed> byEndpoint = new TreeMap<>();

    RemovedNodes(long quarantineNanos, GossipRules rules) {
        this.quarantineNanos = quarantineNanos;
        this.rules = rules;
    }

    void add(Endpoint endpoint, long generation, long nowNanos) {
        Removed before = byEndpoint.get(endpoint);
        long latest = before == null ? generation : Math.max(before.generation, generation);
        byEndpoint.put(endpoint, new Removed(latest, nowNanos));
        if (byEndpoint.size() > REMEMBERED_MAX) {
            List<Endpoint> oldestFirst = new ArrayList<>(byEndpoint.keySet());
            oldestFirst.sort(
                    Comparator.comparingLong((Endpoint each) -> age(each, nowNanos)).reversed());
            byEndpoint.remove(oldestFirst.getFirst());
        }
    }

    private long age(Endpoint endpoint, long nowNanos) {
        Removed removed = byEndpoint.get(endpoint);
        return removed == null ? 0 : nowNanos - removed.sinceNanos;
    }

    /// Whether nothing that is said of this generation of a node counts.
    boolean bars(Endpoint endpoint, long generation, long nowNanos) {
        if (byEndpoint.isEmpty()) {
            return false;
        }
        Removed removed = byEndpoint.get(endpoint);
        if (removed == null) {
            return false;
        }
        boolean inQuarantine = nowNanos - removed.sinceNanos < quarantineNanos;
        return rules.staysRemoved(generation, removed.generation, inQuarantine);
    }
}
