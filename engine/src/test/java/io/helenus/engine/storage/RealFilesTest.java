package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.commitlog.CommitLog;
import io.helenus.commitlog.CommitLogEnvironment;
import io.helenus.commitlog.CommitLogOptions;
import io.helenus.commitlog.LogAgent;
import io.helenus.commitlog.LogAgentRunner;
import io.helenus.commitlog.NioLogFiles;
import io.helenus.commitlog.ReplayOptions;
import io.helenus.commitlog.SegmentKind;
import io.helenus.engine.storage.files.NioStorageFiles;
import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.engine.storage.mutation.WriteCallback;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.BlockFile;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.model.RowCursor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Several threads write, read, flush and truncate on real files, with all that a node has running; then
/// the process is gone and another one starts on its directory.
class RealFilesTest {
    private static final int WRITERS = 4;
    private static final int WRITES = 4_000;
    private static final int ROUNDS = 3;
    private static final int PARTITIONS = 16;
    private static final int MEMTABLE_BYTES = 1 << 20;
    private static final TableName NAME = new TableName(new UUID(1, 1), "ks", "t");

    @TempDir Path directory;

    private final class RunningNode implements AutoCloseable {
        private final ExecutorService executor = Executors.newFixedThreadPool(2);
        private final CommitLog log;
        private final StorageEngine engine;
        private final TableStore table;
        private final List<LogAgentRunner> runners = new ArrayList<>();

        RunningNode() throws IOException {
            this(new NioStorageFiles());
        }

        RunningNode(StorageFiles files) throws IOException {
            Recording listener = new Recording();
            StorageEnvironment environment =
                    new StorageEnvironment(
                            files,
                            System::nanoTime,
                            () -> System.currentTimeMillis() * 1000,
                            executor,
                            new Random(1),
                            listener);
            engine =
                    new StorageEngine(
                            new StorageOptions(directory.resolve("data"), MEMTABLE_BYTES),
                            environment,
                            new BlockCache(1 << 20, executor));
            table = engine.openTable(NAME, TestNode.smallBlocks());
            log =
                    CommitLog.open(
                            CommitLogOptions.defaults(directory.resolve("commitlog"))
                                    .withSegmentKind(SegmentKind.MEMORY_SEGMENT)
                                    .withSegmentBytes(256 << 10)
                                    .withStartAfter(engine.highestFlushedPosition()),
                            new CommitLogEnvironment(
                                    new NioLogFiles(),
                                    System::nanoTime,
                                    () -> 0,
                                    engine.logListener()));
            runners.add(start(log.syncAgent()));
            runners.add(start(log.prepareAgent()));
            engine.start(log, ReplayOptions.DEFAULT, 2, executor);
        }

        private LogAgentRunner start(LogAgent agent) {
            return LogAgentRunner.start(agent, System::nanoTime, Thread::new);
        }

        @Override
        public void close() throws IOException {
            engine.close();
            runners.forEach(LogAgentRunner::close);
            log.close();
            executor.close();
        }
    }

    /// Fails the test through the thread that meets it.
    private static final class Recording implements StorageListener {
        @Override
        public void onUnknownFile(TableStore table, Path movedTo) {
            throw new AssertionError(movedTo.toString());
        }

        @Override
        public void onDamage(TableStore table, Path file, RuntimeException damage) {
            throw new AssertionError(damage);
        }

