package io.helenus.engine.transport;

import io.helenus.engine.query.RequestHandler;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What the loops of one server share. Everything is immutable or concurrent.
final class Shared {
    final TransportOptions options;
    final RequestHandler handler;
    final Executor readers;
    final @Nullable ClientAuthenticator authenticator;

    final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    final AtomicInteger connectionCount = new AtomicInteger();
    final AtomicLong refusedConnections = new AtomicLong();

    /// Of unanswered requests, and of large ones that are still arriving.
    final AtomicLong inFlightBytes = new AtomicLong();

    final ResultMemory results;

    private final AtomicReference<@Nullable Runnable> onEmpty = new AtomicReference<>();

    Shared(
            TransportOptions options,
            RequestHandler handler,
            Executor readers,
            @Nullable ClientAuthenticator authenticator) {
        this.options = options;
        results = new ResultMemory(options.resultBytesMax());
        this.handler = handler;
        this.readers = readers;
        this.authenticator = authenticator;
    }

    /// Runs `task` when no connection is left, perhaps at once.
    void whenEmpty(Runnable task) {
        onEmpty.set(task);
        checkEmpty();
    }

    void checkEmpty() {
        Runnable task = onEmpty.get();
        if (task != null && connectionCount.get() == 0) {
            task.run();
        }
    }
}
