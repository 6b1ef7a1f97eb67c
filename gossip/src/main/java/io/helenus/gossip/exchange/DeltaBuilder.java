package io.helenus.gossip.exchange;

import java.util.ArrayList;
import java.util.List;

/// Collects what goes into one message until that is full.
final class DeltaBuilder {
    private final List<NodeDelta> deltas = new ArrayList<>();
    private final GossipRules rules;
    private int bytesLeft;

    DeltaBuilder(int bytesMax, GossipRules rules) {
        this.rules = rules;
        bytesLeft = bytesMax;
    }

    /// Adds what came after a version; as much of it as fits, from its beginning. The heartbeat
    /// goes with the last entry only: whoever gets it takes all before for known.
    void add(PeerState peer, long fromVersion) {
        List<StateEntry> entries = peer.entriesAfter(fromVersion);
        int bytes = GossipCodec.DELTA_HEADER_BYTES_MAX;
        int fitting = 0;
        while (fitting < entries.size()) {
            int next = bytes + GossipCodec.bytesMax(entries.get(fitting));
            if (next > bytesLeft) {
                break;
            }
            bytes = next;
            fitting++;
        }
        boolean all = fitting == entries.size();
        if (bytes > bytesLeft || !all && fitting == 0) {
            return;
        }
        boolean tell = rules.heartbeatGoesAlong(all) && peer.heartbeat > fromVersion;
        long heartbeat = tell ? peer.heartbeat : 0;
        List<StateEntry> part = all ? entries : entries.subList(0, fitting);
        deltas.add(new NodeDelta(peer.endpoint, peer.generation, fromVersion, heartbeat, part));
        bytesLeft -= bytes;
    }

    List<NodeDelta> deltas() {
        return deltas;
    }
}
