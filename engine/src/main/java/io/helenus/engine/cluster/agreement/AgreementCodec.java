package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.ClusterCodec;
import io.helenus.engine.cluster.ClusterFormatException;
import io.helenus.engine.cluster.ClusterInput;
import io.helenus.engine.cluster.ClusterOutput;
import io.helenus.engine.cluster.LogEntry;
import io.helenus.engine.cluster.agreement.AgreementMessage.Accept;
import io.helenus.engine.cluster.agreement.AgreementMessage.Accepted;
import io.helenus.engine.cluster.agreement.AgreementMessage.Body;
import io.helenus.engine.cluster.agreement.AgreementMessage.Decided;
import io.helenus.engine.cluster.agreement.AgreementMessage.Entries;
import io.helenus.engine.cluster.agreement.AgreementMessage.Prepare;
import io.helenus.engine.cluster.agreement.AgreementMessage.Promise;
import io.helenus.engine.cluster.agreement.AgreementMessage.Pull;
import io.helenus.engine.cluster.agreement.AgreementMessage.Rejected;
import io.helenus.engine.cluster.agreement.AgreementMessage.Snapshot;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;

/// Messages to bytes and back, as the package's tables say. Stateless; any thread.
public final class AgreementCodec {
    public static final int VERSION = 1;
    public static final int MESSAGE_BYTES_MAX = 80 << 20;
    public static final int ENTRIES_MAX = 1024;

    static final int STATE_BYTES_MAX = 72 << 20;

    private static final UUID NONE = new UUID(0, 0);

    static {
        int nodes = ClusterCodec.NODES_MAX * 1024 + ClusterCodec.TOKENS_MAX * Long.BYTES;
        if (ClusterCodec.SCHEMA_BYTES_MAX + nodes > STATE_BYTES_MAX
                || STATE_BYTES_MAX + 1024 > MESSAGE_BYTES_MAX) {
            throw new AssertionError("a state must fit into a message");
        }
    }

    private AgreementCodec() {}

    public static byte[] encode(AgreementMessage message) {
        UUID clusterId = message.clusterId();
        ClusterOutput out = new ClusterOutput().u8(VERSION).u8(kind(message.body()));
        out.uuid(clusterId == null ? NONE : clusterId).uuid(message.sender()).i64(message.epoch());
        switch (message.body()) {
            case Prepare(long epoch, Ballot ballot) -> ballot.write(out.i64(epoch));
            case Promise(long epoch, Ballot ballot, Vote vote) -> {
                ballot.write(out.i64(epoch));
                out.u8(vote == null ? 0 : 1);
                if (vote != null) {
                    vote.ballot().write(out);
                    out.entry(vote.entry());
                }
            }
            case Accept(Ballot ballot, LogEntry entry) -> {
                ballot.write(out);
                out.entry(entry);
            }
            case Accepted(long epoch, Ballot ballot) -> ballot.write(out.i64(epoch));
            case Rejected(long epoch, Ballot ballot, Ballot promised) -> {
                ballot.write(out.i64(epoch));
                promised.write(out);
            }
            case Decided(LogEntry entry) -> out.entry(entry);
            case Pull(long after) -> out.i64(after);
            case Entries(List<LogEntry> entries) -> out.list(entries, ClusterOutput::entry);
            case Snapshot(ByteBuffer state) -> out.bytes(state);
        }
        return out.toBytes();
    }

    /// The number in the package's table of messages.
    public static int kind(Body body) {
        return switch (body) {
            case Prepare _ -> 1;
            case Promise _ -> 2;
            case Accept _ -> 3;
            case Accepted _ -> 4;
            case Rejected _ -> 5;
            case Decided _ -> 6;
            case Pull _ -> 7;
            case Entries _ -> 8;
            case Snapshot _ -> 9;
        };
    }

    /// Reads one message, all that remains of the buffer, which must not change afterwards.
    ///
    /// @throws ClusterFormatException if it is none, or is of a version that is not known here
    public static AgreementMessage decode(ByteBuffer buffer) {
        ClusterInput in = new ClusterInput(buffer);
        if (buffer.remaining() > MESSAGE_BYTES_MAX) {
            throw in.wrong(
                    "begin %d bytes, the limit is %d"
                            .formatted(buffer.remaining(), MESSAGE_BYTES_MAX));
        }
        int version = in.u8("the version");
        if (version != VERSION) {
            throw in.wrong("ends version %d, known here is %d".formatted(version, VERSION));
        }
        int kind = in.u8("the kind");
        UUID clusterId = in.uuid("a cluster's id");
        UUID sender = in.uuid("a host id");
        long epoch = in.i64("the sender's epoch");
        if (epoch < 0) {
            throw in.wrong("ends the sender's epoch that is " + epoch);
        }
        Body body = body(in, kind);
        in.expectEnd();
        return new AgreementMessage(clusterId.equals(NONE) ? null : clusterId, sender, epoch, body);
    }

    private static Body body(ClusterInput in, int kind) {
        return switch (kind) {
            case 1 -> new Prepare(in.i64("an epoch"), Ballot.read(in));
            case 2 -> {
                long epoch = in.i64("an epoch");
                Ballot ballot = Ballot.read(in);
                boolean voted = in.flag("a vote");
                yield new Promise(
                        epoch, ballot, voted ? new Vote(Ballot.read(in), in.entry()) : null);
            }
            case 3 -> new Accept(Ballot.read(in), in.entry());
            case 4 -> new Accepted(in.i64("an epoch"), Ballot.read(in));
            case 5 -> new Rejected(in.i64("an epoch"), Ballot.read(in), Ballot.read(in));
            case 6 -> new Decided(in.entry());
            case 7 -> new Pull(in.i64("an epoch"));
            case 8 -> {
                List<LogEntry> entries =
                        in.list(
                                "entries",
                                ENTRIES_MAX,
                                ClusterCodec.ENTRY_HEADER_BYTES,
                                ClusterInput::entry);
                for (int i = 1; i < entries.size(); i++) {
                    if (entries.get(i).epoch() != entries.get(i - 1).epoch() + 1) {
                        throw in.wrong("end entries that leave a gap or are not in order");
                    }
                }
                yield new Entries(entries);
            }
            case 9 -> new Snapshot(in.bytes("a state", STATE_BYTES_MAX));
            default -> throw in.wrong("ends kind %d, known are 1 to 9".formatted(kind));
        };
    }
}
