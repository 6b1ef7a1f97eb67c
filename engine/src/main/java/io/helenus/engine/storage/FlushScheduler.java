package io.helenus.engine.storage;

import io.helenus.commitlog.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Decides which tables of a node are flushed, and when; and knows whether flushing fails, so that waiting
/// for memory may take for ever. How a table is flushed is [TableFlusher]'s business. Any thread that may
/// lock; an event loop only asks whether it is stuck.
final class FlushScheduler {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private final StorageEngine engine;
    private final MemtableMemory memory;
    private volatile @Nullable Exception failure; // of the last flush, if it failed

    FlushScheduler(StorageEngine engine, MemtableMemory memory) {
        this.engine = engine;
        this.memory = memory;
    }

    /// Flushes those of these tables that have something.
    CompletableFuture<Void> flush(Predicate<TableStore> wanted) {
        List<CompletableFuture<Void>> flushes = new ArrayList<>();
        for (TableStore table : engine.tables()) {
            if (wanted.test(table) && !table.isClean()) {
                flushes.add(table.flush());
            }
        }
        return allOf(flushes);
    }

    private static CompletableFuture<Void> allOf(List<CompletableFuture<Void>> flushes) {
        return CompletableFuture.allOf(flushes.toArray(CompletableFuture<?>[]::new));
    }

    /// Has the largest memtables flushed until the rest is within its limit. On the executor, as it
    /// locks.
    ///
    /// @return done when they are, also if that failed
    CompletableFuture<Void> flushLargest() {
        List<CompletableFuture<Void>> flushes = new ArrayList<>();
        while (memory.needsFlush()) {
            TableStore largest = null;
            long bytesMax = 0;
            for (TableStore table : engine.tables()) {
                long bytes = table.activeBytes();
                if (bytes > bytesMax) {
                    largest = table;
                    bytesMax = bytes;
                }
            }
            if (largest == null || largest.isClosed()) {
                break;
            }
            flushes.add(largest.flush());
        }
        return allOf(flushes);
    }

    /// Flushes those whose writes keep the oldest segments of the commit log.
    void flushForLog(List<TableId> oldestDirty) {
        for (TableId each : oldestDirty) {
            UUID id = new UUID(each.high(), each.low());
            TableStore table = engine.table(id);
            if (table != null) {
                var _ = table.flush();
            } else {
                engine.releaseDropped(id);
            }
        }
    }

    /// Tries failed flushes again, and flushes memtables whose period has passed.
    void tick() {
        long now = engine.nanoTime();
        for (TableStore table : engine.tables()) {
            table.flusher().retry();
            long period = table.settings().flushPeriodMillis();
            CountedMemtable active = table.view().memtables[0];
            if (period > 0
                    && now - active.madeAtNanos() >= period * NANOS_PER_MILLI
                    && !active.memtable().isEmpty()) {
                var _ = table.flush();
            }
            if (!table.replayable().isEmpty() && active.memtable().isEmpty()) {
                // Of nothing: moves the position on from which it is replayed.
                var _ = table.flush();
            }
        }
    }

    /// Takes note of how a flush ended.
    void noteEnd(@Nullable Exception met) {
        if (met != null) {
            failure = met;
            memory.tellWaiting(); // their writes are refused now
        } else if (isStuck()) {
            failure = null;
        }
    }

    /// Whether flushing fails.
    boolean isStuck() {
        return failure != null;
    }

    /// @throws StorageFullException if memory is full and will remain so
    void refuseIfFull() {
        Exception met = failure;
        if (met != null && !memory.hasRoom()) {
            throw new StorageFullException(met);
        }
    }
}
