package io.helenus.test.bench;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import org.jspecify.annotations.Nullable;

/// Half writes, half point reads on the table `bench.paced`, for `latency.sh`:
///
///     OpenLoop HOST PORT ROWS load PERIOD_MS         fills the table, which flushes at that period
///     OpenLoop HOST PORT ROWS capacity SECONDS       closed loop, 128 in flight: operations per second
///     OpenLoop HOST PORT ROWS paced SECONDS RATE     open loop: latencies at a fixed rate
///
/// In the open loop each operation has its moment, whether or not those before it are answered; its
/// latency counts from that moment, so that a pause of the server is felt by all that fell into it (G.
/// Tene, "How NOT to Measure Latency"). Ends with 1 if an operation failed, whose first reason it prints,
/// or a row was missing.
final class OpenLoop {
    private static final int IN_FLIGHT = 128;
    private static final long TICK_NANOS = 200_000;
    private static final long HIGHEST_MICROS = TimeUnit.MINUTES.toMicros(5);
    private static final int DIGITS = 3;
    private static final long LATE_SECONDS_MAX = 120;

    private final CqlSession session;
    private final long rows;
    private final LongAdder failed = new LongAdder();
    private final LongAdder missing = new LongAdder();
    private final AtomicReference<@Nullable Throwable> firstFailure = new AtomicReference<>();

    private OpenLoop(CqlSession session, long rows) {
        this.session = session;
        this.rows = rows;
    }

    public static void main(String[] arguments) throws InterruptedException {
        if (arguments.length < 5) {
            System.err.println("usage: OpenLoop HOST PORT ROWS load|capacity|paced NUMBER [RATE]");
            System.exit(2);
        }
        InetSocketAddress server =
                new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        long number = Long.parseLong(arguments[4]);
        boolean good;
        try (CqlSession session = BenchSession.open(server)) {
            OpenLoop loop = new OpenLoop(session, Long.parseLong(arguments[2]));
            switch (arguments[3]) {
                case "load" -> loop.load(number);
                case "capacity" -> loop.capacity(number);
                case "paced" -> loop.paced(number, Long.parseLong(arguments[5]));
                default -> throw new IllegalArgumentException("There is no phase " + arguments[3]);
            }
            good = loop.failed.sum() == 0 && loop.missing.sum() == 0;
            Throwable failure = loop.firstFailure.get();
            if (failure != null) {
                System.err.println("The first failure: " + failure);
            }
        }
        System.exit(good ? 0 : 1);
    }

