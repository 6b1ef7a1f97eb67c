package io.helenus.engine.cluster.gossip;

import io.helenus.engine.messaging.Message;
import io.helenus.engine.messaging.Verb;
import io.helenus.gossip.Endpoint;
import io.helenus.gossip.exchange.DiscoveryOutcome;
import io.helenus.gossip.exchange.GossipCodec;
import io.helenus.gossip.exchange.GossipEffect;
import io.helenus.gossip.exchange.GossipFormatException;
import io.helenus.gossip.exchange.GossipMessage;
import io.helenus.gossip.exchange.Gossiper;
import io.helenus.gossip.exchange.NodeView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One node's gossip, running; see the package. Any thread.
public final class GossipService {
    private static final Logger LOG = LoggerFactory.getLogger(GossipService.class);

    private final GossipEnvironment environment;
    private final long intervalNanos;
    private final Endpoint self;
    private final List<GossipListener> listeners = new CopyOnWriteArrayList<>();
    private volatile SortedSet<Endpoint> live = new TreeSet<>(); // others; replaced by the owner

    // Of the owner.
    private final Gossiper gossiper;
    private @Nullable CompletableFuture<DiscoveryOutcome> discovery;
    private boolean ticking;
    private boolean stopped;
    private long nextTickNanos;

    /// @param gossiper belongs to the service from now on
    /// @param intervalNanos between ticks
    public GossipService(Gossiper gossiper, long intervalNanos, GossipEnvironment environment) {
        this.gossiper = gossiper;
        this.intervalNanos = intervalNanos;
        this.environment = environment;
        self = gossiper.self();
        environment.messenger().register(Verb.GOSSIP, environment.owner(), this::onMessage);
    }

    /// Listeners hear of what comes after.
    public void addListener(GossipListener listener) {
        listeners.add(listener);
    }

    public void removeListener(GossipListener listener) {
        listeners.remove(listener);
    }

    /// Asks the seeds whether there is a cluster. Complete when that is known, on the owner.
    public CompletionStage<DiscoveryOutcome> discover() {
        CompletableFuture<DiscoveryOutcome> outcome = new CompletableFuture<>();
        post(() -> {
            discovery = outcome;
            perform(gossiper.discover(nanoTime(), wallMicros()));
            startTicking();
        });
        return outcome;
    }

    /// Takes part in the exchange from now on.
    ///
    /// @param clusterId null as long as the node is a member of none
    public void join(@Nullable UUID clusterId) {
        post(() -> {
            environment.local().tell(gossiper::set);
            gossiper.start(clusterId);
            startTicking();
        });
    }

    /// The node has become a member of a cluster with this id.
    public void joined(UUID clusterId) {
        post(() -> gossiper.joined(clusterId));
    }

    /// Forgets a node that is none of the cluster any more.
    public void remove(Endpoint endpoint) {
        post(() -> perform(gossiper.remove(endpoint, nanoTime(), wallMicros())));
    }

    /// Tells all that this node goes down, and says nothing more. Complete when that is on its way.
    public CompletionStage<Void> shutdown() {
        return ask(
                        () -> {
                            stopped = true;
                            perform(gossiper.shutdown());
                            return true;
                        })
                .thenAccept(_ -> {});
    }

    /// Whether a node can be reached; this one can.
    public boolean isUp(Endpoint endpoint) {
        return endpoint.equals(self) || live.contains(endpoint);
    }

    /// Other nodes that are up, by address.
    public SortedSet<Endpoint> live() {
        return Collections.unmodifiableSortedSet(live);
    }

    /// All nodes that are known, this one included, by address.
    public CompletionStage<List<GossipNode>> nodes() {
        return ask(() -> {
            List<GossipNode> nodes = new ArrayList<>();
            for (NodeView view : gossiper.nodes()) {
                nodes.add(new GossipNode(view, gossiper.entries(view.endpoint())));
            }
            return List.copyOf(nodes);
        });
    }

    public CompletionStage<Long> generation() {
        return ask(gossiper::generation);
    }

    private <T> CompletionStage<T> ask(Supplier<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        try {
            environment
                    .owner()
                    .execute(() -> {
                        try {
                            boolean _ = answer.complete(question.get());
                        } catch (RuntimeException e) {
                            boolean _ = answer.completeExceptionally(e);
                        }
                    });
        } catch (RuntimeException e) {
            boolean _ = answer.completeExceptionally(e); // the owner has ended
        }
        return answer;
    }

