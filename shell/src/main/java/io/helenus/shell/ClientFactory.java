package io.helenus.shell;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Connects to servers.
@FunctionalInterface
interface ClientFactory {
    /// @throws CqlException with one line that says what is wrong
    CqlClient connect(Target target);

    /// Where to connect to, and as whom.
    ///
    /// @param certificates whom to trust with `ssl`, null for the JVM's default
    record Target(
            String host,
            int port,
            @Nullable String keyspace,
            @Nullable String username,
            @Nullable String password,
            boolean ssl,
            @Nullable Path certificates,
            Duration connectTimeout,
            Duration requestTimeout,
            @Nullable Integer protocolVersion) {
        @Override
        public String toString() {
            return host + ":" + port; // never the password
        }
    }
}
