package io.helenus.engine.messaging;

import io.helenus.engine.messaging.MessageTransport.Receiver;
import io.helenus.gossip.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listening end of a connection: cuts frames, delivers messages, and stops reading while too much
/// is not handled. On the connection's event loop unless a method says otherwise.
final class InboundConnection extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(InboundConnection.class);

    private final TransportShared shared;
    private final InboundConnections connections;
    private final Endpoint from;
    private final Lane lane;
    private final Channel channel;
    private final LaneCounters counters;
    private final ByteBudget budget;
    private final TransitClock transit = new TransitClock();
    private Frame.@Nullable Header header; // of a frame that has not come as a whole
    private @Nullable Receiver receiver;
    private boolean broken;

    InboundConnection(
            TransportShared shared,
            InboundConnections connections,
            Handshake.Greeting greeting,
            Channel channel,
            LaneCounters counters) {
        this.shared = shared;
        this.connections = connections;
        from = greeting.from();
        lane = greeting.lane();
        this.channel = channel;
        this.counters = counters;
        budget = new ByteBudget(shared.options().inboundBytesMax());
    }

    Endpoint from() {
        return from;
    }

    Lane lane() {
        return lane;
    }

    /// On any thread.
    void close() {
        var _ = channel.close();
    }

    /// Reads nothing until there is somebody to deliver to.
    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        receiver = shared.receiverNow();
        if (receiver == null) {
            var _ = channel.config().setAutoRead(false);
            var _ =
                    shared.receiver()
                            .thenAccept(known ->
                                    context.executor().execute(() -> begin(context, known)));
        }
    }

    private void begin(ChannelHandlerContext context, Receiver known) {
        receiver = known;
        try {
            channelRead(context, Unpooled.EMPTY_BUFFER); // what has come already
        } catch (Exception e) {
            exceptionCaught(context, e);
        }
        resume();
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        Receiver to = receiver;
        if (to == null) {
            return;
        }
        if (broken) {
            in.skipBytes(in.readableBytes()); // nobody knows where the next frame would begin
            return;
        }
        try {
            decodeFrame(to, in);
        } catch (MessagingFormatException e) {
            broken = true;
            throw e;
        }
    }

    private void decodeFrame(Receiver to, ByteBuf in) {
        Frame.Header current = header;
        if (current == null) {
            if (in.readableBytes() < Frame.HEADER_BYTES) {
                return;
            }
            current = Frame.header(in, shared.options().messageBytesMax());
            header = current;
        }
        int length = Frame.BYTES + current.length();
        if (in.readableBytes() < length) {
            return;
        }
        header = null;
        deliver(to, current, Frame.payload(in, current), length);
    }

    /// Does not read on when reading has been stopped, as the superclass would.
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        discardSomeReadBytes();
        var _ = context.fireChannelReadComplete();
    }

    private void deliver(Receiver to, Frame.Header head, ByteBuffer payload, int frameBytes) {
        counters.received.increment();
        counters.receivedBytes.add(frameBytes);
        long now = shared.nanoTime().getAsLong();
        long life = head.lifeNanos() - transit.delayNanos(head.sentNanos(), now);
        if (life <= 0) {
            counters.receivedExpired.increment();
            return;
        }
        long bytes = Frame.BYTES + (long) payload.remaining();
        budget.take(bytes);
        if (lane != Lane.URGENT) {
            shared.inbound().take(bytes);
        }
        if (tooMuch()) {
            var _ = channel.config().setAutoRead(false);
        }
        Verb verb = Verb.of(head.verb());
        to.onMessage(
                from,
                new Message(verb, head.kind(), head.id(), head.epoch(), now + life, payload),
                () -> handled(bytes));
    }

    private boolean tooMuch() {
        return budget.isExceeded() || lane != Lane.URGENT && shared.inbound().isExceeded();
    }

    /// On any thread.
    private void handled(long bytes) {
        boolean belowOwn = budget.giveBack(bytes);
        boolean belowTotal = lane != Lane.URGENT && shared.inbound().giveBack(bytes);
        if (belowTotal) {
            connections.resumeAll();
        } else if (belowOwn) {
            resumeLater();
        }
    }

    /// On any thread.
    void resumeLater() {
        if (channel.isActive()) {
            channel.eventLoop().execute(this::resume);
        }
    }

    private void resume() {
        if (!tooMuch()) {
            var _ = channel.config().setAutoRead(true);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        garbage(context, shared.limiter(), cause);
    }

    /// Ends a connection on which something went wrong.
    static void garbage(ChannelHandlerContext context, LogLimiter limiter, Throwable cause) {
        Throwable found = cause.getCause() instanceof MessagingFormatException e ? e : cause;
        Object remote = context.channel().remoteAddress();
        if (found instanceof IOException) {
            LOG.debug("The connection of {} broke", remote, found);
        } else if (limiter.permits("garbage of " + host(context.channel()))) {
            LOG.warn(
                    "Closed the connection of {}, it sent what makes no sense: {}",
                    remote,
                    found instanceof MessagingFormatException
                            ? found.getMessage()
                            : found.toString());
        }
        var _ = context.close();
    }

    /// Without the port, which is another one each time.
    static String host(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress address
                ? address.getHostString()
                : "?";
    }
}
