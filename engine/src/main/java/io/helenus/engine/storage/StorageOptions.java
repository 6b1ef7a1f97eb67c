package io.helenus.engine.storage;

import java.nio.file.Path;
import java.util.Objects;

/// Settings of a node's storage.
///
/// @param dataDirectory holds a directory per keyspace
/// @param memtableBytesMax share of the node's memory that memtables may use; half of it starts flushes
public record StorageOptions(Path dataDirectory, long memtableBytesMax) {
    public StorageOptions {
        Objects.requireNonNull(dataDirectory, "dataDirectory");
        if (memtableBytesMax < 1) {
            throw new IllegalArgumentException("memtableBytesMax is " + memtableBytesMax);
        }
    }
}
