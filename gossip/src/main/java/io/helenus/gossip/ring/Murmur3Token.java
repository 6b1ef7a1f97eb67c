package io.helenus.gossip.ring;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// The token of a partition key: the first half of 128-bit MurmurHash3 (x64, seed 0), in the
/// variant that Cassandra and its drivers use (tail bytes are sign-extended).
///
/// Source: Austin Appleby's public-domain MurmurHash3; `Murmur3Partitioner` of Apache Cassandra.
public final class Murmur3Token {
    /// The ring's sentinel: before every key.
    public static final long MIN = Long.MIN_VALUE;

    private static final long C1 = 0x87c37b91114253d5L;
    private static final long C2 = 0x4cf5ad432745937fL;
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private Murmur3Token() {}

    /// Token of the partition key in `key[offset, offset + length)`. An empty key has the token
    /// [#MIN], as in Cassandra; a hash equal to [#MIN] becomes `Long.MAX_VALUE`.
    public static long of(byte[] key, int offset, int length) {
        if (length == 0) {
            return MIN;
        }
        long hash = hash(key, offset, length);
        return hash == Long.MIN_VALUE ? Long.MAX_VALUE : hash;
    }

    private static long hash(byte[] key, int offset, int length) {
        long h1 = 0;
        long h2 = 0;
        int tail = offset + (length & ~15);
        for (int at = offset; at < tail; at += 16) {
            h1 ^= mixK1((long) LONG.get(key, at));
            h1 = Long.rotateLeft(h1, 27) + h2;
            h1 = h1 * 5 + 0x52dce729;
            h2 ^= mixK2((long) LONG.get(key, at + 8));
            h2 = Long.rotateLeft(h2, 31) + h1;
            h2 = h2 * 5 + 0x38495ab5;
        }
        int rest = length & 15;
        if (rest > 8) {
            h2 ^= mixK2(signExtendingTail(key, tail + 8, rest - 8));
        }
        if (rest > 0) {
            h1 ^= mixK1(signExtendingTail(key, tail, Math.min(rest, 8)));
        }
        h1 ^= length;
        h2 ^= length;
        h1 += h2;
        h2 += h1;
        h1 = finalMix(h1);
        h2 = finalMix(h2);
        return h1 + h2;
    }

    private static long signExtendingTail(byte[] key, int at, int count) {
        long k = 0;
        for (int i = count - 1; i >= 0; i--) {
            k ^= (long) key[at + i] << (8 * i);
        }
        return k;
    }

    private static long mixK1(long k) {
        return Long.rotateLeft(k * C1, 31) * C2;
    }

    private static long mixK2(long k) {
        return Long.rotateLeft(k * C2, 33) * C1;
    }

    private static long finalMix(long k) {
        k ^= k >>> 33;
        k *= 0xff51afd7ed558ccdL;
        k ^= k >>> 33;
        k *= 0xc4ceb9fe1a85ec53L;
        k ^= k >>> 33;
        return k;
    }
}
