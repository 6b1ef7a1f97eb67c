package io.helenus.engine.config;

import io.helenus.commitlog.CommitLogOptions;
import io.helenus.engine.transport.TransportOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Everything that an operator decided about a node, checked and immutable.
///
/// ```java
/// Settings settings = Settings.builder(Machine.ofProcess())
///         .file(Path.of("conf/helenus.yaml"))
///         .set("native_transport_port", "9043")
///         .build();
/// ```
public final class Settings {
    private final SettingValues values;

    private Settings(SettingValues values) {
        this.values = values;
    }

    /// Collects settings; a later one replaces an earlier one of the same name.
    public static Builder builder(Machine machine) {
        return new Builder(machine);
    }

    /// Nothing but defaults.
    public static Settings defaults(Machine machine) {
        return builder(machine).build();
    }

    /// Collects settings. Mistakes are kept for [#build], which reports them all.
    public static final class Builder {
        private final SettingValues values;
        private final List<String> problems = new ArrayList<>();
        private @Nullable Path folder; // of the settings file

        private Builder(Machine machine) {
            values = new SettingValues(machine);
        }

        /// Takes what stands in a YAML file.
        ///
        /// @throws SettingsException if it cannot be read, or is no YAML
        public Builder file(Path file) {
            folder = file.toAbsolutePath().getParent();
            for (SettingsFile.Entry entry : SettingsFile.read(file, problems)) {
                put(entry);
            }
            return this;
        }

        /// Takes one setting.
        public Builder set(String name, String value) {
            Setting<?> setting = Setting.named(name);
            boolean list = setting != null && setting.kind().list();
            put(new SettingsFile.Entry(name, value, list, ""));
            return this;
        }

