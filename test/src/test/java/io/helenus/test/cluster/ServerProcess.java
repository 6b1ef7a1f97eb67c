package io.helenus.test.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// `helenus server` in a process of its own, one of several. It keeps its directory and its ports when
/// it is started again. One thread starts and kills it.
final class ServerProcess implements AutoCloseable {
    static final Duration LIMIT = Duration.ofSeconds(90);
    private static final String READY = "Helenus is ready";
    private static final long POLL_NANOS = 5_000_000;

    final InetSocketAddress client;
    private final Path directory;
    private final List<String> command;
    private int starts;
    private @Nullable Process process;

    /// @param ports those for clients and for nodes, the same at every node
    ServerProcess(Path directory, String address, int[] ports, List<String> seeds)
            throws IOException {
        this.directory = Files.createDirectories(directory);
        client = new InetSocketAddress(InetAddress.ofLiteral(address), ports[0]);
        Path root = Path.of(System.getProperty("helenus.root", ".."));
        command =
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + root.resolve("conf/jvm.options"),
                        "-Xmx256m",
                        "-XX:-UseParallelGC",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Dlogback.configurationFile=" + root.resolve("conf/logback.xml"),
                        "-Dhelenus.logs=" + directory.resolve("logs"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        "io.helenus.tools.Main",
                        "server",
                        "--data",
                        directory.resolve("data").toString(),
                        "--address",
                        address,
                        "--native-port",
                        String.valueOf(ports[0]),
                        "--internode-port",
                        String.valueOf(ports[1]),
                        "--seeds",
                        String.join(",", seeds),
                        "--set",
                        "start_admin=false");
    }

    /// Returns before it is ready.
    void start() throws IOException {
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log(++starts).toFile())
                        .start();
    }

    private Path log(int start) {
        return directory.resolve("server-" + start + ".log");
    }

    void awaitReady() throws IOException {
        Process started = process;
        long begin = System.nanoTime();
        while (started != null && !logged().contains(READY)) {
            boolean late = System.nanoTime() - begin > LIMIT.toNanos();
            if (late || !started.isAlive()) {
                throw new AssertionError(
                        "Node %s is not ready: %s%n%s"
                                .formatted(
                                        client,
                                        late ? "time is up" : "the process has ended",
                                        logged()));
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /// Where its metadata log is.
    Path metadata() {
        return directory.resolve("data").resolve("metadata");
    }

    private String logged() throws IOException {
        return Files.readString(log(starts), StandardCharsets.UTF_8);
    }

    /// What it said in all its lives.
    String allLogged() throws IOException {
        List<String> all = new ArrayList<>();
        for (int i = 1; i <= starts; i++) {
            all.add("---- %s, start %d%n%s".formatted(client, i, Files.readString(log(i))));
        }
        Path logged = directory.resolve("logs").resolve("helenus.log");
        if (Files.exists(logged)) {
            all.add(Files.readString(logged));
        }
        return String.join("\n", all);
    }

    /// SIGKILL; returns when it is dead.
    void kill() throws InterruptedException {
        Process running = process;
        if (running != null && !running.destroyForcibly().waitFor(LIMIT)) {
            throw new AssertionError("Node " + client + " cannot be killed");
        }
    }

    @Override
    public void close() {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
        }
    }
}
