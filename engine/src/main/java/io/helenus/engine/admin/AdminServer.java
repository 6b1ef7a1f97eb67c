package io.helenus.engine.admin;

import io.helenus.engine.transport.IoTransport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Listens for administration on one address, with one event loop of its own. Started and closed once,
/// by one thread. Everything that a first request needs is loaded by that request.
public final class AdminServer implements AutoCloseable {
    private static final int CONNECTIONS_MAX = 64;
    private static final long LOOP_END_MILLIS = 5_000;

    /// What its connections share.
    ///
    /// @param routes by path, by method
    record Shared(
            Map<String, Map<String, AdminRoute>> routes,
            Executor workers,
            AtomicInteger connections) {}

    private final MultiThreadIoEventLoopGroup group;
    private final Channel listener;

    private AdminServer(MultiThreadIoEventLoopGroup group, Channel listener) {
        this.group = group;
        this.listener = listener;
    }

    /// @param address port 0 takes a free one
    /// @param transport how the native protocol's sockets are driven: the same classes are loaded
    ///     already
    /// @param loops makes the thread of the event loop
    /// @param workers does what is asked for
    /// @throws IOException if the address cannot be listened at
    public static AdminServer start(
            InetSocketAddress address,
            IoTransport transport,
            ThreadFactory loops,
            Executor workers,
            Collection<AdminRoute> routes)
            throws IOException {
        IoTransport kind = transport.usable();
        Shared shared = new Shared(byMethodAndPath(routes), workers, new AtomicInteger());
        MultiThreadIoEventLoopGroup group =
                new MultiThreadIoEventLoopGroup(1, loops, kind.handlers());
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(group)
                        .channel(kind.serverChannel())
                        .option(ChannelOption.SO_REUSEADDR, true)
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
                    "Cannot listen for administration at %s:%d (admin_address, admin_port): %s"
                            .formatted(
                                    address.getAddress().getHostAddress(),
                                    address.getPort(),
                                    cause.getMessage()),
                    cause);
        }
        return new AdminServer(group, bound.channel());
    }

    private static Map<String, Map<String, AdminRoute>> byMethodAndPath(
            Collection<AdminRoute> routes) {
        Map<String, Map<String, AdminRoute>> byPath = new HashMap<>();
        for (AdminRoute route : routes) {
            AdminRoute before =
                    byPath.computeIfAbsent(route.path(), _ -> new HashMap<>())
                            .put(route.method(), route);
            if (before != null) {
                throw new IllegalArgumentException("Two routes are " + route);
            }
        }
        return byPath;
    }

    private static void accept(Channel channel, Shared shared) {
        if (shared.connections().incrementAndGet() > CONNECTIONS_MAX) {
            var _ = channel.close();
        }
        var _ = channel.closeFuture().addListener(_ -> shared.connections().decrementAndGet());
        AdminConnection.install(channel.pipeline(), shared);
    }

    /// Where it listens.
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.localAddress();
    }

    private static void end(MultiThreadIoEventLoopGroup group) {
        group.shutdownGracefully(0, LOOP_END_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }

    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        end(group);
    }
}
