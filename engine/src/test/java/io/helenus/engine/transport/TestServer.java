package io.helenus.engine.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A server over a [FakeHandler] at a free port of the loopback address, with two reader threads.
final class TestServer implements AutoCloseable {
    final FakeHandler handler = new FakeHandler();
    final ExecutorService readers;
    final NativeServer server;
    final InetSocketAddress address;

    TestServer() throws IOException {
        this(TransportOptions.defaults());
    }

    TestServer(TransportOptions options) throws IOException {
        this(options, null);
    }

    TestServer(TransportOptions options, @Nullable ClientAuthenticator authenticator)
            throws IOException {
        this(options, authenticator, Executors.newFixedThreadPool(2, named("reader")));
    }

    TestServer(
            TransportOptions options,
            @Nullable ClientAuthenticator authenticator,
            ExecutorService readers)
            throws IOException {
        this.readers = readers;
        server = new NativeServer(options, named("loop"), readers, handler, authenticator);
        address = server.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    TestClient client(int version, String... options) throws IOException {
        return TestClient.ready(address, version, options);
    }

    @Override
    public void close() {
        server.close();
        readers.shutdownNow();
    }
}
