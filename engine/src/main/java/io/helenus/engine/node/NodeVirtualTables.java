package io.helenus.engine.node;

import io.helenus.engine.schema.NodeInfo;
import io.helenus.engine.schema.NodeTables;
import io.helenus.engine.schema.NodeViews;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaNames;
import io.helenus.engine.schema.SnapshotsTable;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.schema.VirtualTable;
import io.helenus.engine.schema.VirtualTables;
import io.helenus.engine.storage.Snapshot;
import io.helenus.engine.storage.Snapshots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The tables of the system keyspaces that a node computes for each read: gathers them from its parts.
/// Stateless.
final class NodeVirtualTables {
    private NodeVirtualTables() {}

    /// @param cluster what the node's cluster is, for `system.local`
    /// @param local what the node says of itself
    /// @param peers the other nodes
    /// @param compaction tables that compactions fill
    static VirtualTables of(
            Supplier<Schema> schema,
            NodeTables.ClusterInfo cluster,
            Supplier<NodeInfo> local,
            Supplier<List<NodeInfo>> peers,
            Supplier<List<NodeTables.PreparedRow>> prepared,
            List<VirtualTable> compaction,
            NodeViews.Source views,
            Snapshots snapshots) {
        List<VirtualTable> tables = new ArrayList<>(NodeTables.tables(cluster, local, peers));
        tables.add(NodeTables.preparedStatements(prepared));
        tables.addAll(compaction);
        tables.addAll(NodeViews.tables(views));
        tables.add(new SnapshotsTable(() -> rows(snapshots)));
        // Nobody writes these as long as there is neither authentication nor tracing nor repair.
        schema.get().keyspaces().values().stream()
                .filter(keyspace -> SchemaNames.isReplicatedSystem(keyspace.name()))
                .flatMap(keyspace -> keyspace.tables().values().stream())
                .forEach(table -> tables.add(new EmptyTable(table)));
        return new VirtualTables(schema, tables);
    }

    private static List<SnapshotsTable.Row> rows(Snapshots snapshots) {
        List<SnapshotsTable.Row> rows = new ArrayList<>();
        try {
            for (Snapshot snapshot : snapshots.list()) {
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

    private record EmptyTable(TableSchema schema) implements VirtualTable {
        @Override
        public void rows(RowConsumer consumer) {
            // There are none.
        }
    }
}
