package io.helenus.engine.config;

import io.helenus.commitlog.SegmentKind;
import io.helenus.commitlog.SyncMode;
import io.helenus.engine.transport.IoTransport;
import io.helenus.gossip.Location;
import io.helenus.gossip.detector.DetectorSettings;
import io.helenus.gossip.snitch.SimpleSnitch;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One setting: its name, how its values are written, and what it is when nobody says. All of them
/// stand here, in the order of `conf/helenus.yaml`. A default may depend on the machine and on other
/// settings, never in a circle.
record Setting<T>(String name, ValueKind<T> kind, Function<SettingValues, T> byDefault) {
    private static final int PORT_MAX = 65_535;
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long TIB = 1L << 40;

    static final Setting<String> CLUSTER_NAME =
            of("cluster_name", ValueKind.texts(), _ -> "Helenus");
    static final Setting<String> DATA_CENTER =
            of("data_center", ValueKind.names(), _ -> "datacenter1");
    static final Setting<String> RACK = of("rack", ValueKind.names(), _ -> "rack1");
    static final Setting<EndpointSnitch> ENDPOINT_SNITCH =
            of(
                    "endpoint_snitch",
                    ValueKind.snitches(),
                    values ->
                            SimpleSnitch.EVERYWHERE.equals(
                                            new Location(values.get(DATA_CENTER), values.get(RACK)))
                                    ? EndpointSnitch.SIMPLE
                                    : EndpointSnitch.GOSSIPING_PROPERTY_FILE);
    static final Setting<Integer> NUM_TOKENS =
            of("num_tokens", ValueKind.integers(1, 1024), _ -> 16);
    static final Setting<List<Long>> INITIAL_TOKEN =
            of("initial_token", ValueKind.tokens(), _ -> List.of());

    static final Setting<Path> DATA_FILE_DIRECTORIES =
            of(
                    "data_file_directories",
                    ValueKind.singlePaths(),
                    values -> values.machine().home().resolve(".helenus").resolve("data"));

    static final Setting<Path> COMMITLOG_DIRECTORY =
            of(
                    "commitlog_directory",
                    ValueKind.paths(),
                    values -> values.get(DATA_FILE_DIRECTORIES).resolve("commitlog"));
    static final Setting<SyncMode> COMMITLOG_SYNC =
            of("commitlog_sync", ValueKind.constants(SyncMode.class), _ -> SyncMode.PERIODIC);
    static final Setting<Duration> COMMITLOG_SYNC_PERIOD =
            of(
                    "commitlog_sync_period",
                    ValueKind.durations(Duration.ofMillis(1), Duration.ofDays(1)),
                    _ -> Duration.ofSeconds(10));
    static final Setting<Duration> COMMITLOG_SYNC_GROUP_WINDOW =
            of(
                    "commitlog_sync_group_window",
                    ValueKind.durations(Duration.ZERO, Duration.ofSeconds(10)),
                    _ -> Duration.ofMillis(1));
    static final Setting<Long> COMMITLOG_SEGMENT_SIZE =
            of("commitlog_segment_size", ValueKind.sizes(MIB, GIB, 4 * KIB), _ -> 32 * MIB);
    static final Setting<Long> COMMITLOG_TOTAL_SPACE =
            of("commitlog_total_space", ValueKind.sizes(4 * MIB, 64 * TIB, 1), _ -> 8 * GIB);
    static final Setting<SegmentKind> COMMITLOG_ACCESS =
            of("commitlog_access", ValueKind.constants(SegmentKind.class), _ -> SegmentKind.MAPPED);
    static final Setting<Boolean> COMMITLOG_IGNORE_REPLAY_ERRORS =
            of("commitlog_ignore_replay_errors", ValueKind.booleans(), _ -> false);

    static final Setting<Boolean> AUTO_SNAPSHOT =
            of("auto_snapshot", ValueKind.booleans(), _ -> true);
    static final Setting<Duration> AUTO_SNAPSHOT_TTL =
            of(
                    "auto_snapshot_ttl",
                    ValueKind.durations(Duration.ZERO, Duration.ofDays(36_500)),
                    _ -> Duration.ZERO);
    static final Setting<Boolean> INCREMENTAL_BACKUPS =
            of("incremental_backups", ValueKind.booleans(), _ -> false);

