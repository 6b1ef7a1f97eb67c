package io.helenus.sstable.model;

/// What compaction may drop although nothing in its input shadows it.
public interface PurgeRules {
    /// The present: what expires before it has expired.
    long nowSeconds();

    /// Whether a deletion, or what has expired, may go: it is older than the grace period, and than all
    /// that its partition has elsewhere.
    ///
    /// @param deletionTime unsigned seconds
    /// @param key of the item, or of another one of its partition
    boolean mayPurge(long timestamp, int deletionTime, byte[] key, int keyOffset);

    /// Whether the table no longer has a column.
    boolean isDropped(int columnId);

    /// Whether a table has columns of several cells each.
    boolean hasElements();
}
