package io.helenus.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.DefaultConsistencyLevel;
import com.datastax.oss.driver.api.core.DriverTimeoutException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.auth.AuthenticationException;
import com.datastax.oss.driver.api.core.connection.ConnectionInitException;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.servererrors.AlreadyExistsException;
import com.datastax.oss.driver.api.core.servererrors.DefaultWriteType;
import com.datastax.oss.driver.api.core.servererrors.InvalidConfigurationInQueryException;
import com.datastax.oss.driver.api.core.servererrors.InvalidQueryException;
import com.datastax.oss.driver.api.core.servererrors.ReadTimeoutException;
import com.datastax.oss.driver.api.core.servererrors.SyntaxError;
import com.datastax.oss.driver.api.core.servererrors.UnauthorizedException;
import com.datastax.oss.driver.api.core.servererrors.UnavailableException;
import com.datastax.oss.driver.api.core.servererrors.WriteTimeoutException;
import com.datastax.oss.driver.internal.core.metadata.DefaultEndPoint;
import io.helenus.shell.ClientFactory.Target;
import java.lang.reflect.Proxy;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DriverErrorsTest {
    /// Exceptions only carry it.
    private static final Node NODE =
            (Node)
                    Proxy.newProxyInstance(
                            Node.class.getClassLoader(),
                            new Class<?>[] {Node.class},
                            (_, method, _) -> method.getName().equals("hashCode") ? 1 : "node");

    record Reported(Throwable error, String line) {}

    static Stream<Reported> executing() {
        return Stream.of(
                new Reported(new SyntaxError(NODE, "line 1:7 no"), "SyntaxException: line 1:7 no"),
                new Reported(
                        new InvalidQueryException(NODE, "Keyspace 'x' does not exist"),
                        "InvalidRequest: Error from server: code=2200 [Invalid query]"
                                + " message=\"Keyspace 'x' does not exist\""),
                new Reported(
                        new InvalidConfigurationInQueryException(NODE, "Unknown property 'x'"),
                        "ConfigurationException: Unknown property 'x'"),
                new Reported(
                        new UnauthorizedException(NODE, "no"),
                        "Unauthorized: Error from server: code=2100 [Unauthorized] message=\"no\""),
                new Reported(
                        new AlreadyExistsException(NODE, "ks", "t"),
                        "AlreadyExists: Table 'ks.t' already exists"),
                new Reported(
                        new AlreadyExistsException(NODE, "ks", ""),
                        "AlreadyExists: Keyspace 'ks' already exists"),
                new Reported(
                        new UnavailableException(NODE, DefaultConsistencyLevel.QUORUM, 2, 1),
                        "Unavailable: Error from server: code=1000 [Unavailable exception]"
                                + " message=\"Cannot achieve consistency level QUORUM\""
                                + " info={'consistency': 'QUORUM', 'required_replicas': 2,"
                                + " 'alive_replicas': 1}"),
                new Reported(
                        new ReadTimeoutException(NODE, DefaultConsistencyLevel.ONE, 0, 1, false),
                        "ReadTimeout: Error from server: code=1200 [Coordinator node timed out"
                                + " waiting for replica nodes' responses]"),
                new Reported(
                        new WriteTimeoutException(
                                NODE, DefaultConsistencyLevel.ONE, 0, 1, DefaultWriteType.CAS),
                        "info={'consistency': 'ONE', 'required_responses': 1,"
                                + " 'received_responses': 0, 'write_type': 'CAS'}"),
                new Reported(
                        new DriverTimeoutException("Query timed out after PT8S"),
                        "OperationTimedOut: no answer from 10.0.0.1:9042 within 8 s"
                                + " (--request-timeout)"),
                new Reported(new NoNodeAvailableException(), "NoHostAvailable: lost 10.0.0.1:9042"),
                new Reported(
                        AllNodesFailedException.fromErrors(
                                List.of(Map.entry(NODE, new SyntaxError(NODE, "inside")))),
                        "SyntaxException: inside"));
    }

    @ParameterizedTest
    @MethodSource("executing")
    void aFailedStatementIsReportedAsCqlshDoes(Reported row) {
        assertThat(DriverErrors.executing(target(null), row.error).getMessage()).contains(row.line);
    }

    @ParameterizedTest
    @MethodSource("connecting")
    void aFailedConnectionIsOneLine(Unconnected row) {
        CqlException error = DriverErrors.connecting(row.target, row.error);
        assertThat(error.getMessage()).isEqualTo("Connection error: 10.0.0.1:9042: " + row.line);
    }

    record Unconnected(Target target, Throwable error, String line) {}

    static Stream<Unconnected> connecting() {
        DefaultEndPoint endPoint =
                new DefaultEndPoint(InetSocketAddress.createUnresolved("10.0.0.1", 9042));
        Throwable refused = new ConnectException("Connection refused: /10.0.0.1:9042");
        Throwable initialization =
                new ConnectionInitException("[s0] init query STARTUP: error writing", refused);
        return Stream.of(
                new Unconnected(
                        target(null),
                        AllNodesFailedException.fromErrors(
                                List.of(Map.entry(NODE, initialization))),
                        "Connection refused; is the server running?"),
                new Unconnected(
                        target(null),
                        AllNodesFailedException.fromErrors(
                                List.of(
                                        Map.entry(
                                                NODE,
                                                new AuthenticationException(endPoint, "none")))),
                        "the server asks for a user name and a password (-u, -p)"),
                new Unconnected(
                        target("alice"),
                        new AuthenticationException(
                                endPoint,
                                "Authentication error on node x: server replied with 'wrong"
                                        + " password' to AuthResponse request"),
                        "authentication failed: wrong password"),
                new Unconnected(
                        target(null),
                        new DriverTimeoutException("timed out"),
                        "no answer within 7 s (--connect-timeout)"));
    }

    private static Target target(@Nullable String username) {
        return new Target(
                "10.0.0.1",
                9042,
                null,
                username,
                null,
                false,
                null,
                Duration.ofSeconds(7),
                Duration.ofSeconds(8),
                null);
    }
}
