package io.helenus.commitlog;

import java.util.List;

/// What a replay found.
///
/// @param bytes of all records
/// @param damages what was ignored, at most one per segment
public record ReplayReport(
        int segments, long records, long bytes, List<CorruptSegmentException> damages) {
    public ReplayReport {
        damages = List.copyOf(damages);
    }
}
