package io.helenus.commitlog;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/// Settings of one log. Start from [#defaults] and change with the `with…` methods.
///
/// @param segmentBytes size of each segment file, a multiple of 4096
/// @param segmentKind how segments are written
/// @param firstSegmentKind the same, for the segment that [CommitLog#open] itself makes. It differs by
///     default when `segmentKind` is `MAPPED`: the classes of Chronicle Bytes take 0.2 s to load, which
///     the second segment, made in the background, spends unnoticed
/// @param syncMode when writes may be acknowledged
/// @param syncPeriod the longest that appended bytes stay unforced, in every mode
/// @param groupWindow the shortest time between the starts of two forces that somebody waits for, in
///     modes `PERIODIC` and `GROUP`
/// @param totalBytesMax above this, the listener is asked for flushes of the oldest dirty tables
/// @param pooledSegmentsMax how many unneeded segment files are kept for reuse
/// @param startAfter a position that new records must come after, for instance the highest one that
///     any table says it has flushed; [LogPosition#ZERO] if the directory alone decides
public record CommitLogOptions(
        Path directory,
        int segmentBytes,
        SegmentKind segmentKind,
        SegmentKind firstSegmentKind,
        SyncMode syncMode,
        Duration syncPeriod,
        Duration groupWindow,
        long totalBytesMax,
        int pooledSegmentsMax,
        long startAfter) {
    static final int SEGMENT_BYTES_MIN = 16 << 10;
    static final int SEGMENT_BYTES_MAX = 1 << 30;

    public CommitLogOptions {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(segmentKind, "segmentKind");
        Objects.requireNonNull(firstSegmentKind, "firstSegmentKind");
        Objects.requireNonNull(syncMode, "syncMode");
        check(
                segmentBytes >= SEGMENT_BYTES_MIN
                        && segmentBytes <= SEGMENT_BYTES_MAX
                        && segmentBytes % SegmentFormat.PAGE_BYTES == 0,
                "segmentBytes",
                segmentBytes,
                "a multiple of 4096 from " + SEGMENT_BYTES_MIN + " to " + SEGMENT_BYTES_MAX);
        check(syncPeriod.isPositive(), "syncPeriod", syncPeriod, "positive");
        check(!groupWindow.isNegative(), "groupWindow", groupWindow, "zero or more");
        check(totalBytesMax > 0, "totalBytesMax", totalBytesMax, "positive");
        check(pooledSegmentsMax >= 0, "pooledSegmentsMax", pooledSegmentsMax, "zero or more");
        check(startAfter >= 0, "startAfter", startAfter, "a position");
    }

    public static CommitLogOptions defaults(Path directory) {
        return new CommitLogOptions(
                directory,
                32 << 20,
                SegmentKind.MAPPED,
                SegmentKind.MEMORY_SEGMENT,
                SyncMode.PERIODIC,
                Duration.ofSeconds(10),
                Duration.ofMillis(1),
                8L << 30,
                2,
                LogPosition.ZERO);
    }

    public CommitLogOptions withSegmentBytes(int bytes) {
        return new CommitLogOptions(
                directory,
                bytes,
                segmentKind,
                firstSegmentKind,
                syncMode,
                syncPeriod,
                groupWindow,
                totalBytesMax,
                pooledSegmentsMax,
                startAfter);
    }

    /// Sets both kinds as a node wants them: the first segment never waits for Chronicle Bytes.
    public CommitLogOptions withSegmentKind(SegmentKind kind) {
        return withSegmentKinds(
                kind, kind == SegmentKind.MAPPED ? SegmentKind.MEMORY_SEGMENT : kind);
    }

    public CommitLogOptions withSegmentKinds(SegmentKind kind, SegmentKind first) {
        return new CommitLogOptions(
                directory,
                segmentBytes,
                kind,
                first,
                syncMode,
                syncPeriod,
                groupWindow,
                totalBytesMax,
                pooledSegmentsMax,
                startAfter);
    }

    public CommitLogOptions withSyncMode(SyncMode mode) {
        return new CommitLogOptions(
                directory,
                segmentBytes,
                segmentKind,
                firstSegmentKind,
                mode,
                syncPeriod,
                groupWindow,
                totalBytesMax,
                pooledSegmentsMax,
                startAfter);
    }

    public CommitLogOptions withSyncPeriod(Duration period) {
        return new CommitLogOptions(
                directory,
                segmentBytes,
                segmentKind,
                firstSegmentKind,
                syncMode,
                period,
                groupWindow,
                totalBytesMax,
                pooledSegmentsMax,
                startAfter);
    }

    public CommitLogOptions withGroupWindow(Duration window) {
        return new CommitLogOptions(
                directory,
                segmentBytes,
                segmentKind,
                firstSegmentKind,
                syncMode,
                syncPeriod,
                window,
                totalBytesMax,
                pooledSegmentsMax,
                startAfter);
    }

    public CommitLogOptions withTotalBytesMax(long bytes) {
        return new CommitLogOptions(
                directory,
                segmentBytes,
                segmentKind,
                firstSegmentKind,
                syncMode,
                syncPeriod,
                groupWindow,
                bytes,
                pooledSegmentsMax,
                startAfter);
    }

    public CommitLogOptions withPooledSegmentsMax(int segments) {
        return new CommitLogOptions(
                directory,
                segmentBytes,
                segmentKind,
                firstSegmentKind,
                syncMode,
                syncPeriod,
                groupWindow,
                totalBytesMax,
                segments,
                startAfter);
    }

    public CommitLogOptions withStartAfter(long position) {
        return new CommitLogOptions(
                directory,
                segmentBytes,
                segmentKind,
                firstSegmentKind,
                syncMode,
                syncPeriod,
                groupWindow,
                totalBytesMax,
                pooledSegmentsMax,
                position);
    }

    /// Largest record, its own header included. Half a segment, so that switching to a new segment
    /// always helps and never wastes more than half of the old one.
    int recordBytesMax() {
        return (segmentBytes - SegmentFormat.RECORDS_AT) / 2;
    }

    private static void check(boolean valid, String name, Object value, String wanted) {
        if (!valid) {
            throw new IllegalArgumentException(name + " is " + value + ", must be " + wanted);
        }
    }
}
