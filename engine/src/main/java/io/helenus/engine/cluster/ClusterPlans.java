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
        return register(joining, List.of(), random);
    }

    /// The same.
    ///
    /// @param wanted tokens that an operator has chosen, or none
    public static ClusterPlanner register(
            Joining joining, List<Long> wanted, RandomGenerator random) {
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
            if (!wanted.isEmpty()) {
                return new ClusterTransformation.Register(joining.withTokens(wanted));
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

    /// A node that was registered before tells its addresses and release if they are others by now.
    public static ClusterPlanner update(Joining joining) {
        return state -> {
            ClusterNode known = state.node(joining.hostId());
            if (known == null) {
                throw new InvalidTransformationException(
                        "The cluster has no node %s any more".formatted(joining.hostId()));
            }
            return update(known, joining);
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

    /// The next step of a node on its way out, up to where it hands its data over: its state becomes
    /// leaving, so that it is not chosen as a member again, then it gives up its membership. To be
    /// proposed until it changes nothing.
    public static ClusterPlanner startLeave(UUID hostId) {
        return state -> {
            ClusterNode node = state.node(hostId);
            if (node == null) {
                return null;
            }
            boolean isMember = state.members().contains(hostId);
            if (isMember && state.members().size() == 1) {
                throw new InvalidTransformationException(
                        "Node %s is the only metadata member".formatted(node));
            }
            if (node.state() == NodeState.NORMAL) {
                return new ClusterTransformation.StartLeave(hostId);
            }
            return isMember ? new ClusterTransformation.RemoveMember(hostId) : null;
        };
    }

    /// A node that handed its data over, or is dead, is gone. To be proposed until it changes
    /// nothing: one that is a member leaves as such first.
    public static ClusterPlanner remove(UUID hostId) {
        ClusterPlanner before = startLeave(hostId);
        return state -> {
            if (state.node(hostId) == null) {
                return null;
            }
            return state.members().contains(hostId)
                    ? before.plan(state)
                    : new ClusterTransformation.Remove(hostId);
        };
    }
}
