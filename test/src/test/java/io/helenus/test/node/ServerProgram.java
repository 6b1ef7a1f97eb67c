package io.helenus.test.node;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `helenus server` in a process of its own, which keeps its directory and its ports when it is started
/// again; and a session on it, opened when first used. One thread starts, kills and asks it.
public final class ServerProgram implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("Helenus is ready: ");
    private static final int PAGE_ROWS = 5_000;

    private final Path directory;
    private final InetSocketAddress client;
    private final InetSocketAddress storage;
    private final List<String> seeds;
    private final List<Program> lives = new ArrayList<>();
    private @Nullable CqlSession session; // until the server is killed

    /// @param client where clients go
    /// @param storage where nodes and SSTables go
    /// @param seeds its own address among them, or none
    public ServerProgram(
            Path directory, InetSocketAddress client, InetSocketAddress storage, List<String> seeds)
            throws IOException {
        this.directory = Files.createDirectories(directory);
        this.client = client;
        this.storage = storage;
        this.seeds = List.copyOf(seeds);
    }

    /// A cluster of one, on free ports; it has been started and is ready.
    ///
    /// @param settings of `helenus.yaml` for its first life, as `name=value`
    public static ServerProgram startAlone(Path directory, String... settings)
            throws IOException, InterruptedException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        ServerProgram server =
                new ServerProgram(
                        directory, FreePorts.at(loopback), FreePorts.at(loopback), List.of());
        server.start(settings);
        try {
            server.awaitReady();
        } catch (AssertionError | InterruptedException e) {
            server.close();
            throw e;
        }
        return server;
    }

    /// Returns before it is ready.
    ///
    /// @param settings of `helenus.yaml` for this life, as `name=value`
    public void start(String... settings) throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "server",
                                "--data",
                                data().toString(),
                                "--address",
                                client.getAddress().getHostAddress(),
                                "--native-port",
                                String.valueOf(client.getPort()),
                                "--internode-port",
                                String.valueOf(storage.getPort()),
                                "--set",
                                "start_admin=false"));
        if (!seeds.isEmpty()) {
            arguments.addAll(List.of("--seeds", String.join(",", seeds)));
        }
        for (String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        Path conf = JavaCommand.root().resolve("conf").resolve("logback.xml");
        List<String> flags =
                List.of(
                        "-Dlogback.configurationFile=" + conf,
                        "-Dhelenus.logs=" + directory.resolve("logs"));
        lives.add(
                Program.helenus(
                        "server %s, start %d".formatted(client, lives.size() + 1),
                        flags,
                        arguments));
    }

    public void awaitReady() throws InterruptedException {
        var _ = lives.getLast().awaitLine(READY);
    }

    /// Starts it again; it is dead. Returns when it is ready.
    public void restart() throws IOException, InterruptedException {
        start();
        awaitReady();
    }

    /// SIGKILL; returns when it is dead.
    public void kill() throws InterruptedException {
        disconnect();
        lives.getLast().kill();
    }

    /// Where clients go.
    public InetSocketAddress client() {
        return client;
    }

    /// Where nodes and SSTables go.
    public InetSocketAddress storage() {
        return storage;
    }

    /// Its data directory.
    public Path data() {
        return directory.resolve("data");
    }

    /// What it has said in all its lives.
    public String logged() throws IOException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < lives.size(); i++) {
            Program life = lives.get(i);
            all.add("---- %s, start %d%n%s%s".formatted(client, i + 1, life.out(), life.err()));
        }
        Path log = directory.resolve("logs").resolve("helenus.log");
        if (Files.exists(log)) {
            all.add(Files.readString(log, StandardCharsets.UTF_8));
        }
        return String.join("\n", all);
    }

    public void execute(String... statements) {
        for (String statement : statements) {
            var _ = session().execute(statement);
        }
    }

    /// All rows, page by page.
    public void scan(String query, Consumer<Row> rows) {
        session().execute(SimpleStatement.newInstance(query).setPageSize(PAGE_ROWS)).forEach(rows);
    }

    /// Names of the files of a table.
    public List<String> files(String keyspace, String table) throws IOException {
        Path parent = data().resolve("data").resolve(keyspace);
        try (Stream<Path> tables = Files.list(parent)) {
            Path found =
                    tables.filter(path -> name(path).startsWith(table + "-"))
                            .findFirst()
                            .orElseThrow();
            try (Stream<Path> files = Files.list(found)) {
                return files.map(ServerProgram::name).sorted().toList();
            }
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    private CqlSession session() {
        CqlSession open = session;
        if (open == null) {
            open = PatientDriver.open(client);
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

    @Override
    public void close() {
        disconnect();
        lives.forEach(Program::close);
    }
}
