package io.helenus.engine.cluster;

import io.helenus.engine.schema.DdlPlan;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaTransformation;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import io.helenus.gossip.ring.Member;
import io.helenus.gossip.ring.TokenAllocator;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// What is proposed to a cluster. Each planner may be asked any number of times, on other states,
/// and says null when its end is reached, so it can also be proposed again after a restart.
public final class ClusterPlans {
    private ClusterPlans() {}

    /// What a node says of itself when it joins.
    ///
    /// @param tokenCount `num_tokens`
    /// @param replicationFactor copies of each row that tokens are chosen for
    public record Joining(
            UUID hostId,
            Endpoint endpoint,
            Endpoint nativeEndpoint,
            Location location,
            String release,
            int tokenCount,
            int replicationFactor) {
        /// The node with these tokens.
        public ClusterNode withTokens(List<Long> tokens) {
            return new ClusterNode(
                    hostId, endpoint, nativeEndpoint, location, NodeState.JOINING, release, tokens);
        }
    }

    /// A change of the schema, by whoever analyzes the statement.
    public static ClusterPlanner schema(Function<Schema, DdlPlan> analyzer) {
        return state -> {
            SchemaTransformation change = analyzer.apply(state.schema()).transformation();
            return change == null ? null : new ClusterTransformation.ChangeSchema(change);
        };
    }

    /// The next step of a node on its way into the cluster: it is registered with tokens chosen for
    /// the state that it comes into; one that was registered before tells its addresses and release
    /// if they are others by now.
    public static ClusterPlanner register(Joining joining, RandomGenerator random) {
        return state -> {
            ClusterNode known = state.node(joining.hostId());
            if (known != null) {
                return update(known, joining);
            }
            Member member = new Member(joining.hostId(), joining.endpoint(), joining.location());
            ClusterNode other = state.node(joining.endpoint());
            if (other != null) {
                throw new InvalidTransformationException(
                        "Address %s is of node %s already"
                                .formatted(joining.endpoint(), other.hostId()));
            }
            long[] tokens =
                    TokenAllocator.allocate(
                            state.ringOfAll(),
                            member,
                            joining.tokenCount(),
                            joining.replicationFactor(),
                            random);
            return new ClusterTransformation.Register(
                    joining.withTokens(Arrays.stream(tokens).boxed().toList()));
        };
    }

    private static @Nullable ClusterTransformation update(ClusterNode known, Joining now) {
        if (!known.location().equals(now.location())) {
            throw new InvalidTransformationException(
                    "Node %s is registered in %s, now it says that it is in %s; a node does not move"
                            .formatted(known.hostId(), known.location(), now.location()));
        }
        boolean same =
                known.endpoint().equals(now.endpoint())
                        && known.nativeEndpoint().equals(now.nativeEndpoint())
                        && known.release().equals(now.release());
        return same
                ? null
                : new ClusterTransformation.Update(
                        now.hostId(), now.endpoint(), now.nativeEndpoint(), now.release());
    }

    /// A joining node has its data.
    public static ClusterPlanner finishJoin(UUID hostId) {
        return state -> {
            ClusterNode node = state.node(hostId);
            boolean done = node != null && node.state() != NodeState.JOINING;
            return done ? null : new ClusterTransformation.FinishJoin(hostId);
        };
    }

    /// The members become one more, if they are too few and there is somebody.
    public static ClusterPlanner fillMembers() {
        return state -> {
            UUID suggested = state.suggestedMember();
            return suggested == null ? null : new ClusterTransformation.AddMember(suggested);
        };
    }

    /// The next step of a node on its way out, up to where it hands its data over: it gives up its
    /// membership, then its state becomes leaving. To be proposed until it changes nothing.
    public static ClusterPlanner startLeave(UUID hostId) {
        return state -> {
            ClusterNode node = state.node(hostId);
            if (node == null || node.state() == NodeState.LEAVING) {
                return null;
            }
            return state.members().contains(hostId)
                    ? new ClusterTransformation.RemoveMember(hostId)
                    : new ClusterTransformation.StartLeave(hostId);
        };
    }

    /// A node that handed its data over, or is dead, is gone. To be proposed until it changes
    /// nothing: one that is a member gives that up first.
    public static ClusterPlanner remove(UUID hostId) {
        return state -> {
            if (state.node(hostId) == null) {
                return null;
            }
            return state.members().contains(hostId)
                    ? new ClusterTransformation.RemoveMember(hostId)
                    : new ClusterTransformation.Remove(hostId);
        };
    }
}
