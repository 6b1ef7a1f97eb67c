package io.helenus.test.simulation;

import static io.helenus.test.simulation.Simulation.MILLI;
import static io.helenus.test.simulation.Simulation.SECOND;

import io.helenus.engine.cluster.ClusterFormatException;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlanner;
import io.helenus.engine.cluster.ClusterPlans;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.LogEntry;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.cluster.agreement.Agreement;
import io.helenus.engine.cluster.agreement.AgreementCodec;
import io.helenus.engine.cluster.agreement.AgreementEffect;
import io.helenus.engine.cluster.agreement.AgreementRecord;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.schema.SystemSchema;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import io.helenus.gossip.exchange.ClusterIdentity;
import io.helenus.gossip.exchange.DiscoveryOutcome;
import io.helenus.gossip.exchange.Generations;
import io.helenus.gossip.exchange.GossipCodec;
import io.helenus.gossip.exchange.GossipEffect;
import io.helenus.gossip.exchange.GossipRules;
import io.helenus.gossip.exchange.GossipSettings;
import io.helenus.gossip.exchange.Gossiper;
import io.helenus.gossip.exchange.NodeView;
import io.helenus.gossip.exchange.StateKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One node of a run: its disk, which survives a crash, and its process, if it runs. It drives gossip
/// and agreement as the real one does: performs effects in their order, never inline.
final class MetadataNode {
    static final String CLUSTER_NAME = "Test";

    private static final int GOSSIP = 1;
    private static final int AGREEMENT = 2;
    private static final int TOKENS = 4;
    private static final String FULL = "the disk is full";
    private static final long START_WALL_MICROS = 1_800_000_000L * 1_000_000;

    /// What ends with the process.
    private static final class Life {
        final Agreement agreement;
        final Gossiper gossiper;
        final long clockNanos; // what its monotonic clock is ahead of the simulation
        final TreeSet<UUID> waiting = new TreeSet<>(); // clients' proposals
        long wakeAtNanos = Long.MAX_VALUE;
        @Nullable UUID step; // the proposal that brings this node further into the cluster
        boolean begun;
        boolean diskFailed;
        long jumpedNanos;

        Life(Agreement agreement, Gossiper gossiper, long clockNanos) {
            this.agreement = agreement;
            this.gossiper = gossiper;
            this.clockNanos = clockNanos;
        }
    }

    final int index;
    final Endpoint endpoint;
    private final MetadataCluster cluster;
    private final Simulation simulation;
    private final SimulatedDisk disk;
    private final UUID hostId;
    private long generation;
    private long wallSkewMicros;
    private long nextId;
    private @Nullable UUID repeatedStep; // its outcome is unknown
    private @Nullable Life process;
    private @Nullable ClusterState applied;
    private boolean leaving;
    private boolean gone;

    MetadataNode(MetadataCluster cluster, int index) {
        this.cluster = cluster;
        this.index = index;
        simulation = cluster.simulation;
        endpoint = Endpoint.ipv4(0x7f000001 + index, 7000);
        disk = new SimulatedDisk(simulation);
        hostId = new UUID(0x5eed, index);
    }

    UUID hostId() {
        return hostId;
    }

    boolean isRunning() {
        return process != null;
    }

    /// It was removed from the cluster.
    boolean isGone() {
        return gone;
    }

    void setSlowDisk(boolean value) {
        disk.setSlow(value);
    }

    void setFailingDisk(boolean value) {
        disk.setFailing(value);
    }

    void setFullDisk(boolean value) {
        disk.setFull(value);
    }

    /// What it has applied, if it runs.
    @Nullable ClusterState applied() {
        return process == null ? null : applied;
    }

    // ---- life

