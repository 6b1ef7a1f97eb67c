package io.helenus.engine.transport;

import io.helenus.engine.query.BoundValues;
import io.helenus.engine.query.Request;
import io.helenus.sstable.model.ByteWriter;
import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;

/// What one event loop reuses from message to message. Its loop's thread alone touches it, except
/// for [#publish] and the counters.
final class LoopState {
    /// Scratch arrays that grew beyond this are not kept.
    private static final int KEPT_BYTES_MAX = 1 << 20;

    private static final int KEPT_VALUES_MAX = 256;
    private static final long RETRY_MILLIS = 1;

    final Shared shared;
    final EventLoop eventLoop;
    final LoopCounters counters = new LoopCounters();
    final Dispatcher dispatcher;

    final Request request = new Request();
    final BodyReader reader = new BodyReader();
    final ByteWriter prefix = new ByteWriter(64);
    final ByteWriter noPrefix = new ByteWriter(0);
    final ByteWriter header = new ByteWriter(16);
    final CRC32 crc = new CRC32();
    final byte[] metadataId = new byte[16];

    /// Result bodies; see [#bodyWriter].
    private ByteWriter body = new ByteWriter(16 << 10);

    private byte[] input = new byte[16 << 10];
    private byte[] plain = new byte[0];
    private byte[] packed = new byte[0];
    private byte[] unpacked = new byte[0];
    private final List<BoundValues> batchValues = new ArrayList<>();
    private Deferred spare = new Deferred(this);

    /// Requests that the reader pool had no room for, in order.
    private final Queue<Deferred> waiting = new ArrayDeque<>();

    private boolean retryScheduled;

    /// Connections with answers that were not flushed yet.
    private final List<Connection> unflushed = new ArrayList<>();

    private final Runnable flusher = this::flushAll;

    /// Connections that registered for events.
    final Set<Connection> subscribers = new LinkedHashSet<>();

    /// Filled by any thread, emptied by the loop.
    private final Queue<ServerEvent> events = new ConcurrentLinkedQueue<>();

    private final Runnable deliverer = this::deliverEvents;

    /// Set while messages are taken from a buffer: nothing else may use the scratch space.
    boolean busy;

    LoopState(Shared shared, EventLoop eventLoop) {
        this.shared = shared;
        this.eventLoop = eventLoop;
        dispatcher = new Dispatcher(this);
    }

    /// An empty writer. One that grew for a large result is not kept.
    ByteWriter bodyWriter() {
        if (body.array().length > KEPT_BYTES_MAX) {
            body = new ByteWriter(16 << 10);
        }
        return body.clear();
    }

    byte[] input(int bytes) {
        if (input.length < bytes) {
            input = new byte[bytes];
        }
        return input;
    }

    byte[] plainScratch(int bytes) {
        if (plain.length >= bytes) {
            return plain;
        }
        byte[] grown = grown(bytes);
        if (bytes <= KEPT_BYTES_MAX) {
            plain = grown;
        }
        return grown;
    }

    byte[] packedScratch(int bytes) {
        if (packed.length >= bytes) {
            return packed;
        }
        byte[] grown = grown(bytes);
        if (bytes <= KEPT_BYTES_MAX) {
            packed = grown;
        }
        return grown;
    }

    /// For a request's decompressed bytes.
    byte[] unpackedScratch(int bytes) {
        if (unpacked.length >= bytes) {
            return unpacked;
        }
        byte[] grown = grown(bytes);
        if (bytes <= KEPT_BYTES_MAX) {
            unpacked = grown;
        }
        return grown;
    }

    private static byte[] grown(int bytes) {
        int rounded = Integer.highestOneBit(Math.max(bytes, 1024) - 1) << 1;
        return new byte[bytes <= KEPT_BYTES_MAX ? rounded : bytes];
    }

    BoundValues batchValues(int index) {
        if (index < batchValues.size()) {
            return batchValues.get(index);
        }
        BoundValues values = new BoundValues();
        if (index < KEPT_VALUES_MAX) {
            batchValues.add(values);
        }
        return values;
    }

    /// The completion for the request that runs now; used up only if the answer comes later.
    Deferred spare() {
        return spare;
    }

    void takeSpare() {
        spare = new Deferred(this);
    }

    /// Runs a request where it may wait. With no room there, its connection waits with it.
    void submit(Deferred deferred) {
        if (waiting.isEmpty() && tryExecute(deferred)) {
            return;
        }
        if (deferred.connection().throwsOnOverload()) {
            deferred.failed(Dispatcher.overloaded());
            return;
        }
        waiting.add(deferred);
        deferred.connection().waitForReaders();
        scheduleRetry();
    }

    private boolean tryExecute(Deferred deferred) {
        try {
            shared.readers.execute(deferred);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    /// Called when something was answered, and from a timer: other loops share the pool.
    void retryWaiting() {
        while (!waiting.isEmpty()) {
            Deferred next = waiting.element();
            if (next.connection().isOpen() && !tryExecute(next)) {
                scheduleRetry();
                return;
            }
            waiting.remove();
            if (!next.connection().isOpen()) {
                next.drop();
            }
            next.connection().readersTookOne();
        }
    }

    private void scheduleRetry() {
        if (!retryScheduled) {
            retryScheduled = true;
            var _ =
                    eventLoop.schedule(
                            () -> {
                                retryScheduled = false;
                                retryWaiting();
                            },
                            RETRY_MILLIS,
                            TimeUnit.MILLISECONDS);
        }
    }

    /// Flushes the connection after the tasks that are queued now: several answers, one write.
    void flushSoon(Connection connection) {
        if (connection.markUnflushed()) {
            if (unflushed.isEmpty()) {
                eventLoop.execute(flusher);
            }
            unflushed.add(connection);
        }
    }

    private void flushAll() {
        int taken = 0;
        try {
            while (taken < unflushed.size()) { // a flush may let a client go on, and add one
                taken++;
                unflushed.get(taken - 1).flushNow();
            }
        } finally {
            unflushed.subList(0, taken).clear();
            if (!unflushed.isEmpty()) { // one has failed: the others have their turn
                eventLoop.execute(flusher);
            }
        }
    }

    /// Any thread. On the loop itself events go out at once, before the answer being computed there.
    void publish(ServerEvent event) {
        events.add(event);
        if (eventLoop.inEventLoop()) {
            deliverEvents();
        } else {
            eventLoop.execute(deliverer);
        }
    }

    private void deliverEvents() {
        ServerEvent event = events.poll();
        while (event != null) {
            // A body writer of its own: a request on this loop may be filling the shared one.
            ByteWriter out = new ByteWriter(128);
            for (Connection connection : List.copyOf(subscribers)) {
                connection.sendEvent(event, out);
            }
            event = events.poll();
        }
    }
}
