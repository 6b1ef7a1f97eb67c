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
import io.helenus.gossip.exchange.DiscoveryOutcome;
import io.helenus.gossip.exchange.GossipCodec;
import io.helenus.gossip.exchange.GossipEffect;
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

/// The process of a [MetadataNode], until it crashes: drives gossip and agreement as the real one does,
/// and performs effects in their order, never inline. What it has asked the simulation for and what comes
/// after its end does nothing any more.
final class MetadataProcess implements SimulatedDisk.User {
    private static final int GOSSIP = 1;
    private static final int AGREEMENT = 2;
    private static final int TOKENS = 4;
    private static final String FULL = "the disk is full";

    private final MetadataNode node;
    private final MetadataCluster cluster;
    private final Simulation simulation;
    private final Agreement agreement;
    private final Gossiper gossiper;
    private final long clockNanos; // what its monotonic clock is ahead of the simulation
    private final TreeSet<UUID> waiting = new TreeSet<>(); // clients' proposals
    private @Nullable ClusterState applied;
    private long wakeAtNanos = Long.MAX_VALUE;
    private @Nullable UUID step; // the proposal that brings this node further into the cluster
    private boolean begun;
    private boolean diskFailed;
    private long jumpedNanos;

    MetadataProcess(
            MetadataNode node,
            MetadataCluster cluster,
            Agreement agreement,
            Gossiper gossiper,
            long clockNanos) {
        this.node = node;
        this.cluster = cluster;
        simulation = cluster.simulation;
        this.agreement = agreement;
        this.gossiper = gossiper;
        this.clockNanos = clockNanos;
    }

    private boolean isAlive() {
        return node.isRunning(this);
    }

    private long now() {
        return simulation.nowNanos() + clockNanos + jumpedNanos;
    }

    void jumpClock(long nanos) {
        jumpedNanos += nanos;
    }

    @Nullable ClusterState applied() {
        return applied;
    }

    /// @param records that are on its disk
    void begin(List<AgreementRecord> records) {
        records.forEach(this::look);
        if (records.isEmpty()) {
            performGossip(gossiper.discover(now(), node.wallMicros()));
        } else {
            begun = true;
            try {
                agreement.restore(records, now());
            } catch (ClusterFormatException e) {
                throw simulation.failure(node + " cannot start: " + e.getMessage());
            }
            ClusterState state = agreement.state();
            if (state != null) {
                gossiper.start(state.clusterId());
                cluster.checker.applied(node.toString(), null, state, null);
                onState(state);
            }
            run(List::of);
        }
        simulation.after(simulation.between(0, SECOND), this::gossipTick);
    }

    /// What is written as decided is what others have.
    private void look(AgreementRecord record) {
        if (record instanceof AgreementRecord.Decided(LogEntry entry)) {
            cluster.checker.learned(node.toString(), entry);
        }
    }

    /// It has crashed: nobody hears what becomes of proposals.
    ///
    /// @return the step into the cluster that was under way
    @Nullable UUID abandon() {
        waiting.forEach(cluster.checker::abandoned);
        if (step != null) {
            cluster.checker.abandoned(step);
        }
        return step;
    }

    void wakeUp() {
        if (begun) {
            run(() -> agreement.onTick(now()));
        }
    }

    /// It has no state yet, or never gets another one.
    boolean isStuck() {
        return applied == null || agreement.halted() != null;
    }

    /// Nothing is under way here, and the node is where it wants to be.
    boolean isSettled() {
        ClusterState state = applied;
        ClusterNode known = state == null ? null : state.node(node.hostId());
        return state != null
                && known != null
                && known.state() == NodeState.NORMAL
                && !node.hostId().equals(state.suggestedMember())
                && step == null
                && waiting.isEmpty()
                && agreement.epoch() == state.epoch();
    }

    boolean seesUp(Endpoint other) {
        return gossiper.isUp(other);
    }

    /// Whether the other one has told that it is at this epoch.
    boolean hasHeard(Endpoint other, long epoch) {
        NodeView view = gossiper.node(other);
        return view != null && Long.toString(epoch).equals(view.get(StateKey.METADATA_EPOCH));
    }

    // ---- the disk

    @Override
    public void forced(long sequence) {
        run(() -> agreement.onForced(sequence, now()));
    }

    @Override
    public void failed() {
        diskFailed = true;
        run(() -> agreement.onDiskFailure("the disk is broken", now()));
        if (isAlive() && agreement.halted() == null) {
            throw simulation.failure(node + " goes on without a disk");
        }
        simulation.after(simulation.spread(100 * MILLI, 4 * SECOND), () -> node.replaceDisk(this));
    }

