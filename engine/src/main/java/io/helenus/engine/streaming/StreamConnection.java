package io.helenus.engine.streaming;

import io.helenus.sstable.model.ByteWriter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands the frames of a connection to a worker, in order, and reads on when it is done with them.
/// Methods run on the event loop unless they say otherwise.
final class StreamConnection extends SimpleChannelInboundHandler<ByteBuf> {
    private static final Logger LOG = LoggerFactory.getLogger(StreamConnection.class);

    private final StreamServer.Shared shared;
    private final Queue<byte[]> frames = new ArrayDeque<>(); // guarded by itself
    private boolean working; // guarded by frames
    private boolean gone; // guarded by frames
    private @Nullable StreamReceiver receiver;

    StreamConnection(StreamServer.Shared shared) {
        this.shared = shared;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        receiver =
                new StreamReceiver(
                        shared.tables(), shared.receptions(), frame -> answer(context, frame));
        context.read();
    }

    /// On any thread.
    private static void answer(ChannelHandlerContext context, ByteWriter frame) {
        if (!context.channel().isActive()) {
            return; // nobody hears it
        }
        var _ =
                context.writeAndFlush(Unpooled.copiedBuffer(frame.array(), 0, frame.length()))
                        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf frame) {
        byte[] bytes = ByteBufUtil.getBytes(frame);
        synchronized (frames) {
            frames.add(bytes);
            if (working) {
                return;
            }
            working = true;
        }
        shared.workers().execute(() -> work(context));
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        synchronized (frames) {
            if (working) {
                return; // the worker reads on
            }
        }
        context.read();
    }

    /// On a worker.
    private void work(ChannelHandlerContext context) {
        StreamReceiver to = receiver;
        while (to != null) {
            byte[] next;
            synchronized (frames) {
                next = gone ? null : frames.poll();
                if (next == null) {
                    working = false;
                    if (gone) {
                        break;
                    }
                    context.executor().execute(context::read);
                    return;
                }
            }
            try {
                to.onMessage(Frames.of(next));
            } catch (IOException | RuntimeException e) {
                LOG.warn("A stream from {} ends: {}", context.channel().remoteAddress(), e, e);
                synchronized (frames) {
                    frames.clear();
                }
                context.executor()
                        .execute(() -> {
                            var _ = context.close();
                        });
            }
        }
        park();
    }

    /// On a worker, or when none is at work.
    private void park() {
        StreamReceiver of = receiver;
        if (of != null) {
            try {
                of.close();
            } catch (IOException e) {
                LOG.warn("What arrived in part could not be kept", e);
            }
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        synchronized (frames) {
            gone = true;
            if (working) {
                return; // the worker parks
            }
            working = true; // nobody starts any more
        }
        try {
            shared.workers().execute(this::park);
        } catch (RuntimeException e) {
            park(); // the workers have ended
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("A stream breaks off", cause);
        var _ = context.close();
    }
}
