package io.helenus.engine.node;

import io.helenus.engine.admin.AdminException;
import io.helenus.engine.admin.AdminRoute;
import io.helenus.engine.admin.AdminServer;
import io.helenus.engine.admin.ClusterView;
import io.helenus.engine.admin.NodeControl;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.cluster.gossip.GossipNode;
import io.helenus.engine.messaging.PeerStatistics;
import io.helenus.engine.schema.NodeInfo;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.transport.ClientInfo;
import io.helenus.engine.transport.IoTransport;
import io.helenus.engine.transport.NativeServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's operator side: answers what it is, closes and opens its port for clients, drains it.
final class NodeAdmin implements NodeControl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAdmin.class);
    private static final int WORKERS = 4;
    private static final int QUEUE = 256;
    private static final long IDLE_SECONDS = 10;
    private static final long END_SECONDS = 10;
    private static final long MICROS_PER_SECOND = 1_000_000;
    private static final String NO_MAJORITY =
            ". Nodes come and go only while a majority of the metadata members is up: start those that"
                    + " are down again, with their data";
    private static final String MAY_HAPPEN = "; what was begun here may happen then";

    /// Of the node, as operators know it from Cassandra.
    private enum Mode {
        NORMAL,
        LEAVING,
        DECOMMISSIONED,
        DRAINING,
        DRAINED
    }

    private final String clusterName;
    private final StorageEngine storage;
    private final StorageLog log;
    private final Supplier<NodeInfo> info;
    private final NodeCluster cluster;
    private final LongSupplier wallMicros;
    private final long startedMicros;
    private final ThreadPoolExecutor workers;
    private final @Nullable ClientService clients;
    private final NodeMetadata metadata;
    private final @Nullable NodeInternode internode;
    private @Nullable AdminServer server; // of the thread that starts and closes
    private volatile Mode mode = Mode.NORMAL;

    NodeAdmin(
            String clusterName,
            StorageEngine storage,
            StorageLog log,
            Supplier<NodeInfo> info,
            NodeCluster cluster,
            @Nullable ClientService clients,
            NodeMetadata metadata,
            @Nullable NodeInternode internode,
            LongSupplier wallMicros) {
        this.clusterName = clusterName;
        this.storage = storage;
        this.log = log;
        this.info = info;
        this.cluster = cluster;
        this.clients = clients;
        this.metadata = metadata;
        this.internode = internode;
        this.wallMicros = wallMicros;
        startedMicros = wallMicros.getAsLong();
        workers =
                new ThreadPoolExecutor(
                        WORKERS,
                        WORKERS,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(QUEUE),
                        NodeThreads.factory("helenus-admin"));
        workers.allowCoreThreadTimeOut(true);
    }

    void listen(InetSocketAddress address, IoTransport transport, Collection<AdminRoute> routes)
            throws IOException {
        AdminServer started =
                AdminServer.start(
                        address,
                        transport,
                        NodeThreads.factory("helenus-admin-loop"),
                        workers,
                        routes);
        server = started;
        LOG.info("Listening for administration on {}", started.address());
    }

    @Nullable InetSocketAddress address() {
        return server == null ? null : server.address();
    }

    @Override
    public NodeInfo info() {
        return info.get();
    }

    @Override
    public String clusterName() {
        return clusterName;
    }

    @Override
    public ClusterView cluster() {
        return cluster.view();
    }

    @Override
    public String mode() {
        return mode.name();
    }

    @Override
    public long uptimeMillis() {
        return Math.max(0, (wallMicros.getAsLong() - startedMicros) / 1_000);
    }

    @Override
    public int generation() {
        return (int) (startedMicros / MICROS_PER_SECOND);
    }

    @Override
    public long exceptions() {
        return log.failures();
    }

    @Override
    public boolean isServingClients() {
        return clients != null && clients.server() != null;
    }

    @Override
    public boolean isGossiping() {
        return internode != null && (mode == Mode.NORMAL || mode == Mode.LEAVING);
    }

    @Override
    public List<ClientInfo> clients() {
        NativeServer listening = clients == null ? null : clients.server();
        return listening == null ? List.of() : listening.clients();
    }

    private ClientService requireClients() {
        if (clients == null) {
            throw AdminException.conflict(
                    "The node was started without a native protocol server"
                            + " (start_native_transport)");
        }
        return clients;
    }

    @Override
    public void serveClients() throws IOException {
        if (mode != Mode.NORMAL) {
            throw AdminException.conflict(
                    mode == Mode.DRAINED || mode == Mode.DRAINING
                            ? "The node has been drained: start it anew"
                            : "The node has left its cluster, or is about to");
        }
        requireClients().start();
    }

    @Override
    public void stopServingClients() {
        try {
            requireClients().stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletionStage<Void> drain() {
        mode = Mode.DRAINING;
        LOG.info("Draining: no more clients and writes");
        if (clients != null) {
            stopServingClients();
        }
        storage.refuseWrites("drained", "the node has been drained");
        CompletionStage<Void> told = goodbye();
        CompletionStage<Void> flushed = storage.flushAll();
        return told.thenCompose(_ -> flushed)
                .thenRun(() -> {
                    mode = Mode.DRAINED;
                    LOG.info("Drained");
                });
    }

    @Override
    public CompletionStage<Void> decommission() {
        if (mode != Mode.NORMAL && mode != Mode.DRAINED) {
            throw AdminException.conflict("The node is " + mode);
        }
        if (metadata.service().state().nodes().size() == 1) {
            throw AdminException.conflict("The node is the only one of its cluster");
        }
        List<String> held = tablesWithData();
        if (!held.isEmpty()) {
            throw AdminException.conflict(
                    ("Data are not moved between nodes yet, and this one has some, of %s: drop these"
                                    + " tables first, or stop the node and remove it with removenode")
                            .formatted(String.join(", ", held)));
        }
        Mode before = mode;
        mode = Mode.LEAVING;
        LOG.info("Leaving the cluster");
        return metadata.leave()
                .thenApply(outcome -> requireDone("The node did not leave", outcome))
                .whenComplete((_, failure) -> mode = failure == null ? Mode.DECOMMISSIONED : before)
                .thenComposeAsync(
                        _ -> {
                            if (clients != null) {
                                stopServingClients();
                            }
                            LOG.info("The node has left the cluster; it may be stopped");
                            return goodbye();
                        },
                        workers);
    }

    private static boolean requireDone(String failure, Outcome outcome) {
        if (!(outcome instanceof Outcome.Unchanged)) {
            throw new AdminException(
                    AdminException.Reason.FAILED,
                    NodeMetadata.failure(failure, outcome) + advice(outcome));
        }
        return true;
    }

    /// What an operator can do where there is no majority.
    private static String advice(Outcome outcome) {
        List<ClusterNode> silent =
                switch (outcome) {
                    case Outcome.Unavailable unavailable -> unavailable.silent();
                    case Outcome.Unknown unknown -> unknown.silent();
                    case Outcome.Committed _, Outcome.Unchanged _, Outcome.Refused _ -> List.of();
                };
        if (silent.isEmpty()) {
            return "";
        }
        return outcome instanceof Outcome.Unknown ? NO_MAJORITY + MAY_HAPPEN : NO_MAJORITY;
    }

    private List<String> tablesWithData() {
        return storage.tables().stream()
                .filter(table -> !table.sstables().isEmpty() || !table.isClean())
                .map(table -> table.name().toString())
                .sorted()
                .toList();
    }

    @Override
    public CompletionStage<Void> removeNode(UUID hostId) {
        ClusterNode node = metadata.service().state().node(hostId);
        if (node == null) {
            throw AdminException.invalid("The cluster has no node " + hostId);
        }
        if (hostId.equals(metadata.service().hostId())) {
            throw AdminException.conflict("That is this node itself: see decommission");
        }
        if (internode != null && internode.isUp(node.endpoint())) {
            throw AdminException.conflict("Node %s is up: decommission it there".formatted(node));
        }
        LOG.info("Removing node {}", node);
        return metadata.remove(hostId)
                .thenApply(outcome -> requireDone("The node was not removed", outcome))
                .thenAccept(_ -> LOG.info("Removed node {}", node));
    }

    private CompletionStage<Void> goodbye() {
        return internode == null ? CompletableFuture.completedStage(null) : internode.goodbye();
    }

    @Override
    public CompletionStage<List<GossipNode>> gossip() {
        if (internode == null) {
            throw AdminException.conflict(
                    "The node does not listen for other nodes (storage_port is 0)");
        }
        return internode.nodes();
    }

    @Override
    public List<PeerStatistics> messages() {
        return internode == null ? List.of() : internode.statistics();
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        workers.shutdown();
        NodeThreads.awaitEnd(workers, END_SECONDS);
    }
}
