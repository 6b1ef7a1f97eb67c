package io.helenus.shell;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Connects to servers.
@FunctionalInterface
interface ClientFactory {
    /// @throws CqlException with one line that says what is wrong
    CqlClient connect(Target target);

    /// Where to connect to, and as whom.
    record Target(
            String host,
            int port,
            @Nullable String keyspace,
            @Nullable String username,
            @Nullable String password,
            boolean ssl,
            Duration connectTimeout,
            Duration requestTimeout,
            @Nullable Integer protocolVersion) {
        @Override
        public String toString() {
            return host + ":" + port; // never the password
        }
    }
}
