package io.helenus.gossip.exchange;

/// The decisions that keep the exchange right, one method each. Production uses [#STANDARD]; tests
/// override single ones to see that a simulation finds out. Nothing else is to be derived from it.
public class GossipRules {
    public static final GossipRules STANDARD = new GossipRules();

    protected GossipRules() {}

    /// Whether a state is newer than what is known. A restarted node counts its versions from the
    /// start again, so its generation goes first.
    public boolean newer(long generation, long version, long knownGeneration, long knownVersion) {
        return generation != knownGeneration
                ? generation > knownGeneration
                : version > knownVersion;
    }

    /// Whether a delta leaves no gap after what is known. Without that, what was said in the gap
    /// would be taken for known and never be asked for.
    public boolean connects(NodeDelta delta, long knownGeneration, long knownVersion) {
        return delta.fromVersion() <= (delta.generation() == knownGeneration ? knownVersion : 0);
    }

    /// Whether a generation is no further in the future than clocks may be apart. One that is would
    /// outlast every restart of its node.
    public boolean credible(long generation, long latestCredible) {
        return generation <= latestCredible;
    }

    /// Whether a node has to answer before it counts as up. Hearing of it does not mean that it can
    /// be reached.
    public boolean answersBeforeUp() {
        return true;
    }

    /// Whether a removed node stays unknown although others still talk of it.
    public boolean staysRemoved(long generation, long removedGeneration, boolean inQuarantine) {
        return inQuarantine || generation <= removedGeneration;
    }

    /// Whether a node's heartbeat goes into a message, given whether all its entries before it do.
    /// Whoever gets it takes them for known.
    public boolean heartbeatGoesAlong(boolean allEntriesFit) {
        return allEntriesFit;
    }
}
