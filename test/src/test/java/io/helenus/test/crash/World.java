package io.helenus.test.crash;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.helenus.test.node.Administration;
import io.helenus.test.node.PatientDriver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What the actors have of one life of the server. Any thread.
final class World implements AutoCloseable {
    private static final int PAGE = 500;

    final CqlSession session;
    final Administration admin;
    private final Map<String, PreparedStatement> prepared = new ConcurrentHashMap<>();
    private volatile boolean killed;

    World(Child child, int connections) throws InterruptedException {
        Child.Served served = child.awaitServing();
        session = connect(served, connections);
        admin = new Administration(served.admin());
    }

    static CqlSession connect(Child.Served served, int connections) {
        return PatientDriver.builder(
                        served.client(),
                        PatientDriver.configuration()
                                .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                                .withInt(
                                        DefaultDriverOption.CONNECTION_POOL_LOCAL_SIZE,
                                        connections))
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
