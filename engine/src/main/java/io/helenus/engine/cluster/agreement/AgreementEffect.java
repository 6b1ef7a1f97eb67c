package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.LogEntry;
import io.helenus.gossip.Endpoint;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the state machine wants done, in this order.
public sealed interface AgreementEffect {
    /// Send a message; it may be lost.
    record Send(Endpoint to, AgreementMessage message) implements AgreementEffect {}

    /// Write a record after all earlier ones and force it, then call [Agreement#onForced] with the
    /// sequence. Several may be forced at once; saying so of the last one is enough.
    record Append(long sequence, AgreementRecord record) implements AgreementEffect {}

    /// Put a file with these records in the place of the one there is, after all earlier writes:
    /// atomically and forced; then call [Agreement#onForced].
    record Rewrite(long sequence, List<AgreementRecord> records) implements AgreementEffect {
        public Rewrite {
            records = List.copyOf(records);
        }
    }

    /// There is a new state, and it is durable.
    ///
    /// @param before null if there was none
    /// @param entry that led to it, null if several did
    record Applied(@Nullable ClusterState before, ClusterState after, @Nullable LogEntry entry)
            implements AgreementEffect {}

    /// A proposal is over.
    record Answer(UUID proposalId, Outcome outcome) implements AgreementEffect {}

    /// This node takes no part any more. It can go on to serve what it has; after the cause is gone it
    /// has to be restarted.
    record Halted(String why) implements AgreementEffect {}

    /// For the log.
    record Warned(Endpoint about, String text) implements AgreementEffect {}
}
