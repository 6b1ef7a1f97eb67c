package io.helenus.engine.query;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// What a connection remembers between requests. Owned by the connection: its loop alone changes its
/// keyspace, through the `USE` result that the transport applies.
public final class ClientState {
    private @Nullable String keyspace;
    private final String remoteAddress;
    private final AtomicBoolean warnedOfUse = new AtomicBoolean();

    public ClientState(String remoteAddress) {
        this.remoteAddress = remoteAddress;
    }

    /// The keyspace chosen with USE, or null.
    public @Nullable String keyspace() {
        return keyspace;
    }

    public void useKeyspace(String keyspace) {
        this.keyspace = keyspace;
    }

    /// Whether to tell the client that its prepared statements depend on the keyspace in use: true once.
    /// Any thread.
    boolean warnsOfUse() {
        return !warnedOfUse.get() && warnedOfUse.compareAndSet(false, true);
    }

    /// For messages and traces, e.g. `127.0.0.1:51234`.
    public String remoteAddress() {
        return remoteAddress;
    }
}
