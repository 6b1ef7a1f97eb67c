package io.helenus.gossip.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class RingTest {
    private static final Member ONE = Rings.member(1, "dc1", "r1");
    private static final Member TWO = Rings.member(2, "dc1", "r1");
    private static final Ring RING =
            Ring.builder().add(ONE, 100, -50).add(TWO, Long.MIN_VALUE, 7).build();

    record Conflict(Runnable made, String named) {}

    static Stream<Conflict> conflicts() {
        return Stream.of(
                new Conflict(() -> RING.with(ONE, 5), "Host id"),
                new Conflict(
                        () ->
                                RING.with(
                                        new Member(new UUID(9, 9), ONE.endpoint(), ONE.location()),
                                        5),
                        "Address 10.0.0.1:7000"),
                new Conflict(
                        () -> RING.with(Rings.member(3, "dc1", "r1"), 7),
                        "Token 7 is of both 10.0.0.2:7000(dc1:r1) and 10.0.0.3:7000(dc1:r1)"),
                new Conflict(() -> RING.with(Rings.member(3, "dc1", "r1")), "has no tokens"),
                new Conflict(() -> RING.without(new UUID(9, 9)), "No node of the ring has host id"),
                new Conflict(
                        () -> new RingChange.Leave(new UUID(9, 9)).applyTo(RING),
                        "No node of the ring has host id"));
    }

    @ParameterizedTest
    @MethodSource("conflicts")
    void aConflictNamesWhatItIsAbout(Conflict conflict) {
        assertThatThrownBy(conflict.made::run)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(conflict.named);
    }

    @Test
    void aTokenBelongsToTheNextMemberAndAfterTheLastToTheFirst() {
        assertThat(RING.owner(RING.indexOf(-51))).isEqualTo(ONE);
        assertThat(RING.owner(RING.indexOf(-50))).isEqualTo(ONE);
        assertThat(RING.owner(RING.indexOf(-49))).isEqualTo(TWO);
        assertThat(RING.owner(RING.indexOf(100))).isEqualTo(ONE);
        assertThat(RING.owner(RING.indexOf(101))).isEqualTo(TWO);
        assertThat(RING.rangesOf(TWO.hostId()))
                .containsExactly(new TokenRange(100, Long.MIN_VALUE), new TokenRange(-50, 7));
        assertThat(RING.tokensOf(ONE.hostId())).containsExactly(-50, 100);
    }

    @Test
    void equalRingsAreEqualHoweverTheyWereMade() {
        Ring other = Ring.EMPTY.with(TWO, 7, Long.MIN_VALUE).with(ONE, -50, 100);
        assertThat(other).isEqualTo(RING).hasSameHashCodeAs(RING);
        assertThat(RING.with(Rings.member(3, "dc2", "r1"), 3).without(new UUID(0, 3)))
                .isEqualTo(RING);
    }

    record Cut(TokenRange range, List<TokenRange> pieces) {}

    static Stream<Cut> cuts() {
        long min = Long.MIN_VALUE;
        long max = Long.MAX_VALUE;
        return Stream.of(
                new Cut(new TokenRange(1, 5), List.of(new TokenRange(1, 5))),
                new Cut(
                        new TokenRange(5, 1),
                        List.of(new TokenRange(5, max), new TokenRange(min, 1))),
                new Cut(
                        new TokenRange(5, 5),
                        List.of(new TokenRange(5, max), new TokenRange(min, 5))),
                new Cut(new TokenRange(5, min), List.of(new TokenRange(5, max))),
                new Cut(new TokenRange(max, 5), List.of(new TokenRange(min, 5))),
                new Cut(new TokenRange(min, min), List.of(new TokenRange(min, max))));
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void aRangeAroundTheEndIsTwo(Cut cut) {
        assertThat(cut.range.unwrapped()).isEqualTo(cut.pieces);
        for (long token : new long[] {-7, 1, 2, 5, 6, Long.MAX_VALUE}) {
            boolean inPiece = cut.pieces.stream().anyMatch(each -> each.contains(token));
            assertThat(inPiece).as("token %d", token).isEqualTo(cut.range.contains(token));
        }
    }

    @Test
    void localReplicationIsTheNodeItselfInAnyRing() {
        ReplicationStrategy local = new ReplicationStrategy.Local(ONE);
        for (Ring ring : List.of(Ring.EMPTY, RING)) {
            Placement placement = Placement.of(ring, List.of(), local);
            for (long token : new long[] {Long.MIN_VALUE, 0, Long.MAX_VALUE}) {
                assertThat(placement.writes(token).members()).containsExactly(ONE);
                assertThat(placement.pending(token).isEmpty()).isTrue();
            }
        }
    }

    @Test
    void anEmptyRingHasNoReplicas() {
        Placement empty = Placement.of(Ring.EMPTY, new ReplicationStrategy.Simple(3));
        assertThat(empty.natural(7).isEmpty()).isTrue();
        RingChange join = new RingChange.Join(ONE, new long[] {5});
        Placement first =
                Placement.of(Ring.EMPTY, List.of(join), new ReplicationStrategy.Simple(3));
        assertThat(first.natural(7).isEmpty()).isTrue();
        assertThat(first.pending(7).members()).containsExactly(ONE);
    }

    @Test
    void closestComeFirstAndKeepRingOrder() {
        Member far = Rings.member(3, "dc2", "r1");
        Member near = Rings.member(4, "dc1", "r2");
        Replicas replicas = new Replicas(List.of(far, near, TWO, ONE));
        assertThat(replicas.closestTo(ONE.location()).members())
                .containsExactly(TWO, ONE, near, far);
    }

    @Test
    void lookingUpReplicasAllocatesNothing() {
        Random random = new Random(7);
        Ring ring = Ring.EMPTY;
        for (int i = 1; i <= 12; i++) {
            ring = ring.with(Rings.member(i, "dc1", "r" + i % 3), Rings.tokens(random, 16));
        }
        Placement placement = Placement.of(ring, new ReplicationStrategy.Simple(3));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sizes = 0;
        long allocated = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) { // the first may load classes
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                long token = i * 0x9E3779B97F4A7C15L;
                sizes += placement.natural(token).size() + placement.pending(token).size();
                sizes += placement.writes(token).get(0).hostId().getLeastSignificantBits();
            }
            allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(sizes).isPositive();
        assertThat(allocated).isLessThan(100);
    }
}
