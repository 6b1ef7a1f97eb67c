package io.helenus.engine.compaction;

/// What strategies know of a file: its statistics, at one moment.
///
/// @param bytes on disk
/// @param firstToken of its first key
/// @param lastToken of its last key, inclusive
/// @param maxDropTime seconds at which the last of what it holds has been deleted or has expired;
///     [Long#MAX_VALUE] if something in it stays for good
/// @param droppable which part of it is deleted, or has expired, for longer than the grace period
/// @param hotness reads per second and partition
/// @param repaired whether repair has vouched for it
/// @param damaged whether it cannot be read in full: nothing is known of what it shadows
record FileFacts(
        long generation,
        long bytes,
        long firstToken,
        long lastToken,
        long minTimestamp,
        long maxTimestamp,
        long partitions,
        long maxDropTime,
        double droppable,
        double hotness,
        long writtenAtSeconds,
        boolean repaired,
        boolean damaged) {

    /// The least part of the token range that counts: 2^-48, as in Cassandra.
    private static final double SPAN_MIN = 0x1p-48;

    private static final double TOKENS = 0x1p64;

    boolean overlaps(FileFacts other) {
        return firstToken <= other.lastToken && other.firstToken <= lastToken;
    }

    /// Which part of all tokens lies between its first and its last; of a tiny one, what its partitions
    /// would take if they were spread evenly.
    double span() {
        double span = ((double) lastToken - (double) firstToken) / TOKENS;
        return span >= SPAN_MIN ? span : Math.max(1, partitions) * SPAN_MIN;
    }

    /// The size that a file of all tokens would have that is as dense.
    double density() {
        return bytes / span();
    }
}
