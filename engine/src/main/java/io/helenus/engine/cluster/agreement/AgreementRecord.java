package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.ClusterFormatException;
import io.helenus.engine.cluster.ClusterInput;
import io.helenus.engine.cluster.ClusterOutput;
import io.helenus.engine.cluster.LogEntry;
import java.nio.ByteBuffer;

/// What a node has on disk, one record after the other.
public sealed interface AgreementRecord {
    int SNAPSHOT = 1;
    int PROMISED = 2;
    int ACCEPTED = 3;
    int DECIDED = 4;

    /// A whole state.
    record Snapshot(ByteBuffer state) implements AgreementRecord {}

    record Promised(long epoch, Ballot ballot) implements AgreementRecord {}

    record Accepted(Vote vote) implements AgreementRecord {}

    record Decided(LogEntry entry) implements AgreementRecord {}

    /// As the package's table says.
    default byte[] toBytes() {
        ClusterOutput out = new ClusterOutput();
        switch (this) {
            case Snapshot(ByteBuffer state) -> out.u8(SNAPSHOT).bytes(state);
            case Promised(long epoch, Ballot ballot) -> ballot.write(out.u8(PROMISED).i64(epoch));
            case Accepted(Vote vote) -> {
                vote.ballot().write(out.u8(ACCEPTED));
                out.entry(vote.entry());
            }
            case Decided(LogEntry entry) -> out.u8(DECIDED).entry(entry);
        }
        return out.toBytes();
    }

    /// @throws ClusterFormatException if the bytes are no record that this release knows
    static AgreementRecord of(ByteBuffer bytes) {
        ClusterInput in = new ClusterInput(bytes);
        int kind = in.u8("the kind");
        AgreementRecord record =
                switch (kind) {
                    case SNAPSHOT ->
                            new Snapshot(in.bytes("a state", AgreementCodec.STATE_BYTES_MAX));
                    case PROMISED -> new Promised(in.i64("an epoch"), Ballot.read(in));
                    case ACCEPTED -> new Accepted(new Vote(Ballot.read(in), in.entry()));
                    case DECIDED -> new Decided(in.entry());
                    default ->
                            throw in.wrong("ends record kind %d, known are 1 to 4".formatted(kind));
                };
        in.expectEnd();
        return record;
    }
}