    void start() {
        if (process != null || gone) {
            return;
        }
        generation = Generations.next(generation, wallMicros());
        Gossiper gossiper =
                new Gossiper(
                        GossipSettings.DEFAULT,
                        new ClusterIdentity(CLUSTER_NAME, "Murmur3Partitioner", null),
                        endpoint,
                        hostId,
                        generation,
                        cluster.seeds(),
                        new SplittableRandom(simulation.random.nextLong()),
                        GossipRules.STANDARD);
        Agreement agreement =
                new Agreement(
                        cluster.settings,
                        cluster.bug.rules(),
                        hostId,
                        endpoint,
                        new SplittableRandom(simulation.random.nextLong()),
                        List.of());
        Life begun =
                new Life(
                        agreement,
                        gossiper,
                        simulation.random.nextLong() >> 2); // may overflow soon
        process = begun;
        List<AgreementRecord> records =
                disk.open(new Writing(begun)).stream()
                        .map(each -> AgreementRecord.of(ByteBuffer.wrap(each)))
                        .toList();
        simulation.say(() -> "%s starts with %s".formatted(this, shown(records)));
        records.forEach(this::look);
        if (records.isEmpty()) {
            performGossip(begun, gossiper.discover(now(begun), wallMicros()));
        } else {
            begun.begun = true;
            try {
                agreement.restore(records, now(begun));
            } catch (ClusterFormatException e) {
                throw simulation.failure(this + " cannot start: " + e.getMessage());
            }
            ClusterState state = agreement.state();
            if (state != null) {
                gossiper.start(state.clusterId());
                cluster.checker.applied(toString(), null, state, null);
                onState(begun, state);
            }
            run(begun, List::of);
        }
        simulation.after(simulation.between(0, SECOND), () -> gossipTick(begun));
    }

    private static List<String> shown(List<AgreementRecord> records) {
        return records.stream()
                .map(each ->
                        each instanceof AgreementRecord.Snapshot ? "a snapshot" : each.toString())
                .toList();
    }

    /// What is written as decided is what others have.
    private void look(AgreementRecord record) {
        if (record instanceof AgreementRecord.Decided(LogEntry entry)) {
            cluster.checker.learned(toString(), entry);
        }
    }

    /// What becomes of what a process writes.
    private final class Writing implements SimulatedDisk.User {
        private final Life running;

        Writing(Life running) {
            this.running = running;
        }

        @Override
        public void forced(long sequence) {
            run(running, () -> running.agreement.onForced(sequence, now(running)));
        }

        @Override
        public void failed() {
            diskFailed(running);
        }

        @Override
        public boolean mayTakeBack(long sequence) {
            return running.agreement.mayTakeBack(sequence);
        }

        @Override
        public void notWritten(long sequence) {
            run(running, () -> running.agreement.onNotWritten(sequence, FULL, now(running)));
        }

        @Override
        public void delayed() {
            run(running, () -> running.agreement.onWriteDelayed(FULL, now(running)));
        }
    }

    private void diskFailed(Life running) {
        running.diskFailed = true;
        run(running, () -> running.agreement.onDiskFailure("the disk is broken", now(running)));
        if (process == running && running.agreement.halted() == null) {
            throw simulation.failure(this + " goes on without a disk");
        }
        simulation.after(simulation.spread(100 * MILLI, 4 * SECOND), () -> replaceDisk(running));
    }

    /// Somebody does what is needed, and starts it again.
    private void replaceDisk(Life halted) {
        if (process == halted) {
            crash();
            start();
        }
    }

    void crash() {
        Life ended = process;
        if (ended == null) {
            return;
        }
        simulation.say(() -> this + " crashes");
        simulation.trace(index, 0xdead, new byte[0]);
        if (simulation.random.nextBoolean()) {
            cluster.network.loseAllFrom(index); // it had not left the machine
        }
        process = null;
        applied = null;
        disk.crash();
        ended.waiting.forEach(cluster.checker::abandoned);
        UUID step = ended.step;
        if (step != null) {
            cluster.checker.abandoned(step);
            repeatedStep = step;
        }
    }

