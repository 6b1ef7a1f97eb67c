package io.helenus.sstable.file;

/// What a read may do to get a block.
public enum ReadMode {
    /// Memory only: a block that neither our cache nor the operating system's has throws
    /// `BlockNotCachedException`. For event loops.
    CACHED,
    /// Reads the disk on a miss and caches what it read.
    FILL,
    /// Reads the disk on a miss, ahead of itself and into a buffer of its own; the cache and its
    /// policy notice nothing. For compaction, streaming, repair, full scans.
    SCAN
}
