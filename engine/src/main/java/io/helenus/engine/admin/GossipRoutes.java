package io.helenus.engine.admin;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.gossip.GossipNode;
import io.helenus.engine.json.Json;
import io.helenus.engine.messaging.PeerStatistics;
import io.helenus.gossip.exchange.NodeView;
import io.helenus.gossip.exchange.StateEntry;
import io.helenus.gossip.exchange.StateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// What gossip knows of the nodes of the cluster, and what went between them and this one.
final class GossipRoutes {
    private final NodeControl node;

    GossipRoutes(NodeControl node) {
        this.node = node;
    }

    List<AdminRoute> routes() {
        return List.of(
                new AdminRoute("GET", "/v1/gossip", Set.of(), _ -> gossip()),
                AdminRoute.get("/v1/messages", _ -> messages()));
    }

    private Json messages() {
        List<Json> peers = node.messages().stream().map(GossipRoutes::of).toList();
        return Json.object().put("peers", new Json.Items(peers));
    }

    private static Json of(PeerStatistics peer) {
        return Json.object().put("peer", peer.peer().toString()).put("lanes", lanes(peer));
    }

    private static Json lanes(PeerStatistics peer) {
        List<Json> lanes = new ArrayList<>();
        for (PeerStatistics.LaneStatistics lane : peer.lanes()) {
            Json.Members dropped = Json.object();
            new TreeMap<>(lane.dropped())
                    .forEach((reason, count) ->
                            dropped.put(reason.name().toLowerCase(Locale.ROOT), count));
            lanes.add(
                    Json.object()
                            .put("name", lane.name())
                            .put("connected", lane.connected())
                            .put("connections", lane.connections())
                            .put("queued_bytes", lane.queuedBytes())
                            .put("sent", lane.sent())
                            .put("sent_bytes", lane.sentBytes())
                            .put("dropped", dropped)
                            .put("received", lane.received())
                            .put("received_bytes", lane.receivedBytes())
                            .put("received_expired", lane.receivedExpired()));
        }
        return new Json.Items(lanes);
    }

    private CompletionStage<Json> gossip() {
        return node.gossip()
                .thenApply(nodes ->
                        Json.object()
                                .put(
                                        "nodes",
                                        new Json.Items(nodes.stream().map(this::of).toList())));
    }

    private Json of(GossipNode known) {
        NodeView view = known.view();
        List<Json> states = new ArrayList<>();
        for (StateEntry entry : known.entries()) {
            states.add(state(name(entry.key()), entry.version(), entry.value()));
        }
        ClusterState cluster = node.cluster().state();
        ClusterNode member = cluster.node(view.endpoint());
        if (member != null) { // no gossip tells this: all have it from the metadata log
            states.add(state("STATUS_WITH_PORT", cluster.epoch(), status(member)));
            states.add(state("TOKENS", cluster.epoch(), "<hidden>"));
        }
        return Json.object()
                .put("address", view.endpoint().address().getHostAddress())
                .put("port", view.endpoint().port())
                .put("up", view.up())
                .put("generation", view.generation())
                .put("heartbeat", view.heartbeat())
                .put("states", new Json.Items(states));
    }

    private static Json state(String name, long version, String value) {
        return Json.object().put("name", name).put("version", version).put("value", value);
    }

    /// As Cassandra's gossip has it, with one of the tokens.
    private static String status(ClusterNode member) {
        String name =
                switch (member.state()) {
                    case JOINING -> "BOOT";
                    case NORMAL -> "NORMAL";
                    case LEAVING -> "LEAVING";
                };
        return name + "," + member.tokens().getFirst();
    }

    /// As Cassandra calls it, where it has the same.
    private static String name(int number) {
        @Nullable StateKey key = StateKey.of(number);
        return switch (key) {
            case null -> "X_" + number;
            case HOST_ID, RACK, RELEASE_VERSION, METADATA_EPOCH, LOAD -> key.name();
            case DATA_CENTER -> "DC";
            case SCHEMA_VERSION -> "SCHEMA";
            case NATIVE_ADDRESS -> "NATIVE_ADDRESS_AND_PORT";
            case INTERNAL_ADDRESS -> "INTERNAL_ADDRESS_AND_PORT";
            case NATIVE_READY -> "RPC_READY";
            case MESSAGING_VERSION -> "NET_VERSION";
        };
    }
}
