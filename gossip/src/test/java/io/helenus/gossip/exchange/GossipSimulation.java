package io.helenus.gossip.exchange;

import static java.util.Comparator.comparingLong;

import io.helenus.gossip.Endpoint;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Many gossipers in one thread, with virtual time, from one seed. Messages are lost, late, doubled
/// and overtake each other; links fail, also in one direction; nodes crash and start again.
final class GossipSimulation {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    static final long START_WALL_MICROS = 1_800_000_000L * 1_000_000;
    static final ClusterIdentity CLUSTER =
            new ClusterIdentity("Test", "org.example.Murmur3", new UUID(1, 2));
    private static final int PORT = 7000;

    /// What the network does to a message.
    record Network(double loss, double doubled, long delayNanosMin, long delayNanosMax) {
        static final Network GOOD = new Network(0, 0, MILLI, 20 * MILLI);

        Network withLoss(double other) {
            return new Network(other, doubled, delayNanosMin, delayNanosMax);
        }
    }

    private record Event(long atNanos, long order, Runnable action) {}

    /// One node: what survives a restart, and what runs.
    static final class Node {
        final Endpoint endpoint;
        final UUID hostId;
        final int index;
        long generation;
        long wallSkewMicros;
        int lives;
        @Nullable Gossiper running;

        /// What it said, by generation and version.
        final TreeMap<Long, TreeMap<Long, StateEntry>> history = new TreeMap<>();

        Node(int index) {
            this.index = index;
            endpoint = Endpoint.ipv4(0x0a000001 + index, PORT);
            hostId = new UUID(7, index);
        }

        Gossiper gossiper() {
            Gossiper present = running;
            if (present == null) {
                throw new IllegalStateException(endpoint + " does not run");
            }
            return present;
        }
    }

    final List<Node> nodes = new ArrayList<>();
    final Random random;
    Network network = Network.GOOD;
    long nowNanos;
    long traceHash = 0xcbf29ce484222325L;
    long messages;
    long bytes;
    int messageBytesMax;

    /// Effects other than messages, with the node that they are of.
    BiConsumer<Node, GossipEffect> onEffect = (_, _) -> {};

    /// After each message and tick.
    BiConsumer<Node, Gossiper> onStep = (_, _) -> {};

    private final GossipSettings settings;
    private final GossipRules rules;
    private final boolean throughBytes;
    private final List<Endpoint> seeds = new ArrayList<>();
    private final TreeMap<Endpoint, Node> byEndpoint = new TreeMap<>();
    private final boolean[][] blocked; // from, to
    private final long[][] openNanos; // when the link was last known to be open
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(comparingLong(Event::atNanos).thenComparingLong(Event::order));
    private long order;

    /// @param throughBytes whether each message is encoded and decoded (and counted in the hash)
    GossipSimulation(
            long seed,
            int count,
            int seedNodes,
            GossipSettings settings,
            GossipRules rules,
            boolean throughBytes) {
        random = new Random(seed);
        this.settings = settings;
        this.rules = rules;
        this.throughBytes = throughBytes;
        blocked = new boolean[count][count];
        openNanos = new long[count][count];
        for (int i = 0; i < count; i++) {
            Node node = new Node(i);
            nodes.add(node);
            byEndpoint.put(node.endpoint, node);
            if (i < seedNodes) {
                seeds.add(node.endpoint);
            }
        }
    }

    Node node(Endpoint endpoint) {
        Node node = byEndpoint.get(endpoint);
        if (node == null) {
            throw new IllegalArgumentException("No node " + endpoint);
        }
        return node;
    }

    // ---- what the test does

    Gossiper start(Node node) {
        Gossiper made = create(node);
        made.start(CLUSTER.clusterId());
        return made;
    }

    /// Makes the gossiper and its ticks, without letting it take part.
    Gossiper create(Node node) {
        node.generation = Generations.next(node.generation, wallMicros(node));
        RandomGenerator own = new SplittableRandom(random.nextLong());
        Gossiper made =
                new Gossiper(
                        settings,
                        CLUSTER,
                        node.endpoint,
                        node.hostId,
                        node.generation,
                        seeds,
                        own,
                        rules);
        node.running = made;
        int life = ++node.lives;
        TreeMap<Long, StateEntry> said = new TreeMap<>();
        said.put(1L, new StateEntry(StateKey.HOST_ID.number(), 1, node.hostId.toString()));
        node.history.put(node.generation, said);
        set(node, StateKey.DATA_CENTER, "dc" + node.index % 2);
        set(node, StateKey.RACK, "rack" + node.index % 3);
        set(node, StateKey.RELEASE_VERSION, "5.0.6");
        set(node, StateKey.SCHEMA_VERSION, node.hostId.toString());
        after(random.nextLong(settings.intervalNanos()), () -> tick(node, life));
        return made;
    }

