package io.helenus.engine.admin;

import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.ReplicationParams;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaNames;
import io.helenus.gossip.ring.Member;
import io.helenus.gossip.ring.Placement;
import io.helenus.gossip.ring.Ring;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which share of all keys each node has, for one way to replicate. Immutable.
///
/// @param shares by host id; empty if there is no single answer
/// @param note why there is none
record Ownership(Map<UUID, Double> shares, @Nullable String note) {
    private static final String TRACES =
            "system_traces"; // what there is without keyspaces of users

    Ownership {
        shares = Map.copyOf(shares);
    }

    /// Of one keyspace; or of all that users have made, if they are replicated alike.
    ///
    /// @throws AdminException if there is no such keyspace
    static Ownership of(Schema schema, Ring ring, @Nullable String keyspaceName) {
        if (keyspaceName != null) {
            KeyspaceSchema keyspace = schema.keyspace(keyspaceName);
            if (keyspace == null) {
                throw AdminException.invalid(
                        "The keyspace %s, does not exist".formatted(keyspaceName));
            }
            if (keyspace.replication().strategy() == ReplicationParams.Strategy.LOCAL) {
                return new Ownership(
                        Map.of(),
                        "Ownership values for keyspaces with LocalStrategy are meaningless");
            }
            return of(ring, keyspace.replication());
        }
        List<ReplicationParams> different =
                schema.keyspaces().values().stream()
                        .filter(keyspace -> !SchemaNames.isSystem(keyspace.name()))
                        .map(KeyspaceSchema::replication)
                        .distinct()
                        .toList();
        if (different.size() > 1) {
            return new Ownership(
                    Map.of(),
                    "Non-system keyspaces don't have the same replication settings, effective"
                            + " ownership information is meaningless");
        }
        if (!different.isEmpty()) {
            return of(ring, different.getFirst());
        }
        KeyspaceSchema traces = schema.keyspace(TRACES);
        return of(ring, traces == null ? ReplicationParams.simple(1) : traces.replication());
    }

    private static Ownership of(Ring ring, ReplicationParams replication) {
        Map<UUID, Double> shares = new TreeMap<>();
        Placement.of(ring, replication.onRing())
                .ownership()
                .forEach((member, share) -> shares.put(member.hostId(), share));
        for (Member member : ring.members()) {
            shares.putIfAbsent(member.hostId(), 0.0);
        }
        return new Ownership(shares, null);
    }

    boolean isEffective() {
        return note == null;
    }

    /// In percent; null if it is not known.
    @Nullable Double percent(UUID hostId) {
        Double share = shares.get(hostId);
        return share == null ? null : 100 * share;
    }
}
