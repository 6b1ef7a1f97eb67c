package io.helenus.test.bench;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.BitSet;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// Fills a table, `bench.volume`, and reads it back, for `ten-million.sh`. One phase a call, so that the
/// server can be restarted between them:
///
///     VolumeCheck HOST PORT SERVER_PID ROWS create       keyspace and table; no automatic compaction
///     VolumeCheck HOST PORT SERVER_PID ROWS write        every key once; prints the checksum
///     VolumeCheck HOST PORT SERVER_PID ROWS flush        a flush a second from now on
///     VolumeCheck HOST PORT SERVER_PID ROWS read COUNT   random keys; compares every value
///     VolumeCheck HOST PORT SERVER_PID ROWS scan SUM     all rows in pages; compares values and checksum
///
/// Ends with 0 if all went well, 1 if an operation failed or a value or checksum was wrong.
final class VolumeCheck {
    private static final int IN_FLIGHT = 128;
    private static final int PAGE_ROWS = 5_000;

    private final CqlSession session;
    private final long serverPid;
    private final long rows;
    private final LongAdder failed = new LongAdder();
    private final LongAdder wrong = new LongAdder();
    private volatile @Nullable Throwable firstFailure;

    private VolumeCheck(CqlSession session, long serverPid, long rows) {
        this.session = session;
        this.serverPid = serverPid;
        this.rows = rows;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length < 5) {
            System.err.println("usage: VolumeCheck HOST PORT SERVER_PID ROWS PHASE [ARGUMENT]");
            System.exit(2);
        }
        InetSocketAddress server =
                new InetSocketAddress(arguments[0], Integer.parseInt(arguments[1]));
        String argument = arguments.length > 5 ? arguments[5] : "";
        boolean good;
        try (CqlSession session = BenchSession.open(server)) {
            VolumeCheck check =
                    new VolumeCheck(
                            session, Long.parseLong(arguments[2]), Long.parseLong(arguments[3]));
            good = check.run(arguments[4], argument);
        } catch (NoSuchFileException e) {
            System.err.println("The server is gone: there is no " + e.getFile());
            good = false;
        }
        System.exit(good ? 0 : 1);
    }

    private boolean run(String phase, String argument) throws IOException, InterruptedException {
        return switch (phase) {
            case "create" -> create();
            case "write" -> write();
            case "flush" -> flush();
            case "read" -> read(Long.parseLong(argument));
            case "scan" -> scan(Long.parseUnsignedLong(argument, 16));
            default -> throw new IllegalArgumentException("There is no phase " + phase);
        };
    }

    private boolean create() {
        session.execute(
                "CREATE KEYSPACE IF NOT EXISTS bench WITH replication ="
                        + " {'class': 'SimpleStrategy', 'replication_factor': 1}");
        session.execute(
                "CREATE TABLE bench.volume (id bigint PRIMARY KEY, v blob) WITH compaction ="
                        + " {'class': 'SizeTieredCompactionStrategy', 'enabled': 'false'}");
        return true;
    }

    private boolean flush() {
        session.execute("ALTER TABLE bench.volume WITH memtable_flush_period_in_ms = 1000");
        return true;
    }

    private boolean write() throws IOException, InterruptedException {
        PreparedStatement insert =
                session.prepare("INSERT INTO bench.volume (id, v) VALUES (?, ?)");
        LongAdder checksum = new LongAdder();
        Meter meter = new Meter();
        LongFunction<BoundStatement> next =
                key -> {
                    ByteBuffer value = VolumeValues.value(key);
                    checksum.add(VolumeValues.checksum(key, value));
                    return insert.bind(key, value);
                };
        repeat(rows, next, (_, _) -> true);
        meter.print(
                "write", rows, ",\"checksum\":\"%s\"".formatted(Long.toHexString(checksum.sum())));
        return isGood();
    }

    private boolean read(long count) throws IOException, InterruptedException {
        PreparedStatement select = session.prepare("SELECT id, v FROM bench.volume WHERE id = ?");
        long seed = System.nanoTime();
        Meter meter = new Meter();
        repeat(
                count,
                turn -> select.bind(new SplittableRandom(seed + turn).nextLong(rows)),
                (statement, row) -> row != null && isRight(row, statement.getLong(0)));
        meter.print("read", count, ",\"seed\":%d".formatted(seed));
        return isGood();
    }

    private boolean scan(long expected) throws IOException {
        BitSet seen = new BitSet((int) rows);
        long checksum = 0;
        long found = 0;
        Meter meter = new Meter();
        SimpleStatement all =
                SimpleStatement.newInstance("SELECT id, v FROM bench.volume")
                        .setPageSize(PAGE_ROWS);
        for (Row row : session.execute(all)) {
            long key = row.getLong(0);
            found++;
            boolean fresh = key >= 0 && key < rows && !seen.get((int) key);
            if (!fresh || !isRight(row, key)) {
                wrong.increment();
                continue;
            }
            seen.set((int) key);
            ByteBuffer value = row.getByteBuffer(1);
            checksum += value == null ? 0 : VolumeValues.checksum(key, value);
        }
        boolean same = checksum == expected && found == rows;
        meter.print(
                "scan",
                found,
                ",\"checksum\":\"%s\",\"same\":%b".formatted(Long.toHexString(checksum), same));
        return same && isGood();
    }

    private static boolean isRight(Row row, long key) {
        return row.getLong(0) == key && VolumeValues.value(key).equals(row.getByteBuffer(1));
    }

    private boolean isGood() {
        return failed.sum() == 0 && wrong.sum() == 0;
    }

    /// Whether an answer is right.
    @FunctionalInterface
    private interface Judge {
        boolean isRight(BoundStatement statement, @Nullable Row row);
    }

    /// Keeps [#IN_FLIGHT] requests on their way until `count` are answered, or one fails.
    private void repeat(long count, LongFunction<BoundStatement> statements, Judge judge)
            throws InterruptedException {
        AtomicLong turns = new AtomicLong();
        CountDownLatch done = new CountDownLatch(IN_FLIGHT);
        for (int i = 0; i < IN_FLIGHT; i++) {
            next(turns, count, statements, judge, done);
        }
        done.await();
        Throwable failure = firstFailure;
        if (failure != null) {
            System.err.println("The first failure: " + failure);
        }
    }

    private void next(
            AtomicLong turns,
            long count,
            LongFunction<BoundStatement> statements,
            Judge judge,
            CountDownLatch done) {
        long turn = turns.getAndIncrement();
        if (turn >= count || failed.sum() > 0) { // the node may be gone
            done.countDown();
            return;
        }
        BoundStatement statement = statements.apply(turn);
        var _ =
                session.executeAsync(statement)
                        .whenComplete((answer, failure) -> {
                            judge(statement, answer, failure, judge);
                            next(turns, count, statements, judge, done);
                        });
    }

    private void judge(
            BoundStatement statement,
            @Nullable AsyncResultSet answer,
            @Nullable Throwable failure,
            Judge judge) {
        if (answer == null) {
            failed.increment();
            if (firstFailure == null) {
                firstFailure = failure;
            }
        } else if (!judge.isRight(statement, answer.one())) {
            wrong.increment();
        }
    }

    /// Time and the server's CPU time since it was made.
    private final class Meter {
        private final long beginNanos = System.nanoTime();
        private final double cpuBegin = ProcessCpu.seconds(serverPid);

        private Meter() throws IOException {}

        void print(String phase, long operations, String more) throws IOException {
            double seconds = (System.nanoTime() - beginNanos) / 1e9;
            double cpu = ProcessCpu.seconds(serverPid) - cpuBegin;
            System.out.println(
                    ("{\"phase\":\"%s\",\"operations\":%d,\"seconds\":%.1f,\"per_second\":%.0f,"
                                    + "\"server_cpu_us_per_op\":%.2f,\"failed\":%d,\"wrong\":%d%s}")
                            .formatted(
                                    phase,
                                    operations,
                                    seconds,
                                    operations / seconds,
                                    cpu * 1e6 / Math.max(1, operations),
                                    failed.sum(),
                                    wrong.sum(),
                                    more));
        }
    }
}
