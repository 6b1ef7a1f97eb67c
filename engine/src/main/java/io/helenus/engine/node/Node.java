package io.helenus.engine.node;

import io.helenus.cql.CqlParser;
import io.helenus.engine.admin.AdminRoutes;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.gossip.GossipService;
import io.helenus.engine.cluster.metadata.ClusterMetadata;
import io.helenus.engine.compaction.Compactions;
import io.helenus.engine.metadata.MetadataFiles;
import io.helenus.engine.query.QueryProcessor;
import io.helenus.engine.query.RequestHandler;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.schema.DescribeAnswer;
import io.helenus.engine.schema.NodeInfo;
import io.helenus.engine.schema.NodeTables;
import io.helenus.engine.schema.VirtualTables;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.transport.NativeServer;
import io.helenus.engine.transport.ServerEvent;
import io.helenus.gossip.Endpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// One node: everything between its data directory and its port. Several may live in one JVM.
///
/// Made, started and closed by one thread; the parts look after their own threads. Closing ends the
/// parts in the reverse order of their start, and goes on if one of them fails.
public final class Node implements AutoCloseable {
    static final String RELEASE_VERSION = "5.0.6";
    private static final String PARTITIONER = "org.apache.cassandra.dht.Murmur3Partitioner";
    private static final String CQL_VERSION = "3.4.7";
    private static final int PROTOCOL_VERSION = 5;
    private static final String FIRST_STATEMENT =
            "SELECT release_version FROM system.local WHERE key = 'local'";

    private final NodeOptions options;
    private final NodeFiles files;
    private final LongSupplier nanoTime = System::nanoTime;
    private final LongSupplier wallMicros;
    private final NodeParts parts = new NodeParts();
    private final PeerFacts peerFacts = new PeerFacts();
    private @Nullable QueryProcessor processor;
    private @Nullable StorageEngine storage;
    private @Nullable NodeCompaction compaction;
    private volatile @Nullable ClientService clients;
    private @Nullable NodeAdmin admin;
    private @Nullable NodeMetadata metadata;
    private @Nullable NodeInternode internode;

    private Node(NodeOptions options, Clock clock, NodeFiles files) {
        this.options = options;
        this.files = files;
        wallMicros = () -> micros(clock.instant());
    }

    private static long micros(Instant instant) {
        return Math.addExact(
                Math.multiplyExact(instant.getEpochSecond(), 1_000_000L),
                instant.getNano() / 1_000);
    }

    /// Starts a node; returns when it answers.
    ///
    /// @param clock tells the time of writes, and when things expire
    /// @throws IOException if its files or addresses cannot be used; what was started has been ended
    public static Node start(NodeOptions options, Clock clock) throws IOException {
        return start(options, clock, NodeFiles.nio());
    }

    /// The same, over the given file systems.
    public static Node start(NodeOptions options, Clock clock, NodeFiles files) throws IOException {
        Node node = new Node(options, clock, files);
        try {
            node.start();
        } catch (IOException | RuntimeException | Error e) {
            node.close();
            throw e;
        }
        return node;
    }

