package io.helenus.engine.node;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a node is operated.
///
/// @param adminAddress where it listens for administration; null if it does not
/// @param autoSnapshot whether a snapshot is taken of what DROP and TRUNCATE take away
/// @param incrementalBackups whether flushed files are also kept in `backups`, at first
public record OperationsOptions(
        @Nullable InetSocketAddress adminAddress,
        boolean autoSnapshot,
        boolean incrementalBackups,
        CompactionOptions compaction) {
    public OperationsOptions {
        Objects.requireNonNull(compaction, "compaction");
    }

    /// For a node that is a part of another program.
    public static OperationsOptions defaults() {
        return new OperationsOptions(null, true, false, CompactionOptions.defaults());
    }
}
