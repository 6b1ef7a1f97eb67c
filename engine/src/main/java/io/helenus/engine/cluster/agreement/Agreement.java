package io.helenus.engine.cluster.agreement;

import io.helenus.engine.cluster.ClusterCodec;
import io.helenus.engine.cluster.ClusterFormatException;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlanner;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.InvalidTransformationException;
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
import io.helenus.engine.schema.TableSchema;
import io.helenus.gossip.Endpoint;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One node's part in agreeing on the log: the state machine that the package describes. Each call
/// says what time it is (monotonic nanoseconds) and returns what is to be done, in order. One thread
/// at a time.
///
/// It begins with [#restore], [#create] or [#join].
public final class Agreement {
    /// What the acceptor had before the record of this sequence, which is about a ballot.
    private record Undo(long sequence, Acceptor before, Ballot ballot) {}

    private final AgreementSettings settings;
    private final AgreementRules rules;
    private final UUID hostId;
    private final Endpoint self;
    private final RandomGenerator random;
    private final List<TableSchema> views;
    private final Acceptor acceptor = new Acceptor();
    private final LogTail tail;
    private final Proposer proposer;
    private final AfterForce afterForce;
    private final Deque<Body> inbox = new ArrayDeque<>(); // from this node to itself
    private final TreeSet<Endpoint> warned = new TreeSet<>();

    /// The latest; perhaps not durable yet.
    private @Nullable ClusterState state;

    private List<Endpoint> contacts = List.of(); // to ask while there is no state
    private @Nullable UUID expectedClusterId;
    private int entriesInFile;
    private @Nullable Undo undo; // of the latest promise or vote
    private boolean served; // whether others may have the state: not before the first is durable
    private boolean pulling;
    private long pullUntilNanos;
    private long askAtNanos;
    private @Nullable String halted;

    // Of the call that runs.
    private final List<AgreementEffect> effects = new ArrayList<>();
    private long nowNanos;

    /// @param self address of this node for others
    /// @param views tables of `system_views`, which are code and not in the log
    public Agreement(
            AgreementSettings settings,
            AgreementRules rules,
            UUID hostId,
            Endpoint self,
            RandomGenerator random,
            Collection<TableSchema> views) {
        this.settings = settings;
        this.rules = rules;
        this.hostId = hostId;
        this.self = self;
        this.random = random;
        this.views = List.copyOf(views);
        tail = new LogTail(settings);
        afterForce = new AfterForce(rules.waitsForDisk());
        proposer = new Proposer(this, settings, rules, hostId, random);
    }

    // ---- beginnings

    /// Takes up what was on disk.
    ///
    /// @throws ClusterFormatException if the records make no sense in this order
    public void restore(List<AgreementRecord> records, long nowNanos) {
        restore(records, nowNanos, (_, _) -> {});
    }

    /// The same.
    ///
    /// @param replayed hears the state before and after each entry, and each snapshot but the first
    public void restore(
            List<AgreementRecord> records,
            long nowNanos,
            BiConsumer<ClusterState, ClusterState> replayed) {
        requireBlank();
        AgreementReplay replay = new AgreementReplay(hostId, views, acceptor, tail, replayed);
        records.forEach(replay::replay);
        state = replay.state();
        if (state == null) {
            throw new ClusterFormatException(
                    0, "there is no state in %d records".formatted(records.size()));
        }
        entriesInFile = replay.entries();
        begin(nowNanos);
        served = true;
        askAtNanos = nowNanos; // what happened meanwhile?
    }

    /// Makes a cluster of this node alone.
    public List<AgreementEffect> create(ClusterState first, long nowNanos) {
        requireBlank();
        if (!first.isSoleMember(hostId)) {
            throw new IllegalArgumentException(
                    "The first member of a new cluster is not this node, " + hostId);
        }
        begin(nowNanos);
        install(first);
        return end();
    }

