package io.helenus.engine.node;

import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.messaging.MessagingOptions;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.GossipSettings;
import java.util.List;
import java.util.Objects;

/// What a node has to do with others.
///
/// @param seeds nodes that are asked at the start who is in the cluster; the node itself may be one
/// @param messaging limits of what nodes send each other
/// @param agreement times and limits of how nodes agree on metadata
/// @param snitch name of Cassandra's class for the way in which the node knows where it is
public record ClusterOptions(
        List<Endpoint> seeds,
        GossipSettings gossip,
        MessagingOptions messaging,
        AgreementSettings agreement,
        String snitch) {
    private static final String SIMPLE_SNITCH = "SimpleSnitch";
    private static final long MESSAGE_BYTES = 64 << 20;

    public ClusterOptions {
        seeds = List.copyOf(seeds);
        Objects.requireNonNull(gossip, "gossip");
        Objects.requireNonNull(messaging, "messaging");
        Objects.requireNonNull(agreement, "agreement");
        Objects.requireNonNull(snitch, "snitch");
    }

    /// With the usual snitch.
    public ClusterOptions(
            List<Endpoint> seeds,
            GossipSettings gossip,
            MessagingOptions messaging,
            AgreementSettings agreement) {
        this(seeds, gossip, messaging, agreement, SIMPLE_SNITCH);
    }

    public ClusterOptions(List<Endpoint> seeds, GossipSettings gossip, MessagingOptions messaging) {
        this(seeds, gossip, messaging, AgreementSettings.DEFAULT);
    }

    /// A node that looks for no others.
    public static ClusterOptions alone() {
        return new ClusterOptions(
                List.of(), GossipSettings.DEFAULT, MessagingOptions.of(MESSAGE_BYTES));
    }
}