    @Override
    public boolean mayTakeBack(long sequence) {
        return agreement.mayTakeBack(sequence);
    }

    @Override
    public void notWritten(long sequence) {
        run(() -> agreement.onNotWritten(sequence, FULL, now()));
    }

    @Override
    public void delayed() {
        run(() -> agreement.onWriteDelayed(FULL, now()));
    }

    // ---- messages

    void receive(Endpoint from, byte[] bytes) {
        ByteBuffer body = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        if (bytes[0] == GOSSIP) {
            performGossip(
                    gossiper.onMessage(from, GossipCodec.decode(body), now(), node.wallMicros()));
            return;
        }
        run(() -> agreement.onMessage(from, AgreementCodec.decode(body), now()));
    }

    private void send(Endpoint to, int kind, byte[] body, Supplier<String> text) {
        byte[] bytes = new byte[body.length + 1];
        bytes[0] = (byte) kind;
        System.arraycopy(body, 0, bytes, 1, body.length);
        cluster.send(node, to, bytes, text);
    }

    // ---- agreement

    /// What a client wants, unless it wants it already.
    ///
    /// @param again it wanted it before, and its outcome is unknown
    void propose(UUID id, boolean again, String marker, ClusterPlanner planner) {
        if (applied != null && waiting.add(id)) {
            cluster.checker.asked(id, marker);
            propose(id, again, planner);
        }
    }

    private void propose(UUID id, boolean again, ClusterPlanner planner) {
        run(() ->
                again
                        ? agreement.proposeAgain(id, planner, now())
                        : agreement.propose(id, planner, now()));
    }

    /// Does something with the agreement, if the process still runs, and what follows from it.
    private void run(Supplier<List<AgreementEffect>> action) {
        if (!isAlive()) {
            return;
        }
        for (AgreementEffect effect : action.get()) {
            perform(effect);
            cluster.performed(node, effect);
            if (!isAlive()) {
                return; // a crash in between: the others are never performed
            }
        }
        long wake = simulation.nowNanos() + Math.max(MILLI, agreement.wakeAfterNanos(now()));
        if (wake < wakeAtNanos) {
            wakeAtNanos = wake;
            simulation.after(wake - simulation.nowNanos(), () -> wake(wake));
        }
    }

    private void wake(long atNanos) {
        if (isAlive() && wakeAtNanos == atNanos) {
            wakeAtNanos = Long.MAX_VALUE;
            run(() -> agreement.onTick(now()));
        }
    }

    private void perform(AgreementEffect effect) {
        switch (effect) {
            case AgreementEffect.Send(Endpoint to, var message) ->
                    send(to, AGREEMENT, AgreementCodec.encode(message), message::toString);
            case AgreementEffect.Append(long sequence, AgreementRecord record) -> {
                look(record);
                node.disk().append(sequence, record.toBytes());
            }
            case AgreementEffect.Rewrite(long sequence, List<AgreementRecord> records) ->
                    node.disk()
                            .replace(
                                    sequence,
                                    records.stream().map(AgreementRecord::toBytes).toList());
            case AgreementEffect.Applied(
                            ClusterState before,
                            ClusterState after,
                            LogEntry entry) -> {
                simulation.say(() -> "%s applies %s: %s".formatted(node, entry, after));
                cluster.checker.applied(node.toString(), before, after, entry);
                if (before == null) {
                    gossiper.start(after.clusterId());
                }
                forgetRemoved(before, after);
                onState(after);
            }
            case AgreementEffect.Answer(UUID id, Outcome outcome) -> {
                simulation.say(() -> "%s answers %s: %s".formatted(node, id, outcome));
                cluster.checker.answered(id, outcome);
                waiting.remove(id);
                cluster.answered(node, id, outcome);
                if (id.equals(step)) {
                    onStep(id, outcome);
                }
            }
            case AgreementEffect.Halted(String why) -> {
                simulation.say(() -> "%s halts: %s".formatted(node, why));
                if (!diskFailed) {
                    throw simulation.failure(node + " halts: " + why);
                }
            }
            case AgreementEffect.Warned(_, String text) ->
                    simulation.say(() -> "%s warns: %s".formatted(node, text));
        }
    }

    private void forgetRemoved(@Nullable ClusterState before, ClusterState after) {
        if (before == null) {
            return;
        }
        for (ClusterNode each : before.nodes().values()) {
            if (after.node(each.hostId()) == null && !each.hostId().equals(node.hostId())) {
                performGossip(gossiper.remove(each.endpoint(), now(), node.wallMicros()));
            }
        }
    }

