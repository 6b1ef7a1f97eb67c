package io.helenus.engine.storage;

import io.helenus.commitlog.CommitLog;
import io.helenus.commitlog.CommitLogEnvironment;
import io.helenus.commitlog.CommitLogOptions;
import io.helenus.commitlog.LogFiles;
import io.helenus.commitlog.ReplayOptions;
import io.helenus.commitlog.ReplayOptions.OnDamage;
import io.helenus.commitlog.ReplayProgress;
import io.helenus.commitlog.SegmentKind;
import io.helenus.commitlog.SyncMode;
import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.engine.storage.mutation.WriteCallback;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.SSTableOptions;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Storage of one node, in one thread: what goes to the executor runs when the test says so, and the
/// log's agents run within the writes. Can be restarted on the same disk.
final class TestNode implements AutoCloseable {
    static final Path ROOT = Path.of("/node");

    private final StorageFiles files;
    private final LogFiles logFiles;
    private final Path root;
    private final Random random;
    private final Map<TableName, TableSettings> schema = new LinkedHashMap<>();
    final AtomicLong nanos = new AtomicLong();
    final Queue<Runnable> executor = new ArrayDeque<>();
    final List<String> events = new ArrayList<>();
    LongSupplier wallMicros = () -> 1_000_000 + nanos.get() / 1000;
    long memtableBytesMax = 64 << 20;
    long cacheBytes = 1 << 20;
    SyncMode syncMode = SyncMode.PERIODIC;
    int segmentBytes = 64 << 10;
    long logBytesMax = 1L << 30;
    int replayLanes = 3;
    Executor replayWorkers = Runnable::run;
    OnDamage onLogDamage = OnDamage.STOP;
    boolean mayThrow; // the disk is expected to fail
    private @Nullable StorageEngine engine;
    private @Nullable CommitLog log;
    private @Nullable ReadContext context;

    TestNode(SimulatedDisk disk, Random random) {
        this(disk, disk, ROOT, random);
    }

    TestNode(StorageFiles files, LogFiles logFiles, Path root, Random random) {
        this.files = files;
        this.logFiles = logFiles;
        this.root = root;
        this.random = random;
    }

    static TableSettings smallBlocks() {
        return TableSettings.defaults()
                .withSSTable(
                        SSTableOptions.defaults()
                                .withBlockBytes(128)
                                .withIndexPageBytes(96)
                                .withRestartInterval(3));
    }

    /// Adds a table to the schema; the next start opens it.
    TableName define(String name, TableSettings settings) {
        UUID id = new UUID(7, schema.size() + 1L);
        TableName table = new TableName(id, "ks", name);
        schema.put(table, settings);
        return table;
    }

    TestNode start() throws IOException {
        StorageEnvironment environment =
                new StorageEnvironment(
                        files,
                        nanos::get,
                        () -> wallMicros.getAsLong(),
                        executor::add,
                        random,
                        new Events());
        StorageEngine opened =
                new StorageEngine(
                        new StorageOptions(root.resolve("data"), memtableBytesMax),
                        environment,
                        new BlockCache(cacheBytes, Runnable::run));
        engine = opened;
        for (Map.Entry<TableName, TableSettings> table : schema.entrySet()) {
            opened.openTable(table.getKey(), table.getValue());
        }
        CommitLogOptions options =
                CommitLogOptions.defaults(root.resolve("commitlog"))
                        .withSegmentKind(SegmentKind.CHANNEL)
                        .withSegmentBytes(segmentBytes)
                        .withSyncMode(syncMode)
                        .withTotalBytesMax(logBytesMax)
                        .withStartAfter(opened.highestFlushedPosition());
        CommitLog openedLog =
                CommitLog.open(
                        options,
                        new CommitLogEnvironment(
                                logFiles, nanos::get, nanos::get, opened.logListener()));
        log = openedLog;
        runAgents();
        opened.start(
                openedLog,
                new ReplayOptions(onLogDamage, ReplayProgress.NONE),
                replayLanes,
                replayWorkers);
        context = opened.newReadContext();
        return this;
    }

