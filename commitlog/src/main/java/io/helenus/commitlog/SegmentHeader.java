package io.helenus.commitlog;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// The header of a segment, to and from bytes.
record SegmentHeader(long segmentId, int segmentBytes, long createdAtMicros) {
    static final int BYTES = SegmentFormat.HEADER_CRC_AT + Integer.BYTES;

    /// The whole header page: both marks are zeros, which no valid mark is.
    ByteBuffer encode() {
        ByteBuffer page = ByteBuffer.allocate(SegmentFormat.RECORDS_AT);
        page.putInt(SegmentFormat.MAGIC_AT, SegmentFormat.MAGIC);
        page.putInt(SegmentFormat.VERSION_AT, SegmentFormat.VERSION);
        page.putLong(SegmentFormat.SEGMENT_ID_AT, segmentId);
        page.putInt(SegmentFormat.SEGMENT_BYTES_AT, segmentBytes);
        page.putLong(SegmentFormat.CREATED_AT, createdAtMicros);
        page.putInt(SegmentFormat.HEADER_CRC_AT, checksum(page));
        return page;
    }

    /// @param page from the start of the file to its limit, which may be less than a page
    static SegmentHeader decode(Path file, ByteBuffer page) {
        if (page.limit() < SegmentFormat.RECORDS_AT) {
            throw new CorruptSegmentException(
                    file, page.limit(), "the file ends within the header page");
        }
        int magic = page.getInt(SegmentFormat.MAGIC_AT);
        if (magic != SegmentFormat.MAGIC) {
            throw new CorruptSegmentException(
                    file,
                    SegmentFormat.MAGIC_AT,
                    "magic is 0x%08x, expected 0x%08x".formatted(magic, SegmentFormat.MAGIC));
        }
        int expected = checksum(page);
        int actual = page.getInt(SegmentFormat.HEADER_CRC_AT);
        if (actual != expected) {
            throw new CorruptSegmentException(
                    file,
                    SegmentFormat.HEADER_CRC_AT,
                    "header checksum is 0x%08x, expected 0x%08x".formatted(actual, expected));
        }
        requireKnownVersion(file, page);
        if (page.getInt(SegmentFormat.VERSION_AT) == 0) {
            throw new CorruptSegmentException(file, SegmentFormat.VERSION_AT, "version is 0");
        }
        long named = SegmentName.segmentId(file);
        long segmentId = page.getLong(SegmentFormat.SEGMENT_ID_AT);
        if (segmentId != named) {
            throw new CorruptSegmentException(
                    file,
                    SegmentFormat.SEGMENT_ID_AT,
                    "segment id is %d, the file name says %d".formatted(segmentId, named));
        }
        return new SegmentHeader(
                segmentId,
                page.getInt(SegmentFormat.SEGMENT_BYTES_AT),
                page.getLong(SegmentFormat.CREATED_AT));
    }

    /// Looks for nothing but a later release's version: what else may be wrong, [#decode] finds out.
    ///
    /// @param page from the start of the file to its limit, at least [#BYTES] if it has as many
    static void requireKnownVersion(Path file, ByteBuffer page) {
        boolean isHeader =
                page.limit() >= BYTES
                        && page.getInt(SegmentFormat.MAGIC_AT) == SegmentFormat.MAGIC
                        && page.getInt(SegmentFormat.HEADER_CRC_AT) == checksum(page);
        if (isHeader) {
            int version = page.getInt(SegmentFormat.VERSION_AT);
            if (Integer.compareUnsigned(version, SegmentFormat.VERSION) > 0) {
                throw new SegmentVersionException(file, version);
            }
        }
    }

    private static int checksum(ByteBuffer page) {
        CRC32C crc = new CRC32C();
        crc.update(page.array(), page.arrayOffset(), BYTES - Integer.BYTES);
        return (int) crc.getValue();
    }
}
