package io.helenus.engine.schema;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Which tables are computed, by id. A table of `system` or `system_schema` that nobody computes is
/// empty: nothing of these two keyspaces is stored.
public final class VirtualTables {
    private final Map<UUID, VirtualTable> tables = new HashMap<>();

    /// @param schema the current one
    /// @param added tables of the node's other parts; each takes the place of ours with its id
    public VirtualTables(Supplier<Schema> schema, Collection<? extends VirtualTable> added) {
        for (KeyspaceSchema keyspace : SystemSchema.nodeKeyspaces(List.of())) {
            keyspace.tables().values().forEach(table -> put(new EmptyTable(table)));
        }
        SchemaProjection.tables(schema).forEach(this::put);
        added.forEach(this::put);
    }

    private void put(VirtualTable table) {
        tables.put(table.schema().id(), table);
    }

    /// The table that computes the rows, or null if the rows are stored.
    public @Nullable VirtualTable find(UUID tableId) {
        return tables.get(tableId);
    }

    private record EmptyTable(TableSchema schema) implements VirtualTable {
        @Override
        public void rows(RowConsumer consumer) {
            // Empty until a part of the node fills it.
        }
    }
}
