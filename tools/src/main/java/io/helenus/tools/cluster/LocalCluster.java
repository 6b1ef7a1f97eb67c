package io.helenus.tools.cluster;

import io.helenus.engine.json.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The cluster in one directory. Each call is one command; what it did is printed.
public final class LocalCluster {
    /// How long nodes have to end by themselves.
    private static final long END_SECONDS = 30;

    private final Path directory;
    private final Path home;
    private final PrintStream out;
    private final NodeProcesses processes;
    private final ClusterWatch watch = new ClusterWatch(Ports.ADMIN);
    private final NodeStarter starter;

    /// @param directory absolute
    /// @param home the user's, where the directory is remembered
    /// @param launcher `tools/bin/helenus`
    /// @param variables of this process
    public LocalCluster(
            Path directory,
            Path home,
            Path launcher,
            Map<String, String> variables,
            PrintStream out) {
        this.directory = directory;
        this.home = home;
        this.out = out;
        processes = new NodeProcesses(directory, variables);
        starter = new NodeStarter(launcher, variables, directory, processes, watch, out);
    }

    /// Starts all nodes, of a new cluster or of one that was stopped, and waits until they agree.
    ///
    /// @param plan null to start what is there
    /// @param settings `name=value` for all nodes; none to keep what a stopped cluster had
    public void start(@Nullable ClusterPlan plan, List<String> settings)
            throws ClusterFailure, InterruptedException, IOException {
        long begun = System.nanoTime();
        Path _ = Files.createDirectories(directory);
        if (ClusterFile.read(directory).isEmpty() && ClusterFile.isForeign(directory)) {
            throw new ClusterFailure("%s is not empty and holds no cluster".formatted(directory));
        }
        try (ClusterFile.Lock _ = ClusterFile.Lock.take(directory)) {
            ClusterFile file = fileToStart(plan);
            if (!settings.isEmpty()) {
                file = file.withSettings(settings);
            }
            for (LocalNode node : file.nodes()) {
                Ports.requireFree(node);
            }
            file.write(directory);
            remember();
            starter.startAll(file);
            out.println(
                    "The cluster is up: %d nodes, CQL on port %d of each, data in %s, took %.1f s"
                            .formatted(
                                    file.nodes().size(),
                                    Ports.NATIVE,
                                    directory,
                                    (System.nanoTime() - begun)
                                            / (double) TimeUnit.SECONDS.toNanos(1)));
        }
    }

    private ClusterFile fileToStart(@Nullable ClusterPlan plan) throws ClusterFailure {
        ClusterFile found = ClusterFile.read(directory).orElse(null);
        if (found == null) {
            if (plan == null) {
                throw new ClusterFailure(
                        "There is no cluster in %s to start again: --nodes is needed"
                                .formatted(directory));
            }
            return new ClusterFile(plan.nodes(), plan.seeds(), List.of());
        }
        List<String> running =
                found.nodes().stream()
                        .filter(processes::isRunning)
                        .map(LocalNode::address)
                        .toList();
        if (!running.isEmpty()) {
            throw new ClusterFailure(
                    "A cluster runs in %s already: %s (helenus cluster stop ends it)"
                            .formatted(directory, String.join(", ", running)));
        }
        if (plan != null && !plan.samePlaces(found.nodes())) {
            throw new ClusterFailure(
                    ("%s holds a stopped cluster of %s from %s on: start that one again, delete the"
                                    + " directory or choose another one with --data")
                            .formatted(
                                    directory,
                                    found.plan().text(),
                                    found.nodes().getFirst().address()));
        }
        return found;
    }

    private ClusterFile file() throws ClusterFailure {
        return ClusterFile.read(directory)
                .orElseThrow(() -> new ClusterFailure("There is no cluster in " + directory));
    }

    /// Addresses of all nodes.
    public List<String> addresses() throws ClusterFailure {
        return file().nodes().stream().map(LocalNode::address).toList();
    }

