package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// Lets each warning of a node through once a minute.
final class Warnings {
    private static final long PERIOD_NANOS = 60_000_000_000L;
    private static final int REMEMBERED_MAX = 1024;

    private record About(Endpoint endpoint, GossipEffect.Warning warning) {}

    private final TreeMap<About, Long> lastNanos =
            new TreeMap<>(Comparator.comparing(About::endpoint).thenComparing(About::warning));

    void add(
            List<GossipEffect> effects,
            long nowNanos,
            Endpoint endpoint,
            GossipEffect.Warning warning,
            String text) {
        About about = new About(endpoint, warning);
        Long last = lastNanos.get(about);
        if (last != null && nowNanos - last < PERIOD_NANOS) {
            return;
        }
        if (last == null && lastNanos.size() >= REMEMBERED_MAX) {
            lastNanos.values().removeIf(each -> nowNanos - each >= PERIOD_NANOS);
            if (lastNanos.size() >= REMEMBERED_MAX) {
                return; // a flood: those that were let through say enough
            }
        }
        lastNanos.put(about, nowNanos);
        effects.add(new GossipEffect.Warned(endpoint, warning, text));
    }
}
