package io.helenus.engine.cluster.agreement;

import static io.helenus.engine.cluster.ClusterFixture.ddl;
import static io.helenus.engine.cluster.ClusterFixture.endpoint;
import static io.helenus.engine.cluster.ClusterFixture.first;
import static io.helenus.engine.cluster.ClusterFixture.host;
import static io.helenus.engine.cluster.ClusterFixture.members;
import static io.helenus.engine.cluster.ClusterFixture.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.helenus.engine.cluster.ClusterCodec;
import io.helenus.engine.cluster.ClusterFormatException;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.ClusterTransformation;
import io.helenus.engine.cluster.LogEntry;
import io.helenus.engine.error.CqlException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// One node's part, step by step.
final class AgreementTest {
    private static final String CREATE =
            "CREATE KEYSPACE ks WITH replication = {'class':'SimpleStrategy','replication_factor':1}";
    private static final long TIMEOUT = AgreementSettings.DEFAULT.proposalTimeoutNanos();
    private static final UUID PROPOSAL = new UUID(0xa, 1);
    private static final String NOT_WRITTEN =
            "The metadata log could not be written: No space left on device";

    /// A node whose effects are collected, and what it has written.
    private static final class Driver {
        final Agreement agreement;
        final List<AgreementRecord> disk = new ArrayList<>();
        final List<AgreementEffect> effects = new ArrayList<>();
        long sequence;
        int writes;

        Driver(int number) {
            agreement =
                    new Agreement(
                            AgreementSettings.DEFAULT,
                            AgreementRules.STANDARD,
                            host(number),
                            endpoint(number),
                            new SplittableRandom(number),
                            List.of());
        }

        static Driver of(int number, ClusterState state) {
            Driver driver = new Driver(number);
            driver.disk.add(
                    new AgreementRecord.Snapshot(ByteBuffer.wrap(ClusterCodec.encode(state))));
            driver.agreement.restore(driver.disk, 0);
            return driver;
        }

        Driver took(List<AgreementEffect> added) {
            effects.addAll(added);
            for (AgreementEffect effect : added) {
                if (effect instanceof AgreementEffect.Append(long at, AgreementRecord record)) {
                    sequence = at;
                    disk.add(record);
                    writes++;
                } else if (effect instanceof AgreementEffect.Rewrite(long at, var records)) {
                    sequence = at;
                    disk.clear();
                    disk.addAll(records);
                }
            }
            return this;
        }

        Driver forced() {
            return took(agreement.onForced(sequence, 0));
        }

        /// The last record is not on disk.
        void notWritten() {
            disk.removeLast();
            took(agreement.onNotWritten(sequence, "No space left on device", 0));
        }

        Driver heard(int from, long epoch, AgreementMessage.Body body) {
            UUID clusterId = Objects.requireNonNull(agreement.state()).clusterId();
            AgreementMessage message = new AgreementMessage(clusterId, host(from), epoch, body);
            return took(agreement.onMessage(endpoint(from), message, 0));
        }

        <T extends AgreementEffect> List<T> of(Class<T> type) {
            return effects.stream().filter(type::isInstance).map(type::cast).toList();
        }

        <T> List<T> sent(Class<T> type) {
            return of(AgreementEffect.Send.class).stream()
                    .map(send -> send.message().body())
                    .filter(type::isInstance)
                    .map(type::cast)
                    .toList();
        }

        Outcome outcome() {
            List<AgreementEffect.Answer> answers = of(AgreementEffect.Answer.class);
            assertThat(answers).hasSize(1);
            return answers.getFirst().outcome();
        }

        ClusterState state() {
            return Objects.requireNonNull(agreement.state());
        }
    }

