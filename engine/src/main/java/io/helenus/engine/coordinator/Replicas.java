package io.helenus.engine.coordinator;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.CqlException.Unavailable;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.ReplicationParams;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whether the replicas of a keyspace that are there suffice for a consistency level. Immutable, made
/// once for each keyspace and state of the cluster, so that a request asks with one shift.
public final class Replicas {
    /// Says why the tables of keyspaces are not served at all, as long as they are not. Any thread.
    @FunctionalInterface
    public interface Gate {
        /// Null while they are served.
        @Nullable String closed();
    }

    private final Gate gate;
    private final int total;
    private final Map<String, Integer> byDatacenter;
    private final String localDatacenter;
    private final int alive;
    private final int aliveLocal;
    private final int readable;
    private final int writable;

    private Replicas(
            int total,
            Map<String, Integer> byDatacenter,
            String localDatacenter,
            int alive,
            int aliveLocal,
            Gate gate) {
        this.gate = gate;
        this.total = total;
        this.byDatacenter = Map.copyOf(byDatacenter);
        this.localDatacenter = localDatacenter;
        this.alive = alive;
        this.aliveLocal = aliveLocal;
        int reads = 0;
        int writes = 0;
        for (ConsistencyLevel level : ConsistencyLevel.values()) {
            boolean reached = aliveFor(level) >= required(level);
            if (level != ConsistencyLevel.ANY && reached) {
                reads |= 1 << level.code();
            }
            if (!level.isSerial() && reached) {
                writes |= 1 << level.code();
            }
        }
        readable = reads;
        writable = writes;
    }

    /// Of a keyspace on a cluster that is one node in `localDatacenter`, as long as the gate is open.
    public static Replicas ofOneNode(KeyspaceSchema keyspace, String localDatacenter, Gate gate) {
        ReplicationParams replication = keyspace.replication();
        return switch (replication.strategy()) {
            case LOCAL -> new Replicas(1, Map.of(localDatacenter, 1), localDatacenter, 1, 1, gate);
            case SIMPLE -> {
                int factor = replication.factor();
                int here = Math.min(1, factor);
                yield new Replicas(
                        factor, Map.of(localDatacenter, factor), localDatacenter, here, here, gate);
            }
            case NETWORK_TOPOLOGY -> {
                int local = replication.factorByDatacenter().getOrDefault(localDatacenter, 0);
                int here = Math.min(1, local);
                yield new Replicas(
                        replication.totalFactor(),
                        replication.factorByDatacenter(),
                        localDatacenter,
                        here,
                        here,
                        gate);
            }
        };
    }

    private int required(ConsistencyLevel level) {
        int local = byDatacenter.getOrDefault(localDatacenter, 0);
        return switch (level) {
            case ANY, ONE, LOCAL_ONE -> 1;
            case TWO -> 2;
            case THREE -> 3;
            case QUORUM, SERIAL -> total / 2 + 1;
            case ALL -> total;
            case LOCAL_QUORUM, LOCAL_SERIAL -> local / 2 + 1;
            case EACH_QUORUM -> {
                int sum = 0;
                for (int factor : byDatacenter.values()) {
                    sum += factor / 2 + 1;
                }
                yield Math.max(1, sum);
            }
        };
    }

    private int aliveFor(ConsistencyLevel level) {
        return switch (level) {
            case LOCAL_ONE, LOCAL_QUORUM, LOCAL_SERIAL -> aliveLocal;
            default -> alive;
        };
    }

    /// @throws CqlException if a read cannot be served at this level
    public void requireRead(ConsistencyLevel level) {
        requireServed();
        if ((readable >>> level.code() & 1) == 0) {
            throw level == ConsistencyLevel.ANY
                    ? CqlException.invalid("ANY ConsistencyLevel is only supported for writes")
                    : unavailable(level);
        }
    }

    /// @throws CqlException if a write cannot be served at this level
    public void requireWrite(ConsistencyLevel level) {
        requireServed();
        if ((writable >>> level.code() & 1) == 0) {
            throw level.isSerial()
                    ? CqlException.invalid(
                            "You must use conditional updates for serializable writes")
                    : unavailable(level);
        }
    }

    /// @throws CqlException if no table of the keyspace is served
    public void requireServed() {
        String closed = gate.closed();
        if (closed != null) {
            throw CqlException.invalid(closed);
        }
    }

    private Unavailable unavailable(ConsistencyLevel level) {
        return new Unavailable(
                level.code(),
                required(level),
                aliveFor(level),
                "Cannot achieve consistency level " + level);
    }
}
