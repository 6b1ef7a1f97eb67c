package io.helenus.engine.node;

import io.helenus.engine.compaction.Compactions;
import io.helenus.engine.schema.NodeViews;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.transport.ClientInfo;
import io.helenus.engine.transport.NativeServer;
import io.helenus.sstable.cache.BlockCache;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What `system_views` shows of a running node. Pools have the names of those that do the same in
/// Cassandra, as dashboards ask for them. Any thread.
final class NodeViewSource implements NodeViews.Source {
    private final Map<String, String> settings;
    private final NodeThreads threads;
    private final NodeCompaction compaction;
    private final StorageEngine storage;
    private final Supplier<@Nullable ClientService> clients;

    NodeViewSource(
            Map<String, String> settings,
            NodeThreads threads,
            NodeCompaction compaction,
            StorageEngine storage,
            Supplier<@Nullable ClientService> clients) {
        this.settings = Map.copyOf(settings);
        this.threads = threads;
        this.compaction = compaction;
        this.storage = storage;
        this.clients = clients;
    }

    @Override
    public List<NodeViews.ClientRow> clients() {
        ClientService service = clients.get();
        NativeServer server = service == null ? null : service.server();
        List<NodeViews.ClientRow> rows = new ArrayList<>();
        for (ClientInfo client : server == null ? List.<ClientInfo>of() : server.clients()) {
            if (client.address() instanceof InetSocketAddress address) {
                rows.add(
                        new NodeViews.ClientRow(
                                address.getAddress(),
                                address.getPort(),
                                client.stage(),
                                client.protocolVersion(),
                                client.options(),
                                client.driverName(),
                                client.driverVersion(),
                                client.keyspace(),
                                client.requests()));
            }
        }
        return rows;
    }

    @Override
    public Map<String, String> settings() {
        return settings;
    }

    @Override
    public List<NodeViews.CacheRow> caches() {
        BlockCache.Statistics blocks = storage.blockCache().statistics();
        return List.of(
                new NodeViews.CacheRow(
                        "chunks",
                        blocks.bytesMax(),
                        blocks.bytes(),
                        blocks.blocks(),
                        blocks.hits() + blocks.misses(),
                        blocks.hits()));
    }

    @Override
    public List<NodeViews.PoolRow> pools() {
        ThreadPoolExecutor storing = threads.storage();
        ThreadPoolExecutor reading = threads.readers();
        Compactions compactions = compaction.compactions();
        return List.of(
                new NodeViews.PoolRow(
                        "CompactionExecutor",
                        compactions.running().size(),
                        compactions.concurrency(),
                        compactions.pending().values().stream().mapToInt(Integer::intValue).sum(),
                        compactions.totals().completed()),
                pool("MemtableFlushWriter", storing),
                pool("ReadStage", reading));
    }

    private static NodeViews.PoolRow pool(String name, ThreadPoolExecutor pool) {
        return new NodeViews.PoolRow(
                name,
                pool.getActiveCount(),
                pool.getMaximumPoolSize(),
                pool.getQueue().size(),
                pool.getCompletedTaskCount());
    }
}
