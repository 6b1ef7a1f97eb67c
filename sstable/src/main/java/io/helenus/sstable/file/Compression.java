package io.helenus.sstable.file;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/// How a writer compresses blocks. A reader needs none: each block names its codec. Immutable.
///
/// Zstandard is native code only: a program that was started without leave for that
/// (`--enable-native-access`) gets a warning of its JVM when it writes or reads a first such block.
public final class Compression {
    public static final int ZSTD_LEVEL_MIN = -131_072;
    public static final int ZSTD_LEVEL_MAX = 22;
    public static final int ZSTD_LEVEL_DEFAULT = 3;

    private static final double RATIO_MIN = 1;
    private static final int WORTH_WHILE_BYTES = 512;
    private static final Compression NONE =
            new Compression(SSTableFormat.CODEC_NONE, null, 0, RATIO_MIN);

    private final int codec;
    private final @Nullable LZ4Factory lz4;
    private final int level;
    private final double ratio;

    private Compression(int codec, @Nullable LZ4Factory lz4, int level, double ratio) {
        this.codec = codec;
        this.lz4 = lz4;
        this.level = level;
        this.ratio = ratio;
    }

    public static Compression none() {
        return NONE;
    }

    /// LZ4 in native code where the JVM was started with leave for it, else in Java: asking for
    /// native code without leave prints a warning, and an embedded node prints nothing.
    public static Compression lz4() {
        return lz4(bestFactory());
    }

    /// LZ4 as given. Implementations differ in the bytes they write, not in those they read.
    public static Compression lz4(LZ4Factory factory) {
        return new Compression(SSTableFormat.CODEC_LZ4, factory, 0, RATIO_MIN);
    }

    /// Zstandard.
    ///
    /// @param level higher ones are slower and smaller; below 1 they are faster and larger
    public static Compression zstd(int level) {
        if (level < ZSTD_LEVEL_MIN || level > ZSTD_LEVEL_MAX) {
            throw new IllegalArgumentException(
                    "Zstandard level is %d, must be from %d to %d"
                            .formatted(level, ZSTD_LEVEL_MIN, ZSTD_LEVEL_MAX));
        }
        return new Compression(SSTableFormat.CODEC_ZSTD, null, level, RATIO_MIN);
    }

    /// The same, for blocks that shrink at least by this factor; others are stored as they are.
    public Compression withRatioMin(double ratioMin) {
        return new Compression(codec, lz4, level, Math.max(RATIO_MIN, ratioMin));
    }

    static LZ4SafeDecompressor lz4Decompressor() {
        return bestFactory().safeDecompressor();
    }

    private static LZ4Factory bestFactory() {
        return LZ4Factory.class.getModule().isNativeAccessEnabled()
                ? LZ4Factory.fastestInstance()
                : LZ4Factory.safeInstance();
    }

    /// Of [SSTableFormat].
    int codec() {
        return codec;
    }

    /// The most bytes that a block is allowed to have compressed; more are not worth it. At least an
    /// eighth has to be saved, or 512 bytes.
    int lengthMax(int rawLength) {
        int worthWhile = Math.min(rawLength / 8 + 1, WORTH_WHILE_BYTES);
        return Math.min(rawLength - worthWhile, (int) (rawLength / ratio));
    }

    /// Of Zstandard.
    int level() {
        return level;
    }

    /// A compressor for one thread; null if this is not LZ4. In Java it knows but one acceleration.
    ///
    /// @param acceleration 1 and more: how far apart the places are at which it starts to look
    @Nullable LZ4Compressor newLz4(int acceleration) {
        LZ4Factory factory = lz4;
        if (factory == null) {
            return null;
        }
        boolean isNative = factory.toString().endsWith(":JNI"); // there is no other way to ask
        return isNative ? factory.fastResetCompressor(acceleration) : factory.fastCompressor();
    }

    /// @return how many bytes came out, or -1 if these are no Zstandard data that fit
    static int decompressZstd(byte[] source, int offset, int length, byte[] target, int rawLength) {
        try {
            long got = Zstd.decompressByteArray(target, 0, rawLength, source, offset, length);
            return Zstd.isError(got) ? -1 : (int) got;
        } catch (ZstdException e) {
            return -1;
        }
    }
}
