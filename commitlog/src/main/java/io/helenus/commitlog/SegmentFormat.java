package io.helenus.commitlog;

/// Offsets and sizes of a segment, as drawn in the package's documentation.
final class SegmentFormat {
    static final int PAGE_BYTES = 4096;

    static final int MAGIC = 0x4843_4C47; // HCLG
    static final int VERSION = 1;

    static final int MAGIC_AT = 0;
    static final int VERSION_AT = 4;
    static final int SEGMENT_ID_AT = 8;
    static final int SEGMENT_BYTES_AT = 16;
    static final int CREATED_AT = 20;
    static final int HEADER_CRC_AT = 28;

    static final int[] MARKS_AT = {1024, 512}; // by sequence modulo 2
    static final int MARK_SEQUENCE_AT = 0;
    static final int MARK_DURABLE_TO_AT = 8;
    static final int MARK_SEALED_AT = 12;
    static final int MARK_CRC_AT = 20;
    static final int MARK_BYTES = 24;

    static final int RECORDS_AT = PAGE_BYTES;

    static final int RECORD_LENGTH_AT = 0;
    static final int RECORD_CRC_AT = 4;
    static final int RECORD_HEADER_BYTES = 8;

    static final int PART_TABLE_HIGH_AT = 0;
    static final int PART_TABLE_LOW_AT = 8;
    static final int PART_LENGTH_AT = 16;
    static final int PART_HEADER_BYTES = 20;

    private static final int SALT_ID = 0x9E37_79B1;
    private static final int SALT_OFFSET = 0x85EB_CA77;
    private static final int SALT_LENGTH = 0xC2B2_AE3D;

    private SegmentFormat() {}

    /// Differs for any two segment ids (modulo 2^32) at the same offset and length, since an odd factor
    /// is a bijection.
    static int salt(long segmentId, int offset, int length) {
        return (int) segmentId * SALT_ID + offset * SALT_OFFSET + length * SALT_LENGTH;
    }
}
