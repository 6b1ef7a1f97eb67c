package io.helenus.engine.node;

import io.helenus.engine.config.CommitFailurePolicy;
import io.helenus.engine.config.DiskFailurePolicy;
import io.helenus.engine.query.BatchLimits;
import io.helenus.engine.query.select.ReadLimits;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a node is operated.
///
/// @param adminAddress where it listens for administration; null if it does not
/// @param autoSnapshot whether a snapshot is taken of what DROP and TRUNCATE take away
/// @param autoSnapshotTimeToLive how long such a snapshot is kept; zero for ever
/// @param incrementalBackups whether flushed files are also kept in `backups`, at first
/// @param diskFailurePolicy what happens when files cannot be read or written
/// @param commitFailurePolicy what happens when the commit log fails
/// @param roomBytesMin free space below which writes are refused; 0 for none
/// @param readLimits from what size on reads warn or fail
/// @param batchLimits from what size on batches warn or are refused
/// @param settings all that an operator could have set, for whoever asks
/// @param death ends the process, for the policies that want that
public record OperationsOptions(
        @Nullable InetSocketAddress adminAddress,
        boolean autoSnapshot,
        Duration autoSnapshotTimeToLive,
        boolean incrementalBackups,
        CompactionOptions compaction,
        DiskFailurePolicy diskFailurePolicy,
        CommitFailurePolicy commitFailurePolicy,
        long roomBytesMin,
        ReadLimits readLimits,
        BatchLimits batchLimits,
        Map<String, String> settings,
        Runnable death) {
    public OperationsOptions {
        Objects.requireNonNull(autoSnapshotTimeToLive, "autoSnapshotTimeToLive");
        Objects.requireNonNull(compaction, "compaction");
        settings = Map.copyOf(settings);
    }

    /// Keeps what DROP and TRUNCATE take away for ever, and holds batches to the usual limits.
    public OperationsOptions(
            @Nullable InetSocketAddress adminAddress,
            boolean autoSnapshot,
            boolean incrementalBackups,
            CompactionOptions compaction,
            DiskFailurePolicy diskFailurePolicy,
            CommitFailurePolicy commitFailurePolicy,
            long roomBytesMin,
            ReadLimits readLimits,
            Runnable death) {
        this(
                adminAddress,
                autoSnapshot,
                Duration.ZERO,
                incrementalBackups,
                compaction,
                diskFailurePolicy,
                commitFailurePolicy,
                roomBytesMin,
                readLimits,
                BatchLimits.defaults(),
                Map.of(),
                death);
    }

    /// For a node that is a part of another program.
    public static OperationsOptions defaults() {
        return new OperationsOptions(
                null,
                true,
                false,
                CompactionOptions.defaults(),
                DiskFailurePolicy.BEST_EFFORT,
                CommitFailurePolicy.IGNORE,
                0,
                ReadLimits.defaults(),
                () -> {});
    }
}
