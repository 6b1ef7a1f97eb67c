package io.helenus.tools.cluster;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Starts the processes of nodes and waits until the nodes are up. Few start at a time, as each keeps a
/// processor busy meanwhile; but all seeds do, as the first of them waits for the others.
final class NodeStarter {
    private static final long UP_SECONDS = 120;
    private static final long AGREEMENT_SECONDS = 60;
    private static final long END_SECONDS = 10;
    private static final long POLL_MILLIS = 50;
    private static final int TAIL_LINES = 5;

    /// Nine nodes have room in 6 GiB.
    private static final String SMALL = "-Xms16m -Xmx256m";

    private static final String JVM_OPTIONS = "HELENUS_JVM_OPTS";

    private final Path launcher;
    private final Map<String, String> variables;
    private final Path directory;
    private final NodeProcesses processes;
    private final ClusterWatch watch;
    private final PrintStream out;
    private final int parallel = Math.max(2, Runtime.getRuntime().availableProcessors());

    NodeStarter(
            Path launcher,
            Map<String, String> variables,
            Path directory,
            NodeProcesses processes,
            ClusterWatch watch,
            PrintStream out) {
        this.launcher = launcher;
        this.variables = variables;
        this.directory = directory;
        this.processes = processes;
        this.watch = watch;
        this.out = out;
    }

    /// Starts all nodes and waits until each sees all as up. If one fails, those that were started are
    /// ended again.
    void startAll(ClusterFile file) throws ClusterFailure, InterruptedException, IOException {
        List<LocalNode> seeds = file.nodes().stream().filter(node -> isSeed(file, node)).toList();
        List<LocalNode> others = file.nodes().stream().filter(node -> !isSeed(file, node)).toList();
        List<LocalNode> started = new ArrayList<>();
        boolean done = false;
        try {
            ClusterFile now = bringUp(file, seeds, seeds.size(), started);
            now = bringUp(now, others, parallel, started);
            awaitAgreement(now.nodes(), true);
            done = true;
        } finally {
            if (!done) {
                endAgain(started);
            }
        }
    }

    private static boolean isSeed(ClusterFile file, LocalNode node) {
        return file.seeds().contains(node.address());
    }

    /// Starts one node of a cluster and waits until the others see it.
    void startAgain(ClusterFile file, LocalNode node)
            throws ClusterFailure, InterruptedException, IOException {
        List<LocalNode> started = new ArrayList<>();
        ClusterFile now = bringUp(file, List.of(node), 1, started);
        List<LocalNode> running =
                now.nodes().stream()
                        .filter(each -> processes.state(each) == NodeProcesses.State.RUNNING)
                        .toList();
        awaitSeen(running, node);
    }

    private ClusterFile bringUp(
            ClusterFile file, List<LocalNode> nodes, int atOnce, List<LocalNode> started)
            throws ClusterFailure, InterruptedException, IOException {
        record Starting(LocalNode node, long begunNanos) {}
        ClusterFile now = file;
        Deque<LocalNode> waiting = new ArrayDeque<>(nodes);
        List<Starting> starting = new ArrayList<>();
        while (!waiting.isEmpty() || !starting.isEmpty()) {
            while (!waiting.isEmpty() && starting.size() < atOnce) {
                LocalNode running = launch(now, waiting.remove());
                started.add(running);
                starting.add(new Starting(running, System.nanoTime()));
                now = now.with(running);
                now.write(directory);
            }
            for (Iterator<Starting> each = starting.iterator(); each.hasNext(); ) {
                Starting one = each.next();
                LocalNode node = one.node();
                if (watch.view(node).isPresent()) {
                    out.println(
                            "%s (%s, %s) is up, pid %d"
                                    .formatted(
                                            node.address(),
                                            node.dataCenter(),
                                            node.rack(),
                                            node.pid()));
                    each.remove();
                } else if (!processes.isRunning(node)) {
                    throw new ClusterFailure(
                            "%s did not start: %s; see %s"
                                    .formatted(node.address(), lastWords(node), log(node)));
                } else if (System.nanoTime() - one.begunNanos()
                        > TimeUnit.SECONDS.toNanos(UP_SECONDS)) {
                    throw new ClusterFailure(
                            "%s (pid %d) did not come up within %d s; see %s"
                                    .formatted(node.address(), node.pid(), UP_SECONDS, log(node)));
                }
            }
            if (!starting.isEmpty()) {
                Thread.sleep(POLL_MILLIS);
            }
        }
        return now;
    }

