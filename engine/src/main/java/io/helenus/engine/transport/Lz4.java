package io.helenus.engine.transport;

import io.helenus.engine.error.CqlException;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/// LZ4 blocks over byte arrays. The library is loaded when the first client asks for compression.
final class Lz4 {
    /// No block grows more than this when it is decompressed: a larger claim is a lie.
    static final int RATIO_MAX = 255;

    private static final LZ4Compressor COMPRESSOR = LZ4Factory.fastestInstance().fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR =
            LZ4Factory.fastestInstance().safeDecompressor();

    private Lz4() {}

    static int compressedBytesMax(int length) {
        return COMPRESSOR.maxCompressedLength(length);
    }

    /// Returns the number of bytes written at `toOffset`.
    static int compress(byte[] from, int offset, int length, byte[] to, int toOffset) {
        return COMPRESSOR.compress(from, offset, length, to, toOffset, to.length - toOffset);
    }

    /// Fills exactly the first `plainBytes` of `to`, or fails with a PROTOCOL error.
    static void decompress(byte[] from, int offset, int length, byte[] to, int plainBytes) {
        int done;
        try {
            done = DECOMPRESSOR.decompress(from, offset, length, to, 0, plainBytes);
        } catch (LZ4Exception e) {
            throw CqlException.protocol("LZ4 block is damaged: " + e.getMessage());
        }
        if (done != plainBytes) {
            throw CqlException.protocol(
                    "LZ4 block has " + done + " bytes, its header says " + plainBytes);
        }
    }
}
