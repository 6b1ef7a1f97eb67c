package io.helenus.tools.cluster;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which nodes a cluster is to have, and where: addresses in the order of the data centres, racks round
/// robin in each.
///
/// @param nodes without processes, in the order of their addresses
public record ClusterPlan(List<LocalNode> nodes) {
    /// The address of the first node if nobody says.
    public static final String FIRST_ADDRESS = "127.0.0.1";

    static final int RACKS = 3;
    private static final int SEEDS = 3; // so that one that is down leaves others to ask
    private static final int LAST_OCTET = 254;
    private static final Pattern PART =
            Pattern.compile("([A-Za-z0-9_][A-Za-z0-9_.-]*):([0-9]{1,4})");
    private static final Pattern LOOPBACK = Pattern.compile("127(\\.[0-9]{1,3}){3}");

    public ClusterPlan {
        nodes = List.copyOf(nodes);
    }

    /// @param text `DC:COUNT[,DC:COUNT]...`
    /// @param firstAddress an IPv4 loopback address; the other nodes get those that follow
    /// @throws IllegalArgumentException that says what is wrong
    public static ClusterPlan parse(String text, String firstAddress) {
        SequencedMap<String, Integer> counts = counts(text);
        byte[] first = loopback(firstAddress).getAddress();
        int octet = Byte.toUnsignedInt(first[3]);
        int total = counts.values().stream().mapToInt(Integer::intValue).sum();
        if (octet + total - 1 > LAST_OCTET) {
            throw new IllegalArgumentException(
                    "--nodes has %d nodes; from %s on there are addresses for %d"
                            .formatted(total, firstAddress, LAST_OCTET + 1 - octet));
        }
        String network =
                "%d.%d.%d."
                        .formatted(
                                Byte.toUnsignedInt(first[0]),
                                Byte.toUnsignedInt(first[1]),
                                Byte.toUnsignedInt(first[2]));
        List<LocalNode> nodes = new ArrayList<>();
        for (Map.Entry<String, Integer> part : counts.entrySet()) {
            for (int i = 0; i < part.getValue(); i++) {
                String rack = "rack" + (i % RACKS + 1);
                nodes.add(LocalNode.stopped(network + octet++, part.getKey(), rack));
            }
        }
        return new ClusterPlan(nodes);
    }

    private static SequencedMap<String, Integer> counts(String text) {
        SequencedMap<String, Integer> counts = new LinkedHashMap<>();
        for (String part : text.split(",", -1)) {
            Matcher matcher = PART.matcher(part);
            int count = matcher.matches() ? Integer.parseInt(matcher.group(2)) : 0;
            if (count == 0) {
                throw new IllegalArgumentException(
                        "--nodes is '%s': '%s' is not DC:COUNT, such as dc1:3"
                                .formatted(text, part));
            }
            if (counts.putIfAbsent(matcher.group(1), count) != null) {
                throw new IllegalArgumentException(
                        "--nodes is '%s': data centre '%s' is there twice"
                                .formatted(text, matcher.group(1)));
            }
        }
        return counts;
    }

    private static InetAddress loopback(String address) {
        if (LOOPBACK.matcher(address).matches()) {
            try {
                return InetAddress.ofLiteral(address);
            } catch (IllegalArgumentException e) {
                // said below
            }
        }
        throw new IllegalArgumentException(
                "--first-address is '%s', must be an address of this machine alone, such as %s"
                        .formatted(address, FIRST_ADDRESS));
    }

    /// Nodes that know who is in the cluster: the first of each data centre, then the second of each,
    /// up to three.
    List<String> seeds() {
        Map<String, List<String>> byDataCenter = new LinkedHashMap<>();
        for (LocalNode node : nodes) {
            byDataCenter
                    .computeIfAbsent(node.dataCenter(), _ -> new ArrayList<>())
                    .add(node.address());
        }
        List<String> seeds = new ArrayList<>();
        for (int i = 0; seeds.size() < Math.min(SEEDS, nodes.size()); i++) {
            for (List<String> addresses : byDataCenter.values()) {
                if (i < addresses.size() && seeds.size() < SEEDS) {
                    seeds.add(addresses.get(i));
                }
            }
        }
        return List.copyOf(seeds);
    }

    /// As `--nodes` has it.
    String text() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        nodes.forEach(node -> counts.merge(node.dataCenter(), 1, Integer::sum));
        List<String> parts = new ArrayList<>();
        counts.forEach((name, count) -> parts.add(name + ":" + count));
        return String.join(",", parts);
    }

    boolean samePlaces(List<LocalNode> others) {
        return places(nodes).equals(places(others));
    }

    private static List<LocalNode> places(List<LocalNode> nodes) {
        return nodes.stream().map(LocalNode::stopped).toList();
    }
}
