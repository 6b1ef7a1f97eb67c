package io.helenus.engine.admin;

import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.json.Json;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.ReplicationParams;
import io.helenus.engine.schema.SchemaNames;
import io.helenus.engine.schema.TableSchema;
import io.helenus.gossip.ring.Member;
import io.helenus.gossip.ring.Murmur3Token;
import io.helenus.gossip.ring.Placement;
import io.helenus.gossip.ring.Ring;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The nodes of the cluster, what each has, and who has a key.
final class RingRoutes {
    private final NodeControl node;

    RingRoutes(NodeControl node) {
        this.node = node;
    }

    List<AdminRoute> routes() {
        return List.of(
                AdminRoute.get("/v1/status", request -> status(request), "keyspace"),
                AdminRoute.get("/v1/ring", this::ring, "keyspace"),
                AdminRoute.get("/v1/cluster", _ -> cluster()),
                AdminRoute.get("/v1/endpoints", this::endpoints, "keyspace", "table", "key"));
    }

    private Json.Members status(AdminRequest request) {
        ClusterView view = node.cluster();
        Ownership ownership =
                Ownership.of(
                        view.state().schema(),
                        view.state().ring(),
                        request.text("keyspace").orElse(null));
        List<Json> dataCenters = new ArrayList<>();
        for (String name : view.dataCenters()) {
            List<Json> nodes = new ArrayList<>();
            for (ClusterView.Seen seen : view.nodesOf(name)) {
                nodes.add(json(seen, ownership));
            }
            dataCenters.add(Json.object().put("name", name).put("nodes", new Json.Items(nodes)));
        }
        return Json.object()
                .put("cluster", view.state().name())
                .put("epoch", view.state().epoch())
                .put("schema_version", view.state().schema().version().toString())
                .put("owns_effective", ownership.isEffective())
                .put("note", ownership.note())
                .put("datacenters", new Json.Items(dataCenters));
    }

    private static Json json(ClusterView.Seen seen, Ownership ownership) {
        Double owns = ownership.percent(seen.node().hostId());
        return Json.object()
                .put("status", seen.up() ? "UP" : "DOWN")
                .put("state", seen.node().state().name())
                .put("address", seen.address())
                .put("port", seen.node().endpoint().port())
                .put("load_bytes", seen.loadBytes() < 0 ? nothing() : whole(seen.loadBytes()))
                .put("tokens", seen.node().tokens().size())
                .put("owns_percent", owns == null ? nothing() : new Json.Real(owns))
                .put("host_id", seen.node().hostId().toString())
                .put("rack", seen.node().location().rack())
                .put("native_address", seen.node().nativeEndpoint().toString())
                .put("native_ready", seen.ready());
    }

    private static Json nothing() {
        return new Json.Nothing();
    }

    private static Json whole(long value) {
        return new Json.Whole(value);
    }

    /// The status, and each token with its node, ascending.
    private Json ring(AdminRequest request) {
        SortedMap<Long, String> addresses = new TreeMap<>();
        for (ClusterView.Seen seen : node.cluster().nodes()) {
            seen.node().tokens().forEach(token -> addresses.put(token, seen.address()));
        }
        List<Json> tokens = new ArrayList<>();
        addresses.forEach((token, address) ->
                tokens.add(
                        Json.object().put("token", Long.toString(token)).put("address", address)));
        return status(request).put("tokens", new Json.Items(tokens));
    }

    private Json cluster() {
        ClusterView view = node.cluster();
        List<Json> keyspaces = new ArrayList<>();
        for (KeyspaceSchema keyspace : view.state().schema().keyspaces().values()) {
            if (SchemaNames.isVirtualSystem(keyspace.name())) {
                continue; // what is computed is nowhere
            }
            Json.Members options = Json.object();
            SortedMap<String, String> replication = keyspace.replication().asMap();
            replication.remove("class");
            replication.forEach(options::put);
            keyspaces.add(
                    Json.object()
                            .put("name", keyspace.name())
                            .put("strategy", keyspace.replication().strategy().simpleName())
                            .put("options", options));
        }
        return Json.object()
                .put("name", view.state().name())
                .put("snitch", view.snitch())
                .put("dynamic_snitch", false)
                .put("partitioner", view.partitioner())
                .put("epoch", view.state().epoch())
                .put("note", Ownership.of(view.state().schema(), view.state().ring(), null).note())
                .put("members", members(view))
                .put("schema_versions", schemaVersions(view))
                .put("live", count(view, ClusterView.Seen::up))
                .put("joining", count(view, seen -> seen.is(NodeState.JOINING)))
                .put("moving", 0)
                .put("leaving", count(view, seen -> seen.is(NodeState.LEAVING)))
                .put("unreachable", count(view, seen -> !seen.up()))
                .put("datacenters", dataCenters(view))
                .put("database_versions", releases(view))
                .put("keyspaces", new Json.Items(keyspaces));
    }

