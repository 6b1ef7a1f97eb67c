package io.helenus.engine.cluster;

import io.helenus.engine.cluster.ClusterTransformation.AddMember;
import io.helenus.engine.cluster.ClusterTransformation.ChangeSchema;
import io.helenus.engine.cluster.ClusterTransformation.FinishJoin;
import io.helenus.engine.cluster.ClusterTransformation.Register;
import io.helenus.engine.cluster.ClusterTransformation.Remove;
import io.helenus.engine.cluster.ClusterTransformation.RemoveMember;
import io.helenus.engine.cluster.ClusterTransformation.StartLeave;
import io.helenus.engine.cluster.ClusterTransformation.Update;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaCodec;
import io.helenus.engine.schema.TableSchema;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/// Transformations and states to bytes and back, as the package's tables say. Stateless; any
/// thread.
public final class ClusterCodec {
    public static final int NAME_BYTES_MAX = 256;
    public static final int NODES_MAX = 4096;
    public static final int TOKENS_MAX = 1 << 18; // of all nodes
    public static final int MEMBERS_MAX = 63;
    public static final int TRANSFORMATION_BYTES_MAX = 16 << 20;
    public static final int SCHEMA_BYTES_MAX = 64 << 20;

    /// What an entry takes beside its transformation.
    public static final int ENTRY_HEADER_BYTES = 8 + 16 + 16 + 4;

    private static final int FORMAT = 1;
    private static final int UUID_BYTES = 16;
    private static final int NODE_BYTES_MIN = UUID_BYTES + 7 + 7 + 3 + 3 + 1 + 2 + 4 + 8;

    private ClusterCodec() {}

