package io.helenus.sstable.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.List;
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

    /// Rows as a bulk load has them: a little that repeats itself, and much that does not.
    private static byte[] rows(int seed) {
        Random random = new Random(seed);
        byte[] rows = new byte[16 << 10];
        random.nextBytes(rows);
        for (int at = 0; at + 12 < rows.length; at += 110) {
            Arrays.fill(rows, at, at + 12, (byte) 0);
        }
        return rows;
    }

    private static byte[] decompressed(Compression compression, byte[] from, int size, int length) {
        byte[] back = new byte[length];
        int got =
                compression.codec() == SSTableFormat.CODEC_ZSTD
                        ? Compression.decompressZstd(from, 0, size, back, length)
                        : Compression.lz4Decompressor().decompress(from, 0, size, back, 0);
        assertThat(got).isEqualTo(length);
        return back;
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void blocksOfAnyKindComeBack(Compression compression) {
        try (BlockCompressor compressor = new BlockCompressor(compression)) {
            for (int round = 0; round < 3; round++) {
                for (byte[] raw :
                        List.of(text(1_000), rows(1), rows(2), text(16 << 10), text(1 << 20))) {
                    int size = compressor.compress(raw, raw.length);
                    assertThat(size).isBetween(1, compression.lengthMax(raw.length));
                    assertThat(decompressed(compression, compressor.array(), size, raw.length))
                            .isEqualTo(raw);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void whatSavesTooLittleIsRefused(Compression compression) {
        byte[] noise = new byte[16 << 10];
        new Random(3).nextBytes(noise);
        try (BlockCompressor compressor = new BlockCompressor(compression)) {
            assertThat(compressor.compress(noise, noise.length)).isEqualTo(-1);
            assertThat(compressor.compress(new byte[1], 1)).isEqualTo(-1);
        }
    }

    @Test
    void whatHardlyShrinksIsSearchedLessCloselyForLittleMoreRoom() {
        try (BlockCompressor compressor = new BlockCompressor(Compression.lz4())) {
            int close = compressor.compress(rows(1), 16 << 10);
            int quick = compressor.compress(rows(1), 16 << 10);
            assertThat(quick).isCloseTo(close, withinPercentage(2));
            byte[] text = text(16 << 10);
            compressor.compress(text, text.length);
            assertThat(compressor.compress(rows(1), 16 << 10)).isEqualTo(close);
        }
    }

    @Test
    void aClosedOneMayBeClosedAgain() {
        BlockCompressor compressor = new BlockCompressor(Compression.lz4());
        compressor.close();
        compressor.close();
    }

    @Test
    void whatZstandardMadeComesBackAndNothingElse() {
        byte[] raw = text(10_000);
        try (BlockCompressor compressor = new BlockCompressor(Compression.zstd(3))) {
            int size = compressor.compress(raw, raw.length);
            byte[] made = compressor.array();
            byte[] back = new byte[raw.length];
            assertThat(Compression.decompressZstd(made, 0, size, back, raw.length))
                    .isEqualTo(raw.length);
            assertThat(back).isEqualTo(raw);
            assertThat(Compression.decompressZstd(made, 0, size - 1, back, raw.length))
                    .isEqualTo(-1);
            assertThat(Compression.decompressZstd(made, 0, size, back, raw.length - 1))
                    .isEqualTo(-1);
            assertThat(Compression.decompressZstd(raw, 0, 100, back, raw.length)).isEqualTo(-1);
        }
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
