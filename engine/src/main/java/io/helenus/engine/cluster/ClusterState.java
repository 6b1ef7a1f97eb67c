package io.helenus.engine.cluster;

import io.helenus.engine.cluster.ClusterTransformation.AddMember;
import io.helenus.engine.cluster.ClusterTransformation.ChangeSchema;
import io.helenus.engine.cluster.ClusterTransformation.FinishJoin;
import io.helenus.engine.cluster.ClusterTransformation.Register;
import io.helenus.engine.cluster.ClusterTransformation.Remove;
import io.helenus.engine.cluster.ClusterTransformation.RemoveMember;
import io.helenus.engine.cluster.ClusterTransformation.StartLeave;
import io.helenus.engine.cluster.ClusterTransformation.Update;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaTransformation;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import io.helenus.gossip.ring.Ring;
import io.helenus.gossip.ring.RingChange;
import io.helenus.sstable.model.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// All that a cluster agrees on after one epoch. Immutable.
public final class ClusterState {
    /// Metadata members that a cluster has if it has so many nodes.
    public static final int MEMBERS_TARGET = 3;

    /// How many of the latest entries are known by the proposal that they come from.
    public static final int RECENT_MAX = 512;

    private final UUID clusterId;
    private final String name;
    private final long epoch;
    private final UUID hash;
    private final UUID lastProposer;
    private final Schema schema;
    private final NavigableMap<UUID, ClusterNode> nodes;
    private final SortedSet<UUID> members;
    private final Map<UUID, Long> recentProposals; // the oldest first

    ClusterState(
            UUID clusterId,
            String name,
            long epoch,
            UUID hash,
            UUID lastProposer,
            Schema schema,
            NavigableMap<UUID, ClusterNode> nodes,
            SortedSet<UUID> members,
            Map<UUID, Long> recentProposals) {
        this.clusterId = clusterId;
        this.name = name;
        this.epoch = epoch;
        this.hash = hash;
        this.lastProposer = lastProposer;
        this.schema = schema;
        this.nodes = Collections.unmodifiableNavigableMap(nodes);
        this.members = Collections.unmodifiableSortedSet(members);
        this.recentProposals = Collections.unmodifiableMap(recentProposals);
    }

    /// The first state of a cluster: one node, which is its only member. Its epoch is that of the
    /// schema that the node has already, at least 1.
    public static ClusterState create(
            UUID clusterId, String name, ClusterNode first, Schema schema) {
        ClusterCodec.requireShort("cluster", name);
        if (clusterId.equals(new UUID(0, 0))) {
            throw new IllegalArgumentException("The id of a cluster is zero, which means none");
        }
        TreeMap<UUID, ClusterNode> nodes = new TreeMap<>();
        nodes.put(first.hostId(), first.withState(NodeState.NORMAL));
        TreeSet<UUID> members = new TreeSet<>();
        members.add(first.hostId());
        UUID hash =
                UUID.nameUUIDFromBytes(
                        (clusterId + name + first + first.tokens() + schema.version())
                                .getBytes(StandardCharsets.UTF_8));
        return new ClusterState(
                clusterId,
                name,
                Math.max(1, schema.epoch()),
                hash,
                first.hostId(),
                schema,
                nodes,
                members,
                Map.of());
    }

    /// The state of a node whose log is from before it was part of a cluster: it is one of this node
    /// alone from now on. The cluster's id follows from the node's, so if the node stops before this
    /// is on disk it makes the same again.
    public static ClusterState ofSingleNode(String name, ClusterNode node, Schema schema) {
        byte[] identity =
                ("cluster " + node.hostId() + " " + name).getBytes(StandardCharsets.UTF_8);
        return create(UUID.nameUUIDFromBytes(identity), name, node, schema);
    }

    public UUID clusterId() {
        return clusterId;
    }

    public String name() {
        return name;
    }

    /// The number of the last entry.
    public long epoch() {
        return epoch;
    }

    /// Of all entries up to this one, in their order.
    public UUID hash() {
        return hash;
    }

    /// The node that proposed the last entry.
    public UUID lastProposer() {
        return lastProposer;
    }

    public Schema schema() {
        return schema;
    }

    /// All nodes by host id.
    public NavigableMap<UUID, ClusterNode> nodes() {
        return nodes;
    }

    public @Nullable ClusterNode node(UUID hostId) {
        return nodes.get(hostId);
    }

    public @Nullable ClusterNode node(Endpoint endpoint) {
        for (ClusterNode node : nodes.values()) {
            if (node.endpoint().equals(endpoint)) {
                return node;
            }
        }
        return null;
    }

    /// Host ids of those who decide on the next entry.
    public SortedSet<UUID> members() {
        return members;
    }

