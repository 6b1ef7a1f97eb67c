package io.helenus.engine.cluster;

import static io.helenus.engine.cluster.ClusterFixture.apply;
import static io.helenus.engine.cluster.ClusterFixture.endpoint;
import static io.helenus.engine.cluster.ClusterFixture.entry;
import static io.helenus.engine.cluster.ClusterFixture.first;
import static io.helenus.engine.cluster.ClusterFixture.host;
import static io.helenus.engine.cluster.ClusterFixture.members;
import static io.helenus.engine.cluster.ClusterFixture.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helenus.engine.cluster.ClusterTransformation.AddMember;
import io.helenus.engine.cluster.ClusterTransformation.FinishJoin;
import io.helenus.engine.cluster.ClusterTransformation.Register;
import io.helenus.engine.cluster.ClusterTransformation.Remove;
import io.helenus.engine.cluster.ClusterTransformation.RemoveMember;
import io.helenus.engine.cluster.ClusterTransformation.StartLeave;
import io.helenus.engine.cluster.ClusterTransformation.Update;
import io.helenus.gossip.Location;
import io.helenus.gossip.ring.RingChange;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What becomes of a state, and what is refused.
final class ClusterStateTest {
    /// @param named what the message has to have in it
    record Invalid(ClusterState state, ClusterTransformation change, String named) {}