    private void start() throws IOException {
        takeDirectories();
        NodeThreads threads =
                parts.add(
                        "threads", new NodeThreads(options.readerThreads(), options.readerQueue()));
        // The first statement costs 100 ms of class loading: spend them beside the start.
        threads.readers().execute(() -> CqlParser.parse(FIRST_STATEMENT));
        SecureRandom random = new SecureRandom();
        FailureGuard guard =
                new FailureGuard(
                        options.operations(),
                        List.of(options.dataDirectory(), options.commitLog().directory()),
                        FailureGuard.Room::ofFileStore,
                        threads.storage());
        StorageLog events = new StorageLog(guard, nanoTime);
        NodeStorage stored =
                NodeStorage.open(
                        options, files, threads, parts, nanoTime, wallMicros, random, events);
        StorageEngine engine = stored.engine();
        storage = engine;
        guard.guard(engine);
        TimeUuids timeUuids = new TimeUuids(wallMicros, random);
        NodeCompaction compacting =
                new NodeCompaction(
                        options.operations().compaction(),
                        engine,
                        files.storage(),
                        threads.ticks(),
                        nanoTime,
                        wallMicros,
                        timeUuids);
        compaction = compacting;
        NodeMetadata agreed =
                parts.add(
                        "metadata log",
                        NodeMetadata.open(
                                options, files.metadata(), NodeSchema.views(), nanoTime, random));
        metadata = agreed;
        MetadataFiles metadataFiles = files.metadata().in(metadataDirectory());
        NodeTimestamps timestamps =
                parts.add("latest timestamp", NodeTimestamps.open(metadataFiles, wallMicros));
        SavedStatements prepared =
                parts.add(
                        "prepared statements",
                        SavedStatements.open(metadataFiles, random, options.preparedMax()));
        NodeSchema definitions =
                NodeSchema.open(
                        agreed,
                        new StoredTables(engine, compacting, options.operations()),
                        wallMicros,
                        timeUuids,
                        this::publish,
                        options.operations().compaction().allowUnsafeExpiration());
        stored.replay();
        guard.requireSound();
        definitions.finishDrops();
        parts.add("compaction", compacting).start(engine);
        NodeCluster cluster = newCluster(definitions, agreed, stored);
        VirtualTables computed =
                NodeVirtualTables.of(
                        definitions::current,
                        clusterInfo(),
                        () -> local(definitions),
                        cluster::peers,
                        prepared::rows,
                        compacting.virtualTables(),
                        new NodeViewSource(
                                options.operations().settings(),
                                threads,
                                compacting,
                                engine,
                                () -> clients),
                        engine.snapshots());
        QueryProcessor queries =
                newProcessor(engine, definitions, computed, prepared, timeUuids, cluster);
        processor = queries;
        prepared.restore(queries);
        timestamps.continueIn(queries);
        parts.add("timestamps", () -> timestamps.save(queries));
        parts.add("unlogged tables", stored::flushUnlogged);
        new NodeUpkeep(threads).begin(engine, compacting, guard, () -> timestamps.save(queries));
        parts.add("agreement", agreed::end);
        boolean alone = startInternode(engine, definitions, agreed, random);
        if (!alone) {
            listenForNodes(engine, definitions); // and serve nobody before it is clear who is there
        }
        serveClients(threads, queries, guard);
        agreed.serving(nativeAddress());
        if (alone) {
            listenForNodes(engine, definitions);
        }
        startAdmin(engine, definitions, compacting, cluster, events);
    }

    /// Which no other node may use meanwhile.
    private void takeDirectories() throws IOException {
        Path directory = options.dataDirectory();
        Path logs = options.commitLog().directory();
        DataDirectory.requireNotWithinAnother(directory, directory);
        DataDirectory.requireNotWithinAnother(logs, directory);
        parts.add("data directory", DataDirectory.open(directory));
        if (!logs.toAbsolutePath().normalize().equals(directory.toAbsolutePath().normalize())) {
            parts.add("commit log directory", DataDirectory.open(logs)); // wherever it lies
        }
    }

    private Path metadataDirectory() {
        return options.dataDirectory().resolve(NodeMetadata.DIRECTORY);
    }

    private void serveClients(NodeThreads threads, QueryProcessor queries, FailureGuard guard)
            throws IOException {
        InetSocketAddress address = options.nativeAddress();
        if (address != null) {
            ClientService service =
                    parts.add(
                            "native protocol server",
                            new ClientService(
                                    options.transport(), threads.readers(), queries, address));
            clients = service;
            guard.serving(service);
            service.start();
        }
    }

    private QueryProcessor newProcessor(
            StorageEngine engine,
            NodeSchema definitions,
            VirtualTables virtualTables,
            SavedStatements prepared,
            TimeUuids timeUuids,
            NodeCluster cluster) {
        return new QueryProcessor(
                definitions,
                new NodeCatalog(
                        options.datacenter(),
                        engine,
                        virtualTables,
                        definitions.metadata()::dataRefusal),
                engine,
                prepared,
                new DescribeAnswer.Cluster(
                        options.clusterName(),
                        "Murmur3Partitioner",
                        options.cluster().snitch(),
                        cluster::replicasByToken),
                timeUuids,
                wallMicros,
                options.preparedMax(),
                options.operations().readLimits(),
                options.operations().batchLimits(),
                listenSocket());
    }

    /// Nothing runs yet.
    ///
    /// @return whether it looks for no other nodes
    private boolean startInternode(
            StorageEngine engine, NodeSchema definitions, NodeMetadata agreed, SecureRandom random)
            throws IOException {
        if (options.storagePort() == 0) {
            if (agreed.hasOthers()) {
                throw new IOException("A node among others needs a storage_port, it is 0");
            }
            return true;
        }
        ClusterEvents clusterEvents = new ClusterEvents(definitions.hostId(), this::publish);
        ClusterState known = agreed.service().current();
        if (known != null) {
            clusterEvents.changed(known);
        }
        agreed.service().addListener((_, after) -> clusterEvents.changed(after));
        NodeInternode made =
                new NodeInternode(
                        new NodeInternode.Identity(
                                options.clusterName(),
                                PARTITIONER,
                                Endpoint.of(listenSocket()),
                                definitions.hostId(),
                                new NodeGossip(
                                        () -> local(definitions),
                                        agreed.service()::epoch,
                                        engine,
                                        () -> nativeAddress() != null,
                                        nanoTime)),
                        options.cluster(),
                        agreed,
                        files.metadata(),
                        metadataDirectory(),
                        nanoTime,
                        wallMicros,
                        random,
                        List.of(peerFacts, clusterEvents));
        internode = made;
        return !agreed.hasOthers();
    }

