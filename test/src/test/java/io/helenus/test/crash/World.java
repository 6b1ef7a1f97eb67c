package io.helenus.test.crash;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.helenus.test.node.TestNode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What the actors have of one life of the server. Any thread.
final class World implements AutoCloseable {
    private static final int PAGE = 500;

    final CqlSession session;
    final Admin admin;
    private final Map<String, PreparedStatement> prepared = new ConcurrentHashMap<>();
    private volatile boolean killed;

    World(Child child, int connections) throws java.io.IOException {
        int port = child.awaitPort();
        session = connect(port, connections);
        admin = new Admin(child.marks.adminPort());
    }

    static CqlSession connect(int port, int connections) {
        return CqlSession.builder()
                .addContactPoint(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .withLocalDatacenter(TestNode.DATACENTER)
                .withConfigLoader(
                        DriverConfigLoader.programmaticBuilder()
                                .withDuration(
                                        DefaultDriverOption.CONFIG_RELOAD_INTERVAL, Duration.ZERO)
                                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, Child.LIMIT)
                                .withDuration(
                                        DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT,
                                        Child.LIMIT)
                                .withDuration(
                                        DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, Child.LIMIT)
                                .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                                .withInt(
                                        DefaultDriverOption.CONNECTION_POOL_LOCAL_SIZE, connections)
                                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                                .build())
                .build();
    }

    PreparedStatement prepare(String statement) {
        return prepared.computeIfAbsent(statement, session::prepare);
    }

    void write(String statement, Object... values) {
        session.execute(prepare(statement).bind(values));
    }

    ResultSet read(String statement, Object... values) {
        return session.execute(SimpleStatement.newInstance(statement, values).setPageSize(PAGE));
    }

    /// From now on everything may fail.
    void willBeKilled() {
        killed = true;
    }

    boolean isKilled() {
        return killed;
    }

    @Override
    public void close() {
        session.close();
    }
}