    static final Setting<DiskFailurePolicy> DISK_FAILURE_POLICY =
            of(
                    "disk_failure_policy",
                    ValueKind.constants(DiskFailurePolicy.class),
                    _ -> DiskFailurePolicy.STOP);
    static final Setting<CommitFailurePolicy> COMMIT_FAILURE_POLICY =
            of(
                    "commit_failure_policy",
                    ValueKind.constants(CommitFailurePolicy.class),
                    _ -> CommitFailurePolicy.STOP);
    static final Setting<Long> MIN_FREE_SPACE_PER_DRIVE =
            of("min_free_space_per_drive", ValueKind.sizes(0, 64 * TIB, 1), _ -> 50 * MIB);

    static final Setting<Long> MEMORY_TOTAL =
            of(
                    "memory_total",
                    ValueKind.sizes(16 * MIB, 64 * TIB, 1),
                    values -> mebibytes(values.machine().heapBytesMax() / 4 * 3));
    static final Setting<Long> MEMTABLE_SPACE =
            of(
                    "memtable_space",
                    ValueKind.sizes(4 * MIB, 64 * TIB, 1),
                    values -> mebibytes(values.get(MEMORY_TOTAL) / 3));
    static final Setting<Long> BLOCK_CACHE_SIZE =
            of(
                    "block_cache_size",
                    ValueKind.sizes(0, 64 * TIB, 1),
                    values -> mebibytes(values.get(MEMORY_TOTAL) / 3));
    static final Setting<Long> NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT =
            of(
                    "native_transport_max_request_data_in_flight",
                    ValueKind.sizes(MIB, 64 * GIB, 1),
                    values -> mebibytes(values.get(MEMORY_TOTAL) / 12));
    static final Setting<Long> NATIVE_TRANSPORT_MAX_RESULT_DATA_IN_FLIGHT =
            of(
                    "native_transport_max_result_data_in_flight",
                    ValueKind.sizes(MIB, 64 * GIB, 1),
                    values -> mebibytes(values.get(MEMORY_TOTAL) / 12));
    static final Setting<Integer> PREPARED_STATEMENTS_MAX =
            of("prepared_statements_max", ValueKind.integers(1, 10_000_000), _ -> 10_000);

    static final Setting<InetAddress> LISTEN_ADDRESS =
            of("listen_address", ValueKind.addresses(false), _ -> loopback());
    static final Setting<Integer> STORAGE_PORT =
            of("storage_port", ValueKind.integers(0, PORT_MAX), _ -> 7000);
    static final Setting<List<InetSocketAddress>> SEEDS =
            of("seeds", ValueKind.nodes(), _ -> List.of());
    static final Setting<Double> PHI_CONVICT_THRESHOLD =
            of(
                    "phi_convict_threshold",
                    ValueKind.reals(DetectorSettings.THRESHOLD_MIN, DetectorSettings.THRESHOLD_MAX),
                    _ -> DetectorSettings.DEFAULT.convictThreshold());
    static final Setting<Boolean> START_NATIVE_TRANSPORT =
            of("start_native_transport", ValueKind.booleans(), _ -> true);
    static final Setting<InetAddress> RPC_ADDRESS =
            of("rpc_address", ValueKind.addresses(true), values -> values.get(LISTEN_ADDRESS));
    static final Setting<Integer> NATIVE_TRANSPORT_PORT =
            of("native_transport_port", ValueKind.integers(0, PORT_MAX), _ -> 9042);
    static final Setting<Long> NATIVE_TRANSPORT_MAX_FRAME_SIZE =
            of(
                    "native_transport_max_frame_size",
                    ValueKind.sizes(KIB, 256 * MIB, 1),
                    values ->
                            Math.min(
                                    16 * MIB,
                                    values.get(NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT)));
    static final Setting<Integer> NATIVE_TRANSPORT_MAX_CONCURRENT_CONNECTIONS =
            of(
                    "native_transport_max_concurrent_connections",
                    ValueKind.integers(-1, Integer.MAX_VALUE),
                    _ -> -1);
    static final Setting<Integer> NATIVE_TRANSPORT_MAX_REQUESTS_PER_CONNECTION =
            of(
                    "native_transport_max_requests_per_connection",
                    ValueKind.integers(1, 32_768),
                    _ -> 32_768);
    static final Setting<Long> NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT_PER_CONNECTION =
            of(
                    "native_transport_max_request_data_in_flight_per_connection",
                    ValueKind.sizes(KIB, 64 * GIB, 1),
                    values ->
                            Math.min(
                                    8 * MIB,
                                    values.get(NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT)));
    static final Setting<Duration> NATIVE_TRANSPORT_STALLED_TIMEOUT =
            of(
                    "native_transport_stalled_timeout",
                    ValueKind.durations(Duration.ZERO, Duration.ofDays(1)),
                    _ -> Duration.ofMinutes(1));
    static final Setting<Duration> NATIVE_TRANSPORT_IDLE_TIMEOUT =
            of(
                    "native_transport_idle_timeout",
                    ValueKind.durations(Duration.ZERO, Duration.ofDays(1)),
                    _ -> Duration.ZERO);
    static final Setting<IoTransport> NATIVE_TRANSPORT_IO =
            of(
                    "native_transport_io",
                    ValueKind.constants(IoTransport.class),
                    _ -> IoTransport.AUTO);
    static final Setting<Integer> NATIVE_TRANSPORT_EVENT_LOOPS =
            of(
                    "native_transport_event_loops",
                    ValueKind.integers(1, 1024),
                    values -> values.machine().processors());

