package io.helenus.engine.transport;

import io.helenus.engine.query.RequestHandler;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The native protocol server: binds one address, runs the event loops, and ends them. Started and
/// stopped once, by one thread; everything else may be called by any.
public final class NativeServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NativeServer.class);
    private static final long CLOSE_DRAIN_MILLIS = 2_000;
    private static final long LOOP_END_MILLIS = 5_000;

    private final Shared shared;
    private final ThreadFactory threads;
    private volatile List<LoopState> loops = List.of();
    private volatile @Nullable Channel listener;
    private volatile IoTransport transport;
    private @Nullable MultiThreadIoEventLoopGroup group;

    /// `readers` runs requests that may wait; it may refuse a task when it is full. `authenticator`
    /// is null where everybody is let in.
    public NativeServer(
            TransportOptions options,
            ThreadFactory threads,
            Executor readers,
            RequestHandler handler,
            @Nullable ClientAuthenticator authenticator) {
        shared = new Shared(options, handler, readers, authenticator);
        this.threads = threads;
        transport = options.transport();
    }

    /// Listens at `address`; port 0 takes a free one. Returns where it listens.
    public InetSocketAddress start(InetSocketAddress address) throws IOException {
        if (group != null) {
            throw new IllegalStateException("started already");
        }
        Throwable reason = null;
        for (IoTransport candidate : shared.options.transport().candidates()) {
            if (!candidate.isAvailable()) {
                LOG.debug("{} is not available", candidate);
                continue;
            }
            try {
                return start(address, candidate);
            } catch (BindException e) {
                throw e; // another transport would not be let in either
            } catch (IOException | RuntimeException | LinkageError e) {
                LOG.warn("Cannot serve clients with {}", candidate, e);
                reason = e;
            }
        }
        throw new IOException(
                "no event loops of kind " + shared.options.transport() + " on this machine",
                reason);
    }

    private InetSocketAddress start(InetSocketAddress address, IoTransport kind)
            throws IOException {
        TransportOptions options = shared.options;
        MultiThreadIoEventLoopGroup made =
                new MultiThreadIoEventLoopGroup(options.loops(), threads, kind.handlers());
        Map<EventLoop, LoopState> states = new HashMap<>(); // looked up, never iterated
        List<LoopState> list = new ArrayList<>();
        for (EventExecutor executor : made) {
            EventLoop eventLoop = (EventLoop) executor;
            LoopState state = new LoopState(shared, eventLoop);
            states.put(eventLoop, state);
            list.add(state);
        }
        ServerBootstrap bootstrap =
                new ServerBootstrap()
                        .group(made)
                        .channel(kind.serverChannel())
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.TCP_NODELAY, options.nodelay())
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(
                                ChannelOption.WRITE_BUFFER_WATER_MARK,
                                new WriteBufferWaterMark(
                                        options.outboundLowBytes(), options.outboundHighBytes()))
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        LoopState state = states.get(channel.eventLoop());
                                        if (state == null) {
                                            throw new IllegalStateException("a foreign loop");
                                        }
                                        channel.pipeline().addLast(new Connection(state));
                                    }
                                });
        ChannelFuture bound = bootstrap.bind(address).awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            made.shutdownGracefully(0, LOOP_END_MILLIS, TimeUnit.MILLISECONDS)
                    .awaitUninterruptibly();
            if (cause instanceof IOException e) {
                if (kind != IoTransport.NIO && e.getMessage() != null && isAddressError(e)) {
                    BindException refused =
                            new BindException(
                                    "cannot listen on %s:%d: %s"
                                            .formatted(
                                                    address.getAddress().getHostAddress(),
                                                    address.getPort(),
                                                    e.getMessage()));
                    refused.initCause(e);
                    throw refused;
                }
                throw e;
            }
            throw new IOException("cannot listen at " + address, cause);
        }
        group = made;
        loops = List.copyOf(list);
        transport = kind;
        listener = bound.channel();
        LOG.info("Serving clients at {} with {}", bound.channel().localAddress(), kind);
        return address();
    }

    /// Native transports report what the address is refused for in the text alone.
    private static boolean isAddressError(IOException e) {
        String text = String.valueOf(e.getMessage());
        return text.contains("Address already in use")
                || text.contains("assign requested address")
                || text.contains("Permission denied");
    }

    /// Where the server listens.
    public InetSocketAddress address() {
        Channel channel = listener;
        if (channel == null || !(channel.localAddress() instanceof InetSocketAddress bound)) {
            throw new IllegalStateException("not started");
        }
        return bound;
    }

    /// How sockets are driven: what AUTO came to.
    public IoTransport transport() {
        return transport;
    }

    /// Where the node reports what clients may have registered for.
    public EventSink events() {
        return this::publish;
    }

    private void publish(ServerEvent event) {
        for (LoopState loop : loops) {
            try {
                loop.publish(event);
            } catch (RejectedExecutionException e) {
                LOG.debug("{} came after the server's end", event, e);
            }
        }
    }

    /// The clients connected now, in no particular order.
    public List<ClientInfo> clients() {
        List<ClientInfo> infos = new ArrayList<>();
        shared.connections.forEach(connection -> infos.add(connection.info()));
        return infos;
    }

    public TransportMetrics metrics() {
        long requests = 0;
        long errors = 0;
        long deferred = 0;
        long pauses = 0;
        long received = 0;
        long sent = 0;
        for (LoopState loop : loops) {
            LoopCounters counters = loop.counters;
            requests += counters.requests();
            errors += counters.errors();
            deferred += counters.deferredRequests();
            pauses += counters.pauses();
            received += counters.receivedBytes();
            sent += counters.sentBytes();
        }
        return new TransportMetrics(
                shared.connectionCount.get(),
                requests,
                errors,
                deferred,
                shared.inFlightBytes.get(),
                pauses,
                received,
                sent,
                shared.refusedConnections.get(),
                shared.results.bytes());
    }

    /// Accepts nobody any more, reads no more requests, answers those that run, and ends. Waits for
    /// them up to `drainMillis`, then closes what is left. Idempotent.
    public void stop(long drainMillis) throws InterruptedException {
        Channel listening = listener;
        MultiThreadIoEventLoopGroup running = group;
        if (listening == null || running == null) {
            return;
        }
        listening.close().await();
        CountDownLatch drained = new CountDownLatch(1);
        shared.whenEmpty(drained::countDown);
        shared.connections.forEach(connection -> connection.onLoop(connection::drain));
        if (!drained.await(drainMillis, TimeUnit.MILLISECONDS)) {
            LOG.warn("{} clients are cut off", shared.connectionCount.get());
        }
        shared.connections.forEach(Connection::close);
        running.shutdownGracefully(0, LOOP_END_MILLIS, TimeUnit.MILLISECONDS).await();
    }

    @Override
    public void close() {
        try {
            stop(CLOSE_DRAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
