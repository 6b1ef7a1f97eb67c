package io.helenus.engine.config;

/// What a node does when a disk fails under its tables, as Cassandra names it.
public enum DiskFailurePolicy {
    /// Ends the process, also for one damaged file.
    DIE,
    /// Stops serving clients, also for one damaged file; does not start with one.
    STOP_PARANOID,
    /// Stops serving clients when files cannot be read or written. A damaged file fails only the reads
    /// that need it.
    STOP,
    /// Fails what needs the disk, and serves everything else.
    BEST_EFFORT,
    /// The same.
    IGNORE
}
