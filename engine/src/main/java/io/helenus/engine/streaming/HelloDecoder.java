package io.helenus.engine.streaming;

import io.helenus.engine.messaging.Hello;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads what a connection wants to be, answers, and gives its place to the handlers of that. On the
/// connection's event loop.
final class HelloDecoder extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(HelloDecoder.class);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final int GREETING_MAX = 1024; // connections that have not said what they want
    private static final int STREAMING_MAX = 64;

    private final StreamServer.Shared shared;
    private volatile boolean over; // a timer looks

    HelloDecoder(StreamServer.Shared shared) {
        this.shared = shared;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        if (shared.greeting().incrementAndGet() > GREETING_MAX) {
            var _ = context.close();
        }
        shared.timer()
                .after(
                        PATIENCE_NANOS,
                        () -> {
                            if (!over) {
                                var _ = context.close();
                            }
                        });
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext context) {
        over = true;
        int _ = shared.greeting().decrementAndGet();
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
        if (in.readableBytes() < Hello.BYTES) {
            return;
        }
        int magic = in.readInt();
        int version = in.readUnsignedByte();
        int kind = in.readUnsignedByte();
        in.skipBytes(Short.BYTES);
        if (magic != Hello.MAGIC) {
            // Not one of ours: nothing that we say would be understood.
            log(context, "it does not begin as nodes and tools do");
            in.skipBytes(in.readableBytes());
            var _ = context.close();
            return;
        }
        int status = status(version, kind);
        ByteBuf answer = Unpooled.wrappedBuffer(Hello.answer(status));
        if (status != Hello.ACCEPTED) {
            log(context, "it wants kind %d of version %d".formatted(kind, version));
            var _ = context.writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
            return;
        }
        if (kind == Hello.STREAMING && !takeStream(context)) {
            return;
        }
        var _ = context.writeAndFlush(answer);
        if (kind == Hello.STREAMING) {
            stream(context.pipeline());
        } else {
            shared.messages().accept(context.pipeline());
        }
        var _ = context.pipeline().remove(this);
    }

    private static int status(int version, int kind) {
        if (version < 1 || version > Hello.VERSION) {
            return Hello.UNKNOWN_VERSION;
        }
        return kind == Hello.STREAMING || kind == Hello.MESSAGES
                ? Hello.ACCEPTED
                : Hello.UNKNOWN_KIND;
    }

    private boolean takeStream(ChannelHandlerContext context) {
        boolean tooMany = shared.streaming().incrementAndGet() > STREAMING_MAX;
        var _ =
                context.channel()
                        .closeFuture()
                        .addListener(_ -> shared.streaming().decrementAndGet());
        if (tooMany) {
            var _ = context.close();
        }
        return !tooMany;
    }

    private void stream(ChannelPipeline pipeline) {
        int rest = 1 + StreamFormat.CHECKSUM_BYTES;
        var _ =
                pipeline.addLast(
                                new LengthFieldBasedFrameDecoder(
                                        StreamFormat.PAYLOAD_BYTES_MAX + Integer.BYTES + rest,
                                        0,
                                        Integer.BYTES,
                                        rest,
                                        0))
                        .addLast(new StreamConnection(shared));
    }

    private void log(ChannelHandlerContext context, String what) {
        Object remote = context.channel().remoteAddress();
        String host = remote instanceof InetSocketAddress address ? address.getHostString() : "?";
        if (shared.limiter().permits(host)) {
            LOG.warn("Closed the connection of {} to the port of other nodes: {}", remote, what);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }
}