    private void post(Runnable task) {
        environment
                .owner()
                .execute(() -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.error("Gossip failed", e);
                    }
                });
    }

    private long nanoTime() {
        return environment.nanoTime().getAsLong();
    }

    private long wallMicros() {
        return environment.wallMicros().getAsLong();
    }

    // ---- on the owner

    private void startTicking() {
        if (!ticking) {
            ticking = true;
            nextTickNanos = nanoTime();
            scheduleTick();
        }
    }

    /// After a pause there is one tick, not all those that were missed.
    private void scheduleTick() {
        long now = nanoTime();
        nextTickNanos += intervalNanos;
        if (nextTickNanos - now < 0) {
            nextTickNanos = now + intervalNanos;
        }
        environment.timer().after(nextTickNanos - now, () -> post(this::tick));
    }

    private void tick() {
        if (stopped) {
            return;
        }
        try {
            if (gossiper.isMember()) {
                environment.local().tell(gossiper::set);
            }
            perform(gossiper.onTick(nanoTime(), wallMicros()));
        } finally {
            scheduleTick();
        }
    }

    private void onMessage(Endpoint from, Message message) {
        GossipMessage decoded;
        try {
            decoded = GossipCodec.decode(message.payload());
        } catch (GossipFormatException e) {
            LOG.debug("A gossip message of {} makes no sense", from, e);
            return;
        }
        perform(gossiper.onMessage(from, decoded, nanoTime(), wallMicros()));
    }

    private void perform(List<GossipEffect> effects) {
        for (GossipEffect effect : effects) {
            switch (effect) {
                case GossipEffect.Send send -> send(send.to(), send.message());
                case GossipEffect.Discovered found -> {
                    LOG.info("Node {} is known now", found.endpoint());
                    tell(each -> each.discovered(found.endpoint(), found.generation()));
                }
                case GossipEffect.Restarted again -> {
                    LOG.info("Node {} has restarted", again.endpoint());
                    tell(each -> each.restarted(again.endpoint(), again.generation()));
                }
                case GossipEffect.Changed changed ->
                        tell(each ->
                                each.changed(changed.endpoint(), changed.key(), changed.value()));
                case GossipEffect.Up up -> up(up.endpoint());
                case GossipEffect.Down down -> down(down);
                case GossipEffect.GenerationRaised raised -> raise(raised.generation());
                case GossipEffect.Warned warned -> LOG.warn("{}", warned.text());
                case GossipEffect.DiscoveryEnded ended -> end(ended.outcome());
            }
        }
    }

    private void send(Endpoint to, GossipMessage message) {
        byte[] bytes;
        try {
            bytes = GossipCodec.encode(message);
        } catch (IllegalArgumentException e) {
            LOG.error("A gossip message to {} could not be made", to, e);
            return;
        }
        environment.messenger().send(to, Verb.GOSSIP, ByteBuffer.wrap(bytes));
    }

    private void up(Endpoint endpoint) {
        LOG.info("Node {} is up", endpoint);
        SortedSet<Endpoint> more = new TreeSet<>(live);
        more.add(endpoint);
        live = more;
        tell(each -> each.up(endpoint));
    }

    private void down(GossipEffect.Down down) {
        LOG.info(
                switch (down.reason()) {
                    case CONVICTED -> "Node {} is down: it was silent for too long (phi {})";
                    case SHUT_DOWN -> "Node {} is down: it said so";
                    case REMOVED -> "Node {} is down: it was removed";
                    case RESTARTED -> "Node {} was down: it has restarted";
                },
                down.endpoint(),
                down.phi());
        SortedSet<Endpoint> fewer = new TreeSet<>(live);
        fewer.remove(down.endpoint());
        live = fewer;
        tell(each -> each.down(down.endpoint(), down.reason(), down.phi()));
    }

    private void raise(long generation) {
        try {
            environment.generations().save(generation);
        } catch (IOException e) {
            LOG.error("The generation {} could not be saved", generation, e);
        }
    }

    private void end(DiscoveryOutcome outcome) {
        CompletableFuture<DiscoveryOutcome> waiting = discovery;
        discovery = null;
        if (waiting != null) {
            boolean _ = waiting.complete(outcome);
        }
    }

    private void tell(Consumer<GossipListener> news) {
        for (GossipListener listener : listeners) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                LOG.error("A listener of gossip failed", e);
            }
        }
    }
}
