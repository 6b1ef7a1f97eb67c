package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.ClusterCodec;
import io.helenus.engine.cluster.ClusterFormatException;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.InvalidTransformationException;
import io.helenus.engine.cluster.LogEntry;
import io.helenus.engine.schema.TableSchema;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.UUID;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Leads from the records of a file to where the node was: the state, the entries that led to it, and what
/// was promised and accepted for the next one. Used once, before an [Agreement] begins.
final class AgreementReplay {
    private final UUID hostId;
    private final Collection<TableSchema> views;
    private final Acceptor acceptor;
    private final LogTail tail;
    private final BiConsumer<ClusterState, ClusterState> replayed;
    private @Nullable ClusterState state;
    private int entries; // since the last snapshot

    /// @param acceptor gets what was promised and accepted
    /// @param tail gets the entries
    /// @param replayed hears the state before and after each entry, and each snapshot but the first
    AgreementReplay(
            UUID hostId,
            Collection<TableSchema> views,
            Acceptor acceptor,
            LogTail tail,
            BiConsumer<ClusterState, ClusterState> replayed) {
        this.hostId = hostId;
        this.views = views;
        this.acceptor = acceptor;
        this.tail = tail;
        this.replayed = replayed;
    }

    /// @throws ClusterFormatException if it makes no sense after those before it
    void replay(AgreementRecord record) {
        ClusterState present = state;
        if (record instanceof AgreementRecord.Snapshot(ByteBuffer bytes)) {
            ClusterState snapshot = ClusterCodec.decodeState(bytes, views);
            if (present != null) {
                replayed.accept(present, snapshot);
            }
            state = snapshot;
            tail.clear();
            acceptor.reset();
            entries = 0;
            return;
        }
        if (present == null) {
            throw new ClusterFormatException(0, "begins a file that has no state: " + record);
        }
        long next = present.epoch() + 1;
        switch (record) {
            case AgreementRecord.Snapshot _ -> {}
            case AgreementRecord.Promised(long epoch, Ballot ballot) -> {
                if (isCurrent(epoch, next, record)) {
                    acceptor.promise(ballot);
                }
            }
            case AgreementRecord.Accepted(Vote vote) -> {
                if (isCurrent(vote.entry().epoch(), next, record)) {
                    acceptor.accept(vote);
                    if (present.isSoleMember(hostId)) {
                        apply(present, vote.entry());
                    }
                }
            }
            case AgreementRecord.Decided(LogEntry entry) -> {
                if (entry.epoch() != next) {
                    throw outOfOrder(next, record);
                }
                apply(present, entry);
            }
        }
    }

    /// A sole member may have been asked for promises after it had decided by accepting: what it said
    /// then is of no use any more.
    private static boolean isCurrent(long epoch, long next, AgreementRecord record) {
        if (epoch > next) {
            throw outOfOrder(next, record);
        }
        return epoch == next;
    }

    private static ClusterFormatException outOfOrder(long next, AgreementRecord record) {
        return new ClusterFormatException(
                0, "begins a record where epoch %d is next: %s".formatted(next, record));
    }

    private void apply(ClusterState before, LogEntry entry) {
        try {
            ClusterState after = before.apply(entry);
            state = after;
            replayed.accept(before, after);
        } catch (InvalidTransformationException e) {
            throw new ClusterFormatException(
                    0, "begins %s that does not apply: %s".formatted(entry, e.getMessage()), e);
        }
        tail.add(entry);
        acceptor.reset();
        entries++;
    }

    /// Where it has led to; null if there was no state.
    @Nullable ClusterState state() {
        return state;
    }

    /// Since the last snapshot.
    int entries() {
        return entries;
    }
}