    private void load(long periodMillis) throws InterruptedException {
        session.execute(
                "CREATE KEYSPACE IF NOT EXISTS bench WITH replication ="
                        + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
        session.execute(
                "CREATE TABLE bench.paced (id bigint PRIMARY KEY, v blob)"
                        + " WITH memtable_flush_period_in_ms = "
                        + periodMillis);
        LongFunction<BoundStatement> writes = writes();
        closed(rows, Long.MAX_VALUE, writes);
        System.out.println(
                "{\"phase\":\"load\",\"rows\":%d,\"failed\":%d}".formatted(rows, failed.sum()));
    }

    private void capacity(long seconds) throws InterruptedException {
        LongFunction<BoundStatement> both = both();
        long begin = System.nanoTime();
        long done = closed(Long.MAX_VALUE, begin + TimeUnit.SECONDS.toNanos(seconds), both);
        double took = (System.nanoTime() - begin) / 1e9;
        System.out.println(
                "{\"phase\":\"capacity\",\"per_second\":%.0f,\"failed\":%d,\"missing\":%d}"
                        .formatted(done / took, failed.sum(), missing.sum()));
    }

    private LongFunction<BoundStatement> writes() {
        PreparedStatement insert = session.prepare("INSERT INTO bench.paced (id, v) VALUES (?, ?)");
        return key -> insert.bind(key, VolumeValues.value(key));
    }

    /// Even turns write, odd ones read; keys are uniform.
    private LongFunction<BoundStatement> both() {
        LongFunction<BoundStatement> writes = writes();
        PreparedStatement select = session.prepare("SELECT id, v FROM bench.paced WHERE id = ?");
        long seed = System.nanoTime();
        return turn -> {
            long key = new SplittableRandom(seed + turn).nextLong(rows);
            return isWrite(turn) ? writes.apply(key) : select.bind(key);
        };
    }

    private static boolean isWrite(long turn) {
        return turn % 2 == 0;
    }

    /// Keeps [#IN_FLIGHT] requests on their way; the number of those that were sent.
    private long closed(long count, long endNanos, LongFunction<BoundStatement> statements)
            throws InterruptedException {
        AtomicLong turns = new AtomicLong();
        AtomicLong sent = new AtomicLong();
        CountDownLatch done = new CountDownLatch(IN_FLIGHT);
        for (int i = 0; i < IN_FLIGHT; i++) {
            next(turns, sent, count, endNanos, statements, done);
        }
        done.await();
        return sent.get();
    }

    private void next(
            AtomicLong turns,
            AtomicLong sent,
            long count,
            long endNanos,
            LongFunction<BoundStatement> statements,
            CountDownLatch done) {
        long turn = turns.getAndIncrement();
        if (turn >= count || System.nanoTime() > endNanos || failed.sum() > 0) {
            done.countDown();
            return;
        }
        sent.incrementAndGet();
        var _ =
                session.executeAsync(statements.apply(turn))
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                fail(failure);
                            }
                            next(turns, sent, count, endNanos, statements, done);
                        });
    }

    private void paced(long seconds, long rate) throws InterruptedException {
        LongFunction<BoundStatement> both = both();
        Histogram writes = new SynchronizedHistogram(HIGHEST_MICROS, DIGITS);
        Histogram reads = new SynchronizedHistogram(HIGHEST_MICROS, DIGITS);
        long count = seconds * rate;
        CountDownLatch answers = new CountDownLatch(Math.toIntExact(count));
        double nanosPerTurn = 1e9 / rate;
        long begin = System.nanoTime();
        for (long turn = 0; turn < count; ) {
            long now = System.nanoTime();
            long due = begin + (long) (turn * nanosPerTurn);
            if (now < due) {
                LockSupport.parkNanos(Math.min(due - now, TICK_NANOS));
                continue;
            }
            send(both.apply(turn), isWrite(turn) ? writes : reads, isWrite(turn), due, answers);
            turn++;
        }
        boolean all = answers.await(LATE_SECONDS_MAX, TimeUnit.SECONDS);
        if (!all) {
            failed.add(answers.getCount());
        }
        print("write", writes, rate);
        print("read", reads, rate);
    }

    private void send(
            BoundStatement statement,
            Histogram latencies,
            boolean write,
            long due,
            CountDownLatch answers) {
        var _ =
                session.executeAsync(statement)
                        .whenComplete((answer, failure) -> {
                            long micros = (System.nanoTime() - due) / 1_000;
                            latencies.recordValue(Math.min(HIGHEST_MICROS, micros));
                            if (failure != null) {
                                fail(failure);
                            } else if (!write && answer.one() == null) {
                                missing.increment();
                            }
                            answers.countDown();
                        });
    }

    private void fail(Throwable failure) {
        failed.increment();
        firstFailure.compareAndSet(null, failure);
    }

    private void print(String operation, Histogram micros, long rate) {
        System.out.println(
                ("{\"phase\":\"paced\",\"operation\":\"%s\",\"rate\":%d,\"count\":%d,"
                                + "\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"p9999_ms\":%.3f,"
                                + "\"max_ms\":%.3f,\"failed\":%d,\"missing\":%d}")
                        .formatted(
                                operation,
                                rate,
                                micros.getTotalCount(),
                                micros.getValueAtPercentile(50) / 1e3,
                                micros.getValueAtPercentile(99) / 1e3,
                                micros.getValueAtPercentile(99.9) / 1e3,
                                micros.getValueAtPercentile(99.99) / 1e3,
                                micros.getMaxValue() / 1e3,
                                failed.sum(),
                                missing.sum()));
    }
}