    /// Addresses of those who decide on the metadata.
    private static Json members(ClusterView view) {
        return Json.Items.ofTexts(
                view.nodes().stream()
                        .filter(seen -> view.state().members().contains(seen.node().hostId()))
                        .map(ClusterView.Seen::address)
                        .toList());
    }

    private static long count(ClusterView view, Predicate<ClusterView.Seen> counted) {
        return view.nodes().stream().filter(counted).count();
    }

    private static Json schemaVersions(ClusterView view) {
        SortedMap<String, List<String>> versions = new TreeMap<>();
        for (ClusterView.Seen seen : view.nodes()) {
            String version =
                    seen.up() && seen.schemaVersion() != null
                            ? seen.schemaVersion().toString()
                            : "UNREACHABLE";
            versions.computeIfAbsent(version, _ -> new ArrayList<>()).add(seen.address());
        }
        return grouped("version", versions);
    }

    private static Json releases(ClusterView view) {
        SortedMap<String, List<String>> releases = new TreeMap<>();
        for (ClusterView.Seen seen : view.nodes()) {
            releases.computeIfAbsent(seen.release(), _ -> new ArrayList<>())
                    .add(seen.node().endpoint().toString());
        }
        return grouped("version", releases);
    }

    private static Json grouped(String name, SortedMap<String, List<String>> groups) {
        List<Json> items = new ArrayList<>();
        groups.forEach(
                (key, nodes) -> items.add(Json.object().put(name, key).putTexts("nodes", nodes)));
        return new Json.Items(items);
    }

    private static Json dataCenters(ClusterView view) {
        List<Json> items = new ArrayList<>();
        for (String name : view.dataCenters()) {
            List<ClusterView.Seen> nodes = view.nodesOf(name);
            items.add(
                    Json.object()
                            .put("name", name)
                            .put("nodes", nodes.size())
                            .put("down", nodes.stream().filter(seen -> !seen.up()).count()));
        }
        return new Json.Items(items);
    }

    /// Replicas of a key, in the order of the ring.
    private Json endpoints(AdminRequest request) {
        ClusterView view = node.cluster();
        String keyspaceName = request.requiredText("keyspace");
        String tableName = request.requiredText("table");
        KeyspaceSchema keyspace = view.state().schema().keyspace(keyspaceName);
        TableSchema table = keyspace == null ? null : keyspace.table(tableName);
        if (keyspace == null || table == null) {
            throw AdminException.invalid(
                    "Unknown table '%s' in keyspace '%s'".formatted(tableName, keyspaceName));
        }
        byte[] key = KeyText.parse(table, request.text("key").orElse(""));
        long token = Murmur3Token.of(key, 0, key.length);
        List<Json> endpoints = new ArrayList<>();
        for (Member member : replicas(view, keyspace.replication(), token)) {
            endpoints.add(
                    Json.object()
                            .put("address", member.endpoint().address().getHostAddress())
                            .put("port", member.endpoint().port()));
        }
        return Json.object()
                .put("token", Long.toString(token))
                .put("endpoints", new Json.Items(endpoints));
    }

    private Iterable<Member> replicas(ClusterView view, ReplicationParams replication, long token) {
        Ring ring = view.state().ring();
        if (replication.strategy() == ReplicationParams.Strategy.LOCAL) {
            Member self = ring.member(node.info().hostId());
            return self == null ? List.of() : List.of(self);
        }
        return Placement.of(ring, replication.onRing()).natural(token);
    }
}
