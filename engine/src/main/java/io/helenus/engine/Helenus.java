package io.helenus.engine;

import io.helenus.engine.bulk.BulkEnvironment;
import io.helenus.engine.bulk.RowClock;
import io.helenus.engine.bulk.SSTableBulkWriter;
import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.compaction.Compactions;
import io.helenus.engine.config.Machine;
import io.helenus.engine.config.Settings;
import io.helenus.engine.messaging.MessagingOptions;
import io.helenus.engine.node.ClusterOptions;
import io.helenus.engine.node.CompactionOptions;
import io.helenus.engine.node.Node;
import io.helenus.engine.node.NodeOptions;
import io.helenus.engine.node.OperationsOptions;
import io.helenus.engine.query.BatchLimits;
import io.helenus.engine.query.ClientState;
import io.helenus.engine.query.RequestHandler;
import io.helenus.engine.query.select.ReadLimits;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.files.NioStorageFiles;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.detector.DetectorSettings;
import io.helenus.gossip.exchange.GossipSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A node of Helenus in this process: the same engine as the server's.
///
/// ```java
/// try (Helenus node = Helenus.embedded().dataDirectory(Path.of("data")).start()) {
///     EmbeddedSession session = node.session();
///     session.execute("INSERT INTO shop.items (id, name) VALUES (?, ?)", 1, "lamp");
/// }
/// ```
///
/// Started and closed by one thread; what it hands out may be used by any.
public final class Helenus implements AutoCloseable {
    private static final int DEATH_CODE = 100;

    /// Of the node's memory: what messages to, and from, other nodes may take at most.
    private static final int MESSAGES_SHARE = 12;

    private final Node node;

    private Helenus(Node node) {
        this.node = node;
    }

    /// A node on default settings, without a port for clients unless one is asked for.
    public static Builder embedded() {
        return new Builder();
    }

    /// Writes SSTables without a node, on as many threads as the machine has processors.
    public static SSTableBulkWriter.Builder bulkWriter() {
        return SSTableBulkWriter.builder(
                bulkEnvironment(Runtime.getRuntime().availableProcessors()));
    }

    /// What bulk writers take from this machine.
    ///
    /// @param threads that they may keep busy at a time beside their callers'
    public static BulkEnvironment bulkEnvironment(int threads) {
        Clock clock = systemClock();
        return new BulkEnvironment(
                new NioStorageFiles(),
                new RowClock(() -> micros(clock.instant()), System::nanoTime),
                new SecureRandom(),
                task -> Thread.ofPlatform().daemon().name("helenus-bulk").start(task),
                threads);
    }

    private static long micros(Instant now) {
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
    }

    /// A node as an operator configured it. It ends the process where its failure policies say `die`.
    ///
    /// @throws IOException if its files or addresses cannot be used
    public static Helenus start(Settings settings) throws IOException {
        return new Helenus(
                Node.start(
                        options(
                                settings,
                                settings.nativeAddress().orElse(null),
                                Helenus::endProcess),
                        systemClock()));
    }

    private static Clock systemClock() {
        return Clock.systemUTC();
    }

    /// For policies that want a node dead. Its process is the node's own.
    private static void endProcess() {
        Runtime.getRuntime().halt(DEATH_CODE);
    }

