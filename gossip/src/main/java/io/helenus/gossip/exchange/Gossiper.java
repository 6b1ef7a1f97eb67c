package io.helenus.gossip.exchange;

import io.helenus.gossip.Endpoint;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One node's part in the exchange: the state machine that the package describes. Each call says
/// what time it is and returns what is to be done, in order. One thread at a time.
public final class Gossiper {
    private static final long MICROS_PER_SECOND = 1_000_000;

    private enum Phase {
        /// Says nothing, or only asks seeds.
        STARTING,
        MEMBER,
        STOPPED
    }

    private final GossipSettings settings;
    private final GossipRules rules;
    private final RandomGenerator random;
    private final UUID hostId;
    private final PeerState own;
    private final PeerTable known = new PeerTable(); // all, the node itself included
    private final RemovedNodes removed;
    private final Liveness liveness;
    private final Reconciliation reconciliation;
    private final Warnings warnings = new Warnings();
    private ClusterIdentity cluster;
    private List<Endpoint> seeds; // without the node itself, sorted
    private boolean isSeed;
    private Phase phase = Phase.STARTING;
    private @Nullable Discovery discovery;
    private long lastVersion;

    // Of the call that runs.
    private final List<GossipEffect> effects = new ArrayList<>();
    private long nowNanos;
    private long wallMicros;

    /// @param generation larger than at each earlier start; [Generations#next]
    /// @param seeds may contain the node itself
    public Gossiper(
            GossipSettings settings,
            ClusterIdentity cluster,
            Endpoint self,
            UUID hostId,
            long generation,
            Collection<Endpoint> seeds,
            RandomGenerator random,
            GossipRules rules) {
        if (generation < 1) {
            throw new IllegalArgumentException(
                    "Generation is " + generation + ", must be at least 1");
        }
        this.settings = settings;
        this.cluster = cluster;
        this.hostId = hostId;
        this.random = random;
        this.rules = rules;
        removed = new RemovedNodes(settings.quarantineNanos(), rules);
        liveness = new Liveness(settings, rules, random, effects);
        own = new PeerState(self, generation);
        own.up = true;
        known.add(own);
        reconciliation = new Reconciliation(settings, rules, random, own, known, removed);
        this.seeds = List.of();
        setSeeds(seeds);
        set(StateKey.HOST_ID, hostId.toString());
    }

    // ---- what the node's owner says

    /// Replaces the seeds, for the exchange from now on and for a later discovery.
    public void setSeeds(Collection<Endpoint> replacement) {
        TreeSet<Endpoint> sorted = new TreeSet<>(replacement);
        isSeed = sorted.remove(own.endpoint);
        seeds = List.copyOf(sorted);
    }

