package io.helenus.shell;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.InvalidKeyspaceException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.UnsupportedProtocolVersionException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.connection.ClosedConnectionException;
import com.datastax.oss.driver.api.core.connection.HeartbeatException;
import com.datastax.oss.driver.api.core.servererrors.AlreadyExistsException;
import com.datastax.oss.driver.api.core.servererrors.BootstrappingException;
import com.datastax.oss.driver.api.core.servererrors.CASWriteUnknownException;
import com.datastax.oss.driver.api.core.servererrors.CDCWriteFailureException;
import com.datastax.oss.driver.api.core.servererrors.FunctionFailureException;
import com.datastax.oss.driver.api.core.servererrors.InvalidConfigurationInQueryException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.OverloadedException;
import com.datastax.oss.driver.api.core.servererrors.ProtocolError;
import com.datastax.oss.driver.api.core.servererrors.QueryConsistencyException;
import com.datastax.oss.driver.api.core.servererrors.ReadFailureException;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.ServerError;
import com.datastax.oss.driver.api.core.servererrors.SyntaxError;
import com.datastax.oss.driver.api.core.servererrors.TruncateException;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import com.datastax.oss.driver.api.core.servererrors.WriteFailureException;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import io.helenus.shell.ClientFactory.Target;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// The driver's exceptions in the words of `cqlsh`.
final class DriverErrors {
    private static final int CAUSES_MAX = 50;
    private static final Pattern REPLY = Pattern.compile("server replied with '(.*)' to ");

    /// What says most about a failed connection, first.
    private static final List<Class<? extends Throwable>> TELLING =
            List.of(
                    AuthenticationException.class,
                    InvalidKeyspaceException.class,
                    UnsupportedProtocolVersionException.class,
                    SSLException.class,
                    SocketException.class,
                    DriverTimeoutException.class);

    private DriverErrors() {}

    /// Why there is no connection: one line.
    static CqlException connecting(Target target, Throwable error) {
        return failure("Connection error: " + target + ": " + reason(target, root(error)), error);
    }

    private static String reason(Target target, Throwable root) {
        String text = text(root);
        return switch (root) {
            case AuthenticationException e -> authentication(target, text(e));
            case InvalidKeyspaceException _ -> "there is no keyspace '" + target.keyspace() + "'";
            case SSLException _ when text.startsWith("not an SSL/TLS record") ->
                    "the server does not speak TLS; leave out --ssl";
            case SSLException _ when text.contains("PKIX") ->
                    "the server's certificate is not trusted ($SSL_CERTFILE)";
            case SSLException _ -> "no TLS connection: " + text;
            case DriverTimeoutException _ ->
                    "no answer within %d s (--connect-timeout)"
                            .formatted(target.connectTimeout().toSeconds());
            case UnsupportedProtocolVersionException _ -> "no protocol version in common: " + text;
            case SocketException _ -> reachable(text);
            case ClosedChannelException _ -> "no connection; is the server running?";
            case ClosedConnectionException _ ->
                    "the server closed the connection"
                            + (target.ssl() ? "" : "; does it ask for TLS (--ssl)?");
            case HeartbeatException _ -> "the server does not answer";
            default -> text;
        };
    }

    /// "Connection refused: /127.0.0.1:9042" without the address, which stands in front already.
    private static String reachable(String text) {
        int at = text.indexOf(": ");
        String why = at < 0 ? text : text.substring(0, at);
        return why.toLowerCase(Locale.ROOT).startsWith("connection timed out")
                ? "no answer within the time limit (--connect-timeout)"
                : why + "; is the server running?";
    }

    private static String authentication(Target target, String text) {
        Matcher reply = REPLY.matcher(text);
        String why = reply.find() ? reply.group(1) : text;
        return target.username() == null
                ? "the server asks for a user name and a password (-u, -p)"
                : "authentication failed: " + why;
    }

