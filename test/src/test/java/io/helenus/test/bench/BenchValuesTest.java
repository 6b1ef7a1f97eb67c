package io.helenus.test.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The checkers of benchmarks must notice any wrong byte, or what they pass means nothing.
final class BenchValuesTest {
    private static final int NOISE_BYTES = 1 << 20;

    /// A window of the generator's noise, made as the generator makes it.
    private static ByteBuffer window(int at) {
        byte[] noise = new byte[NOISE_BYTES];
        new Random(42).nextBytes(noise);
        return ByteBuffer.wrap(noise, at, LoadgenValues.VALUE_BYTES).slice();
    }

    private static ByteBuffer withChangedByte(ByteBuffer value, int at) {
        ByteBuffer changed = ByteBuffer.allocate(value.remaining()).put(value.duplicate()).flip();
        return changed.put(at, (byte) (changed.get(at) ^ 1));
    }

    @Test
    void anyWindowIsKnownAndNoOtherBytesAre() {
        LoadgenValues values = new LoadgenValues();
        ByteBuffer window = window(123_456);
        assertThat(values.isAnyWindow(window)).isTrue();
        for (int at = 0; at < LoadgenValues.VALUE_BYTES; at++) {
            assertThat(values.isAnyWindow(withChangedByte(window, at))).as("byte %d", at).isFalse();
        }
        assertThat(values.isAnyWindow(window.slice(0, 99))).isFalse();
        assertThat(values.isAnyWindow(ByteBuffer.allocate(0))).isFalse();
    }

    @Test
    void aLoadedKeyHasItsOwnWindowOnly() {
        LoadgenValues values = new LoadgenValues();
        // Key 0 mixes to 0; key 1 to 0x5692161d100b05e5, whose low 31 bits are 0x100b05e5.
        int second = 0x100b05e5 % (NOISE_BYTES - LoadgenValues.VALUE_BYTES);
        assertThat(values.isLoaded(0, window(0))).isTrue();
        assertThat(values.isLoaded(1, window(second))).isTrue();
        assertThat(values.isLoaded(1, window(0))).isFalse();
        assertThat(values.isLoaded(0, withChangedByte(window(0), 99))).isFalse();
    }

    @Test
    void everyByteOfARowCountsInItsChecksum() {
        ByteBuffer value = VolumeValues.value(7);
        long sum = VolumeValues.checksum(7, value);
        assertThat(value.remaining()).isEqualTo(VolumeValues.VALUE_BYTES);
        assertThat(VolumeValues.checksum(7, VolumeValues.value(7))).isEqualTo(sum);
        assertThat(VolumeValues.checksum(8, value)).isNotEqualTo(sum);
        for (int at = 0; at < VolumeValues.VALUE_BYTES; at++) {
            assertThat(VolumeValues.checksum(7, withChangedByte(value, at)))
                    .as("byte %d", at)
                    .isNotEqualTo(sum);
        }
    }
}
