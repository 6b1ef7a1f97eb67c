package io.helenus.tools;

import io.helenus.engine.config.Machine;
import io.helenus.engine.config.Settings;
import io.helenus.engine.config.SettingsException;
import io.helenus.tools.ArgumentParser.Option;
import io.helenus.tools.ArgumentParser.Parsed;
import io.helenus.tools.cluster.ClusterFailure;
import io.helenus.tools.cluster.ClusterPlan;
import io.helenus.tools.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `helenus cluster`: a cluster of real nodes on this machine.
final class ClusterCommand implements Command {
    private static final Option DATA =
            new Option(
                    "--data",
                    "DIR",
                    "Directory of the cluster (default: the one that was started last, or else"
                            + " ~/.helenus/cluster).");
    private static final Option NODES =
            new Option(
                    "--nodes",
                    "DC:COUNT[,DC:COUNT]...",
                    "Data centres and how many nodes each has, spread over three racks.");
    private static final Option FIRST =
            new Option(
                    "--first-address",
                    "IP",
                    "Address of the first node; the others follow (default: 127.0.0.1).");
    private static final Option SET =
            new Option("--set", "KEY=VALUE", "A setting of all nodes, as in helenus.yaml.", true);
    private static final Option JSON = new Option("--json", "", "Print JSON.");

    /// Settings that differ from node to node, or that commands need to find nodes.
    private static final Set<String> OF_EACH_NODE =
            Set.of(
                    "admin_address",
                    "admin_port",
                    "commitlog_directory",
                    "data_center",
                    "data_file_directories",
                    "endpoint_snitch",
                    "initial_token",
                    "listen_address",
                    "native_transport_port",
                    "rack",
                    "rpc_address",
                    "seeds",
                    "start_admin",
                    "start_native_transport",
                    "storage_port");

    /// What can be done, by its name in lower case.
    private enum Action {
        START("Start a new cluster, or one that was stopped; return when all nodes agree.", false),
        STATUS("Print the nodes and what became of them.", false),
        KILL("End a node's process without a warning (SIGKILL).", true),
        RESTART("Start a node again; one that runs is stopped before.", true),
        PAUSE("Let a node's process stand still (SIGSTOP).", true),
        RESUME("Let a paused node go on.", true),
        STOP("Stop all nodes in order; the data stays.", false);

        private final String summary;
        private final boolean ofNode;

        Action(String summary, boolean ofNode) {
            this.summary = summary;
            this.ofNode = ofNode;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static @Nullable Action of(String text) {
            for (Action action : values()) {
                if (action.text().equals(text)) {
                    return action;
                }
            }
            return null;
        }

        ArgumentParser parser() {
            List<Option> options =
                    switch (this) {
                        case START -> List.of(NODES, DATA, FIRST, SET);
                        case STATUS -> List.of(DATA, JSON);
                        case KILL, RESTART, PAUSE, RESUME, STOP -> List.of(DATA);
                    };
            return new ArgumentParser(
                    "cluster " + text(), summary, options, ofNode ? List.of("ADDRESS") : List.of());
        }
    }

    @Override
    public int run(List<String> arguments, Context context)
            throws UsageException, InterruptedException {
        String called = arguments.isEmpty() ? "" : arguments.getFirst();
        if (called.equals("-h") || called.equals("--help") || called.equals("help")) {
            context.out().print(help());
            return DONE;
        }
        Action action = Action.of(called);
        if (action == null) {
            throw new UsageException(
                    called.isEmpty()
                            ? "start, status, kill, restart, pause, resume or stop is missing"
                            : "there is no 'helenus cluster %s'".formatted(called));
        }
        ArgumentParser parser = action.parser();
        Parsed parsed = parser.parse(arguments.subList(1, arguments.size()));
        if (parsed.help()) {
            context.out().print(parser.help());
            return DONE;
        }
        try {
            run(action, parsed, context);
            return DONE;
        } catch (ClusterFailure e) {
            context.err().println("helenus cluster: " + e.getMessage());
            return FAILED;
        } catch (IOException e) {
            context.err().println("helenus cluster: " + StartFailure.text(e));
            return FAILED;
        }
    }

