package io.helenus.engine.streaming;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.util.List;

/// Reads what a connection wants to be, answers, and gives its place to the handlers of that. On the
/// connection's event loop.
final class HelloDecoder extends ByteToMessageDecoder {
    private final StreamServer.Shared shared;

    HelloDecoder(StreamServer.Shared shared) {
        this.shared = shared;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.read();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) throws Exception {
        super.channelReadComplete(context);
        context.read();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.readableBytes() < StreamFormat.HELLO_BYTES) {
            return;
        }
        int magic = in.readInt();
        int version = in.readUnsignedByte();
        int kind = in.readUnsignedByte();
        in.skipBytes(Short.BYTES);
        if (magic != StreamFormat.MAGIC) {
            var _ = context.close(); // not one of ours: nothing that we say would be understood
            return;
        }
        int status = StreamFormat.ACCEPTED;
        if (version < 1 || version > StreamFormat.VERSION) {
            status = StreamFormat.UNKNOWN_VERSION;
        } else if (kind != StreamFormat.KIND_STREAMING) {
            status = StreamFormat.UNKNOWN_KIND;
        }
        ByteBuf answer = context.alloc().buffer(StreamFormat.HELLO_BYTES);
        answer.writeInt(StreamFormat.MAGIC).writeByte(StreamFormat.VERSION);
        answer.writeByte(status).writeShort(0);
        if (status != StreamFormat.ACCEPTED) {
            var _ = context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        var _ = context.writeAndFlush(answer);
        int rest = 1 + StreamFormat.CHECKSUM_BYTES;
        var _ =
                context.pipeline()
                        .addLast(
                                new LengthFieldBasedFrameDecoder(
                                        StreamFormat.PAYLOAD_BYTES_MAX + Integer.BYTES + rest,
                                        0,
                                        Integer.BYTES,
                                        rest,
                                        0))
                        .addLast(new StreamConnection(shared));
        var _ = context.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
