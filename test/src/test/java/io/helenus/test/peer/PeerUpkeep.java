package io.helenus.test.peer;

import java.io.IOException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/// A Cassandra, by JMX.
final class PeerUpkeep implements Server.Upkeep {
    private static final String SERVICE = "org.apache.cassandra.db:type=StorageService";
    private static final String STRING = String.class.getName();
    private static final String STRINGS = String[].class.getName();

    private final JMXConnector connector;
    private final MBeanServerConnection connection;

    /// @param address host and port
    @SuppressWarnings("BanJNDI") // of a server that the test itself has started
    PeerUpkeep(String address) throws IOException {
        connector =
                JMXConnectorFactory.connect(
                        new JMXServiceURL("service:jmx:rmi:///jndi/rmi://" + address + "/jmxrmi"));
        connection = connector.getMBeanServerConnection();
    }

    @Override
    public void flush(String keyspace, String table) throws IOException {
        invoke(
                "forceKeyspaceFlush",
                new Object[] {keyspace, new String[] {table}},
                new String[] {STRING, STRINGS});
    }

    @Override
    public void compact(String keyspace, String table) throws IOException {
        invoke(
                "forceKeyspaceCompaction",
                new Object[] {false, keyspace, new String[] {table}},
                new String[] {boolean.class.getName(), STRING, STRINGS});
    }

    private void invoke(String operation, Object[] arguments, String[] types) throws IOException {
        try {
            var _ = connection.invoke(new ObjectName(SERVICE), operation, arguments, types);
        } catch (JMException e) {
            throw new IOException(operation + " failed", e);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
