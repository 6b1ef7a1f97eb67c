package io.helenus.commitlog;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads one segment after the other through a buffer of its own. Belongs to one thread.
final class SegmentReader {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int BUFFER_BYTES = 64 << 10;

    private final LogFiles files;
    private final ReplayProgress progress;
    private final long bytesTotal;
    private final CRC32C crc = new CRC32C();
    private final ReplayedRecord view = new ReplayedRecord();
    private byte[] buffer = new byte[BUFFER_BYTES];
    private long bytesBefore; // sizes of the files that are done
    private long records;
    private long recordBytes;

    SegmentReader(LogFiles files, ReplayProgress progress, long bytesTotal) {
        this.files = files;
        this.progress = progress;
        this.bytesTotal = bytesTotal;
    }

    long records() {
        return records;
    }

    long recordBytes() {
        return recordBytes;
    }

    void read(Path path, ReplayVisitor visitor) throws IOException {
        try (LogFile file = files.openForRead(path)) {
            long size = file.size();
            try {
                new Pass(path, file, (int) Math.min(size, Integer.MAX_VALUE)).run(visitor);
            } finally {
                bytesBefore += size;
            }
            progress.onProgress(path, bytesBefore, bytesTotal);
        }
    }

    /// One reading of one file.
    private final class Pass {
        private final Path path;
        private final LogFile file;
        private final int size;
        private final long segmentId;
        private final int durableTo;
        private final boolean sealed;
        private int bufferAt; // offset in the file of the buffer's first byte
        private int bufferEnd; // offset in the file behind the buffer's last valid byte

        Pass(Path path, LogFile file, int size) throws IOException {
            this.path = path;
            this.file = file;
            this.size = size;
            ByteBuffer page = ByteBuffer.allocate(Math.min(size, SegmentFormat.RECORDS_AT));
            readFully(page, 0);
            page.flip();
            segmentId = SegmentHeader.decode(path, page).segmentId();
            SegmentMark mark = SegmentMark.newest(segmentId, page);
            durableTo = mark == null ? SegmentFormat.RECORDS_AT : mark.durableTo();
            sealed = mark != null && mark.sealed();
        }

        void run(ReplayVisitor visitor) throws IOException {
            int at = SegmentFormat.RECORDS_AT;
            while (!(sealed && at == durableTo)) {
                String wrong = check(at);
                if (wrong != null) {
                    if (at < durableTo) {
                        throw new CorruptSegmentException(
                                path, at, wrong + ", before the durable mark at " + durableTo);
                    }
                    return;
                }
                int end = at + SegmentFormat.RECORD_HEADER_BYTES + lengthAt(at);
                records++;
                recordBytes += end - at;
                visitor.visit(view);
                at = end;
            }
        }

        /// Wraps the record at an offset.
        ///
        /// @return null, or why there is none
        private @Nullable String check(int at) throws IOException {
            if (!load(at, SegmentFormat.RECORD_HEADER_BYTES)) {
                return "the file ends within a record";
            }
            int length = lengthAt(at);
            if (length == 0) {
                return "no record where one must be";
            }
            if (length < SegmentFormat.PART_HEADER_BYTES || length > size - at) {
                return "record length is " + length;
            }
            if (!load(at, SegmentFormat.RECORD_HEADER_BYTES + length)) {
                return "the file ends within a record of " + length + " bytes";
            }
            int from = at - bufferAt + SegmentFormat.RECORD_HEADER_BYTES;
            crc.reset();
            crc.update(buffer, from, length);
            int expected = (int) crc.getValue() ^ SegmentFormat.salt(segmentId, at, length);
            int actual = (int) INT.get(buffer, at - bufferAt + SegmentFormat.RECORD_CRC_AT);
            if (actual != expected) {
                return "record checksum is 0x%08x, expected 0x%08x".formatted(actual, expected);
            }
            long position =
                    LogPosition.of(segmentId, at + SegmentFormat.RECORD_HEADER_BYTES + length);
            if (!view.wrap(position, buffer, from, from + length)) {
                return "parts do not fill their record";
            }
            return null;
        }

        private int lengthAt(int at) {
            return (int) INT.get(buffer, at - bufferAt + SegmentFormat.RECORD_LENGTH_AT);
        }

        /// Brings bytes into the buffer. The buffer grows only for a record that the file is large
        /// enough for.
        private boolean load(int at, int bytes) throws IOException {
            if (bytes > size - at) {
                return false;
            }
            if (at + bytes <= bufferEnd) {
                return true;
            }
            if (bytes > buffer.length) {
                buffer = new byte[bytes];
            }
            bufferAt = at;
            ByteBuffer target = ByteBuffer.wrap(buffer);
            target.limit(Math.min(buffer.length, size - at));
            readFully(target, at);
            bufferEnd = at + target.position();
            progress.onProgress(path, bytesBefore + at, bytesTotal);
            return at + bytes <= bufferEnd;
        }

        private void readFully(ByteBuffer target, int at) throws IOException {
            while (target.hasRemaining()) {
                if (file.read(target, at + (long) target.position()) < 0) {
                    return;
                }
            }
        }
    }
}
