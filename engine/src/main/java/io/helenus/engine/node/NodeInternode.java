package io.helenus.engine.node;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.cluster.gossip.GenerationFile;
import io.helenus.engine.cluster.gossip.GossipEnvironment;
import io.helenus.engine.cluster.gossip.GossipListener;
import io.helenus.engine.cluster.gossip.GossipNode;
import io.helenus.engine.cluster.gossip.GossipService;
import io.helenus.engine.cluster.gossip.LocalState;
import io.helenus.engine.messaging.Messenger;
import io.helenus.engine.messaging.NettyTransport;
import io.helenus.engine.messaging.PeerStatistics;
import io.helenus.engine.messaging.Timer;
import io.helenus.engine.streaming.StreamServer;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.ClusterIdentity;
import io.helenus.gossip.exchange.DiscoveryOutcome;
import io.helenus.gossip.exchange.GossipRules;
import io.helenus.gossip.exchange.GossipSettings;
import io.helenus.gossip.exchange.Gossiper;
import io.helenus.gossip.exchange.NodeView;
import io.helenus.gossip.exchange.StateKey;
import io.netty.channel.ChannelPipeline;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
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
/// seeds to ask or knows others, when another node connects, or when somebody wants to know. Any thread.
///
/// The thread `helenus-gossip` owns gossip and runs the timers of messages; it starts with the first
/// thing to do.
final class NodeInternode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeInternode.class);
    private static final long WAIT_SECONDS = 10; // for the owner and the disk
    private static final long SHUTDOWN_SECONDS = 2;
    private static final long RETURN_NANOS = TimeUnit.SECONDS.toNanos(5);

    /// Who the node is, and what it says of itself.
    record Identity(
            String clusterName, String partitioner, Endpoint self, UUID hostId, LocalState local) {}

    private final Identity identity;
    private final ClusterOptions options;
    private final NodeMetadata agreed;
    private final NodeFiles.Metadata metadata;
    private final Path directory;
    private final LongSupplier nanoTime;
    private final LongSupplier wallMicros;
    private final RandomGenerator random;
    private final List<GossipListener> listeners;
    private final ScheduledThreadPoolExecutor owner;
    private final Timer timer;
    private @Nullable StreamServer server; // guarded by this
    private volatile @Nullable NettyTransport transport; // made under a lock on this
    private volatile @Nullable Messenger messenger; // set by the owner
    private volatile @Nullable GossipService gossip; // set by the owner

    /// @param directory of the node's metadata
    /// @param listeners hear all that gossip finds out
    NodeInternode(
            Identity identity,
            ClusterOptions options,
            NodeMetadata agreed,
            NodeFiles.Metadata metadata,
            Path directory,
            LongSupplier nanoTime,
            LongSupplier wallMicros,
            RandomGenerator random,
            List<GossipListener> listeners) {
        this.identity = identity;
        this.options = options;
        this.agreed = agreed;
        this.metadata = metadata;
        this.directory = directory;
        this.nanoTime = nanoTime;
        this.wallMicros = wallMicros;
        this.random = random;
        this.listeners = List.copyOf(listeners);
        owner = new ScheduledThreadPoolExecutor(1, NodeThreads.factory("helenus-gossip"));
        timer = NodeThreads.timer(owner);
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
                        nanoTime,
                        timer,
                        random,
                        this::contacted);
        transport = made;
        return made;
    }

    /// Of messages and gossip.
    Timer timer() {
        return timer;
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
        Gossiper gossiper =
                new Gossiper(
                        settings(),
                        new ClusterIdentity(identity.clusterName(), identity.partitioner(), null),
                        identity.self(),
                        identity.hostId(),
                        generations.next(wallMicros.getAsLong()),
                        contacts(),
                        random,
                        GossipRules.STANDARD);
        Messenger messages =
                new Messenger(transport(), nanoTime, timer, agreed.service()::epoch, random);
        GossipService made =
                new GossipService(
                        gossiper,
                        options.gossip().intervalNanos(),
                        new GossipEnvironment(
                                messages,
                                owner,
                                timer,
                                nanoTime,
                                wallMicros,
                                generations,
                                identity.local()));
        agreed.service().connect(messages, made::isUp);
        made.addListener(new Epochs());
        agreed.service().addListener((before, after) -> forgetGone(made, before, after));
        listeners.forEach(made::addListener);
        messages.start();
        messenger = messages;
        gossip = made;
        if (!hasOthers()) {
            made.join(agreed.service().state().clusterId());
        }
        return made;
    }

    /// Who has left, or has another address now, is not known any more at the one that it had.
    private void forgetGone(
            GossipService service, @Nullable ClusterState before, ClusterState after) {
        if (before == null) {
            return;
        }
        for (ClusterNode node : before.nodes().values()) {
            Endpoint endpoint = node.endpoint();
            if (after.node(endpoint) == null && !endpoint.equals(identity.self())) {
                service.remove(endpoint);
            }
        }
    }

    /// Seeds, and all others that are known.
    private List<Endpoint> contacts() {
        TreeSet<Endpoint> contacts = new TreeSet<>(options.seeds());
        ClusterState known = agreed.service().current();
        if (known != null) {
            known.nodes().values().forEach(node -> contacts.add(node.endpoint()));
            contacts.add(identity.self()); // where it is now
        }
        return List.copyOf(contacts);
    }

    private List<Endpoint> others(ClusterState known) {
        return known.nodes().values().stream()
                .map(ClusterNode::endpoint)
                .filter(endpoint -> !endpoint.equals(identity.self()))
                .sorted()
                .toList();
    }

    /// A node that is in the cluster asks only whether something speaks against it.
    private GossipSettings settings() {
        GossipSettings usual = options.gossip();
        return agreed.service().current() == null
                ? usual
                : usual.withDiscoveryNanos(Math.min(RETURN_NANOS, usual.discoveryNanos()));
    }

    boolean hasOthers() {
        return agreed.hasOthers();
    }

    /// Asks the seeds, if there are others, who is in the cluster, and becomes a part of it. Waits for
    /// that.
    ///
    /// @throws IOException if none answered, or if they do not want this node
    void discover() throws IOException {
        if (!hasOthers()) {
            return;
        }
        ClusterState known = agreed.service().current();
        if (known == null) {
            LOG.info("Asking {} who is in the cluster", contacts());
        } else {
            LOG.info(
                    "This node is in cluster '{}' with {}; if none of them says otherwise, it starts"
                            + " after {} s",
                    known.name(),
                    others(known),
                    TimeUnit.NANOSECONDS.toSeconds(settings().discoveryNanos()));
        }
        GossipService service;
        DiscoveryOutcome outcome;
        try {
            service = active().get(WAIT_SECONDS, TimeUnit.SECONDS);
            if (known != null) {
                service.joined(known.clusterId());
            }
            long patience =
                    options.gossip().discoveryNanos() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
            outcome = service.discover().toCompletableFuture().get(patience, TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new IOException("Gossip could not begin: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException("Gossip does not begin", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The start was interrupted", e);
        }
        judge(outcome, known != null);
        if (known != null) {
            service.join(known.clusterId());
            if (isJoining(known)) {
                agreed.enter();
            }
        } else if (outcome instanceof DiscoveryOutcome.Found found) {
            service.join(null);
            agreed.join(contacts(found));
            service.joined(agreed.service().state().clusterId());
        } else {
            agreed.create();
            service.join(agreed.service().state().clusterId());
        }
    }

    private boolean isJoining(ClusterState known) {
        ClusterNode node = known.node(identity.hostId());
        return node == null || node.state() == NodeState.JOINING;
    }

    private static List<Endpoint> contacts(DiscoveryOutcome.Found found) {
        List<Endpoint> contacts = new ArrayList<>();
        contacts.add(found.answered());
        found.nodes().stream().filter(NodeView::up).forEach(node -> contacts.add(node.endpoint()));
        return contacts;
    }

    private void judge(DiscoveryOutcome outcome, boolean isKnown) throws IOException {
        switch (outcome) {
            case DiscoveryOutcome.Found found ->
                    LOG.info(
                            "Seed {} is in the cluster, and knows {} nodes",
                            found.answered(),
                            found.nodes().size());
            case DiscoveryOutcome.MayCreate _ ->
                    LOG.info(
                            "All others are starting; this node has the lowest address and begins");
            case DiscoveryOutcome.Conflict conflict -> throw new IOException(conflict.why());
            case DiscoveryOutcome.Refused refused ->
                    throw new IOException(
                            "Seed %s refuses this node: %s".formatted(refused.by(), refused.why()));
            case DiscoveryOutcome.TimedOut late -> timedOut(late, isKnown);
        }
    }

    /// A node that knows its cluster starts without seeds, too; they may all have stopped.
    private void timedOut(DiscoveryOutcome.TimedOut late, boolean isKnown) throws IOException {
        String text =
                "No seed of the cluster answered within %d s: %s%s"
                        .formatted(
                                TimeUnit.NANOSECONDS.toSeconds(settings().discoveryNanos()),
                                late.silent().stream()
                                        .map(this::silence)
                                        .collect(Collectors.joining(", ")),
                                late.starting().isEmpty()
                                        ? ""
                                        : "; only starting, too: " + late.starting());
        if (!isKnown) {
            throw new IOException(text + " (seeds)");
        }
        LOG.warn("{}; the node starts all the same, it has been in the cluster before", text);
    }

    private String silence(Endpoint seed) {
        String failure = transport().lastFailure(seed);
        return failure == null ? seed.toString() : "%s (%s)".formatted(seed, failure);
    }

    /// Who is ahead has what this node lacks.
    private final class Epochs implements GossipListener {
        @Override
        public void changed(Endpoint endpoint, int key, String value) {
            if (key == StateKey.METADATA_EPOCH.number()) {
                try {
                    agreed.service().onPeerEpoch(endpoint, Long.parseLong(value));
                } catch (NumberFormatException e) {
                    LOG.warn("Node {} says that it is at epoch {}", endpoint, value);
                }
            }
        }
    }

    /// Gossip, for those who want to hear of it.
    CompletionStage<GossipService> gossip() {
        return active();
    }

    /// All nodes that gossip knows.
    CompletionStage<List<GossipNode>> nodes() {
        return active().thenCompose(GossipService::nodes);
    }

    /// Up to which another node has applied the metadata log, as far as is known here.
    long epochOf(Endpoint node) {
        Messenger messages = messenger;
        return messages == null ? 0 : messages.epochOf(node);
    }

    /// What went between this node and each other one.
    List<PeerStatistics> statistics() {
        NettyTransport made = transport;
        return made == null ? List.of() : made.statistics();
    }

    /// Whether a node can be reached, as far as is known.
    boolean isUp(Endpoint endpoint) {
        GossipService running = gossip;
        return running != null && running.isUp(endpoint);
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
