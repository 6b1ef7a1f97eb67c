package io.helenus.test.bench;

import com.datastax.oss.driver.api.core.CqlSession;
import com.datastax.oss.driver.api.core.cql.AsyncResultSet;
import com.datastax.oss.driver.api.core.cql.BoundStatement;
import com.datastax.oss.driver.api.core.cql.PreparedStatement;
import com.datastax.oss.driver.api.core.cql.Row;
import com.datastax.oss.driver.api.core.cql.SimpleStatement;
import com.sun.management.OperatingSystemMXBean;
import io.helenus.engine.Helenus;
import io.helenus.engine.bulk.SSTableBulkWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Rows of one size in two shapes, for `alone.sh`: `rows` has each in a partition of its own, `wide` all
/// in one partition.
///
///     AloneBench write SHAPE ROWS FILES ROUNDS MEMORY_MIB DIRECTORY   with the bulk writer, see [#write]
///     AloneBench read SHAPE ROWS READS ROUNDS HOST PORT SERVER_PID    from `bench.kv`, see [#read]
///
/// Prints one JSON line. Ends with 1 if an operation failed or a row was wrong.
public final class AloneBench {
    static final String COLUMNS = " (pk bigint, ck int, v blob, PRIMARY KEY (pk, ck))";

    private static final String INSERT = "INSERT INTO bench.kv (pk, ck, v) VALUES (?, ?, ?)";
    private static final int WARM_ROWS = 2_000_000;
    private static final int WARM_SCANNED = 30_000_000;
    private static final int PAGE_ROWS = 5_000;
    private static final int SLICE_ROWS = 20;
    private static final int IN_FLIGHT = 32;
    private static final double GOLDEN_RATIO = 0.618_033_988_749_895;

