package io.helenus.commitlog;

import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;

/// All that may differ between two runs of a log.
///
/// @param nanoClock monotonic nanoseconds
/// @param wallMicros microseconds since 1970
/// @param archiver called with each full segment
/// @param archiveExecutor where the archiver runs; it may block as long as it likes if this is not the
///     thread of the prepare agent
public record CommitLogEnvironment(
        LogFiles files,
        LongSupplier nanoClock,
        LongSupplier wallMicros,
        CommitLogListener listener,
        SegmentArchiver archiver,
        Executor archiveExecutor) {
    public CommitLogEnvironment {
        Objects.requireNonNull(files, "files");
        Objects.requireNonNull(nanoClock, "nanoClock");
        Objects.requireNonNull(wallMicros, "wallMicros");
        Objects.requireNonNull(listener, "listener");
        Objects.requireNonNull(archiver, "archiver");
        Objects.requireNonNull(archiveExecutor, "archiveExecutor");
    }

    /// Without an archive.
    public CommitLogEnvironment(
            LogFiles files,
            LongSupplier nanoClock,
            LongSupplier wallMicros,
            CommitLogListener listener) {
        this(files, nanoClock, wallMicros, listener, SegmentArchiver.NONE, Runnable::run);
    }
}
