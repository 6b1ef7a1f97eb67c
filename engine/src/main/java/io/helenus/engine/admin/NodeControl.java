package io.helenus.engine.admin;

import io.helenus.engine.cluster.gossip.GossipNode;
import io.helenus.engine.messaging.PeerStatistics;
import io.helenus.engine.schema.NodeInfo;
import io.helenus.engine.transport.ClientInfo;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/// The node as its operator sees it. Any thread.
public interface NodeControl {
    /// Who it is.
    NodeInfo info();

    String clusterName();

    /// The cluster as the node knows it now.
    ClusterView cluster();

    /// Where it is in its life, as Cassandra names it: `NORMAL`, `LEAVING`,
    /// `DECOMMISSIONED`, `DRAINING`, `DRAINED`.
    String mode();

    /// How long it has been up.
    long uptimeMillis();

    /// When it started, in seconds since 1970.
    int generation();

    /// Failures that nobody asked for, such as damaged files and failed flushes.
    long exceptions();

    boolean isServingClients();

    /// Whether it tells other nodes that it is there.
    boolean isGossiping();

    /// Who is connected, in no particular order.
    List<ClientInfo> clients();

    /// Listens for clients again, or goes on doing so. May take a while.
    void serveClients() throws IOException;

    /// Answers what clients have asked, and listens no more. May take a while.
    void stopServingClients();

    /// All nodes that gossip knows, the node itself included, by address.
    ///
    /// @throws AdminException if the node has nothing to do with others
    CompletionStage<List<GossipNode>> gossip();

    /// What went between this node and each other one, by address; empty if there is none.
    List<PeerStatistics> messages();

    /// Takes the node out of its cluster for good. It serves nobody then.
    ///
    /// @throws AdminException if it cannot go
    CompletionStage<Void> decommission();

    /// Takes another node out of the cluster, which is down for good.
    ///
    /// @throws AdminException if that is none, or is up
    CompletionStage<Void> removeNode(UUID hostId);

    /// Stops serving clients, flushes everything and takes no writes until the node is started anew.
    CompletionStage<Void> drain();
}
