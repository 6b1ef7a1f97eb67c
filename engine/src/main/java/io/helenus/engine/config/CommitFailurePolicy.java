package io.helenus.engine.config;

/// What a node does when its commit log fails, as Cassandra names it. In any case no durable write
/// succeeds until it is started anew.
public enum CommitFailurePolicy {
    /// Ends the process.
    DIE,
    /// Stops serving clients.
    STOP,
    /// Refuses all writes and goes on serving reads.
    STOP_COMMIT,
    /// Fails the writes that need the log; tables without durable writes take theirs.
    IGNORE
}
