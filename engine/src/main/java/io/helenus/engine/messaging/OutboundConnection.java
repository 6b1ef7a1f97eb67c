package io.helenus.engine.messaging;

import io.helenus.engine.messaging.MessageTransport.DropReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.ByteBuffer;
import java.util.List;

/// The connecting end of a connection: says hello, reads the answers, and after that nothing. On the
/// connection's event loop, which is the lane's.
final class OutboundConnection extends ByteToMessageDecoder {
    private final OutboundLane lane;
    private final Handshake.Greeting greeting;
    private final int attempt;
    private boolean accepted;
    private boolean welcome;

    OutboundConnection(OutboundLane lane, Handshake.Greeting greeting, int attempt) {
        this.lane = lane;
        this.greeting = greeting;
        this.attempt = attempt;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        var _ =
                context.writeAndFlush(
                        Unpooled.wrappedBuffer(
                                Hello.hello(Hello.MESSAGES), Handshake.encode(greeting)));
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (welcome) {
            throw new MessagingFormatException("it sends where it should only listen");
        }
        if (!accepted) {
            readAnswer(in);
            return;
        }
        ByteBuffer body = Handshake.take(in);
        if (body == null) {
            return;
        }
        Handshake.Reply reply = Handshake.reply(body);
        if (reply.status() != Handshake.Status.WELCOME) {
            lane.failed(attempt, DropReason.REFUSED, reply.reason());
            var _ = context.close();
        } else if (reply.version() != Handshake.VERSION) {
            throw new MessagingFormatException(
                    "it wants version %d of messages, this node offered %d"
                            .formatted(reply.version(), Handshake.VERSION));
        } else {
            welcome = true;
            lane.connected(attempt, context.channel(), greeting.compress() && reply.compress());
        }
    }

    private void readAnswer(ByteBuf in) {
        if (in.readableBytes() < Hello.BYTES) {
            return;
        }
        int magic = in.readInt();
        int version = in.readUnsignedByte();
        int status = in.readUnsignedByte();
        in.skipBytes(Short.BYTES);
        if (magic != Hello.MAGIC) {
            throw new MessagingFormatException("what listens there is no Helenus node");
        }
        if (status != Hello.ACCEPTED) {
            throw new MessagingFormatException(
                    "it takes no messages (status %d, version %d)".formatted(status, version));
        }
        accepted = true;
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            lane.writable();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        super.channelInactive(context);
        DropReason reason = welcome ? DropReason.CONNECTION_LOST : DropReason.UNREACHABLE;
        lane.failed(attempt, reason, "it closed the connection");
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        Throwable found = cause.getCause() instanceof MessagingFormatException e ? e : cause;
        DropReason reason =
                found instanceof MessagingFormatException
                        ? DropReason.REFUSED
                        : DropReason.UNREACHABLE;
        lane.failed(attempt, reason, String.valueOf(found.getMessage()));
        var _ = context.close();
    }
}