    /// The process stands still for a while: its timers are late.
    void jumpClock(long nanos) {
        Life running = process;
        if (running != null) {
            running.jumpedNanos += nanos;
            simulation.say(() -> "%s: clock jumps by %d ms".formatted(this, nanos / MILLI));
        }
        wallSkewMicros += nanos / 1000 * (simulation.random.nextBoolean() ? 1 : -1);
    }

    /// The wall clock is wrong by that much from now on.
    void setClock(long skewNanos) {
        wallSkewMicros = skewNanos / 1000;
        simulation.say(() -> "%s: clock is off by %d s".formatted(this, skewNanos / SECOND));
    }

    /// Takes no more steps into the cluster.
    void startLeaving() {
        leaving = true;
    }

    /// Its machine is switched off for ever.
    void leaveForGood() {
        crash();
        gone = true;
    }

    /// Housekeeping is done when the process wakes up, and it may wake up at any time.
    void wakeUp() {
        Life running = process;
        if (running != null && running.begun) {
            run(running, () -> running.agreement.onTick(now(running)));
        }
    }

    /// Nothing is under way here, and it is where it wants to be.
    boolean isSettled() {
        Life running = process;
        ClusterState state = applied;
        if (running == null || state == null || running.agreement.halted() != null) {
            return gone;
        }
        ClusterNode known = state.node(hostId);
        boolean there =
                known != null
                        && known.state() == NodeState.NORMAL
                        && !hostId.equals(state.suggestedMember());
        return there
                && running.step == null
                && running.waiting.isEmpty()
                && running.agreement.epoch() == state.epoch();
    }

    /// Whether it has heard from this one that it is there and which epoch it is at.
    boolean hears(MetadataNode other, long epoch) {
        Life running = process;
        if (running == null || !running.gossiper.isUp(other.endpoint)) {
            return other == this;
        }
        NodeView view = running.gossiper.node(other.endpoint);
        return view != null && Long.toString(epoch).equals(view.get(StateKey.METADATA_EPOCH));
    }

    private long now(Life running) {
        return simulation.nowNanos() + running.clockNanos + running.jumpedNanos;
    }

    private long wallMicros() {
        return START_WALL_MICROS + simulation.nowNanos() / 1_000 + wallSkewMicros;
    }

    // ---- clients

    /// @param proposalId of an earlier one whose outcome is unknown, or null
    UUID propose(@Nullable UUID proposalId, String marker, ClusterPlanner planner) {
        UUID id = proposalId == null ? newProposal() : proposalId;
        Life running = process;
        if (running == null || applied == null || !running.waiting.add(id)) {
            return id;
        }
        cluster.checker.asked(id, marker);
        propose(running, id, proposalId != null, planner);
        return id;
    }

    private void propose(Life running, UUID id, boolean again, ClusterPlanner planner) {
        run(
                running,
                () ->
                        again
                                ? running.agreement.proposeAgain(id, planner, now(running))
                                : running.agreement.propose(id, planner, now(running)));
    }

    private UUID newProposal() {
        return new UUID(0x1d00 + index, ++nextId);
    }

    // ---- messages

    void receive(MetadataNode from, byte[] bytes) {
        Life running = process;
        if (running == null) {
            return;
        }
        ByteBuffer body = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        if (bytes[0] == GOSSIP) {
            performGossip(
                    running,
                    running.gossiper.onMessage(
                            from.endpoint, GossipCodec.decode(body), now(running), wallMicros()));
            return;
        }
        run(
                running,
                () ->
                        running.agreement.onMessage(
                                from.endpoint, AgreementCodec.decode(body), now(running)));
    }

    private void send(Endpoint to, int kind, byte[] body, Supplier<String> text) {
        byte[] bytes = new byte[body.length + 1];
        bytes[0] = (byte) kind;
        System.arraycopy(body, 0, bytes, 1, body.length);
        cluster.send(this, to, bytes, text);
    }

