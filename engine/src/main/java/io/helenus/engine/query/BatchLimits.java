package io.helenus.engine.query;

/// From what size on a batch of several partitions warns its client, or is refused. The names in
/// `helenus.yaml` are Cassandra's. A limit is passed above it, never at it.
///
/// @param bytesWarn of all its writes together, as [BatchGuard] counts them
/// @param bytesFail likewise
/// @param partitionsWarn partitions of a batch that is not logged
public record BatchLimits(long bytesWarn, long bytesFail, int partitionsWarn) {
    private static final long KIB = 1 << 10;

    /// Cassandra's.
    public static BatchLimits defaults() {
        return new BatchLimits(5 * KIB, 50 * KIB, 10);
    }
}
