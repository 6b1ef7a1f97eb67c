package io.helenus.gossip.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import io.helenus.gossip.exchange.GossipEffect.DownReason;
import io.helenus.gossip.exchange.GossipEffect.Warning;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Single stories of two or three nodes, message by message.
final class GossiperTest {
    private static final long SECOND = 1_000_000_000;
    private static final long WALL = 1_800_000_000L * 1_000_000;
    private static final long GENERATION = 1_800_000_000L;
    private static final UUID CLUSTER_ID = new UUID(5, 5);
    private static final ClusterIdentity CLUSTER =
            new ClusterIdentity("Test", "Murmur3", CLUSTER_ID);
    private static final Endpoint A = Endpoint.of("10.0.0.1", 7000);
    private static final Endpoint B = Endpoint.of("10.0.0.2", 7000);
    private static final Endpoint C = Endpoint.of("10.0.0.3", 7000);

    private record Mail(Endpoint from, Endpoint to, GossipMessage message) {}

    private final TreeMap<Endpoint, Gossiper> running = new TreeMap<>();
    private final TreeMap<Endpoint, Long> clocks = new TreeMap<>();
    private final ArrayDeque<Mail> mail = new ArrayDeque<>();
    private final List<GossipEffect> seen = new ArrayList<>(); // all but messages, of all nodes
    private @Nullable Mail lost; // nothing goes from its sender to its receiver
    private long now = SECOND;

    private static Gossiper make(
            Endpoint self, long host, long generation, ClusterIdentity cluster) {
        return new Gossiper(
                GossipSettings.DEFAULT,
                cluster,
                self,
                new UUID(0, host),
                generation,
                List.of(A),
                new SplittableRandom(host),
                GossipRules.STANDARD);
    }

    private Gossiper start(Endpoint self, long host, long generation) {
        return start(self, host, generation, CLUSTER);
    }

    private Gossiper start(Endpoint self, long host, long generation, ClusterIdentity cluster) {
        Gossiper made = make(self, host, generation, cluster);
        made.start(null);
        running.put(self, made);
        return made;
    }

    private long wall(Endpoint endpoint) {
        return WALL + now / 1_000 + clocks.getOrDefault(endpoint, 0L);
    }

    private void perform(Endpoint node, List<GossipEffect> effects) {
        for (GossipEffect effect : effects) {
            if (effect instanceof GossipEffect.Send(Endpoint to, GossipMessage message)) {
                mail.add(new Mail(node, to, message));
            } else {
                seen.add(effect);
            }
        }
    }

    /// All tick, then all messages arrive, and those that they cause.
    private void rounds(int count) {
        for (int i = 0; i < count; i++) {
            now += SECOND;
            for (Gossiper each : List.copyOf(running.values())) {
                perform(each.self(), each.onTick(now, wall(each.self())));
            }
            deliver();
        }
    }

    private void deliver() {
        Mail next = mail.poll();
        while (next != null) {
            Gossiper to = running.get(next.to);
            Mail gone = lost;
            boolean arrives =
                    gone == null || !next.from.equals(gone.from) || !next.to.equals(gone.to);
            if (to != null && arrives) {
                perform(next.to, to.onMessage(next.from, next.message, now, wall(next.to)));
            }
            next = mail.poll();
        }
    }

    private Gossiper node(Endpoint endpoint) {
        return Objects.requireNonNull(running.get(endpoint));
    }