        /// Takes one setting in the form `name=value`, as the command line has it.
        public Builder assignment(String assignment) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                problems.add("'%s' is not of the form name=value".formatted(assignment));
                return this;
            }
            return set(assignment.substring(0, equals).strip(), assignment.substring(equals + 1));
        }

        /// Whether the setting has a value already, so that its default is of no importance.
        public boolean isSet(String name) {
            Setting<?> setting = Setting.named(name);
            return setting != null && values.isGiven(setting);
        }

        private void put(SettingsFile.Entry entry) {
            String where = entry.origin().isEmpty() ? "" : " (" + entry.origin() + ")";
            Setting<?> setting = Setting.named(entry.name());
            String refusal = Setting.refusal(entry.name());
            if (refusal != null) {
                problems.add("there is no '%s': %s%s".formatted(entry.name(), refusal, where));
                return;
            }
            if (setting == null) {
                String meant =
                        NearestName.of(entry.name())
                                .map("; did you mean '%s'?"::formatted)
                                .orElse("");
                problems.add("unknown setting '%s'%s%s".formatted(entry.name(), meant, where));
                return;
            }
            try {
                if (entry.list() && !setting.kind().list()) {
                    throw new InvalidValueException("a single value");
                }
                values.put(setting, entry.text());
            } catch (InvalidValueException e) {
                problems.add(
                        "%s is '%s', must be %s%s"
                                .formatted(entry.name(), entry.text(), e.wanted(), where));
            }
        }

        /// @throws SettingsException if anything is wrong; it names everything that is
        public Settings build() {
            if (problems.isEmpty()) {
                new NodePlace(values, problems).settle(folder);
            }
            if (problems.isEmpty()) {
                checkRelations();
            }
            if (!problems.isEmpty()) {
                throw new SettingsException(problems);
            }
            return new Settings(values);
        }

        private void checkRelations() {
            long total = values.get(Setting.MEMORY_TOTAL);
            long parts =
                    values.get(Setting.MEMTABLE_SPACE)
                            + values.get(Setting.BLOCK_CACHE_SIZE)
                            + values.get(Setting.NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT)
                            + values.get(Setting.NATIVE_TRANSPORT_MAX_RESULT_DATA_IN_FLIGHT);
            check(
                    parts <= total,
                    "memtable_space, block_cache_size, native_transport_max_request_data_in_flight and"
                            + " native_transport_max_result_data_in_flight are %s together, must be at most memory_total, %s"
                                    .formatted(
                                            ValueKind.sizeText(parts), ValueKind.sizeText(total)));
            check(
                    total <= values.machine().heapBytesMax(),
                    "memory_total is %s, must be at most the heap of the JVM (-Xmx), %s"
                            .formatted(
                                    ValueKind.sizeText(total),
                                    ValueKind.sizeText(values.machine().heapBytesMax())));
            atMost(
                    Setting.NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT_PER_CONNECTION,
                    Setting.NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT);
            atMost(
                    Setting.NATIVE_TRANSPORT_MAX_FRAME_SIZE,
                    Setting.NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT);
            atMost(Setting.COMMITLOG_SEGMENT_SIZE, Setting.COMMITLOG_TOTAL_SPACE);
            check(
                    values.get(Setting.TOMBSTONE_WARN_THRESHOLD)
                            <= values.get(Setting.TOMBSTONE_FAILURE_THRESHOLD),
                    "tombstone_warn_threshold is %d, must be at most tombstone_failure_threshold, %d"
                            .formatted(
                                    values.get(Setting.TOMBSTONE_WARN_THRESHOLD),
                                    values.get(Setting.TOMBSTONE_FAILURE_THRESHOLD)));
            atMostIfSet(
                    Setting.LOCAL_READ_SIZE_WARN_THRESHOLD, Setting.LOCAL_READ_SIZE_FAIL_THRESHOLD);
            atMostIfSet(
                    Setting.COORDINATOR_READ_SIZE_WARN_THRESHOLD,
                    Setting.COORDINATOR_READ_SIZE_FAIL_THRESHOLD);
            check(
                    values.get(Setting.SEEDS).isEmpty() || values.get(Setting.STORAGE_PORT) > 0,
                    "seeds are given, but storage_port is 0: the node would not listen for others");
            atMost(Setting.BATCH_SIZE_WARN_THRESHOLD, Setting.BATCH_SIZE_FAIL_THRESHOLD);
            int tokens = values.get(Setting.INITIAL_TOKEN).size();
            int wanted = values.get(Setting.NUM_TOKENS);
            check(
                    tokens == 0 || tokens == wanted,
                    "initial_token has %d tokens, must have as many as num_tokens says, %d"
                            .formatted(tokens, wanted));
        }

        private void atMost(Setting<Long> smaller, Setting<Long> larger) {
            check(
                    values.get(smaller) <= values.get(larger),
                    "%s is %s, must be at most %s, %s"
                            .formatted(
                                    smaller.name(),
                                    values.text(smaller),
                                    larger.name(),
                                    values.text(larger)));
        }

        /// For limits that are none at 0.
        private void atMostIfSet(Setting<Long> smaller, Setting<Long> larger) {
            if (values.get(larger) != 0) {
                atMost(smaller, larger);
            }
        }

        private void check(boolean valid, String problem) {
            if (!valid) {
                problems.add(problem);
            }
        }
    }

    /// All settings, as texts that could stand in the file, in its order.
    public Map<String, String> texts() {
        return values.texts();
    }

    public String clusterName() {
        return values.get(Setting.CLUSTER_NAME);
    }

    public String dataCenter() {
        return values.get(Setting.DATA_CENTER);
    }

    public String rack() {
        return values.get(Setting.RACK);
    }

    /// How the node knows where it is.
    public EndpointSnitch endpointSnitch() {
        return values.get(Setting.ENDPOINT_SNITCH);
    }

    public int numTokens() {
        return values.get(Setting.NUM_TOKENS);
    }

    /// The node's tokens, ascending; empty lets it choose [#numTokens] of them.
    public List<Long> initialTokens() {
        return values.get(Setting.INITIAL_TOKEN);
    }

    /// The node's own directory.
    public Path dataDirectory() {
        return values.get(Setting.DATA_FILE_DIRECTORIES);
    }

    public CommitLogOptions commitLog() {
        return CommitLogOptions.defaults(values.get(Setting.COMMITLOG_DIRECTORY))
                .withSyncMode(values.get(Setting.COMMITLOG_SYNC))
                .withSyncPeriod(values.get(Setting.COMMITLOG_SYNC_PERIOD))
                .withGroupWindow(values.get(Setting.COMMITLOG_SYNC_GROUP_WINDOW))
                .withSegmentBytes(Math.toIntExact(values.get(Setting.COMMITLOG_SEGMENT_SIZE)))
                .withTotalBytesMax(values.get(Setting.COMMITLOG_TOTAL_SPACE))
                .withSegmentKind(values.get(Setting.COMMITLOG_ACCESS));
    }

    public boolean commitLogIgnoreReplayErrors() {
        return values.get(Setting.COMMITLOG_IGNORE_REPLAY_ERRORS);
    }

    /// Whether a snapshot is taken of what DROP and TRUNCATE take away.
    public boolean autoSnapshot() {
        return values.get(Setting.AUTO_SNAPSHOT);
    }

    /// How long such a snapshot is kept; zero for ever.
    public Duration autoSnapshotTimeToLive() {
        return values.get(Setting.AUTO_SNAPSHOT_TTL);
    }

    /// Whether flushed files are also kept as backups.
    public boolean incrementalBackups() {
        return values.get(Setting.INCREMENTAL_BACKUPS);
    }

    public DiskFailurePolicy diskFailurePolicy() {
        return values.get(Setting.DISK_FAILURE_POLICY);
    }

    public CommitFailurePolicy commitFailurePolicy() {
        return values.get(Setting.COMMIT_FAILURE_POLICY);
    }

    /// Bytes of free space below which writes are refused; 0 for none.
    public long freeSpaceMin() {
        return values.get(Setting.MIN_FREE_SPACE_PER_DRIVE);
    }

    /// Where other nodes reach this one.
    public InetAddress listenAddress() {
        return values.get(Setting.LISTEN_ADDRESS);
    }

    public int storagePort() {
        return values.get(Setting.STORAGE_PORT);
    }

    /// Nodes that are asked at the start who is in the cluster.
    public List<InetSocketAddress> seeds() {
        return values.get(Setting.SEEDS).stream()
                .map(seed ->
                        seed.getPort() == 0
                                ? new InetSocketAddress(seed.getAddress(), storagePort())
                                : seed)
                .toList();
    }

    /// How much silence makes a node count as down, as phi of the failure detector.
    public double phiConvictThreshold() {
        return values.get(Setting.PHI_CONVICT_THRESHOLD);
    }

    /// Where clients reach this node; empty if there is to be no native protocol server.
    public Optional<InetSocketAddress> nativeAddress() {
        if (!values.get(Setting.START_NATIVE_TRANSPORT)) {
            return Optional.empty();
        }
        return Optional.of(
                new InetSocketAddress(
                        values.get(Setting.RPC_ADDRESS),
                        values.get(Setting.NATIVE_TRANSPORT_PORT)));
    }

    /// Where the node listens for administration; empty if it does not.
    public Optional<InetSocketAddress> adminAddress() {
        if (!values.get(Setting.START_ADMIN)) {
            return Optional.empty();
        }
        return Optional.of(
                new InetSocketAddress(
                        values.get(Setting.ADMIN_ADDRESS), values.get(Setting.ADMIN_PORT)));
    }

    public TransportOptions transport() {
        TransportOptions defaults = TransportOptions.defaults();
        return new TransportOptions(
                values.get(Setting.NATIVE_TRANSPORT_IO),
                values.get(Setting.NATIVE_TRANSPORT_EVENT_LOOPS),
                Math.toIntExact(values.get(Setting.NATIVE_TRANSPORT_MAX_FRAME_SIZE)),
                Math.max(0, values.get(Setting.NATIVE_TRANSPORT_MAX_CONCURRENT_CONNECTIONS)),
                values.get(Setting.NATIVE_TRANSPORT_MAX_REQUESTS_PER_CONNECTION),
                values.get(Setting.NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT_PER_CONNECTION),
                values.get(Setting.NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT),
                defaults.outboundHighBytes(),
                defaults.outboundLowBytes(),
                defaults.outboundBytesMax(),
                values.get(Setting.NATIVE_TRANSPORT_STALLED_TIMEOUT).toMillis(),
                values.get(Setting.NATIVE_TRANSPORT_IDLE_TIMEOUT).toMillis(),
                defaults.nodelay(),
                values.get(Setting.NATIVE_TRANSPORT_MAX_RESULT_DATA_IN_FLIGHT));
    }

    /// The node's memory, of which memtables, cached blocks and requests in flight are parts.
    public long memoryBytes() {
        return values.get(Setting.MEMORY_TOTAL);
    }

    public long memtableBytes() {
        return values.get(Setting.MEMTABLE_SPACE);
    }

    public long blockCacheBytes() {
        return values.get(Setting.BLOCK_CACHE_SIZE);
    }

    public int preparedStatementsMax() {
        return values.get(Setting.PREPARED_STATEMENTS_MAX);
    }

    /// Requests that may wait for a disk at a time.
    public int concurrentReads() {
        return values.get(Setting.CONCURRENT_READS);
    }

    /// Requests that may wait for one of [#concurrentReads] to end.
    public int concurrentReadsQueue() {
        return values.get(Setting.CONCURRENT_READS_QUEUE);
    }

    /// Tombstones above which a read warns.
    public int tombstonesWarn() {
        return values.get(Setting.TOMBSTONE_WARN_THRESHOLD);
    }

    /// Tombstones above which a read fails.
    public int tombstonesFail() {
        return values.get(Setting.TOMBSTONE_FAILURE_THRESHOLD);
    }

    /// Bytes of scanned rows above which a read warns; [Long#MAX_VALUE] for no limit, here and below.
    public long localReadBytesWarn() {
        return bytesMax(Setting.LOCAL_READ_SIZE_WARN_THRESHOLD);
    }

    public long localReadBytesFail() {
        return bytesMax(Setting.LOCAL_READ_SIZE_FAIL_THRESHOLD);
    }

    /// Bytes of a page's values above which a read warns.
    public long coordinatorReadBytesWarn() {
        return bytesMax(Setting.COORDINATOR_READ_SIZE_WARN_THRESHOLD);
    }

    public long coordinatorReadBytesFail() {
        return bytesMax(Setting.COORDINATOR_READ_SIZE_FAIL_THRESHOLD);
    }

    /// Bytes of a batch of several partitions above which its client is warned.
    public long batchBytesWarn() {
        return values.get(Setting.BATCH_SIZE_WARN_THRESHOLD);
    }

    /// Bytes of a batch of several partitions above which it is refused.
    public long batchBytesFail() {
        return values.get(Setting.BATCH_SIZE_FAIL_THRESHOLD);
    }

    /// Partitions of a batch that is not logged above which its client is warned.
    public int unloggedBatchPartitionsWarn() {
        return values.get(Setting.UNLOGGED_BATCH_ACROSS_PARTITIONS_WARN_THRESHOLD);
    }

    private long bytesMax(Setting<Long> limit) {
        long bytes = values.get(limit);
        return bytes == 0 ? Long.MAX_VALUE : bytes;
    }

    /// Compactions at a time.
    public int concurrentCompactors() {
        return values.get(Setting.CONCURRENT_COMPACTORS);
    }

    /// What all compactions together may read in a second; 0 for no limit.
    public int compactionThroughputMiB() {
        return Math.toIntExact(values.get(Setting.COMPACTION_THROUGHPUT) >> 20);
    }

    /// Whether tables may set `unsafe_aggressive_sstable_expiration`.
    public boolean allowUnsafeExpiration() {
        return values.get(Setting.ALLOW_UNSAFE_AGGRESSIVE_SSTABLE_EXPIRATION);
    }

    @Override
    public String toString() {
        return texts().toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Settings settings && texts().equals(settings.texts());
    }

    @Override
    public int hashCode() {
        return texts().hashCode();
    }
}
