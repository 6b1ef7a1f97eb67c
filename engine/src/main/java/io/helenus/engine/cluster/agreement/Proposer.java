package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.ClusterCodec;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlanner;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.ClusterTransformation;
import io.helenus.engine.cluster.LogEntry;
import io.helenus.engine.cluster.agreement.AgreementMessage.Accept;
import io.helenus.engine.cluster.agreement.AgreementMessage.Accepted;
import io.helenus.engine.cluster.agreement.AgreementMessage.Body;
import io.helenus.engine.cluster.agreement.AgreementMessage.Prepare;
import io.helenus.engine.cluster.agreement.AgreementMessage.Promise;
import io.helenus.engine.cluster.agreement.AgreementMessage.Rejected;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What this node proposes: its proposals in the order in which they came, and the attempt that is
/// under way for the first of them. Part of [Agreement], which calls it and performs what it wants.
final class Proposer {
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final int BACKOFF_DOUBLINGS_MAX = 16;

    /// What somebody waits for.
    private static final class Proposal {
        final UUID id;
        final ClusterPlanner planner;
        final long deadlineNanos;

        /// An earlier try may have left an entry with this id somewhere.
        final boolean again;

        /// The entry that was made for the epoch that is being decided, and may be accepted
        /// somewhere. It is proposed again as it is, so that no answer contradicts it.
        @Nullable LogEntry entry;

        /// Whether other members were asked to accept it.
        boolean offered;

        Proposal(UUID id, ClusterPlanner planner, boolean again, long deadlineNanos) {
            this.id = id;
            this.planner = planner;
            this.again = again;
            this.deadlineNanos = deadlineNanos;
        }

        /// Nobody has the entry, and nobody will get it.
        void forgetEntry() {
            entry = null;
            offered = false;
        }

        Outcome undecided(String why, List<ClusterNode> silent) {
            return again || entry != null
                    ? new Outcome.Unknown(why, silent)
                    : new Outcome.Unavailable(why, silent);
        }
    }

    /// One ballot.
    private static final class Attempt {
        final ClusterState state; // the epoch after it is to be decided
        final Ballot ballot;
        final Set<UUID> answered = new TreeSet<>();
        final List<Vote> votes = new ArrayList<>();
        @Nullable LogEntry entry; // once it is to be accepted
        boolean othersAsked = true;
        long retryAtNanos;
        @Nullable String notWritten; // why this node could not vote

        Attempt(ClusterState state, Ballot ballot) {
            this.state = state;
            this.ballot = ballot;
        }

        long epoch() {
            return state.epoch() + 1;
        }

        /// Whether it has no prospects without the vote of the node that made it: others can only
        /// decide if they were asked, and are enough.
        boolean needsOwnVote(AgreementRules rules) {
            int members = state.members().size();
            return !othersAsked || members - 1 < rules.majority(members);
        }
    }

    /// What the planner says: an entry, nothing, or a refusal.
    private record Planned(@Nullable LogEntry entry, @Nullable RuntimeException refusal) {}

    private final Agreement node;
    private final AgreementSettings settings;
    private final AgreementRules rules;
    private final UUID hostId;
    private final RandomGenerator random;
    private final long life;
    private final Deque<Proposal> proposals = new ArrayDeque<>();
    private @Nullable Attempt attempt;
    private long highestRound;
    private int rejections;
    private boolean backingOff;
    private long backoffUntilNanos;

    Proposer(
            Agreement node,
            AgreementSettings settings,
            AgreementRules rules,
            UUID hostId,
            RandomGenerator random) {
        this.node = node;
        this.settings = settings;
        this.rules = rules;
        this.hostId = hostId;
        this.random = random;
        life = random.nextLong();
    }

    int waiting() {
        return proposals.size();
    }

    long wakeAfterNanos(long atNanos) {
        long wake = Long.MAX_VALUE;
        for (Proposal proposal : proposals) {
            wake = Math.min(wake, Math.max(0, proposal.deadlineNanos - atNanos));
        }
        Attempt present = attempt;
        if (present != null) {
            wake = Math.min(wake, Math.max(0, present.retryAtNanos - atNanos));
        } else if (backingOff && !proposals.isEmpty()) {
            wake = Math.min(wake, Math.max(0, backoffUntilNanos - atNanos));
        }
        return wake;
    }