    private void onState(ClusterState state) {
        applied = state;
        gossiper.set(StateKey.METADATA_EPOCH, Long.toString(state.epoch()));
        gossiper.set(StateKey.SCHEMA_VERSION, state.schema().version().toString());
        if (step == null) {
            simulation.after(MILLI, this::nextStep);
        }
    }

    /// Brings this node into the cluster: registered, then with its data, then perhaps a member.
    private void nextStep() {
        ClusterState state = applied;
        if (!isAlive() || step != null || state == null || node.isLeaving()) {
            return;
        }
        ClusterNode known = state.node(node.hostId());
        ClusterPlanner planner = null;
        if (known == null) {
            planner = ClusterPlans.register(joining(), new SplittableRandom(node.index));
        } else if (known.state() == NodeState.JOINING) {
            planner = ClusterPlans.finishJoin(node.hostId());
        } else if (node.hostId().equals(state.suggestedMember())) {
            planner = ClusterPlans.fillMembers();
        }
        if (planner == null) {
            return;
        }
        UUID repeated = node.takeRepeatedStep();
        UUID id = repeated == null ? node.newProposal() : repeated;
        step = id;
        cluster.checker.asked(id, "");
        propose(id, repeated != null, planner);
    }

    private void onStep(UUID id, Outcome outcome) {
        step = null;
        node.repeatStep(outcome instanceof Outcome.Unknown ? id : null);
        simulation.after(simulation.between(MILLI, 2 * SECOND), this::nextStep);
    }

    private ClusterPlans.Joining joining() {
        int index = node.index;
        return new ClusterPlans.Joining(
                node.hostId(),
                node.endpoint,
                Endpoint.ipv4(0x7f000001 + index, 9042),
                new Location("dc" + index % 2, "rack" + index % 3),
                "0.1.0",
                TOKENS,
                1);
    }

    // ---- gossip

    private void gossipTick() {
        if (isAlive()) {
            performGossip(gossiper.onTick(now(), node.wallMicros()));
            simulation.after(SECOND, this::gossipTick);
        }
    }

    private void performGossip(List<GossipEffect> effects) {
        for (GossipEffect effect : new ArrayList<>(effects)) {
            switch (effect) {
                case GossipEffect.Send(Endpoint to, var message) ->
                        send(to, GOSSIP, GossipCodec.encode(message), () -> "");
                case GossipEffect.DiscoveryEnded(DiscoveryOutcome outcome) -> discovered(outcome);
                case GossipEffect.Changed(Endpoint of, int key, String value) -> {
                    if (key == StateKey.METADATA_EPOCH.number()) {
                        heard(of, Long.parseLong(value));
                    }
                }
                case GossipEffect.GenerationRaised(long raised) -> node.raiseGeneration(raised);
                case GossipEffect.Discovered _,
                        GossipEffect.Restarted _,
                        GossipEffect.Up _,
                        GossipEffect.Down _,
                        GossipEffect.Warned _ -> {}
            }
        }
    }

    private void heard(Endpoint of, long epoch) {
        run(() -> agreement.onPeerEpoch(of, epoch, now()));
    }

    private void discovered(DiscoveryOutcome outcome) {
        simulation.say(() -> "%s discovers %s".formatted(node, outcome));
        switch (outcome) {
            case DiscoveryOutcome.MayCreate _ -> {
                if (isFirst()) {
                    createCluster();
                }
            }
            case DiscoveryOutcome.Found(Endpoint answered, _) -> {
                if (isFirst()) {
                    List<Endpoint> contacts = new ArrayList<>(cluster.seeds());
                    contacts.add(answered);
                    run(() -> agreement.join(contacts, null, now()));
                }
            }
            case DiscoveryOutcome.Conflict _,
                    DiscoveryOutcome.Refused _,
                    DiscoveryOutcome.TimedOut _ -> {
                // The process would end and be started again.
                node.crash();
                simulation.after(SECOND, node::start);
            }
        }
    }

    private boolean isFirst() {
        boolean first = !begun;
        begun = true;
        return first;
    }

    private void createCluster() {
        UUID clusterId = new UUID(simulation.random.nextLong(), node.index);
        ClusterNode first =
                joining().withTokens(List.of(1L + node.index, 1L << 61, 1L << 62, -1L << 62));
        ClusterState state =
                ClusterState.create(
                        clusterId,
                        MetadataNode.CLUSTER_NAME,
                        first,
                        SystemSchema.initial(List.of()));
        run(() -> agreement.create(state, now()));
    }
}