    StorageEngine engine() {
        StorageEngine running = engine;
        if (running == null) {
            throw new IllegalStateException("The node is down");
        }
        return running;
    }

    CommitLog log() {
        CommitLog running = log;
        if (running == null) {
            throw new IllegalStateException("The node is down");
        }
        return running;
    }

    ReadContext context() {
        ReadContext running = context;
        if (running == null) {
            throw new IllegalStateException("The node is down");
        }
        return running;
    }

    TableStore table(TableName name) {
        TableStore table = engine().table(name.id());
        if (table == null) {
            throw new IllegalStateException(name + " is not open");
        }
        return table;
    }

    void runAgents() {
        nanos.addAndGet(1_000_000);
        log().prepareAgent().doWork(nanos.get());
        log().syncAgent().doWork(nanos.get());
    }

    /// Runs what was given to the executor, and what that gives.
    void runExecutor() {
        Runnable next = executor.poll();
        while (next != null) {
            next.run();
            next = executor.poll();
        }
    }

    /// What became of a write.
    static final class Outcome implements WriteCallback {
        boolean applied;
        @Nullable Throwable failure;

        @Override
        public void applied() {
            applied = true;
        }

        @Override
        public void failed(Throwable met) {
            failure = met;
        }
    }

    /// Writes, and has the agents do their work.
    Outcome write(TableStore table, ByteWriter mutation) {
        runAgents();
        Outcome outcome = new Outcome();
        if (engine().write(table, mutation, outcome) == WriteOutcome.APPLIED) {
            outcome.applied = true;
        }
        for (int i = 0; i < 4 && !outcome.applied && outcome.failure == null; i++) {
            runAgents();
        }
        return outcome;
    }

    /// Stops without flushing, as a killed process does, and starts again.
    void restart() throws IOException {
        kill();
        start();
    }

    /// Forgets the process. On a simulated disk, open files stay open, which harms nobody.
    void kill() {
        ReadContext reading = context;
        if (reading != null) {
            reading.close();
        }
        executor.clear();
        context = null;
        engine = null;
        log = null;
    }

    /// Stops as a server does that is told to.
    @Override
    public void close() throws IOException {
        ReadContext reading = context;
        if (reading != null) {
            reading.close();
        }
        StorageEngine running = engine;
        if (running != null) {
            running.close();
            runExecutor();
        }
        CommitLog open = log;
        if (open != null) {
            open.close();
        }
        context = null;
        engine = null;
        log = null;
    }

    private final class Events implements StorageListener {
        @Override
        public void onUnknownFile(TableStore table, Path movedTo) {
            events.add("unknown " + movedTo.getFileName());
        }

        @Override
        public void onDamage(TableStore table, Path file, RuntimeException damage) {
            events.add("damage " + file.getFileName());
        }

        @Override
        public void onFlushFailure(TableStore table, Exception failure) {
            events.add("flush failure " + failure.getMessage());
            if (!mayThrow) {
                throw new AssertionError("A flush failed", failure);
            }
        }

        @Override
        public void onDeleteFailure(TableStore table, Path file, Exception failure) {
            events.add("delete failure " + file.getFileName());
        }

        @Override
        public void onSkippedRecord(TableStore table, RuntimeException wrong) {
            events.add("skipped " + wrong.getMessage());
        }

        @Override
        public void onBackupFailure(TableStore table, Path file, Exception failure) {
            events.add("backup " + failure.getMessage());
        }

        @Override
        public void onCommitLogDelay(RuntimeException failure) {
            events.add("log delay " + failure.getMessage());
        }

        @Override
        public void onCommitLogFailure(RuntimeException failure) {
            events.add("log failure " + failure.getMessage());
            if (!mayThrow) {
                throw new AssertionError("The log failed", failure);
            }
        }
    }
}
