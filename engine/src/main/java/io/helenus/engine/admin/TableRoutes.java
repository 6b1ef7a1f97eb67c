package io.helenus.engine.admin;

import io.helenus.engine.json.Json;
import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.Snapshot;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableStore;
import io.helenus.sstable.file.SSTableMetadata;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// What the tables consist of.
final class TableRoutes {
    private static final long MILLIS_PER_SECOND = 1_000;

    private final StorageEngine storage;
    private final TableSelection tables;
    private final LongSupplier wallMillis;

    /// @param wallMillis milliseconds since 1970
    TableRoutes(StorageEngine storage, TableSelection tables, LongSupplier wallMillis) {
        this.storage = storage;
        this.tables = tables;
        this.wallMillis = wallMillis;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.get("/v1/tables", this::tables, "keyspace", "tables", "names"),
                AdminRoute.get("/v1/tables/thresholds", this::thresholds, "keyspace", "table"));
    }

    private Json tables(AdminRequest request) throws IOException {
        List<TableSelection.Stored> chosen = new ArrayList<>();
        List<String> names = request.texts("names");
        for (String name : names) {
            int dot = name.indexOf('.');
            chosen.addAll(
                    dot < 0
                            ? tables.of(name, List.of())
                            : tables.of(name.substring(0, dot), List.of(name.substring(dot + 1))));
        }
        if (names.isEmpty()) {
            chosen.addAll(tables.of(request));
        }
        Map<String, Long> inSnapshots = snapshotBytes();
        Map<String, List<Json>> byKeyspace = new LinkedHashMap<>();
        for (TableSelection.Stored table : chosen) {
            byKeyspace
                    .computeIfAbsent(table.schema().keyspace(), _ -> new ArrayList<>())
                    .add(statistics(table.store(), inSnapshots));
        }
        List<Json> keyspaces = new ArrayList<>();
        byKeyspace.forEach((keyspace, all) ->
                keyspaces.add(
                        Json.object().put("name", keyspace).put("tables", new Json.Items(all))));
        return Json.object()
                .put("total_number_of_tables", chosen.size())
                .put("keyspaces", new Json.Items(keyspaces));
    }

    private Map<String, Long> snapshotBytes() throws IOException {
        Map<String, Long> bytes = new LinkedHashMap<>();
        for (Snapshot snapshot : storage.snapshots().list()) {
            var _ =
                    bytes.merge(
                            snapshot.keyspace() + "." + snapshot.table(),
                            snapshot.ownBytes(),
                            Long::sum);
        }
        return bytes;
    }

    private Json statistics(TableStore table, Map<String, Long> inSnapshots) {
        long bytes = 0;
        long largest = 0;
        long repaired = 0;
        int damaged = 0;
        Sums sums = new Sums(wallMillis.getAsLong() / MILLIS_PER_SECOND);
        for (SSTable sstable : table.sstables()) {
            long size = sstable.file().bytes();
            bytes += size;
            largest = Math.max(largest, size);
            repaired += sstable.file().repairedAt() > 0 ? size : 0;
            damaged += sstable.isDamaged() ? 1 : 0;
            if (sstable.isOpen()) {
                sums.add(sstable.reader().metadata(), size);
            }
        }
        Json.Members answer =
                Json.object()
                        .put("name", table.name().table())
                        .put("id", table.name().id().toString())
                        .put("sstable_count", table.sstables().size())
                        .put("damaged_sstable_count", damaged)
                        .put("max_sstable_size", largest)
                        .put("space_used_live", bytes)
                        .put(
                                "space_used_by_snapshots",
                                inSnapshots.getOrDefault(table.name().toString(), 0L))
                        .put("memtable_data_size", table.memtableBytes())
                        .put("percent_repaired", bytes == 0 ? 100 : 100.0 * repaired / bytes)
                        .put("bytes_repaired", repaired)
                        .put("bytes_unrepaired", bytes - repaired);
        return sums.putInto(answer);
    }

    /// What the files say of themselves, added up.
    private static final class Sums {
        private final long nowSeconds;
        private long fileBytes;
        private long rawBytes;
        private long partitions;
        private long rows;
        private long cells;
        private long tombstones;
        private long itemBytes;
        private long largestPartition;
        private double droppable;

        Sums(long nowSeconds) {
            this.nowSeconds = nowSeconds;
        }

        void add(SSTableMetadata metadata, long bytes) {
            fileBytes += bytes;
            rawBytes += metadata.rawBytes();
            partitions += metadata.partitions();
            rows += metadata.rows();
            cells += metadata.cells();
            tombstones += metadata.tombstones() + metadata.boundaries();
            itemBytes += metadata.itemBytes();
            largestPartition = Math.max(largestPartition, metadata.largestPartitionBytes());
            droppable += metadata.droppableBefore(nowSeconds);
        }

        Json putInto(Json.Members answer) {
            return answer.put("space_used_uncompressed", rawBytes)
                    .put("compression_ratio", rawBytes == 0 ? 0 : (double) fileBytes / rawBytes)
                    .put("partitions_estimate", partitions)
                    .put("rows", rows)
                    .put("cells", cells)
                    .put("tombstones", tombstones)
                    .put("partition_maximum_bytes", largestPartition)
                    .put("partition_mean_bytes", partitions == 0 ? 0 : itemBytes / partitions)
                    .put(
                            "droppable_tombstone_ratio",
                            cells == 0 ? 0 : Math.min(1, droppable / cells));
        }
    }

    private Json thresholds(AdminRequest request) {
        TableSelection.Stored table = tables.one(request);
        Map<String, String> options = table.schema().options().compaction().options();
        Json.Members answer = Json.object();
        for (String name : List.of("min_threshold", "max_threshold")) {
            String value = options.get(name);
            if (value == null) {
                throw AdminException.invalid(
                        "The compaction strategy of %s has no thresholds"
                                .formatted(table.schema()));
            }
            answer.put(name, Long.parseLong(value));
        }
        return answer;
    }
}
