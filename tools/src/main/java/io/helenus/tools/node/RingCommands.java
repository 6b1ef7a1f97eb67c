package io.helenus.tools.node;

import io.helenus.engine.json.Json;
import java.io.PrintWriter;
import java.math.RoundingMode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Commands about the nodes of the cluster, and who has what.
final class RingCommands {
    private static final String UNKNOWN = "?";

    private RingCommands() {}

    private static String load(Json.Members node) {
        return node.get("load_bytes") instanceof Json.Whole(long bytes)
                ? Sizes.text(bytes)
                : UNKNOWN;
    }

    /// @param pattern of a share, as DecimalFormat has it
    private static String owns(Json.Members node, String pattern) {
        if (node.get("owns_percent") instanceof Json.Nothing) {
            return UNKNOWN;
        }
        DecimalFormat format =
                new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
        format.setRoundingMode(RoundingMode.HALF_EVEN);
        return format.format(node.real("owns_percent") / 100);
    }

    private static String capitalized(String text) {
        return text.charAt(0) + text.substring(1).toLowerCase(Locale.ROOT);
    }

    private static void printNote(Json.Members answer, PrintWriter out, String indent) {
        out.println();
        String note = answer.text("note");
        if (!note.isEmpty()) {
            out.println(indent + "Note: " + note);
        }
    }

    /// What `status` and `ring` have in common: they show what nodes own, of one keyspace if asked.
    abstract static class OwnershipAction extends NodeAction {
        @Parameters(
                arity = "0..1",
                paramLabel = "KEYSPACE",
                description = "Whose replicas count for what a node owns.")
        private @Nullable String keyspace;

        @Option(
                names = {"-r", "--resolve-ip"},
                description = "Print names of hosts in place of addresses.")
        private boolean resolve;

        private final String path;

        OwnershipAction(String path) {
            this.path = path;
        }

        @Override
        final Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get(path, keyspace == null ? Map.of() : Map.of("keyspace", keyspace));
        }

