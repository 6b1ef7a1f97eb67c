package io.helenus.engine.node;

import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlanner;
import io.helenus.engine.cluster.ClusterPlans;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.NodeState;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.cluster.metadata.MetadataEnvironment;
import io.helenus.engine.cluster.metadata.MetadataService;
import io.helenus.engine.messaging.Timer;
import io.helenus.engine.metadata.MetadataHistory;
import io.helenus.engine.metadata.MetadataLog;
import io.helenus.engine.metadata.MetadataRecord;
import io.helenus.engine.metadata.NodeIdentity;
import io.helenus.engine.metadata.SchemaStore;
import io.helenus.engine.schema.TableSchema;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.Location;
import io.helenus.gossip.ring.Member;
import io.helenus.gossip.ring.Ring;
import io.helenus.gossip.ring.TokenAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's part in what its cluster agrees on: its metadata log with the threads that look after it,
/// who the node is, and its way into the cluster. Any thread; what begins and what enters waits, and is for
/// the thread that starts the node.
final class NodeMetadata implements AutoCloseable {
    /// Where the metadata is, in the data directory.
    static final String DIRECTORY = "metadata";

    private static final Logger LOG = LoggerFactory.getLogger(NodeMetadata.class);
    private static final long WAIT_SECONDS = 30; // for the disk, and for the state of a cluster
    private static final long ENTER_SECONDS = 60;
    private static final long AGAIN_SECONDS = 5;
    private static final long END_SECONDS = 10;

    /// Copies of each row that tokens are chosen for.
    private static final int REPLICATION_FACTOR = 3;

    private final NodeOptions options;
    private final MetadataLog log;
    private final MetadataHistory history;
    private final NodeIdentity identity;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final ScheduledThreadPoolExecutor owner;
    private final Timer timer;
    private final ThreadPoolExecutor applier;
    private final MetadataService service;
    private final AtomicBoolean announcing = new AtomicBoolean();
    private final AtomicBoolean filling = new AtomicBoolean();
    private volatile @Nullable InetSocketAddress serving; // clients
    private volatile @Nullable String dataRefusal;

