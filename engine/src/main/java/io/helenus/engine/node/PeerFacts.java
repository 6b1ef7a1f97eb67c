package io.helenus.engine.node;

import io.helenus.engine.cluster.gossip.GossipListener;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.GossipEffect.DownReason;
import io.helenus.gossip.exchange.StateKey;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// What other nodes have said of themselves in gossip, for threads that cannot wait for its owner. The
/// owner of gossip writes; any thread reads.
final class PeerFacts implements GossipListener {
    private static final Facts NONE = new Facts(false, new TreeMap<>());

    private final ConcurrentMap<Endpoint, Facts> peers = new ConcurrentHashMap<>();

    /// Of one node. Immutable.
    ///
    /// @param values by number of the key
    record Facts(boolean up, SortedMap<Integer, String> values) {
        Facts {
            values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        }

        @Nullable String get(StateKey key) {
            return values.get(key.number());
        }

        /// Whether it serves clients.
        boolean ready() {
            return Boolean.parseBoolean(get(StateKey.NATIVE_READY));
        }

        /// Negative if it is not known.
        long loadBytes() {
            String text = get(StateKey.LOAD);
            try {
                return text == null ? -1 : Long.parseLong(text);
            } catch (NumberFormatException e) {
                return -1;
            }
        }

        @Nullable UUID schemaVersion() {
            String text = get(StateKey.SCHEMA_VERSION);
            try {
                return text == null ? null : UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        private Facts withUp(boolean now) {
            return new Facts(now, values);
        }

        private Facts with(int key, String value) {
            TreeMap<Integer, String> more = new TreeMap<>(values);
            more.put(key, value);
            return new Facts(up, more);
        }
    }

    /// Nothing is known of a node that gossip has not heard of.
    Facts of(Endpoint endpoint) {
        return peers.getOrDefault(endpoint, NONE);
    }

    private void put(Endpoint endpoint, Facts facts) {
        peers.put(endpoint, facts);
    }

    @Override
    public void changed(Endpoint endpoint, int key, String value) {
        put(endpoint, of(endpoint).with(key, value));
    }

    /// What it was before counts no more, but until it speaks it is still all that there is.
    @Override
    public void restarted(Endpoint endpoint, long generation) {
        put(
                endpoint,
                of(endpoint)
                        .withUp(false)
                        .with(StateKey.NATIVE_READY.number(), Boolean.toString(false)));
    }

    @Override
    public void up(Endpoint endpoint) {
        put(endpoint, of(endpoint).withUp(true));
    }

    @Override
    public void down(Endpoint endpoint, DownReason reason, double phi) {
        put(endpoint, of(endpoint).withUp(false));
    }
}
