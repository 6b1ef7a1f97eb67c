package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.LogEntry;
import org.jspecify.annotations.Nullable;

/// What a member has promised and accepted for the epoch that is being decided: what is on disk, or
/// on its way there. [Agreement]'s own.
final class Acceptor {
    private @Nullable Ballot promised;
    private @Nullable Vote vote;

    /// The epoch is decided.
    void reset() {
        promised = null;
        vote = null;
    }

    Acceptor copy() {
        Acceptor copy = new Acceptor();
        copy.set(this);
        return copy;
    }

    void set(Acceptor other) {
        promised = other.promised;
        vote = other.vote;
    }

    boolean isBlank() {
        return promised == null && vote == null;
    }

    @Nullable Ballot promised() {
        return promised;
    }

    @Nullable Vote vote() {
        return vote;
    }

    boolean hasAccepted(LogEntry entry) {
        Vote present = vote;
        return present != null && present.entry().equals(entry);
    }

    void promise(Ballot ballot) {
        promised = ballot;
    }

    void accept(Vote accepted) {
        promised = accepted.ballot();
        vote = accepted;
    }
}
