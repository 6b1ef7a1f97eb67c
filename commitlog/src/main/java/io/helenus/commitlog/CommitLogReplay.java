package io.helenus.commitlog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Reads segments, for [CommitLog#replay], for tools, and for restoring from an archive. Belongs to
/// the thread that calls it; memory is bounded by the largest record.
public final class CommitLogReplay {
    /// A visitor that also hears which of the files a record is from.
    interface IndexedVisitor {
        void visit(int index, ReplayedRecord record);
    }

    private final LogFiles files;
    private final ReplayOptions options;

    public CommitLogReplay(LogFiles files, ReplayOptions options) {
        this.files = files;
        this.options = options;
    }

    /// Replays all segments of a directory, oldest first.
    public ReplayReport run(Path directory, ReplayVisitor visitor) throws IOException {
        List<Path> segments = new ArrayList<>();
        for (Path file : files.list(directory)) {
            if (SegmentName.matches(file, SegmentName.LOG)) {
                segments.add(file);
            }
        }
        segments.sort(Comparator.comparingLong(SegmentName::segmentId));
        return run(segments, (_, record) -> visitor.visit(record));
    }

    ReplayReport run(List<Path> segments, IndexedVisitor visitor) throws IOException {
        long bytesTotal = 0;
        for (Path segment : segments) {
            try (LogFile file = files.openForRead(segment)) {
                bytesTotal += file.size();
            }
        }
        SegmentReader reader = new SegmentReader(files, options.progress(), bytesTotal);
        List<CorruptSegmentException> damages = new ArrayList<>();
        for (int i = 0; i < segments.size(); i++) {
            int index = i;
            try {
                reader.read(segments.get(i), record -> visitor.visit(index, record));
            } catch (CorruptSegmentException e) {
                if (options.onDamage() == ReplayOptions.OnDamage.STOP) {
                    throw e;
                }
                damages.add(e);
            }
        }
        return new ReplayReport(segments.size(), reader.records(), reader.recordBytes(), damages);
    }
}