    // ---- agreement

    /// Does something with the agreement, if the process still runs, and what follows from it.
    private void run(Life running, Supplier<List<AgreementEffect>> action) {
        if (process != running) {
            return;
        }
        for (AgreementEffect effect : action.get()) {
            perform(running, effect);
            cluster.performed(this, effect);
            if (process != running) {
                return; // a crash in between: the others are never performed
            }
        }
        long wake =
                simulation.nowNanos()
                        + Math.max(MILLI, running.agreement.wakeAfterNanos(now(running)));
        if (wake < running.wakeAtNanos) {
            running.wakeAtNanos = wake;
            simulation.after(wake - simulation.nowNanos(), () -> wake(running, wake));
        }
    }

    private void wake(Life running, long atNanos) {
        if (process == running && running.wakeAtNanos == atNanos) {
            running.wakeAtNanos = Long.MAX_VALUE;
            run(running, () -> running.agreement.onTick(now(running)));
        }
    }

    private void perform(Life running, AgreementEffect effect) {
        switch (effect) {
            case AgreementEffect.Send(Endpoint to, var message) ->
                    send(to, AGREEMENT, AgreementCodec.encode(message), message::toString);
            case AgreementEffect.Append(long sequence, AgreementRecord record) -> {
                look(record);
                disk.append(sequence, record.toBytes());
            }
            case AgreementEffect.Rewrite(long sequence, List<AgreementRecord> records) ->
                    disk.replace(sequence, records.stream().map(AgreementRecord::toBytes).toList());
            case AgreementEffect.Applied(
                            ClusterState before,
                            ClusterState after,
                            LogEntry entry) -> {
                simulation.say(() -> "%s applies %s: %s".formatted(this, entry, after));
                cluster.checker.applied(toString(), before, after, entry);
                if (before == null) {
                    running.gossiper.start(after.clusterId());
                }
                forgetRemoved(running, before, after);
                onState(running, after);
            }
            case AgreementEffect.Answer(UUID id, Outcome outcome) -> {
                simulation.say(() -> "%s answers %s: %s".formatted(this, id, outcome));
                cluster.checker.answered(id, outcome);
                running.waiting.remove(id);
                cluster.answered(this, id, outcome);
                if (id.equals(running.step)) {
                    onStep(running, id, outcome);
                }
            }
            case AgreementEffect.Halted(String why) -> {
                simulation.say(() -> "%s halts: %s".formatted(this, why));
                if (!running.diskFailed) {
                    throw simulation.failure(this + " halts: " + why);
                }
            }
            case AgreementEffect.Warned(_, String text) ->
                    simulation.say(() -> "%s warns: %s".formatted(this, text));
        }
    }

    private void forgetRemoved(Life running, @Nullable ClusterState before, ClusterState after) {
        if (before == null) {
            return;
        }
        for (ClusterNode node : before.nodes().values()) {
            if (after.node(node.hostId()) == null && !node.hostId().equals(hostId)) {
                performGossip(
                        running,
                        running.gossiper.remove(node.endpoint(), now(running), wallMicros()));
            }
        }
    }

    private void onState(Life running, ClusterState state) {
        applied = state;
        running.gossiper.set(StateKey.METADATA_EPOCH, Long.toString(state.epoch()));
        running.gossiper.set(StateKey.SCHEMA_VERSION, state.schema().version().toString());
        if (running.step == null) {
            simulation.after(MILLI, () -> nextStep(running));
        }
    }

