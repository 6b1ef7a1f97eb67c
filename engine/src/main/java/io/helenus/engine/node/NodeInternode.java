package io.helenus.engine.node;

import io.helenus.engine.cluster.gossip.GenerationFile;
import io.helenus.engine.cluster.gossip.GossipEnvironment;
import io.helenus.engine.cluster.gossip.GossipNode;
import io.helenus.engine.cluster.gossip.GossipService;
import io.helenus.engine.cluster.gossip.LocalState;
import io.helenus.engine.messaging.Messenger;
import io.helenus.engine.messaging.NettyTransport;
import io.helenus.engine.messaging.PeerStatistics;
import io.helenus.engine.streaming.StreamServer;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.ClusterIdentity;
import io.helenus.gossip.exchange.DiscoveryOutcome;
import io.helenus.gossip.exchange.GossipRules;
import io.helenus.gossip.exchange.Gossiper;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node among others: its messages and its gossip. A node alone has neither: they begin when it has
/// seeds to ask, when another node connects, or when somebody wants to know. Any thread.
///
/// The thread `helenus-gossip` owns gossip and runs the timers of messages; it starts with the first
/// thing to do.
final class NodeInternode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInternode.class);
    private static final long WAIT_SECONDS = 10; // for the owner and the disk
    private static final long SHUTDOWN_SECONDS = 2;

    /// Who the node is, and what it says of itself.
    ///
    /// @param epoch of its metadata log
    record Identity(
            String clusterName,
            String partitioner,
            Endpoint self,
            UUID hostId,
            LocalState local,
            LongSupplier epoch) {}

    private final Identity identity;
    private final ClusterOptions options;
    private final NodeFiles.Metadata metadata;
    private final Path directory;
    private final LongSupplier wallMicros;
    private final RandomGenerator random;
    private final ScheduledThreadPoolExecutor owner;
    private @Nullable StreamServer server; // guarded by this
    private volatile @Nullable NettyTransport transport; // made under a lock on this
    private volatile @Nullable Messenger messenger; // set by the owner
    private volatile @Nullable GossipService gossip; // set by the owner
    private volatile boolean gossipedBefore; // in an earlier life; set by the owner

    /// @param directory of the node's metadata
    NodeInternode(
            Identity identity,
            ClusterOptions options,
            NodeFiles.Metadata metadata,
            Path directory,
            LongSupplier wallMicros,
            RandomGenerator random) {
        this.identity = identity;
        this.options = options;
        this.metadata = metadata;
        this.directory = directory;
        this.wallMicros = wallMicros;
        this.random = random;
        owner = new ScheduledThreadPoolExecutor(1, NodeThreads.factory("helenus-gossip"));
    }

    /// Whose loops are to be used.
    synchronized void listening(StreamServer listening) {
        server = listening;
    }

    /// Takes over a connection for messages. On its event loop.
    void accept(ChannelPipeline pipeline) {
        try {
            transport().accept(pipeline);
        } catch (IllegalStateException e) {
            LOG.debug("A node connects too early", e);
            var _ = pipeline.close(); // it comes again
        }
    }

    private NettyTransport transport() {
        NettyTransport made = transport;
        return made == null ? newTransport() : made;
    }

    private synchronized NettyTransport newTransport() {
        NettyTransport made = transport;
        if (made != null) {
            return made;
        }
        if (server == null) {
            throw new IllegalStateException("The node does not listen for others");
        }
        made =
                new NettyTransport(
                        identity.clusterName(),
                        identity.self(),
                        options.messaging(),
                        server.loops(),
                        server.clientChannel(),
                        System::nanoTime,
                        this::later,
                        random,
                        this::contacted);
        transport = made;
        return made;
    }

    /// The timer of messages and gossip.
    void later(long delayNanos, Runnable action) {
        try {
            var _ =
                    owner.schedule(
                            () -> {
                                try {
                                    action.run();
                                } catch (RuntimeException e) {
                                    LOG.error("A timer failed", e);
                                }
                            },
                            delayNanos,
                            TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("The node ends", e);
        }
    }

    private void contacted() {
        if (gossip == null) {
            var _ =
                    active().exceptionally(failure -> {
                        LOG.error("Gossip could not begin", failure);
                        return null;
                    });
        }
    }

    /// Gossip, which begins now if it has not.
    private CompletableFuture<GossipService> active() {
        CompletableFuture<GossipService> result = new CompletableFuture<>();
        try {
            owner.execute(() -> {
                try {
                    boolean _ = result.complete(service());
                } catch (IOException | RuntimeException e) {
                    boolean _ = result.completeExceptionally(e);
                }
            });
        } catch (RejectedExecutionException e) {
            boolean _ = result.completeExceptionally(e);
        }
        return result;
    }

    /// On the owner.
    private GossipService service() throws IOException {
        GossipService known = gossip;
        if (known != null) {
            return known;
        }
        GenerationFile generations = new GenerationFile(metadata.in(directory));
        gossipedBefore = generations.latest() > 0;
        Gossiper gossiper =
                new Gossiper(
                        options.gossip(),
                        new ClusterIdentity(identity.clusterName(), identity.partitioner(), null),
                        identity.self(),
                        identity.hostId(),
                        generations.next(wallMicros.getAsLong()),
                        options.seeds(),
                        random,
                        GossipRules.STANDARD);
        Messenger messages =
                new Messenger(transport(), System::nanoTime, this::later, identity.epoch(), random);
        GossipService made =
                new GossipService(
                        gossiper,
                        options.gossip().intervalNanos(),
                        new GossipEnvironment(
                                messages,
                                owner,
                                this::later,
                                System::nanoTime,
                                wallMicros,
                                generations,
                                identity.local()));
        messages.start();
        messenger = messages;
        gossip = made;
        if (!hasOtherSeeds()) {
            made.join(null);
        }
        return made;
    }

    boolean hasOtherSeeds() {
        return options.seeds().stream().anyMatch(seed -> !seed.equals(identity.self()));
    }

    /// Asks the seeds, if there are others, and takes part in gossip. Waits for their answers.
    ///
    /// @throws IOException if none answered, or if they do not want this node
    void discover() throws IOException {
        if (!hasOtherSeeds()) {
            return;
        }
        LOG.info("Asking the seeds {} who is in the cluster", options.seeds());
        try {
            GossipService service = active().get(WAIT_SECONDS, TimeUnit.SECONDS);
            long patience =
                    options.gossip().discoveryNanos() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            judge(service.discover().toCompletableFuture().get(patience, TimeUnit.NANOSECONDS));
            service.join(null);
        } catch (ExecutionException e) {
            throw new IOException("Gossip could not begin: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException("Gossip does not begin", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The start was interrupted", e);
        }
    }

    private void judge(DiscoveryOutcome outcome) throws IOException {
        switch (outcome) {
            case DiscoveryOutcome.Found found ->
                    LOG.info(
                            "Seed {} is in the cluster, and knows {} nodes",
                            found.answered(),
                            found.nodes().size());
            case DiscoveryOutcome.MayCreate _ ->
                    LOG.info("All seeds are starting; this one has the lowest address and begins");
            case DiscoveryOutcome.Conflict conflict -> throw new IOException(conflict.why());
            case DiscoveryOutcome.Refused refused ->
                    throw new IOException(
                            "Seed %s refuses this node: %s".formatted(refused.by(), refused.why()));
            case DiscoveryOutcome.TimedOut late -> timedOut(late);
        }
    }

    /// A node that knows its cluster starts without seeds, too; they may all have stopped.
    private void timedOut(DiscoveryOutcome.TimedOut late) throws IOException {
        String text =
                "No seed of the cluster answered within %d s: %s%s"
                        .formatted(
                                TimeUnit.NANOSECONDS.toSeconds(options.gossip().discoveryNanos()),
                                late.silent().stream()
                                        .map(this::silence)
                                        .collect(Collectors.joining(", ")),
                                late.starting().isEmpty()
                                        ? ""
                                        : "; only starting, too: " + late.starting());
        if (!gossipedBefore) {
            throw new IOException(text + " (seeds)");
        }
        LOG.warn("{}; the node starts all the same, it has been in the cluster before", text);
    }

    private String silence(Endpoint seed) {
        String failure = transport().lastFailure(seed);
        return failure == null ? seed.toString() : "%s (%s)".formatted(seed, failure);
    }

    /// Gossip, for those who want to hear of it.
    CompletionStage<GossipService> gossip() {
        return active();
    }

    /// All nodes that gossip knows.
    CompletionStage<List<GossipNode>> nodes() {
        return active().thenCompose(GossipService::nodes);
    }

    /// What went between this node and each other one.
    List<PeerStatistics> statistics() {
        NettyTransport made = transport;
        return made == null ? List.of() : made.statistics();
    }

    /// Tells the others that this node goes down.
    CompletionStage<Void> goodbye() {
        GossipService running = gossip;
        return running == null ? CompletableFuture.completedStage(null) : running.shutdown();
    }

    @Override
    public void close() {
        try {
            var _ = goodbye().toCompletableFuture().get(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Other nodes are not told that this one ends", e);
        }
        Messenger messages = messenger;
        if (messages != null) {
            messages.close();
        }
        NettyTransport sockets = transport;
        if (sockets != null) {
            sockets.close();
        }
        var _ = owner.shutdownNow();
        NodeThreads.awaitEnd(owner, SHUTDOWN_SECONDS);
    }
}
