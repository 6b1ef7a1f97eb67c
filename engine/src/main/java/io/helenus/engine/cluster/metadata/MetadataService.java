package io.helenus.engine.cluster.metadata;

import io.helenus.engine.cluster.ClusterCodec;
import io.helenus.engine.cluster.ClusterFormatException;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlanner;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.agreement.Agreement;
import io.helenus.engine.cluster.agreement.AgreementCodec;
import io.helenus.engine.cluster.agreement.AgreementEffect;
import io.helenus.engine.cluster.agreement.AgreementMessage;
import io.helenus.engine.cluster.agreement.AgreementRecord;
import io.helenus.engine.cluster.agreement.AgreementRules;
import io.helenus.engine.cluster.agreement.AgreementSettings;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.error.NewerVersionException;
import io.helenus.engine.messaging.Message;
import io.helenus.engine.messaging.Messenger;
import io.helenus.engine.messaging.Verb;
import io.helenus.engine.metadata.MetadataHistory;
import io.helenus.engine.metadata.MetadataLog;
import io.helenus.engine.metadata.NodeIdentity;
import io.helenus.engine.schema.TableSchema;
import io.helenus.gossip.Endpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The metadata log, running; see the package. Any thread.
///
/// It begins with [#restore], [#create] or [#join], and talks to others once it is connected.
public final class MetadataService implements ClusterMetadata {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataService.class);
    private static final long WAKE_NANOS_MIN = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long WRITE_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int WARNED_MAX = 1_000;
    private static final int BAD_REQUEST = 256;

    /// Who is there to talk to.
    private record Network(Messenger messenger, Predicate<Endpoint> isUp) {}

    private final NodeIdentity identity;
    private final MetadataEnvironment environment;
    private final List<ClusterListener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable ClusterState current;

    /// Up to which nothing that follows from a change is left to be done. Written by the applier.
    private volatile @Nullable ClusterState settled;

    private volatile long appliedEpoch;
    private volatile @Nullable String halted;
    private volatile @Nullable Network network;

    // Of the owner.
    private final MetadataLog log;
    private final Agreement agreement;
    private final NavigableMap<UUID, CompletableFuture<Outcome>> proposals = new TreeMap<>();
    private final PendingRecords pending;
    private final TreeSet<Endpoint> warned = new TreeSet<>();
    private boolean writesAgain;
    private long durableEpoch;
    private boolean wakes;
    private long wakeAtNanos;
    private boolean closed;

    // Of the applier.
    private boolean cleansUp; // what an earlier process has left to be done
    private final EpochWaiters waiting = new EpochWaiters();

    /// @param log belongs to the owner from now on; it is closed by who opened it
    /// @param self where other nodes reach this one
    /// @param views tables of `system_views`, which are code and not in the log
    public MetadataService(
            MetadataLog log,
            NodeIdentity identity,
            Endpoint self,
            Collection<TableSchema> views,
            AgreementSettings settings,
            MetadataEnvironment environment) {
        this.log = log;
        this.identity = identity;
        this.environment = environment;
        pending = new PendingRecords(log, identity);
        agreement =
                new Agreement(
                        settings,
                        AgreementRules.STANDARD,
                        identity.hostId(),
                        self,
                        environment.random(),
                        views);
    }

    // ---- beginnings

    /// Takes up what the log had. In the thread that made this object, before others use it.
    ///
    /// @throws io.helenus.engine.metadata.CorruptMetadataException if that makes no sense
    public void restore(MetadataHistory history) {
        List<AgreementRecord> records = new ArrayList<>();
        long offset = 0;
        AtomicReference<ClusterState> beginning = new AtomicReference<>();
        try {
            for (MetadataHistory.AgreedRecords written : history.agreed()) {
                offset = written.offset();
                for (ByteBuffer bytes : written.records()) {
                    records.add(AgreementRecord.of(bytes));
                }
            }
            agreement.restore(
                    records,
                    now(),
                    (before, after) -> {
                        boolean _ = beginning.compareAndSet(null, before);
                        history.noteDropped(before.schema(), after.schema());
                    });
        } catch (ClusterFormatException e) {
            if (e.getCause() instanceof NewerVersionException newer) {
                throw history.newer(offset, newer);
            }
            throw history.corrupt(offset, String.valueOf(e.getMessage()));
        }
        ClusterState state = agreement.state();
        current = state;
        settled = beginning.get() == null ? state : beginning.get();
        cleansUp = true;
        durableEpoch = agreement.epoch();
        appliedEpoch = durableEpoch;
        post(() -> run(List::of)); // wakes it up from now on
    }

    /// What an earlier process had not done of what follows from its changes is done now.
    public void cleanedUp() {
        toApplier(() -> {
            cleansUp = false;
            settled = current;
        });
    }

    /// Makes a cluster of this node alone. Complete when that is durable.
    public CompletionStage<ClusterState> create(ClusterState first, long timeoutNanos) {
        return begin(() -> agreement.create(first, now()), first.epoch(), timeoutNanos);
    }

    /// Gets the state of a cluster from these nodes. Complete when it is durable.
    ///
    /// @param others of whom one is enough
    public CompletionStage<ClusterState> join(Collection<Endpoint> others, long timeoutNanos) {
        return begin(() -> agreement.join(others, null, now()), 1, timeoutNanos);
    }

    private CompletionStage<ClusterState> begin(
            Supplier<List<AgreementEffect>> action, long epoch, long timeoutNanos) {
        CompletableFuture<ClusterState> result = new CompletableFuture<>();
        post(() -> {
            try {
                run(action);
            } catch (RuntimeException e) {
                boolean _ = result.completeExceptionally(e);
                return;
            }
            String why = halted;
            if (why != null) {
                boolean _ = result.completeExceptionally(new IOException(why));
                return;
            }
            var _ =
                    reached(epoch, timeoutNanos)
                            .whenComplete((state, failure) -> {
                                boolean _ =
                                        failure == null
                                                ? result.complete(state)
                                                : result.completeExceptionally(failure);
                            });
        });
        return result;
    }

    /// Talks to other nodes from now on. Once, before the messenger is started.
    ///
    /// @param isUp whether it is worth waiting for a node
    public void connect(Messenger messenger, Predicate<Endpoint> isUp) {
        messenger.register(Verb.METADATA, environment.owner(), this::onMessage);
        messenger.register(Verb.METADATA_EPOCH, environment.owner(), this::onEpochAsked);
        network = new Network(messenger, isUp);
    }

    /// Takes no part any more: proposals that wait fail. Complete when the owner has nothing to do.
    public CompletionStage<Boolean> close() {
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        try {
            environment
                    .owner()
                    .execute(() -> {
                        closed = true;
                        List<CompletableFuture<Outcome>> left = List.copyOf(proposals.values());
                        proposals.clear();
                        toApplier(() ->
                                left.forEach(each -> {
                                    boolean _ = each.completeExceptionally(ended());
                                }));
                        boolean _ = result.complete(true);
                    });
        } catch (RejectedExecutionException e) {
            boolean _ = result.complete(false); // it was closed before
        }
        return result;
    }

    private static IllegalStateException ended() {
        return new IllegalStateException("The node ends");
    }

    // ---- what others see

    @Override
    public UUID hostId() {
        return identity.hostId();
    }

    @Override
    public @Nullable ClusterState current() {
        return current;
    }

    @Override
    public long epoch() {
        return appliedEpoch;
    }

    @Override
    public @Nullable String halted() {
        return halted;
    }

    @Override
    public void addListener(ClusterListener listener) {
        listeners.add(listener);
    }

    @Override
    public void removeListener(ClusterListener listener) {
        listeners.remove(listener);
    }

    @Override
    public CompletionStage<Outcome> propose(ClusterPlanner planner) {
        return propose(this::newProposal, planner, false);
    }

    @Override
    public CompletionStage<Outcome> propose(UUID proposalId, ClusterPlanner planner) {
        return propose(() -> proposalId, planner, true);
    }

    private UUID newProposal() {
        return new UUID(environment.random().nextLong(), environment.random().nextLong());
    }

    private CompletionStage<Outcome> propose(
            Supplier<UUID> proposalId, ClusterPlanner planner, boolean again) {
        CompletableFuture<Outcome> result = new CompletableFuture<>();
        try {
            environment.owner().execute(() -> begin(proposalId.get(), planner, again, result));
        } catch (RejectedExecutionException e) {
            boolean _ = result.completeExceptionally(ended());
        }
        return result;
    }

    private void begin(
            UUID id, ClusterPlanner planner, boolean again, CompletableFuture<Outcome> result) {
        String wrong = null;
        if (closed) {
            wrong = "The node ends";
        } else if (agreement.state() == null) {
            wrong = "The node is in no cluster yet";
        } else if (proposals.containsKey(id)) {
            wrong = "Proposal %s is waiting already".formatted(id);
        }
        if (wrong != null) {
            boolean _ = result.completeExceptionally(new IllegalStateException(wrong));
            return;
        }
        proposals.put(id, result);
        try {
            run(() ->
                    again
                            ? agreement.proposeAgain(id, planner, now())
                            : agreement.propose(id, planner, now()));
        } catch (RuntimeException e) {
            LOG.error("A proposal failed", e);
            proposals.remove(id);
            boolean _ = result.completeExceptionally(e);
        }
    }

    @Override
    public CompletionStage<ClusterState> reached(long epoch, long timeoutNanos) {
        CompletableFuture<ClusterState> result = new CompletableFuture<>();
        toApplier(() -> {
            ClusterState present = current;
            if (present != null && appliedEpoch >= epoch) {
                boolean _ = result.complete(present);
                return;
            }
            waiting.add(epoch, result);
            environment.timer().after(timeoutNanos, () -> toApplier(() -> giveUp(epoch, result)));
        });
        return result;
    }

    private void giveUp(long epoch, CompletableFuture<ClusterState> result) {
        boolean isLate =
                result.completeExceptionally(
                        new TimeoutException(
                                "Epoch %d was not reached in time, this node is at %d"
                                        .formatted(epoch, appliedEpoch)));
        if (isLate) {
            waiting.forgetTold(epoch);
        }
    }

    @Override
    public CompletionStage<List<ClusterNode>> agreed(long epoch, long timeoutNanos) {
        CompletableFuture<List<ClusterNode>> result = new CompletableFuture<>();
        Network known = network;
        ClusterState state = current;
        List<ClusterNode> others = new ArrayList<>();
        if (known != null && state != null) {
            for (ClusterNode node : state.nodes().values()) {
                if (!node.hostId().equals(hostId()) && known.isUp.test(node.endpoint())) {
                    others.add(node);
                }
            }
        }
        if (known == null || others.isEmpty()) {
            return CompletableFuture.completedStage(List.of());
        }
        post(() -> {
            EpochPoll poll =
                    new EpochPoll(
                            others,
                            silent ->
                                    toApplier(() -> {
                                        boolean _ = result.complete(silent);
                                    }));
            poll.begin(known.messenger, epoch, timeoutNanos, environment.owner());
        });
        return result;
    }

    /// Somebody was heard to be at this epoch.
    public void onPeerEpoch(Endpoint peer, long epoch) {
        if (epoch > appliedEpoch) {
            post(() -> run(() -> agreement.onPeerEpoch(peer, epoch, now())));
        }
    }

    // ---- on the owner

    private long now() {
        return environment.nanoTime().getAsLong();
    }

    private void post(Runnable task) {
        execute(environment.owner(), task);
    }

    private void toApplier(Runnable task) {
        execute(environment.applier(), task);
    }

    private static void execute(Executor executor, Runnable task) {
        try {
            executor.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException e) {
                    LOG.error("Looking after the metadata failed", e);
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("The node ends", e);
        }
    }

    private void onMessage(Endpoint from, Message message) {
        AgreementMessage decoded;
        try {
            decoded = AgreementCodec.decode(message.payload());
        } catch (ClusterFormatException e) {
            if (warned.size() < WARNED_MAX && warned.add(from)) {
                LOG.warn("A message of {} on metadata makes no sense: {}", from, e.getMessage());
            }
            return;
        }
        run(() -> agreement.onMessage(from, decoded, now()));
    }

    private void onEpochAsked(Endpoint from, Message message) {
        Network known = network;
        if (known == null) {
            return;
        }
        Long epoch = EpochPoll.decode(message.payload());
        if (epoch == null) {
            known.messenger.fail(from, message, BAD_REQUEST, "an epoch has 8 bytes");
            return;
        }
        run(() -> agreement.onPeerEpoch(from, epoch, now()));
        var _ =
                reached(epoch, message.deadlineNanos() - now())
                        .whenComplete((_, failure) -> {
                            if (failure == null) {
                                known.messenger.respond(
                                        from, message, EpochPoll.encode(appliedEpoch));
                            }
                        });
    }

    private void run(Supplier<List<AgreementEffect>> action) {
        if (closed) {
            return;
        }
        List<AgreementEffect> effects = action.get();
        while (!effects.isEmpty()) {
            effects = perform(effects);
        }
        scheduleWake();
    }

    private void scheduleWake() {
        long now = now();
        long after = Math.max(WAKE_NANOS_MIN, agreement.wakeAfterNanos(now));
        long at = now + after;
        if (wakes && wakeAtNanos - at <= 0) {
            return;
        }
        wakes = true;
        wakeAtNanos = at;
        environment.timer().after(after, () -> post(() -> wake(at)));
    }

    private void wake(long at) {
        if (wakes && wakeAtNanos == at) {
            wakes = false;
            run(() -> agreement.onTick(now()));
        }
    }

    /// @return what is to be done next
    private List<AgreementEffect> perform(List<AgreementEffect> effects) {
        String broken = null;
        for (AgreementEffect effect : effects) {
            switch (effect) {
                case AgreementEffect.Send(Endpoint to, AgreementMessage message) ->
                        send(to, message);
                case AgreementEffect.Append(long sequence, AgreementRecord record) ->
                        pending.add(sequence, record);
                case AgreementEffect.Rewrite(long sequence, List<AgreementRecord> records) -> {
                    String failure = rewrite(sequence, records);
                    broken = broken == null ? failure : broken;
                }
                case AgreementEffect.Applied(ClusterState before, ClusterState after, _) -> {
                    durableEpoch = after.epoch();
                    toApplier(() -> apply(before, after));
                }
                case AgreementEffect.Answer(UUID id, Outcome outcome) -> answer(id, outcome);
                case AgreementEffect.Halted(String why) -> {
                    halted = why;
                    LOG.error("This node takes no part in agreeing on metadata any more: {}", why);
                }
                case AgreementEffect.Warned(_, String text) -> LOG.warn("{}", text);
            }
        }
        if (broken != null) {
            return agreement.onDiskFailure(broken, now());
        }
        return write();
    }

    private void send(Endpoint to, AgreementMessage message) {
        Network known = network;
        if (known == null) {
            LOG.debug("Nothing can be sent yet: {} to {}", message, to);
            return;
        }
        byte[] bytes = AgreementCodec.encode(message);
        known.messenger.send(to, Verb.METADATA, ByteBuffer.wrap(bytes));
    }

    private void answer(UUID id, Outcome outcome) {
        CompletableFuture<Outcome> result = proposals.remove(id);
        if (result != null) {
            toApplier(() -> {
                boolean _ = result.complete(outcome);
            });
        }
    }

    /// @return why what is on disk is not known, or null if it is
    private @Nullable String rewrite(long sequence, List<AgreementRecord> records) {
        List<AgreementRecord> content = new ArrayList<>(records);
        ClusterState done = settled;
        if (done != null && done.epoch() < agreement.epoch()) {
            // Or a crash would leave the files of tables that nobody remembers.
            content.addFirst(
                    new AgreementRecord.Snapshot(ByteBuffer.wrap(ClusterCodec.encode(done))));
        }
        // Nothing is in it that is not in the file there is: then that may stay in use.
        boolean isNews = durableEpoch != agreement.epoch() || !pending.isEmpty();
        try {
            pending.rewrite(content);
        } catch (IOException e) {
            LOG.error("{} could not be written anew", log.describe(), e);
            if (isNews || !log.isWhole()) {
                return String.valueOf(e.getMessage());
            }
        }
        pending.rewritten(sequence);
        return null;
    }

    /// Forces what is to be written.
    private List<AgreementEffect> write() {
        if (pending.isEmpty()) {
            return List.of();
        }
        long forced;
        try {
            forced = pending.force();
        } catch (IOException e) {
            return notWritten(e);
        }
        return agreement.onForced(forced, now());
    }

    private List<AgreementEffect> notWritten(IOException failure) {
        String why = String.valueOf(failure.getMessage());
        if (!log.isWhole()) {
            pending.forget();
            return agreement.onDiskFailure(why, now());
        }
        long only = pending.only();
        if (only != 0 && agreement.mayTakeBack(only)) {
            LOG.error("{} could not be written", log.describe(), failure);
            pending.forget();
            return agreement.onNotWritten(only, why, now());
        }
        LOG.error("{} could not be written, it is tried again", log.describe(), failure);
        if (!writesAgain) {
            writesAgain = true;
            environment.timer().after(WRITE_AGAIN_NANOS, () -> post(() -> run(this::again)));
        }
        return agreement.onWriteDelayed(why, now());
    }

    private List<AgreementEffect> again() {
        writesAgain = false;
        return write();
    }

    // ---- on the applier

    private void apply(@Nullable ClusterState before, ClusterState after) {
        current = after;
        for (ClusterListener listener : listeners) {
            try {
                listener.changed(before, after);
            } catch (RuntimeException e) {
                LOG.error("A listener of the cluster's state failed", e);
            }
        }
        appliedEpoch = after.epoch();
        if (!cleansUp) {
            settled = after;
        }
        waiting.reached(after);
    }
}
