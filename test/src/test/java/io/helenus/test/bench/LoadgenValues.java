package io.helenus.test.bench;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// The values that the load generator of the comparison kit writes: windows of 100 bytes of one fixed
/// array of noise. `load` derives the window from the key, `write` takes any.
final class LoadgenValues {
    static final int VALUE_BYTES = 100;
    private static final int NOISE_BYTES = 1 << 20;
    private static final int SEED = 42;
    private static final int WINDOWS = NOISE_BYTES - VALUE_BYTES;

    private final byte[] noise = new byte[NOISE_BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(noise);
    private final Map<Long, Integer> windowsByStart = new HashMap<>(2 * NOISE_BYTES);

    LoadgenValues() {
        new Random(SEED).nextBytes(noise);
        for (int at = 0; at < WINDOWS; at++) {
            if (windowsByStart.put(buffer.getLong(at), at) != null) {
                throw new IllegalStateException("Two windows begin alike");
            }
        }
    }

    /// Whether this is what `load` wrote for a key.
    boolean isLoaded(long key, ByteBuffer value) {
        return isWindow((int) (((int) mix(key) & 0x7fffffffL) % WINDOWS), value);
    }

    /// Whether this is something that `load` or `write` can have written.
    boolean isAnyWindow(ByteBuffer value) {
        if (value.remaining() != VALUE_BYTES) {
            return false;
        }
        Integer at = windowsByStart.get(value.getLong(value.position()));
        return at != null && isWindow(at, value);
    }

    private boolean isWindow(int at, ByteBuffer value) {
        return value.equals(buffer.slice(at, VALUE_BYTES));
    }

    /// The finisher of SplitMix64.
    private static long mix(long key) {
        long first = (key ^ (key >>> 30)) * 0xbf58476d1ce4e5b9L;
        long second = (first ^ (first >>> 27)) * 0x94d049bb133111ebL;
        return second ^ (second >>> 31);
    }
}