    private static void run(Action action, Parsed parsed, Context context)
            throws UsageException, ClusterFailure, InterruptedException, IOException {
        String variable = context.variables().get("HOME");
        Path home = variable == null ? Machine.ofProcess().home() : Path.of(variable);
        Path directory = directory(parsed, home);
        LocalCluster cluster =
                new LocalCluster(
                        directory, home, launcher(context), context.variables(), context.out());
        if (action == Action.START) {
            cluster.start(plan(parsed), settings(parsed));
            return;
        }
        String address = action.ofNode ? address(parsed, cluster, directory) : "";
        switch (action) {
            case STATUS -> cluster.status(parsed.has(JSON.name()));
            case KILL -> cluster.kill(address);
            case RESTART -> cluster.restart(address);
            case PAUSE -> cluster.pause(address);
            case RESUME -> cluster.resume(address);
            case STOP -> cluster.stop();
            case START -> throw new IllegalStateException("done above");
        }
    }

    private static Path directory(Parsed parsed, Path home) throws UsageException {
        Optional<String> given = parsed.value(DATA.name());
        try {
            return given.map(Path::of)
                    .or(() -> LocalCluster.last(home))
                    .orElse(home.resolve(".helenus").resolve("cluster"))
                    .toAbsolutePath()
                    .normalize();
        } catch (InvalidPathException e) {
            throw new UsageException("--data: " + e.getMessage());
        }
    }

    /// Without one there is nothing to start, but everything else can be done.
    private static Path launcher(Context context) {
        return context.home()
                .orElse(Path.of(""))
                .resolve("tools")
                .resolve("bin")
                .resolve("helenus");
    }

    private static @Nullable ClusterPlan plan(Parsed parsed) throws UsageException {
        Optional<String> nodes = parsed.value(NODES.name());
        Optional<String> first = parsed.value(FIRST.name());
        if (nodes.isEmpty()) {
            if (first.isPresent()) {
                throw new UsageException("--first-address needs --nodes");
            }
            return null;
        }
        try {
            return ClusterPlan.parse(nodes.get(), first.orElse(ClusterPlan.FIRST_ADDRESS));
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    private static List<String> settings(Parsed parsed) throws UsageException {
        List<String> given = parsed.values(SET.name());
        Machine machine = Machine.ofProcess();
        Settings.Builder check = // how much memory the nodes have is their own affair
                Settings.builder(
                        new Machine(Long.MAX_VALUE / 2, machine.processors(), machine.home()));
        for (String setting : given) {
            String name = setting.substring(0, Math.max(0, setting.indexOf('='))).strip();
            if (OF_EACH_NODE.contains(name)) {
                throw new UsageException(
                        "--set %s: each node of the cluster has its own".formatted(name));
            }
            check.assignment(setting);
        }
        try {
            Settings _ = check.build();
        } catch (SettingsException e) {
            throw new UsageException("--set: " + e.getMessage());
        }
        return given;
    }

    private static String address(Parsed parsed, LocalCluster cluster, Path directory)
            throws UsageException, ClusterFailure {
        String address = parsed.operands().getFirst();
        List<String> known = cluster.addresses();
        if (!known.contains(address)) {
            throw new UsageException(
                    "the cluster in %s has no node %s, but %s"
                            .formatted(directory, address, String.join(", ", known)));
        }
        return address;
    }

    private static String help() {
        StringBuilder text = new StringBuilder(1_000);
        text.append(
                ("Usage: helenus cluster ACTION [ADDRESS] [OPTION]...%n"
                                + "Runs a cluster of real nodes on this machine: on 127.0.0.1, 127.0.0.2,"
                                + " 127.0.0.3 and so on,%nwith CQL on port 9042 of each.%n%nActions:%n")
                        .formatted());
        for (Action action : Action.values()) {
            String syntax = action.text() + (action.ofNode ? " ADDRESS" : "");
            text.append("  %-16s %s%n".formatted(syntax, action.summary));
        }
        return text.append("%n'helenus cluster ACTION --help' tells more.%n".formatted())
                .toString();
    }
}
