package io.helenus.test.crash;

/// Kinds of work that a kill can fall into.
enum Phase {
    /// Writes are appended and applied, nothing else.
    APPEND,
    /// A commit-log segment is made, recycled or removed.
    SEGMENT,
    /// An SSTable is written or published.
    FLUSH,
    /// A record of a table's manifest is written.
    MANIFEST,
    /// The commit log is replayed at a start.
    REPLAY
}
