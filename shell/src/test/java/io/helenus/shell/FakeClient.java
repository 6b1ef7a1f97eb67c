package io.helenus.shell;

import com.datastax.oss.driver.api.core.DefaultProtocolVersion;
import com.datastax.oss.driver.api.core.type.DataType;
import com.datastax.oss.driver.api.core.type.DataTypes;
import com.datastax.oss.driver.api.core.type.codec.TypeCodec;
import com.datastax.oss.driver.api.core.type.codec.registry.CodecRegistry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A server that knows a few statements by heart. USE works; what it does not know gives no rows.
final class FakeClient implements CqlClient {
    /// Answers a statement.
    @FunctionalInterface
    interface Answer {
        Page to(Request request) throws InterruptedException;
    }

    private static final Pattern USE = Pattern.compile("(?i)USE\\s+\"?(\\w+)\"?\\s*;?");

    final List<Request> requests = new ArrayList<>();
    boolean closed;
    private final Map<String, Answer> answers = new LinkedHashMap<>();
    private @Nullable String keyspace;

    FakeClient() {
        on(
                "FROM system.local",
                rows(
                        columns(
                                "system",
                                "local",
                                "cluster_name",
                                "release_version",
                                "cql_version"),
                        List.of("Test Cluster", "5.0.6", "3.4.7")));
    }

    /// A later answer goes before an earlier one.
    FakeClient on(String part, Page page) {
        return on(part, _ -> page);
    }

    FakeClient on(String part, Answer answer) {
        answers.put(part, answer);
        return this;
    }

    FakeClient failOn(String part, String line, String serverMessage) {
        return on(
                part,
                _ -> {
                    throw new CqlException(line, serverMessage, new RuntimeException("test"));
                });
    }

    @Override
    public Page execute(Request request) throws InterruptedException {
        requests.add(request);
        Answer found = null;
        for (Map.Entry<String, Answer> entry : answers.entrySet()) {
            found = request.cql().contains(entry.getKey()) ? entry.getValue() : found;
        }
        if (found != null) {
            return found.to(request);
        }
        Matcher use = USE.matcher(request.cql());
        if (use.matches()) {
            keyspace = use.group(1);
        }
        return nothing();
    }

    List<String> statements() {
        return requests.stream().map(Request::cql).toList();
    }

    @Override
    public @Nullable String keyspace() {
        return keyspace;
    }

    @Override
    public int protocolVersion() {
        return 5;
    }

    @Override
    public void close() {
        closed = true;
    }

    static Page nothing() {
        return new Page(List.of(), List.of(), List.of(), null, true, null);
    }

    /// Columns of type text.
    static List<Column> columns(String keyspace, String table, String... names) {
        return Arrays.stream(names)
                .map(name -> new Column(keyspace, table, name, DataTypes.TEXT))
                .toList();
    }

    static Column column(String name, DataType type) {
        return new Column("ks", "t", name, type);
    }

    static Page rows(List<Column> columns, List<? extends @Nullable Object>... rows) {
        return page(columns, null, List.of(), rows);
    }

    static Page page(
            List<Column> columns,
            @Nullable UUID trace,
            List<String> warnings,
            List<? extends @Nullable Object>... rows) {
        List<List<@Nullable ByteBuffer>> cells = new ArrayList<>();
        for (List<? extends @Nullable Object> row : rows) {
            List<@Nullable ByteBuffer> line = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                Object value = row.get(i);
                TypeCodec<Object> codec = CodecRegistry.DEFAULT.codecFor(columns.get(i).type());
                line.add(value == null ? null : codec.encode(value, DefaultProtocolVersion.V5));
            }
            cells.add(line);
        }
        return new Page(columns, cells, warnings, trace, true, null);
    }

    /// The same page, followed by another one.
    static Page followedBy(Page page, NextPage next) {
        return new Page(
                page.columns(),
                page.rows(),
                page.warnings(),
                page.tracingId(),
                page.schemaInAgreement(),
                next);
    }
}
