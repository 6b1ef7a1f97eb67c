package io.helenus.gossip.ring;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// How the replicas of a range are found, walking the ring from the range's end.
public sealed interface ReplicationStrategy {
    /// The next so many nodes, wherever they are.
    record Simple(int factor) implements ReplicationStrategy {
        public Simple {
            if (factor < 0) {
                throw new IllegalArgumentException(
                        "Replication factor is " + factor + ", must not be negative");
            }
        }
    }

    /// In each data centre the next so many of its nodes, as far as possible in distinct racks.
    /// With fewer racks than replicas the first nodes of used racks fill up; with fewer nodes than
    /// replicas every node is one.
    record NetworkTopology(SortedMap<String, Integer> factors) implements ReplicationStrategy {
        public NetworkTopology {
            factors = Collections.unmodifiableSortedMap(new TreeMap<>(factors));
            factors.forEach((dataCenter, factor) -> {
                if (factor < 0) {
                    throw new IllegalArgumentException(
                            "Replication factor of data centre %s is %d, must not be negative"
                                    .formatted(dataCenter, factor));
                }
            });
        }

        public static NetworkTopology of(Map<String, Integer> factors) {
            return new NetworkTopology(new TreeMap<>(factors));
        }
    }

    /// The node itself and no other, for every token, whatever the ring is.
    record Local(Member self) implements ReplicationStrategy {}
}
