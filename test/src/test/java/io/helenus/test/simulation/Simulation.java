package io.helenus.test.simulation;

import static java.util.Comparator.comparingLong;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;
import java.util.zip.CRC32C;

/// Virtual time, what is going to happen in it, and the trace of what has.
final class Simulation {
    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;

    private static final int LINES_KEPT = 400;
    private static final int EVENTS_MAX = 2_000_000;
    private static final long FNV_START = 0xcbf29ce484222325L;
    private static final long SCRAMBLER = 0x9e3779b97f4a7c15L;
    private static final long FNV_PRIME = 0x100000001b3L;

    /// Something that must not happen has. The message has seed and time.
    static final class Failure extends AssertionError {
        private static final long serialVersionUID = 1;

        Failure(long seed, long nowNanos, String what) {
            super("seed %d, at %d ms: %s".formatted(seed, nowNanos / MILLI, what));
        }
    }

    private record Event(long atNanos, long order, Runnable action) {}

    final long seed;
    final Random random;
    private final boolean keepsLines;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>( // the order settles ties alike in every run
                    comparingLong(Event::atNanos).thenComparingLong(Event::order));
    private final Deque<String> lines = new ArrayDeque<>();
    private long nowNanos;
    private long order;
    private long hash = FNV_START;

    /// @param keepsLines whether to keep the trace's text, not only its hash
    Simulation(long seed, boolean keepsLines) {
        this.seed = seed;
        this.keepsLines = keepsLines;
        random = new Random(seed * SCRAMBLER); // else neighbours begin alike
    }

    long nowNanos() {
        return nowNanos;
    }

    void after(long nanos, Runnable action) {
        events.add(new Event(nowNanos + Math.max(0, nanos), order++, action));
        if (order > EVENTS_MAX) {
            throw failure("over " + EVENTS_MAX + " events");
        }
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

    /// From the lower bound to below the upper one.
    long between(long from, long to) {
        return random.nextLong(from, to);
    }

    /// From the lower bound to about the upper one; each order of magnitude is as likely as another.
    long spread(long from, long to) {
        int doublings = Long.SIZE - Long.numberOfLeadingZeros(to / from);
        long low = from << random.nextInt(doublings);
        return between(low, 2 * low);
    }

    boolean happens(double probability) {
        return random.nextDouble() < probability;
    }

    // ---- trace

    void trace(long kind, long value, byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        mix(nowNanos);
        mix(kind);
        mix(value);
        mix(crc.getValue());
    }

    private void mix(long value) {
        hash = (hash ^ value) * FNV_PRIME;
        hash ^= hash >>> 29;
    }

    /// For people; not part of the hash.
    void say(Supplier<String> line) {
        if (keepsLines) {
            lines.addLast("%9.3f ms  %s".formatted((double) nowNanos / MILLI, line.get()));
        }
    }

    long traceHash() {
        return hash;
    }

    List<String> lines() {
        return new ArrayList<>(lines);
    }

    String lastLines() {
        List<String> all = lines();
        return String.join("\n", all.subList(Math.max(0, all.size() - LINES_KEPT), all.size()));
    }

    Failure failure(String what) {
        say(() -> "FAILURE " + what);
        return new Failure(seed, nowNanos, what);
    }
}