    @Test
    void aClusterOfOneWritesOncePerChangeAndAnswersWhenThatIsForced() {
        Driver one = Driver.of(1, first());
        one.took(one.agreement.propose(PROPOSAL, ddl(CREATE), 0));
        assertThat(one.writes).isEqualTo(1);
        assertThat(one.of(AgreementEffect.Applied.class)).isEmpty();
        assertThat(one.of(AgreementEffect.Answer.class)).isEmpty();
        one.forced();
        assertThat(one.writes).isEqualTo(1);
        assertThat(one.of(AgreementEffect.Applied.class)).hasSize(1);
        assertThat(one.outcome()).isInstanceOf(Outcome.Committed.class);
        assertThat(one.state().schema().keyspace("ks")).isNotNull();
    }

    @Test
    void whatAClusterOfOneHasForcedIsThereAfterARestart() {
        Driver one = Driver.of(1, first());
        one.took(one.agreement.propose(PROPOSAL, ddl(CREATE), 0)); // and the process ends
        Driver again = new Driver(1);
        again.agreement.restore(one.disk, 0);
        assertThat(again.state().epochOf(PROPOSAL)).isEqualTo(2);
        assertThat(again.state().schema().keyspace("ks")).isNotNull();
        again.took(again.agreement.propose(PROPOSAL, ddl(CREATE), 0));
        assertThat(again.outcome()).isInstanceOf(Outcome.Committed.class);
        assertThat(again.writes).isZero();
    }

