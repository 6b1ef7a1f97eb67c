package io.helenus.engine.node;

import io.helenus.commitlog.CommitLog;
import io.helenus.commitlog.CommitLogEnvironment;
import io.helenus.commitlog.LogAgent;
import io.helenus.commitlog.LogAgentRunner;
import io.helenus.commitlog.ReplayOptions;
import io.helenus.commitlog.ReplayReport;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.StorageEnvironment;
import io.helenus.engine.storage.StorageListener;
import io.helenus.engine.storage.StorageOptions;
import io.helenus.sstable.cache.BlockCache;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's storage: its tables with their memory, and the commit log with the two threads that look
/// after it. The tables are opened between [#open] and [#replay]. Of the thread that starts the node.
final class NodeStorage {
    private static final Logger LOG = LoggerFactory.getLogger(NodeStorage.class);
    private static final int REPLAY_LANES_MAX = 8; // one thread reads the log for all of them
    private static final long DRAIN_SECONDS = 30;

    /// Of the block cache: what scans have besides.
    private static final int SCAN_SHARE = 8;

    private static final long SCAN_BYTES_MIN = 1 << 20;

    private final NodeOptions options;
    private final NodeFiles files;
    private final NodeThreads threads;
    private final NodeParts parts;
    private final LongSupplier nanoTime;
    private final LongSupplier wallMicros;
    private final StorageEngine engine;

    private NodeStorage(
            NodeOptions options,
            NodeFiles files,
            NodeThreads threads,
            NodeParts parts,
            LongSupplier nanoTime,
            LongSupplier wallMicros,
            StorageEngine engine) {
        this.options = options;
        this.files = files;
        this.threads = threads;
        this.parts = parts;
        this.nanoTime = nanoTime;
        this.wallMicros = wallMicros;
        this.engine = engine;
    }

    /// Without any table yet.
    static NodeStorage open(
            NodeOptions options,
            NodeFiles files,
            NodeThreads threads,
            NodeParts parts,
            LongSupplier nanoTime,
            LongSupplier wallMicros,
            RandomGenerator random,
            StorageListener events) {
        // Housekeeping takes about a microsecond for each new block; another thread would cost
        // more.
        BlockCache cache = new BlockCache(options.blockCacheBytes(), Runnable::run);
        StorageEngine engine =
                new StorageEngine(
                        new StorageOptions(
                                options.dataDirectory().resolve("data"),
                                options.memtableBytes(),
                                Math.max(SCAN_BYTES_MIN, options.blockCacheBytes() / SCAN_SHARE)),
                        new StorageEnvironment(
                                files.storage(),
                                nanoTime,
                                wallMicros,
                                threads.storage(),
                                random,
                                events),
                        cache);
        engine.setBackingUp(options.operations().incrementalBackups());
        return new NodeStorage(
                options, files, threads, parts, nanoTime, wallMicros, parts.add("storage", engine));
    }

    StorageEngine engine() {
        return engine;
    }

    /// Opens the commit log and applies what it holds. Takes writes from then on.
    void replay() throws IOException {
        CommitLog log =
                CommitLog.open(
                        options.commitLog().withStartAfter(engine.highestFlushedPosition()),
                        new CommitLogEnvironment(
                                files.log(), nanoTime, wallMicros, engine.logListener()));
        parts.add("commit log", log);
        run("commit log sync", log.syncAgent(), "helenus-commitlog-sync");
        run("commit log preparation", log.prepareAgent(), "helenus-commitlog-prepare");
        ReplayLog progress = new ReplayLog(nanoTime, LOG::info);
        ReplayOptions replay =
                new ReplayOptions(
                        options.ignoreCommitLogDamage()
                                ? ReplayOptions.OnDamage.IGNORE
                                : ReplayOptions.OnDamage.STOP,
                        progress);
        int processors = Runtime.getRuntime().availableProcessors();
        int lanes = Math.min(Math.min(processors, REPLAY_LANES_MAX), options.readerThreads());
        ReplayReport report = engine.start(log, replay, lanes, threads.readers());
        progress.report(report);
    }

    private void run(String part, LogAgent agent, String thread) {
        parts.add(part, LogAgentRunner.start(agent, nanoTime, NodeThreads.factory(thread)));
    }

    /// Also what an operator did not want logged shall survive an orderly end.
    void flushUnlogged() throws InterruptedException, ExecutionException, TimeoutException {
        engine.flushUnlogged().get(DRAIN_SECONDS, TimeUnit.SECONDS);
    }

    /// Of all tables' files.
    long fileBytes() {
        return engine.tables().stream()
                .flatMap(table -> table.sstables().stream())
                .mapToLong(sstable -> sstable.file().bytes())
                .sum();
    }
}
