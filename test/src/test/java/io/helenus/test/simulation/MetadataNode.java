package io.helenus.test.simulation;

import static io.helenus.test.simulation.Simulation.MILLI;
import static io.helenus.test.simulation.Simulation.SECOND;

import io.helenus.engine.cluster.ClusterPlanner;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.agreement.Agreement;
import io.helenus.engine.cluster.agreement.AgreementRecord;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.ClusterIdentity;
import io.helenus.gossip.exchange.Generations;
import io.helenus.gossip.exchange.GossipRules;
import io.helenus.gossip.exchange.GossipSettings;
import io.helenus.gossip.exchange.Gossiper;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One node of a run: what survives a crash, its disk and its wall clock before all, and its process, if
/// it runs.
final class MetadataNode {
    static final String CLUSTER_NAME = "Test";

    private static final long START_WALL_MICROS = 1_800_000_000L * 1_000_000;

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
    private @Nullable MetadataProcess process;
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

    boolean isRunning(MetadataProcess asked) {
        return process == asked;
    }

    /// It was removed from the cluster.
    boolean isGone() {
        return gone;
    }

    /// It takes no more steps into the cluster.
    boolean isLeaving() {
        return leaving;
    }

    SimulatedDisk disk() {
        return disk;
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
        return process == null ? null : process.applied();
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
        long clockNanos = simulation.random.nextLong() >> 2; // may overflow soon
        MetadataProcess begun = new MetadataProcess(this, cluster, agreement, gossiper, clockNanos);
        process = begun;
        List<AgreementRecord> records =
                disk.open(begun).stream()
                        .map(each -> AgreementRecord.of(ByteBuffer.wrap(each)))
                        .toList();
        simulation.say(() -> "%s starts with %s".formatted(this, shown(records)));
        begun.begin(records);
    }

    private static List<String> shown(List<AgreementRecord> records) {
        return records.stream()
                .map(each ->
                        each instanceof AgreementRecord.Snapshot ? "a snapshot" : each.toString())
                .toList();
    }

    /// Somebody does what its broken disk needs, and starts it again.
    void replaceDisk(MetadataProcess halted) {
        if (process == halted) {
            crash();
            start();
        }
    }

    void crash() {
        MetadataProcess ended = process;
        if (ended == null) {
            return;
        }
        simulation.say(() -> this + " crashes");
        simulation.trace(index, 0xdead, new byte[0]);
        if (simulation.random.nextBoolean()) {
            cluster.network.loseAllFrom(index); // it had not left the machine
        }
        process = null;
        disk.crash();
        UUID step = ended.abandon();
        if (step != null) {
            repeatedStep = step;
        }
    }

    /// The process stands still for a while: its timers are late.
    void jumpClock(long nanos) {
        if (process != null) {
            process.jumpClock(nanos);
            simulation.say(() -> "%s: clock jumps by %d ms".formatted(this, nanos / MILLI));
        }
        wallSkewMicros += nanos / 1000 * (simulation.random.nextBoolean() ? 1 : -1);
    }

    /// The wall clock is wrong by that much from now on.
    void setClock(long skewNanos) {
        wallSkewMicros = skewNanos / 1000;
        simulation.say(() -> "%s: clock is off by %d s".formatted(this, skewNanos / SECOND));
    }

    long wallMicros() {
        return START_WALL_MICROS + simulation.nowNanos() / 1_000 + wallSkewMicros;
    }

    void raiseGeneration(long raised) {
        generation = raised;
    }

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
        if (process != null) {
            process.wakeUp();
        }
    }

    /// Nothing is under way here, and it is where it wants to be.
    boolean isSettled() {
        return process == null || process.isStuck() ? gone : process.isSettled();
    }

    /// Whether it has heard from this one that it is there and which epoch it is at.
    boolean hears(MetadataNode other, long epoch) {
        if (process == null || !process.seesUp(other.endpoint)) {
            return other == this;
        }
        return process.hasHeard(other.endpoint, epoch);
    }

    // ---- what is asked of it

    /// @param proposalId of an earlier one whose outcome is unknown, or null
    UUID propose(@Nullable UUID proposalId, String marker, ClusterPlanner planner) {
        UUID id = proposalId == null ? newProposal() : proposalId;
        if (process != null) {
            process.propose(id, proposalId != null, marker, planner);
        }
        return id;
    }

    UUID newProposal() {
        return new UUID(0x1d00 + index, ++nextId);
    }

    /// The step into the cluster whose outcome this node does not know, if there is one; it is taken up
    /// now.
    @Nullable UUID takeRepeatedStep() {
        UUID repeated = repeatedStep;
        repeatedStep = null;
        return repeated;
    }

    /// @param step null if its outcome is known
    void repeatStep(@Nullable UUID step) {
        repeatedStep = step;
    }

    void receive(MetadataNode from, byte[] bytes) {
        if (process != null) {
            process.receive(from.endpoint, bytes);
        }
    }

    @Override
    public String toString() {
        return "node " + index;
    }
}
