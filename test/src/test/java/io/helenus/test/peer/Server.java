package io.helenus.test.peer;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.DriverException;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.cql.ColumnDefinition;
import com.datastax.oss.driver.api.core.cql.ResultSet;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.datastax.oss.protocol.internal.util.Bytes;
import io.helenus.test.node.PatientDriver;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/// One of the two servers: a session on it, and what its operator can do. One thread.
final class Server implements AutoCloseable {
    private final String name;
    private final CqlSession session;
    private final Upkeep upkeep;

    /// What has to be asked for at the server's side door.
    interface Upkeep extends AutoCloseable {
        void flush(String keyspace, String table) throws IOException;

        /// All files into one.
        void compact(String keyspace, String table) throws IOException;

        @Override
        void close() throws IOException;
    }

    /// What it answered.
    ///
    /// @param rows one line each, with the bytes of all values
    /// @param shown the same for people
    /// @param error the class of the driver's exception, or empty
    record Answer(List<String> rows, List<String> shown, String error) {
        Answer {
            rows = List.copyOf(rows);
            shown = List.copyOf(shown);
        }

        boolean isLike(Answer other) {
            return rows.equals(other.rows) && error.isEmpty() == other.error.isEmpty();
        }

        @Override
        public String toString() {
            return error.isEmpty() ? String.join("\n", shown) : error;
        }
    }

    Server(String name, InetSocketAddress address, Upkeep upkeep) {
        this.name = name;
        this.upkeep = upkeep;
        session =
                PatientDriver.builder(
                                address,
                                PatientDriver.configuration()
                                        .withString(
                                                DefaultDriverOption.LOAD_BALANCING_POLICY_CLASS,
                                                "BasicLoadBalancingPolicy")
                                        .withString(DefaultDriverOption.PROTOCOL_VERSION, "V5")
                                        .withBoolean(
                                                DefaultDriverOption.METADATA_SCHEMA_ENABLED, false)
                                        .withBoolean(
                                                DefaultDriverOption.METADATA_TOKEN_MAP_ENABLED,
                                                false)
                                        .withBoolean(
                                                DefaultDriverOption.REQUEST_LOG_WARNINGS, false))
                        .build();
    }

    String name() {
        return name;
    }

    void define(String cql) {
        session.execute(cql);
    }

    /// @param nowSeconds of the clock that it shall believe in
    Answer execute(String cql, long nowSeconds, int pageRows) {
        SimpleStatement statement =
                SimpleStatement.newInstance(cql)
                        .setNowInSeconds((int) nowSeconds)
                        .setPageSize(pageRows);
        List<String> rows = new ArrayList<>();
        List<String> shown = new ArrayList<>();
        try {
            ResultSet result = session.execute(statement);
            for (Row row : result) {
                StringBuilder line = new StringBuilder();
                for (int i = 0; i < row.size(); i++) {
                    ColumnDefinition column = row.getColumnDefinitions().get(i);
                    line.append(column.getName().asInternal())
                            .append(' ')
                            .append(column.getType())
                            .append(' ')
                            .append(Bytes.toHexString(row.getBytesUnsafe(i)))
                            .append(';');
                }
                rows.add(line.toString());
                shown.add(row.getFormattedContents());
            }
            return new Answer(rows, shown, "");
        } catch (DriverException e) {
            return new Answer(
                    List.of(), List.of(), e.getClass().getSimpleName() + ": " + e.getMessage());
        }
    }

    void flush(String keyspace, String table) throws IOException {
        upkeep.flush(keyspace, table);
    }

    void compact(String keyspace, String table) throws IOException {
        upkeep.flush(keyspace, table);
        upkeep.compact(keyspace, table);
    }

    @Override
    public void close() throws IOException {
        session.close();
        upkeep.close();
    }
}
