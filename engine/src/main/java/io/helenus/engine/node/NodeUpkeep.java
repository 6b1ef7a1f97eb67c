package io.helenus.engine.node;

import io.helenus.engine.storage.StorageEngine;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a node looks after again and again, in its ticking thread. A failure does not end what is to come.
final class NodeUpkeep {
    private static final Logger LOG = LoggerFactory.getLogger(NodeUpkeep.class);
    private static final long TICK_MILLIS = 1_000;

    /// Between two looks at the room on the disks, which fast writers fill in a few seconds.
    private static final long ROOM_MILLIS = 200;

    private static final long EXPIRY_MILLIS = 10_000;

    private final NodeThreads threads;

    NodeUpkeep(NodeThreads threads) {
        this.threads = threads;
    }

    /// @param saveTimestamp keeps the latest timestamp of a write
    void begin(
            StorageEngine engine,
            NodeCompaction compaction,
            FailureGuard guard,
            Runnable saveTimestamp) {
        repeat(TICK_MILLIS, "timestamps", saveTimestamp);
        repeat(TICK_MILLIS, "memtables", engine::tick);
        repeat(TICK_MILLIS, "compactions", compaction::tick);
        repeat(ROOM_MILLIS, "the room on disks", guard::look);
        repeat(
                EXPIRY_MILLIS,
                "snapshots",
                () -> threads.storage().execute(() -> deleteExpired(engine)));
    }

    private void repeat(long millis, String what, Runnable task) {
        Runnable guarded =
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException e) {
                        LOG.error("Looking after {} failed", what, e);
                    }
                };
        var _ =
                threads.ticks()
                        .scheduleWithFixedDelay(guarded, millis, millis, TimeUnit.MILLISECONDS);
    }

    private static void deleteExpired(StorageEngine engine) {
        try {
            int deleted = engine.snapshots().deleteExpired();
            if (deleted > 0) {
                LOG.info("Deleted {} expired snapshots", deleted);
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("Looking after snapshots failed", e);
        }
    }
}
