package io.helenus.engine.messaging;

import io.helenus.engine.messaging.MessageTransport.DropReason;
import io.helenus.engine.messaging.MessageTransport.Receiver;
import io.helenus.gossip.Endpoint;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this node has to say to another one on one lane: a queue, and the connection that takes from it.
/// Any thread sends; all else happens on the event loop.
final class OutboundLane {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundLane.class);
    private static final int BATCH = 64; // messages that are written before others have their turn
    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private enum State {
        /// No connection, and no reason against one.
        IDLE,
        CONNECTING,
        CONNECTED,
        /// The last attempt failed, the next one comes later.
        WAITING,
        CLOSED
    }

    private final TransportShared shared;
    private final Endpoint to;
    private final Lane lane;
    private final EventLoop loop;
    private final LaneCounters counters;
    private final ByteBudget budget;
    private final Queue<Message> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    // Of the event loop.
    private final Backoff backoff;
    private volatile State state = State.IDLE; // others may look
    private @Nullable Channel channel;
    private volatile @Nullable String lastFailure; // others may look
    private int attempt; // tells timers of earlier attempts apart
    private boolean compress;
    private boolean sweeping;
    private long connectedNanos;
    private long inFlight; // bytes given to the connection and not yet taken by the socket
    private long progressNanos; // when it last took some

    OutboundLane(
            TransportShared shared, Endpoint to, Lane lane, EventLoop loop, LaneCounters counters) {
        this.shared = shared;
        this.to = to;
        this.lane = lane;
        this.loop = loop;
        this.counters = counters;
        budget = new ByteBudget(shared.options().queueBytesMax());
        backoff =
                new Backoff(
                        shared.options().backoffMin().toNanos(),
                        shared.options().backoffMax().toNanos(),
                        shared.random());
    }

    boolean isConnected() {
        return state == State.CONNECTED;
    }

    long queuedBytes() {
        return budget.used();
    }

    /// Why there is no connection; null if there is one, or was no attempt.
    @Nullable String lastFailure() {
        return lastFailure;
    }

    private static long bytes(Message message) {
        return (long) Frame.BYTES + message.payloadBytes();
    }

    /// On any thread.
    void send(Message message) {
        int limit = shared.options().messageBytesMax();
        if (message.payloadBytes() > limit) {
            dropLater(
                    message,
                    DropReason.TOO_LARGE,
                    "a message of %d bytes, the limit is %d"
                            .formatted(message.payloadBytes(), limit));
            return;
        }
        long bytes = bytes(message);
        if (!budget.tryTake(bytes)) {
            dropLater(message, DropReason.QUEUE_FULL, full(to.toString(), budget));
            return;
        }
        if (lane != Lane.URGENT && !shared.outbound().tryTake(bytes)) {
            boolean _ = budget.giveBack(bytes);
            dropLater(message, DropReason.QUEUE_FULL, full("all nodes", shared.outbound()));
            return;
        }
        queue.add(message);
        wake();
    }

    private static String full(String whose, ByteBudget budget) {
        return "%d bytes of messages wait for %s, the limit is %d"
                .formatted(budget.used(), whose, budget.bytesMax());
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            execute(this::drain);
        }
    }

    /// Nothing happens any more once the loops have ended.
    private void execute(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The loop of {} has ended", to, e);
        }
    }

    private void drain() {
        woken.set(false);
        switch (state) {
            case IDLE -> {
                if (!queue.isEmpty()) {
                    connect();
                }
            }
            case CONNECTED -> write();
            case CLOSED -> dropQueued(DropReason.CLOSED, "this node ends");
            case CONNECTING, WAITING -> {} // the end of that looks at the queue
        }
        watch();
    }

    // ---- the connection

    private void connect() {
        state = State.CONNECTING;
        int current = ++attempt;
        ChannelHandler handler = new OutboundConnection(this, greeting(), current);
        ChannelFuture connecting =
                shared.bootstrap().clone().group(loop).handler(handler).connect(to.socketAddress());
        channel = connecting.channel();
        var _ =
                connecting.addListener(done -> {
                    Throwable cause = done.cause();
                    if (cause != null) {
                        failed(current, DropReason.UNREACHABLE, String.valueOf(cause.getMessage()));
                    }
                });
        long patience = 2 * shared.options().connectTimeout().toNanos();
        shared.timer().after(patience, () -> execute(() -> handshakeTimedOut(current)));
    }

    private Handshake.Greeting greeting() {
        boolean wanted = lane == Lane.LARGE && shared.options().compress();
        return new Handshake.Greeting(lane, wanted, shared.clusterName(), shared.self(), to);
    }

    private void handshakeTimedOut(int ofAttempt) {
        if (ofAttempt == attempt && state == State.CONNECTING) {
            failed(ofAttempt, DropReason.UNREACHABLE, "it does not answer");
        }
    }

    /// The other side welcomes this node.
    void connected(int ofAttempt, Channel made, boolean compressing) {
        if (ofAttempt != attempt || state != State.CONNECTING) {
            var _ = made.close();
            return;
        }
        state = State.CONNECTED;
        lastFailure = null;
        compress = compressing;
        connectedNanos = shared.nanoTime().getAsLong();
        progressNanos = connectedNanos;
        counters.connections.increment();
        LOG.debug("Connected to {} ({})", to, lane);
        drain();
    }

    /// The connection could not be made, the other side said no, or it has ended.
    void failed(int ofAttempt, DropReason reason, String text) {
        if (ofAttempt != attempt || state != State.CONNECTING && state != State.CONNECTED) {
            return;
        }
        boolean wasConnected = state == State.CONNECTED;
        state = State.WAITING;
        Channel old = channel;
        channel = null;
        if (old != null) {
            var _ = old.close();
        }
        if (wasConnected) {
            if (lived() > shared.options().backoffMax().toNanos()) {
                backoff.reset();
            }
            LOG.debug("The connection to {} ({}) has ended: {}", to, lane, text);
        } else {
            lastFailure = text;
            dropQueued(reason, "%s cannot be reached: %s".formatted(to, text));
            if (reason == DropReason.REFUSED && shared.limiter().permits("refused by " + to)) {
                LOG.warn("Node {} does not talk to this one: {}", to, text);
            } else {
                LOG.debug("No connection to {} ({}): {}", to, lane, text);
            }
        }
        long wait;
        synchronized (shared.random()) {
            wait = reason == DropReason.REFUSED ? backoff.longest() : backoff.next();
        }
        shared.timer().after(wait, () -> execute(() -> retry(ofAttempt)));
    }

    private long lived() {
        return shared.nanoTime().getAsLong() - connectedNanos;
    }

    private void retry(int ofAttempt) {
        if (ofAttempt == attempt && state == State.WAITING) {
            state = State.IDLE;
            drain();
        }
    }

    /// On any thread.
    void peerIsBack() {
        execute(() -> {
            backoff.reset();
            if (state == State.WAITING) {
                state = State.IDLE;
                drain();
            }
        });
    }

    // ---- the queue

    /// There is room in the socket again.
    void writable() {
        if (state == State.CONNECTED) {
            drain();
        }
    }

    private void write() {
        Channel target = channel;
        if (target == null) {
            return;
        }
        writeTo(target, BATCH);
        if (target.isWritable() && !queue.isEmpty()) {
            wake();
        }
    }

    private void writeTo(Channel target, int messagesMax) {
        boolean wrote = false;
        for (int i = 0; i < messagesMax && target.isWritable(); i++) {
            Message message = queue.poll();
            if (message == null) {
                break;
            }
            long now = shared.nanoTime().getAsLong();
            if (message.deadlineNanos() - now < 0) {
                drop(message, DropReason.EXPIRED, "it could not be sent to %s in time", to);
                continue;
            }
            long bytes = bytes(message);
            ByteBuf frame = Frame.encode(target.alloc(), message, compress, now);
            if (inFlight == 0) {
                progressNanos = now;
            }
            inFlight += bytes;
            int length = frame.readableBytes();
            var _ =
                    target.write(frame)
                            .addListener(done -> written(message, bytes, length, done.cause()));
            wrote = true;
        }
        if (wrote) {
            var _ = target.flush();
        }
    }

    private void written(Message message, long bytes, int length, @Nullable Throwable failure) {
        inFlight -= bytes;
        if (failure == null) {
            progressNanos = shared.nanoTime().getAsLong();
            counters.sent.increment();
            counters.sentBytes.add(length);
            giveBack(message);
        } else {
            drop(message, DropReason.CONNECTION_LOST, "the connection to %s broke", to);
        }
    }

    private void giveBack(Message message) {
        long bytes = bytes(message);
        boolean _ = budget.giveBack(bytes);
        if (lane != Lane.URGENT) {
            boolean _ = shared.outbound().giveBack(bytes);
        }
    }

    /// Looks after what cannot be sent at once.
    private void watch() {
        if (!sweeping && state != State.CLOSED && (inFlight > 0 || !queue.isEmpty())) {
            sweeping = true;
            shared.timer().after(SWEEP_NANOS, () -> execute(this::sweep));
        }
    }

    private void sweep() {
        sweeping = false;
        long now = shared.nanoTime().getAsLong();
        queue.removeIf(message -> {
            boolean expired = message.deadlineNanos() - now < 0;
            if (expired) {
                drop(message, DropReason.EXPIRED, "it could not be sent to %s in time", to);
            }
            return expired;
        });
        boolean stalled = now - progressNanos > shared.options().stallTimeout().toNanos();
        if (state == State.CONNECTED && inFlight > 0 && stalled) {
            LOG.info("Node {} has taken nothing for long: the connection is given up", to);
            failed(attempt, DropReason.CONNECTION_LOST, "it took nothing for too long");
        }
        watch();
    }

    /// Drops what waits now, not what comes meanwhile.
    private void dropQueued(DropReason reason, String text) {
        for (int left = queue.size(); left > 0; left--) {
            Message message = queue.poll();
            if (message == null) {
                return;
            }
            giveBack(message);
            tell(message, reason, text);
        }
    }

    private void drop(Message message, DropReason reason, String format, Endpoint about) {
        giveBack(message);
        tell(message, reason, format.formatted(about));
    }

    /// What was never queued; not within the call that sends.
    private void dropLater(Message message, DropReason reason, String text) {
        execute(() -> tell(message, reason, text));
    }

    private void tell(Message message, DropReason reason, String text) {
        counters.dropped(reason);
        Receiver receiver = shared.receiverNow();
        if (receiver != null) {
            receiver.onDropped(to, message, reason, text);
        }
    }

    /// Writes what is queued, if there is a connection, and ends. On any thread.
    void close() {
        execute(() -> {
            Channel last = channel;
            if (last != null && state == State.CONNECTED) {
                writeTo(last, Integer.MAX_VALUE);
                var _ =
                        last.writeAndFlush(Unpooled.EMPTY_BUFFER)
                                .addListener(ChannelFutureListener.CLOSE);
            } else if (last != null) {
                var _ = last.close();
            }
            state = State.CLOSED;
            channel = null;
            dropQueued(DropReason.CLOSED, "this node ends");
        });
    }
}
