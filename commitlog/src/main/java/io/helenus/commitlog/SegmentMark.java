package io.helenus.commitlog;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// "Durable to here", to and from bytes.
record SegmentMark(long sequence, int durableTo, boolean sealed) {
    /// Where this mark goes: odd and even sequence numbers have a slot each.
    int at() {
        return SegmentFormat.MARKS_AT[(int) (sequence & 1)];
    }

    ByteBuffer encode(long segmentId) {
        ByteBuffer slot = ByteBuffer.allocate(SegmentFormat.MARK_BYTES);
        slot.putLong(SegmentFormat.MARK_SEQUENCE_AT, sequence);
        slot.putInt(SegmentFormat.MARK_DURABLE_TO_AT, durableTo);
        slot.putInt(SegmentFormat.MARK_SEALED_AT, sealed ? 1 : 0);
        slot.putInt(SegmentFormat.MARK_CRC_AT, checksum(segmentId, slot, 0));
        return slot;
    }

    /// The newest valid mark of a header page, or null if there was no force yet.
    static @Nullable SegmentMark newest(long segmentId, ByteBuffer page) {
        SegmentMark newest = null;
        for (int at : SegmentFormat.MARKS_AT) {
            SegmentMark mark = decode(segmentId, page, at);
            if (mark != null && (newest == null || mark.sequence > newest.sequence)) {
                newest = mark;
            }
        }
        return newest;
    }

    private static @Nullable SegmentMark decode(long segmentId, ByteBuffer page, int at) {
        long sequence = page.getLong(at + SegmentFormat.MARK_SEQUENCE_AT);
        int durableTo = page.getInt(at + SegmentFormat.MARK_DURABLE_TO_AT);
        int sealed = page.getInt(at + SegmentFormat.MARK_SEALED_AT);
        int crc = page.getInt(at + SegmentFormat.MARK_CRC_AT);
        if (crc != checksum(segmentId, page, at) || durableTo < SegmentFormat.RECORDS_AT) {
            return null;
        }
        return new SegmentMark(sequence, durableTo, sealed != 0);
    }

    private static int checksum(long segmentId, ByteBuffer bytes, int at) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Long.BYTES).putLong(0, segmentId));
        crc.update(bytes.array(), bytes.arrayOffset() + at, SegmentFormat.MARK_CRC_AT);
        return (int) crc.getValue();
    }
}
