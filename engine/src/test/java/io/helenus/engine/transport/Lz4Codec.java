package io.helenus.engine.transport;

import com.datastax.oss.protocol.internal.Compressor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import net.jpountz.lz4.LZ4Factory;

/// LZ4 as drivers do it.
final class Lz4Codec implements Compressor<ByteBuf> {
    private static final LZ4Factory LZ4 = LZ4Factory.safeInstance();

    @Override
    public String algorithm() {
        return "lz4";
    }

    @Override
    public ByteBuf compress(ByteBuf plain) {
        return Unpooled.wrappedBuffer(
                Unpooled.buffer(4).writeInt(plain.readableBytes()), compressWithoutLength(plain));
    }

    @Override
    public ByteBuf decompress(ByteBuf packed) {
        return decompressWithoutLength(packed, packed.readInt());
    }

    @Override
    public ByteBuf compressWithoutLength(ByteBuf plain) {
        return Unpooled.wrappedBuffer(LZ4.fastCompressor().compress(ByteBufUtil.getBytes(plain)));
    }

    @Override
    public ByteBuf decompressWithoutLength(ByteBuf packed, int length) {
        return Unpooled.wrappedBuffer(
                LZ4.fastDecompressor().decompress(ByteBufUtil.getBytes(packed), length));
    }
}
