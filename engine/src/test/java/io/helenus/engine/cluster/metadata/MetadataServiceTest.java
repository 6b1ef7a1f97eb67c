package io.helenus.engine.cluster.metadata;

import static io.helenus.engine.cluster.ClusterFixture.ddl;
import static io.helenus.engine.cluster.ClusterFixture.endpoint;
import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.cluster.metadata.ServiceCluster.Member;
import io.helenus.engine.messaging.Message;
import io.helenus.engine.messaging.RequestFailure;
import io.helenus.engine.messaging.ResponseHandler;
import io.helenus.engine.messaging.Verb;
import io.helenus.gossip.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetadataServiceTest {
    private static final String CREATE =
            "CREATE KEYSPACE ks WITH replication = {'class':'SimpleStrategy','replication_factor':1}";
    private static final long SECOND = ServiceCluster.SECOND;

    @TempDir private Path directory;
    private ServiceCluster cluster = new ServiceCluster(Path.of(""));

    @BeforeEach
    void begin() {
        cluster = new ServiceCluster(directory);
    }

    @AfterEach
    void end() throws IOException {
        cluster.close();
    }

    @Test
    void listenersHaveHeardOfAChangeBeforeItsAuthorIsAnswered() throws IOException {
        Member one = cluster.create();
        List<String> heard = new ArrayList<>();
        one.service.addListener((before, after) -> {
            heard.add("%s -> %d".formatted(before == null ? "-" : before.epoch(), after.epoch()));
            assertThat(one.service.current()).isSameAs(after);
        });
        var _ =
                one.service
                        .propose(ddl(CREATE))
                        .thenAccept(outcome -> heard.add(outcome.getClass().getSimpleName()));
        cluster.run(SECOND);
        assertThat(heard).containsExactly("1 -> 2", "Committed");
        assertThat(one.service.epoch()).isEqualTo(2);
    }

    @Test
    void aListenerThatFailsHoldsNothingUp() throws IOException {
        Member one = cluster.create();
        one.service.addListener((_, _) -> {
            throw new IllegalStateException("broken listener");
        });
        assertThat(cluster.await(one.service.propose(ddl(CREATE))))
                .isInstanceOf(Outcome.Committed.class);
    }

    @Test
    void agreedMeansThatAllHaveAppliedIt() throws IOException {
        Member one = cluster.create();
        Member two = cluster.join(2);
        Member three = cluster.join(3);
        assertThat(cluster.await(two.service.propose(ddl(CREATE))))
                .isInstanceOfSatisfying(
                        Outcome.Committed.class,
                        committed -> {
                            assertThat(cluster.await(two.service.agreed(committed.epoch(), SECOND)))
                                    .isEmpty();
                            assertThat(one.service.epoch()).isEqualTo(committed.epoch());
                            assertThat(three.service.state().hash())
                                    .isEqualTo(one.service.state().hash());
                        });
    }

    @Test
    void whoDoesNotSaySoIsNamed() throws IOException {
        Member one = cluster.create();
        var _ = cluster.join(2);
        Member three = cluster.join(3);
        cluster.cutOff.add(three.endpoint);
        assertThat(cluster.await(one.service.propose(ddl(CREATE))))
                .isInstanceOf(Outcome.Committed.class);
        List<ClusterNode> silent =
                cluster.await(one.service.agreed(one.service.epoch(), 2 * SECOND));
        assertThat(silent).extracting(ClusterNode::endpoint).containsExactly(three.endpoint);
        cluster.cutOff.clear();
        cluster.run(10 * SECOND); // it asks now and then
        assertThat(three.service.epoch()).isEqualTo(one.service.epoch());
    }

    @Test
    void whoHearsOfALaterEpochCatchesUp() throws IOException {
        Member one = cluster.create();
        Member two = cluster.join(2);
        Member three = cluster.join(3);
        cluster.cutOff.add(two.endpoint);
        assertThat(cluster.await(one.service.propose(ddl(CREATE))))
                .isInstanceOf(Outcome.Committed.class);
        cluster.cutOff.clear();
        two.service.onPeerEpoch(three.endpoint, one.service.epoch());
        cluster.run(SECOND / 10);
        assertThat(two.service.epoch()).isEqualTo(one.service.epoch());
    }

    @Test
    void anEpochThatDoesNotComeIsNotWaitedForForEver() throws IOException {
        Member one = cluster.create();
        CompletableFuture<?> waiting = one.service.reached(99, SECOND).toCompletableFuture();
        cluster.run(SECOND / 2);
        assertThat(waiting).isNotDone();
        cluster.run(SECOND);
        assertThat(waiting.isCompletedExceptionally()).isTrue();
        assertThat(waiting.exceptionNow())
                .isInstanceOf(TimeoutException.class)
                .hasMessageContaining("99")
                .hasMessageContaining("this node is at 1");
    }

    @Test
    void aFullDiskFailsTheChangeAndNoLaterOne() throws IOException {
        Member one = cluster.create();
        one.disk.full = true;
        assertThat(cluster.await(one.service.propose(ddl(CREATE))))
                .isInstanceOfSatisfying(
                        Outcome.Unavailable.class,
                        unavailable ->
                                assertThat(unavailable.why()).contains("No space left on device"));
        one.disk.full = false;
        assertThat(cluster.await(one.service.propose(ddl(CREATE))))
                .isInstanceOf(Outcome.Committed.class);
        assertThat(one.service.halted()).isNull();
    }

    @Test
    void whatOthersHaveDecidedIsWrittenWhenThereIsRoomAgain() throws IOException {
        Member one = cluster.create();
        var _ = cluster.join(2);
        Member three = cluster.join(3);
        three.disk.full = true;
        assertThat(cluster.await(one.service.propose(ddl(CREATE))))
                .isInstanceOf(Outcome.Committed.class);
        cluster.run(5 * SECOND);
        assertThat(three.service.epoch()).isEqualTo(one.service.epoch() - 1);
        three.disk.full = false;
        cluster.run(5 * SECOND);
        assertThat(three.service.epoch()).isEqualTo(one.service.epoch());
        assertThat(three.service.halted()).isNull();
    }

    @Test
    void messagesThatMakeNoSenseChangeNothing() throws IOException {
        Member one = cluster.create();
        Member stranger = cluster.add(4);
        ByteBuffer garbage = ByteBuffer.wrap("GET / HTTP/1.1".getBytes(StandardCharsets.US_ASCII));
        List<String> answers = new ArrayList<>();
        stranger.messenger.send(endpoint(1), Verb.METADATA, garbage);
        stranger.messenger.request(
                endpoint(1),
                Verb.METADATA_EPOCH,
                garbage,
                SECOND,
                Runnable::run,
                new ResponseHandler() {
                    @Override
                    public void onResponse(Endpoint from, Message response) {
                        answers.add("response");
                    }

                    @Override
                    public void onFailure(Endpoint from, RequestFailure failure) {
                        answers.add(failure.text());
                    }
                });
        cluster.run(2 * SECOND);
        assertThat(answers).containsExactly("an epoch has 8 bytes");
        assertThat(cluster.await(one.service.propose(ddl(CREATE))))
                .isInstanceOf(Outcome.Committed.class);
    }

    @Test
    void proposalsThatWaitAtTheEndFail() throws IOException {
        Member one = cluster.create();
        Member two = cluster.join(2);
        cluster.cutOff.add(two.endpoint);
        CompletableFuture<Outcome> waiting = one.service.propose(ddl(CREATE)).toCompletableFuture();
        cluster.run(SECOND);
        assertThat(waiting).isNotDone();
        var _ = cluster.await(one.service.close());
        cluster.run(SECOND);
        assertThat(waiting.exceptionNow()).hasMessage("The node ends");
        CompletableFuture<Outcome> later = one.service.propose(ddl(CREATE)).toCompletableFuture();
        cluster.run(SECOND);
        assertThat(later.exceptionNow()).hasMessage("The node ends");
    }
}