        final String name(String address) {
            if (!resolve) {
                return address;
            }
            try {
                return InetAddress.getByName(address).getHostName();
            } catch (UnknownHostException e) {
                return address;
            }
        }
    }

    /// `status`
    @Command(name = "status", description = "Print the nodes of the cluster.")
    static final class Status extends OwnershipAction {
        Status() {
            super("/v1/status");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            List<Json.Members> dataCenters = answer.objects("datacenters");
            TextTable.Widths widths = new TextTable.Widths();
            List<TextTable> tables = new ArrayList<>();
            String owns = answer.bool("owns_effective") ? "Owns (effective)" : "Owns";
            for (Json.Members dataCenter : dataCenters) {
                TextTable table = new TextTable("  ");
                table.row("--", "Address", "Load", "Tokens", owns, "Host ID", "Rack");
                for (Json.Members node : dataCenter.objects("nodes")) {
                    table.row(
                            node.text("status").substring(0, 1) + node.text("state").charAt(0),
                            name(node.text("address")),
                            load(node),
                            node.text("tokens"),
                            owns(node, "##0.0%"),
                            node.text("host_id"),
                            node.text("rack"));
                }
                widths.cover(table);
                tables.add(table);
            }
            for (int i = 0; i < tables.size(); i++) {
                if (i > 0) {
                    out.println();
                }
                String title = "Datacenter: " + dataCenters.get(i).text("name");
                out.println(title);
                out.println("=".repeat(title.length()));
                out.println("Status=Up/Down");
                out.println("|/ State=Normal/Leaving/Joining/Moving");
                tables.get(i).print(out, widths);
            }
            printNote(answer, out, "");
        }
    }

    /// `ring`
    @Command(name = "ring", description = "Print the tokens of the ring and who has them.")
    static final class Ring extends OwnershipAction {
        Ring() {
            super("/v1/ring");
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            int width = 0; // as if ports were there
            boolean several = false;
            for (Json.Members dataCenter : answer.objects("datacenters")) {
                for (Json.Members node : dataCenter.objects("nodes")) {
                    width =
                            Math.max(
                                    width,
                                    (node.text("address") + ":" + node.text("port")).length());
                    several |= node.whole("tokens") > 1;
                }
            }
            String format = "%-" + width + "s  %-12s%-7s%-8s%-16s%-20s%-44s%n";
            out.println();
            for (Json.Members dataCenter : answer.objects("datacenters")) {
                print(dataCenter, answer.objects("tokens"), format, out);
            }
            if (several) {
                out.println(
                        "  Warning: \"nodetool ring\" is used to output all the tokens of a node.");
                out.println(
                        "  To view status related info of a node use \"nodetool status\" instead.");
                out.println();
            }
            printNote(answer, out, "  ");
        }

        private void print(
                Json.Members dataCenter,
                List<Json.Members> allTokens,
                String format,
                PrintWriter out) {
            Map<String, Json.Members> nodes = new HashMap<>(); // asked, never iterated
            dataCenter.objects("nodes").forEach(node -> nodes.put(node.text("address"), node));
            List<Json.Members> tokens =
                    allTokens.stream()
                            .filter(token -> nodes.containsKey(token.text("address")))
                            .toList();
            out.println("Datacenter: " + dataCenter.text("name"));
            out.println("==========");
            out.printf(
                    Locale.ROOT,
                    format,
                    "Address",
                    "Rack",
                    "Status",
                    "State",
                    "Load",
                    "Owns",
                    "Token");
            if (tokens.size() > 1) {
                out.printf(
                        Locale.ROOT,
                        format,
                        "",
                        "",
                        "",
                        "",
                        "",
                        "",
                        tokens.getLast().text("token"));
            } else {
                out.println();
            }
            for (Json.Members token : tokens) {
                Json.Members node = nodes.get(token.text("address"));
                if (node != null) {
                    out.printf(
                            Locale.ROOT,
                            format,
                            name(node.text("address")),
                            node.text("rack"),
                            capitalized(node.text("status")),
                            capitalized(node.text("state")),
                            load(node),
                            owns(node, "##0.00%"),
                            token.text("token"));
                }
            }
            out.println();
        }
    }

    /// `describecluster`
    @Command(
            name = "describecluster",
            description = "Print name, versions and counts of the cluster.")
    static final class DescribeCluster extends NodeAction {
        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get("/v1/cluster");
        }

        @Override
        void print(Json.Members cluster, PrintWriter out) {
            out.println("Cluster Information:");
            out.println("\tName: " + cluster.text("name"));
            out.println("\tSnitch: " + cluster.text("snitch"));
            out.println(
                    "\tDynamicEndPointSnitch: "
                            + (cluster.bool("dynamic_snitch") ? "enabled" : "disabled"));
            out.println("\tPartitioner: " + cluster.text("partitioner"));
            out.println("\tSchema versions:");
            for (Json.Members version : cluster.objects("schema_versions")) {
                out.println("\t\t%s: %s".formatted(version.text("version"), nodes(version)));
                out.println();
            }
            out.println("Stats for all nodes:");
            for (String count : List.of("live", "joining", "moving", "leaving", "unreachable")) {
                out.println(
                        "\t%s: %d"
                                .formatted(
                                        capitalized(count.toUpperCase(Locale.ROOT)),
                                        cluster.whole(count)));
            }
            out.println();
            out.println("Data Centers: ");
            for (Json.Members dataCenter : cluster.objects("datacenters")) {
                out.println(
                        "\t%s #Nodes: %d #Down: %d"
                                .formatted(
                                        dataCenter.text("name"),
                                        dataCenter.whole("nodes"),
                                        dataCenter.whole("down")));
            }
            out.println();
            out.println("Database versions:");
            for (Json.Members version : cluster.objects("database_versions")) {
                out.println("\t%s: %s".formatted(version.text("version"), nodes(version)));
                out.println();
            }
            out.println("Keyspaces:");
            for (Json.Members keyspace : cluster.objects("keyspaces")) {
                Json.Members options = keyspace.object("options");
                out.println(
                        "\t%s -> Replication class: %s {%s}"
                                .formatted(
                                        keyspace.text("name"),
                                        keyspace.text("strategy"),
                                        options.values().keySet().stream()
                                                .map(name -> name + "=" + options.text(name))
                                                .collect(Collectors.joining(", "))));
            }
            if (!cluster.text("note").isEmpty()) {
                printNote(cluster, out, "");
            }
        }

        private static String nodes(Json.Members group) {
            return "[" + String.join(", ", group.texts("nodes")) + "]";
        }
    }

    /// `getendpoints`
    @Command(name = "getendpoints", description = "Print the nodes that have a key.")
    static final class GetEndpoints extends NodeAction {
        @Parameters(index = "0", paramLabel = "KEYSPACE", description = "The keyspace.")
        private String keyspace = "";

        @Parameters(index = "1", paramLabel = "TABLE", description = "The table.")
        private String table = "";

        @Parameters(
                index = "2",
                paramLabel = "KEY",
                description =
                        "The partition key; values of several columns are separated by colons.")
        private String key = "";

        @Option(
                names = {"-pp", "--print-port"},
                description = "Print addresses with their ports.")
        private boolean printPort;

        @Override
        Json.Members ask(AdminClient node) throws AdminFailure {
            return node.get(
                    "/v1/endpoints", Map.of("keyspace", keyspace, "table", table, "key", key));
        }

        @Override
        void print(Json.Members answer, PrintWriter out) {
            for (Json.Members endpoint : answer.objects("endpoints")) {
                out.println(
                        endpoint.text("address") + (printPort ? ":" + endpoint.text("port") : ""));
            }
        }
    }
}
