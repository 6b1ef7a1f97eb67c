package io.helenus.engine.messaging;

import io.helenus.gossip.Endpoint;
import java.util.List;
import java.util.Map;

/// What went between this node and another one since this one started.
///
/// @param lanes urgent, small, large
public record PeerStatistics(Endpoint peer, List<LaneStatistics> lanes) {
    public PeerStatistics {
        lanes = List.copyOf(lanes);
    }

    /// @param name `urgent`, `small`, `large`
    /// @param connected whether there is a connection to the peer
    /// @param connections that were made to it
    /// @param queuedBytes that wait, or are on their way into the socket
    /// @param dropped messages to it, by reason
    /// @param receivedExpired messages that were too old when they arrived
    public record LaneStatistics(
            String name,
            boolean connected,
            long connections,
            long queuedBytes,
            long sent,
            long sentBytes,
            Map<MessageTransport.DropReason, Long> dropped,
            long received,
            long receivedBytes,
            long receivedExpired) {
        public LaneStatistics {
            dropped = Map.copyOf(dropped);
        }
    }
}
