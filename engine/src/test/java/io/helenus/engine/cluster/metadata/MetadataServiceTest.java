package io.helenus.engine.cluster.metadata;

import static io.helenus.engine.cluster.ClusterFixture.ddl;
import static io.helenus.engine.cluster.ClusterFixture.endpoint;
import static io.helenus.engine.cluster.ClusterFixture.host;
import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.cluster.metadata.ServiceCluster.Member;
import io.helenus.engine.messaging.Message;
import io.helenus.engine.messaging.RequestFailure;
import io.helenus.engine.messaging.ResponseHandler;
import io.helenus.engine.messaging.Verb;
import io.helenus.engine.metadata.MetadataHistory;
import io.helenus.engine.metadata.MetadataLog;
import io.helenus.engine.metadata.NioMetadataFiles;
import io.helenus.engine.metadata.NodeIdentity;
import io.helenus.engine.schema.TableSchema;
import io.helenus.gossip.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
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

    /// Has a keyspace created, which succeeds.
    ///
    /// @return the epoch in which it is there
    private long create(Member member) {
        if (cluster.await(member.service.propose(ddl(CREATE))) instanceof Outcome.Committed done) {
            return done.epoch();
        }
        throw new AssertionError("It was not created");
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
        var _ = create(one);
    }

    @Test
    void agreedMeansThatAllHaveAppliedIt() throws IOException {
        Member one = cluster.create();
        Member two = cluster.join(2);
        Member three = cluster.join(3);
        long epoch = create(two);
        assertThat(cluster.await(two.service.agreed(epoch, SECOND))).isEmpty();
        assertThat(one.service.epoch()).isEqualTo(epoch);
        assertThat(three.service.state().hash()).isEqualTo(one.service.state().hash());
    }

    @Test
    void whoDoesNotSaySoIsNamed() throws IOException {
        Member one = cluster.create();
        var _ = cluster.join(2);
        Member three = cluster.join(3);
        cluster.cutOff.add(three.endpoint);
        var _ = create(one);
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
        var _ = create(one);
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
        var _ = create(one);
        assertThat(one.service.halted()).isNull();
    }

    @Test
    void aMemberOfSeveralWithAFullDiskSaysSoAtOnce() throws IOException {
        Member one = cluster.create();
        var _ = cluster.join(2);
        Member three = cluster.join(3); // the last to propose
        for (Member member : List.of(three, one)) {
            member.disk.full = true;
            CompletableFuture<Outcome> answer =
                    member.service.propose(ddl(CREATE)).toCompletableFuture();
            cluster.run(SECOND);
            assertThat(answer).isDone();
            member.disk.full = false;
            cluster.run(5 * SECOND);
            assertThat(member.service.halted()).isNull();
        }
        assertThat(one.service.epoch()).isEqualTo(three.service.epoch());
    }

    /// A crash right after a node has caught up: what follows from that is not done yet.
    @Test
    void aStartKnowsOfTablesThatWereDroppedBeforeASnapshot() throws Exception {
        cluster = new ServiceCluster(directory, ServiceCluster.snapshotsOnly());
        Member one = cluster.create();
        var _ = cluster.join(2);
        Member four = cluster.add(4);
        var _ = cluster.await(four.service.join(List.of(endpoint(1)), SECOND));
        var _ = cluster.await(one.service.propose(ddl(CREATE)));
        var _ = cluster.await(one.service.propose(ddl("CREATE TABLE ks.t (k int PRIMARY KEY)")));
        cluster.run(10 * SECOND);
        TableSchema table = four.service.state().schema().table("ks", "t");
        assertThat(table).isNotNull();
        UUID id = Objects.requireNonNull(table).id();
        Path crashed = Files.createDirectory(directory.resolve("crashed"));
        four.service.addListener((_, after) -> {
            if (after.schema().table("ks", "t") == null) {
                copyLog(directory.resolve("4"), crashed);
            }
        });
        cluster.cutOff.add(four.endpoint);
        var _ = cluster.await(one.service.propose(ddl("DROP TABLE ks.t")));
        var _ = cluster.await(one.service.propose(ddl("DROP KEYSPACE ks")));
        cluster.cutOff.clear();
        cluster.run(30 * SECOND);
        assertThat(four.service.epoch()).isEqualTo(one.service.epoch());
        assertThat(droppedIn(crashed)).containsExactly(id);
    }

    private static void copyLog(Path from, Path to) {
        try {
            Files.copy(from.resolve("metadata.log"), to.resolve("metadata.log"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a start would still remove.
    private static List<UUID> droppedIn(Path place) throws IOException {
        try (MetadataLog log = MetadataLog.open(new NioMetadataFiles(place), new Random(9))) {
            MetadataHistory history = new MetadataHistory(log, List.of());
            MetadataService restarted =
                    new MetadataService(
                            log,
                            new NodeIdentity(host(4), "Test", List.of()),
                            endpoint(4),
                            List.of(),
                            AgreementSettings.DEFAULT,
                            new MetadataEnvironment(
                                    _ -> {}, _ -> {}, (_, _) -> {}, () -> 0, new Random(9)));
            restarted.restore(history);
            return history.dropped(restarted.state().schema()).stream()
                    .map(dropped -> dropped.table().id())
                    .toList();
        }
    }

    @Test
    void whatOthersHaveDecidedIsWrittenWhenThereIsRoomAgain() throws IOException {
        Member one = cluster.create();
        var _ = cluster.join(2);
        Member three = cluster.join(3);
        three.disk.full = true;
        var _ = create(one);
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
        var _ = create(one);
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
