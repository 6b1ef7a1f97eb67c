package io.helenus.engine.metadata;

import java.util.List;
import java.util.UUID;

/// Who a node is for as long as its data lives.
///
/// @param tokens of the ring that it owns, in their order
public record NodeIdentity(UUID hostId, String clusterName, List<Long> tokens) {
    public NodeIdentity {
        tokens = tokens.stream().sorted().toList();
    }
}
