package io.helenus.engine.bulk;

import java.nio.file.Path;
import java.util.List;

/// What a bulk writer has written.
///
/// @param rowsAdded rows that were given to it
/// @param rowsStored rows that the files hold: those with the same key became one
/// @param files in the order of their keys, none of which overlap
/// @param spilledBytes that went through temporary files
public record BulkSummary(long rowsAdded, long rowsStored, List<File> files, long spilledBytes) {
    public BulkSummary {
        files = List.copyOf(files);
    }

    /// One SSTable.
    ///
    /// @param rows static rows included
    public record File(Path path, long bytes, long partitions, long rows) {}

    public long bytes() {
        return files.stream().mapToLong(File::bytes).sum();
    }

    public long partitions() {
        return files.stream().mapToLong(File::partitions).sum();
    }
}