    void propose(UUID id, ClusterPlanner planner, boolean again, @Nullable String halted) {
        if (proposals.stream().anyMatch(proposal -> proposal.id.equals(id))) {
            throw new IllegalArgumentException("Proposal " + id + " is waiting already");
        }
        long deadline = node.now() + settings.proposalTimeoutNanos();
        Proposal proposal = new Proposal(id, planner, again, deadline);
        if (halted != null) {
            node.answerNow(id, proposal.undecided(halted, List.of()));
        } else if (proposals.size() == settings.proposalsMax()) {
            String why = "%d proposals wait at this node already".formatted(proposals.size());
            node.answerNow(id, proposal.undecided(why, List.of()));
        } else {
            proposals.addLast(proposal);
        }
    }

    /// Begins with the first proposal if nothing is under way.
    ///
    /// @return whether there may be more to do
    boolean beginNext() {
        Proposal first = proposals.peekFirst();
        boolean waits = backingOff && node.now() - backoffUntilNanos < 0;
        if (first == null || attempt != null || waits) {
            return false;
        }
        backingOff = false;
        ClusterState state = node.present();
        Long epoch = rules.finishedAt(state, first.id);
        if (epoch != null) {
            finish(first, new Outcome.Committed(epoch, state));
        } else if (!goesShort(first, state)) {
            Attempt begun = new Attempt(state, new Ballot(++highestRound, hostId, life));
            attempt = begun;
            ask(begun, new Prepare(begun.epoch(), begun.ballot));
        }
        return true;
    }

    /// Without promises, or, if this node alone knows the latest state, even without an entry.
    private boolean goesShort(Proposal first, ClusterState state) {
        boolean isMember = state.members().contains(hostId);
        boolean proposedLast = state.lastProposer().equals(hostId);
        if (!isMember || !rules.mayGoShort(proposedLast, node.acceptorIsBlank())) {
            return false;
        }
        Planned planned = plan(first, state);
        LogEntry entry = planned.entry;
        if (entry == null) {
            if (state.isSoleMember(hostId)) {
                finish(first, outcome(planned, state));
                return true;
            }
            return false;
        }
        Attempt begun = new Attempt(state, new Ballot(0, hostId, life));
        attempt = begun;
        begun.entry = entry;
        begun.othersAsked = false; // before this node's own acceptance is on disk
        begun.retryAtNanos = node.now() + settings.retryNanos();
        node.tell(self(state), new Accept(begun.ballot, entry));
        return true;
    }

    private ClusterNode self(ClusterState state) {
        ClusterNode self = state.node(hostId);
        if (self == null) {
            throw new IllegalStateException("A member is a node: " + hostId);
        }
        return self;
    }