    /// Why a statement failed: the name of the error and what the server said.
    static CqlException executing(Target target, Throwable error) {
        String message = text(error);
        String line =
                switch (error) {
                    case SyntaxError _ -> "SyntaxException: " + message;
                    case InvalidConfigurationInQueryException _ ->
                            "ConfigurationException: " + message;
                    case InvalidQueryException _ ->
                            server("InvalidRequest", 0x2200, "Invalid query", message, null);
                    case UnauthorizedException _ ->
                            server("Unauthorized", 0x2100, "Unauthorized", message, null);
                    case AlreadyExistsException _ -> "AlreadyExists: " + alreadyExists(message);
                    case UnavailableException e ->
                            server(
                                    "Unavailable",
                                    0x1000,
                                    "Unavailable exception",
                                    "Cannot achieve consistency level " + e.getConsistencyLevel(),
                                    "'consistency': '%s', 'required_replicas': %d, 'alive_replicas': %d"
                                            .formatted(
                                                    e.getConsistencyLevel(),
                                                    e.getRequired(),
                                                    e.getAlive()));
                    case QueryConsistencyException e -> consistency(e, message);
                    case FunctionFailureException _ ->
                            server(
                                    "FunctionFailure",
                                    0x1400,
                                    "User Defined Function failure",
                                    message,
                                    null);
                    case CDCWriteFailureException _ ->
                            server("CDCWriteFailure", 0x1600, "CDC write failure", message, null);
                    case TruncateException _ ->
                            server("TruncateError", 0x1003, "Error during truncate", message, null);
                    case OverloadedException _ ->
                            server(
                                    "Overloaded",
                                    0x1001,
                                    "Coordinator node overloaded",
                                    message,
                                    null);
                    case BootstrappingException _ ->
                            server(
                                    "IsBootstrapping",
                                    0x1002,
                                    "Coordinator node is bootstrapping",
                                    message,
                                    null);
                    case ServerError _ -> "ServerError: " + message;
                    case ProtocolError _ -> "ProtocolException: " + message;
                    case DriverTimeoutException _ ->
                            "OperationTimedOut: no answer from %s within %d s (--request-timeout)"
                                    .formatted(target, target.requestTimeout().toSeconds());
                    case NoNodeAvailableException _ -> "NoHostAvailable: lost " + target;
                    case AllNodesFailedException e -> {
                        Throwable first = firstError(e);
                        if (first != null) {
                            yield executing(target, first).getMessage();
                        }
                        yield "NoHostAvailable: lost " + target;
                    }
                    case ClosedConnectionException _ -> "NoHostAvailable: lost " + target;
                    case HeartbeatException _ -> "NoHostAvailable: lost " + target;
                    default -> error.getClass().getSimpleName() + ": " + message;
                };
        return new CqlException(line == null ? message : line, message, error);
    }

    /// The driver says "Object ks.t already exists" or "Keyspace ks already exists".
    private static String alreadyExists(String message) {
        return message.replaceFirst("^Object (.*) already exists$", "Table '$1' already exists")
                .replaceFirst("^Keyspace (.*) already exists$", "Keyspace '$1' already exists");
    }

    private static String consistency(QueryConsistencyException error, String message) {
        String info =
                "'consistency': '%s', 'required_responses': %d, 'received_responses': %d"
                        .formatted(
                                error.getConsistencyLevel(),
                                error.getBlockFor(),
                                error.getReceived());
        String timedOut = "Coordinator node timed out waiting for replica nodes' responses";
        return switch (error) {
            case ReadTimeoutException _ -> server("ReadTimeout", 0x1200, timedOut, message, info);
            case WriteTimeoutException e ->
                    server(
                            "WriteTimeout",
                            0x1100,
                            timedOut,
                            message,
                            info + ", 'write_type': '" + e.getWriteType() + "'");
            case ReadFailureException e ->
                    server(
                            "ReadFailure",
                            0x1300,
                            "Replica(s) failed to execute read",
                            message,
                            info + ", 'failures': " + e.getNumFailures());
            case WriteFailureException e ->
                    server(
                            "WriteFailure",
                            0x1500,
                            "Replica(s) failed to execute write",
                            message,
                            info
                                    + ", 'failures': "
                                    + e.getNumFailures()
                                    + ", 'write_type': '"
                                    + e.getWriteType()
                                    + "'");
            case CASWriteUnknownException _ ->
                    server("CasWriteUnknown", 0x1700, "CAS write unknown", message, info);
            default -> error.getClass().getSimpleName() + ": " + message;
        };
    }

    private static String server(
            String name, int code, String summary, String message, @Nullable String info) {
        return String.format(
                Locale.ROOT,
                "%s: Error from server: code=%04x [%s] message=\"%s\"%s",
                name,
                code,
                summary,
                message,
                info == null ? "" : " info={" + info + "}");
    }

    /// Of an error, its causes and what they suppress: the one that says most.
    private static Throwable root(Throwable error) {
        List<Throwable> all = new ArrayList<>();
        collect(error, all);
        for (Class<? extends Throwable> telling : TELLING) {
            for (Throwable candidate : all) {
                if (telling.isInstance(candidate)) {
                    return candidate;
                }
            }
        }
        return all.getLast();
    }

    private static void collect(Throwable error, List<Throwable> all) {
        if (all.size() >= CAUSES_MAX || all.contains(error)) {
            return;
        }
        all.add(error);
        if (error instanceof AllNodesFailedException failed) {
            failed.getAllErrors().values().forEach(e -> e.forEach(each -> collect(each, all)));
        }
        for (Throwable suppressed : error.getSuppressed()) {
            collect(suppressed, all);
        }
        Throwable cause = error.getCause();
        if (cause != null) {
            collect(cause, all);
        }
    }

    private static @Nullable Throwable firstError(AllNodesFailedException error) {
        for (List<Throwable> errors : error.getAllErrors().values()) {
            for (Throwable candidate : errors) {
                return candidate;
            }
        }
        return null;
    }

    private static String text(Throwable error) {
        String message = error.getMessage();
        return message == null ? error.getClass().getSimpleName() : message;
    }

    private static CqlException failure(String line, Throwable cause) {
        return new CqlException(line, text(cause), cause);
    }
}
