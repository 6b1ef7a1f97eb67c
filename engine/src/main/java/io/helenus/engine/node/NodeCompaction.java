package io.helenus.engine.node;

import io.helenus.engine.compaction.CompactionEnvironment;
import io.helenus.engine.compaction.CompactionManager;
import io.helenus.engine.compaction.Compactions;
import io.helenus.engine.compaction.OwnedTokens;
import io.helenus.engine.compaction.TableCompaction;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.schema.CompactionTables;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.schema.VirtualTable;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.storage.files.StorageFiles;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's compactions and their threads, which come when there is something to do and go after
/// it. There are never more steps at a time than compactions, plus one that plans.
final class NodeCompaction implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeCompaction.class);
    private static final long IDLE_SECONDS = 10;
    private static final long END_SECONDS = 30;

    private final CompactionOptions options;
    private final ThreadPoolExecutor threads;
    private final CompactionManager manager;

    NodeCompaction(
            CompactionOptions options,
            StorageEngine storage,
            StorageFiles files,
            ScheduledExecutorService timer,
            LongSupplier nanoTime,
            LongSupplier wallMicros,
            TimeUuids uuids) {
        this.options = options;
        threads =
                new ThreadPoolExecutor(
                        0,
                        Integer.MAX_VALUE,
                        IDLE_SECONDS,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        NodeThreads.factory("helenus-compaction"));
        manager =
                new CompactionManager(
                        storage,
                        files,
                        new CompactionEnvironment(
                                threads,
                                (work, nanos) -> {
                                    var _ = timer.schedule(work, nanos, TimeUnit.NANOSECONDS);
                                },
                                nanoTime,
                                wallMicros,
                                () ->
                                        new UUID(
                                                uuids.nextMostSignificant(),
                                                uuids.leastSignificant()),
                                _ -> List.of(OwnedTokens.Range.ALL),
                                new CompactionLog(),
                                CompactionEnvironment.ITEMS_PER_STEP),
                        options.concurrency(),
                        options.throughputMiB());
    }

    Compactions compactions() {
        return manager;
    }

    /// How a table is to be compacted.
    ///
    /// @throws RuntimeException if its options make no sense
    TableCompaction optionsOf(TableSchema table) {
        return TableCompactions.of(table, options.allowUnsafeExpiration());
    }

    /// A table was opened or altered.
    void alter(TableStore store, TableSchema table) {
        manager.alter(store, optionsOf(table));
    }

    /// A table is about to be dropped.
    void forget(TableStore store) {
        manager.forget(store);
    }

    /// The node is up: from now on what storage does starts compactions.
    void start(StorageEngine storage) {
        storage.onFilesChanged(manager::filesChanged);
    }

    void tick() {
        manager.tick();
    }

    /// The tables that show it.
    List<VirtualTable> virtualTables() {
        return CompactionTables.tables(
                () ->
                        manager.running().stream()
                                .map(task ->
                                        new CompactionTables.TaskRow(
                                                task.keyspace(),
                                                task.table(),
                                                task.id(),
                                                task.completion(),
                                                task.kind().text().toLowerCase(Locale.ROOT),
                                                task.bytesDone(),
                                                task.files(),
                                                task.directory(),
                                                task.bytesTotal()))
                                .toList(),
                () ->
                        manager.history().stream()
                                .map(done ->
                                        new CompactionTables.HistoryRow(
                                                done.id(),
                                                done.keyspace(),
                                                done.table(),
                                                done.completedAtMillis(),
                                                done.bytesIn(),
                                                done.bytesOut(),
                                                done.rowsMerged(),
                                                done.properties()))
                                .toList());
    }

    @Override
    public void close() {
        try {
            manager.close().get(END_SECONDS, TimeUnit.SECONDS);
            threads.shutdown();
            boolean _ = threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.error("Compactions did not end", e);
        }
    }
}
