package io.helenus.test.bulk;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import io.helenus.test.node.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A node in a process of its own. It keeps its directory and its port for SSTables when it is started
/// again. One test thread.
final class NodeProgram implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Helenus is ready: CQL on [^,]*:(\\d+)");
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int PAGE_ROWS = 5000;

    private final Path directory;
    private final int storagePort;
    private int starts;
    private Program program;
    private int nativePort;
    private @Nullable CqlSession session; // until the node is killed

    NodeProgram(Path directory, String... settings) throws IOException {
        this.directory = Files.createDirectories(directory);
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            storagePort = socket.getLocalPort();
        }
        program = start(settings);
        awaitReady();
    }

    private Program start(String... settings) throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "server",
                                "--data",
                                directory.resolve("data").toString(),
                                "--native-port",
                                "0",
                                "--internode-port",
                                String.valueOf(storagePort),
                                "--set",
                                "start_admin=false"));
        Arrays.stream(settings).forEach(each -> arguments.addAll(List.of("--set", each)));
        return new Program(directory, "node-" + starts++, arguments.toArray(String[]::new));
    }

    private void awaitReady() throws IOException {
        Program started = program;
        started.await("ready", () -> READY.matcher(started.out()).find());
        Matcher ready = READY.matcher(started.out());
        if (!ready.find()) {
            throw new AssertionError(started.out());
        }
        nativePort = Integer.parseInt(ready.group(1));
    }

    void kill() throws InterruptedException {
        disconnect();
        program.kill();
    }

    /// Starts it again; it is dead.
    void restart(String... settings) throws IOException {
        program.close();
        program = start(settings);
        awaitReady();
    }

    /// Where SSTables go.
    InetSocketAddress storage() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), storagePort);
    }

    /// Where clients go.
    InetSocketAddress client() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), nativePort);
    }

    void execute(String... statements) {
        for (String statement : statements) {
            var _ = session().execute(statement);
        }
    }

    void scan(String query, Consumer<Row> rows) {
        session().execute(SimpleStatement.newInstance(query).setPageSize(PAGE_ROWS)).forEach(rows);
    }

    private CqlSession session() {
        CqlSession open = session;
        if (open == null) {
            open = connect();
            session = open;
        }
        return open;
    }

    private void disconnect() {
        CqlSession open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }

    private CqlSession connect() {
        return CqlSession.builder()
                .addContactPoint(client())
                .withLocalDatacenter(TestNode.DATACENTER)
                .withConfigLoader(
                        DriverConfigLoader.programmaticBuilder()
                                .withDuration(
                                        DefaultDriverOption.CONFIG_RELOAD_INTERVAL, Duration.ZERO)
                                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, TIMEOUT)
                                .withDuration(
                                        DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, TIMEOUT)
                                .withDuration(
                                        DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, TIMEOUT)
                                .withInt(DefaultDriverOption.NETTY_IO_SIZE, 1)
                                .withInt(DefaultDriverOption.NETTY_IO_SHUTDOWN_QUIET_PERIOD, 0)
                                .withInt(DefaultDriverOption.NETTY_ADMIN_SHUTDOWN_QUIET_PERIOD, 0)
                                .build())
                .build();
    }

    /// Names of the files of a table.
    List<String> files(String keyspace, String table) throws IOException {
        Path parent = directory.resolve("data").resolve("data").resolve(keyspace);
        try (Stream<Path> tables = Files.list(parent)) {
            Path found =
                    tables.filter(path ->
                                    String.valueOf(path.getFileName()).startsWith(table + "-"))
                            .findFirst()
                            .orElseThrow();
            try (Stream<Path> files = Files.list(found)) {
                return files.map(path -> String.valueOf(path.getFileName())).sorted().toList();
            }
        }
    }

    @Override
    public void close() {
        disconnect();
        program.close();
    }
}
