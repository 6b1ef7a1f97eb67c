package io.helenus.engine.node;

import io.helenus.engine.coordinator.Replicas;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.Tables;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.schema.VirtualTable;
import io.helenus.engine.schema.VirtualTables;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableStore;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Which store or computation stands behind a table. Stateless; any thread.
final class NodeCatalog implements Tables {
    private final String datacenter;
    private final StorageEngine storage;
    private final VirtualTables virtualTables;
    private final Replicas.Gate gate;

    NodeCatalog(
            String datacenter,
            StorageEngine storage,
            VirtualTables virtualTables,
            Replicas.Gate gate) {
        this.datacenter = datacenter;
        this.storage = storage;
        this.virtualTables = virtualTables;
        this.gate = gate;
    }

    @Override
    public @Nullable VirtualTable virtual(UUID tableId) {
        return virtualTables.find(tableId);
    }

    @Override
    public TableStore store(TableSchema table) {
        TableStore store = storage.table(table.id());
        if (store == null) {
            throw CqlException.invalid(
                    "Table %s cannot be used: its files could not be opened, see the node's log"
                            .formatted(table));
        }
        return store;
    }

    @Override
    public Replicas replicas(KeyspaceSchema keyspace) {
        return Replicas.ofOneNode(keyspace, datacenter, gate);
    }
}
