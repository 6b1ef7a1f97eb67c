package io.helenus.engine.admin;

import io.helenus.engine.compaction.Compactions;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.storage.StorageEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All that can be asked for, put together. Stateless.
public final class AdminRoutes {
    private AdminRoutes() {}

    /// @param schema the current one
    /// @param compactions null where nothing is compacted: there are no such paths then
    /// @param wallMillis milliseconds since 1970
    public static List<AdminRoute> of(
            NodeControl node,
            Supplier<Schema> schema,
            StorageEngine storage,
            @Nullable Compactions compactions,
            LongSupplier wallMillis) {
        TableSelection tables = new TableSelection(schema, storage);
        List<AdminRoute> routes = new ArrayList<>();
        routes.addAll(new NodeRoutes(node, storage, tables).routes());
        routes.addAll(new RingRoutes(node).routes());
        routes.addAll(new GossipRoutes(node).routes());
        routes.addAll(new MembershipRoutes(node).routes());
        routes.addAll(new SnapshotRoutes(storage, tables, wallMillis).routes());
        routes.addAll(new TableRoutes(storage, tables, wallMillis).routes());
        routes.addAll(new DamageRoutes(storage, tables).routes());
        if (compactions != null) {
            routes.addAll(new CompactionRoutes(compactions, tables).routes());
        }
        return routes;
    }
}
