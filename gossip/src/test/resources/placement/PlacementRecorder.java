import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.cassandra.config.DatabaseDescriptor;
import org.apache.cassandra.dht.Murmur3Partitioner;
import org.apache.cassandra.dht.Murmur3Partitioner.LongToken;
import org.apache.cassandra.dht.Token;
import org.apache.cassandra.locator.*;

/**
 * Writes what Apache Cassandra's own classes answer for the clusters below. Not part of the build:
 * java -cp 'CASSANDRA/lib/*' PlacementRecorder.java OUTPUT_FOLDER
 */
public class PlacementRecorder {
    static final Map<String, String[]> places = new HashMap<>();
    static final Map<String, Collection<Token>> tokens = new LinkedHashMap<>();
    static Path folder;

    public static void main(String[] args) throws Exception {
        folder = Path.of(args[0]);
        DatabaseDescriptor.clientInitialization();
        DatabaseDescriptor.setPartitionerUnsafe(Murmur3Partitioner.instance);
        DatabaseDescriptor.setEndpointSnitch(new Places());
        // nodes as dc:rack, separated by blanks; tokens of each; strategies; changes
        record("one-rack", 1, 5, "dc1:r1 dc1:r1 dc1:r1 dc1:r1 dc1:r1", 1,
                "simple 1|simple 2|simple 3|simple 5|simple 7|nts dc1=1|nts dc1=3|nts dc1=7|nts dc9=2",
                "join dc1:r1|leave n2|replace n3 dc1:r1|join dc1:r1,join dc1:r1|leave n1,leave n4|join dc1:r1,leave n5|move n2");
        record("one-node", 2, 1, "dc1:r1", 2, "simple 1|simple 3|nts dc1=1|nts dc1=3", "join dc1:r1|join dc1:r2");
        record("smallest-token", 3, 4, "dc1:r1 dc1:r2 dc1:r1 dc1:r2", 1,
                "simple 2|nts dc1=2|nts dc1=3", "join dc1:r2|leave n1|replace n1 dc1:r1");
        record("three-racks", 4, 9, "dc1:a dc1:b dc1:c dc1:a dc1:b dc1:c dc1:a dc1:b dc1:c", 4,
                "simple 3|nts dc1=1|nts dc1=2|nts dc1=3|nts dc1=4|nts dc1=5",
                "join dc1:a|join dc1:d|leave n5|replace n1 dc1:a|join dc1:b,leave n3|replace n2 dc1:c|move n4");
        record("uneven-racks", 5, 7, "dc1:a dc1:a dc1:a dc1:a dc1:b dc1:b dc1:c", 4,
                "simple 3|nts dc1=2|nts dc1=3|nts dc1=5|nts dc1=7",
                "leave n7|join dc1:c|join dc1:b,join dc1:c|leave n5,leave n6");
        record("two-racks-rf3", 6, 6, "dc1:a dc1:a dc1:a dc1:b dc1:b dc1:b", 4,
                "nts dc1=3|nts dc1=4", "join dc1:a|join dc1:c|leave n1|replace n6 dc1:b");
        record("more-racks-than-rf", 7, 6, "dc1:a dc1:b dc1:c dc1:d dc1:e dc1:f", 3,
                "nts dc1=2|nts dc1=3", "join dc1:a|join dc1:g|leave n3");
        record("two-dcs", 8, 7, "east:a west:a east:b west:a east:a west:b east:b", 4,
                "simple 3|nts east=1|nts east=2,west=1|nts east=3,west=3|nts east=5,west=2|nts west=2,north=3",
                "join west:b|join north:a|leave n4|replace n1 east:a|join east:a,join west:a,leave n2");
        record("three-dcs", 9, 9, "d1:a d1:b d1:c d2:a d2:b d2:c d3:a d3:a d3:a", 16,
                "nts d1=3,d2=3,d3=3|nts d1=1,d3=2|simple 3", "join d1:a|leave n9");
    }

