package io.helenus.shell;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a shell shall do, checked. Start from [#of] and change what differs.
///
/// @param keyspace used from the start, its exact name
/// @param password null asks for it when there is a user name
/// @param certificates whom to trust with `ssl`, null for the JVM's default
/// @param execute statements to run instead of reading any
/// @param file statements to run instead of reading standard input
/// @param color null decides by the terminal
/// @param forceTerminal shows prompts although the input is no terminal
/// @param protocolVersion null negotiates
/// @param debug prints where an error came from, too
public record ShellOptions(
        String host,
        int port,
        @Nullable String keyspace,
        @Nullable String username,
        @Nullable String password,
        boolean ssl,
        @Nullable Path certificates,
        @Nullable String execute,
        @Nullable Path file,
        Duration connectTimeout,
        Duration requestTimeout,
        @Nullable Boolean color,
        boolean forceTerminal,
        Charset encoding,
        @Nullable Integer protocolVersion,
        boolean debug) {
    public static final String DEFAULT_HOST = "127.0.0.1";
    public static final int DEFAULT_PORT = 9042;
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
    public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(10);
    static final int PROTOCOL_VERSION_MIN = 3;
    static final int PROTOCOL_VERSION_MAX = 5;

    /// Thrown for options that contradict each other or are out of range; the text names them.
    public static final class InvalidOptionException extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        public InvalidOptionException(String message) {
            super(message);
        }
    }

    public ShellOptions {
        check(port > 0 && port <= 0xffff, "the port is " + port + ", must be 1 to 65535");
        check(
                !connectTimeout.isNegative() && !connectTimeout.isZero(),
                "--connect-timeout must be at least 1 second");
        check(
                !requestTimeout.isNegative() && !requestTimeout.isZero(),
                "--request-timeout must be at least 1 second");
        check(execute == null || file == null, "-e and -f exclude each other");
        check(password == null || username != null, "-p needs a user name (-u)");
        check(
                protocolVersion == null
                        || (protocolVersion >= PROTOCOL_VERSION_MIN
                                && protocolVersion <= PROTOCOL_VERSION_MAX),
                "--protocol-version is %s, must be %d to %d"
                        .formatted(protocolVersion, PROTOCOL_VERSION_MIN, PROTOCOL_VERSION_MAX));
    }

    /// A shell on a server, with a default for everything else.
    public static ShellOptions of(String host, int port) {
        return new ShellOptions(
                host,
                port,
                null,
                null,
                null,
                false,
                null,
                null,
                null,
                DEFAULT_CONNECT_TIMEOUT,
                DEFAULT_REQUEST_TIMEOUT,
                null,
                false,
                StandardCharsets.UTF_8,
                null,
                false);
    }

    /// The same, but running these statements instead of reading any.
    public ShellOptions withExecute(String cql) {
        return new ShellOptions(
                host,
                port,
                keyspace,
                username,
                password,
                ssl,
                certificates,
                cql,
                null,
                connectTimeout,
                requestTimeout,
                color,
                forceTerminal,
                encoding,
                protocolVersion,
                debug);
    }

    private static void check(boolean valid, String message) {
        if (!valid) {
            throw new InvalidOptionException(message);
        }
    }
}
