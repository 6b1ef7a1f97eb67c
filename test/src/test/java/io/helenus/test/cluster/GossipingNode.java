package io.helenus.test.cluster;

import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.cluster.gossip.GossipListener;
import io.helenus.engine.cluster.gossip.GossipService;
import io.helenus.engine.cluster.metadata.ClusterListener;
import io.helenus.engine.cluster.metadata.ClusterMetadata;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.messaging.MessagingOptions;
import io.helenus.engine.node.ClusterOptions;
import io.helenus.engine.node.Node;
import io.helenus.engine.node.NodeOptions;
import io.helenus.engine.node.OperationsOptions;
import io.helenus.engine.query.ClientState;
import io.helenus.engine.query.Request;
import io.helenus.engine.query.RequestHandler;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.detector.DetectorSettings;
import io.helenus.gossip.exchange.GossipEffect.DownReason;
import io.helenus.gossip.exchange.GossipSettings;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.test.node.FreePorts;
import io.helenus.test.node.TestNode;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A node that is one of several, and what it hears of the others. Gossips twenty times a second, and
/// waits for three seconds at most until others agree.
final class GossipingNode implements AutoCloseable {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int WAIT_SECONDS = 30;

    final BlockingQueue<String> news = new LinkedBlockingQueue<>();
    private final Node node;

    private GossipingNode(Node node) {
        this.node = node;
        gossip().addListener(
                        new GossipListener() {
                            @Override
                            public void up(Endpoint endpoint) {
                                news.add("up " + endpoint);
                            }

                            @Override
                            public void down(Endpoint endpoint, DownReason reason, double phi) {
                                news.add("down " + endpoint + " " + reason);
                            }

                            @Override
                            public void restarted(Endpoint endpoint, long generation) {
                                news.add("restarted " + endpoint);
                            }
                        });
        gossip().live().forEach(endpoint -> news.add("up " + endpoint));
    }

    static GossipingNode start(
            String cluster, Path directory, Endpoint address, List<Endpoint> seeds)
            throws IOException {
        return start(cluster, directory, address, seeds, Clock.systemUTC());
    }

    static GossipingNode start(
            String cluster, Path directory, Endpoint address, List<Endpoint> seeds, Clock clock)
            throws IOException {
        return new GossipingNode(Node.start(options(cluster, directory, address, seeds), clock));
    }

    private static NodeOptions options(
            String cluster, Path directory, Endpoint address, List<Endpoint> seeds) {
        NodeOptions usual = TestNode.options(directory, 0);
        return new NodeOptions(
                cluster,
                usual.datacenter(),
                usual.rack(),
                directory,
                usual.commitLog(),
                false,
                address.address(),
                address.port(),
                null,
                usual.transport(),
                usual.tokenCount(),
                List.of(),
                8 << 20,
                1 << 20,
                2,
                100,
                100,
                new OperationsOptions(
                        new InetSocketAddress(address.address(), 0),
                        false,
                        false,
                        usual.operations().compaction(),
                        usual.operations().diskFailurePolicy(),
                        usual.operations().commitFailurePolicy(),
                        0,
                        usual.operations().readLimits(),
                        usual.operations().death()),
                new ClusterOptions(
                        seeds,
                        gossip(3_000 * MILLI),
                        MessagingOptions.of(32 << 20),
                        new AgreementSettings(
                                3_000 * MILLI,
                                100 * MILLI,
                                5 * MILLI,
                                100 * MILLI,
                                500 * MILLI,
                                500 * MILLI,
                                1_000,
                                256,
                                1 << 20,
                                500,
                                1_024)));
    }

    /// Twenty times a second.
    ///
    /// @param discoveryNanos for which seeds are asked at the start
    static GossipSettings gossip(long discoveryNanos) {
        GossipSettings standard = GossipSettings.DEFAULT;
        return new GossipSettings(
                50 * MILLI,
                standard.digestsMax(),
                standard.deltaBytesMax(),
                standard.nodesMax(),
                200 * MILLI,
                standard.quarantineNanos(),
                discoveryNanos,
                standard.generationAheadSecondsMax(),
                standard.clockSkewMicrosMax(),
                new DetectorSettings(8, 1000, 100 * MILLI, 100 * MILLI, 5_000 * MILLI));
    }

    /// An address that nobody listens at.
    static Endpoint free(String ip) throws IOException {
        return Endpoint.of(ip, FreePorts.at(ip).getPort());
    }

    ClusterMetadata cluster() {
        return node.cluster();
    }

    ClusterState state() {
        return cluster().state();
    }

    /// Waits until the node has applied a state like this.
    ClusterState await(String what, Predicate<ClusterState> wanted) throws InterruptedException {
        BlockingQueue<ClusterState> states = new LinkedBlockingQueue<>();
        ClusterListener listener = (_, after) -> states.add(after);
        cluster().addListener(listener);
        try {
            ClusterState present = state();
            while (present != null && !wanted.test(present)) {
                present = states.poll(WAIT_SECONDS, TimeUnit.SECONDS);
            }
            if (present == null) {
                throw new AssertionError("not within %d s: %s".formatted(WAIT_SECONDS, what));
            }
            return present;
        } finally {
            cluster().removeListener(listener);
        }
    }

    /// One statement; what a client would be told as an error is thrown. Any thread.
    void execute(String cql) {
        CompletableFuture<byte[]> later = new CompletableFuture<>();
        Request request = new Request().reset(5, new ClientState("test"));
        RequestHandler.Outcome outcome =
                node.requests()
                        .query(
                                cql,
                                request,
                                new ByteWriter(),
                                true,
                                new RequestHandler.Completion() {
                                    @Override
                                    public void done(byte[] body, List<String> warnings) {
                                        boolean _ = later.complete(body);
                                    }

                                    @Override
                                    public void failed(CqlException error) {
                                        boolean _ = later.completeExceptionally(error);
                                    }
                                });
        if (outcome == RequestHandler.Outcome.LATER) {
            try {
                var _ = later.join();
            } catch (CompletionException e) {
                throw e.getCause() instanceof CqlException cause ? cause : e;
            }
        }
    }

    /// Where it is administered.
    InetSocketAddress administration() {
        return Objects.requireNonNull(node.adminAddress());
    }

    GossipService gossip() {
        return node.gossip().toCompletableFuture().join();
    }

    /// Passes over what comes before.
    void awaitNews(String expected) throws InterruptedException {
        for (String next = poll(expected); !next.equals(expected); next = poll(expected)) {
            // something else happened, too
        }
    }

    /// However often it was up and down before.
    void awaitLive(Endpoint other) throws InterruptedException {
        while (!gossip().live().contains(other)) {
            var _ = poll("up " + other);
        }
    }

    private String poll(String expected) throws InterruptedException {
        String next = news.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("not within %d s: %s".formatted(WAIT_SECONDS, expected));
        }
        return next;
    }

    @Override
    public void close() {
        node.close();
    }
}
