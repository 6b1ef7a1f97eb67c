package io.helenus.shell;

import com.datastax.oss.driver.api.core.CqlIdentifier;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.config.ProgrammaticDriverConfigLoaderBuilder;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.ColumnDefinition;
import com.datastax.oss.driver.api.core.cql.ExecutionInfo;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.loadbalancing.NodeDistance;
import com.datastax.oss.driver.api.core.metadata.EndPoint;
import com.datastax.oss.driver.api.core.ssl.ProgrammaticSslEngineFactory;
import com.datastax.oss.driver.internal.core.connection.ConstantReconnectionPolicy;
import com.datastax.oss.driver.internal.core.loadbalancing.DcInferringLoadBalancingPolicy;
import com.datastax.oss.driver.internal.core.metadata.DefaultEndPoint;
import com.datastax.oss.driver.internal.core.ssl.DefaultSslEngineFactory;
import com.datastax.oss.driver.internal.core.time.ServerSideTimestampGenerator;
import io.helenus.shell.ClientFactory.Target;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// A server through the Java driver, tuned for one user on one node: no other node is connected to,
/// and neither the schema nor the token map is read, so that the first prompt comes fast. Timestamps
/// are the server's.
final class DriverClient implements CqlClient {
    private static final Duration RECONNECT_DELAY = Duration.ofSeconds(1);

    private final CqlSession session;
    private final Target target;

    private DriverClient(CqlSession session, Target target) {
        this.session = session;
        this.target = target;
    }

    /// A [ClientFactory].
    static CqlClient connect(Target target) {
        InetSocketAddress address = new InetSocketAddress(target.host(), target.port());
        if (address.isUnresolved()) {
            throw new CqlException("Connection error: the host '" + target.host() + "' is unknown");
        }
        EndPoint contact = new DefaultEndPoint(address);
        LeanSessionBuilder builder =
                new LeanSessionBuilder()
                        .withConfigLoader(configuration(target))
                        .addContactEndPoint(contact)
                        .withNodeDistanceEvaluator((node, dc) ->
                                node.getEndPoint().equals(contact) ? null : NodeDistance.IGNORED);
        String username = target.username();
        if (username != null) {
            String password = target.password();
            builder.withAuthCredentials(username, password == null ? "" : password);
        }
        Path certificates = target.certificates();
        if (target.ssl() && certificates != null) {
            builder.withSslEngineFactory(
                    new ProgrammaticSslEngineFactory(
                            TrustedCertificates.context(certificates), null, true));
        }
        String keyspace = target.keyspace();
        if (keyspace != null) {
            builder.withKeyspace(CqlIdentifier.fromInternal(keyspace));
        }
        try {
            return new DriverClient(builder.build(), target);
        } catch (RuntimeException e) {
            throw DriverErrors.connecting(target, e);
        }
    }