    private LocalNode launch(ClusterFile file, LocalNode node) throws IOException {
        Path home = processes.directoryOf(node);
        Path _ = Files.createDirectories(home.resolve("logs"));
        List<String> command =
                new ArrayList<>(
                        List.of(
                                launcher.toString(),
                                "server",
                                "--data",
                                home.toString(),
                                "--address",
                                node.address(),
                                "--native-port",
                                Integer.toString(Ports.NATIVE),
                                "--internode-port",
                                Integer.toString(Ports.INTERNODE),
                                "--seeds",
                                String.join(",", file.seeds()),
                                "--dc",
                                node.dataCenter(),
                                "--rack",
                                node.rack()));
        for (Map.Entry<String, String> own : ownSettings(node, home).entrySet()) {
            command.add("--set");
            command.add(own.getKey() + "=" + own.getValue());
        }
        for (String setting : file.settings()) {
            command.add("--set");
            command.add(setting);
        }
        String asked = variables.getOrDefault(JVM_OPTIONS, "");
        return processes.start(
                node,
                command,
                Map.of(
                        JVM_OPTIONS,
                        (SMALL + " " + asked).strip(),
                        "HELENUS_BUILDING", // this command was built just now
                        "1"),
                console(node));
    }

    /// What a settings file that all nodes read must not decide.
    private static Map<String, String> ownSettings(LocalNode node, Path home) {
        return Map.of(
                "start_native_transport",
                "true",
                "start_admin",
                "true",
                "endpoint_snitch",
                "GossipingPropertyFileSnitch",
                "admin_address",
                node.address(),
                "admin_port",
                Integer.toString(Ports.ADMIN),
                "commitlog_directory",
                home.resolve("commitlog").toString());
    }

    private Path console(LocalNode node) {
        return processes.directoryOf(node).resolve("logs").resolve("console.log");
    }

    /// Where to read more about a node.
    Path log(LocalNode node) {
        return processes.directoryOf(node).resolve("logs").resolve("helenus.log");
    }

    private String lastWords(LocalNode node) {
        try {
            List<String> lines = Files.readAllLines(console(node), StandardCharsets.UTF_8);
            List<String> last = lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
            return last.isEmpty()
                    ? "it ended without a word"
                    : String.join(System.lineSeparator() + "  ", last);
        } catch (IOException e) {
            return "what it printed cannot be read: " + e.getMessage();
        }
    }

    private void awaitAgreement(List<LocalNode> nodes, boolean whole)
            throws ClusterFailure, InterruptedException {
        long begun = System.nanoTime();
        Optional<String> why = watch.disagreement(nodes, whole);
        while (why.isPresent()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(AGREEMENT_SECONDS)) {
                throw new ClusterFailure(
                        "All nodes are up, but they did not agree on that within %d s: %s; their logs are %s"
                                .formatted(
                                        AGREEMENT_SECONDS,
                                        why.get(),
                                        directory.resolve("*/logs/helenus.log")));
            }
            Thread.sleep(POLL_MILLIS);
            why = watch.disagreement(nodes, whole);
        }
    }

    /// Other nodes may be down: only what is thought of this one counts, and its own answer.
    private void awaitSeen(List<LocalNode> running, LocalNode node)
            throws ClusterFailure, InterruptedException {
        long begun = System.nanoTime();
        Optional<String> why = unseen(running, node);
        while (why.isPresent()) {
            if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(AGREEMENT_SECONDS)) {
                throw new ClusterFailure(
                        "%s is up, but after %d s %s; see %s"
                                .formatted(
                                        node.address(), AGREEMENT_SECONDS, why.get(), log(node)));
            }
            Thread.sleep(POLL_MILLIS);
            why = unseen(running, node);
        }
    }

    private Optional<String> unseen(List<LocalNode> running, LocalNode node) {
        for (LocalNode from : running) {
            Optional<String> why = watch.disagreement(List.of(from, node), false);
            if (why.isPresent()) {
                return why;
            }
        }
        return Optional.empty();
    }

    private void endAgain(List<LocalNode> started) throws InterruptedException {
        boolean _ = Thread.interrupted(); // they must not be left alone
        for (LocalNode node : started) {
            processes.terminate(node);
        }
        for (LocalNode node : started) {
            if (!processes.awaitEnd(node, END_SECONDS)) {
                processes.kill(node);
            }
        }
    }
}
