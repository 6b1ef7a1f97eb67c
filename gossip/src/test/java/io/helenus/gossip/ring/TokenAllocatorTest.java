package io.helenus.gossip.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TokenAllocatorTest {
    private static final int SEEDS = 100;

    /// Nodes added one by one, by the racks they are in, and how uneven their shares may end.
    record Growth(String name, List<String> racks, int factor, int seeds, double ratioMax) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static List<String> cycle(int nodes, int racks) {
        return IntStream.range(0, nodes).mapToObj(i -> "r" + i % racks).toList();
    }

    static Stream<Growth> growths() {
        List<String> byRack = new ArrayList<>(cycle(9, 3));
        Collections.sort(byRack);
        List<String> mixed = List.of("r0", "r0", "r1", "r2", "r2", "r1", "r0", "r1", "r2");
        return Stream.of(
                new Growth("9 nodes in 3 racks in turn", cycle(9, 3), 3, SEEDS, 1.10),
                new Growth("9 nodes in 3 racks, rack by rack", byRack, 3, SEEDS, 1.10),
                new Growth("9 nodes in 3 racks, mixed", mixed, 3, SEEDS, 1.10),
                new Growth("9 nodes in one rack", cycle(9, 1), 3, 30, 1.10),
                new Growth("9 nodes in 9 racks", cycle(9, 9), 3, 30, 1.10),
                new Growth("9 nodes, one copy", cycle(9, 1), 1, SEEDS, 1.10),
                new Growth("10 nodes in 5 racks", cycle(10, 5), 3, 20, 1.15),
                new Growth("30 nodes in 3 racks", cycle(30, 3), 3, 20, 1.10),
                new Growth("30 nodes in one rack", cycle(30, 1), 3, 2, 1.15),
                new Growth("90 nodes in 3 racks", cycle(90, 3), 3, 2, 1.15));
    }

    @ParameterizedTest
    @MethodSource("growths")
    void sharesStayEvenWhileNodesAreAdded(Growth growth) {
        double worst = 0;
        double sum = 0;
        for (int seed = 0; seed < growth.seeds; seed++) {
            double ratio = ratio(grow(growth, seed), growth.factor);
            worst = Math.max(worst, ratio);
            sum += ratio;
        }
        System.out.printf(
                "%-34s max/mean of replicated ownership: mean %.3f, worst of %d seeds %.3f%n",
                growth, sum / growth.seeds, growth.seeds, worst);
        assertThat(worst).isLessThanOrEqualTo(growth.ratioMax);
    }

    private static Ring grow(Growth growth, long seed) {
        Random random = new Random(seed);
        Ring ring = Ring.EMPTY;
        for (int i = 0; i < growth.racks.size(); i++) {
            Member member = Rings.member(i + 1, "dc1", growth.racks.get(i));
            long[] tokens =
                    TokenAllocator.allocate(
                            ring, member, TokenAllocator.DEFAULT_TOKENS, growth.factor, random);
            assertThat(tokens).hasSize(TokenAllocator.DEFAULT_TOKENS).doesNotHaveDuplicates();
            ring = ring.with(member, tokens);
        }
        return ring;
    }

    private static double ratio(Ring ring, int factor) {
        ReplicationStrategy strategy =
                ReplicationStrategy.NetworkTopology.of(java.util.Map.of("dc1", factor));
        double[] shares =
                Placement.of(ring, strategy).ownership().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray();
        assertThat(shares).hasSize(ring.members().size());
        double mean = Arrays.stream(shares).sum() / shares.length;
        return Arrays.stream(shares).max().orElse(0) / mean;
    }

    @Test
    void dataCentersDoNotDisturbEachOther() {
        Random random = new Random(5);
        Ring ring = Ring.EMPTY;
        for (int i = 0; i < 18; i++) {
            Member member = Rings.member(i + 1, "dc" + i % 2, "r" + i / 2 % 3);
            ring = ring.with(member, TokenAllocator.allocate(ring, member, 16, 3, random));
        }
        assertThat(ratio(ring.inDataCenter("dc1"), 3)).isLessThanOrEqualTo(1.10);
    }

    @Test
    void theSameArgumentsGiveTheSameTokens() {
        Growth growth = new Growth("", cycle(7, 1), 3, 1, 2);
        assertThat(grow(growth, 3)).isEqualTo(grow(growth, 3)).isNotEqualTo(grow(growth, 4));
    }

    @Test
    void anyNumberOfTokensIsGiven() {
        for (int count : new int[] {1, 2, 16, 256, TokenAllocator.TOKENS_MAX}) {
            Random random = new Random(count);
            Ring ring = Ring.EMPTY;
            for (int i = 1; i <= 4; i++) {
                Member member = Rings.member(i, "dc1", "r" + i % 2);
                long[] tokens = TokenAllocator.allocate(ring, member, count, 3, random);
                assertThat(tokens).hasSize(count).doesNotContain(Murmur3Token.MIN).isSorted();
                ring = ring.with(member, tokens);
            }
        }
    }

    @Test
    void wrongNumbersAreRefusedByName() {
        Member member = Rings.member(1, "dc1", "r1");
        Random random = new Random(1);
        assertThatThrownBy(() -> TokenAllocator.allocate(Ring.EMPTY, member, 0, 3, random))
                .hasMessage("num_tokens is 0, must be in 1..1024");
        assertThatThrownBy(() -> TokenAllocator.allocate(Ring.EMPTY, member, 16, 0, random))
                .hasMessageContaining("Replication factor");
    }
}
