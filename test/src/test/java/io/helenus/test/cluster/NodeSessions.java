package io.helenus.test.cluster;

import com.datastax.oss.driver.api.core.AllNodesFailedException;
import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.NoNodeAvailableException;
import com.datastax.oss.driver.api.core.NodeUnavailableException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.driver.api.core.metadata.Node;
import io.helenus.test.node.PatientDriver;
import io.helenus.test.node.Program;
import io.helenus.test.node.Waiting;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A session for each of several nodes, which speaks to that node alone, also after it was killed and
/// started again. Any thread.
final class NodeSessions implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final List<InetSocketAddress> addresses;
    private final List<CqlSession> sessions = new ArrayList<>();

    NodeSessions(List<InetSocketAddress> addresses) {
        this.addresses = List.copyOf(addresses);
        addresses.forEach(address -> sessions.add(connect(address)));
    }

    private static CqlSession connect(InetSocketAddress address) {
        return PatientDriver.builder(
                        address,
                        PatientDriver.configuration()
                                .withDuration(
                                        DefaultDriverOption.CONTROL_CONNECTION_AGREEMENT_TIMEOUT,
                                        Program.LIMIT)
                                .withBoolean(DefaultDriverOption.METADATA_SCHEMA_ENABLED, false))
                .build();
    }

    int count() {
        return sessions.size();
    }

    /// Through this node alone; waits until it is there.
    ResultSet execute(int node, String statement) {
        long begin = System.nanoTime();
        while (true) {
            try {
                CqlSession session = sessions.get(node);
                return session.execute(
                        SimpleStatement.newInstance(statement).setNode(known(session, node)));
            } catch (AllNodesFailedException e) {
                if (!isAway(e) || System.nanoTime() - begin > Program.LIMIT.toNanos()) {
                    throw e;
                }
                Waiting.pause(PAUSE);
            }
        }
    }

    /// The statement was not even sent.
    private static boolean isAway(AllNodesFailedException failure) {
        return failure.getAllErrors().values().stream()
                .flatMap(List::stream)
                .allMatch(NodeUnavailableException.class::isInstance);
    }

    private Node known(CqlSession session, int node) {
        return session.getMetadata().getNodes().values().stream()
                .filter(each -> each.getEndPoint().resolve().equals(addresses.get(node)))
                .findFirst()
                .orElseThrow(NoNodeAvailableException::new);
    }

    /// The driver does not refresh what it knows of the schema here, so it has to be asked: once its
    /// control connection is lost during a refresh there is never another one in that session.
    boolean isAgreed(int node) {
        try {
            return sessions.get(node).checkSchemaAgreement();
        } catch (DriverException e) { // the node that it asks was killed
            return false;
        }
    }

    @Override
    public void close() {
        sessions.forEach(CqlSession::close);
    }
}