    public boolean isSoleMember(UUID hostId) {
        return members.size() == 1 && members.contains(hostId);
    }

    /// The epoch at which a proposal became an entry; null if it did not, or too long ago.
    public @Nullable Long epochOf(UUID proposalId) {
        return recentProposals.get(proposalId);
    }

    Map<UUID, Long> recentProposals() {
        return recentProposals;
    }

    /// Nodes that own ranges: those that are normal or leaving.
    public Ring ring() {
        Ring.Builder ring = Ring.builder();
        for (ClusterNode node : nodes.values()) {
            if (node.state() != NodeState.JOINING) {
                ring.add(node.member(), node.tokenArray());
            }
        }
        return ring.build();
    }

    /// What is under way to or from [#ring], by host id.
    public List<RingChange> ringChanges() {
        List<RingChange> changes = new ArrayList<>();
        for (ClusterNode node : nodes.values()) {
            switch (node.state()) {
                case JOINING -> changes.add(new RingChange.Join(node.member(), node.tokenArray()));
                case LEAVING -> changes.add(new RingChange.Leave(node.hostId()));
                case NORMAL -> {}
            }
        }
        return changes;
    }

    /// All tokens that are taken, those of joining nodes included.
    public Ring ringOfAll() {
        Ring.Builder ring = Ring.builder();
        nodes.values().forEach(node -> ring.add(node.member(), node.tokenArray()));
        return ring.build();
    }

    /// The node that best makes the members more, or null if they are enough or nobody is left: a
    /// normal node, of a place where no member is if there is one.
    public @Nullable UUID suggestedMember() {
        if (members.size() >= MEMBERS_TARGET) {
            return null;
        }
        UUID best = null;
        int bestDistance = -1;
        for (ClusterNode node : nodes.values()) {
            if (node.state() != NodeState.NORMAL || members.contains(node.hostId())) {
                continue;
            }
            int distance = distanceToMembers(node.location());
            if (distance > bestDistance) {
                best = node.hostId();
                bestDistance = distance;
            }
        }
        return best;
    }

    private int distanceToMembers(Location location) {
        int nearest = Integer.MAX_VALUE;
        for (UUID member : members) {
            nearest = Math.min(nearest, require(member).location().distanceTo(location));
        }
        return nearest;
    }

    /// The state of the next epoch.
    ///
    /// @throws InvalidTransformationException if the entry is not one for this state
    /// @throws ClusterFormatException if its transformation is none that this release knows
    public ClusterState apply(LogEntry entry) {
        Edit edit = edit(entry);
        Map<UUID, Long> proposals = new LinkedHashMap<>(recentProposals);
        proposals.put(entry.proposalId(), entry.epoch());
        if (proposals.size() > RECENT_MAX) {
            proposals.remove(proposals.keySet().iterator().next());
        }
        return new ClusterState(
                clusterId,
                name,
                entry.epoch(),
                nextHash(entry),
                entry.proposer(),
                edit.schema,
                edit.nodes,
                edit.members,
                proposals);
    }

    /// Throws what [#apply] would.
    public void requireApplicable(LogEntry entry) {
        Edit _ = edit(entry);
    }

    private Edit edit(LogEntry entry) {
        if (entry.epoch() != epoch + 1) {
            throw new InvalidTransformationException(
                    "entry %d does not follow epoch %d".formatted(entry.epoch(), epoch));
        }
        if (recentProposals.containsKey(entry.proposalId())) {
            throw new InvalidTransformationException(
                    "proposal %s is in the log already".formatted(entry.proposalId()));
        }
        Edit edit = new Edit(this);
        edit.apply(ClusterCodec.decode(entry.transformation(), schema));
        return edit;
    }

    private UUID nextHash(LogEntry entry) {
        ByteWriter all = new ByteWriter();
        all.writeLong(hash.getMostSignificantBits()).writeLong(hash.getLeastSignificantBits());
        all.writeBytes(new ClusterOutput().entry(entry).toBytes());
        return UUID.nameUUIDFromBytes(all.toArray());
    }

    private ClusterNode require(UUID hostId) {
        return require(nodes, hostId);
    }

    private static ClusterNode require(Map<UUID, ClusterNode> nodes, UUID hostId) {
        ClusterNode node = nodes.get(hostId);
        if (node == null) {
            throw new InvalidTransformationException("The cluster has no node " + hostId);
        }
        return node;
    }

    /// @throws InvalidTransformationException if two nodes have the same address or token
    void requireConsistent() {
        try {
            ringOfAll();
        } catch (IllegalArgumentException e) {
            throw new InvalidTransformationException(String.valueOf(e.getMessage()), e);
        }
    }

    /// The parts of the next state while they are made.
    private static final class Edit {
        private final TreeMap<UUID, ClusterNode> nodes;
        private final TreeSet<UUID> members;
        private Schema schema;

