package io.helenus.engine.node;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.cluster.gossip.GossipListener;
import io.helenus.engine.transport.EventSink;
import io.helenus.engine.transport.ServerEvent.Status;
import io.helenus.engine.transport.ServerEvent.StatusChange;
import io.helenus.engine.transport.ServerEvent.Topology;
import io.helenus.engine.transport.ServerEvent.TopologyChange;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.GossipEffect.DownReason;
import io.helenus.gossip.exchange.StateKey;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Tells clients which other nodes come, go, and can be used. The log says who belongs to the cluster,
/// gossip who is up and who serves clients, each on a thread of its own and in any order; a client hears
/// of them in one order:
///
/// - `NEW_NODE` when a node has joined and serves clients, not earlier: whoever hears it may connect.
/// - `UP` after that, and whenever it serves clients again.
/// - `DOWN` when it cannot be reached or has closed its port for clients.
/// - `MOVED_NODE` when it has other tokens, `REMOVED_NODE` when it has left. A client that asks for its
///   peers then does not find it any more.
///
/// None comes twice in a row. Nodes that are there already when this one starts are not new. Any thread;
/// publishing never waits.
final class ClusterEvents implements GossipListener {
    private final UUID self;
    private final EventSink sink;
    private final Map<UUID, Watched> nodes = new TreeMap<>(); // guarded by this
    private final Map<Endpoint, Health> health = new HashMap<>(); // guarded by this, asked only
    private boolean stateKnown; // guarded by this

    /// What clients know of a node.
    private static final class Watched {
        ClusterNode node;
        boolean announced;
        @Nullable Status told;

        Watched(ClusterNode node, boolean announced) {
            this.node = node;
            this.announced = announced;
        }
    }

    /// What gossip knows of a node, also before the log does.
    private static final class Health {
        boolean up;
        boolean ready;
    }

    ClusterEvents(UUID self, EventSink sink) {
        this.self = self;
        this.sink = sink;
    }

    /// The cluster's state is another one. Whoever asks must see it already.
    synchronized void changed(ClusterState state) {
        boolean first = !stateKnown;
        stateKnown = true;
        for (ClusterNode node : state.nodes().values()) {
            if (!node.hostId().equals(self) && node.state() != NodeState.JOINING) {
                member(node, first);
            }
        }
        for (Watched watched : List.copyOf(nodes.values())) {
            if (state.node(watched.node.hostId()) == null) {
                removed(watched);
            }
        }
    }

    private void member(ClusterNode node, boolean first) {
        Watched watched = nodes.get(node.hostId());
        if (watched == null) {
            watched = new Watched(node, first);
            nodes.put(node.hostId(), watched);
        } else {
            boolean moved = !watched.node.tokens().equals(node.tokens());
            watched.node = node;
            if (moved && watched.announced) {
                publish(watched, Topology.MOVED_NODE);
            }
        }
        look(watched);
    }

    private void removed(Watched watched) {
        nodes.remove(watched.node.hostId());
        if (watched.announced) {
            publish(watched, Topology.REMOVED_NODE);
        }
    }

    @Override
    public synchronized void up(Endpoint endpoint) {
        healthOf(endpoint).up = true;
        look(endpoint);
    }

    @Override
    public synchronized void down(Endpoint endpoint, DownReason reason, double phi) {
        healthOf(endpoint).up = false;
        look(endpoint);
    }

    @Override
    public synchronized void restarted(Endpoint endpoint, long generation) {
        Health now = healthOf(endpoint);
        now.up = false;
        now.ready = false; // until it says so anew
        look(endpoint);
    }

    @Override
    public synchronized void changed(Endpoint endpoint, int key, String value) {
        if (key == StateKey.NATIVE_READY.number()) {
            healthOf(endpoint).ready = Boolean.parseBoolean(value);
            look(endpoint);
        }
    }

    private Health healthOf(Endpoint endpoint) {
        return health.computeIfAbsent(endpoint, _ -> new Health());
    }

    private void look(Endpoint endpoint) {
        for (Watched watched : nodes.values()) {
            if (watched.node.endpoint().equals(endpoint)) {
                look(watched);
                return;
            }
        }
    }

    private void look(Watched watched) {
        Health now = health.get(watched.node.endpoint());
        if (now == null) {
            return; // gossip has not heard of it yet
        }
        boolean serves = now.up && now.ready;
        if (serves && !watched.announced) {
            watched.announced = true;
            publish(watched, Topology.NEW_NODE);
        }
        Status status = serves ? Status.UP : Status.DOWN;
        boolean neverUp = watched.told == null && !serves; // it is only about to come
        if (watched.told != status && !neverUp) {
            watched.told = status;
            sink.publish(new StatusChange(status, address(watched)));
        }
    }

    private void publish(Watched watched, Topology change) {
        sink.publish(new TopologyChange(change, address(watched)));
    }

    private static InetSocketAddress address(Watched watched) {
        return watched.node.nativeEndpoint().socketAddress();
    }
}
