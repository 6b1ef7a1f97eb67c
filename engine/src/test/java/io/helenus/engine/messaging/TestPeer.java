package io.helenus.engine.messaging;

import io.helenus.engine.messaging.MessageTransport.DropReason;
import io.helenus.engine.streaming.StreamServer;
import io.helenus.engine.streaming.StreamTables;
import io.helenus.engine.transport.IoTransport;
import io.helenus.gossip.Endpoint;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A node as far as messages are concerned: it listens, and keeps what it hears.
final class TestPeer implements AutoCloseable {
    private static final int WAIT_SECONDS = 20;

    record Received(Endpoint from, Message message, Runnable done) {}

    record Dropped(Endpoint to, Message message, DropReason reason, String text) {}

    final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    final BlockingQueue<Dropped> dropped = new LinkedBlockingQueue<>();
    final AtomicInteger contacts = new AtomicInteger();
    final NettyTransport transport;
    private final StreamServer server;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

    private final class Keeping implements MessageTransport.Receiver {
        private final boolean handling;

        /// @param handling whether messages count as handled at once
        Keeping(boolean handling) {
            this.handling = handling;
        }

        @Override
        public void onMessage(Endpoint from, Message message, Runnable done) {
            received.add(new Received(from, message, done));
            if (handling) {
                done.run();
            }
        }

        @Override
        public void onDropped(Endpoint to, Message message, DropReason reason, String text) {
            dropped.add(new Dropped(to, message, reason, text));
        }
    }

    private static final class NoTables implements StreamTables {
        @Override
        public @Nullable Stored find(String keyspace, String table) {
            return null;
        }

        @Override
        public @Nullable String refusal() {
            return null;
        }

        @Override
        public long roomBytesMin() {
            return 0;
        }
    }

    private TestPeer(String cluster, Endpoint self, MessagingOptions options, IoTransport io)
            throws IOException {
        AtomicReference<@Nullable NettyTransport> accepting = new AtomicReference<>();
        server =
                StreamServer.start(
                        self.socketAddress(),
                        io,
                        Executors.defaultThreadFactory(),
                        Runnable::run,
                        new NoTables(),
                        pipeline -> Objects.requireNonNull(accepting.get()).accept(pipeline),
                        this::later,
                        System::nanoTime);
        transport =
                new NettyTransport(
                        cluster,
                        self,
                        options,
                        server.loops(),
                        server.clientChannel(),
                        System::nanoTime,
                        this::later,
                        new SplittableRandom(1),
                        contacts::incrementAndGet);
        accepting.set(transport);
    }

    private void later(long delayNanos, Runnable action) {
        try {
            var _ = timer.schedule(action, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // it has been closed
        }
    }

    /// Limits and times for tests.
    static MessagingOptions options() {
        return new MessagingOptions(
                1 << 20,
                2 << 20,
                3 << 20,
                256 << 10,
                512 << 10,
                32,
                true,
                Duration.ofSeconds(5),
                Duration.ofMillis(5),
                Duration.ofMillis(100),
                Duration.ofSeconds(30));
    }

    /// An address that nobody listens at.
    static Endpoint free(String ip) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(ip))) {
            return Endpoint.of(ip, socket.getLocalPort());
        }
    }

    static TestPeer start(Endpoint self) throws IOException {
        return start("test", self, options(), IoTransport.AUTO, true);
    }

    static TestPeer start(
            String cluster,
            Endpoint self,
            MessagingOptions options,
            IoTransport io,
            boolean handling)
            throws IOException {
        TestPeer peer = new TestPeer(cluster, self, options, io);
        peer.transport.start(peer.new Keeping(handling));
        return peer;
    }

    /// One that does not want to hear anything yet.
    static TestPeer startDeaf(Endpoint self) throws IOException {
        return new TestPeer("test", self, options(), IoTransport.AUTO);
    }

    void listen() {
        transport.start(new Keeping(true));
    }

    Endpoint self() {
        return transport.self();
    }

    InetSocketAddress address() {
        return server.address();
    }

    Received nextReceived() throws InterruptedException {
        return next(received);
    }

    Dropped nextDropped() throws InterruptedException {
        return next(dropped);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return Objects.requireNonNull(
                queue.poll(WAIT_SECONDS, TimeUnit.SECONDS), "nothing came in time");
    }

    @Override
    public void close() throws IOException {
        transport.close();
        server.close();
        var _ = timer.shutdownNow();
    }
}
