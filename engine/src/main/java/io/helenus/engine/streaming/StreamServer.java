package io.helenus.engine.streaming;

import io.helenus.engine.messaging.LogLimiter;
import io.helenus.engine.messaging.Timer;
import io.helenus.engine.transport.IoTransport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Listens where other nodes and tools connect, with one event loop of its own. Started and closed
/// once, by one thread.
public final class StreamServer implements AutoCloseable {
    private static final long LOOP_END_MILLIS = 5_000;

    private final IoTransport kind;
    private final MultiThreadIoEventLoopGroup group;
    private final Channel listener;
    private final StreamReceptions receptions;

    private StreamServer(
            IoTransport kind,
            MultiThreadIoEventLoopGroup group,
            Channel listener,
            StreamReceptions receptions) {
        this.kind = kind;
        this.group = group;
        this.listener = listener;
        this.receptions = receptions;
    }

    /// What its connections share.
    ///
    /// @param messages takes connections that are for messages
    /// @param greeting connections that have not said what they want
    /// @param streaming connections that stream
    record Shared(
            StreamTables tables,
            StreamReceptions receptions,
            Executor workers,
            Consumer<ChannelPipeline> messages,
            Timer timer,
            LogLimiter limiter,
            AtomicInteger greeting,
            AtomicInteger streaming) {}

    /// @param transport how the native protocol's sockets are driven
    /// @param loops makes the thread of the event loop
    /// @param workers write files; there are at least as many as connections of the greatest number
    ///     that are to be served at a time
    /// @param messages takes over connections that say [Hello#MESSAGES], on their event loop
    /// @throws IOException if the address cannot be listened at
    public static StreamServer start(
            InetSocketAddress address,
            IoTransport transport,
            ThreadFactory loops,
            Executor workers,
            StreamTables tables,
            Consumer<ChannelPipeline> messages,
            Timer timer,
            LongSupplier nanoTime)
            throws IOException {
        IoTransport kind = transport.usable();
        StreamReceptions receptions = new StreamReceptions(nanoTime);
        Shared shared =
                new Shared(
                        tables,
                        receptions,
                        workers,
                        messages,
                        timer,
                        new LogLimiter(nanoTime),
                        new AtomicInteger(),
                        new AtomicInteger());
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, loops, kind.handlers());
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(group)
                        .channel(kind.serverChannel())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.AUTO_READ, false)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        var _ =
                                                channel.pipeline()
                                                        .addLast(new HelloDecoder(shared));
                                    }
                                });
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            end(group);
            throw new IOException(
                    "Cannot listen for other nodes at %s:%d (listen_address, storage_port): %s"
                            .formatted(
                                    address.getAddress().getHostAddress(),
                                    address.getPort(),
                                    cause.getMessage()),
                    cause);
        }
        return new StreamServer(kind, group, bound.channel(), receptions);
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    /// Runs its connections, and may run others until it is closed.
    public EventLoopGroup loops() {
        return group;
    }

    /// The kind of sockets that fits the loops.
    public Class<? extends Channel> clientChannel() {
        return kind.clientChannel();
    }

    private static void end(MultiThreadIoEventLoopGroup group) {
        group.shutdownGracefully(0, LOOP_END_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    /// Closes all connections. Files that have not arrived as a whole are deleted.
    @Override
    public void close() throws IOException {
        listener.close().awaitUninterruptibly();
        end(group);
        receptions.close();
    }
}