    /// Brings this node into the cluster: registered, then with its data, then perhaps a member.
    private void nextStep(Life running) {
        ClusterState state = applied;
        if (process != running || running.step != null || state == null || leaving) {
            return;
        }
        ClusterNode known = state.node(hostId);
        ClusterPlanner planner = null;
        if (known == null) {
            planner = ClusterPlans.register(joining(), new SplittableRandom(index));
        } else if (known.state() == NodeState.JOINING) {
            planner = ClusterPlans.finishJoin(hostId);
        } else if (hostId.equals(state.suggestedMember())) {
            planner = ClusterPlans.fillMembers();
        }
        if (planner == null) {
            return;
        }
        UUID repeated = repeatedStep;
        UUID id = repeated == null ? newProposal() : repeated;
        repeatedStep = null;
        running.step = id;
        cluster.checker.asked(id, "");
        propose(running, id, repeated != null, planner);
    }

    private void onStep(Life running, UUID id, Outcome outcome) {
        running.step = null;
        repeatedStep = outcome instanceof Outcome.Unknown ? id : null;
        simulation.after(simulation.between(MILLI, 2 * SECOND), () -> nextStep(running));
    }

    private ClusterPlans.Joining joining() {
        return new ClusterPlans.Joining(
                hostId,
                endpoint,
                Endpoint.ipv4(0x7f000001 + index, 9042),
                new Location("dc" + index % 2, "rack" + index % 3),
                "0.1.0",
                TOKENS,
                1);
    }

    // ---- gossip

    private void gossipTick(Life running) {
        if (process == running) {
            performGossip(running, running.gossiper.onTick(now(running), wallMicros()));
            simulation.after(SECOND, () -> gossipTick(running));
        }
    }

    private void performGossip(Life running, List<GossipEffect> effects) {
        for (GossipEffect effect : new ArrayList<>(effects)) {
            switch (effect) {
                case GossipEffect.Send(Endpoint to, var message) ->
                        send(to, GOSSIP, GossipCodec.encode(message), () -> "");
                case GossipEffect.DiscoveryEnded(DiscoveryOutcome outcome) ->
                        discovered(running, outcome);
                case GossipEffect.Changed(Endpoint of, int key, String value) -> {
                    if (key == StateKey.METADATA_EPOCH.number()) {
                        heard(running, of, Long.parseLong(value));
                    }
                }
                case GossipEffect.GenerationRaised(long raised) -> generation = raised;
                case GossipEffect.Discovered _,
                        GossipEffect.Restarted _,
                        GossipEffect.Up _,
                        GossipEffect.Down _,
                        GossipEffect.Warned _ -> {}
            }
        }
    }

    private void heard(Life running, Endpoint of, long epoch) {
        run(running, () -> running.agreement.onPeerEpoch(of, epoch, now(running)));
    }

    private void discovered(Life running, DiscoveryOutcome outcome) {
        simulation.say(() -> "%s discovers %s".formatted(this, outcome));
        switch (outcome) {
            case DiscoveryOutcome.MayCreate _ -> {
                if (!begin(running)) {
                    return;
                }
                UUID clusterId = new UUID(simulation.random.nextLong(), index);
                ClusterNode first =
                        joining().withTokens(List.of(1L + index, 1L << 61, 1L << 62, -1L << 62));
                ClusterState state =
                        ClusterState.create(
                                clusterId, CLUSTER_NAME, first, SystemSchema.initial(List.of()));
                run(running, () -> running.agreement.create(state, now(running)));
            }
            case DiscoveryOutcome.Found(Endpoint answered, _) -> {
                if (begin(running)) {
                    List<Endpoint> contacts = new ArrayList<>(cluster.seeds());
                    contacts.add(answered);
                    run(running, () -> running.agreement.join(contacts, null, now(running)));
                }
            }
            case DiscoveryOutcome.Conflict _,
                    DiscoveryOutcome.Refused _,
                    DiscoveryOutcome.TimedOut _ -> {
                // The process would end and be started again.
                crash();
                simulation.after(SECOND, this::start);
            }
        }
    }

    private static boolean begin(Life running) {
        boolean first = !running.begun;
        running.begun = true;
        return first;
    }

    @Override
    public String toString() {
        return "node " + index;
    }
}