    /// Prints nodes, processes and what the nodes think of each other.
    public void status(boolean asJson) throws ClusterFailure {
        ClusterFile file = file();
        Map<String, ClusterWatch.View> views = new LinkedHashMap<>();
        for (LocalNode node : file.nodes()) {
            if (processes.state(node) == NodeProcesses.State.RUNNING) {
                watch.view(node).ifPresent(view -> views.put(node.address(), view));
            }
        }
        if (asJson) {
            List<Json> nodes = new ArrayList<>();
            for (LocalNode node : file.nodes()) {
                nodes.add(json(node, views));
            }
            out.println(
                    Json.object()
                            .put("directory", directory.toString())
                            .putTexts("seeds", file.seeds())
                            .putTexts("settings", file.settings())
                            .put("nodes", new Json.Items(nodes))
                            .prettyText());
            return;
        }
        out.println("Cluster of %s in %s".formatted(file.plan().text(), directory));
        String format = "%-15s  %-12s  %-6s  %-24s  %s%n";
        out.printf(Locale.ROOT, format, "Address", "Data centre", "Rack", "Process", "Seen up by");
        for (LocalNode node : file.nodes()) {
            out.printf(
                    Locale.ROOT,
                    format,
                    node.address(),
                    node.dataCenter(),
                    node.rack(),
                    processText(node),
                    "%d of %d".formatted(seenUpBy(node, views), views.size()));
        }
    }

    private Json json(LocalNode node, Map<String, ClusterWatch.View> views) {
        NodeProcesses.State state = processes.state(node);
        boolean alive = state == NodeProcesses.State.RUNNING || state == NodeProcesses.State.PAUSED;
        return Json.object()
                .put("address", node.address())
                .put("native_port", Ports.NATIVE)
                .put("data_center", node.dataCenter())
                .put("rack", node.rack())
                .put("process", alive ? state.name().toLowerCase(Locale.ROOT) : "stopped")
                .put("pid", alive ? node.pid() : 0)
                .put("seen_up_by", seenUpBy(node, views))
                .put("asked", views.size())
                .put("directory", processes.directoryOf(node).toString());
    }

    private String processText(LocalNode node) {
        return switch (processes.state(node)) {
            case RUNNING -> "running (%d)".formatted(node.pid());
            case PAUSED -> "paused (%d)".formatted(node.pid());
            case GONE -> node.pid() == 0 ? "stopped" : "not running (was %d)".formatted(node.pid());
            case FOREIGN -> "not running (was %d)".formatted(node.pid());
        };
    }

    private static int seenUpBy(LocalNode node, Map<String, ClusterWatch.View> views) {
        int count = 0;
        for (ClusterWatch.View view : views.values()) {
            ClusterWatch.Seen seen = view.nodes().get(node.address());
            count += seen != null && seen.up() ? 1 : 0;
        }
        return count;
    }

    /// Ends a node's process without a warning.
    public void kill(String address) throws ClusterFailure, InterruptedException, IOException {
        change(
                address,
                (file, node) -> {
                    requireRunning(node);
                    processes.kill(node);
                    if (!processes.awaitEnd(node, END_SECONDS)) {
                        throw new ClusterFailure(
                                "%s (pid %d) is still there %d s after SIGKILL"
                                        .formatted(address, node.pid(), END_SECONDS));
                    }
                    file.with(node.stopped()).write(directory);
                    out.println("%s (pid %d) was killed".formatted(address, node.pid()));
                });
    }

    /// Stops a node in order if it runs, and starts it; waits until the others see it up.
    public void restart(String address) throws ClusterFailure, InterruptedException, IOException {
        change(
                address,
                (file, node) -> {
                    if (processes.isRunning(node)) {
                        end(List.of(node));
                    }
                    ClusterFile stopped = file.with(node.stopped());
                    stopped.write(directory);
                    Ports.requireFree(node);
                    starter.startAgain(stopped, node.stopped());
                });
    }

