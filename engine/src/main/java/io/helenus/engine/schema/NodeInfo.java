package io.helenus.engine.schema;

import java.net.InetAddress;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What `system.local` and `system.peers` say about a node.
///
/// @param broadcastAddress by which other nodes know it, and its key in `system.peers`
/// @param listenAddress on which it listens for other nodes
/// @param rpcAddress on which clients reach it
/// @param tokens as decimal numbers
/// @param schemaVersion that it works with; null if another node has not said it yet
public record NodeInfo(
        UUID hostId,
        String datacenter,
        String rack,
        InetAddress broadcastAddress,
        int broadcastPort,
        InetAddress listenAddress,
        int listenPort,
        InetAddress rpcAddress,
        int rpcPort,
        List<String> tokens,
        String releaseVersion,
        @Nullable UUID schemaVersion) {
    public NodeInfo {
        tokens = List.copyOf(tokens);
    }

    byte[] tokenSet() {
        return Wire.texts(new TreeSet<>(tokens));
    }
}