        @Override
        public void onFlushFailure(TableStore table, Exception failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onDeleteFailure(TableStore table, Path file, Exception failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onSkippedRecord(TableStore table, RuntimeException wrong) {
            throw new AssertionError("A record was skipped", wrong);
        }

        @Override
        public void onBackupFailure(TableStore table, Path file, Exception failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onCommitLogDelay(RuntimeException failure) {
            throw new AssertionError(failure);
        }

        @Override
        public void onCommitLogFailure(RuntimeException failure) {
            throw new AssertionError(failure);
        }
    }

    private static final class Pending implements WriteCallback {
        private final CountDownLatch done;

        Pending(CountDownLatch done) {
            this.done = done;
        }

        @Override
        public void applied() {
            done.countDown();
        }

        @Override
        public void failed(Throwable failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void everyWriteIsThereAfterARestart() throws Exception {
        try (RunningNode first = new RunningNode();
                ExecutorService writers = Executors.newFixedThreadPool(WRITERS + 1)) {
            CountDownLatch end = new CountDownLatch(1);
            Future<?> reader = writers.submit(() -> readWhole(first, end));
            // Each round ends in a flush, so that there are several files whatever sizes have
            // caused.
            try {
                for (int round = 0; round < ROUNDS; round++) {
                    int from = round * WRITES / ROUNDS;
                    int to = (round + 1) * WRITES / ROUNDS;
                    CountDownLatch done = new CountDownLatch(WRITERS * (to - from));
                    List<Future<?>> tasks = new ArrayList<>();
                    for (int writer = 0; writer < WRITERS; writer++) {
                        int base = writer * WRITES;
                        tasks.add(writers.submit(() -> write(first, base + from, base + to, done)));
                    }
                    for (Future<?> task : tasks) {
                        task.get(60, TimeUnit.SECONDS);
                    }
                    assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
                    first.table.flush().get(60, TimeUnit.SECONDS);
                }
            } finally {
                end.countDown();
            }
            reader.get(60, TimeUnit.SECONDS);
            assertThat(first.table.sstables()).hasSizeGreaterThan(2);
            assertThat(countRows(first)).isEqualTo(WRITERS * WRITES);
        }
        try (RunningNode second = new RunningNode()) {
            assertThat(countRows(second)).isEqualTo(WRITERS * WRITES);
        }
    }

    /// Writers do as transport does: they ask before each write, and wait to be told. Nothing is flushed
    /// before all of the memory is used.
    @Test
    void writersNeverOutrunASlowDisk() throws Exception {
        CountDownLatch full = new CountDownLatch(1);
        AtomicLong most = new AtomicLong();
        try (RunningNode slow = new RunningNode(slowFiles(full));
                ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            CountDownLatch done = new CountDownLatch(WRITERS * WRITES);
            List<Future<?>> tasks = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int base = writer * WRITES;
                tasks.add(
                        writers.submit(() -> {
                            for (int row = base; row < base + WRITES; row++) {
                                awaitRoom(slow.engine, full);
                                write(slow, row, row + 1, done);
                                var _ =
                                        most.accumulateAndGet(
                                                slow.engine.memtableBytes(), Math::max);
                            }
                        }));
            }
            for (Future<?> task : tasks) {
                task.get(120, TimeUnit.SECONDS);
            }
            assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(countRows(slow)).isEqualTo(WRITERS * WRITES);
            assertThat(slow.table.sstables()).isNotEmpty();
        }
        assertThat(full.getCount()).isZero();
        // A write more for each writer, and the chunk that it may be the first in.
        assertThat(most).hasValueLessThan(MEMTABLE_BYTES * 5L / 4);
    }

    private static void awaitRoom(StorageEngine engine, CountDownLatch full) {
        while (!engine.mayWrite()) {
            if (engine.memtableBytes() >= MEMTABLE_BYTES) {
                full.countDown();
            }
            CountDownLatch told = new CountDownLatch(1);
            engine.whenMayWrite(told::countDown);
            awaitLatch(told);
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// A disk that takes nothing for an SSTable before a latch is open, and then a few milliseconds for
    /// each piece.
    private static StorageFiles slowFiles(CountDownLatch open) {
        return slow(
                StorageFiles.class,
                new NioStorageFiles(),
                open,
                (method, result) ->
                        method.equals("create")
                                        && ((BlockFile) result).path().toString().contains(".sst")
                                ? slow(BlockFile.class, result, open, (_, inner) -> inner)
                                : result);
    }

    private static <T> T slow(
            Class<T> type,
            Object real,
            CountDownLatch open,
            BiFunction<String, Object, Object> results) {
        Object proxy =
                Proxy.newProxyInstance(
                        type.getClassLoader(),
                        new Class<?>[] {type},
                        (_, method, arguments) -> {
                            if (method.getName().equals("write")) {
                                awaitLatch(open);
                                LockSupport.parkNanos(5_000_000L);
                            }
                            try {
                                return results.apply(
                                        method.getName(), method.invoke(real, arguments));
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
        return type.cast(proxy);
    }

    private static void write(RunningNode process, int base, int end, CountDownLatch done) {
        for (int row = base; row < end; row++) {
            WriteOutcome outcome =
                    process.engine.write(
                            process.table,
                            Cql.insertMutation(
                                    row % PARTITIONS, Cql.row(row), row + 1, "value " + row),
                            new Pending(done));
            if (outcome == WriteOutcome.APPLIED) {
                done.countDown();
            }
        }
    }

    /// Rows only ever come.
    private static void readWhole(RunningNode process, CountDownLatch end) {
        int last = 0;
        while (end.getCount() > 0) {
            int rows = countRows(process);
            assertThat(rows).isGreaterThanOrEqualTo(last);
            last = rows;
        }
    }

    private static int countRows(RunningNode process) {
        int rows = 0;
        try (ReadContext context = process.engine.newReadContext();
                ReadView view = process.table.read(context)) {
            RowCursor cursor = view.cursor(new byte[0], 0, 0, null, 0, 0, false, ReadMode.FILL);
            while (cursor.next() != RowCursor.Kind.END) {
                rows++;
            }
        }
        return rows;
    }
}