    @Test
    void whatThePlannerSaysIsTheAnswer() {
        Driver one = Driver.of(1, first());
        one.took(one.agreement.propose(PROPOSAL, ddl("DROP KEYSPACE nowhere"), 0));
        assertThat(one.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused ->
                                assertThat(refused.why())
                                        .isInstanceOf(CqlException.class)
                                        .hasMessageContaining("nowhere"));
        Driver two = Driver.of(1, first());
        two.took(two.agreement.propose(PROPOSAL, _ -> null, 0));
        assertThat(two.outcome()).isInstanceOf(Outcome.Unchanged.class);
        Driver three = Driver.of(1, first());
        three.took(
                three.agreement.propose(
                        PROPOSAL, _ -> new ClusterTransformation.AddMember(host(9)), 0));
        assertThat(three.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.why()).hasMessageContaining("no node"));
    }

    @Test
    void withoutAMajorityTheErrorNamesWhoDoesNotAnswer() {
        Driver two = Driver.of(2, members(3));
        two.took(two.agreement.propose(PROPOSAL, ddl(CREATE), 0)).forced();
        assertThat(two.sent(AgreementMessage.Prepare.class)).hasSize(2);
        two.took(two.agreement.onTick(TIMEOUT - 1));
        assertThat(two.of(AgreementEffect.Answer.class)).isEmpty();
        two.took(two.agreement.onTick(TIMEOUT));
        assertThat(two.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Unavailable.class,
                        unavailable -> {
                            assertThat(unavailable.why())
                                    .isEqualTo(
                                            "2 of 3 metadata members have to agree: no answer within"
                                                    + " 8000 ms from 127.0.0.1:7000,"
                                                    + " 127.0.0.3:7000");
                            assertThat(unavailable.silent())
                                    .extracting(ClusterNode::hostId)
                                    .containsExactly(host(1), host(3));
                        });
    }

    @Test
    void whatAMemberMayHaveAcceptedIsUnknownNotRefused() {
        Driver two = Driver.of(2, members(3));
        two.took(two.agreement.propose(PROPOSAL, ddl(CREATE), 0)).forced();
        AgreementMessage.Prepare asked = two.sent(AgreementMessage.Prepare.class).getFirst();
        two.heard(3, 7, new AgreementMessage.Promise(asked.epoch(), asked.ballot(), null));
        assertThat(two.sent(AgreementMessage.Accept.class)).hasSize(2);
        two.took(two.agreement.onTick(TIMEOUT));
        assertThat(two.outcome()).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void anAcceptorAnswersOnlyWhatIsForced() {
        Driver two = Driver.of(2, members(3));
        Ballot ballot = new Ballot(1, host(1), 7);
        two.heard(1, 7, new AgreementMessage.Prepare(8, ballot));
        assertThat(two.sent(AgreementMessage.Promise.class)).isEmpty();
        two.forced();
        assertThat(two.sent(AgreementMessage.Promise.class)).hasSize(1);
        two.heard(3, 7, new AgreementMessage.Prepare(8, new Ballot(0, host(3), 7)));
        assertThat(two.sent(AgreementMessage.Rejected.class))
                .containsExactly(
                        new AgreementMessage.Rejected(8, new Ballot(0, host(3), 7), ballot));
    }

    @Test
    void aNewProposerFinishesWhatAnotherBegan() {
        ClusterState state = members(3);
        LogEntry begun =
                new LogEntry(
                        8,
                        new UUID(0xa, 2),
                        host(1),
                        ByteBuffer.wrap(
                                ClusterCodec.encode(
                                        Objects.requireNonNull(ddl(CREATE).plan(state)))));
        Driver two = Driver.of(2, state);
        two.took(two.agreement.propose(PROPOSAL, ddl(CREATE), 0)).forced();
        AgreementMessage.Prepare asked = two.sent(AgreementMessage.Prepare.class).getFirst();
        Vote vote = new Vote(new Ballot(0, host(1), 3), begun);
        two.heard(3, 7, new AgreementMessage.Promise(8, asked.ballot(), vote));
        assertThat(two.sent(AgreementMessage.Accept.class))
                .allSatisfy(accept -> assertThat(accept.entry()).isEqualTo(begun));
        two.heard(3, 7, new AgreementMessage.Accepted(8, asked.ballot())).forced();
        assertThat(two.state().epochOf(begun.proposalId())).isEqualTo(8);
        assertThat(two.sent(AgreementMessage.Decided.class)).hasSize(2);
        assertThat(two.of(AgreementEffect.Answer.class)).isEmpty();
        assertThat(two.sent(AgreementMessage.Prepare.class).getLast().epoch()).isEqualTo(9);
    }

    @Test
    void whoIsFarBehindGetsASnapshot() {
        Driver one = Driver.of(1, members(3));
        one.heard(2, 1, new AgreementMessage.Pull(1));
        AgreementMessage.Snapshot sent = one.sent(AgreementMessage.Snapshot.class).getFirst();
        Driver two = Driver.of(2, first());
        two.heard(1, 7, sent);
        assertThat(two.of(AgreementEffect.Applied.class)).isEmpty();
        two.forced();
        assertThat(two.of(AgreementEffect.Applied.class).getFirst().after().hash())
                .isEqualTo(members(3).hash());
        Driver again = new Driver(2);
        again.agreement.restore(two.disk, 0);
        assertThat(again.state().epoch()).isEqualTo(7);
    }

    /// A process that was about to join ended; what it had asked for reaches the next one.
    @Test
    void aSnapshotForAnEarlierLifeDoesNotBeginThisOne() {
        Driver late = new Driver(3);
        ByteBuffer bytes = ByteBuffer.wrap(ClusterCodec.encode(members(2)));
        AgreementMessage snapshot =
                new AgreementMessage(
                        first().clusterId(), host(1), 4, new AgreementMessage.Snapshot(bytes));
        late.took(late.agreement.onMessage(endpoint(1), snapshot, 0));
        assertThat(late.agreement.state()).isNull();
        assertThat(late.effects).isEmpty();
        late.took(late.agreement.join(List.of(endpoint(1)), null, 0));
        late.took(late.agreement.onMessage(endpoint(1), snapshot, 0)).forced();
        assertThat(late.of(AgreementEffect.Applied.class)).hasSize(1);
    }

    @Test
    void whoHearsOfALaterEpochPulls() {
        Driver two = Driver.of(2, members(2));
        two.took(two.agreement.onPeerEpoch(endpoint(1), 9, 0));
        two.took(two.agreement.onPeerEpoch(endpoint(1), 9, 0)); // one at a time
        assertThat(two.sent(AgreementMessage.Pull.class))
                .containsExactly(new AgreementMessage.Pull(4));
    }

    @Test
    void aFailedWriteEndsTheNodesPart() {
        Driver one = Driver.of(1, first());
        one.took(one.agreement.propose(PROPOSAL, ddl(CREATE), 0));
        one.took(one.agreement.onDiskFailure("No space left on device", 0)).forced();
        assertThat(one.of(AgreementEffect.Halted.class)).hasSize(1);
        assertThat(one.of(AgreementEffect.Applied.class)).isEmpty();
        assertThat(one.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Unknown.class,
                        unknown ->
                                assertThat(unknown.why())
                                        .contains("The metadata log", "No space left on device"));
        one.effects.clear();
        one.took(one.agreement.propose(new UUID(0xa, 3), ddl(CREATE), 0));
        assertThat(one.outcome()).isInstanceOf(Outcome.Unavailable.class);
    }

    @Test
    void whatIsCertainlyNotOnDiskWasNeverAskedFor() {
        Driver one = Driver.of(1, first());
        one.took(one.agreement.propose(PROPOSAL, ddl(CREATE), 0));
        assertThat(one.agreement.mayTakeBack(one.sequence)).isTrue();
        one.disk.removeLast();
        one.took(one.agreement.onNotWritten(one.sequence, "No space left on device", 0));
        assertThat(one.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Unavailable.class,
                        unavailable ->
                                assertThat(unavailable.why())
                                        .isEqualTo(
                                                "The metadata log could not be written: No space"
                                                        + " left on device"));
        assertThat(one.of(AgreementEffect.Halted.class)).isEmpty();
        one.effects.clear();
        one.took(one.agreement.propose(new UUID(0xa, 3), ddl(CREATE), 0)).forced();
        assertThat(one.outcome()).isInstanceOf(Outcome.Committed.class);
        assertThat(one.writes).isEqualTo(2);
        Driver again = new Driver(1);
        again.agreement.restore(one.disk, 0);
        assertThat(again.state().hash()).isEqualTo(one.state().hash());
        assertThat(again.state().epochOf(PROPOSAL)).isNull();
    }

    @Test
    void aVoteThatIsNotOnDiskIsForgottenAndNobodyHearsOfIt() {
        Driver two = Driver.of(2, members(2));
        Ballot lower = new Ballot(1, host(1), 7);
        Ballot higher = new Ballot(2, host(1), 7);
        two.heard(1, 4, new AgreementMessage.Prepare(5, lower)).forced();
        assertThat(two.sent(AgreementMessage.Promise.class)).hasSize(1);
        two.heard(1, 4, new AgreementMessage.Prepare(5, higher));
        two.disk.removeLast();
        two.took(two.agreement.onNotWritten(two.sequence, "No space left on device", 0));
        two.forced();
        assertThat(two.sent(AgreementMessage.Promise.class)).hasSize(1);
        two.heard(1, 4, new AgreementMessage.Prepare(5, lower)).forced(); // that stands
        assertThat(two.sent(AgreementMessage.Promise.class)).hasSize(2);
        two.heard(1, 4, new AgreementMessage.Prepare(5, higher)).forced();
        assertThat(two.sent(AgreementMessage.Promise.class)).hasSize(3);
        assertThat(two.of(AgreementEffect.Halted.class)).isEmpty();
    }

    /// The short way: no other member is asked before this node's own vote is on disk.
    @Test
    void aMemberWhoseOwnVoteCannotBeWrittenSaysSoAtOnce() {
        Driver one = Driver.of(1, members(3));
        one.took(one.agreement.propose(PROPOSAL, ddl(CREATE), 0));
        one.notWritten();
        assertThat(one.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Unavailable.class,
                        unavailable -> assertThat(unavailable.why()).isEqualTo(NOT_WRITTEN));
        assertThat(one.of(AgreementEffect.Send.class)).isEmpty();
        one.effects.clear();
        one.took(one.agreement.propose(new UUID(0xa, 3), ddl(CREATE), 0)).forced();
        assertThat(one.sent(AgreementMessage.Accept.class)).hasSize(2);
    }

    @Test
    void ofTwoMembersBothAreNeeded() {
        Driver two = Driver.of(2, members(2));
        two.took(two.agreement.propose(PROPOSAL, ddl(CREATE), 0));
        assertThat(two.sent(AgreementMessage.Prepare.class)).hasSize(1);
        two.notWritten();
        assertThat(two.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Unavailable.class,
                        unavailable -> assertThat(unavailable.why()).isEqualTo(NOT_WRITTEN));
    }

    @Test
    void whatTheOtherOfTwoMayHaveAcceptedIsUnknown() {
        Driver two = Driver.of(2, members(2));
        two.took(two.agreement.propose(PROPOSAL, ddl(CREATE), 0)).forced();
        AgreementMessage.Prepare asked = two.sent(AgreementMessage.Prepare.class).getFirst();
        two.heard(
                1,
                asked.epoch() - 1,
                new AgreementMessage.Promise(asked.epoch(), asked.ballot(), null));
        assertThat(two.sent(AgreementMessage.Accept.class)).hasSize(1);
        two.notWritten();
        assertThat(two.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Unknown.class,
                        unknown -> assertThat(unknown.why()).isEqualTo(NOT_WRITTEN));
    }

    @Test
    void othersDecideWithoutAVoteThatCannotBeWritten() {
        Driver two = Driver.of(2, members(3));
        two.took(two.agreement.propose(PROPOSAL, ddl(CREATE), 0));
        AgreementMessage.Prepare asked = two.sent(AgreementMessage.Prepare.class).getFirst();
        two.notWritten();
        for (int other : new int[] {1, 3}) {
            two.heard(other, 7, new AgreementMessage.Promise(8, asked.ballot(), null));
        }
        assertThat(two.sent(AgreementMessage.Accept.class)).hasSize(2);
        two.notWritten();
        assertThat(two.of(AgreementEffect.Answer.class)).isEmpty();
        for (int other : new int[] {1, 3}) {
            two.heard(other, 7, new AgreementMessage.Accepted(8, asked.ballot()));
        }
        assertThat(two.sent(AgreementMessage.Decided.class)).hasSize(2);
        assertThat(two.of(AgreementEffect.Answer.class)).isEmpty();
        two.took(two.agreement.onWriteDelayed("No space left on device", 0));
        assertThat(two.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Unknown.class,
                        unknown -> assertThat(unknown.why()).isEqualTo(NOT_WRITTEN));
        two.forced(); // there is room again
        assertThat(two.of(AgreementEffect.Applied.class)).hasSize(1);
        assertThat(two.of(AgreementEffect.Answer.class)).hasSize(1);
        assertThat(two.state().epochOf(PROPOSAL)).isEqualTo(8);
    }

    @Test
    void whoseVoteHasToWaitForTheDiskWaitsForOthersIfTheyAreEnough() {
        for (int members : new int[] {2, 3}) {
            Driver one = Driver.of(1, members(members));
            long epoch = one.agreement.epoch();
            one.heard(2, epoch, new AgreementMessage.Prepare(epoch + 1, new Ballot(0, host(2), 7)));
            one.took(one.agreement.propose(PROPOSAL, ddl(CREATE), 0));
            assertThat(one.agreement.mayTakeBack(one.sequence)).isFalse(); // two records
            one.took(one.agreement.onWriteDelayed("No space left on device", 0));
            if (members == 3) {
                assertThat(one.of(AgreementEffect.Answer.class)).isEmpty();
                one.took(one.agreement.onTick(TIMEOUT));
            }
            assertThat(one.outcome()).isInstanceOf(Outcome.Unavailable.class);
        }
    }

    @Test
    void ofAProposalMadeAgainNobodyKnowsWithoutAMajority() {
        Driver two = Driver.of(2, members(3));
        two.took(two.agreement.proposeAgain(PROPOSAL, ddl(CREATE), 0)).forced();
        two.took(two.agreement.onTick(TIMEOUT));
        assertThat(two.outcome())
                .isInstanceOfSatisfying(
                        Outcome.Unknown.class,
                        unknown ->
                                assertThat(unknown.why()).contains("no answer", "127.0.0.3:7000"));
        two.effects.clear();
        two.took(two.agreement.onDiskFailure("broken", 0));
        two.took(two.agreement.proposeAgain(PROPOSAL, ddl(CREATE), 0));
        assertThat(two.outcome()).isInstanceOf(Outcome.Unknown.class);
    }

    @Test
    void aDecisionThatIsNotOnDiskEndsTheNodesPart() {
        Driver one = Driver.of(1, members(2));
        LogEntry entry =
                new LogEntry(
                        5,
                        PROPOSAL,
                        host(2),
                        ByteBuffer.wrap(
                                ClusterCodec.encode(
                                        new ClusterTransformation.RemoveMember(host(2)))));
        one.heard(2, 5, new AgreementMessage.Decided(entry));
        assertThat(one.agreement.mayTakeBack(one.sequence)).isFalse();
        one.took(one.agreement.onNotWritten(one.sequence, "No space left on device", 0));
        assertThat(one.of(AgreementEffect.Halted.class)).hasSize(1);
        assertThat(one.of(AgreementEffect.Applied.class)).isEmpty();
    }

    @Test
    void anotherClusterIsNotListenedTo() {
        Driver one = Driver.of(1, first());
        AgreementMessage message =
                new AgreementMessage(new UUID(9, 9), host(2), 5, new AgreementMessage.Pull(0));
        one.took(one.agreement.onMessage(endpoint(2), message, 0));
        one.took(one.agreement.onMessage(endpoint(2), message, 0));
        assertThat(one.of(AgreementEffect.Send.class)).isEmpty();
        assertThat(one.of(AgreementEffect.Warned.class)).hasSize(1);
        assertThat(one.of(AgreementEffect.Warned.class).getFirst().text())
                .contains("127.0.0.2:7000", "is of cluster " + new UUID(9, 9));
    }

    @Test
    void theStateOfANewClusterIsGivenAwayOnlyWhenItIsDurable() {
        Driver one = new Driver(1);
        one.took(one.agreement.create(first(), 0));
        one.heard(2, 0, new AgreementMessage.Pull(0));
        assertThat(one.sent(AgreementMessage.Snapshot.class)).isEmpty();
        one.forced().heard(2, 0, new AgreementMessage.Pull(0));
        assertThat(one.sent(AgreementMessage.Snapshot.class)).hasSize(1);
    }

    @Test
    void recordsInTheWrongOrderAreRefused() {
        Agreement agreement = new Driver(1).agreement;
        assertThatExceptionOfType(ClusterFormatException.class)
                .isThrownBy(() ->
                        agreement.restore(
                                List.of(new AgreementRecord.Promised(2, new Ballot(1, host(1), 1))),
                                0))
                .withMessageContaining("has no state");
        LogEntry later =
                new LogEntry(
                        9,
                        PROPOSAL,
                        host(1),
                        ByteBuffer.wrap(
                                ClusterCodec.encode(new ClusterTransformation.Register(node(2)))));
        assertThatExceptionOfType(ClusterFormatException.class)
                .isThrownBy(() ->
                        new Driver(1)
                                .agreement.restore(
                                        List.of(
                                                new AgreementRecord.Snapshot(
                                                        ByteBuffer.wrap(
                                                                ClusterCodec.encode(first()))),
                                                new AgreementRecord.Decided(later)),
                                        0))
                .withMessageContaining("where epoch 2 is next");
    }
}
