package io.helenus.gossip.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/// Laws of placement, for random rings of up to three data centres with up to four racks each.
class PlacementPropertyTest {
    /// A random ring and a random way to replicate in it.
    private static final class Case {
        final Random random;
        final Ring ring;
        final ReplicationStrategy strategy;
        final TreeMap<String, Integer> factors = new TreeMap<>();

        Case(long seed, int nodes) {
            random = new Random(seed);
            Ring made = Ring.EMPTY;
            for (int i = 1; i <= nodes; i++) {
                made = made.with(newMember(i), Rings.tokens(random, 1 + random.nextInt(8)));
            }
            ring = made;
            for (int i = 0; i < 3; i++) {
                factors.put("dc" + i, random.nextInt(5));
            }
            strategy =
                    random.nextInt(4) == 0
                            ? new ReplicationStrategy.Simple(1 + random.nextInt(5))
                            : new ReplicationStrategy.NetworkTopology(factors);
        }

        Member newMember(int number) {
            return Rings.member(number, "dc" + random.nextInt(3), "rack" + random.nextInt(4));
        }
    }

    @Property(tries = 300)
    void everyRangeHasItsReplicasInDistinctRacksWhereThereAreEnough(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 14) int nodes) {
        Case made = new Case(seed, nodes);
        Placement placement = Placement.of(made.ring, made.strategy);
        for (int i = 0; i < placement.rangeCount(); i++) {
            Replicas replicas = placement.naturalOfRange(i);
            assertThat(new HashSet<>(replicas.members())).hasSize(replicas.size());
            assertThat(placement.pendingOfRange(i)).isEqualTo(Replicas.NONE);
            if (made.strategy instanceof ReplicationStrategy.Simple(int factor)) {
                assertThat(replicas.size()).isEqualTo(Math.min(factor, nodes));
                continue;
            }
            made.factors.forEach((dataCenter, factor) -> {
                List<Member> there = made.ring.inDataCenter(dataCenter).members();
                Set<String> racks = racks(there);
                assertThat(replicas.countIn(dataCenter)).isEqualTo(Math.min(factor, there.size()));
                List<Member> taken = replicas.members().stream().filter(there::contains).toList();
                assertThat(racks(taken)).hasSize(Math.min(factor, racks.size()));
            });
        }
    }

    private static Set<String> racks(List<Member> members) {
        Set<String> racks = new TreeSet<>();
        members.forEach(member -> racks.add(member.location().rack()));
        return racks;
    }

    @Property(tries = 200)
    void aTokenHasTheReplicasOfTheRangeThatContainsIt(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 10) int nodes, @ForAll long token) {
        Case made = new Case(seed, nodes);
        Placement placement = Placement.of(made.ring, made.strategy);
        int containing = 0;
        for (int i = 0; i < placement.rangeCount(); i++) {
            if (placement.range(i).contains(token)) {
                containing++;
                assertThat(placement.natural(token)).isEqualTo(placement.naturalOfRange(i));
                assertThat(made.ring.range(i)).isEqualTo(placement.range(i));
            }
        }
        assertThat(containing).isEqualTo(1);
    }

    @Property(tries = 200)
    void aJoiningNodeAloneGainsAndALeavingOneAloneLoses(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 12) int nodes) {
        Case made = new Case(seed, nodes);
        Member joining = made.newMember(nodes + 1);
        RingChange.Join join =
                new RingChange.Join(joining, Rings.tokens(made.random, 1 + made.random.nextInt(8)));
        Placement before = Placement.of(made.ring, made.strategy);
        Placement after = Placement.of(join.applyTo(made.ring), made.strategy);
        for (RangeMovement movement : RangeMovement.between(before, after)) {
            movement.gained().forEach(each -> assertThat(each).isEqualTo(joining));
        }
        for (RangeMovement movement : RangeMovement.between(after, before)) {
            movement.lost().forEach(each -> assertThat(each).isEqualTo(joining));
        }
    }

    @Property(tries = 200)
    void whoeverIsNaturalAfterAChangeWasNaturalOrPendingBefore(
            @ForAll long seed, @ForAll @IntRange(min = 4, max = 12) int nodes) {
        Case made = new Case(seed, nodes);
        List<RingChange> changes = new ArrayList<>();
        changes.add(new RingChange.Join(made.newMember(nodes + 1), Rings.tokens(made.random, 4)));
        changes.add(new RingChange.Leave(new UUID(0, 1)));
        changes.add(new RingChange.Replace(new UUID(0, 2), made.newMember(nodes + 2)));
        changes.add(new RingChange.Move(new UUID(0, 3), Rings.tokens(made.random, 3)));
        int count = 1 + made.random.nextInt(changes.size());
        List<RingChange> underWay = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            underWay.add(changes.remove(made.random.nextInt(changes.size())));
        }
        Placement during = Placement.of(made.ring, underWay, made.strategy);
        Ring settled = made.ring;
        for (RingChange change : underWay) {
            settled = change.applyTo(settled);
        }
        Placement after = Placement.of(settled, made.strategy);
        for (int i = 0; i < 200; i++) {
            long token = made.random.nextLong();
            assertThat(during.writes(token).members())
                    .containsAll(after.natural(token).members())
                    .doesNotHaveDuplicates();
            assertThat(during.natural(token))
                    .isEqualTo(Placement.of(made.ring, made.strategy).natural(token));
            assertThat(during.writes(token).minus(during.natural(token)))
                    .isEqualTo(during.pending(token));
        }
    }

    @Property(tries = 200)
    void movementsAreExactlyWhereReplicasDiffer(
            @ForAll long seed, @ForAll @IntRange(min = 2, max = 10) int nodes) {
        Case made = new Case(seed, nodes);
        Placement before = Placement.of(made.ring, made.strategy);
        Placement after = Placement.of(made.ring.without(new UUID(0, 1)), made.strategy);
        List<RangeMovement> movements = RangeMovement.between(before, after);
        for (int i = 0; i < 200; i++) {
            long token = made.random.nextLong();
            Set<Member> then = new HashSet<>(before.natural(token).members());
            Set<Member> now = new HashSet<>(after.natural(token).members());
            long moved = movements.stream().filter(each -> each.range().contains(token)).count();
            assertThat(moved).isEqualTo(then.equals(now) ? 0 : 1);
        }
    }

    @Property(tries = 100)
    void ownershipAddsUpToTheNumberOfReplicas(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 10) int nodes) {
        Case made = new Case(seed, nodes);
        Placement placement = Placement.of(made.ring, made.strategy);
        double sum = placement.ownership().values().stream().mapToDouble(Double::doubleValue).sum();
        assertThat(sum)
                .isCloseTo(
                        placement.naturalOfRange(0).size(),
                        org.assertj.core.data.Offset.offset(1e-9));
    }
}