    private Planned plan(Proposal proposal, ClusterState state) {
        LogEntry made = proposal.entry;
        if (made != null && made.epoch() == state.epoch() + 1) {
            return new Planned(made, null);
        }
        try {
            ClusterTransformation transformation = proposal.planner.plan(state);
            if (transformation == null) {
                return new Planned(null, null);
            }
            byte[] bytes = ClusterCodec.encode(transformation);
            if (bytes.length > ClusterCodec.TRANSFORMATION_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "The change takes %d bytes, the limit is %d"
                                .formatted(bytes.length, ClusterCodec.TRANSFORMATION_BYTES_MAX));
            }
            LogEntry entry =
                    new LogEntry(state.epoch() + 1, proposal.id, hostId, ByteBuffer.wrap(bytes));
            state.requireApplicable(entry); // as everybody will apply it
            proposal.entry = entry;
            return new Planned(entry, null);
        } catch (RuntimeException e) { // whatever the planner throws is its answer
            return new Planned(null, e);
        }
    }

    private static Outcome outcome(Planned planned, ClusterState state) {
        RuntimeException refusal = planned.refusal;
        return refusal == null ? new Outcome.Unchanged(state) : new Outcome.Refused(state, refusal);
    }

    private void finish(Proposal proposal, Outcome outcome) {
        proposals.remove(proposal);
        node.answer(proposal.id, outcome);
    }

    // ---- asking members

    /// All that have not answered yet.
    private void ask(Attempt asking, Body body) {
        asking.retryAtNanos = node.now() + settings.retryNanos();
        for (UUID member : asking.state.members()) {
            ClusterNode other = asking.state.node(member);
            if (other != null && !asking.answered.contains(member)) {
                node.tell(other, body);
            }
        }
    }

    private void offer(Attempt present, LogEntry entry) {
        Proposal first = proposals.peekFirst();
        if (first != null && entry.equals(first.entry)) {
            first.offered |= present.state.members().size() > 1;
        }
        ask(present, new Accept(present.ballot, entry));
    }

    private @Nullable Attempt current(UUID sender, long epoch, Ballot ballot) {
        Attempt present = attempt;
        boolean fits =
                present != null
                        && present.epoch() == epoch
                        && present.ballot.equals(ballot)
                        && rules.votes(sender, present.state.members());
        return fits ? present : null;
    }

    private boolean isMajority(Attempt present) {
        return present.answered.size() >= rules.majority(present.state.members().size());
    }

    void onPromise(UUID sender, Promise promise) {
        Attempt present = current(sender, promise.epoch(), promise.ballot());
        if (present == null || present.entry != null || !present.answered.add(sender)) {
            return;
        }
        Vote vote = promise.vote();
        if (vote != null && vote.entry().epoch() == present.epoch()) {
            present.votes.add(vote);
            highestRound = Math.max(highestRound, vote.ballot().round());
        }
        if (!isMajority(present)) {
            return;
        }
        Proposal first = proposals.peekFirst();
        if (first == null) {
            attempt = null; // nobody waits for it any more
            return;
        }
        LogEntry bound = rules.bound(present.votes);
        if (bound == null) {
            Planned planned = plan(first, present.state);
            bound = planned.entry;
            if (bound == null) {
                attempt = null;
                finish(first, outcome(planned, present.state));
                return;
            }
        }
        present.entry = bound;
        present.answered.clear();
        offer(present, bound);
    }

    void onAccepted(UUID sender, Accepted accepted) {
        Attempt present = current(sender, accepted.epoch(), accepted.ballot());
        if (present == null) {
            return;
        }
        LogEntry entry = present.entry;
        if (entry == null || !present.answered.add(sender)) {
            return;
        }
        if (!present.othersAsked && sender.equals(hostId)) {
            present.othersAsked = true;
            offer(present, entry);
        }
        if (isMajority(present)) {
            attempt = null;
            node.decided(entry);
        }
    }

    void onRejected(UUID sender, Rejected rejected) {
        Attempt present = current(sender, rejected.epoch(), rejected.ballot());
        highestRound = Math.max(highestRound, rejected.promised().round());
        if (present != null) {
            attempt = null;
            backOff();
        }
    }

    private void backOff() {
        int doublings = Math.min(rejections++, BACKOFF_DOUBLINGS_MAX);
        long bound = Math.min(settings.backoffNanosMax(), settings.backoffNanosMin() << doublings);
        backingOff = true;
        backoffUntilNanos = node.now() + random.nextLong(bound) + 1;
    }

    // ---- what became of it

    /// The log has one more entry.
    void onEntry(LogEntry entry, ClusterState after) {
        Attempt present = attempt;
        if (present != null && present.epoch() <= entry.epoch()) {
            attempt = null;
        }
        backingOff = false;
        rejections = 0;
        for (Proposal proposal : List.copyOf(proposals)) {
            proposal.forgetEntry(); // its epoch is over
            Long epoch = rules.finishedAt(after, proposal.id);
            if (epoch != null) {
                finish(proposal, new Outcome.Committed(epoch, after));
            }
        }
    }

    /// The state has jumped.
    void onSnapshot(long skipped, ClusterState after) {
        attempt = null;
        backingOff = false;
        for (Proposal proposal : List.copyOf(proposals)) {
            Long epoch = rules.finishedAt(after, proposal.id);
            if (epoch != null) {
                finish(proposal, new Outcome.Committed(epoch, after));
            } else if (proposal.entry != null && skipped > ClusterState.RECENT_MAX) {
                String why =
                        "this node was %d epochs behind and cannot see all that happened"
                                .formatted(skipped);
                finish(proposal, new Outcome.Unknown(why, List.of()));
            }
            proposal.forgetEntry();
        }
    }

    void onTick() {
        for (Proposal proposal : List.copyOf(proposals)) {
            if (node.now() - proposal.deadlineNanos >= 0) {
                giveUp(proposal);
            }
        }
        Attempt present = attempt;
        if (present == null || node.now() - present.retryAtNanos < 0) {
            return;
        }
        LogEntry entry = present.entry;
        if (!present.othersAsked) {
            present.retryAtNanos = node.now() + settings.retryNanos(); // the disk is slow
        } else if (entry == null) {
            ask(present, new Prepare(present.epoch(), present.ballot));
        } else {
            ask(present, new Accept(present.ballot, entry));
        }
    }

    private void giveUp(Proposal proposal) {
        boolean isFirst = proposal.equals(proposals.peekFirst());
        proposals.remove(proposal);
        ClusterState state = node.present();
        Attempt present = attempt;
        List<ClusterNode> silent = present == null ? List.of() : silent(present);
        String why =
                "%d of %d metadata members have to agree: %s"
                        .formatted(
                                state.members().size() / 2 + 1,
                                state.members().size(),
                                missing(present, silent));
        node.answerNow(proposal.id, proposal.undecided(why, silent));
        if (isFirst) {
            attempt = null;
        }
    }

    private static List<ClusterNode> silent(Attempt present) {
        List<ClusterNode> silent = new ArrayList<>();
        for (UUID member : present.state.members()) {
            ClusterNode other = present.state.node(member);
            if (other != null && !present.answered.contains(member)) {
                silent.add(other);
            }
        }
        return silent;
    }

    private String missing(@Nullable Attempt present, List<ClusterNode> silent) {
        long millis = settings.proposalTimeoutNanos() / NANOS_PER_MILLI;
        if (silent.isEmpty()) {
            return "others came first for %d ms".formatted(millis);
        }
        String text =
                "no answer within %d ms from %s"
                        .formatted(
                                millis,
                                silent.stream()
                                        .map(each -> each.endpoint().toString())
                                        .collect(Collectors.joining(", ")));
        String own = present == null ? null : present.notWritten;
        return own == null ? text : "%s. On this node: %s".formatted(text, own);
    }

    // ---- when this node's own votes cannot be written

    /// What this node promised or accepted for a ballot is not on disk, and it is as if it had not been
    /// asked. Others may be enough; else its own proposal is over.
    void onNotWritten(String why, Ballot ballot) {
        Attempt present = attempt;
        Proposal first = proposals.peekFirst();
        if (present == null || first == null || !present.ballot.equals(ballot)) {
            return; // somebody else's
        }
        present.notWritten = why;
        if (present.needsOwnVote(rules)) {
            if (!first.offered) {
                first.forgetEntry();
            }
            fail(first, why);
        }
    }

    /// What it promised or accepted will be on disk some time.
    void onWriteDelayed(String why) {
        Attempt present = attempt;
        Proposal first = proposals.peekFirst();
        boolean waits =
                present != null
                        && present.needsOwnVote(rules)
                        && !present.answered.contains(hostId)
                        && present.state.members().contains(hostId);
        if (first != null && waits) {
            fail(first, why);
        }
    }

    private void fail(Proposal first, String why) {
        attempt = null;
        proposals.remove(first);
        node.answerNow(first.id, first.undecided(why, List.of()));
    }

    void halt(String why) {
        attempt = null;
        for (Proposal proposal : List.copyOf(proposals)) {
            proposals.remove(proposal);
            node.answerNow(proposal.id, proposal.undecided(why, List.of()));
        }
    }
}