    private NodeMetadata(
            NodeOptions options,
            MetadataLog log,
            MetadataHistory history,
            NodeIdentity identity,
            List<TableSchema> views,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.options = options;
        this.log = log;
        this.history = history;
        this.identity = identity;
        this.nanoTime = nanoTime;
        this.random = random;
        owner = new ScheduledThreadPoolExecutor(1, NodeThreads.factory("helenus-metadata"));
        owner.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        timer = NodeThreads.timer(owner);
        applier =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        NodeThreads.factory("helenus-metadata-apply"));
        service =
                new MetadataService(
                        log,
                        identity,
                        self(),
                        views,
                        options.cluster().agreement(),
                        new MetadataEnvironment(owner, applier, timer, nanoTime, random));
    }

    /// Reads the log. A node that has to ask nobody is a cluster when this returns; one with seeds is, if
    /// it was part of one before.
    ///
    /// @throws IOException if the directory cannot be read or is of another cluster
    static NodeMetadata open(
            NodeOptions options,
            NodeFiles.Metadata files,
            List<TableSchema> views,
            LongSupplier nanoTime,
            RandomGenerator random)
            throws IOException {
        Path directory = options.dataDirectory().resolve(DIRECTORY);
        MetadataLog log = MetadataLog.open(files.in(directory), random);
        NodeMetadata made = null;
        try {
            MetadataHistory history = new MetadataHistory(log, views);
            NodeIdentity identity = identity(history.identity(), options, random);
            made = new NodeMetadata(options, log, history, identity, views, nanoTime, random);
            made.begin();
            return made;
        } catch (IOException | RuntimeException e) {
            if (made == null) {
                log.close();
            } else {
                made.close();
            }
            throw e;
        }
    }

    private static NodeIdentity identity(
            @Nullable NodeIdentity known, NodeOptions options, RandomGenerator random)
            throws IOException {
        if (known == null) {
            UUID hostId =
                    new UUID(
                            random.nextLong() & 0xFFFFFFFFFFFF0FFFL | 0x4000L,
                            random.nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L);
            return new NodeIdentity(hostId, options.clusterName(), List.of());
        }
        if (!known.clusterName().equals(options.clusterName())) {
            throw new IOException(
                    "Data directory %s belongs to cluster '%s', not to '%s'"
                            .formatted(
                                    options.dataDirectory(),
                                    known.clusterName(),
                                    options.clusterName()));
        }
        return known;
    }

    private void begin() throws IOException {
        boolean wasAlone = !identity.tokens().isEmpty(); // of a release in which all nodes were
        if (!history.agreed().isEmpty()) {
            service.restore(history);
            requireNode();
            if (service.state().nodes().size() == 1) {
                updateAddresses();
            }
        } else if (wasAlone || otherSeeds().isEmpty()) {
            create();
        } else if (history.identity() == null) {
            log.append(new MetadataRecord.Identity(identity));
        }
        service.addListener(this::keepUp);
        judge(service.current());
    }

    /// Data are not replicated yet: a node of several has only its own.
    private void judge(@Nullable ClusterState state) {
        if (state == null || state.node(identity.hostId()) == null) {
            dataRefusal = "This node is no node of its cluster";
        } else if (state.nodes().size() == 1) {
            dataRefusal = null;
        } else {
            dataRefusal =
                    ("This cluster has %d nodes, and data are not replicated between nodes yet:"
                                    + " tables of users can be neither read nor written. Only a"
                                    + " node that is alone serves them")
                            .formatted(state.nodes().size());
        }
    }

    /// Why tables of users are not served; null if they are.
    @Nullable String dataRefusal() {
        return dataRefusal;
    }

    /// Of a cluster of one; what nobody needs to know is not written.
    private void updateAddresses() throws IOException {
        ClusterNode known = service.state().node(identity.hostId());
        if (known != null && !joining().equals(joining(known))) {
            Outcome outcome = await(service.propose(ClusterPlans.update(joining())), WAIT_SECONDS);
            if (!(outcome instanceof Outcome.Committed)) {
                throw new IOException(failure("This node's addresses cannot be changed", outcome));
            }
        }
    }

    private void requireNode() throws IOException {
        if (service.state().node(identity.hostId()) == null) {
            throw new IOException(
                    ("Data directory %s is of node %s, which is not in cluster '%s' (any more); a new"
                                    + " node needs an empty directory")
                            .formatted(
                                    options.dataDirectory(),
                                    identity.hostId(),
                                    options.clusterName()));
        }
    }

    /// Makes a cluster of this node alone.
    void create() throws IOException {
        ClusterNode first = joining().withTokens(firstTokens());
        ClusterState state =
                ClusterState.ofSingleNode(options.clusterName(), first, history.schema());
        var _ = await(service.create(state, nanos(WAIT_SECONDS)), WAIT_SECONDS);
    }

    private List<Long> firstTokens() {
        if (!identity.tokens().isEmpty()) {
            return identity.tokens();
        }
        if (!options.tokens().isEmpty()) {
            return options.tokens();
        }
        long[] tokens =
                TokenAllocator.allocate(
                        Ring.builder().build(),
                        new Member(identity.hostId(), self(), location()),
                        options.tokenCount(),
                        REPLICATION_FACTOR,
                        random);
        return Arrays.stream(tokens).boxed().toList();
    }

    // ---- who the node is

    MetadataService service() {
        return service;
    }

    NodeIdentity identity() {
        return identity;
    }

    Endpoint self() {
        return Endpoint.of(new InetSocketAddress(options.listenAddress(), options.storagePort()));
    }

    private Location location() {
        return new Location(options.datacenter(), options.rack());
    }

    /// Tokens that this node owns, or will own.
    List<Long> tokens() {
        ClusterState state = service.current();
        ClusterNode node = state == null ? null : state.node(identity.hostId());
        return node == null ? List.of() : node.tokens();
    }

    /// A store with the schema that the log led to.
    SchemaStore newSchemaStore() {
        ClusterState state = service.current();
        return new SchemaStore(state == null ? history.schema() : state.schema());
    }

    List<MetadataHistory.Dropped> dropped(SchemaStore store) {
        return history.dropped(store.schema());
    }

    /// Seeds without the node itself.
    List<Endpoint> otherSeeds() {
        return options.cluster().seeds().stream().filter(seed -> !seed.equals(self())).toList();
    }

    /// Whether there is another node, or may be.
    boolean hasOthers() {
        ClusterState state = service.current();
        return !otherSeeds().isEmpty() || (state != null && state.nodes().size() > 1);
    }

    private ClusterPlans.Joining joining() {
        ClusterState state = service.current();
        ClusterNode known = state == null ? null : state.node(identity.hostId());
        InetSocketAddress listening = serving;
        InetSocketAddress clients = listening != null ? listening : options.nativeAddress();
        Endpoint told =
                clients == null
                        ? Endpoint.of(options.listenAddress().getAddress(), 0)
                        : Endpoint.of(clients);
        if (told.port() == 0 && known != null) { // the port is known when it listens
            told = Endpoint.of(told.address().getAddress(), known.nativeEndpoint().port());
        }
        return joining(self(), told, location(), Node.RELEASE_VERSION);
    }

    private ClusterPlans.Joining joining(ClusterNode known) {
        return joining(known.endpoint(), known.nativeEndpoint(), known.location(), known.release());
    }

    private ClusterPlans.Joining joining(
            Endpoint nodes, Endpoint clients, Location location, String release) {
        return new ClusterPlans.Joining(
                identity.hostId(),
                nodes,
                clients,
                location,
                release,
                options.tokenCount(),
                REPLICATION_FACTOR);
    }

    // ---- into the cluster

    /// Becomes a node of the cluster that these belong to. Waits for it.
    ///
    /// @throws IOException if the cluster does not want this node, or cannot decide
    void join(Collection<Endpoint> contacts) throws IOException {
        ClusterState state = await(service.join(contacts, nanos(WAIT_SECONDS)), WAIT_SECONDS);
        if (!state.name().equals(options.clusterName())) {
            throw new IOException(
                    "The cluster is '%s', not '%s'".formatted(state.name(), options.clusterName()));
        }
        LOG.info("Joining {}", state);
        enter();
    }

    /// Takes the steps into the cluster that are left. Waits for them.
    void enter() throws IOException {
        long deadline = nanoTime.getAsLong() + nanos(ENTER_SECONDS);
        ClusterState present = service.state();
        ClusterNode known = present.node(identity.hostId());
        ClusterNode holder = present.node(self());
        if (known == null && holder != null) {
            throw new IOException(
                    ("Address %s is of node %s; if that one does not come back, remove it with"
                                    + " 'helenus node removenode %s' first")
                            .formatted(self(), holder.hostId(), holder.hostId()));
        }
        if (known == null) {
            step(ClusterPlans.register(joining(), options.tokens(), random), deadline);
        }
        if (known == null || known.state() == NodeState.JOINING) {
            // There is nothing to be fetched from others yet.
            ClusterState state = step(ClusterPlans.finishJoin(identity.hostId()), deadline);
            LOG.info("This node is part of {}", state);
        } else {
            announce();
        }
        keepMembers(service.state());
    }

    private ClusterState step(ClusterPlanner planner, long deadlineNanos) throws IOException {
        while (true) {
            Outcome outcome = await(service.propose(planner), ENTER_SECONDS);
            switch (outcome) {
                case Outcome.Committed(_, ClusterState state) -> {
                    return state;
                }
                case Outcome.Unchanged(ClusterState state) -> {
                    return state;
                }
                case Outcome.Refused _ ->
                        throw new IOException(failure("The cluster refuses this node", outcome));
                case Outcome.Unavailable _, Outcome.Unknown _ -> {
                    if (nanoTime.getAsLong() - deadlineNanos >= 0) {
                        throw new IOException(
                                failure("The cluster cannot take this node in", outcome));
                    }
                    LOG.warn("{}; it is tried again", failure("Joining takes long", outcome));
                }
            }
        }
    }

    static String failure(String what, Outcome outcome) {
        return what
                + switch (outcome) {
                    case Outcome.Committed _, Outcome.Unchanged _ -> "";
                    case Outcome.Refused refused -> ": " + refused.why().getMessage();
                    case Outcome.Unavailable unavailable -> ": " + unavailable.why();
                    case Outcome.Unknown unknown -> ": " + unknown.why();
                };
    }

    /// Clients are served at this address.
    void serving(@Nullable InetSocketAddress address) {
        serving = address;
        ClusterState state = service.current();
        if (state != null && state.nodes().size() > 1) {
            announce();
        }
    }

    // ---- out of the cluster

    /// Takes this node out. Complete with the outcome that ended it: unchanged if it is out.
    CompletionStage<Outcome> leave() {
        UUID hostId = identity.hostId();
        return all(ClusterPlans.fillMembers()) // there may be nobody else who decides yet
                .thenCompose(filled -> next(filled, ClusterPlans.startLeave(hostId)))
                .thenCompose(leaving -> next(leaving, ClusterPlans.remove(hostId)));
    }

    /// Takes another one out, which is down for good. Complete with the outcome that ended it: unchanged if
    /// it is out, and another one decides in its place.
    CompletionStage<Outcome> remove(UUID hostId) {
        return all(ClusterPlans.remove(hostId))
                .thenCompose(removed -> next(removed, ClusterPlans.fillMembers()));
    }

    private CompletionStage<Outcome> next(Outcome last, ClusterPlanner planner) {
        return last instanceof Outcome.Unchanged
                ? all(planner)
                : CompletableFuture.completedStage(last);
    }

    /// Proposes until nothing is left to change, or something is in the way.
    private CompletionStage<Outcome> all(ClusterPlanner planner) {
        return service.propose(planner)
                .thenCompose(outcome ->
                        outcome instanceof Outcome.Committed
                                ? all(planner)
                                : CompletableFuture.completedStage(outcome));
    }

    // ---- from then on

    private void keepUp(@Nullable ClusterState before, ClusterState after) {
        judge(after);
        UUID hostId = identity.hostId();
        if (after.node(hostId) == null) {
            if (before != null && before.node(hostId) != null) {
                LOG.error("This node, {}, is no node of {} any more", hostId, after);
            }
            return;
        }
        if (after.nodes().size() > 1) {
            announce();
        }
        keepMembers(after);
    }

    /// Tells the others where this node is if that has changed.
    private void announce() {
        ClusterState state = service.current();
        ClusterNode known = state == null ? null : state.node(identity.hostId());
        ClusterPlans.Joining now = joining();
        if (known == null || now.equals(joining(known)) || !announcing.compareAndSet(false, true)) {
            return;
        }
        var _ =
                service.propose(ClusterPlans.update(now))
                        .whenComplete((outcome, failure) -> {
                            announcing.set(false);
                            if (outcome instanceof Outcome.Refused) {
                                LOG.error(
                                        "{}", failure("This node cannot be where it is", outcome));
                            } else if (failure == null) {
                                again(outcome, this::announce);
                            }
                        });
    }

    /// Becomes a metadata member if there are too few and this node is the next.
    private void keepMembers(ClusterState state) {
        boolean isNext = identity.hostId().equals(state.suggestedMember());
        if (!isNext || !filling.compareAndSet(false, true)) {
            return;
        }
        var _ =
                service.propose(ClusterPlans.fillMembers())
                        .whenComplete((outcome, failure) -> {
                            filling.set(false);
                            if (failure == null) {
                                again(outcome, () -> keepMembers(service.state()));
                            }
                        });
    }

    private void again(Outcome outcome, Runnable attempt) {
        if (outcome instanceof Outcome.Unavailable || outcome instanceof Outcome.Unknown) {
            LOG.warn("{}; it is tried again", failure("A change was not agreed on", outcome));
            timer.after(nanos(AGAIN_SECONDS), attempt);
        }
    }

    // ---- threads

    private static long nanos(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    private static <T> T await(CompletionStage<T> stage, long seconds) throws IOException {
        try {
            return stage.toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new IOException("The cluster's metadata cannot be had: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new IOException("The cluster's metadata cannot be had in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("The start was interrupted", e);
        }
    }

    /// Agrees on nothing more, and carries out nothing more.
    void end() {
        try {
            var _ = service.close().toCompletableFuture().get(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("Proposals that wait are given up", e);
        }
        owner.shutdown();
        try {
            boolean _ = owner.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
            applier.shutdown();
            boolean _ = applier.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        end();
        log.close();
    }
}
