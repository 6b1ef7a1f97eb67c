package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;
import java.util.List;

/// What is new in a node's state.
///
/// @param fromVersion all is there that came after this version, up to [#version]
/// @param heartbeat version of the latest heartbeat; 0 if the rest did not fit into the message
/// @param entries by version, ascending
public record NodeDelta(
        Endpoint endpoint,
        long generation,
        long fromVersion,
        long heartbeat,
        List<StateEntry> entries) {
    public NodeDelta {
        entries = List.copyOf(entries);
    }

    /// What is known with this delta.
    public long version() {
        long last = entries.isEmpty() ? fromVersion : entries.getLast().version();
        return Math.max(last, heartbeat);
    }
}
