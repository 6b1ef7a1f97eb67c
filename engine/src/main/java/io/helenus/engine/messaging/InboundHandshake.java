package io.helenus.engine.messaging;

import io.helenus.engine.messaging.Handshake.Greeting;
import io.helenus.engine.messaging.Handshake.Reply;
import io.helenus.engine.messaging.Handshake.Status;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the greeting of who has connected, and answers it. On the connection's event loop.
final class InboundHandshake extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(InboundHandshake.class);

    private final TransportShared shared;
    private final InboundConnections connections;
    private volatile boolean over; // a timer looks

    InboundHandshake(TransportShared shared, InboundConnections connections) {
        this.shared = shared;
        this.connections = connections;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        long patience = shared.options().connectTimeout().toNanos();
        shared.timer()
                .after(
                        patience,
                        () -> {
                            if (!over) {
                                var _ = context.close();
                            }
                        });
        var _ = context.channel().config().setAutoRead(true);
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (over) {
            in.skipBytes(in.readableBytes());
            return;
        }
        ByteBuffer body = Handshake.take(in);
        if (body == null) {
            return;
        }
        over = true;
        String mismatch = Handshake.versionMismatch(body);
        if (mismatch != null) {
            refuse(context, Status.NO_COMMON_VERSION, mismatch);
            return;
        }
        Greeting greeting = Handshake.greeting(body);
        Reply refusal = refusal(greeting);
        if (refusal != null) {
            refuse(context, refusal.status(), refusal.reason());
            return;
        }
        boolean compress = greeting.compress() && shared.options().compress();
        InboundConnection connection = connections.accept(greeting, context.channel());
        if (connection == null) {
            refuse(
                    context,
                    Status.TOO_MANY,
                    "it has %d connections of other nodes, the limit"
                            .formatted(shared.options().inboundConnectionsMax()));
            return;
        }
        answer(context, new Reply(Status.WELCOME, Handshake.VERSION, compress, ""));
        var _ = context.pipeline().addLast(connection).remove(this);
    }

    private @Nullable Reply refusal(Greeting greeting) {
        if (!greeting.cluster().equals(shared.clusterName())) {
            return no(
                    Status.OTHER_CLUSTER,
                    "its cluster_name is '%s', that of %s is '%s'"
                            .formatted(shared.clusterName(), greeting.from(), greeting.cluster()));
        }
        if (greeting.from().equals(shared.self())) {
            return no(Status.ITSELF, "it is this node, or one that has its address");
        }
        if (!greeting.to().equals(shared.self())) {
            return no(
                    Status.OTHER_NODE,
                    "its address is %s, %s looks for %s"
                            .formatted(shared.self(), greeting.from(), greeting.to()));
        }
        return null;
    }

    private static Reply no(Status status, String reason) {
        return new Reply(status, Handshake.VERSION, false, reason);
    }

    private void refuse(ChannelHandlerContext context, Status status, String reason) {
        if (shared.limiter().permits("refuses " + host(context) + status)) {
            LOG.warn(
                    "Refused the connection of {}: it was told that {}",
                    context.channel().remoteAddress(),
                    reason);
        }
        var _ =
                context.writeAndFlush(Unpooled.wrappedBuffer(Handshake.encode(no(status, reason))))
                        .addListener(ChannelFutureListener.CLOSE);
    }

    private static void answer(ChannelHandlerContext context, Reply reply) {
        var _ = context.writeAndFlush(Unpooled.wrappedBuffer(Handshake.encode(reply)));
    }

    /// Without the port, which is another one each time.
    static String host(ChannelHandlerContext context) {
        return InboundConnection.host(context.channel());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        InboundConnection.garbage(context, shared.limiter(), cause);
    }
}