    private InetSocketAddress listenSocket() {
        return new InetSocketAddress(options.listenAddress(), options.storagePort());
    }

    private void listenForNodes(StorageEngine engine, NodeSchema definitions) throws IOException {
        NodeInternode others = internode;
        if (others != null) {
            NodeStreams streams =
                    parts.add(
                            "streams",
                            new NodeStreams(
                                    definitions,
                                    engine,
                                    options.operations().roomBytesMin(),
                                    others,
                                    nanoTime));
            parts.add("messages", others);
            streams.listen(listenSocket(), options.transport().transport());
            others.discover();
        }
    }

    /// Gossip with other nodes, which begins now if it has not; for tests and tools in this process.
    public CompletionStage<GossipService> gossip() {
        NodeInternode others = internode;
        if (others == null) {
            throw new IllegalStateException("The node does not listen for others (storage_port)");
        }
        return others.gossip();
    }

    /// What this node's cluster agrees on.
    public ClusterMetadata cluster() {
        if (metadata == null) {
            throw new IllegalStateException("The node is not started");
        }
        return metadata.service();
    }

    private void startAdmin(
            StorageEngine engine,
            NodeSchema definitions,
            NodeCompaction compacting,
            NodeCluster cluster,
            StorageLog events)
            throws IOException {
        NodeAdmin started =
                parts.add(
                        "administration",
                        new NodeAdmin(
                                options.clusterName(),
                                engine,
                                events,
                                () -> local(definitions),
                                cluster,
                                clients,
                                definitions.metadata(),
                                internode,
                                wallMicros));
        admin = started;
        InetSocketAddress address = options.operations().adminAddress();
        if (address != null) {
            started.listen(
                    address,
                    options.transport().transport(),
                    AdminRoutes.of(
                            started,
                            definitions::current,
                            engine,
                            compacting.compactions(),
                            () -> wallMicros.getAsLong() / 1_000));
        }
    }

    private NodeCluster newCluster(
            NodeSchema definitions, NodeMetadata agreed, NodeStorage stored) {
        return new NodeCluster(
                agreed.service()::state,
                peerFacts,
                this::epochOf,
                () -> local(definitions),
                () -> nativeAddress() != null,
                stored::fileBytes,
                options.cluster().snitch(),
                PARTITIONER);
    }

    private NodeTables.ClusterInfo clusterInfo() {
        return new NodeTables.ClusterInfo(
                options.clusterName(),
                PARTITIONER,
                CQL_VERSION,
                PROTOCOL_VERSION,
                (int) (wallMicros.getAsLong() / 1_000_000L));
    }

    private long epochOf(Endpoint other) {
        NodeInternode others = internode;
        return others == null ? 0 : others.epochOf(other);
    }

    private NodeInfo local(NodeSchema definitions) {
        InetSocketAddress nativeAddress = options.nativeAddress();
        InetSocketAddress listening = nativeAddress();
        int port = listening != null ? listening.getPort() : 0;
        return new NodeInfo(
                definitions.hostId(),
                options.datacenter(),
                options.rack(),
                options.listenAddress(),
                options.storagePort(),
                options.listenAddress(),
                options.storagePort(),
                nativeAddress == null ? options.listenAddress() : nativeAddress.getAddress(),
                port,
                definitions.tokens().stream().map(String::valueOf).toList(),
                RELEASE_VERSION,
                definitions.current().version());
    }

    private void publish(ServerEvent event) {
        ClientService service = clients;
        if (service != null) {
            service.publish(event);
        }
    }

    /// Where clients connect; null if there is no native protocol server.
    public @Nullable InetSocketAddress nativeAddress() {
        ClientService service = clients;
        NativeServer server = service == null ? null : service.server();
        return server == null ? null : server.address();
    }

    /// Where it is administered; null if it does not listen for that.
    public @Nullable InetSocketAddress adminAddress() {
        return admin == null ? null : admin.address();
    }

    /// Serves requests in this process.
    public RequestHandler requests() {
        if (processor == null) {
            throw new IllegalStateException("The node is not started");
        }
        return processor;
    }

    /// The node's compactions.
    public Compactions compactions() {
        if (compaction == null) {
            throw new IllegalStateException("The node is not started");
        }
        return compaction.compactions();
    }

    /// The node's storage, for tests and tools in this process.
    public StorageEngine storage() {
        if (storage == null) {
            throw new IllegalStateException("The node is not started");
        }
        return storage;
    }

    @Override
    public void close() {
        parts.close();
    }
}
