package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Nodes by address. A sorted list: digests are sorted alike, so two nodes' knowledge is compared
/// in one pass, and whatever is drawn from it at random is the same in every run.
final class PeerTable {
    private final List<PeerState> sorted = new ArrayList<>();

    int size() {
        return sorted.size();
    }

    PeerState get(int index) {
        return sorted.get(index);
    }

    List<PeerState> all() {
        return sorted;
    }

    @Nullable PeerState find(Endpoint endpoint) {
        int at = search(endpoint);
        return at < 0 ? null : sorted.get(at);
    }

    void add(PeerState peer) {
        int at = search(peer.endpoint);
        if (at >= 0) {
            throw new IllegalArgumentException(peer.endpoint + " is there already");
        }
        sorted.add(-at - 1, peer);
    }

    void remove(Endpoint endpoint) {
        int at = search(endpoint);
        if (at >= 0) {
            sorted.remove(at);
        }
    }

    private int search(Endpoint endpoint) {
        int low = 0;
        int high = sorted.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = sorted.get(middle).endpoint.compareTo(endpoint);
            if (order == 0) {
                return middle;
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -low - 1;
    }
}