    void set(Node node, StateKey key, String value) {
        Gossiper gossiper = node.gossiper();
        gossiper.set(key, value);
        NodeDigest digest = gossiper.digest(node.endpoint);
        TreeMap<Long, StateEntry> said = node.history.get(node.generation);
        if (digest == null || said == null) {
            throw new IllegalStateException("A node knows itself");
        }
        said.put(digest.version(), new StateEntry(key.number(), digest.version(), value));
    }

    void crash(Node node) {
        node.running = null;
        node.lives++;
    }

    void block(Node from, Node to, boolean value) {
        if (!blocked[from.index][to.index]) {
            openNanos[from.index][to.index] = nowNanos;
        }
        blocked[from.index][to.index] = value;
    }

    void healAll() {
        for (Node from : nodes) {
            for (Node to : nodes) {
                block(from, to, false);
            }
        }
    }

    /// When a message could last go from one to the other.
    long lastOpenNanos(Node from, Node to) {
        return blocked[from.index][to.index] ? openNanos[from.index][to.index] : nowNanos;
    }

    void perform(Node node, List<GossipEffect> effects) {
        for (GossipEffect effect : effects) {
            if (effect instanceof GossipEffect.Send(Endpoint to, GossipMessage message)) {
                send(node, node(to), message);
                continue;
            }
            if (effect instanceof GossipEffect.GenerationRaised(long generation)) {
                TreeMap<Long, StateEntry> said = node.history.get(node.generation);
                node.history.put(generation, new TreeMap<>(said == null ? new TreeMap<>() : said));
                node.generation = generation;
            }
            onEffect.accept(node, effect);
        }
    }

    void after(long nanos, Runnable action) {
        events.add(new Event(nowNanos + nanos, order++, action));
    }

    void runFor(long nanos) {
        long end = nowNanos + nanos;
        Event next = events.peek();
        while (next != null && next.atNanos <= end) {
            events.poll();
            nowNanos = next.atNanos; // time moves only here
            next.action.run();
            next = events.peek();
        }
        nowNanos = end;
    }

    long wallMicros(Node node) {
        return START_WALL_MICROS + nowNanos / 1_000 + node.wallSkewMicros;
    }

    // ---- what happens by itself

    private void tick(Node node, int life) {
        Gossiper gossiper = node.running;
        if (gossiper == null || node.lives != life) {
            return;
        }
        perform(node, gossiper.onTick(nowNanos, wallMicros(node)));
        onStep.accept(node, gossiper);
        after(settings.intervalNanos(), () -> tick(node, life));
    }

    private void send(Node from, Node to, GossipMessage message) {
        messages++;
        ByteBuffer encoded = null;
        if (throughBytes) {
            byte[] made = GossipCodec.encode(message);
            encoded = ByteBuffer.wrap(made);
            bytes += made.length;
            messageBytesMax = Math.max(messageBytesMax, made.length);
            trace(nowNanos);
            trace(((long) from.index << 32) + to.index);
            for (byte each : made) {
                trace(each);
            }
        }
        if (blocked[from.index][to.index]
                || network.loss > 0 && random.nextDouble() < network.loss) {
            return;
        }
        int copies = network.doubled > 0 && random.nextDouble() < network.doubled ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            long delay = random.nextLong(network.delayNanosMin, network.delayNanosMax + 1);
            ByteBuffer arriving = encoded == null ? null : encoded.duplicate();
            after(delay, () -> deliver(from, to, message, arriving));
        }
    }

    private void deliver(Node from, Node to, GossipMessage message, @Nullable ByteBuffer encoded) {
        Gossiper gossiper = to.running;
        if (gossiper == null) {
            return;
        }
        GossipMessage arrived = encoded == null ? message : GossipCodec.decode(encoded);
        perform(to, gossiper.onMessage(from.endpoint, arrived, nowNanos, wallMicros(to)));
        onStep.accept(to, gossiper);
    }

    private void trace(long value) {
        traceHash = (traceHash ^ value) * 0x100000001b3L;
    }
}