    static Stream<Invalid> invalid() {
        ClusterState one = first();
        ClusterState joining = apply(one, new Register(node(2)));
        ClusterState leaving =
                apply(members(3), new RemoveMember(host(2)), new StartLeave(host(2)));
        ClusterNode sameAddress = node(9).withAddresses(endpoint(1), endpoint(1), "0.1.0");
        ClusterNode sameToken =
                new ClusterNode(
                        host(9),
                        endpoint(9),
                        endpoint(9),
                        new Location("dc1", "r"),
                        NodeState.JOINING,
                        "0.1.0",
                        List.of(5L, 1000L));
        return Stream.of(
                new Invalid(one, new Register(node(1)), "registered already"),
                new Invalid(one, new Register(sameAddress), "127.0.0.1:7000 is of node"),
                new Invalid(one, new Register(sameToken), "Token 1000 is of 127.0.0.1:7000"),
                new Invalid(one, new FinishJoin(host(1)), "is NORMAL, only one that is JOINING"),
                new Invalid(one, new FinishJoin(host(7)), "no node " + host(7)),
                new Invalid(
                        joining, new StartLeave(host(2)), "is JOINING, only one that is NORMAL"),
                new Invalid(leaving, new StartLeave(host(2)), "is LEAVING"),
                new Invalid(one, new Remove(host(1)), "is a metadata member"),
                new Invalid(one, new Remove(host(3)), "no node"),
                new Invalid(joining, new AddMember(host(2)), "only a normal one"),
                new Invalid(leaving, new AddMember(host(2)), "only a normal one"),
                new Invalid(one, new AddMember(host(1)), "already"),
                new Invalid(one, new RemoveMember(host(1)), "the only metadata member"),
                new Invalid(joining, new RemoveMember(host(2)), "is no metadata member"),
                new Invalid(
                        joining,
                        new Update(host(2), endpoint(1), endpoint(1), "0.1.0"),
                        "is of node " + host(1)));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void whatDoesNotFitIsRefusedAndSaysWhy(Invalid each) {
        assertThatExceptionOfType(InvalidTransformationException.class)
                .isThrownBy(() -> apply(each.state, each.change))
                .withMessageContaining(each.named);
    }

    @Test
    void aNodeComesAndGoes() {
        ClusterState joining = apply(first(), new Register(node(2)));
        assertThat(joining.ring().members()).containsExactly(node(1).member());
        assertThat(joining.ringChanges())
                .containsExactly(new RingChange.Join(node(2).member(), node(2).tokenArray()));
        ClusterState normal = apply(joining, new FinishJoin(host(2)));
        assertThat(normal.ring().members()).hasSize(2);
        assertThat(normal.ringChanges()).isEmpty();
        ClusterState leaving = apply(normal, new StartLeave(host(2)));
        assertThat(leaving.ring()).isEqualTo(normal.ring());
        assertThat(leaving.ringChanges()).containsExactly(new RingChange.Leave(host(2)));
        assertThat(apply(leaving, new Remove(host(2))).ring()).isEqualTo(first().ring());
    }

    @Test
    void theHashTellsLogsApart() {
        ClusterState one = apply(first(), new Register(node(2)), new FinishJoin(host(2)));
        ClusterState same = apply(first(), new Register(node(2)), new FinishJoin(host(2)));
        ClusterState other = apply(first(), new Register(node(3)), new FinishJoin(host(3)));
        assertThat(one.hash()).isEqualTo(same.hash()).isNotEqualTo(other.hash());
        assertThat(one.epoch()).isEqualTo(3);
    }

    @Test
    void anEntryIsAppliedOnceAndInOrder() {
        ClusterState before = first();
        LogEntry entry = entry(before, new Register(node(2)));
        ClusterState after = before.apply(entry);
        assertThat(after.epochOf(entry.proposalId())).isEqualTo(2);
        assertThatExceptionOfType(InvalidTransformationException.class)
                .isThrownBy(() -> after.apply(entry))
                .withMessageContaining("entry 2 does not follow epoch 2");
        LogEntry again = new LogEntry(3, entry.proposalId(), host(2), entry.transformation());
        assertThatExceptionOfType(InvalidTransformationException.class)
                .isThrownBy(() -> after.apply(again))
                .withMessageContaining("is in the log already");
    }

    @Test
    void membersAreFilledUpFromOtherRacksFirst() {
        ClusterState state = first(); // node 1 is in rack1, as node 4 is
        for (int i = 2; i <= 4; i++) {
            state = apply(state, new Register(node(i)), new FinishJoin(host(i)));
        }
        assertThat(state.suggestedMember()).isEqualTo(host(2));
        state = apply(state, new AddMember(host(2)));
        assertThat(state.suggestedMember()).isEqualTo(host(3));
        state = apply(state, new AddMember(host(3)));
        assertThat(state.suggestedMember()).isNull();
    }

    @Test
    void joiningChoosesTokensThatNobodyHasAndIsDoneWhenRepeated() {
        ClusterNode wanted = node(2);
        ClusterPlans.Joining joining =
                new ClusterPlans.Joining(
                        wanted.hostId(),
                        wanted.endpoint(),
                        wanted.nativeEndpoint(),
                        wanted.location(),
                        wanted.release(),
                        16,
                        3);
        ClusterPlanner planner = ClusterPlans.register(joining, new Random(1));
        ClusterTransformation planned = Objects.requireNonNull(planner.plan(first()));
        assertThat(planned).isInstanceOf(Register.class);
        ClusterState state = apply(first(), planned);
        assertThat(Objects.requireNonNull(state.node(host(2))).tokens()).hasSize(16);
        assertThat(planner.plan(state)).isNull();
        ClusterState finished = apply(state, new FinishJoin(host(2)));
        assertThat(ClusterPlans.finishJoin(host(2)).plan(finished)).isNull();
    }

    @Test
    void leavingGivesUpMembershipBeforeTheNodeIsGone() {
        ClusterState state = members(3);
        assertThat(ClusterPlans.startLeave(host(2)).plan(state)).isEqualTo(new StartLeave(host(2)));
        assertThat(ClusterPlans.remove(host(2)).plan(state)).isEqualTo(new StartLeave(host(2)));
        state = apply(state, new StartLeave(host(2)));
        assertThat(ClusterPlans.startLeave(host(2)).plan(state))
                .isEqualTo(new RemoveMember(host(2)));
        state = apply(state, new RemoveMember(host(2)));
        assertThat(state.suggestedMember()).isNull();
        assertThat(ClusterPlans.startLeave(host(2)).plan(state)).isNull();
        assertThat(ClusterPlans.remove(host(2)).plan(state)).isEqualTo(new Remove(host(2)));
    }
}
