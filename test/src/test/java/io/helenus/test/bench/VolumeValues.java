package io.helenus.test.bench;

import java.nio.ByteBuffer;

/// Rows of a volume check: a key decides its value, 100 bytes that do not compress, and any set of rows
/// has a checksum that does not depend on their order.
final class VolumeValues {
    static final int VALUE_BYTES = 100;
    private static final int WORDS = VALUE_BYTES / Long.BYTES;
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private VolumeValues() {}

    static ByteBuffer value(long key) {
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES);
        long state = mix(key + 1);
        for (int word = 0; word < WORDS; word++) {
            state += GOLDEN_GAMMA;
            value.putLong(mix(state));
        }
        value.putInt((int) mix(state + GOLDEN_GAMMA));
        return value.flip();
    }

    /// What a row adds to the checksum of its table. Of the bytes as they are, right or wrong.
    static long checksum(long key, ByteBuffer value) {
        long hash = mix(key ^ value.remaining());
        int at = value.position();
        for (; at + Long.BYTES <= value.limit(); at += Long.BYTES) {
            hash = mix(hash ^ value.getLong(at));
        }
        for (; at < value.limit(); at++) {
            hash = mix(hash ^ value.get(at));
        }
        return hash;
    }

    /// The finisher of SplitMix64.
    private static long mix(long bits) {
        long first = (bits ^ (bits >>> 30)) * 0xbf58476d1ce4e5b9L;
        long second = (first ^ (first >>> 27)) * 0x94d049bb133111ebL;
        return second ^ (second >>> 31);
    }
}
