package io.helenus.engine.storage;

import java.nio.file.Path;

/// What storage has to say to its node's log and metrics. Any thread calls it; must not block.
public interface StorageListener {
    /// A file that the manifest does not know has been moved to `lost+found`.
    void onUnknownFile(TableStore table, Path movedTo);

    /// An SSTable is damaged. It stays, and reads that need what is damaged fail.
    void onDamage(TableStore table, Path file, RuntimeException damage);

    /// A flush failed; its memtable stays, and the flush is tried again with the next tick.
    void onFlushFailure(TableStore table, Exception failure);

    /// A file that nobody needs any more could not be deleted; that is tried again at the next start.
    void onDeleteFailure(TableStore table, Path file, Exception failure);

    /// A record of the commit log cannot be applied and is left out, as the operator wanted it.
    void onSkippedRecord(TableStore table, RuntimeException wrong);

    /// A flushed file could not be kept in `backups`; in the table it is.
    void onBackupFailure(TableStore table, Path file, Exception failure);

    /// The commit log could not prepare or archive a file; it tries again, and takes writes as long as
    /// it has room.
    void onCommitLogDelay(RuntimeException failure);

    /// The commit log failed: no durable write succeeds until the node is restarted.
    void onCommitLogFailure(RuntimeException failure);
}
