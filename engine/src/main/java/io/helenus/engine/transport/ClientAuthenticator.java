package io.helenus.engine.transport;

import io.helenus.engine.query.ClientState;
import org.jspecify.annotations.Nullable;

/// Asks clients who they are, by SASL. A server without one lets everybody in.
public interface ClientAuthenticator {
    /// Sent in AUTHENTICATE; drivers choose their mechanism by it, so it is Cassandra's class name,
    /// such as `org.apache.cassandra.auth.PasswordAuthenticator`.
    String className();

    /// Begins a conversation. On success it notes in `client` who that is.
    Conversation begin(ClientState client);

    /// One client's answers, one at a time and each on a thread that may wait.
    interface Conversation {
        /// The next challenge, or null if the client is who it says. Throws a
        /// [io.helenus.engine.error.CqlException] with BAD_CREDENTIALS if it is not.
        byte @Nullable [] evaluate(byte @Nullable [] answer);
    }
}
