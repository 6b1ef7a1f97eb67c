package io.helenus.engine.messaging;

import io.helenus.gossip.Endpoint;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// Another node: its lanes and what they count. Any thread.
final class Peer {
    private final Endpoint endpoint;
    private final Map<Lane, OutboundLane> lanes = new EnumMap<>(Lane.class);
    private final Map<Lane, LaneCounters> counters = new EnumMap<>(Lane.class);

    Peer(Endpoint endpoint, TransportShared shared, EventLoopGroup loops) {
        this.endpoint = endpoint;
        for (Lane lane : Lane.values()) {
            LaneCounters counted = new LaneCounters();
            counters.put(lane, counted);
            lanes.put(lane, new OutboundLane(shared, endpoint, lane, loops.next(), counted));
        }
    }

    OutboundLane lane(Lane lane) {
        return Objects.requireNonNull(lanes.get(lane));
    }

    LaneCounters counters(Lane lane) {
        return Objects.requireNonNull(counters.get(lane));
    }

    /// It has connected to this node, so it can probably be reached.
    void isBack() {
        lanes.values().forEach(OutboundLane::peerIsBack);
    }

    void close() {
        lanes.values().forEach(OutboundLane::close);
    }

    PeerStatistics statistics() {
        List<PeerStatistics.LaneStatistics> all = new ArrayList<>();
        for (Lane lane : Lane.values()) {
            LaneCounters counted = counters(lane);
            all.add(
                    new PeerStatistics.LaneStatistics(
                            lane.name().toLowerCase(Locale.ROOT),
                            lane(lane).isConnected(),
                            counted.connections.sum(),
                            lane(lane).queuedBytes(),
                            counted.sent.sum(),
                            counted.sentBytes.sum(),
                            counted.dropped(),
                            counted.received.sum(),
                            counted.receivedBytes.sum(),
                            counted.receivedExpired.sum()));
        }
        return new PeerStatistics(endpoint, all);
    }
}