    public void pause(String address) throws ClusterFailure, InterruptedException, IOException {
        change(
                address,
                (_, node) -> {
                    requireRunning(node);
                    if (processes.state(node) == NodeProcesses.State.PAUSED) {
                        throw new ClusterFailure(address + " is paused already");
                    }
                    processes.pause(node);
                    out.println("%s (pid %d) is paused".formatted(address, node.pid()));
                });
    }

    public void resume(String address) throws ClusterFailure, InterruptedException, IOException {
        change(
                address,
                (_, node) -> {
                    requireRunning(node);
                    if (processes.state(node) != NodeProcesses.State.PAUSED) {
                        throw new ClusterFailure(address + " is not paused");
                    }
                    processes.resume(node);
                    out.println("%s (pid %d) goes on".formatted(address, node.pid()));
                });
    }

    /// Ends all nodes in order, and those that do not end, without asking.
    public void stop() throws ClusterFailure, InterruptedException, IOException {
        ClusterFile _ = file();
        try (ClusterFile.Lock _ = ClusterFile.Lock.take(directory)) {
            ClusterFile file = file();
            List<LocalNode> running = file.nodes().stream().filter(processes::isRunning).toList();
            if (running.isEmpty()) {
                throw new ClusterFailure("No node of the cluster in %s runs".formatted(directory));
            }
            end(running);
            for (LocalNode node : file.nodes()) {
                file = file.with(node.stopped());
            }
            file.write(directory);
            out.println(
                    "The cluster is stopped: %d nodes; its data stays in %s"
                            .formatted(running.size(), directory));
        }
    }

    /// SIGTERM for all of them, SIGKILL for those that are left.
    private void end(List<LocalNode> nodes) throws ClusterFailure, InterruptedException {
        for (LocalNode node : nodes) {
            processes.terminate(node);
        }
        long begun = System.nanoTime();
        for (LocalNode node : nodes) {
            long spent = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
            if (processes.awaitEnd(node, Math.max(0, END_SECONDS - spent))) {
                continue;
            }
            processes.kill(node);
            out.println(
                    "%s (pid %d) did not end within %d s of SIGTERM and got SIGKILL; see %s"
                            .formatted(node.address(), node.pid(), END_SECONDS, starter.log(node)));
            if (!processes.awaitEnd(node, END_SECONDS)) {
                throw new ClusterFailure(
                        "%s (pid %d) is still there %d s after SIGKILL"
                                .formatted(node.address(), node.pid(), END_SECONDS));
            }
        }
    }

    /// What is done with one node.
    private interface Change {
        void make(ClusterFile file, LocalNode node)
                throws ClusterFailure, InterruptedException, IOException;
    }

    private void change(String address, Change change)
            throws ClusterFailure, InterruptedException, IOException {
        ClusterFile _ = file();
        try (ClusterFile.Lock _ = ClusterFile.Lock.take(directory)) {
            ClusterFile file = file();
            Optional<LocalNode> node = file.node(address);
            change.make(
                    file,
                    node.orElseThrow(() -> new ClusterFailure("There is no node " + address)));
        }
    }

    private void requireRunning(LocalNode node) throws ClusterFailure {
        switch (processes.state(node)) {
            case RUNNING, PAUSED -> {}
            case GONE -> throw new ClusterFailure(node.address() + " is not running");
            case FOREIGN ->
                    throw new ClusterFailure(
                            "%s is not running: process %d is another program's by now"
                                    .formatted(node.address(), node.pid()));
        }
    }

    /// The directory of the cluster that was started last.
    public static Optional<Path> last(Path home) {
        Path file = pointer(home);
        try {
            return Files.exists(file)
                    ? Optional.of(Path.of(Files.readString(file, StandardCharsets.UTF_8).strip()))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// Spares the next command `--data`.
    private void remember() throws IOException {
        Path file = pointer(home);
        Path _ = Files.createDirectories(file.toAbsolutePath().getParent());
        ClusterFile.replace(file, directory + "\n");
    }

    private static Path pointer(Path home) {
        return home.resolve(".helenus").resolve("cluster-directory");
    }
}
