package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import java.util.HexFormat;

/// Constants of the file layout that the package describes.
final class SSTableFormat {
    static final int VERSION = 1;

    /// `HELENSST`.
    static final long MAGIC = 0x48454C454E535354L;

    static final int HEADER_BYTES = 16;
    static final int HEADER_VERSION_AT = 8;
    static final int HEADER_CRC_AT = 12;

    static final int FOOTER_BYTES = 64;
    static final int FOOTER_ROOT_AT = 0;
    static final int FOOTER_SCHEMA_AT = 12;
    static final int FOOTER_STATISTICS_AT = 24;
    static final int FOOTER_FILE_BYTES_AT = 36;
    static final int FOOTER_LENGTH_AT = 44;
    static final int FOOTER_CRC_AT = 48;
    static final int FOOTER_VERSION_AT = 52;
    static final int FOOTER_MAGIC_AT = 56;

    /// What follows a block's payload: raw length, codec, checksum.
    static final int BLOCK_TRAILER_BYTES = Integer.BYTES + 1 + Integer.BYTES;

    static final int CODEC_NONE = 0;
    static final int CODEC_LZ4 = 1;
    static final int CODEC_ZSTD = 2;

    /// LZ4 cannot do better, so a larger claim is a lie.
    static final int LZ4_RATIO_MAX = 255;

    /// What a block's item is, in the low bits of its head.
    static final int CODE_ROW = 0;

    static final int CODE_COLUMN_DELETION = 1;
    static final int CODE_ELEMENT = 2;
    static final int CODE_BOUNDARY = 3;
    static final int CODE_BITS = 2;
    static final int CODE_MASK = 3;

    /// In index pages: whether a deletion is in force at the block's start.
    static final int CODE_PLAIN = 0;

    static final int CODE_IN_DELETION = 1;

    /// Timestamp and deletion time.
    static final int DELETION_BYTES = Long.BYTES + Integer.BYTES;

    /// Value of a boundary: the deletion before and the deletion after.
    static final int BOUNDARY_BYTES = 2 * DELETION_BYTES;

    static final int KEY_BYTES_MAX = 16 << 20;
    static final int VALUE_BYTES_MAX = 512 << 20;
    static final int SCHEMA_BYTES_MAX = 64 << 20;
    static final int BLOCK_TARGET_BYTES_MAX = 16 << 20;
    static final int BLOCK_BYTES_MAX = 1 << 30;

    static final int INDEX_RESTART_INTERVAL = 8;

    private static final int HEX_BYTES_MAX = 512;

    /// Partitions of one filter page; more of them close the index page early.
    static final int FILTER_PAGE_PARTITIONS_MAX = 1 << 16;

    static {
        if (KEY_BYTES_MAX + VALUE_BYTES_MAX + 2L * BLOCK_TARGET_BYTES_MAX > BLOCK_BYTES_MAX) {
            throw new AssertionError("a block must hold any one item");
        }
    }

    private SSTableFormat() {}

    /// An unsigned varint that fits an int; a longer one comes out negative.
    static int varint(byte[] array, int at) {
        int first = array[at];
        if (first >= 0) {
            return first;
        }
        int value = first & 0x7f;
        int next = at + 1;
        for (int shift = 7; shift < 35; shift += 7) {
            int b = array[next++];
            value |= (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        return -1;
    }

    /// Bytes of the varint of a value that is not negative.
    static int varintBytes(int value) {
        return (38 - Integer.numberOfLeadingZeros(value | 1)) / 7;
    }

    static long varlong(byte[] array, int at) {
        long value = 0;
        int next = at;
        for (int shift = 0; shift < 63; shift += 7) {
            byte b = array[next++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        return -1;
    }

    static int varlongBytes(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }

    static void writeDeletion(ByteWriter out, long timestamp, int deletionTime) {
        out.writeLong(timestamp).writeInt(deletionTime);
    }

    /// For messages; of a long key only the head.
    static String hex(byte[] array, int offset, int length) {
        int shown = Math.min(length, HEX_BYTES_MAX);
        String hex = HexFormat.of().formatHex(array, offset, offset + shown);
        return shown == length ? hex : hex + "... (" + length + " bytes)";
    }
}
