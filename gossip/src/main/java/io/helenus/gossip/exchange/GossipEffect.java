package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;

/// What the state machine wants done, in this order.
public sealed interface GossipEffect {
    /// Send a message; it may be lost.
    record Send(Endpoint to, GossipMessage message) implements GossipEffect {}

    /// A node that was not known. Its entries follow as [Changed].
    record Discovered(Endpoint endpoint, long generation) implements GossipEffect {}

    /// A known node has started again. It was down in between, whether or not that was noticed;
    /// what it said of itself is forgotten, and what it says now follows as [Changed].
    record Restarted(Endpoint endpoint, long generation) implements GossipEffect {}

    /// A node says something new of itself.
    ///
    /// @param key a [StateKey]'s number, or one of a later release
    record Changed(Endpoint endpoint, int key, String value) implements GossipEffect {}

    /// A node can be reached and answers.
    record Up(Endpoint endpoint) implements GossipEffect {}

    /// A node is not to be waited for.
    record Down(Endpoint endpoint, DownReason reason, double phi) implements GossipEffect {}

    enum DownReason {
        /// It was silent for too long.
        CONVICTED,
        /// It said that it stops.
        SHUT_DOWN,
        /// It was removed, or is another one now.
        REMOVED,
        RESTARTED
    }

    /// The local node's generation had to be raised, because others knew a later one: force it to
    /// disk.
    record GenerationRaised(long generation) implements GossipEffect {}

    /// For the log. The same of the same node comes at most once a minute.
    record Warned(Endpoint about, Warning warning, String text) implements GossipEffect {}

    enum Warning {
        GENERATION_TOO_NEW,
        CLOCK_SKEW,
        LOCAL_PAUSE,
        FOREIGN_CLUSTER,
        REFUSED_BY_PEER,
        DUPLICATE_ADDRESS,
        TOO_MANY_NODES
    }

    /// The discovery that [Gossiper#discover] began is over.
    record DiscoveryEnded(DiscoveryOutcome outcome) implements GossipEffect {}
}
