package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A node as it is known at some moment. Immutable, for any thread.
///
/// @param values by number of the key
public record NodeView(
        Endpoint endpoint,
        long generation,
        long heartbeat,
        boolean up,
        SortedMap<Integer, String> values) {
    public NodeView {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    public @Nullable String get(StateKey key) {
        return values.get(key.number());
    }

    /// Null if it is not known, or no UUID.
    public @Nullable UUID hostId() {
        String text = get(StateKey.HOST_ID);
        try {
            return text == null ? null : UUID.fromString(text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// Null until both parts are known.
    public @Nullable Location location() {
        String dataCenter = get(StateKey.DATA_CENTER);
        String rack = get(StateKey.RACK);
        if (dataCenter == null || dataCenter.isBlank() || rack == null || rack.isBlank()) {
            return null;
        }
        return new Location(dataCenter, rack);
    }
}
