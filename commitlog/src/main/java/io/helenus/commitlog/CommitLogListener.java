package io.helenus.commitlog;

import java.nio.file.Path;
import java.util.List;

/// What a log has to say to its owner. Called by the agents' threads; must not block or throw.
public interface CommitLogListener {
    /// A write or a force failed. The log takes no more appends; nothing heals it but a restart.
    void onFailure(CommitLogException failure);

    /// No segment could be prepared, for instance because the disk is full. Appends go on while there
    /// is prepared space and are refused after that; preparation is tried again every second.
    void onPrepareFailure(CommitLogException failure);

    /// The archiver threw. The segment stays and is offered again.
    void onArchiveFailure(Path segment, Exception failure);

    /// The log is larger than `totalBytesMax`: flushing these tables would release its oldest segments.
    void onOverCapacity(long totalBytes, List<TableId> oldestDirtyTables);
}
