package io.helenus.test.simulation;

import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.LogEntry;
import io.helenus.engine.cluster.agreement.AgreementRules;
import io.helenus.engine.cluster.agreement.Ballot;
import io.helenus.engine.cluster.agreement.Vote;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A mistake in one decision of the agreement.
///
/// @param firstSeed from which it is looked for, so that `mvn verify` need not tell the hundreds of
///     stories before that do not find it
/// @param seedsMax within which it has to be found
record PlantedBug(String name, long firstSeed, int seedsMax, AgreementRules rules) {
    static final PlantedBug NONE = new PlantedBug("none", AgreementRules.STANDARD);

    private static final int SEEDS_MAX = 400;

    PlantedBug(String name, AgreementRules rules) {
        this(name, 1, SEEDS_MAX, rules);
    }

    /// Lets tests derive from the rules.
    private abstract static class Wrong extends AgreementRules {}

    static List<PlantedBug> all() {
        List<PlantedBug> all = new ArrayList<>(ofAcceptors());
        all.addAll(ofProposers());
        return all;
    }

    private static List<PlantedBug> ofAcceptors() {
        return List.of(
                new PlantedBug(
                        "nobody waits for the disk",
                        new Wrong() {
                            @Override
                            public boolean waitsForDisk() {
                                return false;
                            }
                        }),
                new PlantedBug(
                        "the file written anew lacks what was accepted",
                        new Wrong() {
                            @Override
                            public @Nullable Vote keptVote(@Nullable Vote vote) {
                                return null;
                            }
                        }),
                new PlantedBug(
                        "an acceptor forgets what it has promised",
                        new Wrong() {
                            @Override
                            public boolean isAllowed(Ballot ballot, @Nullable Ballot promised) {
                                return true;
                            }
                        }),
                new PlantedBug(
                        "an acceptor takes part without knowing the epoch before",
                        new Wrong() {
                            @Override
                            public boolean takesPart(long asked, long own) {
                                return asked > own;
                            }
                        }));
    }

    private static List<PlantedBug> ofProposers() {
        return List.of(
                new PlantedBug(
                        "a minority decides",
                        new Wrong() {
                            @Override
                            public int majority(int members) {
                                return Math.max(1, members / 2);
                            }
                        }),
                new PlantedBug(
                        "a proposer prefers its own entry to an accepted one",
                        new Wrong() {
                            @Override
                            public @Nullable LogEntry bound(Collection<Vote> votes) {
                                return null;
                            }
                        }),
                new PlantedBug(
                        "a proposer takes the entry of any ballot, not of the highest",
                        201,
                        SEEDS_MAX,
                        new Wrong() {
                            @Override
                            public @Nullable LogEntry bound(Collection<Vote> votes) {
                                Vote lowest = null;
                                for (Vote vote : votes) {
                                    if (lowest == null
                                            || vote.ballot().compareTo(lowest.ballot()) < 0) {
                                        lowest = vote;
                                    }
                                }
                                return lowest == null ? null : lowest.entry();
                            }
                        }),
                new PlantedBug(
                        "a proposal that somebody else finished is not recognized",
                        new Wrong() {
                            @Override
                            public @Nullable Long finishedAt(ClusterState state, UUID proposalId) {
                                return null;
                            }
                        }),
                new PlantedBug(
                        "everybody goes the short way",
                        new Wrong() {
                            @Override
                            public boolean mayGoShort(
                                    boolean proposedLast, boolean acceptorIsBlank) {
                                return true;
                            }
                        }));
    }

    @Override
    public String toString() {
        return name;
    }
}
