package io.helenus.sstable.file;

import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/// How a writer compresses blocks. A reader needs none: each block names its codec. Immutable.
public final class Compression {
    private static final Compression NONE = new Compression(null);

    private final @Nullable LZ4Compressor compressor;

    private Compression(@Nullable LZ4Compressor compressor) {
        this.compressor = compressor;
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
        return new Compression(factory.fastCompressor());
    }

    static LZ4SafeDecompressor lz4Decompressor() {
        return bestFactory().safeDecompressor();
    }

    private static LZ4Factory bestFactory() {
        return LZ4Factory.class.getModule().isNativeAccessEnabled()
                ? LZ4Factory.fastestInstance()
                : LZ4Factory.safeInstance();
    }

    @Nullable LZ4Compressor compressor() {
        return compressor;
    }
}
