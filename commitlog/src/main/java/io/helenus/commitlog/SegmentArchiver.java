package io.helenus.commitlog;

import java.io.IOException;
import java.nio.file.Path;

/// Copies full segments away.
@FunctionalInterface
public interface SegmentArchiver {
    /// Keeps nothing.
    SegmentArchiver NONE = (_, _) -> {};

    /// The segment is full and forced, and its file stays as it is until this returns. After an
    /// exception, and for segments that were full before a restart, it is called again: copying the
    /// same segment twice must be harmless.
    void archive(Path segment, long segmentId) throws IOException;
}
