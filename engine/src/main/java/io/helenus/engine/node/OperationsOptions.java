package io.helenus.engine.node;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// How a node is operated.
///
/// @param adminAddress where it listens for administration; null if it does not
public record OperationsOptions(@Nullable InetSocketAddress adminAddress) {

    /// For a node that is a part of another program.
    public static OperationsOptions defaults() {
        return new OperationsOptions(null);
    }
}
