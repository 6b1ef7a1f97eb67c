package io.helenus.shell;

import com.datastax.oss.driver.api.core.ConsistencyLevel;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One thing to do: a command of the shell, or a statement for the server.
sealed interface Command {
    /// CQL, sent as it is.
    record Statement(String cql) implements Command {}

    /// Answered by the server, but shown in a form of its own.
    ///
    /// @param what the first word after DESCRIBE, in lower case
    record Describe(String cql, String what) implements Command {}

    record Help(List<String> topics) implements Command {
        public Help {
            topics = List.copyOf(topics);
        }
    }

    /// @param level null asks for the current one
    record Consistency(@Nullable ConsistencyLevel level) implements Command {}

    /// @param level null asks for the current one
    record SerialConsistency(@Nullable ConsistencyLevel level) implements Command {}

    /// @param on null asks for the current state
    /// @param pageSize null keeps it
    record Paging(@Nullable Boolean on, @Nullable Integer pageSize) implements Command {}

    /// @param on null asks for the current state
    record Expand(@Nullable Boolean on) implements Command {}

    /// @param on null asks for the current state
    record Tracing(@Nullable Boolean on) implements Command {}

    record ShowVersion() implements Command {}

    record ShowHost() implements Command {}

    record ShowSession(UUID id) implements Command {}

    record Source(String file) implements Command {}

    record CaptureTo(String file) implements Command {}

    record CaptureOff() implements Command {}

    record CaptureState() implements Command {}

    record Clear() implements Command {}

    record Exit() implements Command {}

    /// @param count how many to show from now on, null keeps it
    record History(@Nullable Integer count) implements Command {}

    /// @param password null asks for it
    record Login(String username, @Nullable String password) implements Command {
        @Override
        public String toString() {
            return "Login[username=" + username + "]"; // never the password
        }
    }
}
