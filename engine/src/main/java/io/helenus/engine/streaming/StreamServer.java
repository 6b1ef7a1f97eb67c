package io.helenus.engine.streaming;

import io.helenus.engine.transport.IoTransport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// Listens where other nodes and tools connect, with one event loop of its own. Started and closed
/// once, by one thread.
public final class StreamServer implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 64;
    private static final long LOOP_END_MILLIS = 5_000;

    private final MultiThreadIoEventLoopGroup group;
    private final Channel listener;
    private final StreamReceptions receptions;

    private StreamServer(
            MultiThreadIoEventLoopGroup group, Channel listener, StreamReceptions receptions) {
        this.group = group;
        this.listener = listener;
        this.receptions = receptions;
    }

    /// What its connections share.
    record Shared(
            StreamTables tables,
            StreamReceptions receptions,
            Executor workers,
            AtomicInteger connections) {}

    /// @param transport how the native protocol's sockets are driven
    /// @param loops makes the thread of the event loop
    /// @param workers write files; there are at least as many as connections of the greatest number
    ///     that are to be served at a time
    /// @throws IOException if the address cannot be listened at
    public static StreamServer start(
            InetSocketAddress address,
            IoTransport transport,
            ThreadFactory loops,
            Executor workers,
            StreamTables tables,
            LongSupplier nanoTime)
            throws IOException {
        IoTransport kind =
                transport.candidates().stream()
                        .filter(IoTransport::isAvailable)
                        .findFirst()
                        .orElse(IoTransport.NIO);
        StreamReceptions receptions = new StreamReceptions(nanoTime);
        Shared shared = new Shared(tables, receptions, workers, new AtomicInteger());
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
                                        accept(channel, shared);
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
        return new StreamServer(group, bound.channel(), receptions);
    }

    private static void accept(Channel channel, Shared shared) {
        boolean tooMany = shared.connections().incrementAndGet() > CONNECTIONS_MAX;
        var _ = channel.closeFuture().addListener(_ -> shared.connections().decrementAndGet());
        if (tooMany) {
            var _ = channel.close();
            return;
        }
        var _ = channel.pipeline().addLast(new HelloDecoder(shared));
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
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
