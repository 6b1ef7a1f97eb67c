package io.helenus.commitlog;

/// Figures of one log at one moment, for metrics.
///
/// @param totalBytes size of all segment files, the spare one included
/// @param segments how many there are
/// @param unforcedBytes appended and not durable yet; an estimate across a segment's end
/// @param waiters callbacks that wait for a force
/// @param forces how many forces there were
/// @param forceNanos how long they took together
/// @param lastForceNanos how long the last one took
public record CommitLogStats(
        long totalBytes,
        int segments,
        long unforcedBytes,
        int waiters,
        long forces,
        long forceNanos,
        long lastForceNanos) {}
