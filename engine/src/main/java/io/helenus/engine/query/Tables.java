package io.helenus.engine.query;

import io.helenus.engine.coordinator.Replicas;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.schema.VirtualTable;
import io.helenus.engine.storage.TableStore;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Finds what stands behind a table of the schema. Any thread calls.
public interface Tables {
    /// The table that computes its rows, or null if they are stored.
    @Nullable VirtualTable virtual(UUID tableId);

    /// The stored rows. Never null for a table of the current schema that is not virtual.
    TableStore store(TableSchema table);

    Replicas replicas(KeyspaceSchema keyspace);
}
