package io.helenus.engine.messaging;

import java.nio.ByteBuffer;
import net.jpountz.lz4.LZ4Compressor;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;

/// LZ4 blocks of payloads. The library is loaded with the first large message. Stateless.
final class PayloadCompression {
    /// No block grows more than this when it is decompressed: a larger claim is a lie.
    static final int RATIO_MAX = 255;

    private static final LZ4Compressor COMPRESSOR = LZ4Factory.fastestInstance().fastCompressor();
    private static final LZ4SafeDecompressor DECOMPRESSOR =
            LZ4Factory.fastestInstance().safeDecompressor();

    private PayloadCompression() {}

    static ByteBuffer compress(ByteBuffer plain) {
        byte[] bytes = new byte[plain.remaining()];
        plain.get(bytes);
        byte[] compressed = new byte[COMPRESSOR.maxCompressedLength(bytes.length)];
        int length = COMPRESSOR.compress(bytes, 0, bytes.length, compressed, 0, compressed.length);
        return ByteBuffer.wrap(compressed, 0, length);
    }

    /// @throws MessagingFormatException if it is damaged or has another length
    static ByteBuffer decompress(byte[] compressed, int plainLength) {
        byte[] plain = new byte[plainLength];
        int length;
        try {
            length = DECOMPRESSOR.decompress(compressed, 0, compressed.length, plain, 0);
        } catch (LZ4Exception e) {
            throw new MessagingFormatException("an LZ4 block is damaged: " + e.getMessage());
        }
        if (length != plainLength) {
            throw new MessagingFormatException(
                    "an LZ4 block has %d bytes, its header says %d".formatted(length, plainLength));
        }
        return ByteBuffer.wrap(plain);
    }
}
