package io.helenus.engine.messaging;

import java.util.PriorityQueue;

/// A clock and a timer that go on when a test says so. One thread.
final class ManualTime implements Timer {
    private record Event(long atNanos, long order, Runnable action) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>((a, b) ->
                    a.atNanos != b.atNanos
                            ? Long.compare(a.atNanos, b.atNanos)
                            : Long.compare(a.order, b.order));
    private long nowNanos = 1_000;
    private long order;

    long nanoTime() {
        return nowNanos;
    }

    @Override
    public void after(long delayNanos, Runnable action) {
        events.add(new Event(nowNanos + Math.max(delayNanos, 0), order++, action));
    }

    /// Runs what is due within this time.
    void pass(long nanos) {
        long end = nowNanos + nanos;
        for (Event next = events.peek();
                next != null && next.atNanos <= end;
                next = events.peek()) {
            events.remove();
            nowNanos = next.atNanos;
            next.action.run();
        }
        nowNanos = end;
    }

    int waiting() {
        return events.size();
    }
}
