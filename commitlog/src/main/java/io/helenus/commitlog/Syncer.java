package io.helenus.commitlog;

import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Makes appended bytes durable, in log order, and tells those who wait. [#doWork] belongs to the sync
/// agent's thread; closing takes the same monitor, so it waits for a running force. The other methods
/// are for any thread and never block.
final class Syncer implements LogAgent {
    /// One callback that waits, a link of the stack through which it comes in.
    private static final class Waiter {
        private final long position;
        private final DurabilityCallback callback;
        private long order; // of arrival, among equal positions
        private @Nullable Waiter next;

        Waiter(long position, DurabilityCallback callback) {
            this.position = position;
            this.callback = callback;
        }
    }

    private static final Waiter CLOSED = new Waiter(Long.MAX_VALUE, new NoCallback());

    private static final class NoCallback implements DurabilityCallback {
        @Override
        public void onDurable(long position) {
            // Never called.
        }

        @Override
        public void onFailure(long position, CommitLogException failure) {
            // Never called.
        }
    }

    // Constant after construction.
    private final CommitLog log;
    private final LongSupplier nanoClock;
    private final boolean periodic;
    private final long periodNanos;
    private final long windowNanos;

    // Any thread pushes, the agent takes all.
    private final AtomicReference<@Nullable Waiter> arrivals = new AtomicReference<>();

    // Written by the agent (the waker by the wiring), read by any thread.
    private volatile long durablePosition;
    private volatile boolean forcing;
    private volatile long forceStartedNanos;
    private volatile int waiterCount;
    private volatile long forces;
    private volatile long forceNanos;
    private volatile long lastForceNanos;
    private volatile Runnable waker = () -> {};

    // Guarded by the monitor.
    private final PriorityQueue<Waiter> waiters =
            new PriorityQueue<>(
                    Comparator.<Waiter>comparingLong(waiter -> waiter.position)
                            .thenComparingLong(waiter -> waiter.order));
    private long arrived;
    private boolean everForced;
    private boolean closed;

    Syncer(
            CommitLog log,
            CommitLogOptions options,
            CommitLogEnvironment environment,
            long durablePosition) {
        this.log = log;
        this.durablePosition = durablePosition;
        nanoClock = environment.nanoClock();
        periodic = options.syncMode() == SyncMode.PERIODIC;
        periodNanos = CommitLog.nanos(options.syncPeriod());
        windowNanos =
                options.syncMode() == SyncMode.BATCH ? 0 : CommitLog.nanos(options.groupWindow());
        forceStartedNanos = nanoClock.getAsLong();
    }

    @Override
    public void wakeWith(Runnable newWaker) {
        waker = newWaker;
    }

    void wake() {
        waker.run();
    }

    long durablePosition() {
        return durablePosition;
    }

    /// In periodic mode: whether a force has been running for longer than one and a half periods.
    boolean lags() {
        return periodic
                && forcing
                && nanoClock.getAsLong() - forceStartedNanos > periodNanos + periodNanos / 2;
    }

    void whenDurable(long position, DurabilityCallback callback) {
        Waiter waiter = new Waiter(position, callback);
        Waiter head;
        do {
            head = arrivals.get();
            if (head == CLOSED) {
                callback.onFailure(position, closedFailure());
                return;
            }
            waiter.next = head;
        } while (!arrivals.compareAndSet(head, waiter));
        if (head == null) {
            wake(); // the first since the agent looked; it will see those after it, too
        }
    }

    @Override
    public synchronized long doWork(long nowNanos) {
        if (closed) {
            return UNTIL_WOKEN;
        }
        takeArrivals(null);
        CommitLogException failure = log.failure();
        if (failure != null) {
            failWaiters(failure);
            return UNTIL_WOKEN;
        }
        tellWaiters();
        long waitNanos = untilDue(nowNanos);
        if (waitNanos > 0) {
            return waitNanos;
        }
        force(nowNanos);
        takeArrivals(null);
        failure = log.failure();
        if (failure != null) {
            failWaiters(failure);
            return UNTIL_WOKEN;
        }
        tellWaiters();
        touchTail();
        return Math.max(0, untilDue(nanoClock.getAsLong()));
    }

    /// What was forced, and who was told, is unknown: the log stops, and those who wait hear of it.
    @Override
    public long doWorkFailed(Throwable thrown) {
        log.fail("The commit log's sync agent failed", thrown);
        return 0;
    }

    /// Nanoseconds until a force is due, none if it is due now.
    private long untilDue(long nowNanos) {
        boolean appended = log.position() > durablePosition;
        if (appended && fullSegmentWaits()) {
            return 0;
        }
        long sinceForce = nowNanos - forceStartedNanos;
        long untilPeriod = periodNanos - sinceForce;
        if (!appended) {
            return untilPeriod > 0 ? untilPeriod : periodNanos;
        }
        if (waiters.isEmpty()) {
            return Math.max(0, untilPeriod);
        }
        return everForced ? Math.clamp(windowNanos - sinceForce, 0, Long.MAX_VALUE) : 0;
    }

    private boolean fullSegmentWaits() {
        for (Segment segment : log.segments()) {
            if (segment.sealed && !segment.complete) {
                return true;
            }
        }
        return false;
    }

    private void force(long nowNanos) {
        everForced = true;
        forceStartedNanos = nowNanos;
        forcing = true;
        long startedNanos = nanoClock.getAsLong();
        try {
            forceAll();
        } catch (IOException | RuntimeException | InternalError e) {
            log.fail("Cannot force the commit log", e);
        } finally {
            forcing = false;
        }
        long tookNanos = nanoClock.getAsLong() - startedNanos;
        count(tookNanos);
        log.wakePreparer(); // full segments can go, and those who waited for the force can go on
    }

    private synchronized void count(long tookNanos) {
        forces++;
        forceNanos += tookNanos;
        lastForceNanos = tookNanos;
    }

    private void forceAll() throws IOException {
        long target = log.position();
        for (Segment segment : log.segments()) {
            if (segment.complete || segment.id > LogPosition.segmentId(target)) {
                continue;
            }
            boolean sealed = segment.sealed; // before its tail, which is final after that
            int end = sealed ? segment.tail : LogPosition.offset(target);
            if (end > segment.durableTo) {
                segment.force(end);
                segment.mark(sealed);
                durablePosition = LogPosition.of(segment.id, end);
            } else if (sealed) {
                segment.mark(true);
            }
            if (sealed) {
                tellWaiters();
                segment.forceMark();
                segment.complete = true;
            }
        }
    }

    /// A force makes the kernel write-protect what it wrote. The next appends go where the last ones
    /// went, so take those faults here.
    private void touchTail() {
        Segment active = log.active();
        long tail = log.position();
        if (active != null && active.id == LogPosition.segmentId(tail)) {
            int from = LogPosition.offset(tail);
            active.touch(from, from + SegmentFormat.PAGE_BYTES);
        }
    }

    private void takeArrivals(@Nullable Waiter leave) {
        Waiter taken = arrivals.getAndSet(leave);
        Waiter reversed = null;
        while (taken != null) {
            Waiter after = taken.next;
            taken.next = reversed;
            reversed = taken;
            taken = after;
        }
        while (reversed != null) {
            Waiter after = reversed.next;
            reversed.next = null;
            reversed.order = arrived++;
            waiters.add(reversed);
            reversed = after;
        }
        waiterCount = waiters.size();
    }

    private void tellWaiters() {
        Waiter waiter = waiters.peek();
        while (waiter != null && waiter.position <= durablePosition) {
            waiters.remove();
            try {
                waiter.callback.onDurable(waiter.position);
            } catch (RuntimeException e) {
                reportUncaught(e);
            }
            waiter = waiters.peek();
        }
        waiterCount = waiters.size();
    }

    private void failWaiters(CommitLogException failure) {
        tellWaiters();
        Waiter waiter = waiters.poll();
        while (waiter != null) {
            try {
                waiter.callback.onFailure(waiter.position, failure);
            } catch (RuntimeException e) {
                reportUncaught(e);
            }
            waiter = waiters.poll();
        }
        waiterCount = 0;
    }

    /// A callback that throws is a bug, but not the log's: it goes where the thread's own bugs go, and
    /// the others are called.
    static void reportUncaught(Throwable thrown) {
        Thread thread = Thread.currentThread();
        thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
    }

    /// Forces what is there and refuses those who come later. Any thread, once.
    synchronized void close() {
        closed = true;
        boolean failedBefore = log.failure() != null;
        if (!failedBefore) {
            force(nanoClock.getAsLong());
        }
        takeArrivals(CLOSED);
        CommitLogException failure = log.failure();
        failWaiters(failure == null ? closedFailure() : failure);
        if (failure != null && !failedBefore) {
            throw failure;
        }
    }

    private static CommitLogException closedFailure() {
        return new CommitLogException("The commit log is closed", null);
    }

    CommitLogStats stats(long totalBytes, int segments, int segmentBytes) {
        long durable = durablePosition;
        long tail = log.position();
        long unforced =
                (LogPosition.segmentId(tail) - LogPosition.segmentId(durable)) * segmentBytes
                        + LogPosition.offset(tail)
                        - LogPosition.offset(durable);
        return new CommitLogStats(
                totalBytes,
                segments,
                Math.max(0, unforced),
                waiterCount,
                forces,
                forceNanos,
                lastForceNanos);
    }
}
