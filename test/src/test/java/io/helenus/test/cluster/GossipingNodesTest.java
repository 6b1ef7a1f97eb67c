package io.helenus.test.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.cluster.gossip.GossipListener;
import io.helenus.engine.cluster.gossip.GossipNode;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.NodeView;
import io.helenus.gossip.exchange.StateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Real nodes on addresses of this machine find each other, and notice who is gone.
@Timeout(180)
final class GossipingNodesTest {
    private static final String CLUSTER = "gossiping";

    @TempDir Path directory;
    private Endpoint first = Endpoint.of("127.0.0.1", 1);
    private Endpoint second = Endpoint.of("127.0.0.2", 1);

    @BeforeEach
    void addresses() throws IOException {
        first = GossipingNode.free("127.0.0.1");
        second = GossipingNode.free("127.0.0.2");
    }

    private GossipingNode startFirst(Endpoint... seeds) throws IOException {
        return GossipingNode.start(CLUSTER, directory.resolve("1"), first, List.of(seeds));
    }

    private GossipingNode startSecond(Endpoint... seeds) throws IOException {
        return GossipingNode.start(CLUSTER, directory.resolve("2"), second, List.of(seeds));
    }

    @Test
    void nodesSeeEachOtherComeAndGo() throws Exception {
        try (GossipingNode a = startFirst()) {
            try (GossipingNode b = startSecond(first)) {
                a.awaitNews("up " + second);
                b.awaitNews("up " + first);
                assertThat(a.gossip().isUp(second)).isTrue();
                assertThat(a.gossip().live()).containsExactly(second);
            }
            a.awaitNews("down " + second + " SHUT_DOWN");
            assertThat(a.gossip().isUp(second)).isFalse();
            try (GossipingNode b = startSecond(first)) {
                a.awaitNews("restarted " + second);
                a.awaitNews("up " + second);
                b.awaitNews("up " + first);
            }
        }
    }

    @Test
    void nodesSayWhoTheyAre() throws Exception {
        try (GossipingNode a = startFirst();
                GossipingNode b = startSecond(first)) {
            b.awaitNews("up " + first);
            List<GossipNode> nodes = b.gossip().nodes().toCompletableFuture().join();
            assertThat(nodes).hasSize(2);
            NodeView view = nodes.getFirst().view();
            assertThat(view.endpoint()).isEqualTo(first);
            assertThat(view.get(StateKey.DATA_CENTER)).isEqualTo("datacenter1");
            assertThat(view.get(StateKey.RACK)).isEqualTo("rack1");
            assertThat(view.get(StateKey.RELEASE_VERSION)).isEqualTo("5.0.6");
            assertThat(view.get(StateKey.NATIVE_READY)).isEqualTo("false");
            assertThat(view.get(StateKey.METADATA_EPOCH)).matches("\\d+");
            assertThat(view.get(StateKey.LOAD)).isEqualTo("0");
            assertThat(view.hostId()).isNotNull();
            assertThat(view.generation())
                    .isEqualTo(a.gossip().generation().toCompletableFuture().join());
        }
    }

    /// As if its process had been stopped: its connections stay, and nothing comes.
    @Test
    void aNodeThatIsSilentIsDownAndComesBack() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (GossipingNode a = startFirst();
                GossipingNode b = startSecond(first)) {
            a.awaitNews("up " + second);
            b.awaitNews("up " + first);
            b.gossip()
                    .addListener(
                            new GossipListener() {
                                @Override
                                public void discovered(Endpoint endpoint, long generation) {
                                    await(goOn); // says nothing for that long
                                }
                            });
            Endpoint third = GossipingNode.free("127.0.0.3");
            try (GossipingNode c =
                    GossipingNode.start(CLUSTER, directory.resolve("3"), third, List.of(first))) {
                c.awaitNews("up " + first);
                a.awaitNews("down " + second + " CONVICTED");
                assertThat(a.gossip().live()).containsExactly(third);
                goOn.countDown();
                a.awaitNews("up " + second);
                c.awaitLive(second); // of which it heard before first, after it, or both
                b.awaitNews("up " + third);
            } finally {
                goOn.countDown();
            }
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void seedsThatStartTogetherFindEachOther() throws Exception {
        ExecutorService starters = Executors.newFixedThreadPool(2);
        try {
            CompletableFuture<GossipingNode> starting =
                    CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return startFirst(first, second);
                                } catch (IOException e) {
                                    throw new AssertionError(e);
                                }
                            },
                            starters);
            try (GossipingNode b = startSecond(first, second);
                    GossipingNode a = starting.join()) {
                a.awaitNews("up " + second);
                b.awaitNews("up " + first);
            }
        } finally {
            starters.shutdown();
        }
    }

    @Test
    void aNodeOfAnotherClusterIsNotLetIn() throws Exception {
        try (GossipingNode a = startFirst()) {
            assertThatThrownBy(() ->
                            GossipingNode.start(
                                    "another", directory.resolve("2"), second, List.of(first)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No seed of the cluster answered")
                    .hasMessageContaining("its cluster_name is 'gossiping', that of " + second)
                    .hasMessageContaining("is 'another'");
            assertThat(a.news).isEmpty();
        }
    }

    @Test
    void withoutASeedOnlyAMemberStarts() throws Exception {
        assertThatThrownBy(() -> startSecond(first))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("No seed of the cluster answered within 3 s: " + first)
                .hasMessageContaining("refused");
        try (GossipingNode a = startFirst();
                GossipingNode b = startSecond(first)) {
            b.awaitNews("up " + first);
            assertThat(a.gossip().isUp(first)).isTrue();
        }
        try (GossipingNode b = startSecond(first)) {
            assertThat(b.gossip().live()).isEmpty();
            try (GossipingNode a = startFirst()) {
                b.awaitNews("up " + first);
                a.awaitNews("up " + second);
            }
        }
    }

    @Test
    void aCopyOfADirectoryIsNoNodeOfItsOwn() throws Exception {
        try (GossipingNode a = startFirst()) {
            try (GossipingNode b = startSecond(first)) {
                a.awaitNews("up " + second);
                b.awaitNews("up " + first);
            }
            a.awaitNews("down " + second + " SHUT_DOWN");
            copy(directory.resolve("2"), directory.resolve("3"));
            try (GossipingNode b = startSecond(first)) {
                a.awaitNews("restarted " + second);
                a.awaitNews("up " + second);
                b.awaitNews("up " + first);
                Endpoint third = GossipingNode.free("127.0.0.3");
                assertThatThrownBy(() ->
                                GossipingNode.start(
                                        CLUSTER, directory.resolve("3"), third, List.of(first)))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining(
                                "has the same host id: is its data directory a copy?");
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : all.toList()) {
                Files.copy(each, to.resolve(from.relativize(each)));
            }
        }
    }
}
