package io.helenus.engine.transport;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/// The outer frames ("segments") of protocol v5. A header is a little-endian number and its checksum:
///
/// | bits, plain | bits, LZ4 | field |
/// |---:|---:|---|
/// | 17 | 17 | bytes of payload that follow |
/// | – | 17 | bytes of payload after decompression; 0: it is not compressed |
/// | 1 | 1 | self-contained: whole envelopes only; else a part of one large envelope |
/// | 6 | 5 | zero |
/// | 24 | 24 | CRC-24 of the bytes above |
///
/// then the payload and its CRC-32, little-endian, seeded with four fixed bytes.
final class Segments {
    static final int PAYLOAD_BYTES_MAX = (128 << 10) - 1;
    static final int PLAIN_HEADER_BYTES = 6;
    static final int LZ4_HEADER_BYTES = 8;
    static final int TRAILER_BYTES = 4;

    private static final int LENGTH_BITS = 17;
    private static final int PLAIN_BYTES = 3;
    private static final int LZ4_BYTES = 5;
    private static final int CRC24_BYTES = 3;
    private static final int CRC24_INITIAL = 0x875060;
    private static final int CRC24_POLYNOMIAL = 0x1974F0B;
    private static final byte[] CRC32_SEED = {(byte) 0xFA, 0x2D, 0x55, (byte) 0xCA};
    private static final int[] CRC24_TABLE = table();

    private Segments() {}

    static int headerBytes(boolean lz4) {
        return lz4 ? LZ4_HEADER_BYTES : PLAIN_HEADER_BYTES;
    }

    static int payloadBytes(long header) {
        return (int) header & PAYLOAD_BYTES_MAX;
    }

    /// LZ4 only.
    static int plainBytes(long header) {
        return (int) (header >>> LENGTH_BITS) & PAYLOAD_BYTES_MAX;
    }

    static boolean selfContained(long header, boolean lz4) {
        return (header >>> (lz4 ? 2 * LENGTH_BITS : LENGTH_BITS) & 1) != 0;
    }

    /// The header at `at`, or -1 if its checksum is wrong (a header has 40 bits at most).
    static long readHeader(byte[] array, int at, boolean lz4) {
        int bytes = lz4 ? LZ4_BYTES : PLAIN_BYTES;
        long header = 0;
        for (int i = 0; i < bytes; i++) {
            header |= (array[at + i] & 0xffL) << (8 * i);
        }
        int crc = 0;
        for (int i = 0; i < CRC24_BYTES; i++) {
            crc |= (array[at + bytes + i] & 0xff) << (8 * i);
        }
        return crc24(header, bytes) == crc ? header : -1;
    }

    /// Header and checksum as one little-endian number of [#headerBytes].
    static long header(int payloadBytes, int plainBytes, boolean selfContained, boolean lz4) {
        int bytes = lz4 ? LZ4_BYTES : PLAIN_BYTES;
        int flagAt = lz4 ? 2 * LENGTH_BITS : LENGTH_BITS;
        long header = payloadBytes;
        if (lz4) {
            header |= (long) plainBytes << LENGTH_BITS;
        }
        header |= (selfContained ? 1L : 0L) << flagAt;
        return header | (long) crc24(header, bytes) << (8 * bytes);
    }

    static int crc32(CRC32 crc, byte[] array, int offset, int length) {
        crc.reset();
        crc.update(CRC32_SEED, 0, CRC32_SEED.length);
        crc.update(array, offset, length);
        return (int) crc.getValue();
    }

    static int crc32(CRC32 crc, ByteBuffer payload) {
        crc.reset();
        crc.update(CRC32_SEED, 0, CRC32_SEED.length);
        crc.update(payload);
        return (int) crc.getValue();
    }

    static int readLittleEndian(byte[] array, int at) {
        return (array[at] & 0xff)
                | (array[at + 1] & 0xff) << 8
                | (array[at + 2] & 0xff) << 16
                | (array[at + 3] & 0xff) << 24;
    }

    private static int crc24(long value, int bytes) {
        int crc = CRC24_INITIAL;
        long rest = value;
        for (int i = 0; i < bytes; i++) {
            crc = (crc << 8 ^ CRC24_TABLE[(crc >>> 16 ^ (int) rest) & 0xff]) & 0xffffff;
            rest >>>= 8;
        }
        return crc;
    }

    private static int[] table() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int crc = i << 16;
            for (int bit = 0; bit < 8; bit++) {
                crc <<= 1;
                if ((crc & 0x1000000) != 0) {
                    crc ^= CRC24_POLYNOMIAL;
                }
            }
            table[i] = crc & 0xffffff;
        }
        return table;
    }
}