    static void record(String name, long seed, int nodes, String where, int tokensEach, String strategies,
            String changes) throws Exception {
        places.clear();
        tokens.clear();
        Random random = new Random(seed);
        try (PrintWriter out = new PrintWriter(
                Files.newBufferedWriter(folder.resolve(name + ".txt"), StandardCharsets.UTF_8))) {
            out.println("# recorded from Apache Cassandra 5.0.6 by PlacementRecorder.java");
            TokenMetadata metadata = new TokenMetadata(new Places());
            String[] each = where.split(" ");
            for (int i = 1; i <= nodes; i++) {
                add(out, "node", "n" + i, each[i - 1], newTokens(random, tokensEach,
                        name.equals("smallest-token") && i == 1));
                metadata.updateNormalTokens(tokens.get("n" + i), address("n" + i));
            }
            for (String strategy : strategies.split("\\|")) {
                out.println("strategy " + strategy);
                AbstractReplicationStrategy replication = strategy(strategy, metadata);
                for (Token token : metadata.sortedTokens()) {
                    List<String> names = new ArrayList<>();
                    replication.calculateNaturalReplicas(token, metadata)
                            .forEach(replica -> names.add(name(replica.endpoint())));
                    out.println("  " + token + " " + String.join(" ", names));
                }
            }
            int next = nodes + 1;
            for (String change : changes.split("\\|")) {
                TokenMetadata changed = metadata.cloneOnlyTokenMap();
                out.println("changes");
                TreeSet<Token> boundaries = new TreeSet<>(metadata.sortedTokens());
                for (String one : change.split(",")) {
                    String[] words = one.split(" ");
                    switch (words[0]) {
                        case "join" -> {
                            String joining = "n" + next++;
                            add(out, "join", joining, words[1], newTokens(random, tokensEach, false));
                            changed.addBootstrapTokens(tokens.get(joining), address(joining));
                            boundaries.addAll(tokens.get(joining));
                        }
                        case "leave" -> {
                            out.println("leave " + words[1]);
                            changed.addLeavingEndpoint(address(words[1]));
                        }
                        case "replace" -> {
                            String joining = "n" + next++;
                            add(out, "replace " + words[1], joining, words[2], tokens.get(words[1]));
                            changed.addReplaceTokens(tokens.get(joining), address(joining), address(words[1]));
                        }
                        case "move" -> {
                            Collection<Token> to = newTokens(random, 1, false);
                            out.println("move " + words[1] + " " + to.iterator().next());
                            changed.addMovingEndpoint(to.iterator().next(), address(words[1]));
                            boundaries.addAll(to);
                        }
                        default -> throw new IllegalArgumentException(one);
                    }
                }
                for (String strategy : strategies.split("\\|")) {
                    out.println("pending " + strategy);
                    AbstractReplicationStrategy replication = strategy(strategy, changed);
                    changed.calculatePendingRanges(replication, "ks");
                    for (Token token : boundaries) {
                        TreeSet<String> names = new TreeSet<>();
                        changed.pendingEndpointsForToken(token, "ks")
                                .forEach(replica -> names.add(name(replica.endpoint())));
                        if (!names.isEmpty()) {
                            out.println("  " + token + " " + String.join(" ", names));
                        }
                    }
                }
            }
        }
    }

    static void add(PrintWriter out, String what, String name, String place, Collection<Token> chosen)
            throws Exception {
        places.put(name, place.split(":"));
        tokens.put(name, chosen);
        StringBuilder line = new StringBuilder(what + " " + name + " " + place.replace(':', ' '));
        chosen.forEach(token -> line.append(' ').append(token));
        out.println(line);
    }

    static Collection<Token> newTokens(Random random, int count, boolean smallest) {
        TreeSet<Token> made = new TreeSet<>();
        if (smallest) {
            made.add(new LongToken(Long.MIN_VALUE));
        }
        while (made.size() < count) {
            made.add(new LongToken(random.nextLong()));
        }
        return made;
    }

    static AbstractReplicationStrategy strategy(String text, TokenMetadata metadata) {
        String[] words = text.split(" ");
        Map<String, String> options = new TreeMap<>();
        if (words[0].equals("simple")) {
            options.put("replication_factor", words[1]);
            return new SimpleStrategy("ks", metadata, new Places(), options);
        }
        for (String each : words[1].split(",")) {
            options.put(each.split("=")[0], each.split("=")[1]);
        }
        return new NetworkTopologyStrategy("ks", metadata, new Places(), options);
    }

    static InetAddressAndPort address(String name) throws Exception {
        return InetAddressAndPort.getByName("127.0.0." + name.substring(1));
    }

    static String name(InetAddressAndPort address) {
        return "n" + (address.getAddress().getAddress()[3] & 0xff);
    }

    static class Places extends AbstractNetworkTopologySnitch {
        public String getDatacenter(InetAddressAndPort endpoint) {
            String[] place = places.get(name(endpoint));
            return place == null ? "dc1" : place[0];
        }

        public String getRack(InetAddressAndPort endpoint) {
            String[] place = places.get(name(endpoint));
            return place == null ? "r1" : place[1];
        }
    }
}