    private <T extends GossipEffect> List<T> seen(Class<T> kind) {
        return seen.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private List<Warning> warnings() {
        return seen(GossipEffect.Warned.class).stream().map(GossipEffect.Warned::warning).toList();
    }

    private void startThree() {
        start(A, 1, GENERATION);
        start(B, 2, GENERATION);
        start(C, 3, GENERATION);
        rounds(10);
    }

    @Test
    void nodesLearnOfEachOtherAndWhatTheySay() {
        Gossiper a = start(A, 1, GENERATION);
        Gossiper c = start(C, 3, GENERATION);
        start(B, 2, GENERATION);
        c.set(StateKey.DATA_CENTER, "east");
        c.set(StateKey.RACK, "r1");
        rounds(10);
        assertThat(a.nodes().stream().map(NodeView::endpoint)).containsExactly(A, B, C);
        assertThat(a.nodes()).allMatch(NodeView::up);
        NodeView seenOfC = Objects.requireNonNull(a.node(C));
        assertThat(seenOfC.location()).isEqualTo(new Location("east", "r1"));
        assertThat(seenOfC.hostId()).isEqualTo(new UUID(0, 3));

        seen.clear();
        c.set(StateKey.METADATA_EPOCH, "17");
        c.set(StateKey.METADATA_EPOCH, "17"); // says nothing new
        c.set(StateKey.METADATA_EPOCH, "18");
        rounds(10);
        assertThat(seen)
                .containsExactly(
                        new GossipEffect.Changed(C, StateKey.METADATA_EPOCH.number(), "18"),
                        new GossipEffect.Changed(C, StateKey.METADATA_EPOCH.number(), "18"));
    }

    @Test
    void keysOfALaterReleaseAreKeptAndPassedOn() {
        startThree();
        seen.clear();
        NodeDelta delta =
                new NodeDelta(
                        Endpoint.of("10.0.0.9", 7000),
                        GENERATION,
                        0,
                        0,
                        List.of(new StateEntry(250, 1, "new")));
        mail.add(new Mail(B, A, new GossipMessage.Ack2(List.of(delta))));
        rounds(15);
        assertThat(seen(GossipEffect.Changed.class))
                .hasSize(3)
                .allMatch(changed -> changed.key() == 250 && changed.value().equals("new"));
    }

    @Test
    void aRestartedNodeIsAnewOneUnderItsAddress() {
        startThree();
        Gossiper c = start(C, 3, GENERATION + 1);
        seen.clear();
        rounds(10);
        assertThat(seen)
                .contains(new GossipEffect.Down(C, DownReason.RESTARTED, 0))
                .contains(new GossipEffect.Restarted(C, GENERATION + 1))
                .contains(new GossipEffect.Up(C));
        assertThat(c.liveCount()).isEqualTo(2);
    }

    @Test
    void aNodeThatRestartsUnderAnOldGenerationRaisesIt() {
        startThree();
        Gossiper c = start(C, 3, GENERATION - 100); // its disk was restored from a backup
        seen.clear();
        rounds(10);
        assertThat(c.generation()).isEqualTo(GENERATION + 1);
        assertThat(seen).contains(new GossipEffect.GenerationRaised(GENERATION + 1));
        assertThat(seen).contains(new GossipEffect.Restarted(C, GENERATION + 1));
        assertThat(running.values()).allMatch(each -> each.liveCount() == 2);
    }

    @Test
    void aSilentNodeIsConvictedAndComesBackWhenItAnswers() {
        startThree();
        seen.clear();
        Gossiper c = node(C);
        running.remove(C);
        rounds(10);
        assertThat(seen(GossipEffect.Down.class)).isEmpty();
        rounds(30);
        assertThat(seen(GossipEffect.Down.class))
                .hasSize(2)
                .allMatch(down -> down.reason() == DownReason.CONVICTED && down.phi() > 8);
        running.put(C, c);
        seen.clear();
        rounds(10);
        assertThat(seen(GossipEffect.Up.class)).contains(new GossipEffect.Up(C));
        assertThat(running.values()).allMatch(each -> each.liveCount() == 2);
    }

    @Test
    void aNodeThatCannotBeReachedIsNotUpThoughOthersTalkOfIt() {
        lost = new Mail(B, C, new GossipMessage.Echo(0));
        startThree();
        assertThat(node(B).node(C)).isNotNull();
        assertThat(node(B).isUp(C)).isFalse();
        assertThat(node(A).isUp(C)).isTrue();
        lost = null;
        rounds(10);
        assertThat(node(B).isUp(C)).isTrue();
    }

    @Test
    void aStoppedNodeIsDownAtOnceAndStaysSoUntilItStartsAnew() {
        startThree();
        seen.clear();
        Gossiper c = node(C);
        perform(C, c.shutdown());
        deliver();
        assertThat(seen)
                .containsExactly(
                        new GossipEffect.Down(C, DownReason.SHUT_DOWN, 0),
                        new GossipEffect.Down(C, DownReason.SHUT_DOWN, 0));
        assertThat(c.onTick(now, WALL)).isEmpty();
        seen.clear();
        rounds(10);
        assertThat(seen(GossipEffect.Up.class)).isEmpty();
        assertThatThrownBy(() -> c.resume(GENERATION, now)).hasMessageContaining("must be over");
        c.resume(GENERATION + 5, now);
        rounds(10);
        assertThat(seen(GossipEffect.Up.class)).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aShutdownOfAnEarlierLifeChangesNothing() {
        startThree();
        start(C, 3, GENERATION + 1);
        rounds(10);
        seen.clear();
        mail.add(new Mail(C, A, new GossipMessage.Shutdown(GENERATION)));
        deliver();
        assertThat(seen).isEmpty();
    }

    @Test
    void aRemovedNodeStaysUnknownWhateverOthersSay() {
        startThree();
        running.remove(C);
        Gossiper a = node(A);
        seen.clear();
        perform(A, a.remove(C, now, wall(A)));
        assertThat(seen).containsExactly(new GossipEffect.Down(C, DownReason.REMOVED, 0));
        rounds(5);
        assertThat(a.node(C)).isNull(); // B still talks of it
        rounds(70);
        assertThat(a.node(C)).as("after the quarantine, the same generation").isNull();
        start(C, 3, GENERATION + 200);
        rounds(10);
        assertThat(a.isUp(C)).as("a new life after the quarantine").isTrue();
    }

    @Test
    void anewLifeWithinTheQuarantineHasToWait() {
        startThree();
        Gossiper a = node(A);
        perform(A, a.remove(C, now, wall(A)));
        start(C, 3, GENERATION + 200);
        rounds(50);
        assertThat(a.node(C)).isNull();
        rounds(20);
        assertThat(a.isUp(C)).isTrue();
        assertThatThrownBy(() -> a.remove(A, now, WALL)).hasMessageContaining("itself");
    }

    @Test
    void aGenerationFarInTheFutureIsRefusedOnceAMinute() {
        long year = 365L * 24 * 3600;
        start(A, 1, GENERATION);
        start(B, 2, GENERATION + 2 * year);
        start(C, 3, GENERATION + year - 1000); // strange, but possible
        rounds(50);
        Gossiper a = node(A);
        assertThat(a.node(B)).isNull();
        assertThat(a.isUp(C)).isTrue();
        assertThat(warnings().stream().filter(each -> each == Warning.GENERATION_TOO_NEW).count())
                .isEqualTo(2); // A and C
    }

    @Test
    void clocksThatJumpDisturbNothingButAreNamed() {
        startThree();
        seen.clear();
        clocks.put(B, 3_600L * 1_000_000); // an hour ahead
        rounds(30);
        assertThat(warnings()).contains(Warning.CLOCK_SKEW);
        assertThat(seen(GossipEffect.Warned.class))
                .anyMatch(warned -> warned.text().contains("10.0.0.2:7000 is 3600 s ahead of"));
        clocks.put(A, -10L * 365 * 24 * 3600 * 1_000_000); // ten years back
        start(C, 3, GENERATION + 1);
        rounds(30);
        assertThat(running.values()).allMatch(each -> each.liveCount() == 2);
        assertThat(seen(GossipEffect.Down.class))
                .allMatch(down -> down.reason() == DownReason.RESTARTED);
    }

    @Test
    void aPauseOfThisProcessConvictsNobody() {
        startThree();
        seen.clear();
        now += 40 * SECOND; // all stood still
        rounds(20);
        assertThat(seen(GossipEffect.Down.class)).isEmpty();
        assertThat(warnings()).containsOnly(Warning.LOCAL_PAUSE).hasSize(3);
    }

    record Foreigner(ClusterIdentity cluster, String named) {}

    static Stream<Foreigner> foreigners() {
        return Stream.of(
                new Foreigner(
                        new ClusterIdentity("Other", "Murmur3", CLUSTER_ID),
                        "its cluster_name is 'Other', here it is 'Test'"),
                new Foreigner(
                        new ClusterIdentity("Test", "Random", CLUSTER_ID),
                        "its partitioner is Random, here it is Murmur3"),
                new Foreigner(
                        new ClusterIdentity("Test", "Murmur3", new UUID(6, 6)),
                        "two clusters were created"));
    }

    @ParameterizedTest
    @MethodSource("foreigners")
    void aNodeOfAnotherClusterIsRefusedAndTold(Foreigner foreigner) {
        Gossiper a = start(A, 1, GENERATION);
        Gossiper b = start(B, 2, GENERATION, foreigner.cluster);
        rounds(5);
        assertThat(a.node(B)).isNull();
        assertThat(b.node(A)).isNull();
        assertThat(warnings()).containsExactly(Warning.FOREIGN_CLUSTER, Warning.REFUSED_BY_PEER);
        assertThat(seen(GossipEffect.Warned.class))
                .allMatch(warned -> warned.text().contains(foreigner.named));
    }

    @Test
    void aSecondNodeWithTheSameAddressIsNamed() {
        startThree();
        Gossiper impostor = start(C, 33, GENERATION + 7);
        seen.clear();
        rounds(10);
        Gossiper c = make(C, 3, GENERATION, CLUSTER);
        c.start(null);
        running.put(C, c); // the true one is there again, and hears what the other said
        rounds(10);
        assertThat(impostor.generation()).isEqualTo(GENERATION + 7);
        assertThat(warnings()).contains(Warning.DUPLICATE_ADDRESS);
    }

    @Test
    void aDeltaWithAGapIsNotTaken() {
        Gossiper a = start(A, 1, GENERATION);
        NodeDelta late =
                new NodeDelta(B, GENERATION, 10, 20, List.of(new StateEntry(7, 15, "late")));
        perform(A, a.onMessage(B, new GossipMessage.Ack2(List.of(late)), now, WALL));
        assertThat(a.node(B)).isNull();
        NodeDelta first = new NodeDelta(B, GENERATION, 0, 10, List.of());
        perform(A, a.onMessage(B, new GossipMessage.Ack2(List.of(first, late)), now, WALL));
        assertThat(a.digest(B)).isEqualTo(new NodeDigest(B, GENERATION, 20));
    }

    @Test
    void noMoreNodesAreLearnedThanTheLimit() {
        GossipSettings few =
                new GossipSettings(
                        SECOND,
                        16,
                        4096,
                        3,
                        SECOND,
                        0,
                        SECOND,
                        1000,
                        1000,
                        GossipSettings.DEFAULT.detector());
        Gossiper a =
                new Gossiper(
                        few,
                        CLUSTER,
                        A,
                        new UUID(0, 1),
                        GENERATION,
                        List.of(),
                        new SplittableRandom(1),
                        GossipRules.STANDARD);
        a.start(null);
        for (int i = 10; i < 20; i++) {
            NodeDelta delta = new NodeDelta(Endpoint.ipv4(i, 7000), GENERATION, 0, 1, List.of());
            perform(A, a.onMessage(B, new GossipMessage.Ack2(List.of(delta)), now, WALL));
        }
        assertThat(a.knownCount()).isEqualTo(3);
        assertThat(warnings()).contains(Warning.TOO_MANY_NODES);
    }

    @Test
    void nothingIsSaidBeforeTheStartAndWrongValuesAreRefused() {
        Gossiper a = make(A, 1, GENERATION, CLUSTER);
        running.put(A, a);
        start(B, 2, GENERATION);
        rounds(3);
        assertThat(node(B).node(A)).isNull();
        assertThatThrownBy(() -> a.set(StateKey.LOAD, "é".repeat(513)))
                .hasMessage("LOAD has 1026 bytes, at most 1024 are allowed");
        assertThatThrownBy(() -> make(A, 1, 0, CLUSTER)).hasMessageContaining("Generation is 0");
        assertThatThrownBy(() -> GossipSettings.DEFAULT.withMessageLimits(1 << 20, 1 << 20))
                .hasMessageContaining("digestsMax");
        assertThatThrownBy(() -> GossipSettings.DEFAULT.withMessageLimits(16, 100))
                .hasMessageContaining("deltaBytesMax");
    }

    @Test
    void generationsAlwaysGrow() {
        assertThat(Generations.next(0, WALL)).isEqualTo(WALL / 1_000_000);
        assertThat(Generations.next(GENERATION * 2, WALL)).isEqualTo(GENERATION * 2 + 1);
        assertThat(Generations.next(0, -5)).isEqualTo(1);
    }
}
