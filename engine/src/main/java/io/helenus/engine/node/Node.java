package io.helenus.engine.node;

import io.helenus.commitlog.CommitLog;
import io.helenus.commitlog.CommitLogEnvironment;
import io.helenus.commitlog.LogAgentRunner;
import io.helenus.commitlog.ReplayOptions;
import io.helenus.commitlog.ReplayReport;
import io.helenus.cql.CqlParser;
import io.helenus.engine.admin.AdminRoutes;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.gossip.GossipService;
import io.helenus.engine.cluster.metadata.ClusterMetadata;
import io.helenus.engine.compaction.Compactions;
import io.helenus.engine.query.QueryProcessor;
import io.helenus.engine.query.RequestHandler;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.schema.DescribeAnswer;
import io.helenus.engine.schema.NodeInfo;
import io.helenus.engine.schema.NodeTables;
import io.helenus.engine.schema.NodeViews;
import io.helenus.engine.schema.SchemaNames;
import io.helenus.engine.schema.SnapshotsTable;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.schema.VirtualTable;
import io.helenus.engine.schema.VirtualTables;
import io.helenus.engine.storage.Snapshot;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.StorageEnvironment;
import io.helenus.engine.storage.StorageOptions;
import io.helenus.engine.transport.NativeServer;
import io.helenus.gossip.Endpoint;
import io.helenus.sstable.cache.BlockCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One node: everything between its data directory and its port. Several may live in one JVM.
///
/// Made, started and closed by one thread; the parts look after their own threads. Closing ends the
/// parts in the reverse order of their start, and goes on if one of them fails.
public final class Node implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    static final String RELEASE_VERSION = "5.0.6";
    private static final int REPLAY_LANES_MAX = 8; // one thread reads the log for all of them
    private static final String PARTITIONER = "org.apache.cassandra.dht.Murmur3Partitioner";
    private static final String CQL_VERSION = "3.4.7";
    private static final int PROTOCOL_VERSION = 5;
    private static final long DRAIN_SECONDS = 30;

    /// Between two looks at the room on the disks, which fast writers fill in a few seconds.
    private static final long ROOM_MILLIS = 200;

    private static final long TICK_MILLIS = 1_000;
    private static final long EXPIRY_MILLIS = 10_000;

    /// Of the block cache: what scans have besides.
    private static final int SCAN_SHARE = 8;

    private static final long SCAN_BYTES_MIN = 1 << 20;
    private static final String FIRST_STATEMENT =
            "SELECT release_version FROM system.local WHERE key = 'local'";

    private final NodeOptions options;
    private final NodeFiles files;
    private final LongSupplier wallMicros;
    private final Deque<Part> parts = new ArrayDeque<>();
    private @Nullable QueryProcessor processor;
    private @Nullable StorageEngine storage;
    private @Nullable NodeCompaction compaction;
    private volatile @Nullable ClientService clients;
    private @Nullable NodeAdmin admin;
    private @Nullable NodeMetadata metadata;
    private @Nullable NodeInternode internode;
    private final PeerFacts peerFacts = new PeerFacts();
    private @Nullable NodeCluster cluster;

    /// A started part and how to end it.
    private record Part(String name, AutoCloseable closing) {}

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

    private <T extends AutoCloseable> T part(String name, T started) {
        parts.push(new Part(name, started));
        return started;
    }

    private void start() throws IOException {
        Path directory = options.dataDirectory();
        Path logs = options.commitLog().directory();
        DataDirectory.requireNotWithinAnother(directory, directory);
        DataDirectory.requireNotWithinAnother(logs, directory);
        part("data directory", DataDirectory.open(directory));
        if (!logs.toAbsolutePath().normalize().equals(directory.toAbsolutePath().normalize())) {
            // Another node may be told to use it, too, wherever it lies.
            part("commit log directory", DataDirectory.open(logs));
        }
        NodeThreads threads =
                part("threads", new NodeThreads(options.readerThreads(), options.readerQueue()));
        // The first statement costs 100 ms of class loading: spend them beside the start.
        threads.readers().execute(() -> CqlParser.parse(FIRST_STATEMENT));
        SecureRandom random = new SecureRandom();
        FailureGuard guard =
                new FailureGuard(
                        options.operations(),
                        List.of(directory, logs),
                        FailureGuard.Room::ofFileStore,
                        threads.storage());
        StorageLog events = new StorageLog(guard);
        StorageEngine engine = startStorage(threads, random, events);
        guard.guard(engine);
        TimeUuids timeUuids = new TimeUuids(wallMicros, random);
        NodeCompaction compacting =
                new NodeCompaction(
                        options.operations().compaction(),
                        engine,
                        files.storage(),
                        threads.ticks(),
                        wallMicros,
                        timeUuids);
        compaction = compacting;
        NodeMetadata agreed =
                part(
                        "metadata log",
                        NodeMetadata.open(options, files.metadata(), NodeSchema.views(), random));
        metadata = agreed;
        NodeSchema definitions =
                part(
                        "schema",
                        NodeSchema.open(
                                options,
                                agreed,
                                files.metadata(),
                                engine,
                                compacting,
                                wallMicros,
                                timeUuids,
                                random,
                                this::publish));
        replay(engine, threads);
        guard.requireSound();
        definitions.finishDrops();
        part("compaction", compacting).start(engine);
        NodeViews.Source views =
                new NodeViewSource(
                        options.operations().settings(),
                        threads,
                        compacting,
                        engine,
                        () -> clients);
        QueryProcessor queries = newProcessor(engine, definitions, timeUuids, views);
        processor = queries;
        definitions.restorePrepared(queries);
        continueTimestamps(definitions, queries);
        part("timestamps", () -> definitions.saveTimestamp(queries.latestTimestamp()));
        part("unlogged tables", () -> flushUnlogged(engine));
        repeat(
                threads,
                TICK_MILLIS,
                () -> {
                    definitions.saveTimestamp(queries.latestTimestamp());
                    tick(engine, compacting);
                });
        repeat(threads, ROOM_MILLIS, guard::look);
        repeat(
                threads,
                EXPIRY_MILLIS,
                () -> threads.storage().execute(() -> deleteExpired(engine)));
        part("agreement", agreed::end);
        boolean alone = startInternode(engine, definitions, agreed, random);
        if (!alone) {
            listenForNodes(engine, definitions); // and serve nobody before it is clear who is there
        }
        serveClients(threads, queries, guard);
        agreed.serving(nativeAddress());
        if (alone) {
            listenForNodes(engine, definitions);
        }
        startAdmin(engine, definitions, events);
    }

    private static void repeat(NodeThreads threads, long millis, Runnable task) {
        var _ = threads.ticks().scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
    }

    private void serveClients(NodeThreads threads, QueryProcessor queries, FailureGuard guard)
            throws IOException {
        InetSocketAddress address = options.nativeAddress();
        if (address != null) {
            ClientService service =
                    part(
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
            TimeUuids timeUuids,
            NodeViews.Source views) {
        return new QueryProcessor(
                definitions,
                new NodeCatalog(
                        options.datacenter(),
                        engine,
                        virtualTables(definitions, engine, views),
                        definitions.metadata()::dataRefusal),
                engine,
                definitions.preparedStore(),
                new DescribeAnswer.Cluster(
                        options.clusterName(),
                        "Murmur3Partitioner",
                        options.cluster().snitch(),
                        cluster(definitions, engine)::replicasByToken),
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
                                        System::nanoTime)),
                        options.cluster(),
                        agreed,
                        files.metadata(),
                        options.dataDirectory().resolve("metadata"),
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
                    part(
                            "streams",
                            new NodeStreams(
                                    definitions,
                                    engine,
                                    options.operations().roomBytesMin(),
                                    others));
            part("messages", others);
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

    private void startAdmin(StorageEngine engine, NodeSchema definitions, StorageLog events)
            throws IOException {
        NodeAdmin started =
                part(
                        "administration",
                        new NodeAdmin(
                                options.clusterName(),
                                engine,
                                events,
                                () -> local(definitions),
                                cluster(definitions, engine),
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
                            compactions(),
                            () -> wallMicros.getAsLong() / 1_000));
        }
    }

    private NodeCluster cluster(NodeSchema definitions, StorageEngine engine) {
        NodeCluster made = cluster;
        if (made == null) {
            made =
                    new NodeCluster(
                            () -> cluster().state(),
                            peerFacts,
                            this::epochOf,
                            () -> local(definitions),
                            () -> nativeAddress() != null,
                            () -> loadBytes(engine),
                            options.cluster().snitch(),
                            PARTITIONER);
            cluster = made;
        }
        return made;
    }

    private long epochOf(Endpoint other) {
        NodeInternode others = internode;
        return others == null ? 0 : others.epochOf(other);
    }

    private static long loadBytes(StorageEngine engine) {
        return engine.tables().stream()
                .flatMap(table -> table.sstables().stream())
                .mapToLong(sstable -> sstable.file().bytes())
                .sum();
    }

    private void continueTimestamps(NodeSchema definitions, QueryProcessor queries) {
        long latest = definitions.latestTimestamp();
        long ahead = latest == Long.MIN_VALUE ? 0 : latest - wallMicros.getAsLong();
        queries.startTimestampsAfter(latest);
        if (ahead > 1_000_000L) {
            LOG.warn(
                    "The clock is {} s behind the last write: writes get later timestamps than it says",
                    ahead / 1_000_000L);
        }
    }

    /// Also what an operator did not want logged shall survive an orderly end.
    private static void flushUnlogged(StorageEngine engine)
            throws InterruptedException, ExecutionException, TimeoutException {
        engine.flushUnlogged().get(DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    /// A failure now must not end the ticks to come.
    private static void tick(StorageEngine engine, NodeCompaction compaction) {
        try {
            engine.tick();
            compaction.tick();
        } catch (RuntimeException e) {
            LOG.error("Looking after memtables failed", e);
        }
    }

    private static void deleteExpired(StorageEngine engine) {
        try {
            int deleted = engine.snapshots().deleteExpired();
            if (deleted > 0) {
                LOG.info("Deleted {} expired snapshots", deleted);
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("Looking after snapshots failed", e);
        }
    }

    private StorageEngine startStorage(
            NodeThreads threads, SecureRandom random, StorageLog events) {
        // Housekeeping takes about a microsecond for each new block; another thread would cost
        // more.
        BlockCache cache = new BlockCache(options.blockCacheBytes(), Runnable::run);
        StorageEngine engine =
                new StorageEngine(
                        new StorageOptions(
                                options.dataDirectory().resolve("data"),
                                options.memtableBytes(),
                                Math.max(SCAN_BYTES_MIN, options.blockCacheBytes() / SCAN_SHARE)),
                        new StorageEnvironment(
                                files.storage(),
                                System::nanoTime,
                                wallMicros,
                                threads.storage(),
                                random,
                                events),
                        cache);
        engine.setBackingUp(options.operations().incrementalBackups());
        storage = engine;
        return part("storage", engine);
    }

    private void replay(StorageEngine engine, NodeThreads threads) throws IOException {
        CommitLog log =
                CommitLog.open(
                        options.commitLog().withStartAfter(engine.highestFlushedPosition()),
                        new CommitLogEnvironment(
                                files.log(), System::nanoTime, wallMicros, engine.logListener()));
        part("commit log", log);
        part(
                "commit log sync",
                LogAgentRunner.start(
                        log.syncAgent(),
                        System::nanoTime,
                        NodeThreads.factory("helenus-commitlog-sync")));
        part(
                "commit log preparation",
                LogAgentRunner.start(
                        log.prepareAgent(),
                        System::nanoTime,
                        NodeThreads.factory("helenus-commitlog-prepare")));
        ReplayOptions replay =
                new ReplayOptions(
                        options.ignoreCommitLogDamage()
                                ? ReplayOptions.OnDamage.IGNORE
                                : ReplayOptions.OnDamage.STOP,
                        new ReplayLog(System::nanoTime, LOG::info));
        long begun = System.nanoTime();
        int processors = Runtime.getRuntime().availableProcessors();
        int lanes = Math.min(Math.min(processors, REPLAY_LANES_MAX), options.readerThreads());
        ReplayReport report = engine.start(log, replay, lanes, threads.readers());
        ReplayLog.report(report, System.nanoTime() - begun);
    }

    private static List<SnapshotsTable.Row> snapshotRows(StorageEngine engine) {
        List<SnapshotsTable.Row> rows = new ArrayList<>();
        try {
            for (Snapshot snapshot : engine.snapshots().list()) {
                rows.add(
                        new SnapshotsTable.Row(
                                snapshot.tag(),
                                snapshot.keyspace(),
                                snapshot.table(),
                                millis(snapshot.createdAt()),
                                millis(snapshot.expiresAt()),
                                snapshot.ephemeral(),
                                snapshot.bytes(),
                                snapshot.ownBytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    private VirtualTables virtualTables(
            NodeSchema definitions, StorageEngine engine, NodeViews.Source views) {
        NodeTables.ClusterInfo cluster =
                new NodeTables.ClusterInfo(
                        options.clusterName(),
                        PARTITIONER,
                        CQL_VERSION,
                        PROTOCOL_VERSION,
                        (int) (wallMicros.getAsLong() / 1_000_000L));
        List<VirtualTable> added =
                new ArrayList<>(
                        NodeTables.tables(
                                cluster,
                                () -> local(definitions),
                                () -> cluster(definitions, engine).peers()));
        added.add(NodeTables.preparedStatements(definitions::preparedRows));
        NodeCompaction compacting = compaction;
        if (compacting != null) {
            added.addAll(compacting.virtualTables());
        }
        added.addAll(NodeViews.tables(views));
        added.add(new SnapshotsTable(() -> snapshotRows(engine)));
        // Nobody writes these as long as there is neither authentication nor tracing nor repair.
        definitions.current().keyspaces().values().stream()
                .filter(keyspace -> SchemaNames.isReplicatedSystem(keyspace.name()))
                .flatMap(keyspace -> keyspace.tables().values().stream())
                .forEach(table -> added.add(new EmptyTable(table)));
        return new VirtualTables(definitions::current, added);
    }

    private record EmptyTable(TableSchema schema) implements VirtualTable {
        @Override
        public void rows(RowConsumer consumer) {
            // There are none.
        }
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

    private void publish(io.helenus.engine.transport.ServerEvent event) {
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
        boolean interrupted =
                Thread.interrupted(); // it would close the files before the last force
        while (!parts.isEmpty()) {
            Part part = parts.pop();
            try {
                part.closing().close();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (Exception e) {
                LOG.error("Closing the {} failed", part.name(), e);
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