    private AloneBench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        boolean wide = arguments[1].equals("wide");
        int rows = Integer.parseInt(arguments[2]);
        int files = Integer.parseInt(arguments[3]); // or reads
        int rounds = Integer.parseInt(arguments[4]);
        if (arguments[0].equals("write")) {
            long memory = Long.parseLong(arguments[5]) << 20;
            write(wide, rows, files, rounds, memory, Path.of(arguments[6]));
            return;
        }
        InetSocketAddress server =
                new InetSocketAddress(arguments[5], Integer.parseInt(arguments[6]));
        boolean good;
        try (CqlSession session = BenchSession.open(server)) {
            Reads reads = new Reads(session, wide, rows, Long.parseLong(arguments[7]));
            good = reads.run(files, rounds);
        }
        System.exit(good ? 0 : 1);
    }

    private static long pk(boolean wide, int id) {
        return wide ? 0 : id;
    }

    private static int ck(boolean wide, int id) {
        return wide ? id : 0;
    }

    // ---- Writing

    /// Each row is in one of the `files` subdirectories of `main`, which so overlap everywhere; in no order
    /// that the writer could use. First a smaller table is written to `warm`. The CPU time is that of
    /// this process, for all rounds.
    private static void write(
            boolean wide, int rows, int files, int rounds, long memory, Path directory)
            throws IOException {
        writeAll(wide, WARM_ROWS, files, memory, directory.resolve("warm"));
        Path main = directory.resolve("main");
        long wall = System.nanoTime();
        long cpu = cpuNanos();
        for (int round = 0; round < rounds; round++) {
            if (round > 0) {
                delete(main);
            }
            writeAll(wide, rows, files, memory, main);
        }
        double used = (cpuNanos() - cpu) / 1e9;
        double seconds = (System.nanoTime() - wall) / 1e9;
        System.out.printf(
                Locale.ROOT,
                "{\"phase\":\"write\",\"rows\":%d,\"rounds\":%d,\"wall_s\":%.2f,\"cpu_s\":%.2f,"
                        + "\"cpu_us_per_row\":%.3f,\"disk_mib\":%d}%n",
                rows,
                rounds,
                seconds,
                used,
                used * 1e6 / rows / rounds,
                bytes(main) >> 20);
    }

    private static void writeAll(boolean wide, int rows, int files, long memory, Path directory)
            throws IOException {
        for (int file = 0; file < files; file++) {
            try (SSTableBulkWriter writer =
                    Helenus.bulkWriter()
                            .schema("CREATE TABLE bench.kv" + COLUMNS)
                            .statement(INSERT)
                            .directory(directory.resolve(String.valueOf(file)))
                            .memoryBytes(memory)
                            .open()) {
                int count = (rows - file + files - 1) / files;
                long step = coprimeStep(count);
                long at = 0;
                for (int i = 0; i < count; i++) {
                    int id = (int) at * files + file;
                    writer.addRow(pk(wide, id), ck(wide, id), VolumeValues.value(id));
                    at = (at + step) % count;
                }
                var _ = writer.finish();
            }
        }
    }

    /// By which one comes past each of so many numbers, far apart.
    private static long coprimeStep(int count) {
        long step = Math.max(1, (long) (count * GOLDEN_RATIO));
        while (gcd(step, count) != 1) {
            step++;
        }
        return step;
    }

    private static long gcd(long a, long b) {
        return b == 0 ? a : gcd(b, a % b);
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static long bytes(Path directory) throws IOException {
        long sum = 0;
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
        }
        return sum;
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.toList().reversed()) {
                Files.delete(path);
            }
        }
    }

    // ---- Reading

    /// Reads what was written and compares every value. The CPU time is the server's.
    private static final class Reads {
        private final CqlSession session;
        private final boolean wide;
        private final int rows;
        private final long serverPid;
        private final AtomicReference<@Nullable String> wrong = new AtomicReference<>();

        Reads(CqlSession session, boolean wide, int rows, long serverPid) {
            this.session = session;
            this.wide = wide;
            this.rows = rows;
            this.serverPid = serverPid;
        }

        /// First thirty million rows to get warm. Then all rows in pages, so many times; then random reads
        /// of one row, or in a wide partition of 20 rows from anywhere, in either direction.
        boolean run(int reads, int rounds) throws IOException, InterruptedException {
            for (int left = WARM_SCANNED; left > 0; left -= rows) {
                scan(Math.min(left, rows));
            }
            long wall = System.nanoTime();
            double before = ProcessCpu.seconds(serverPid);
            for (int round = 0; round < rounds; round++) {
                scan(rows);
            }
            double scanned = ProcessCpu.seconds(serverPid) - before;
            double seconds = (System.nanoTime() - wall) / 1e9;
            long seed = System.nanoTime();
            random(reads / 4, seed); // to get warm
            before = ProcessCpu.seconds(serverPid);
            random(reads, seed + reads);
            double read = ProcessCpu.seconds(serverPid) - before;
            System.out.printf(
                    Locale.ROOT,
                    "{\"phase\":\"read\",\"rows\":%d,\"rounds\":%d,\"wall_s\":%.1f,"
                            + "\"scan_cpu_us_per_row\":%.3f,\"reads\":%d,"
                            + "\"read_cpu_us\":%.2f,\"seed\":%d}%n",
                    rows,
                    rounds,
                    seconds,
                    scanned * 1e6 / rows / rounds,
                    reads,
                    read * 1e6 / reads,
                    seed);
            String failure = wrong.get();
            if (failure != null) {
                System.err.println("FAILED: " + failure);
            }
            return failure == null;
        }

        /// @param limit after which it ends
        private void scan(int limit) {
            BitSet seen = new BitSet(rows);
            int left = limit;
            String select = "SELECT pk, ck, v FROM bench.kv" + (wide ? " WHERE pk = 0" : "");
            for (Row row :
                    session.execute(SimpleStatement.newInstance(select).setPageSize(PAGE_ROWS))) {
                int id = check(row);
                if (id >= 0 && seen.get(id)) {
                    wrong.compareAndSet(null, "row %d came twice".formatted(id));
                } else if (id >= 0) {
                    seen.set(id);
                }
                if (--left == 0 && limit < rows) {
                    return;
                }
            }
            if (seen.cardinality() != rows) {
                wrong.compareAndSet(
                        null, "a scan found %d of %d rows".formatted(seen.cardinality(), rows));
            }
        }

        /// @return which row it is; -1 if it is none of ours
        private int check(Row row) {
            int id = wide ? row.getInt(1) : (int) row.getLong(0);
            boolean isRight =
                    id >= 0
                            && id < rows
                            && row.getLong(0) == pk(wide, id)
                            && row.getInt(1) == ck(wide, id)
                            && VolumeValues.value(id).equals(row.getByteBuffer(2));
            if (!isRight) {
                wrong.compareAndSet(null, "row %d is wrong".formatted(id));
                return -1;
            }
            return id;
        }

        private void random(int count, long seed) throws InterruptedException {
            String from = "SELECT pk, ck, v FROM bench.kv WHERE pk = ? AND ck ";
            PreparedStatement[] selects =
                    wide
                            ? new PreparedStatement[] {
                                session.prepare(from + ">= ? LIMIT " + SLICE_ROWS),
                                session.prepare(from + "<= ? ORDER BY ck DESC LIMIT " + SLICE_ROWS)
                            }
                            : new PreparedStatement[] {session.prepare(from + "= ?")};
            AtomicLong turns = new AtomicLong();
            CountDownLatch done = new CountDownLatch(IN_FLIGHT);
            for (int i = 0; i < IN_FLIGHT; i++) {
                next(turns, count, seed, selects, done);
            }
            done.await();
        }

        private void next(
                AtomicLong turns,
                int count,
                long seed,
                PreparedStatement[] selects,
                CountDownLatch done) {
            long turn = turns.getAndIncrement();
            if (turn >= count || wrong.get() != null) {
                done.countDown();
                return;
            }
            int id = new SplittableRandom(seed + turn).nextInt(rows);
            int direction = (int) turn % selects.length;
            BoundStatement statement = selects[direction].bind(pk(wide, id), ck(wide, id));
            var _ =
                    session.executeAsync(statement)
                            .whenComplete((answer, failure) -> {
                                judge(answer, failure, id, direction == 0 ? 1 : -1);
                                next(turns, count, seed, selects, done);
                            });
        }

        private void judge(
                @Nullable AsyncResultSet answer, @Nullable Throwable failure, int first, int step) {
            if (answer == null) {
                wrong.compareAndSet(null, String.valueOf(failure));
                return;
            }
            int expected = first;
            int found = 0;
            for (Row row : answer.currentPage()) {
                if (check(row) != expected) {
                    wrong.compareAndSet(null, "row %d did not come".formatted(expected));
                }
                expected += step;
                found++;
            }
            int left = step > 0 ? rows - first : first + 1;
            if (found != (wide ? Math.min(SLICE_ROWS, left) : 1)) {
                wrong.compareAndSet(null, "%d rows from row %d".formatted(found, first));
            }
        }
    }
}
