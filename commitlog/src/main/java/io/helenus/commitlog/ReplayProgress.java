package io.helenus.commitlog;

import java.nio.file.Path;

/// Told how far a replay is, at every read from a file.
@FunctionalInterface
public interface ReplayProgress {
    ReplayProgress NONE = (_, _, _) -> {};

    /// @param segment the file being read
    /// @param bytesDone of all files together
    void onProgress(Path segment, long bytesDone, long bytesTotal);
}