    /// Asks these nodes for the state of their cluster until it is there; then this node follows
    /// the log, and may propose to be registered.
    ///
    /// @param clusterId if it is known: a state of another cluster is not taken
    public List<AgreementEffect> join(
            Collection<Endpoint> others, @Nullable UUID clusterId, long nowNanos) {
        requireBlank();
        TreeSet<Endpoint> sorted = new TreeSet<>(others);
        sorted.remove(self);
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("There is nobody to ask for the cluster's state");
        }
        begin(nowNanos);
        contacts = List.copyOf(sorted);
        expectedClusterId = clusterId;
        askAtNanos = nowNanos;
        ask();
        return end();
    }

    private boolean hasBegun() {
        return state != null || !contacts.isEmpty();
    }

    private void requireBlank() {
        if (hasBegun()) {
            throw new IllegalStateException("This node has begun already");
        }
    }

    // ---- what can be asked

    /// Null until there is one. It may not be durable yet; [AgreementEffect.Applied] has those that
    /// are.
    public @Nullable ClusterState state() {
        return state;
    }

    /// What each message to another node carries; 0 without a state.
    public long epoch() {
        ClusterState present = state;
        return present == null ? 0 : present.epoch();
    }

    /// Why this node takes no part, or null if it does.
    public @Nullable String halted() {
        return halted;
    }

    /// Proposals that have no answer yet.
    public int waiting() {
        return proposer.waiting();
    }

    /// After which time [#onTick] has something to do, if nothing happens until then.
    public long wakeAfterNanos(long atNanos) {
        long asking = Math.max(0, askAtNanos - atNanos);
        return Math.min(asking, proposer.wakeAfterNanos(atNanos));
    }

    // ---- what happens

    /// Proposes a change. [AgreementEffect.Answer] comes within the time of
    /// [AgreementSettings#proposalTimeoutNanos], perhaps at once.
    ///
    /// @param proposalId a new one
    public List<AgreementEffect> propose(UUID proposalId, ClusterPlanner planner, long nowNanos) {
        return propose(proposalId, planner, false, nowNanos);
    }

    /// The same again, here or at another node than before. What an earlier try left at some member may
    /// still be decided, so this one is never said to be unavailable.
    ///
    /// @param proposalId that of the earlier ones, whose outcome is unknown
    public List<AgreementEffect> proposeAgain(
            UUID proposalId, ClusterPlanner planner, long nowNanos) {
        return propose(proposalId, planner, true, nowNanos);
    }

    private List<AgreementEffect> propose(
            UUID proposalId, ClusterPlanner planner, boolean again, long atNanos) {
        if (state == null) {
            throw new IllegalStateException("This node is in no cluster");
        }
        begin(atNanos);
        proposer.propose(proposalId, planner, again, halted);
        return end();
    }

    public List<AgreementEffect> onMessage(Endpoint from, AgreementMessage message, long nowNanos) {
        begin(nowNanos);
        if (halted == null && isOurs(from, message)) {
            handle(from, message.sender(), message.body());
            if (message.epoch() > epoch() && state != null) {
                pull(from);
            }
        }
        return end();
    }

    /// Somebody was heard to be at this epoch.
    public List<AgreementEffect> onPeerEpoch(Endpoint peer, long epoch, long nowNanos) {
        begin(nowNanos);
        if (halted == null && state != null && epoch > epoch()) {
            pull(peer);
        }
        return end();
    }

    /// Everything up to this sequence is on disk.
    public List<AgreementEffect> onForced(long sequence, long nowNanos) {
        begin(nowNanos);
        if (halted == null) {
            afterForce.forced(sequence);
        }
        return end();
    }

    /// The record of this sequence, the last one so far, could not be written and certainly is not on
    /// disk: it is as if what led to it had not been asked for. A proposal of this node that needs its
    /// own vote is given up.
    public List<AgreementEffect> onNotWritten(long sequence, String why, long nowNanos) {
        begin(nowNanos);
        if (halted == null) {
            Undo last = undo;
            if (last != null && mayTakeBack(sequence)) {
                acceptor.set(last.before);
                afterForce.givenUp(sequence);
                proposer.onNotWritten(notWritten(why), last.ballot);
            } else {
                halt(notWritten(why) + "; restart the node");
            }
        }
        return end();
    }

    /// What has to be written cannot be for now, and is tried again. Who would have to wait for that is
    /// told so.
    public List<AgreementEffect> onWriteDelayed(String why, long nowNanos) {
        begin(nowNanos);
        if (halted == null) {
            afterForce.delayed(notWritten(why));
            proposer.onWriteDelayed(notWritten(why));
        }
        return end();
    }

    /// Whether [#onNotWritten] goes on with this one; otherwise it has to be tried again.
    public boolean mayTakeBack(long sequence) {
        Undo last = undo;
        return last != null && last.sequence == sequence && afterForce.waitsOnlyFor(sequence);
    }

    private static String notWritten(String why) {
        return "The metadata log could not be written: " + why;
    }

    /// A write failed. What is on disk is not known, so this node must not answer anybody any more.
    public List<AgreementEffect> onDiskFailure(String why, long nowNanos) {
        begin(nowNanos);
        halt(notWritten(why) + "; restart the node");
        return end();
    }

    public List<AgreementEffect> onTick(long nowNanos) {
        begin(nowNanos);
        if (halted == null) {
            proposer.onTick();
            if (nowNanos - askAtNanos >= 0) {
                ask();
            }
            if (entriesInFile >= settings.entriesPerSnapshot()) {
                writeAnew();
            }
        }
        return end();
    }

    private void begin(long atNanos) {
        nowNanos = atNanos;
        effects.clear();
    }

    private List<AgreementEffect> end() {
        boolean busy = halted == null;
        while (busy) {
            Body body = inbox.pollFirst();
            if (body != null) {
                handle(self, hostId, body);
            } else {
                busy = proposer.beginNext();
            }
            busy &= halted == null;
        }
        return List.copyOf(effects);
    }

    // ---- for the proposer

    long now() {
        return nowNanos;
    }

    ClusterState present() {
        return Objects.requireNonNull(state);
    }

    boolean acceptorIsBlank() {
        return acceptor.isBlank();
    }

    /// To this node, too: it hears it when everything before is done.
    void tell(ClusterNode node, Body body) {
        if (node.hostId().equals(hostId)) {
            inbox.addLast(body);
        } else {
            send(node.endpoint(), body);
        }
    }

    /// The answer comes after the state that it speaks of is durable.
    void answer(UUID proposalId, Outcome outcome) {
        afterForce.run(
                () -> answerNow(proposalId, outcome),
                why -> answerNow(proposalId, new Outcome.Unknown(why, List.of())));
    }

    /// Without waiting for the disk: says nothing of any state.
    void answerNow(UUID proposalId, Outcome outcome) {
        effects.add(new AgreementEffect.Answer(proposalId, outcome));
    }

    /// The members have decided.
    void decided(LogEntry entry) {
        if (entry.epoch() <= epoch()) {
            return; // this node has learned it already, and told others
        }
        for (ClusterNode node : present().nodes().values()) {
            if (!node.hostId().equals(hostId)) {
                send(node.endpoint(), new Decided(entry));
            }
        }
        learn(entry);
    }

    // ---- messages

    private boolean isOurs(Endpoint from, AgreementMessage message) {
        ClusterState present = state;
        UUID own = present == null ? expectedClusterId : present.clusterId();
        UUID theirs = message.clusterId();
        if (own != null && theirs != null && !own.equals(theirs)) {
            warn(from, "is of cluster %s, this node is of %s".formatted(theirs, own));
            return false;
        }
        if (message.sender().equals(hostId)) {
            warn(from, "has the host id of this node, %s".formatted(hostId));
            return false;
        }
        return switch (message.body()) {
            case Pull _ -> true;
            case Snapshot _ -> theirs != null && hasBegun(); // perhaps an earlier life wanted it
            case Prepare _, Promise _, Accept _, Accepted _, Rejected _, Decided _, Entries _ ->
                    theirs != null && present != null;
        };
    }

    private void handle(Endpoint from, UUID sender, Body body) {
        switch (body) {
            case Prepare(long epoch, Ballot ballot) -> onPrepare(from, sender, epoch, ballot);
            case Accept(Ballot ballot, LogEntry entry) -> onAccept(from, sender, ballot, entry);
            case Promise promise -> proposer.onPromise(sender, promise);
            case Accepted accepted -> proposer.onAccepted(sender, accepted);
            case Rejected rejected -> proposer.onRejected(sender, rejected);
            case Decided(LogEntry entry) -> learn(entry);
            case Pull(long after) -> onPull(from, after);
            case Entries(List<LogEntry> entries) -> {
                pulling = false;
                entries.forEach(this::learn);
            }
            case Snapshot(ByteBuffer bytes) -> onSnapshot(from, bytes);
        }
    }

    private void onPrepare(Endpoint from, UUID sender, long epoch, Ballot ballot) {
        if (!canVote(from, sender, epoch)) {
            return;
        }
        if (!rules.isAllowed(ballot, acceptor.promised())) {
            reject(from, sender, epoch, ballot);
            return;
        }
        if (!ballot.equals(acceptor.promised())) {
            Acceptor before = acceptor.copy();
            acceptor.promise(ballot);
            long sequence = append(new AgreementRecord.Promised(epoch, ballot));
            undo = new Undo(sequence, before, ballot);
        }
        reply(from, sender, new Promise(epoch, ballot, acceptor.vote()));
    }

    private void onAccept(Endpoint from, UUID sender, Ballot ballot, LogEntry entry) {
        if (!canVote(from, sender, entry.epoch())) {
            return;
        }
        if (!rules.isAllowed(ballot, acceptor.promised())) {
            reject(from, sender, entry.epoch(), ballot);
            return;
        }
        Vote vote = new Vote(ballot, entry);
        if (!vote.equals(acceptor.vote())) {
            Acceptor before = acceptor.copy();
            acceptor.accept(vote);
            long sequence = append(new AgreementRecord.Accepted(vote));
            undo = new Undo(sequence, before, ballot);
        }
        reply(from, sender, new Accepted(entry.epoch(), ballot));
        if (present().isSoleMember(hostId)) {
            afterForce.run(() -> decided(entry)); // nobody else is asked
        }
    }

    /// Whether this node is a member that may take part; tells or asks if one of the two is behind.
    private boolean canVote(Endpoint from, UUID sender, long epoch) {
        ClusterState present = present();
        if (epoch <= present.epoch()) {
            if (!sender.equals(hostId)) {
                onPull(from, epoch - 1);
            }
            return false;
        }
        // One that is further behind asks the proposer: its message says which epoch it is at.
        return rules.takesPart(epoch, present.epoch()) && present.members().contains(hostId);
    }

    private void reject(Endpoint from, UUID sender, long epoch, Ballot ballot) {
        Ballot promised = acceptor.promised();
        reply(from, sender, new Rejected(epoch, ballot, promised == null ? ballot : promised));
    }

    /// Others hear only of what a crash cannot take back.
    private void reply(Endpoint to, UUID receiver, Body body) {
        afterForce.run(() -> {
            if (receiver.equals(hostId)) {
                inbox.addLast(body);
            } else {
                send(to, body);
            }
        });
    }

    private void send(Endpoint to, Body body) {
        ClusterState present = state;
        UUID clusterId = present == null ? null : present.clusterId();
        effects.add(
                new AgreementEffect.Send(
                        to, new AgreementMessage(clusterId, hostId, epoch(), body)));
    }

    /// Once for each node.
    private void warn(Endpoint about, String text) {
        if (warned.size() < ClusterCodec.NODES_MAX && warned.add(about)) {
            effects.add(new AgreementEffect.Warned(about, "Node " + about + " " + text));
        }
    }

    // ---- learning

    private void learn(LogEntry entry) {
        ClusterState before = present();
        if (entry.epoch() != before.epoch() + 1 || halted != null) {
            return; // known, or others before it are missing and will be pulled
        }
        ClusterState after;
        try {
            after = before.apply(entry);
        } catch (InvalidTransformationException | ClusterFormatException e) {
            halt(
                    "%s was decided and cannot be applied here; does it need a newer release? %s"
                            .formatted(entry, e.getMessage()));
            return;
        }
        boolean onDisk = before.isSoleMember(hostId) && acceptor.hasAccepted(entry);
        if (!onDisk) {
            long _ = append(new AgreementRecord.Decided(entry));
        }
        state = after;
        tail.add(entry);
        acceptor.reset();
        entriesInFile++;
        afterForce.run(() -> effects.add(new AgreementEffect.Applied(before, after, entry)));
        proposer.onEntry(entry, after);
    }

    private void onSnapshot(Endpoint from, ByteBuffer bytes) {
        pulling = false;
        ClusterState snapshot;
        try {
            snapshot = ClusterCodec.decodeState(bytes, views);
        } catch (ClusterFormatException e) {
            warn(from, "sent a state that cannot be read: " + e.getMessage());
            return;
        }
        UUID own = state == null ? expectedClusterId : present().clusterId();
        if (own != null && !own.equals(snapshot.clusterId())) {
            warn(from, "sent the state of cluster " + snapshot.clusterId());
        } else if (snapshot.epoch() > epoch()) {
            install(snapshot);
        }
    }

    private void install(ClusterState snapshot) {
        ClusterState before = state;
        state = snapshot;
        tail.clear();
        acceptor.reset();
        writeAnew();
        afterForce.run(() -> {
            served = true;
            effects.add(new AgreementEffect.Applied(before, snapshot, null));
        });
        if (before != null) {
            proposer.onSnapshot(snapshot.epoch() - before.epoch(), snapshot);
        }
    }

    // ---- catching up

    private void onPull(Endpoint from, long after) {
        ClusterState present = state;
        if (present == null || !served || after >= present.epoch()) {
            return;
        }
        List<LogEntry> entries = tail.after(after);
        if (entries.isEmpty()) {
            send(from, new Snapshot(ByteBuffer.wrap(ClusterCodec.encode(present))));
        } else {
            send(from, new Entries(entries));
        }
    }

    private void pull(Endpoint from) {
        if (pulling && nowNanos - pullUntilNanos < 0) {
            return;
        }
        pulling = true;
        pullUntilNanos = nowNanos + settings.pullTimeoutNanos();
        send(from, new Pull(epoch()));
    }

    /// Asks somebody at random.
    private void ask() {
        ClusterState present = state;
        if (present == null) {
            askAtNanos = nowNanos + settings.retryNanos();
            if (!contacts.isEmpty()) {
                send(contacts.get(random.nextInt(contacts.size())), new Pull(0));
            }
            return;
        }
        askAtNanos = nowNanos + settings.pullIntervalNanos();
        List<ClusterNode> others = new ArrayList<>(present.nodes().values());
        others.removeIf(node -> node.hostId().equals(hostId));
        if (!others.isEmpty()) {
            send(others.get(random.nextInt(others.size())).endpoint(), new Pull(present.epoch()));
        }
    }

    // ---- disk

    /// @return its sequence
    private long append(AgreementRecord record) {
        long sequence = afterForce.next();
        effects.add(new AgreementEffect.Append(sequence, record));
        return sequence;
    }

    private void writeAnew() {
        ClusterState present = present();
        List<AgreementRecord> records = new ArrayList<>();
        records.add(new AgreementRecord.Snapshot(ByteBuffer.wrap(ClusterCodec.encode(present))));
        Vote vote = rules.keptVote(acceptor.vote());
        if (vote != null) {
            records.add(new AgreementRecord.Accepted(vote));
        }
        Ballot promised = acceptor.promised();
        if (promised != null) {
            records.add(new AgreementRecord.Promised(present.epoch() + 1, promised));
        }
        entriesInFile = 0;
        effects.add(new AgreementEffect.Rewrite(afterForce.next(), records));
    }

    private void halt(String why) {
        if (halted != null) {
            return;
        }
        halted = why;
        afterForce.clear();
        inbox.clear();
        effects.add(new AgreementEffect.Halted(why));
        proposer.halt(why);
    }
}
