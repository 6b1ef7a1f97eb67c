package io.helenus.engine.storage;

import java.nio.file.Path;
import java.util.Objects;

/// Settings of a node's storage.
///
/// @param dataDirectory holds a directory per keyspace
/// @param memtableBytesMax share of the node's memory that memtables may use; half of it starts flushes
/// @param scanBytesMax share that scans may use, beside the block cache
public record StorageOptions(Path dataDirectory, long memtableBytesMax, long scanBytesMax) {
    private static final long SCAN_BYTES = 16 << 20;

    public StorageOptions {
        Objects.requireNonNull(dataDirectory, "dataDirectory");
        if (memtableBytesMax < 1) {
            throw new IllegalArgumentException("memtableBytesMax is " + memtableBytesMax);
        }
        if (scanBytesMax < 0) {
            throw new IllegalArgumentException("scanBytesMax is " + scanBytesMax);
        }
    }

    public StorageOptions(Path dataDirectory, long memtableBytesMax) {
        this(dataDirectory, memtableBytesMax, SCAN_BYTES);
    }
}