    static final Setting<Boolean> START_ADMIN = of("start_admin", ValueKind.booleans(), _ -> true);
    static final Setting<InetAddress> ADMIN_ADDRESS =
            of(
                    "admin_address",
                    ValueKind.addresses(true),
                    values -> loopbackOf(values.get(LISTEN_ADDRESS)));
    static final Setting<Integer> ADMIN_PORT =
            of(
                    "admin_port",
                    ValueKind.integers(0, PORT_MAX),
                    values -> values.get(NATIVE_TRANSPORT_PORT) == 0 ? 0 : 7_199);

    static final Setting<Integer> CONCURRENT_READS =
            of("concurrent_reads", ValueKind.integers(1, 4096), _ -> 16);
    static final Setting<Integer> CONCURRENT_READS_QUEUE =
            of("concurrent_reads_queue", ValueKind.integers(1, 1_000_000), _ -> 4096);

    static final Setting<Integer> TOMBSTONE_WARN_THRESHOLD =
            of("tombstone_warn_threshold", ValueKind.integers(0, Integer.MAX_VALUE), _ -> 1_000);
    static final Setting<Integer> TOMBSTONE_FAILURE_THRESHOLD =
            of(
                    "tombstone_failure_threshold",
                    ValueKind.integers(0, Integer.MAX_VALUE),
                    _ -> 100_000);
    static final Setting<Long> LOCAL_READ_SIZE_WARN_THRESHOLD =
            readSize("local_read_size_warn_threshold");
    static final Setting<Long> LOCAL_READ_SIZE_FAIL_THRESHOLD =
            readSize("local_read_size_fail_threshold");
    static final Setting<Long> COORDINATOR_READ_SIZE_WARN_THRESHOLD =
            readSize("coordinator_read_size_warn_threshold");
    static final Setting<Long> COORDINATOR_READ_SIZE_FAIL_THRESHOLD =
            readSize("coordinator_read_size_fail_threshold");

    static final Setting<Long> BATCH_SIZE_WARN_THRESHOLD =
            of("batch_size_warn_threshold", ValueKind.sizes(0, 64 * TIB, 1), _ -> 5 * KIB);
    static final Setting<Long> BATCH_SIZE_FAIL_THRESHOLD =
            of("batch_size_fail_threshold", ValueKind.sizes(0, 64 * TIB, 1), _ -> 50 * KIB);
    static final Setting<Integer> UNLOGGED_BATCH_ACROSS_PARTITIONS_WARN_THRESHOLD =
            of(
                    "unlogged_batch_across_partitions_warn_threshold",
                    ValueKind.integers(0, Integer.MAX_VALUE),
                    _ -> 10);

    static final Setting<Integer> CONCURRENT_COMPACTORS =
            of(
                    "concurrent_compactors",
                    ValueKind.integers(1, 1024),
                    values -> Math.max(2, Math.min(8, values.machine().processors() / 2)));
    static final Setting<Long> COMPACTION_THROUGHPUT =
            of("compaction_throughput", ValueKind.rates(0, 1_000_000L * MIB, MIB), _ -> 64 * MIB);
    static final Setting<Boolean> ALLOW_UNSAFE_AGGRESSIVE_SSTABLE_EXPIRATION =
            of("allow_unsafe_aggressive_sstable_expiration", ValueKind.booleans(), _ -> false);

