import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.config.DefaultDriverOption;
import com.datastax.oss.driver.api.core.config.DriverConfigLoader;
import com.datastax.oss.driver.api.core.metadata.Node;
import com.datastax.oss.driver.api.core.metadata.NodeState;
import com.datastax.oss.driver.api.core.metadata.TokenMap;
import io.helenus.engine.json.Json;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the Java driver sees of a cluster, compared with what it has to see: Hosts.java EXPECTED.json
public final class Hosts {
    private Hosts() {}

    public static void main(String[] arguments) throws Exception {
        Json.Members expected =
                (Json.Members)
                        Json.parse(
                                Files.readString(
                                        Path.of(arguments[0]), StandardCharsets.UTF_8));
        Json.Members hosts = expected.object("hosts");
        String contact = new TreeSet<>(hosts.values().keySet()).getFirst();
        try (CqlSession session =
                CqlSession.builder()
                        .addContactPoint(new InetSocketAddress(contact, 9042))
                        .withLocalDatacenter(hosts.object(contact).text("datacenter"))
                        .withConfigLoader(patient())
                        .build()) {
            Collection<Node> nodes = session.getMetadata().getNodes().values();
            TokenMap tokens = session.getMetadata().getTokenMap().orElseThrow();
            TreeMap<String, String> seen = new TreeMap<>();
            TreeMap<String, String> wanted = new TreeMap<>();
            for (Node node : nodes) {
                require(node.getState() != NodeState.DOWN, node + " is down");
                TreeSet<Long> own = new TreeSet<>();
                tokens.getTokens(node).forEach(token -> own.add(Long.valueOf(tokens.format(token))));
                seen.put(
                        address(node),
                        "%s %s %s %s"
                                .formatted(
                                        node.getDatacenter(), node.getRack(), node.getHostId(), own));
            }
            for (String address : hosts.values().keySet()) {
                Json.Members host = hosts.object(address);
                wanted.put(
                        address,
                        "%s %s %s %s"
                                .formatted(
                                        host.text("datacenter"),
                                        host.text("rack"),
                                        host.text("host_id"),
                                        host.texts("tokens").stream().map(Long::valueOf).toList()));
            }
            require(seen.equals(wanted), seen + " instead of " + wanted);
            for (Json.Members row : expected.objects("replicas")) {
                ByteBuffer key = ByteBuffer.allocate(4).putInt(0, (int) row.whole("key"));
                List<String> replicas =
                        tokens.getReplicas(row.text("keyspace"), key).stream()
                                .map(Hosts::address)
                                .sorted()
                                .toList();
                require(replicas.equals(row.texts("addresses")), replicas + " instead of " + row);
            }
            System.out.printf(
                    "Java driver: %d hosts and %d keys are right%n",
                    seen.size(), expected.objects("replicas").size());
        }
    }

    /// Also on a busy machine.
    private static DriverConfigLoader patient() {
        Duration timeout = Duration.ofSeconds(60);
        return DriverConfigLoader.programmaticBuilder()
                .withDuration(DefaultDriverOption.CONNECTION_CONNECT_TIMEOUT, timeout)
                .withDuration(DefaultDriverOption.CONNECTION_INIT_QUERY_TIMEOUT, timeout)
                .withDuration(DefaultDriverOption.CONTROL_CONNECTION_TIMEOUT, timeout)
                .withDuration(DefaultDriverOption.REQUEST_TIMEOUT, timeout)
                .build();
    }

    private static String address(Node node) {
        InetSocketAddress address = (InetSocketAddress) node.getEndPoint().resolve();
        return address.getAddress().getHostAddress();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            System.err.println("Java driver: " + otherwise);
            System.exit(1);
        }
    }
}
