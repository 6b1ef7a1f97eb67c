package io.helenus.tools;

import io.helenus.sstable.file.BlockFile;
import io.helenus.sstable.file.ChannelFiles;
import io.helenus.sstable.file.SSTableOptions;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVerifier;
import io.helenus.sstable.file.SSTableWriter;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.ElementView;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Writes what can be read of a file to a new one. One use, one thread.
///
/// A range deletion is continued over a damaged part if the same one is in force at both of its ends
/// within one partition. Otherwise it ends with the last row before the part, or begins with the first
/// row after it: what lay between is lost, deletions included. As that may be what kept older data in
/// other files away, it is for people to decide that the new file takes the place of the old one.
final class SstableScrub implements SstableWalk.Visitor {
    private static final String TEMPORARY_ENDING = ".tmp";

    private final SSTableWriter writer;
    private final ElementView element = new ElementView();
    private long entries;
    private boolean afterGap;

    // The deletion in force after what was taken so far.
    private long timestamp = RowCursor.NO_DELETION;
    private int time;

    /// A boundary is written only with what follows it, as a damaged part may have to change it.
    private final ByteWriter boundary = new ByteWriter();

    private boolean hasBoundary;
    private long boundaryTimestamp; // the deletion before it
    private int boundaryTime;

    /// Key of the last entry, up to where a bound's last byte may follow.
    private final ByteWriter lastPrefix = new ByteWriter();

    private byte closing; // that last byte

    private SstableScrub(SSTableWriter writer) {
        this.writer = writer;
    }

    /// What became of a file.
    ///
    /// @param entries that were saved; if there are none, no file was written
    record Result(long entries, List<SSTableVerifier.Damage> lost) {
        Result {
            lost = List.copyOf(lost);
        }
    }

    /// @param target must not exist
    static Result run(SSTableReader reader, Path target) throws IOException {
        Path temporary = target.resolveSibling(target.getFileName() + TEMPORARY_ENDING);
        Files.deleteIfExists(temporary);
        try {
            Result result = write(reader, temporary);
            if (result.entries() > 0) {
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
                Path directory = target.toAbsolutePath().getParent();
                if (directory != null) {
                    try (FileChannel opened =
                            FileChannel.open(directory, StandardOpenOption.READ)) {
                        opened.force(true);
                    }
                }
            }
            return result;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static Result write(SSTableReader reader, Path temporary) throws IOException {
        byte[] header = reader.schemaHeader();
        BlockFile file = new ChannelFiles().create(temporary);
        try (SSTableWriter writer = new SSTableWriter(file, SSTableOptions.defaults(), header)) {
            SstableScrub scrub = new SstableScrub(writer);
            List<SSTableVerifier.Damage> lost = new SstableWalk(reader).run(scrub);
            scrub.close();
            if (scrub.entries > 0) {
                var _ = writer.finish();
            }
            return new Result(scrub.entries, lost);
        }
    }

    @Override
    public void gap(SSTableVerifier.Damage damage) {
        afterGap = true;
    }

    @Override
    public void entry(RowCursor cursor) throws IOException {
        if (afterGap) {
            afterGap = false;
            bridge(cursor);
        }
        if (cursor.kind() == RowCursor.Kind.BOUNDARY) {
            hold(
                    cursor.keyArray(),
                    cursor.keyOffset(),
                    cursor.keyLength(),
                    cursor.afterTimestamp(),
                    cursor.afterDeletionTime());
            return;
        }
        writeBoundary();
        writer.append(
                cursor.kind(),
                cursor.keyArray(),
                cursor.keyOffset(),
                cursor.keyLength(),
                cursor.valueArray(),
                cursor.valueOffset(),
                cursor.valueLength());
        entries++;
        int position = prefixLength(cursor);
        lastPrefix.clear();
        lastPrefix.writeBytes(cursor.keyArray(), cursor.keyOffset(), position);
        closing = isStatic(cursor, position) ? RowKeys.BOUND_BEFORE : RowKeys.BOUND_AFTER;
    }

    /// Bytes of an entry's key before the end of its row's position: what bounds around the row begin
    /// with.
    private int prefixLength(RowCursor cursor) {
        int length = cursor.keyLength();
        if (cursor.kind() != RowCursor.Kind.ROW) {
            element.wrap(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
            length -= element.suffixLength();
        }
        return length - 1;
    }

    private static boolean isStatic(RowCursor cursor, int position) {
        return cursor.keyArray()[cursor.keyOffset() + position] == RowKeys.POSITION_STATIC;
    }

    /// Makes what was in force before a damaged part agree with what is in force behind it.
    private void bridge(RowCursor next) throws IOException {
        ByteWriter before = hasBoundary ? boundary : lastPrefix;
        boolean goesOn =
                before.length() > 0
                        && RowKeys.samePartition(
                                before.array(), 0, next.keyArray(), next.keyOffset())
                        && timestamp == next.beforeTimestamp()
                        && time == next.beforeDeletionTime();
        if (goesOn) {
            return;
        }
        close();
        boolean begins = next.beforeTimestamp() != RowCursor.NO_DELETION;
        if (begins && next.kind() != RowCursor.Kind.BOUNDARY) {
            int position = prefixLength(next);
            ByteWriter key = new ByteWriter();
            key.writeBytes(next.keyArray(), next.keyOffset(), position);
            key.writeByte(
                    isStatic(next, position) ? RowKeys.POSITION_PARTITION : RowKeys.BOUND_BEFORE);
            hold(key.array(), 0, key.length(), next.beforeTimestamp(), next.beforeDeletionTime());
        }
    }

    /// Ends the deletion in force, if there is one, with the last entry.
    private void close() throws IOException {
        if (hasBoundary) {
            timestamp = RowCursor.NO_DELETION;
            time = 0;
            writeBoundary();
        } else if (timestamp != RowCursor.NO_DELETION) {
            ByteWriter key = new ByteWriter();
            key.writeBytes(lastPrefix.array(), 0, lastPrefix.length());
            key.writeByte(closing);
            hold(key.array(), 0, key.length(), RowCursor.NO_DELETION, 0);
            writeBoundary();
        }
    }

    private void hold(byte[] key, int offset, int length, long afterTimestamp, int afterTime)
            throws IOException {
        writeBoundary();
        boundary.clear();
        boundary.writeBytes(key, offset, length);
        boundaryTimestamp = timestamp;
        boundaryTime = time;
        timestamp = afterTimestamp;
        time = afterTime;
        hasBoundary = true;
    }

    private void writeBoundary() throws IOException {
        if (!hasBoundary) {
            return;
        }
        hasBoundary = false;
        boolean changes =
                timestamp != boundaryTimestamp
                        || timestamp != RowCursor.NO_DELETION && time != boundaryTime;
        if (changes) {
            writer.appendBoundary(
                    boundary.array(),
                    0,
                    boundary.length(),
                    boundaryTimestamp,
                    boundaryTime,
                    timestamp,
                    time);
            entries++;
        }
    }
}
