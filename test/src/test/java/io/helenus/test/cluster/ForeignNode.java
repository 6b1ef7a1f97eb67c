package io.helenus.test.cluster;

import io.helenus.engine.cluster.gossip.GenerationFile;
import io.helenus.engine.cluster.gossip.GossipEnvironment;
import io.helenus.engine.cluster.gossip.GossipService;
import io.helenus.engine.messaging.MessagingOptions;
import io.helenus.engine.messaging.Messenger;
import io.helenus.engine.messaging.NettyTransport;
import io.helenus.engine.messaging.Timer;
import io.helenus.engine.metadata.NioMetadataFiles;
import io.helenus.engine.streaming.StreamServer;
import io.helenus.engine.streaming.StreamTables;
import io.helenus.engine.transport.IoTransport;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.ClusterIdentity;
import io.helenus.gossip.exchange.DiscoveryOutcome;
import io.helenus.gossip.exchange.GossipRules;
import io.helenus.gossip.exchange.GossipSettings;
import io.helenus.gossip.exchange.Gossiper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Gossip of a node whose keys go by another partitioner, over real sockets.
final class ForeignNode implements AutoCloseable {
    static final String PARTITIONER = "RandomPartitioner";

    private static final UUID HOST_ID = new UUID(0xf, 1);
    private static final long START_WALL_MICROS = 1_800_000_000L * 1_000_000;

    private final StreamServer server;
    private final NettyTransport transport;
    private final Messenger messenger;
    private final GossipService gossip;
    private final ScheduledExecutorService owner = Executors.newSingleThreadScheduledExecutor();

    private static final class NoTables implements StreamTables {
        @Override
        public @Nullable Stored find(String keyspace, String table) {
            return null;
        }

        @Override
        public @Nullable String refusal() {
            return null;
        }

        @Override
        public long roomBytesMin() {
            return 0;
        }
    }

    ForeignNode(String cluster, Path directory, Endpoint self, List<Endpoint> seeds)
            throws IOException {
        AtomicReference<@Nullable NettyTransport> accepting = new AtomicReference<>();
        Timer timer = this::later;
        server =
                StreamServer.start(
                        self.socketAddress(),
                        IoTransport.AUTO,
                        Executors.defaultThreadFactory(),
                        Runnable::run,
                        new NoTables(),
                        pipeline -> Objects.requireNonNull(accepting.get()).accept(pipeline),
                        timer,
                        System::nanoTime);
        transport =
                new NettyTransport(
                        cluster,
                        self,
                        MessagingOptions.of(32 << 20),
                        server.loops(),
                        server.clientChannel(),
                        System::nanoTime,
                        timer,
                        new SplittableRandom(1),
                        () -> {});
        accepting.set(transport);
        messenger =
                new Messenger(transport, System::nanoTime, timer, () -> 0, new SplittableRandom(2));
        GossipSettings settings = GossipSettings.DEFAULT;
        gossip =
                new GossipService(
                        new Gossiper(
                                settings,
                                new ClusterIdentity(cluster, PARTITIONER, null),
                                self,
                                HOST_ID,
                                1,
                                seeds,
                                new SplittableRandom(3),
                                GossipRules.STANDARD),
                        settings.intervalNanos(),
                        new GossipEnvironment(
                                messenger,
                                owner,
                                timer,
                                System::nanoTime,
                                () -> START_WALL_MICROS,
                                new GenerationFile(new NioMetadataFiles(directory)),
                                _ -> {}));
        messenger.start();
    }

    private void later(long delayNanos, Runnable action) {
        try {
            var _ = owner.schedule(action, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // it has been closed
        }
    }

    /// What its seeds tell it.
    CompletableFuture<DiscoveryOutcome> discover() {
        return gossip.discover().toCompletableFuture();
    }

    /// It is in a cluster of its own.
    void join() {
        gossip.join(new UUID(0xf, 2));
    }

    @Override
    public void close() throws IOException {
        messenger.close();
        transport.close();
        server.close();
        var _ = owner.shutdownNow();
    }
}
