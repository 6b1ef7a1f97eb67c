package io.helenus.engine.cluster.gossip;

import io.helenus.gossip.exchange.StateKey;
import java.util.function.BiConsumer;

/// What the node says of itself. Asked with each tick, on the owner: what is the same as before costs
/// nothing.
@FunctionalInterface
public interface LocalState {
    void tell(BiConsumer<StateKey, String> out);
}