    private static DriverConfigLoader configuration(Target target) {
        ProgrammaticDriverConfigLoaderBuilder config =
                DriverConfigLoader.programmaticBuilder()
                        .withDuration(DefaultDriverOption.CONFIG_RELOAD_INTERVAL, Duration.ZERO)
                        .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, target.requestTimeout())
                        .withDuration(
                                DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT,
                                target.connectTimeout())
                        .withDuration(
                                DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT,
                                target.connectTimeout())
                        .withDuration(
                                DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT,
                                target.connectTimeout())
                        .withBoolean(DefaultDriverOption.CONNECTION_WARN_INIT_ERROR, false)
                        .withInt(DefaultDriverOption.REQUEST_PAGE_SIZE, 0)
                        .withBoolean(DefaultDriverOption.REQUEST_WARN_IF_SET_KEYSPACE, false)
                        .withBoolean(DefaultDriverOption.REQUEST_LOG_WARNINGS, false)
                        .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                        .withBoolean(DefaultDriverOption.METADATA_TOKEN_MAP_ENABLED, false)
                        .withClass(
                                DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS,
                                DcInferringLoadBalancingPolicy.class)
                        .withClass(
                                DefaultDriverOption.TIMESTAMP_GENERATOR_CLASS,
                                ServerSideTimestampGenerator.class)
                        .withClass(
                                DefaultDriverOption.RECONNECTION_POLICY_CLASS,
                                ConstantReconnectionPolicy.class)
                        .withDuration(DefaultDriverOption.RECONNECTION_BASE_DELAY, RECONNECT_DELAY)
                        .withInt(DefaultDriverOption.NETTY_IO_SIZE, 1)
                        .withInt(DefaultDriverOption.NETTY_ADMIN_SIZE, 1)
                        .withBoolean(DefaultDriverOption.NETTY_DAEMON, true)
                        // Milliseconds in which tasks of an ending session may still come.
                        .withString(DefaultDriverOption.NETTY_IO_SHUTDOWN_UNIT, "MILLISECONDS")
                        .withString(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_UNIT, "MILLISECONDS")
                        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 50)
                        .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_TIMEOUT, 1000)
                        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 50)
                        .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_TIMEOUT, 1000);
        Integer version = target.protocolVersion();
        if (version != null) {
            config.withString(DefaultDriverOption.PROTOCOL_VERSION, "V" + version);
        }
        if (target.ssl() && target.certificates() == null) {
            // Without a trust store of its own this takes the JVM's default context.
            config.withClass(
                            DefaultDriverOption.SSL_ENGINE_FACTORY_CLASS,
                            DefaultSslEngineFactory.class)
                    .withBoolean(DefaultDriverOption.SSL_HOSTNAME_VALIDATION, true);
        }
        return config.build();
    }

    @Override
    public Page execute(Request request) throws InterruptedException {
        SimpleStatement statement =
                SimpleStatement.newInstance(request.cql())
                        .setConsistencyLevel(request.consistency())
                        .setSerialConsistencyLevel(request.serialConsistency())
                        .setPageSize(request.pageSize())
                        .setTracing(request.tracing());
        return page(await(session.executeAsync(statement)));
    }

    private Page page(AsyncResultSet result) {
        List<Column> columns = new ArrayList<>();
        for (ColumnDefinition definition : result.getColumnDefinitions()) {
            columns.add(
                    new Column(
                            definition.getKeyspace().asInternal(),
                            definition.getTable().asInternal(),
                            definition.getName().asInternal(),
                            definition.getType()));
        }
        List<List<@Nullable ByteBuffer>> rows = new ArrayList<>();
        for (Row row : result.currentPage()) {
            List<@Nullable ByteBuffer> cells = new ArrayList<>(columns.size());
            for (int i = 0; i < columns.size(); i++) {
                cells.add(row.getBytesUnsafe(i));
            }
            rows.add(cells);
        }
        ExecutionInfo info = result.getExecutionInfo();
        return new Page(
                columns,
                rows,
                info.getWarnings(),
                info.getTracingId(),
                info.isSchemaInAgreement(),
                result.hasMorePages() ? () -> page(await(result.fetchNextPage())) : null);
    }

    private AsyncResultSet await(CompletionStage<AsyncResultSet> stage)
            throws InterruptedException {
        CompletableFuture<AsyncResultSet> future = stage.toCompletableFuture();
        try {
            return future.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw DriverErrors.executing(target, cause == null ? e : cause);
        } catch (InterruptedException e) {
            future.cancel(true); // the server goes on, but nobody waits any more
            throw e;
        }
    }

    @Override
    public @Nullable String keyspace() {
        return session.getKeyspace().map(CqlIdentifier::asInternal).orElse(null);
    }

    @Override
    public int protocolVersion() {
        return session.getContext().getProtocolVersion().getCode();
    }

    @Override
    public void close() {
        // Not waited for: its threads are daemons, and the server notices a closed socket.
        session.forceCloseAsync();
    }
}
