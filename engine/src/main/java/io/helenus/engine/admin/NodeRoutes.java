package io.helenus.engine.admin;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.json.Json;
import io.helenus.engine.schema.NodeInfo;
import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.transport.ClientInfo;
import io.helenus.sstable.cache.BlockCache;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// What concerns the node as a whole.
final class NodeRoutes {
    private static final double MIB = 1 << 20;

    private final NodeControl node;
    private final StorageEngine storage;
    private final TableSelection tables;

    NodeRoutes(NodeControl node, StorageEngine storage, TableSelection tables) {
        this.node = node;
        this.storage = storage;
        this.tables = tables;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.get("/v1/version", _ -> version()),
                AdminRoute.get("/v1/info", _ -> info()),
                AdminRoute.get("/v1/clients", _ -> clients()),
                AdminRoute.post("/v1/flush", this::flush, "keyspace", "tables"),
                AdminRoute.post("/v1/drain", _ -> drain()),
                AdminRoute.get("/v1/native-transport", _ -> nativeTransport()),
                AdminRoute.change(
                        "POST", "/v1/native-transport/enable", _ -> enableNativeTransport()),
                AdminRoute.change(
                        "POST", "/v1/native-transport/disable", _ -> disableNativeTransport()));
    }

    private Json version() {
        return Json.object().put("release_version", node.info().releaseVersion());
    }

    private Json info() {
        NodeInfo info = node.info();
        Runtime runtime = Runtime.getRuntime();
        BlockCache cache = storage.blockCache();
        Json.Members answer =
                Json.object()
                        .put("id", info.hostId().toString())
                        .put("gossip_active", node.isGossiping())
                        .put("native_transport_active", node.isServingClients())
                        .put("mode", node.mode())
                        .put(
                                "bootstrap_state",
                                isIn(NodeState.JOINING) ? "IN_PROGRESS" : "COMPLETED")
                        .put("decommissioning", isIn(NodeState.LEAVING))
                        .put("load_bytes", loadBytes())
                        .put("uncompressed_load_bytes", uncompressedBytes())
                        .put("memtable_bytes", storage.memtableBytes())
                        .put("generation", node.generation())
                        .put("uptime_seconds", node.uptimeMillis() / 1_000)
                        .put("heap_used_mib", (runtime.totalMemory() - runtime.freeMemory()) / MIB)
                        .put("heap_max_mib", runtime.maxMemory() / MIB)
                        .put("off_heap_mib", offHeapBytes() / MIB)
                        .put("data_center", info.datacenter())
                        .put("rack", info.rack())
                        .put("exceptions", node.exceptions())
                        .put("percent_repaired", percentRepaired())
                        .putTexts("tokens", info.tokens());
        return answer.put("block_cache", blockCache(cache));
    }

    /// Whether this node is in the state.
    private boolean isIn(NodeState state) {
        ClusterNode self = node.cluster().state().node(node.info().hostId());
        return self != null && self.state() == state;
    }

    private static Json blockCache(BlockCache cache) {
        BlockCache.Statistics statistics = cache.statistics();
        return Json.object()
                .put("entries", statistics.blocks())
                .put("size_bytes", statistics.bytes())
                .put("capacity_bytes", statistics.bytesMax())
                .put("hits", statistics.hits())
                .put("requests", statistics.hits() + statistics.misses());
    }

    private static long offHeapBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private long loadBytes() {
        return allFiles().stream().mapToLong(sstable -> sstable.file().bytes()).sum();
    }

    private List<SSTable> allFiles() {
        return storage.tables().stream().flatMap(table -> table.sstables().stream()).toList();
    }

    private long uncompressedBytes() {
        return allFiles().stream()
                .filter(SSTable::isOpen)
                .mapToLong(sstable -> sstable.reader().metadata().rawBytes())
                .sum();
    }

    /// By bytes; an empty node has nothing that is not repaired.
    private double percentRepaired() {
        long all = loadBytes();
        long repaired =
                allFiles().stream()
                        .filter(sstable -> sstable.file().repairedAt() > 0)
                        .mapToLong(sstable -> sstable.file().bytes())
                        .sum();
        return all == 0 ? 100 : 100.0 * repaired / all;
    }

    private CompletionStage<Json> flush(AdminRequest request) {
        List<TableStore> chosen =
                tables.of(request).stream().map(TableSelection.Stored::store).toList();
        CompletableFuture<?>[] flushes =
                chosen.stream()
                        .filter(table -> !table.isClean())
                        .map(TableStore::flush)
                        .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(flushes)
                .thenApply(_ -> Json.object().put("flushed", flushes.length));
    }

    private CompletionStage<Json> drain() {
        return node.drain().thenApply(_ -> Json.object().put("mode", node.mode()));
    }

    /// By address.
    private Json clients() {
        List<Json> clients = new ArrayList<>();
        node.clients().stream()
                .sorted(Comparator.comparing(client -> String.valueOf(client.address())))
                .forEach(client -> clients.add(client(client)));
        return Json.object().put("clients", new Json.Items(clients));
    }

    private static Json client(ClientInfo client) {
        Json.Members options = Json.object();
        new TreeMap<>(client.options()).forEach(options::put);
        return Json.object()
                .put("address", String.valueOf(client.address()))
                .put("stage", client.stage())
                .put("protocol_version", client.protocolVersion())
                .put("keyspace", client.keyspace())
                .put("requests", client.requests())
                .put("driver_name", client.driverName())
                .put("driver_version", client.driverVersion())
                .put("options", options);
    }

    private Json nativeTransport() {
        return Json.object().put("running", node.isServingClients());
    }

    private Json enableNativeTransport() throws IOException {
        node.serveClients();
        return nativeTransport();
    }

    private Json disableNativeTransport() {
        node.stopServingClients();
        return nativeTransport();
    }
}
