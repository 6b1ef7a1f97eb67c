package io.helenus.tools.node;

import io.helenus.engine.json.Json;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Commands about the node as a whole.
final class NodeCommands {
    private static final String ANONYMOUS = "anonymous";

    private NodeCommands() {}

    /// `version`
    @Command(name = "version", description = "Print the release that the node stands for.")
    static final class Version extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/version");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            out.println("ReleaseVersion: " + answer.text("release_version"));
        }
    }

    /// `info`
    @Command(name = "info", description = "Print what the node is and uses.")
    static final class Info extends NodeAction {
        @Option(
                names = {"-T", "--tokens"},
                description = "Print all tokens.")
        private boolean tokens;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/info");
        }

        @Override
        void print(Json.Members info, PrintWriter out) {
            line(out, "ID", info.text("id"));
            line(out, "Gossip active", info.text("gossip_active"));
            line(out, "Native Transport active", info.text("native_transport_active"));
            line(out, "Load", Sizes.text(info.whole("load_bytes")));
            line(out, "Uncompressed load", Sizes.text(info.whole("uncompressed_load_bytes")));
            line(out, "Generation No", info.text("generation"));
            line(out, "Uptime (seconds)", info.text("uptime_seconds"));
            line(
                    out,
                    "Heap Memory (MB)",
                    decimals(info.real("heap_used_mib"))
                            + " / "
                            + decimals(info.real("heap_max_mib")));
            line(out, "Off Heap Memory (MB)", decimals(info.real("off_heap_mib")));
            line(out, "Data Center", info.text("data_center"));
            line(out, "Rack", info.text("rack"));
            line(out, "Exceptions", info.text("exceptions"));
            line(out, "Block Cache", cache(info.object("block_cache")));
            line(out, "Percent Repaired", info.real("percent_repaired") + "%");
            List<String> all = info.texts("tokens");
            if (tokens) {
                all.forEach(token -> line(out, "Token", token));
            } else if (all.size() == 1) {
                line(out, "Token", all.getFirst());
            } else {
                line(
                        out,
                        "Token",
                        "(invoke with -T/--tokens to see all %d tokens)".formatted(all.size()));
            }
            line(out, "Bootstrap state", info.text("bootstrap_state"));
            line(out, "Decommissioning", info.text("decommissioning"));
            line(out, "Mode", info.text("mode"));
        }

        private static String decimals(double value) {
            return "%.2f".formatted(value);
        }

        private static String cache(Json.Members cache) {
            long requests = cache.whole("requests");
            double rate = requests == 0 ? Double.NaN : (double) cache.whole("hits") / requests;
            return "entries %d, size %s, capacity %s, %d hits, %d requests, %.3f hit rate"
                    .formatted(
                            cache.whole("entries"),
                            Sizes.text(cache.whole("size_bytes")),
                            Sizes.text(cache.whole("capacity_bytes")),
                            cache.whole("hits"),
                            requests,
                            rate);
        }

        private static void line(PrintWriter out, String name, String value) {
            out.println("%-23s: %s".formatted(name, value));
        }
    }

    /// `gossipinfo`
    @Command(name = "gossipinfo", description = "Print what gossip knows of all nodes.")
    static final class GossipInfo extends NodeAction {
        @Option(
                names = {"-pp", "--print-port"},
                description = "Print addresses with their ports.")
        private boolean printPort;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/gossip");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            for (Json.Members node : answer.objects("nodes")) {
                String port = printPort ? ":" + node.text("port") : "";
                out.println("/" + node.text("address") + port);
                out.println("  generation:" + node.text("generation"));
                out.println("  heartbeat:" + node.text("heartbeat"));
                boolean hasTokens = false;
                for (Json.Members state : node.objects("states")) {
                    hasTokens |= state.text("name").equals("TOKENS");
                    out.println(
                            "  %s:%s:%s"
                                    .formatted(
                                            state.text("name"),
                                            state.text("version"),
                                            state.text("value")));
                }
                if (!hasTokens) {
                    out.println("  TOKENS: not present");
                }
            }
            out.println();
        }
    }

    /// `clientstats`
    @Command(name = "clientstats", description = "Print who is connected.")
    static final class ClientStats extends NodeAction {
        @Option(names = "--all", description = "Print all connections.")
        private boolean all;

        @Option(
                names = "--client-options",
                description = "Print all connections and what they said when they began.")
        private boolean options;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/clients");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            List<Json.Members> clients = answer.objects("clients");
            if ((all || options) && !clients.isEmpty()) {
                connections(clients).print(out);
                out.println();
            }
            out.println("Total connected clients: " + clients.size());
            out.println();
            // Nobody is asked who he is.
            TextTable users = new TextTable(" ").row("User", "Connections");
            if (!clients.isEmpty()) {
                users.row(ANONYMOUS, Integer.toString(clients.size()));
            }
            users.print(out);
        }

        private TextTable connections(List<Json.Members> clients) {
            TextTable table = new TextTable(" ");
            List<String> titles =
                    new ArrayList<>(
                            List.of(
                                    "Address",
                                    "Stage",
                                    "Version",
                                    "User",
                                    "Keyspace",
                                    "Requests",
                                    "Driver-Name",
                                    "Driver-Version"));
            if (options) {
                titles.add("Client-Options");
            }
            table.row(titles.toArray(String[]::new));
            for (Json.Members client : clients) {
                List<String> row =
                        new ArrayList<>(
                                List.of(
                                        client.text("address"),
                                        client.text("stage"),
                                        client.text("protocol_version"),
                                        ANONYMOUS,
                                        client.text("keyspace"),
                                        client.text("requests"),
                                        client.text("driver_name"),
                                        client.text("driver_version")));
                if (options) {
                    row.add(said(client.object("options")));
                }
                table.row(row.toArray(String[]::new));
            }
            return table;
        }

        private static String said(Json.Members options) {
            return options.values().keySet().stream()
                    .map(name -> name + "=" + options.text(name))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
    }

    /// `flush`
    @Command(name = "flush", description = "Write memtables to files.")
    static final class Flush extends NodeAction {
        @Parameters(index = "0", arity = "0..1", paramLabel = "KEYSPACE")
        private @Nullable String keyspace;

        @Parameters(index = "1..*", paramLabel = "TABLE")
        private List<String> tables = List.of();

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/flush", Bodies.tables(keyspace, tables));
        }
    }

    /// `drain`
    @Command(
            name = "drain",
            description = "Stop serving clients, flush everything, take no more writes.")
    static final class Drain extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/drain", Json.object());
        }
    }

    /// `statusbinary`
    @Command(name = "statusbinary", description = "Print whether clients are served.")
    static final class StatusBinary extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/native-transport");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            out.println(answer.bool("running") ? "running" : "not running");
        }
    }

    /// `enablebinary`
    @Command(name = "enablebinary", description = "Listen for clients.")
    static final class EnableBinary extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/native-transport/enable", Json.object());
        }
    }

    /// `disablebinary`
    @Command(name = "disablebinary", description = "Stop listening for clients.")
    static final class DisableBinary extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.post("/v1/native-transport/disable", Json.object());
        }
    }
}
