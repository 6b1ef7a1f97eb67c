package io.helenus.engine.streaming;

import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.TableStore;
import org.jspecify.annotations.Nullable;

/// What a node has for files that come. Any thread.
public interface StreamTables {
    /// A table that is stored here.
    record Stored(KeyspaceSchema keyspace, TableSchema schema, TableStore store) {}

    /// @return null if there is no such table, or if it is none of stored rows
    @Nullable Stored find(String keyspace, String table);

    /// Why no files are taken at all, null if they are.
    @Nullable String refusal();

    /// Bytes of disk that must stay free.
    long roomBytesMin();
}
