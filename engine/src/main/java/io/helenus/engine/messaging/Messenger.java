package io.helenus.engine.messaging;

import io.helenus.engine.messaging.PendingRequests.Pending;
import io.helenus.gossip.Endpoint;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Requests and responses over a [MessageTransport]: finds the handler of what comes in, and for each
/// request calls its callback exactly once, with the response or with why there is none. Any thread.
public final class Messenger implements MessageTransport.Receiver, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Messenger.class);

    private record Registered(Executor executor, MessageHandler handler) {}

    private final MessageTransport transport;
    private final LongSupplier nanoTime;
    private final Timer timer;
    private final LongSupplier epoch;
    private final AtomicLong lastId;
    private final PendingRequests pending;
    private final AtomicReferenceArray<@Nullable Registered> handlers =
            new AtomicReferenceArray<>(Verb.values().length);
    private final LongAdder expired = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private final ConcurrentMap<Endpoint, Long> epochs = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /// @param epoch up to which this node has applied the metadata log: every message says it
    /// @param random for the first id, so that answers to an earlier life of this node are told apart
    public Messenger(
            MessageTransport transport,
            LongSupplier nanoTime,
            Timer timer,
            LongSupplier epoch,
            RandomGenerator random) {
        this.transport = transport;
        this.nanoTime = nanoTime;
        this.timer = timer;
        this.epoch = epoch;
        lastId = new AtomicLong(random.nextLong());
        pending = new PendingRequests(nanoTime, timer, this::timedOut);
    }

    /// Takes messages from now on. What has no handler then is refused, so register them before.
    public void start() {
        transport.start(this);
    }

    public Endpoint self() {
        return transport.self();
    }

    /// Names the one handler of a verb.
    public void register(Verb verb, Executor executor, MessageHandler handler) {
        if (verb == Verb.UNKNOWN
                || !handlers.compareAndSet(
                        verb.ordinal(), null, new Registered(executor, handler))) {
            throw new IllegalStateException(verb + " has a handler already, or may have none");
        }
    }

    /// Sends a message that expects no answer; it may be lost.
    public void send(Endpoint to, Verb verb, ByteBuffer payload) {
        if (!closed) {
            long deadline = nanoTime.getAsLong() + verb.lifeNanos();
            send(to, verb, Message.Kind.ONE_WAY, 0, deadline, payload);
        }
    }

    /// Sends a request.
    ///
    /// @param timeoutNanos after which it has failed; it is not even begun by a node that gets it
    ///     later than that
    /// @param executor runs the handler
    public void request(
            Endpoint to,
            Verb verb,
            ByteBuffer payload,
            long timeoutNanos,
            Executor executor,
            ResponseHandler handler) {
        long id = nextId();
        long deadline = nanoTime.getAsLong() + timeoutNanos;
        pending.add(id, deadline, new Pending(to, verb, executor, handler));
        if (closed) {
            timer.after(0, () -> failClosed(id)); // not within this call
            return;
        }
        send(to, verb, Message.Kind.REQUEST, id, deadline, payload);
    }

    /// Answers a request.
    public void respond(Endpoint to, Message request, ByteBuffer payload) {
        answer(to, request, Message.Kind.RESPONSE, payload);
    }

    /// Answers a request by saying why it failed.
    ///
    /// @param code of the verb's own, from 256 to 65535
    public void fail(Endpoint to, Message request, int code, String text) {
        if (code < RemoteFailure.OWN_MIN || code > RemoteFailure.CODE_MAX) {
            throw new IllegalArgumentException(
                    "Code is %d, must be from %d to %d"
                            .formatted(code, RemoteFailure.OWN_MIN, RemoteFailure.CODE_MAX));
        }
        failWith(to, request, code, text);
    }

    private void failWith(Endpoint to, Message request, int code, String text) {
        answer(to, request, Message.Kind.FAILURE, new RemoteFailure(code, text).encode());
    }

    private void answer(Endpoint to, Message request, Message.Kind kind, ByteBuffer payload) {
        if (request.kind() != Message.Kind.REQUEST) {
            throw new IllegalArgumentException(
                    "A message %s of %s wants no answer".formatted(request.kind(), request.verb()));
        }
        send(to, request.verb(), kind, request.id(), request.deadlineNanos(), payload);
    }

    private void send(
            Endpoint to,
            Verb verb,
            Message.Kind kind,
            long id,
            long deadlineNanos,
            ByteBuffer payload) {
        transport.send(to, new Message(verb, kind, id, epoch.getAsLong(), deadlineNanos, payload));
    }

    /// Never 0.
    private long nextId() {
        long id = lastId.incrementAndGet();
        return id == 0 ? lastId.incrementAndGet() : id;
    }

    @Override
    public void onMessage(Endpoint from, Message message, Runnable done) {
        heard(from, message.epoch());
        if (message.kind().isAnswer()) {
            onAnswer(from, message, done);
            return;
        }
        Registered registered = handlers.get(message.verb().ordinal());
        if (registered == null) {
            done.run();
            refuse(from, message, RemoteFailure.UNKNOWN_VERB, "the verb is not known there");
            return;
        }
        try {
            registered.executor().execute(() -> handle(registered.handler(), from, message, done));
        } catch (RejectedExecutionException e) {
            LOG.debug("No room for {} of {}", message.verb(), from, e);
            done.run();
            refuse(from, message, RemoteFailure.OVERLOADED, "too much waits there");
        }
    }

    private void heard(Endpoint from, long epochThere) {
        Long known = epochs.get(from);
        if (known == null || known < epochThere) {
            epochs.merge(from, epochThere, Math::max); // they may overtake each other
        }
    }

    /// Up to which a node has applied the metadata log, at least; 0 if it has said nothing yet.
    public long epochOf(Endpoint node) {
        return epochs.getOrDefault(node, 0L);
    }

    private void refuse(Endpoint from, Message message, int code, String text) {
        if (message.kind() == Message.Kind.REQUEST && !closed) {
            failWith(from, message, code, text);
        }
    }

    private void handle(MessageHandler handler, Endpoint from, Message message, Runnable done) {
        try {
            if (message.deadlineNanos() - nanoTime.getAsLong() < 0) {
                expired.increment(); // whoever sent it does not wait any more
                return;
            }
            handler.onMessage(from, message);
        } catch (RuntimeException e) {
            LOG.error("{} of {} failed", message.verb(), from, e);
            refuse(from, message, RemoteFailure.FAILED, e.toString());
        } finally {
            done.run();
        }
    }

    private void onAnswer(Endpoint from, Message message, Runnable done) {
        Pending request = pending.remove(message.id(), from);
        if (request == null) {
            done.run(); // too late, twice, or of somebody who was not asked
            return;
        }
        try {
            request.executor()
                    .execute(() -> {
                        try {
                            deliver(request, from, message);
                        } finally {
                            done.run();
                        }
                    });
        } catch (RejectedExecutionException e) {
            LOG.warn("An answer of {} to {} finds nobody", from, request.verb(), e);
            done.run();
        }
    }

    private static void deliver(Pending request, Endpoint from, Message message) {
        if (message.kind() == Message.Kind.RESPONSE) {
            request.handler().onResponse(from, message);
            return;
        }
        RemoteFailure failure = RemoteFailure.decode(message.payload());
        request.handler().onFailure(from, failure.toRequestFailure());
    }

    @Override
    public void onDropped(
            Endpoint to, Message message, MessageTransport.DropReason reason, String text) {
        if (message.kind() == Message.Kind.REQUEST) {
            fail(pending.remove(message.id(), to), RequestFailure.of(reason, text));
        }
    }

    private void timedOut(long id) {
        Pending request = pending.remove(id);
        if (request != null) {
            timedOut.increment();
            String text = "%s did not answer %s in time".formatted(request.to(), request.verb());
            fail(request, RequestFailure.Reason.TIMEOUT, text);
        }
    }

    private static void fail(@Nullable Pending request, RequestFailure.Reason reason, String text) {
        fail(request, new RequestFailure(reason, 0, text));
    }

    private static void fail(@Nullable Pending request, RequestFailure failure) {
        if (request == null) {
            return;
        }
        try {
            request.executor().execute(() -> request.handler().onFailure(request.to(), failure));
        } catch (RejectedExecutionException e) {
            LOG.warn("The failure of {} at {} finds nobody", request.verb(), request.to(), e);
        }
    }

    /// Requests that wait for an answer.
    public int pendingCount() {
        return pending.count();
    }

    /// Requests that got no answer in time.
    public long timedOutCount() {
        return timedOut.sum();
    }

    /// Messages of other nodes that were too old when their turn came.
    public long expiredCount() {
        return expired.sum();
    }

    /// Fails all requests that wait; new ones fail at once. The transport is closed by its owner.
    @Override
    public void close() {
        closed = true;
        for (long id : pending.ids()) {
            failClosed(id);
        }
    }

    private void failClosed(long id) {
        fail(pending.remove(id), RequestFailure.Reason.CLOSED, "this node ends");
    }
}
