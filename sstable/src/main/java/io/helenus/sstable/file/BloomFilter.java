package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.util.Arrays;

/// The bloom filter of one index page's partitions: bits, then the number of probes in the last
/// byte. Static functions over byte arrays.
final class BloomFilter {
    private static final int PROBES_MAX = 30;

    private BloomFilter() {}

    /// Hash of token and partition key, the head of any row key or bound of the partition.
    static long hash(byte[] key, int offset) {
        long hash = ByteWriter.getLong(key, offset) * 0x9E3779B97F4A7C15L;
        int at = offset + RowKeys.PARTITION_KEY_OFFSET;
        int end = at + RowKeys.partitionKeyLength(key, offset);
        while (end - at >= Long.BYTES) {
            hash = (Long.rotateLeft(hash, 29) ^ ByteWriter.getLong(key, at)) * 0xD6E8FEB86659FD93L;
            at += Long.BYTES;
        }
        while (at < end) {
            hash = (Long.rotateLeft(hash, 7) ^ key[at++]) * 0xC2B2AE3D27D4EB4FL;
        }
        hash = (hash ^ (hash >>> 33)) * 0xFF51AFD7ED558CCDL;
        hash = (hash ^ (hash >>> 33)) * 0xC4CEB9FE1A85EC53L;
        return hash ^ (hash >>> 33);
    }

    /// Appends the filter of these hashes.
    static void write(long[] hashes, int count, double fpChance, ByteWriter out) {
        double bitsPerKey = -Math.log(fpChance) / (Math.log(2) * Math.log(2));
        int bytes = Math.max(8, (int) Math.ceil(count * bitsPerKey / Byte.SIZE));
        double bitsPerKeyHere = (double) bytes * Byte.SIZE / count;
        int probes = (int) Math.round(bitsPerKeyHere * Math.log(2));
        probes = Math.max(1, Math.min(probes, PROBES_MAX));
        int start = out.length();
        out.setLength(start + bytes);
        byte[] bits = out.array();
        Arrays.fill(bits, start, start + bytes, (byte) 0);
        long size = (long) bytes * Byte.SIZE;
        for (int i = 0; i < count; i++) {
            int probe = (int) hashes[i];
            int step = (int) (hashes[i] >>> 32) | 1;
            for (int k = 0; k < probes; k++) {
                int bit = (int) (((probe & 0xffffffffL) * size) >>> 32);
                bits[start + (bit >>> 3)] |= (byte) (1 << (bit & 7));
                probe += step;
            }
        }
        out.writeByte(probes);
    }

    static boolean isWellFormed(byte[] filter, int length) {
        return length > 1 && filter[length - 1] >= 1 && filter[length - 1] <= PROBES_MAX;
    }

    /// False only if no partition with this hash was added.
    static boolean mayContain(byte[] filter, int length, long hash) {
        int probes = filter[length - 1];
        long size = (length - 1L) * Byte.SIZE;
        int probe = (int) hash;
        int step = (int) (hash >>> 32) | 1;
        for (int k = 0; k < probes; k++) {
            int bit = (int) (((probe & 0xffffffffL) * size) >>> 32);
            if ((filter[bit >>> 3] & 1 << (bit & 7)) == 0) {
                return false;
            }
            probe += step;
        }
        return true;
    }
}
