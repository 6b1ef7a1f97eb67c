package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.ClusterInput;
import io.helenus.engine.cluster.ClusterOutput;
import java.util.UUID;

/// One attempt to decide an epoch. All that were ever used for an epoch differ and have an order.
///
/// @param round 0 only for the node that proposed the last entry
/// @param life a random number of the proposing process: after a restart it uses other ballots
public record Ballot(long round, UUID hostId, long life) implements Comparable<Ballot> {
    static final int BYTES = 8 + 16 + 8;

    public Ballot {
        if (round < 0) {
            throw new IllegalArgumentException("Round is " + round + ", must be at least 0");
        }
    }

    @Override
    public int compareTo(Ballot other) {
        int order = Long.compare(round, other.round);
        order = order != 0 ? order : hostId.compareTo(other.hostId);
        return order != 0 ? order : Long.compare(life, other.life);
    }

    void write(ClusterOutput out) {
        out.i64(round).uuid(hostId).i64(life);
    }

    static Ballot read(ClusterInput in) {
        long round = in.i64("a round");
        if (round < 0 || round == Long.MAX_VALUE) {
            throw in.wrong("ends a round that is " + round);
        }
        return new Ballot(round, in.uuid("a host id"), in.i64("a life"));
    }

    @Override
    public String toString() {
        return round + "@" + hostId;
    }
}
