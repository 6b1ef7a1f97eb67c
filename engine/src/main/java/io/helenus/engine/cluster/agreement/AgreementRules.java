package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.LogEntry;
import java.util.Collection;
import java.util.SortedSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The decisions that the agreement's safety rests on, one method each. Production uses [#STANDARD];
/// tests override single ones to see that a simulation finds out. Nothing else is to be derived from
/// it.
public class AgreementRules {
    public static final AgreementRules STANDARD = new AgreementRules();

    protected AgreementRules() {}

    /// How many members have to agree. Any two such sets have a member in common.
    public int majority(int members) {
        return members / 2 + 1;
    }

    /// Whose answers count.
    public boolean votes(UUID hostId, SortedSet<UUID> members) {
        return members.contains(hostId);
    }

    /// Whether what depends on a write waits until that is forced. Else a crash could take back a
    /// promise that others rely on.
    public boolean waitsForDisk() {
        return true;
    }

    /// Whether an acceptor that is at one epoch takes part in deciding another. Only of the next one
    /// it knows that it is not decided, and who the members are.
    public boolean takesPart(long asked, long own) {
        return asked == own + 1;
    }

    /// Whether an acceptor may promise or accept in a ballot, given the highest it has promised.
    public boolean isAllowed(Ballot ballot, @Nullable Ballot promised) {
        return promised == null || ballot.compareTo(promised) >= 0;
    }

    /// What a proposer must propose, of the votes that the promises hold: the one of the highest
    /// ballot may be decided already. Null if it is free to choose.
    public @Nullable LogEntry bound(Collection<Vote> votes) {
        Vote highest = null;
        for (Vote vote : votes) {
            if (highest == null || vote.ballot().compareTo(highest.ballot()) > 0) {
                highest = vote;
            }
        }
        return highest == null ? null : highest.entry();
    }

    /// Whether a proposer may go the short way: the ballot of round 0 is its own, and its acceptor has
    /// not seen any ballot of this epoch, so this one was not used before a restart.
    public boolean mayGoShort(boolean proposedLast, boolean acceptorIsBlank) {
        return proposedLast && acceptorIsBlank;
    }

    /// The epoch at which a proposal became an entry, whoever got it decided; null if it did not.
    public @Nullable Long finishedAt(ClusterState state, UUID proposalId) {
        return state.epochOf(proposalId);
    }

    /// What a file that is written anew keeps of the acceptor.
    public @Nullable Vote keptVote(@Nullable Vote vote) {
        return vote;
    }
}
