package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.LogEntry;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What nodes say to each other about the log.
///
/// @param clusterId null if the sender knows none yet
/// @param sender its host id
/// @param epoch that the sender is at, 0 if it has no state
public record AgreementMessage(
        @Nullable UUID clusterId, UUID sender, long epoch, AgreementMessage.Body body) {
    /// What is said.
    public sealed interface Body {}

    record Prepare(long epoch, Ballot ballot) implements Body {}

    record Promise(long epoch, Ballot ballot, @Nullable Vote vote) implements Body {}

    record Accept(Ballot ballot, LogEntry entry) implements Body {}

    record Accepted(long epoch, Ballot ballot) implements Body {}

    record Rejected(long epoch, Ballot ballot, Ballot promised) implements Body {}

    record Decided(LogEntry entry) implements Body {}

    record Pull(long after) implements Body {}

    record Entries(List<LogEntry> entries) implements Body {
        public Entries {
            entries = List.copyOf(entries);
        }
    }

    record Snapshot(ByteBuffer state) implements Body {}

    /// For traces.
    @Override
    public String toString() {
        return body instanceof Snapshot(ByteBuffer state)
                ? "Snapshot[%d bytes] at %d".formatted(state.remaining(), epoch)
                : body + " at " + epoch;
    }
}
