package io.helenus.tools;

import io.helenus.engine.Helenus;
import io.helenus.engine.config.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A node that is this process's purpose. While it runs, a file in its directory says where it listens,
/// so that a second `quickstart` finds the first. Started by the main thread; closed by it or by the
/// shutdown hook, whoever is first.
final class NodeProcess implements AutoCloseable {
    private static final String LOG_DIRECTORY_PROPERTY = "helenus.logs";
    private static final String LOG_CONFIGURATION_PROPERTY = "logback.configurationFile";
    private static final String STARTED_PROPERTY = "helenus.started";
    private static final String ADDRESS_FILE = "address";
    private static final String ADMIN_ADDRESS_FILE = "admin-address";

    private final Settings settings;
    private final Helenus node;
    private boolean closed; // guarded by this

    private NodeProcess(Settings settings, Helenus node) {
        this.settings = settings;
        this.node = node;
    }

    /// Starts the node; returns when it answers. SIGTERM and SIGINT from then on drain it and end the
    /// process with 0.
    static NodeProcess start(Settings settings, Context context) throws IOException {
        configureLog(settings, context.configuration("logback.xml"));
        NodeProcess process = new NodeProcess(settings, Helenus.start(settings));
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    int exitCode = process.closeAtSignal();
                                    if (exitCode >= 0) {
                                        Runtime.getRuntime().halt(exitCode);
                                    }
                                },
                                "helenus-shutdown"));
        writeAddress(addressFile(settings), process.address());
        writeAddress(adminAddressFile(settings), process.node.adminAddress());
        return process;
    }

    private static void writeAddress(Path file, Optional<InetSocketAddress> address)
            throws IOException {
        if (address.isPresent()) {
            Files.writeString(
                    file,
                    "%s %d\n"
                            .formatted(
                                    reachable(address.get()).getHostAddress(),
                                    address.get().getPort()),
                    StandardCharsets.UTF_8);
        }
    }

    /// Must come before the first use of a logger.
    private static void configureLog(Settings settings, Optional<Path> configuration) {
        System.setProperty(
                LOG_DIRECTORY_PROPERTY, settings.dataDirectory().resolve("logs").toString());
        if (System.getProperty(LOG_CONFIGURATION_PROPERTY) == null && configuration.isPresent()) {
            System.setProperty(LOG_CONFIGURATION_PROPERTY, configuration.get().toString());
        }
    }

    /// Where the node that holds a directory listens, if it said so.
    static Optional<InetSocketAddress> addressOfRunning(Path dataDirectory) {
        try {
            String text =
                    Files.readString(dataDirectory.resolve(ADDRESS_FILE), StandardCharsets.UTF_8);
            List<String> parts = List.of(text.strip().split(" "));
            return Optional.of(
                    new InetSocketAddress(
                            InetAddress.getByName(parts.get(0)), Integer.parseInt(parts.get(1))));
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return Optional.empty(); // it has not come that far, or listens nowhere
        }
    }

    private static Path addressFile(Settings settings) {
        return settings.dataDirectory().resolve(ADDRESS_FILE);
    }

    private static Path adminAddressFile(Settings settings) {
        return settings.dataDirectory().resolve(ADMIN_ADDRESS_FILE);
    }

    /// Where a client on this machine can connect.
    private static InetAddress reachable(InetSocketAddress address) {
        InetAddress bound = address.getAddress();
        return bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound;
    }

    Optional<InetSocketAddress> address() {
        return node.nativeAddress();
    }

    /// The line that says that the node answers.
    String readyLine(Instant now) {
        String address =
                address()
                        .map(bound ->
                                "CQL on %s:%d"
                                        .formatted(
                                                bound.getAddress().getHostAddress(),
                                                bound.getPort()))
                        .orElse("no CQL port");
        return "Helenus is ready: %s, data in %s, started in %.2f s"
                .formatted(
                        address,
                        settings.dataDirectory(),
                        Duration.between(started(now), now).toMillis() / 1e3);
    }

    /// When the launcher called java, or else when this process began.
    private static Instant started(Instant now) {
        String started = System.getProperty(STARTED_PROPERTY, "");
        if (started.matches("\\d{1,12}[.,]\\d{6}")) { // what bash calls EPOCHREALTIME
            String[] parts = started.split("[.,]");
            return Instant.ofEpochSecond(
                    Long.parseLong(parts[0]), Long.parseLong(parts[1]) * 1_000);
        }
        return ProcessHandle.current().info().startInstant().orElse(now);
    }

    /// @return the exit code that the process shall have, -1 if it is ending anyway
    private int closeAtSignal() {
        try {
            return closeOnce() ? Command.DONE : -1;
        } catch (IOException | RuntimeException e) {
            System.err.println("Helenus did not stop cleanly: " + e);
            return Command.FAILED;
        }
    }

    private synchronized boolean closeOnce() throws IOException {
        if (closed) {
            return false;
        }
        closed = true;
        try {
            boolean _ = Files.deleteIfExists(addressFile(settings));
            boolean _ = Files.deleteIfExists(adminAddressFile(settings));
        } finally {
            node.close();
        }
        return true;
    }

    @Override
    public void close() {
        try {
            boolean _ = closeOnce();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