    /// Says something of this node; others get it with the next exchanges.
    public void set(StateKey key, String value) {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > GossipCodec.VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "%s has %d bytes, at most %d are allowed"
                            .formatted(key, bytes, GossipCodec.VALUE_BYTES_MAX));
        }
        if (!value.equals(own.value(key))) {
            own.put(new StateEntry(key.number(), ++lastVersion, value));
        }
    }

    /// Asks the seeds whether there is a cluster, until [GossipEffect.DiscoveryEnded]. Until
    /// [#start] nothing is said of this node.
    public List<GossipEffect> discover(long nowNanos, long wallMicros) {
        begin(nowNanos, wallMicros);
        if (phase != Phase.STARTING) {
            throw new IllegalStateException("The node takes part in gossip already");
        }
        List<Endpoint> all = new ArrayList<>(seeds);
        if (isSeed) {
            all.add(own.endpoint);
        }
        Discovery begun = new Discovery(own.endpoint, hostId, all, settings, nowNanos);
        discovery = begun;
        discoveryTick(begun);
        return end();
    }

    /// Takes part from now on: as a member of this cluster, whose id is known by now, or (null) as
    /// a node that is about to join.
    public void start(@Nullable UUID clusterId) {
        if (phase != Phase.STARTING) {
            throw new IllegalStateException("The node took part in gossip already");
        }
        discovery = null;
        if (clusterId != null) {
            cluster = cluster.withClusterId(clusterId);
        }
        phase = Phase.MEMBER;
    }

    /// The node has become a member of a cluster with this id.
    public void joined(UUID clusterId) {
        cluster = cluster.withClusterId(clusterId);
    }

    /// Tells all that this node goes down, and says nothing more.
    public List<GossipEffect> shutdown() {
        effects.clear();
        if (phase == Phase.MEMBER) {
            for (PeerState peer : liveness.live().all()) {
                send(peer.endpoint, new GossipMessage.Shutdown(own.generation));
            }
        }
        phase = Phase.STOPPED;
        discovery = null;
        return end();
    }

    /// Takes part again after [#shutdown].
    ///
    /// @param generation larger than before: others have written off that one
    public void resume(long generation, long nowNanos) {
        if (phase != Phase.STOPPED) {
            throw new IllegalStateException("The node was not shut down");
        }
        if (generation <= own.generation) {
            throw new IllegalArgumentException(
                    "Generation is %d, must be over %d".formatted(generation, own.generation));
        }
        own.generation = generation;
        phase = Phase.MEMBER;
        liveness.listenAnew(nowNanos);
    }

    /// Forgets a node that is no longer in the cluster, whatever others say of it: anything for the
    /// time of quarantine, and this generation of it for ever.
    public List<GossipEffect> remove(Endpoint endpoint, long nowNanos, long wallMicros) {
        begin(nowNanos, wallMicros);
        if (endpoint.equals(own.endpoint)) {
            throw new IllegalArgumentException("A node does not remove itself: " + endpoint);
        }
        PeerState peer = known.find(endpoint);
        removed.add(endpoint, peer == null ? 0 : peer.generation, nowNanos);
        if (peer != null) {
            liveness.removed(peer);
            known.remove(endpoint);
        }
        return end();
    }

    // ---- what can be asked

    public Endpoint self() {
        return own.endpoint;
    }

    public long generation() {
        return own.generation;
    }

    /// Whether others are told of this node.
    public boolean isMember() {
        return phase == Phase.MEMBER;
    }

    /// The node itself is up.
    public boolean isUp(Endpoint endpoint) {
        PeerState peer = known.find(endpoint);
        return peer != null && peer.up;
    }

    public @Nullable NodeView node(Endpoint endpoint) {
        PeerState peer = known.find(endpoint);
        return peer == null ? null : peer.view();
    }

    /// All that are known, the node itself included, by address.
    public List<NodeView> nodes() {
        List<NodeView> views = new ArrayList<>(known.size());
        known.all().forEach(peer -> views.add(peer.view()));
        return List.copyOf(views);
    }

    /// What a node says of itself, by version; empty if it is not known.
    public List<StateEntry> entries(Endpoint endpoint) {
        PeerState peer = known.find(endpoint);
        return peer == null ? List.of() : peer.entries;
    }

    /// How surprising a node's silence is; 0 if it is not up.
    public double phi(Endpoint endpoint, long atNanos) {
        return liveness.phi(known.find(endpoint), atNanos);
    }

    public int knownCount() {
        return known.size();
    }

    /// How many others are up.
    public int liveCount() {
        return liveness.live().size();
    }

    /// What is known of a node, compared with others' knowledge in simulations.
    public @Nullable NodeDigest digest(Endpoint endpoint) {
        PeerState peer = known.find(endpoint);
        return peer == null ? null : peer.digest();
    }

    // ---- ticks

    /// To be called every [GossipSettings#intervalNanos].
    public List<GossipEffect> onTick(long nowNanos, long wallMicros) {
        begin(nowNanos, wallMicros);
        long pause = liveness.tick(nowNanos);
        if (phase == Phase.STARTING) {
            Discovery running = discovery;
            if (running != null) {
                discoveryTick(running);
            }
        } else if (phase == Phase.MEMBER) {
            if (pause > 0) {
                warn(
                        own.endpoint,
                        GossipEffect.Warning.LOCAL_PAUSE,
                        "This node stood still for %d ms; it convicts nobody for a while"
                                .formatted(pause / 1_000_000));
            }
            own.heartbeat = ++lastVersion;
            liveness.convict(nowNanos);
            gossip();
        }
        return end();
    }

    private void discoveryTick(Discovery running) {
        DiscoveryOutcome outcome = running.onTick(nowNanos);
        if (outcome != null) {
            endDiscovery(outcome);
            return;
        }
        for (Endpoint seed : running.asked()) {
            send(seed, new GossipMessage.ShadowSyn(cluster, wallMicros, hostId));
        }
    }

    private void endDiscovery(DiscoveryOutcome outcome) {
        discovery = null;
        effects.add(new GossipEffect.DiscoveryEnded(outcome));
    }

    /// One live node; now and then one that is down, it may be back; and now and then a seed, so
    /// that parts of the cluster that don't know each other meet.
    private void gossip() {
        GossipMessage.Syn syn = reconciliation.syn(cluster, wallMicros);
        PeerTable live = liveness.live();
        PeerTable down = liveness.down();
        boolean toSeed = false;
        if (live.size() > 0) {
            PeerState chosen = live.get(random.nextInt(live.size()));
            toSeed = seeds.contains(chosen.endpoint);
            send(chosen.endpoint, syn);
        }
        if (down.size() > 0 && random.nextDouble() < (double) down.size() / (live.size() + 1)) {
            send(down.get(random.nextInt(down.size())).endpoint, syn);
        }
        boolean fewKnown = live.size() < seeds.size();
        if (!seeds.isEmpty() && (!toSeed || fewKnown)) {
            double probability = (double) (seeds.size() + (isSeed ? 1 : 0)) / known.size();
            if (live.size() == 0 || random.nextDouble() < probability) {
                send(seeds.get(random.nextInt(seeds.size())), syn);
            }
        }
    }

    // ---- messages

    /// @param from the address by which the sender is known
    public List<GossipEffect> onMessage(
            Endpoint from, GossipMessage message, long nowNanos, long wallMicros) {
        begin(nowNanos, wallMicros);
        if (phase == Phase.STOPPED || from.equals(own.endpoint)) {
            return end();
        }
        boolean member = phase == Phase.MEMBER;
        switch (message) {
            case GossipMessage.ShadowSyn syn -> onShadowSyn(from, syn);
            case GossipMessage.ShadowAck ack -> onShadowAck(from, ack);
            case GossipMessage.Refused refused -> onRefused(from, refused);
            case GossipMessage.Syn syn when member -> onSyn(from, syn);
            case GossipMessage.Ack ack when member -> onAck(from, ack);
            case GossipMessage.Ack2 ack2 when member -> ack2.deltas().forEach(this::apply);
            case GossipMessage.Echo echo when member ->
                    send(from, new GossipMessage.EchoReply(echo.nonce(), own.generation));
            case GossipMessage.EchoReply reply when member -> {
                PeerState peer = known.find(from);
                if (peer != null) {
                    liveness.answered(peer, reply, nowNanos);
                }
            }
            case GossipMessage.Shutdown shutdown when member -> {
                PeerState peer = known.find(from);
                if (peer != null) {
                    liveness.stops(peer, shutdown);
                }
            }
            default -> {} // not before the start
        }
        return end();
    }

    private void onSyn(Endpoint from, GossipMessage.Syn syn) {
        if (refuses(from, syn.cluster(), syn.wallMicros())) {
            return;
        }
        for (NodeDigest digest : syn.digests()) {
            if (digest.endpoint().equals(own.endpoint)) {
                riseAbove(digest.generation(), digest.version());
            }
        }
        GossipMessage.Ack ack = reconciliation.answer(syn, nowNanos);
        if (!ack.requests().isEmpty() || !ack.deltas().isEmpty()) {
            send(from, ack);
        }
    }

    private void onAck(Endpoint from, GossipMessage.Ack ack) {
        ack.deltas().forEach(this::apply);
        List<NodeDelta> deltas = reconciliation.requested(ack.requests());
        if (!deltas.isEmpty()) {
            send(from, new GossipMessage.Ack2(deltas));
        }
    }

    private void onShadowSyn(Endpoint from, GossipMessage.ShadowSyn syn) {
        if (refuses(from, syn.cluster(), syn.wallMicros())) {
            return;
        }
        if (phase != Phase.MEMBER) {
            send(from, new GossipMessage.ShadowAck(false, List.of()));
            return;
        }
        // What may contradict the node that asks goes first.
        List<PeerState> first = new ArrayList<>();
        List<PeerState> rest = new ArrayList<>();
        for (PeerState peer : known.all()) {
            boolean concerned =
                    peer.endpoint.equals(from)
                            || syn.hostId().toString().equals(peer.value(StateKey.HOST_ID));
            (concerned ? first : rest).add(peer);
        }
        DeltaBuilder builder = new DeltaBuilder(settings.deltaBytesMax(), rules);
        first.forEach(peer -> builder.add(peer, 0));
        rest.forEach(peer -> builder.add(peer, 0));
        List<GossipMessage.ShadowNode> nodes = new ArrayList<>();
        for (NodeDelta delta : builder.deltas()) {
            nodes.add(new GossipMessage.ShadowNode(delta, isUp(delta.endpoint())));
        }
        send(from, new GossipMessage.ShadowAck(true, nodes));
    }

    private void onShadowAck(Endpoint from, GossipMessage.ShadowAck ack) {
        Discovery running = discovery;
        if (running == null || !running.asked().contains(from)) {
            return; // too late, or not asked
        }
        DiscoveryOutcome outcome = running.onAnswer(from, ack, nowNanos);
        if (outcome == null) {
            return;
        }
        if (outcome instanceof DiscoveryOutcome.Found found) {
            for (NodeView node : found.nodes()) {
                if (node.endpoint().equals(own.endpoint)) {
                    riseAbove(node.generation(), Long.MAX_VALUE);
                }
            }
        }
        endDiscovery(outcome);
    }

    private void onRefused(Endpoint from, GossipMessage.Refused refused) {
        Discovery running = discovery;
        if (running != null && running.asked().contains(from)) {
            endDiscovery(new DiscoveryOutcome.Refused(from, refused.why()));
            return;
        }
        String text = "%s refuses this node: %s".formatted(from, refused.why());
        warn(from, GossipEffect.Warning.REFUSED_BY_PEER, text);
    }

    /// Whether the sender does not belong to this cluster; it is told so.
    private boolean refuses(Endpoint from, ClusterIdentity other, long senderMicros) {
        String why = cluster.mismatch(other);
        if (why != null) {
            String text = "Node %s does not belong to this cluster: %s".formatted(from, why);
            warn(from, GossipEffect.Warning.FOREIGN_CLUSTER, text);
            send(from, new GossipMessage.Refused(text));
            return true;
        }
        long ahead = senderMicros - wallMicros;
        if (Math.abs(ahead) > settings.clockSkewMicrosMax()) {
            warn(
                    from,
                    GossipEffect.Warning.CLOCK_SKEW,
                    "The clock of %s is %d s %s this node's: writes and expiry go by clocks"
                            .formatted(
                                    from,
                                    Math.abs(ahead) / MICROS_PER_SECOND,
                                    ahead > 0 ? "ahead of" : "behind"));
        }
        return false;
    }

    // ---- state

    private void apply(NodeDelta delta) {
        Endpoint endpoint = delta.endpoint();
        if (endpoint.equals(own.endpoint)) {
            applyToSelf(delta);
            return;
        }
        if (removed.bars(endpoint, delta.generation(), nowNanos)) {
            return;
        }
        PeerState peer = known.find(endpoint);
        long generation = peer == null ? 0 : peer.generation;
        long version = peer == null ? 0 : peer.version();
        if (!rules.newer(delta.generation(), delta.version(), generation, version)) {
            return;
        }
        if (!rules.connects(delta, generation, version)) {
            return;
        }
        if (peer == null) {
            peer = discovered(delta);
        } else if (delta.generation() != generation) {
            peer = restarted(peer, delta);
        }
        if (peer != null) {
            update(peer, delta);
        }
    }

    /// Somebody knows more of this node than it said itself: from an earlier life, or from another
    /// node that has its address.
    private void applyToSelf(NodeDelta delta) {
        for (StateEntry entry : delta.entries()) {
            if (entry.key() == StateKey.HOST_ID.number()
                    && !entry.value().equals(hostId.toString())) {
                String text =
                        "Node %s claims the address of this one, %s, which is node %s"
                                .formatted(entry.value(), own.endpoint, hostId);
                warn(own.endpoint, GossipEffect.Warning.DUPLICATE_ADDRESS, text);
            }
        }
        riseAbove(delta.generation(), delta.version());
    }

    private void riseAbove(long generation, long version) {
        if (!rules.newer(generation, version, own.generation, own.version())
                || !rules.credible(generation, latestCredible())) {
            return;
        }
        own.generation = generation + 1;
        effects.add(new GossipEffect.GenerationRaised(own.generation));
    }

    /// The own generation counts, too: a clock that was set back does not make all others wrong.
    private long latestCredible() {
        return Math.max(wallMicros / MICROS_PER_SECOND, own.generation)
                + settings.generationAheadSecondsMax();
    }

    private boolean refusesGeneration(NodeDelta delta) {
        if (rules.credible(delta.generation(), latestCredible())) {
            return false;
        }
        warn(
                delta.endpoint(),
                GossipEffect.Warning.GENERATION_TOO_NEW,
                "Generation %d of %s is refused: it is more than %d s after this node's clock"
                        .formatted(
                                delta.generation(),
                                delta.endpoint(),
                                settings.generationAheadSecondsMax()));
        return true;
    }

    private @Nullable PeerState discovered(NodeDelta delta) {
        if (refusesGeneration(delta)) {
            return null;
        }
        if (known.size() >= settings.nodesMax()) {
            warn(
                    delta.endpoint(),
                    GossipEffect.Warning.TOO_MANY_NODES,
                    "%s is not accepted: %d nodes are known, the limit is %d"
                            .formatted(delta.endpoint(), known.size(), settings.nodesMax()));
            return null;
        }
        PeerState peer = new PeerState(delta.endpoint(), delta.generation());
        known.add(peer);
        liveness.discovered(peer);
        effects.add(new GossipEffect.Discovered(peer.endpoint, peer.generation));
        return peer;
    }

    private @Nullable PeerState restarted(PeerState peer, NodeDelta delta) {
        if (refusesGeneration(delta)) {
            return null;
        }
        liveness.restarted(peer);
        peer.forget(delta.generation());
        effects.add(new GossipEffect.Restarted(peer.endpoint, peer.generation));
        return peer;
    }

    private void update(PeerState peer, NodeDelta delta) {
        long before = peer.version();
        if (before == 0 && peer.entries.isEmpty()) {
            peer.entries = delta.entries(); // the same list: memory for one, however many know it
            delta.entries().forEach(entry -> changed(peer, entry));
        } else {
            for (StateEntry entry : delta.entries()) {
                if (entry.version() > before) {
                    peer.put(entry);
                    changed(peer, entry);
                }
            }
        }
        peer.heartbeat = Math.max(peer.heartbeat, delta.heartbeat());
        liveness.heardOf(peer, nowNanos);
    }

    private void changed(PeerState peer, StateEntry entry) {
        effects.add(new GossipEffect.Changed(peer.endpoint, entry.key(), entry.value()));
    }

    // ---- effects

    private void begin(long nanos, long micros) {
        nowNanos = nanos;
        wallMicros = micros;
        effects.clear();
    }

    private List<GossipEffect> end() {
        return effects.isEmpty() ? List.of() : List.copyOf(effects);
    }

    private void send(Endpoint to, GossipMessage message) {
        effects.add(new GossipEffect.Send(to, message));
    }

    private void warn(Endpoint about, GossipEffect.Warning warning, String text) {
        warnings.add(effects, nowNanos, about, warning, text);
    }
}
