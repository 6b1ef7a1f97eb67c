package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.detector.ArrivalWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What is known of one node, itself included. Belongs to its [Gossiper].
final class PeerState {
    final Endpoint endpoint;
    long generation;
    long heartbeat; // version of the latest heartbeat
    List<StateEntry> entries = List.of(); // by version; replaced, never changed: messages share it
    boolean up;
    @Nullable ArrivalWindow arrivals; // null for the node itself
    long stoppedGeneration; // it said that it stops; 0 if it did not
    long echoNonce; // of the echo that waits for its answer; 0 if none does
    long echoSentNanos;

    PeerState(Endpoint endpoint, long generation) {
        this.endpoint = endpoint;
        this.generation = generation;
    }

    /// All up to this version is known.
    long version() {
        return Math.max(heartbeat, entries.isEmpty() ? 0 : entries.getLast().version());
    }

    NodeDigest digest() {
        return new NodeDigest(endpoint, generation, version());
    }

    @Nullable String value(StateKey key) {
        for (StateEntry entry : entries) {
            if (entry.key() == key.number()) {
                return entry.value();
            }
        }
        return null;
    }

    /// The entry takes the place of what was said before under its key. It is the latest of all.
    void put(StateEntry added) {
        List<StateEntry> changed = new ArrayList<>(entries.size() + 1);
        for (StateEntry entry : entries) {
            if (entry.key() != added.key()) {
                changed.add(entry);
            }
        }
        changed.add(added);
        entries = List.copyOf(changed);
    }

    void forget(long newGeneration) {
        generation = newGeneration;
        heartbeat = 0;
        entries = List.of();
        echoNonce = 0;
    }

    /// Entries that came after a version.
    List<StateEntry> entriesAfter(long version) {
        int first = entries.size();
        while (first > 0 && entries.get(first - 1).version() > version) {
            first--;
        }
        return first == 0 ? entries : entries.subList(first, entries.size());
    }

    NodeView view() {
        SortedMap<Integer, String> values = new TreeMap<>();
        entries.forEach(entry -> values.put(entry.key(), entry.value()));
        return new NodeView(endpoint, generation, heartbeat, up, values);
    }
}
