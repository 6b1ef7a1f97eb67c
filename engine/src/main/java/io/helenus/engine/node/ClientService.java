package io.helenus.engine.node;

import io.helenus.engine.query.RequestHandler;
import io.helenus.engine.transport.NativeServer;
import io.helenus.engine.transport.ServerEvent;
import io.helenus.engine.transport.TransportOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The native protocol's port, which an operator may close and open again. Any thread; starting and
/// stopping take turns.
final class ClientService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ClientService.class);
    private static final long DRAIN_MILLIS = 10_000;

    private final TransportOptions transport;
    private final Executor readers;
    private final RequestHandler requests;
    private InetSocketAddress address; // guarded by this; after a first start with the port it got
    private boolean closed; // guarded by this
    private volatile @Nullable NativeServer server;

    ClientService(
            TransportOptions transport,
            Executor readers,
            RequestHandler requests,
            InetSocketAddress address) {
        this.transport = transport;
        this.readers = readers;
        this.requests = requests;
        this.address = address;
    }

    /// Listens, or goes on doing so.
    synchronized void start() throws IOException {
        if (closed) {
            throw new IOException("The node has been closed");
        }
        if (server != null) {
            return;
        }
        NativeServer started =
                new NativeServer(
                        transport, NodeThreads.factory("helenus-loop"), readers, requests, null);
        address = started.start(address);
        server = started;
        LOG.info("Listening for clients on {} by {}", address, started.transport());
    }

    /// Answers what was asked, and listens no more.
    synchronized void stop() throws InterruptedException {
        NativeServer running = server;
        if (running != null) {
            running.stop(DRAIN_MILLIS);
            server = null;
            LOG.info("No longer listening for clients");
        }
    }

    /// The one that listens now.
    @Nullable NativeServer server() {
        return server;
    }

    void publish(ServerEvent event) {
        NativeServer running = server;
        if (running != null) {
            running.events().publish(event);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