        Edit(ClusterState before) {
            nodes = new TreeMap<>(before.nodes);
            members = new TreeSet<>(before.members);
            schema = before.schema;
        }

        void apply(ClusterTransformation transformation) {
            switch (transformation) {
                case ChangeSchema(SchemaTransformation change) -> schema = changed(change);
                case Register(ClusterNode node) -> register(node);
                case FinishJoin(UUID hostId) ->
                        advance(hostId, NodeState.JOINING, NodeState.NORMAL);
                case StartLeave(UUID hostId) ->
                        advance(hostId, NodeState.NORMAL, NodeState.LEAVING);
                case Remove(UUID hostId) -> remove(hostId);
                case Update(UUID hostId, var endpoint, var clients, String release) -> {
                    ClusterNode node = require(nodes, hostId);
                    requireFree(endpoint, hostId);
                    nodes.put(hostId, node.withAddresses(endpoint, clients, release));
                }
                case AddMember(UUID hostId) -> addMember(hostId);
                case RemoveMember(UUID hostId) -> removeMember(hostId);
            }
        }

        private Schema changed(SchemaTransformation change) {
            try {
                return schema.apply(change);
            } catch (IllegalStateException | IllegalArgumentException | CqlException e) {
                throw new InvalidTransformationException(String.valueOf(e.getMessage()), e);
            }
        }

        private void register(ClusterNode node) {
            if (nodes.containsKey(node.hostId())) {
                throw new InvalidTransformationException(
                        "A node with host id %s is registered already: %s"
                                .formatted(node.hostId(), nodes.get(node.hostId())));
            }
            if (nodes.size() == ClusterCodec.NODES_MAX) {
                throw new InvalidTransformationException(
                        "The cluster has %d nodes, that is the limit".formatted(nodes.size()));
            }
            requireFree(node.endpoint(), node.hostId());
            TreeSet<Long> wanted = new TreeSet<>(node.tokens());
            int count = wanted.size();
            for (ClusterNode other : nodes.values()) {
                count += other.tokens().size();
                for (long token : other.tokens()) {
                    if (wanted.contains(token)) {
                        throw new InvalidTransformationException(
                                "Token %d is of %s already".formatted(token, other));
                    }
                }
            }
            if (count > ClusterCodec.TOKENS_MAX) {
                throw new InvalidTransformationException(
                        "The nodes would have %d tokens, the limit is %d"
                                .formatted(count, ClusterCodec.TOKENS_MAX));
            }
            nodes.put(node.hostId(), node);
        }

        private void requireFree(Endpoint endpoint, UUID hostId) {
            for (ClusterNode other : nodes.values()) {
                if (other.endpoint().equals(endpoint) && !other.hostId().equals(hostId)) {
                    throw new InvalidTransformationException(
                            "Address %s is of node %s already".formatted(endpoint, other.hostId()));
                }
            }
        }

        private void advance(UUID hostId, NodeState from, NodeState to) {
            ClusterNode node = require(nodes, hostId);
            if (node.state() != from) {
                throw new InvalidTransformationException(
                        "Node %s is %s, only one that is %s can become %s"
                                .formatted(node, node.state(), from, to));
            }
            nodes.put(hostId, node.withState(to));
        }

        private void remove(UUID hostId) {
            ClusterNode node = require(nodes, hostId);
            if (members.contains(hostId)) {
                throw new InvalidTransformationException(
                        "Node %s is a metadata member and must be replaced as such first"
                                .formatted(node));
            }
            nodes.remove(hostId);
        }

        private void addMember(UUID hostId) {
            ClusterNode node = require(nodes, hostId);
            if (node.state() != NodeState.NORMAL) {
                throw new InvalidTransformationException(
                        "Node %s is %s, only a normal one can be a metadata member"
                                .formatted(node, node.state()));
            }
            if (members.size() == ClusterCodec.MEMBERS_MAX) {
                throw new InvalidTransformationException(
                        "There are %d metadata members, that is the limit"
                                .formatted(members.size()));
            }
            if (!members.add(hostId)) {
                throw new InvalidTransformationException(
                        "Node %s is a metadata member already".formatted(node));
            }
        }

        private void removeMember(UUID hostId) {
            ClusterNode node = require(nodes, hostId);
            if (!members.contains(hostId)) {
                throw new InvalidTransformationException(
                        "Node %s is no metadata member".formatted(node));
            }
            if (members.size() == 1) {
                throw new InvalidTransformationException(
                        "Node %s is the only metadata member".formatted(node));
            }
            members.remove(hostId);
        }
    }

    @Override
    public String toString() {
        return "cluster %s at epoch %d, %d nodes, %d members"
                .formatted(name, epoch, nodes.size(), members.size());
    }
}
