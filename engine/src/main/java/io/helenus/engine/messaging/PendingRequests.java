package io.helenus.engine.messaging;

import io.helenus.gossip.Endpoint;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The requests that wait for their answers. Deadlines are kept by [#TICK_NANOS]: all of one tick share
/// a timer, so a request costs no timer of its own. Any thread.
final class PendingRequests {
    /// How late a time-out may come.
    static final long TICK_NANOS = 10_000_000;

    /// One request.
    record Pending(Endpoint to, Verb verb, Executor executor, ResponseHandler handler) {}

    /// Ids whose deadline is in the same tick.
    private static final class Ids {
        private long[] ids = new long[4];
        private int count;

        void add(long id) {
            if (count == ids.length) {
                ids = Arrays.copyOf(ids, 2 * count);
            }
            ids[count++] = id;
        }

        void forEach(LongConsumer consumer) {
            for (int i = 0; i < count; i++) {
                consumer.accept(ids[i]);
            }
        }
    }

    private final LongSupplier nanoTime;
    private final Timer timer;
    private final LongConsumer timedOut;
    private final long originNanos; // ticks count from here
    private final ConcurrentHashMap<Long, Pending> byId = new ConcurrentHashMap<>();
    private final TreeMap<Long, Ids> byTick = new TreeMap<>(); // guarded by itself
    private long armedTick = Long.MAX_VALUE; // guarded by byTick; the next one with a timer

    /// @param timedOut told the id of each request that is still there when its time is over
    PendingRequests(LongSupplier nanoTime, Timer timer, LongConsumer timedOut) {
        this.nanoTime = nanoTime;
        this.timer = timer;
        this.timedOut = timedOut;
        originNanos = nanoTime.getAsLong();
    }

    void add(long id, long deadlineNanos, Pending pending) {
        byId.put(id, pending);
        long tick = Math.ceilDiv(deadlineNanos - originNanos, TICK_NANOS);
        synchronized (byTick) {
            byTick.computeIfAbsent(tick, _ -> new Ids()).add(id);
            arm(tick);
        }
    }

    /// Holds the lock.
    private void arm(long tick) {
        if (tick < armedTick) {
            armedTick = tick;
            long elapsed = nanoTime.getAsLong() - originNanos;
            timer.after(Math.max(tick * TICK_NANOS - elapsed, 0), this::sweep);
        }
    }

    private void sweep() {
        Ids expired = new Ids();
        synchronized (byTick) {
            long now = Math.floorDiv(nanoTime.getAsLong() - originNanos, TICK_NANOS);
            for (Map.Entry<Long, Ids> first = byTick.firstEntry();
                    first != null && first.getKey() <= now;
                    first = byTick.firstEntry()) {
                byTick.pollFirstEntry().getValue().forEach(expired::add);
            }
            armedTick = Long.MAX_VALUE;
            if (!byTick.isEmpty()) {
                arm(byTick.firstKey());
            }
        }
        expired.forEach(id -> {
            if (byId.containsKey(id)) {
                timedOut.accept(id);
            }
        });
    }

    /// The request, which is none any more; null if it was answered or given up before.
    @Nullable Pending remove(long id) {
        return byId.remove(id);
    }

    /// Null if it is not there, or is for another node: an answer of one that was not asked.
    @Nullable Pending remove(long id, Endpoint from) {
        Pending pending = byId.get(id);
        return pending != null && pending.to().equals(from) && byId.remove(id, pending)
                ? pending
                : null;
    }

    int count() {
        return byId.size();
    }

    /// Ascending.
    long[] ids() {
        return byId.keySet().stream().mapToLong(Long::longValue).sorted().toArray();
    }
}