    private static final List<Setting<?>> ALL =
            List.of(
                    CLUSTER_NAME,
                    DATA_CENTER,
                    RACK,
                    ENDPOINT_SNITCH,
                    NUM_TOKENS,
                    INITIAL_TOKEN,
                    DATA_FILE_DIRECTORIES,
                    COMMITLOG_DIRECTORY,
                    COMMITLOG_SYNC,
                    COMMITLOG_SYNC_PERIOD,
                    COMMITLOG_SYNC_GROUP_WINDOW,
                    COMMITLOG_SEGMENT_SIZE,
                    COMMITLOG_TOTAL_SPACE,
                    COMMITLOG_ACCESS,
                    COMMITLOG_IGNORE_REPLAY_ERRORS,
                    AUTO_SNAPSHOT,
                    AUTO_SNAPSHOT_TTL,
                    INCREMENTAL_BACKUPS,
                    DISK_FAILURE_POLICY,
                    COMMIT_FAILURE_POLICY,
                    MIN_FREE_SPACE_PER_DRIVE,
                    MEMORY_TOTAL,
                    MEMTABLE_SPACE,
                    BLOCK_CACHE_SIZE,
                    NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT,
                    NATIVE_TRANSPORT_MAX_RESULT_DATA_IN_FLIGHT,
                    PREPARED_STATEMENTS_MAX,
                    LISTEN_ADDRESS,
                    STORAGE_PORT,
                    SEEDS,
                    PHI_CONVICT_THRESHOLD,
                    START_NATIVE_TRANSPORT,
                    RPC_ADDRESS,
                    NATIVE_TRANSPORT_PORT,
                    NATIVE_TRANSPORT_MAX_FRAME_SIZE,
                    NATIVE_TRANSPORT_MAX_CONCURRENT_CONNECTIONS,
                    NATIVE_TRANSPORT_MAX_REQUESTS_PER_CONNECTION,
                    NATIVE_TRANSPORT_MAX_REQUEST_DATA_IN_FLIGHT_PER_CONNECTION,
                    NATIVE_TRANSPORT_STALLED_TIMEOUT,
                    NATIVE_TRANSPORT_IDLE_TIMEOUT,
                    NATIVE_TRANSPORT_IO,
                    NATIVE_TRANSPORT_EVENT_LOOPS,
                    START_ADMIN,
                    ADMIN_ADDRESS,
                    ADMIN_PORT,
                    CONCURRENT_READS,
                    CONCURRENT_READS_QUEUE,
                    TOMBSTONE_WARN_THRESHOLD,
                    TOMBSTONE_FAILURE_THRESHOLD,
                    LOCAL_READ_SIZE_WARN_THRESHOLD,
                    LOCAL_READ_SIZE_FAIL_THRESHOLD,
                    COORDINATOR_READ_SIZE_WARN_THRESHOLD,
                    COORDINATOR_READ_SIZE_FAIL_THRESHOLD,
                    BATCH_SIZE_WARN_THRESHOLD,
                    BATCH_SIZE_FAIL_THRESHOLD,
                    UNLOGGED_BATCH_ACROSS_PARTITIONS_WARN_THRESHOLD,
                    CONCURRENT_COMPACTORS,
                    COMPACTION_THROUGHPUT,
                    ALLOW_UNSAFE_AGGRESSIVE_SSTABLE_EXPIRATION);

    private static final Map<String, Setting<?>> BY_NAME = byName();

    /// Settings of Cassandra that have no meaning here, and why: worth more than "unknown".
    private static final Map<String, String> REFUSED =
            Map.of(
                    "read_thresholds_enabled",
                    "a threshold holds as soon as it is set",
                    "row_index_read_size_warn_threshold",
                    "an index is read page by page, so none is too large",
                    "seed_provider",
                    "'seeds' is a list of the addresses",
                    "row_index_read_size_fail_threshold",
                    "an index is read page by page, so none is too large");

    private static <T> Setting<T> of(
            String name, ValueKind<T> kind, Function<SettingValues, T> byDefault) {
        return new Setting<>(name, kind, byDefault);
    }

    /// Of what a read may scan or return; 0 is no limit, as it is by default.
    private static Setting<Long> readSize(String name) {
        return of(name, ValueKind.sizes(0, 64 * TIB, 1), _ -> 0L);
    }

    private static Map<String, Setting<?>> byName() {
        Map<String, Setting<?>> settings = new TreeMap<>();
        for (Setting<?> setting : ALL) {
            settings.put(setting.name, setting);
        }
        return settings;
    }

    /// The address itself if nobody else can reach it.
    private static InetAddress loopbackOf(InetAddress address) {
        return address.isLoopbackAddress() ? address : loopback();
    }

    private static InetAddress loopback() {
        return InetAddress.ofLiteral("127.0.0.1");
    }

    /// Whole mebibytes, at least one: a default that reads well.
    private static long mebibytes(long bytes) {
        return Math.max(1, bytes / MIB) * MIB;
    }

    static List<Setting<?>> all() {
        return ALL;
    }

    /// Why there is no such setting although Cassandra has it; null if that is not known.
    static @Nullable String refusal(String name) {
        return REFUSED.get(name);
    }

    static @Nullable Setting<?> named(String name) {
        return BY_NAME.get(name);
    }
}
