package io.helenus.engine.schema;

import static io.helenus.engine.types.NativeType.BIGINT;
import static io.helenus.engine.types.NativeType.BOOLEAN;
import static io.helenus.engine.types.NativeType.DOUBLE;
import static io.helenus.engine.types.NativeType.INET;
import static io.helenus.engine.types.NativeType.INT;
import static io.helenus.engine.types.NativeType.TEXT;

import io.helenus.engine.types.MapType;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// `clients`, `settings`, `caches` and `thread_pools` of `system_views`, with Cassandra's columns. What
/// nobody counts here is null.
public final class NodeViews {
    /// A row of `clients`.
    ///
    /// @param stage of the connection: `established`, `authenticating` or `ready`
    public record ClientRow(
            InetAddress address,
            int port,
            String stage,
            int protocolVersion,
            Map<String, String> options,
            @Nullable String driverName,
            @Nullable String driverVersion,
            @Nullable String keyspace,
            long requests) {}

    /// A row of `caches`.
    public record CacheRow(
            String name, long bytesMax, long bytes, long entries, long requests, long hits) {}

    /// A row of `thread_pools`.
    public record PoolRow(String name, int active, int activeMax, int pending, long completed) {}

    /// What the rows are made of, as it is at the moment.
    public interface Source {
        List<ClientRow> clients();

        /// Of all settings, as texts that could stand in the file.
        Map<String, String> settings();

        List<CacheRow> caches();

        List<PoolRow> pools();
    }

    /// Whoever connects while nobody is asked who he is; Cassandra's name.
    private static final String ANONYMOUS = "anonymous";

    private static final TableSchema CLIENTS =
            SystemSchema.view("clients", "currently connected clients")
                    .partitionKey("address", INET)
                    .clustering("port", INT)
                    .regular("client_options", new MapType(TEXT, TEXT, false))
                    .regular("connection_stage", TEXT)
                    .regular("driver_name", TEXT)
                    .regular("driver_version", TEXT)
                    .regular("hostname", TEXT)
                    .regular("keyspace_name", TEXT)
                    .regular("protocol_version", INT)
                    .regular("request_count", BIGINT)
                    .regular("ssl_cipher_suite", TEXT)
                    .regular("ssl_enabled", BOOLEAN)
                    .regular("ssl_protocol", TEXT)
                    .regular("username", TEXT)
                    .build();

    private static final TableSchema SETTINGS =
            SystemSchema.view("settings", "current settings")
                    .partitionKey("name", TEXT)
                    .regular("value", TEXT)
                    .build();

    private static final TableSchema CACHES =
            SystemSchema.view("caches", "system caches")
                    .partitionKey("name", TEXT)
                    .regular("capacity_bytes", BIGINT)
                    .regular("entry_count", INT)
                    .regular("hit_count", BIGINT)
                    .regular("hit_ratio", DOUBLE)
                    .regular("recent_hit_rate_per_second", BIGINT)
                    .regular("recent_request_rate_per_second", BIGINT)
                    .regular("request_count", BIGINT)
                    .regular("size_bytes", BIGINT)
                    .build();

    private static final TableSchema THREAD_POOLS =
            SystemSchema.view("thread_pools", "")
                    .partitionKey("name", TEXT)
                    .regular("active_tasks", INT)
                    .regular("active_tasks_limit", INT)
                    .regular("blocked_tasks", BIGINT)
                    .regular("blocked_tasks_all_time", BIGINT)
                    .regular("completed_tasks", BIGINT)
                    .regular("pending_tasks", INT)
                    .build();

    private NodeViews() {}

    public static List<TableSchema> definitions() {
        return List.of(CLIENTS, SETTINGS, CACHES, THREAD_POOLS);
    }

    public static List<VirtualTable> tables(Source source) {
        return List.of(
                new View<>(
                        CLIENTS,
                        source::clients,
                        Comparator.comparing(
                                        (ClientRow row) -> Wire.inet(row.address()),
                                        SchemaProjection::byToken)
                                .thenComparingInt(ClientRow::port),
                        NodeViews::client),
                new View<>(
                        SETTINGS,
                        () -> List.copyOf(source.settings().entrySet()),
                        Map.Entry.comparingByKey(SchemaProjection::byToken),
                        NodeViews::setting),
                new View<>(
                        CACHES,
                        source::caches,
                        Comparator.comparing(CacheRow::name, SchemaProjection::byToken),
                        NodeViews::cache),
                new View<>(
                        THREAD_POOLS,
                        source::pools,
                        Comparator.comparing(PoolRow::name, SchemaProjection::byToken),
                        NodeViews::pool));
    }

    /// A table of rows that are there all at once.
    private record View<T>(
            TableSchema schema,
            Supplier<List<T>> rows,
            Comparator<? super T> order,
            Projection<T> projection)
            implements VirtualTable {
        @Override
        public void rows(RowConsumer consumer) {
            List<T> sorted = new ArrayList<>(rows.get());
            sorted.sort(order);
            for (T row : sorted) {
                consumer.row(projection.of(row, new VirtualRow(schema)).values());
            }
        }
    }

    private interface Projection<T> {
        VirtualRow of(T row, VirtualRow out);
    }

    private static VirtualRow client(ClientRow client, VirtualRow out) {
        return out.set("address", Wire.inet(client.address()))
                .set("port", Wire.int32(client.port()))
                .set("client_options", Wire.textMap(new TreeMap<>(client.options())))
                .text("connection_stage", client.stage())
                .set("driver_name", Wire.textOrNull(client.driverName()))
                .set("driver_version", Wire.textOrNull(client.driverVersion()))
                .text("hostname", client.address().getHostAddress())
                .set("keyspace_name", Wire.textOrNull(client.keyspace()))
                .set("protocol_version", Wire.int32(client.protocolVersion()))
                .set("request_count", Wire.int64(client.requests()))
                .set("ssl_enabled", Wire.bool(false))
                .text("username", ANONYMOUS);
    }

    private static VirtualRow setting(Map.Entry<String, String> setting, VirtualRow out) {
        return out.text("name", setting.getKey()).text("value", setting.getValue());
    }

    private static VirtualRow cache(CacheRow cache, VirtualRow out) {
        double ratio =
                (double) cache.hits() / cache.requests(); // of none it is NaN, as in Cassandra
        return out.text("name", cache.name())
                .set("capacity_bytes", Wire.int64(cache.bytesMax()))
                .set("entry_count", Wire.int32(Math.clamp(cache.entries(), 0, Integer.MAX_VALUE)))
                .set("hit_count", Wire.int64(cache.hits()))
                .set("hit_ratio", Wire.float64(ratio))
                .set("request_count", Wire.int64(cache.requests()))
                .set("size_bytes", Wire.int64(cache.bytes()));
    }

    private static VirtualRow pool(PoolRow pool, VirtualRow out) {
        return out.text("name", pool.name())
                .set("active_tasks", Wire.int32(pool.active()))
                .set("active_tasks_limit", Wire.int32(pool.activeMax()))
                .set("completed_tasks", Wire.int64(pool.completed()))
                .set("pending_tasks", Wire.int32(pool.pending()));
    }
}
