package io.helenus.tools.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClusterPlanTest {
    private static ClusterPlan plan(String nodes) {
        return ClusterPlan.parse(nodes, ClusterPlan.FIRST_ADDRESS);
    }

    @Test
    void addressesFollowEachOtherAndRacksGoRoundInEachDataCentre() {
        assertThat(plan("a:4,b:2").nodes())
                .containsExactly(
                        LocalNode.stopped("127.0.0.1", "a", "rack1"),
                        LocalNode.stopped("127.0.0.2", "a", "rack2"),
                        LocalNode.stopped("127.0.0.3", "a", "rack3"),
                        LocalNode.stopped("127.0.0.4", "a", "rack1"),
                        LocalNode.stopped("127.0.0.5", "b", "rack1"),
                        LocalNode.stopped("127.0.0.6", "b", "rack2"));
        assertThat(ClusterPlan.parse("x:2", "127.0.3.9").nodes())
                .extracting(LocalNode::address)
                .containsExactly("127.0.3.9", "127.0.3.10");
    }

    record Seeds(String nodes, List<String> seeds) {}

    static Stream<Seeds> seeds() {
        return Stream.of(
                new Seeds("a:1", List.of("127.0.0.1")),
                new Seeds("a:2", List.of("127.0.0.1", "127.0.0.2")),
                new Seeds("a:5", List.of("127.0.0.1", "127.0.0.2", "127.0.0.3")),
                new Seeds("a:3,b:3,c:3", List.of("127.0.0.1", "127.0.0.4", "127.0.0.7")),
                new Seeds("a:3,b:1", List.of("127.0.0.1", "127.0.0.4", "127.0.0.2")),
                new Seeds("a:1,b:1,c:1,d:1", List.of("127.0.0.1", "127.0.0.2", "127.0.0.3")));
    }

    @ParameterizedTest
    @MethodSource
    void seeds(Seeds row) {
        assertThat(plan(row.nodes()).seeds()).isEqualTo(row.seeds());
    }

    @Test
    void aPlanReadsAsItWasWritten() {
        assertThat(plan("a:4,b:2").text()).isEqualTo("a:4,b:2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a | --nodes is 'a': 'a' is not DC:COUNT, such as dc1:3",
                "a:0 | --nodes is 'a:0': 'a:0' is not DC:COUNT, such as dc1:3",
                "a:x | --nodes is 'a:x': 'a:x' is not DC:COUNT, such as dc1:3",
                "a:-1 | --nodes is 'a:-1': 'a:-1' is not DC:COUNT, such as dc1:3",
                "a:3, | --nodes is 'a:3,': '' is not DC:COUNT, such as dc1:3",
                "a b:3 | --nodes is 'a b:3': 'a b:3' is not DC:COUNT, such as dc1:3",
                "a:3,a:2 | --nodes is 'a:3,a:2': data centre 'a' is there twice",
                "a:255 | --nodes has 255 nodes; from 127.0.0.1 on there are addresses for 254",
            })
    void whatIsNoPlanIsSaid(String nodes, String message) {
        assertThatThrownBy(() -> plan(nodes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(message);
    }

    @ParameterizedTest
    @CsvSource({"localhost", "10.0.0.1", "::1", "127.0.0"})
    void nodesAreOnlyOfThisMachine(String first) {
        assertThatThrownBy(() -> ClusterPlan.parse("a:1", first))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "--first-address is '%s', must be an address of this machine alone, such as"
                                + " 127.0.0.1",
                        first);
    }
}
