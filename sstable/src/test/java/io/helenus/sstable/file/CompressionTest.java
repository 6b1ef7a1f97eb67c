package io.helenus.sstable.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompressionTest {
    static Stream<Compression> codecs() {
        return Stream.of(
                Compression.lz4(),
                Compression.zstd(Compression.ZSTD_LEVEL_DEFAULT),
                Compression.zstd(-5),
                Compression.zstd(19));
    }

    private static byte[] text(int length) {
        Random random = new Random(7);
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) ('a' + random.nextInt(4));
        }
        return text;
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void blocksShrinkWithinTheirBound(Compression compression) {
        for (int length : new int[] {1, 100, 16 << 10, 1 << 20}) {
            byte[] target = new byte[compression.bound(length)];
            int size = compression.compress(text(length), length, target);
            assertThat(size).isBetween(1, target.length);
            if (length > 1_000) {
                assertThat(size).isLessThan(compression.lengthMax(length));
            }
        }
    }

    @Test
    void whatZstandardMadeComesBackAndNothingElse() {
        byte[] raw = text(10_000);
        Compression compression = Compression.zstd(3);
        byte[] target = new byte[compression.bound(raw.length)];
        int size = compression.compress(raw, raw.length, target);
        byte[] back = new byte[raw.length];
        assertThat(Compression.decompressZstd(target, 0, size, back, raw.length))
                .isEqualTo(raw.length);
        assertThat(back).isEqualTo(raw);
        assertThat(Compression.decompressZstd(target, 0, size - 1, back, raw.length)).isEqualTo(-1);
        assertThat(Compression.decompressZstd(target, 0, size, back, raw.length - 1)).isEqualTo(-1);
        assertThat(Compression.decompressZstd(raw, 0, 100, back, raw.length)).isEqualTo(-1);
    }

    @Test
    void aBlockMustShrinkByTheRatioThatIsAskedFor() {
        Compression lz4 = Compression.lz4();
        assertThat(lz4.lengthMax(800)).isEqualTo(699);
        assertThat(lz4.withRatioMin(0).lengthMax(800)).isEqualTo(699);
        assertThat(lz4.withRatioMin(2).lengthMax(800)).isEqualTo(400);
    }

    @Test
    void levelsHaveLimits() {
        for (int level : new int[] {-131_073, 23}) {
            assertThatThrownBy(() -> Compression.zstd(level))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must be from -131072 to 22");
        }
    }
}
