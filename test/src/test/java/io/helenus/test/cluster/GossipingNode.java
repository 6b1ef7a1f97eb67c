package io.helenus.test.cluster;

import io.helenus.engine.cluster.gossip.GossipListener;
import io.helenus.engine.cluster.gossip.GossipService;
import io.helenus.engine.messaging.MessagingOptions;
import io.helenus.engine.node.ClusterOptions;
import io.helenus.engine.node.Node;
import io.helenus.engine.node.NodeOptions;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.detector.DetectorSettings;
import io.helenus.gossip.exchange.GossipEffect.DownReason;
import io.helenus.gossip.exchange.GossipSettings;
import io.helenus.test.node.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A node that is one of several, and what it hears of the others. Gossips twenty times a second.
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
        return new GossipingNode(
                Node.start(options(cluster, directory, address, seeds), Clock.systemUTC()));
    }

    private static NodeOptions options(
            String cluster, Path directory, Endpoint address, List<Endpoint> seeds) {
        NodeOptions usual = TestNode.options(directory, 0);
        GossipSettings standard = GossipSettings.DEFAULT;
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
                usual.operations(),
                new ClusterOptions(
                        seeds,
                        new GossipSettings(
                                50 * MILLI,
                                standard.digestsMax(),
                                standard.deltaBytesMax(),
                                standard.nodesMax(),
                                200 * MILLI,
                                standard.quarantineNanos(),
                                3_000 * MILLI,
                                standard.generationAheadSecondsMax(),
                                standard.clockSkewMicrosMax(),
                                new DetectorSettings(
                                        8, 1000, 100 * MILLI, 100 * MILLI, 5_000 * MILLI)),
                        MessagingOptions.of(32 << 20)));
    }

    /// An address that nobody listens at.
    static Endpoint free(String ip) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(ip))) {
            return Endpoint.of(ip, socket.getLocalPort());
        }
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