    static void requireShort(String what, String text) {
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > NAME_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "The name of a %s has %d bytes, the limit is %d: %s"
                            .formatted(what, bytes, NAME_BYTES_MAX, text));
        }
    }

    public static byte[] encode(ClusterTransformation transformation) {
        ClusterOutput out = new ClusterOutput().u8(FORMAT);
        switch (transformation) {
            case ChangeSchema(var change) -> out.u8(1).bytes(SchemaCodec.encode(change));
            case Register(ClusterNode node) -> out.u8(2).node(node);
            case FinishJoin(UUID hostId) -> out.u8(3).uuid(hostId);
            case StartLeave(UUID hostId) -> out.u8(4).uuid(hostId);
            case Remove(UUID hostId) -> out.u8(5).uuid(hostId);
            case Update(UUID hostId, var endpoint, var nativeEndpoint, String release) ->
                    out.u8(6)
                            .uuid(hostId)
                            .endpoint(endpoint)
                            .endpoint(nativeEndpoint)
                            .text(release);
            case AddMember(UUID hostId) -> out.u8(7).uuid(hostId);
            case RemoveMember(UUID hostId) -> out.u8(8).uuid(hostId);
        }
        return out.toBytes();
    }

    /// @param before the schema that it will be applied to: it knows the user types
    /// @throws ClusterFormatException if the bytes are no transformation that this release knows
    public static ClusterTransformation decode(ByteBuffer bytes, Schema before) {
        ClusterInput in = new ClusterInput(bytes);
        requireFormat(in);
        int kind = in.u8("the kind");
        ClusterTransformation result =
                switch (kind) {
                    case 1 -> schemaChange(in, before);
                    case 2 -> register(in);
                    case 3 -> new FinishJoin(in.uuid("a host id"));
                    case 4 -> new StartLeave(in.uuid("a host id"));
                    case 5 -> new Remove(in.uuid("a host id"));
                    case 6 ->
                            new Update(
                                    in.uuid("a host id"),
                                    in.endpoint("an address"),
                                    in.endpoint("an address for clients"),
                                    in.text("a release", NAME_BYTES_MAX));
                    case 7 -> new AddMember(in.uuid("a host id"));
                    case 8 -> new RemoveMember(in.uuid("a host id"));
                    default -> throw in.wrong("ends kind %d, known are 1 to 8".formatted(kind));
                };
        in.expectEnd();
        return result;
    }

    private static ClusterTransformation register(ClusterInput in) {
        ClusterNode node = in.node();
        if (node.state() != NodeState.JOINING) {
            throw in.wrong("ends a node to register that is " + node.state());
        }
        return new Register(node);
    }

    private static ClusterTransformation schemaChange(ClusterInput in, Schema before) {
        ByteBuffer bytes = in.bytes("a change of the schema", TRANSFORMATION_BYTES_MAX);
        try {
            return new ChangeSchema(SchemaCodec.decode(bytes, before));
        } catch (RuntimeException e) { // whatever the model makes of bytes that anybody may send
            throw new ClusterFormatException(
                    0, "begins a change of the schema: " + e.getMessage(), e);
        }
    }

    private static void requireFormat(ClusterInput in) {
        int format = in.u8("the format");
        if (format != FORMAT) {
            throw in.wrong("ends format %d, known here is %d".formatted(format, FORMAT));
        }
    }

    public static byte[] encode(ClusterState state) {
        return new ClusterOutput()
                .u8(FORMAT)
                .uuid(state.clusterId())
                .text(state.name())
                .i64(state.epoch())
                .uuid(state.hash())
                .uuid(state.lastProposer())
                .list(state.nodes().values(), ClusterOutput::node)
                .list(state.members(), ClusterOutput::uuid)
                .list(
                        state.recentProposals().entrySet(),
                        (out, each) -> out.uuid(each.getKey()).i64(each.getValue()))
                .bytes(SchemaCodec.encodeSchema(state.schema()))
                .toBytes();
    }

    /// @param views tables of `system_views`, which are code
    /// @throws ClusterFormatException if the bytes are no state that this release knows
    public static ClusterState decodeState(ByteBuffer bytes, Collection<TableSchema> views) {
        ClusterInput in = new ClusterInput(bytes);
        requireFormat(in);
        UUID clusterId = in.uuid("a cluster's id");
        String name = in.text("a cluster's name", NAME_BYTES_MAX);
        long epoch = in.i64("an epoch");
        if (epoch < 1) {
            throw in.wrong("ends an epoch that is " + epoch);
        }
        UUID hash = in.uuid("a hash");
        UUID lastProposer = in.uuid("a host id");
        List<ClusterNode> nodes = in.list("nodes", NODES_MAX, NODE_BYTES_MIN, ClusterInput::node);
        in.requireAscending("nodes", nodes.stream().map(ClusterNode::hostId).toList());
        List<UUID> members =
                in.list("members", MEMBERS_MAX, UUID_BYTES, each -> each.uuid("a member"));
        in.requireAscending("members", members);
        List<Map.Entry<UUID, Long>> recent =
                in.list(
                        "proposals",
                        ClusterState.RECENT_MAX,
                        UUID_BYTES + Long.BYTES,
                        each -> Map.entry(each.uuid("a proposal"), each.i64("its epoch")));
        in.requireAscending("proposals", recent.stream().map(Map.Entry::getValue).toList());
        Schema schema = schema(in, views);
        in.expectEnd();
        TreeMap<UUID, ClusterNode> byId = new TreeMap<>();
        nodes.forEach(node -> byId.put(node.hostId(), node));
        if (!byId.keySet().containsAll(members) || members.isEmpty()) {
            throw in.wrong("ends a state whose members are none of its nodes, or none at all");
        }
        Map<UUID, Long> proposals = new LinkedHashMap<>();
        recent.forEach(each -> proposals.put(each.getKey(), each.getValue()));
        ClusterState state =
                new ClusterState(
                        clusterId,
                        name,
                        epoch,
                        hash,
                        lastProposer,
                        schema,
                        byId,
                        new TreeSet<>(members),
                        proposals);
        try {
            state.requireConsistent();
        } catch (InvalidTransformationException e) {
            throw new ClusterFormatException(0, "begins a state: " + e.getMessage(), e);
        }
        return state;
    }

    private static Schema schema(ClusterInput in, Collection<TableSchema> views) {
        ByteBuffer bytes = in.bytes("a schema", SCHEMA_BYTES_MAX);
        try {
            return SchemaCodec.decodeSchema(bytes, views);
        } catch (RuntimeException e) { // whatever the model makes of bytes that anybody may send
            throw new ClusterFormatException(0, "begins a schema: " + e.getMessage(), e);
        }
    }
}