    private static NodeOptions options(
            Settings settings, @Nullable InetSocketAddress nativeAddress, Runnable death) {
        return new NodeOptions(
                settings.clusterName(),
                settings.dataCenter(),
                settings.rack(),
                settings.dataDirectory(),
                settings.commitLog(),
                settings.commitLogIgnoreReplayErrors(),
                settings.listenAddress(),
                settings.storagePort(),
                nativeAddress,
                settings.transport(),
                settings.numTokens(),
                settings.initialTokens(),
                settings.memtableBytes(),
                settings.blockCacheBytes(),
                settings.concurrentReads(),
                settings.concurrentReadsQueue(),
                settings.preparedStatementsMax(),
                new OperationsOptions(
                        settings.adminAddress().orElse(null),
                        settings.autoSnapshot(),
                        settings.autoSnapshotTimeToLive(),
                        settings.incrementalBackups(),
                        new CompactionOptions(
                                settings.concurrentCompactors(),
                                settings.compactionThroughputMiB(),
                                settings.allowUnsafeExpiration()),
                        settings.diskFailurePolicy(),
                        settings.commitFailurePolicy(),
                        settings.freeSpaceMin(),
                        new ReadLimits(
                                settings.tombstonesWarn(),
                                settings.tombstonesFail(),
                                settings.localReadBytesWarn(),
                                settings.localReadBytesFail(),
                                settings.coordinatorReadBytesWarn(),
                                settings.coordinatorReadBytesFail()),
                        new BatchLimits(
                                settings.batchBytesWarn(),
                                settings.batchBytesFail(),
                                settings.unloggedBatchPartitionsWarn()),
                        settings.texts(),
                        death),
                new ClusterOptions(
                        settings.seeds().stream().map(Endpoint::of).toList(),
                        GossipSettings.DEFAULT.withDetector(
                                DetectorSettings.DEFAULT.withConvictThreshold(
                                        settings.phiConvictThreshold())),
                        MessagingOptions.of(settings.memoryBytes() / MESSAGES_SHARE),
                        AgreementSettings.DEFAULT,
                        settings.endpointSnitch().className()));
    }

    /// Collects what an embedded node is told at its start.
    public static final class Builder {
        private final Settings.Builder settings = Settings.builder(Machine.ofProcess());
        private @Nullable Path directory;
        private @Nullable InetSocketAddress nativeAddress;
        private Clock clock = systemClock();

        private Builder() {
            settings.set("commitlog_access", "memory_segment"); // needs no JVM flags
            settings.set("start_admin", "false"); // whoever embeds it has it at hand
            settings.set("storage_port", "0"); // nor do other nodes know it
        }

        /// Where its files are; it is made if it is not there. Must be said.
        public Builder dataDirectory(Path path) {
            directory = path;
            return this;
        }

        /// Also serves the native protocol; port 0 takes a free one, see [Helenus#nativeAddress].
        public Builder nativeAddress(InetSocketAddress address) {
            nativeAddress = address;
            return this;
        }

        /// One setting, by its name in `helenus.yaml`.
        public Builder set(String name, String value) {
            settings.set(name, value);
            return this;
        }

        /// What tells the time of writes, and when things expire.
        public Builder clock(Clock given) {
            clock = given;
            return this;
        }

        /// @throws IOException if its files or addresses cannot be used
        /// @throws io.helenus.engine.config.SettingsException if a setting is unknown or invalid
        public Helenus start() throws IOException {
            Path path = Objects.requireNonNull(directory, "an embedded node needs a dataDirectory");
            settings.set("data_file_directories", path.toString());
            return new Helenus(
                    Node.start(options(settings.build(), nativeAddress, () -> {}), clock));
        }
    }

    /// Where clients connect, if it serves the native protocol.
    public Optional<InetSocketAddress> nativeAddress() {
        return Optional.ofNullable(node.nativeAddress());
    }

    /// Where it is administered, if it listens for that.
    public Optional<InetSocketAddress> adminAddress() {
        return Optional.ofNullable(node.adminAddress());
    }

    /// Executes statements in this process. A session has a current keyspace of its own.
    public EmbeddedSession session() {
        return new EmbeddedSession(node.requests(), new ClientState("embedded"));
    }

    /// The requests of the native protocol without its frames.
    public RequestHandler requests() {
        return node.requests();
    }

    /// The node's compactions, for tools and tests in this process.
    public Compactions compactions() {
        return node.compactions();
    }

    /// The node's storage, for tools and tests in this process.
    public StorageEngine storage() {
        return node.storage();
    }

    /// Answers what is under way, ends all threads and closes all files. Idempotent.
    @Override
    public void close() {
        node.close();
    }
}
