package io.helenus.engine.compaction;

import io.helenus.engine.compaction.Compactions.Completed;
import io.helenus.engine.compaction.Compactions.Totals;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// What became of a node's compactions: counts since its start, the history, and what the listener is told.
/// Any thread.
final class CompactionRecords {
    private static final long RATE_NANOS = TimeUnit.MINUTES.toNanos(15);
    private static final long MICROS_PER_MILLI = 1_000;

    private final CompactionEnvironment environment;
    private final CompactionHistory history;
    private final long madeAtNanos;
    private final AtomicLong completed = new AtomicLong();
    private final AtomicLong bytesRead = new AtomicLong();
    private final AtomicLong aborted = new AtomicLong();
    private final AtomicLong reduced = new AtomicLong();
    private final AtomicLong leftOut = new AtomicLong();
    private final Deque<Long> doneAtNanos =
            new ArrayDeque<>(); // of the last quarter of an hour; guarded by this

    CompactionRecords(CompactionEnvironment environment, CompactionHistory history) {
        this.environment = environment;
        this.history = history;
        madeAtNanos = environment.nanoClock().getAsLong();
    }

    void noteRead(long bytes) {
        bytesRead.addAndGet(bytes);
    }

    /// A compaction begins without some of the files that it was to have, as the disk has no room.
    void noteLeftOut(int files) {
        reduced.addAndGet(files > 0 ? 1 : 0);
        leftOut.addAndGet(files);
    }

    /// @param state in which it ended
    void noteEnd(CompactionJob job, CompactionJob.State state) {
        switch (state) {
            case RUNNING -> throw new IllegalStateException("It runs");
            case STOPPED -> {
                aborted.incrementAndGet();
                environment.listener().onStopped(job.table(), job.task());
            }
            case FAILED -> {
                aborted.incrementAndGet();
                Exception failure = job.failure();
                environment
                        .listener()
                        .onFailure(
                                job.table(),
                                job.task(),
                                failure == null ? new IOException("unknown") : failure);
            }
            case DONE -> noteDone(job);
        }
    }

    private void noteDone(CompactionJob job) {
        completed.incrementAndGet();
        long now = environment.nanoClock().getAsLong();
        synchronized (this) {
            doneAtNanos.addLast(now);
            while (now - doneAtNanos.getFirst() >= RATE_NANOS) {
                doneAtNanos.removeFirst();
            }
        }
        Completed entry =
                new Completed(
                        job.id(),
                        job.table().name().keyspace(),
                        job.table().name().table(),
                        millis(),
                        job.bytesTotal(),
                        job.bytesOut(),
                        job.rowsMerged(),
                        job.properties());
        environment.listener().onCompleted(job.table(), entry, job.settings().logAll());
        try {
            history.add(entry);
        } catch (IOException e) {
            environment.listener().onHistoryFailure(e);
        }
    }

    private long millis() {
        return environment.wallMicros().getAsLong() / MICROS_PER_MILLI;
    }

    List<Completed> history() {
        try {
            return history.entries(millis());
        } catch (IOException e) {
            environment.listener().onHistoryFailure(e);
            return List.of();
        }
    }

    Totals totals() {
        long now = environment.nanoClock().getAsLong();
        long recent;
        synchronized (this) {
            recent = doneAtNanos.stream().filter(at -> now - at < RATE_NANOS).count();
        }
        double hours = (double) (now - madeAtNanos) / TimeUnit.HOURS.toNanos(1);
        return new Totals(
                completed.get(),
                bytesRead.get(),
                aborted.get(),
                reduced.get(),
                leftOut.get(),
                (double) recent / TimeUnit.NANOSECONDS.toMinutes(RATE_NANOS),
                hours <= 0 ? 0 : completed.get() / hours);
    }
}
