package io.helenus.engine.node;

import io.helenus.engine.admin.ClusterView;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.NodeInfo;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.StateKey;
import io.helenus.gossip.ring.Member;
import io.helenus.gossip.ring.Placement;
import io.helenus.gossip.ring.Ring;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// The cluster as clients and operators of this node see it: the log's state, joined with what gossip
/// says of other nodes and with what the node knows of itself. Any thread; nothing is kept but the
/// sources.
final class NodeCluster {
    private final Supplier<ClusterState> state;
    private final PeerFacts facts;
    private final ToLongFunction<Endpoint> epochOf;
    private final Supplier<NodeInfo> local;
    private final BooleanSupplier servesClients;
    private final LongSupplier loadBytes;
    private final String snitch;
    private final String partitioner;

    /// @param state the current one
    /// @param epochOf up to which another node has applied the log, as far as is known
    /// @param local what the node says of itself
    /// @param loadBytes of its files
    /// @param snitch class name
    /// @param partitioner class name
    NodeCluster(
            Supplier<ClusterState> state,
            PeerFacts facts,
            ToLongFunction<Endpoint> epochOf,
            Supplier<NodeInfo> local,
            BooleanSupplier servesClients,
            LongSupplier loadBytes,
            String snitch,
            String partitioner) {
        this.state = state;
        this.facts = facts;
        this.epochOf = epochOf;
        this.local = local;
        this.servesClients = servesClients;
        this.loadBytes = loadBytes;
        this.snitch = snitch;
        this.partitioner = partitioner;
    }

    String snitch() {
        return snitch;
    }

    /// Rows of `system.peers`: all other nodes that own something.
    List<NodeInfo> peers() {
        NodeInfo self = local.get();
        ClusterState now = state.get();
        List<NodeInfo> peers = new ArrayList<>();
        for (ClusterNode node : now.nodes().values()) {
            if (node.state() != NodeState.JOINING && !node.hostId().equals(self.hostId())) {
                peers.add(peer(now, node, self));
            }
        }
        return peers;
    }

    private NodeInfo peer(ClusterState now, ClusterNode node, NodeInfo self) {
        PeerFacts.Facts said = facts.of(node.endpoint());
        InetAddress address = node.endpoint().address();
        int port = node.endpoint().port();
        return new NodeInfo(
                node.hostId(),
                node.location().dataCenter(),
                node.location().rack(),
                address,
                port,
                address,
                port,
                node.nativeEndpoint().address(),
                node.nativeEndpoint().port(),
                node.tokens().stream().map(String::valueOf).toList(),
                release(said, self),
                schemaVersion(now, node, said));
    }

    /// Gossip says it, up to seconds late: clients that wait for agreement would wait as long. A node that
    /// is where this one is has the same schema.
    private @Nullable UUID schemaVersion(ClusterState now, ClusterNode node, PeerFacts.Facts said) {
        return epochOf.applyAsLong(node.endpoint()) == now.epoch()
                ? now.schema().version()
                : said.schemaVersion();
    }

    /// Drivers need one; of a node that has said nothing yet it is taken to be this one's.
    private static String release(PeerFacts.Facts said, NodeInfo self) {
        String release = said.get(StateKey.RELEASE_VERSION);
        return release == null ? self.releaseVersion() : release;
    }

    /// For operators.
    ClusterView view() {
        ClusterState now = state.get();
        NodeInfo self = local.get();
        List<ClusterView.Seen> nodes = new ArrayList<>();
        for (ClusterNode node : now.nodes().values()) {
            nodes.add(
                    node.hostId().equals(self.hostId())
                            ? self(node, self)
                            : other(now, node, self));
        }
        nodes.sort(Comparator.comparing(seen -> seen.node().endpoint()));
        return new ClusterView(now, nodes, "org.apache.cassandra.locator." + snitch, partitioner);
    }

    private ClusterView.Seen self(ClusterNode node, NodeInfo self) {
        return new ClusterView.Seen(
                node,
                true,
                servesClients.getAsBoolean(),
                loadBytes.getAsLong(),
                self.schemaVersion(),
                self.releaseVersion());
    }

    private ClusterView.Seen other(ClusterState now, ClusterNode node, NodeInfo self) {
        PeerFacts.Facts said = facts.of(node.endpoint());
        return new ClusterView.Seen(
                node,
                said.up(),
                said.up() && said.ready(),
                said.loadBytes(),
                schemaVersion(now, node, said),
                release(said, self));
    }

    /// What DESCRIBE CLUSTER shows: replicas of each range by the token that ends it. For keyspaces that
    /// are placed on the ring.
    Map<String, List<String>> replicasByToken(KeyspaceSchema keyspace) {
        Ring ring = state.get().ring();
        Placement placement = Placement.of(ring, keyspace.replication().onRing());
        Map<String, List<String>> byToken = new TreeMap<>();
        for (int i = 0; i < ring.tokenCount(); i++) {
            List<String> replicas = new ArrayList<>();
            for (Member member : placement.natural(ring.token(i))) {
                replicas.add("/" + member.endpoint());
            }
            byToken.put(Long.toString(ring.token(i)), replicas);
        }
        return byToken;
    }
}
