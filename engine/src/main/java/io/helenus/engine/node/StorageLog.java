package io.helenus.engine.node;

import io.helenus.engine.storage.StorageListener;
import io.helenus.engine.storage.TableStore;
import io.helenus.sstable.file.CorruptSSTableException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what storage reports to the node's log. Any thread.
final class StorageLog implements StorageListener {
    private static final Logger LOG = LoggerFactory.getLogger(StorageLog.class);

    private static final long REPEAT_NANOS = 60_000_000_000L;

    private final AtomicLong failures = new AtomicLong();
    private final FailureGuard guard;
    private final LongSupplier nanoTime;

    // Guarded by this.
    private String lastFlushFailure = "";
    private long toldAtNanos;

    StorageLog(FailureGuard guard, LongSupplier nanoTime) {
        this.guard = guard;
        this.nanoTime = nanoTime;
    }

    /// How many things went wrong.
    long failures() {
        return failures.get();
    }

    @Override
    public void onUnknownFile(TableStore table, Path movedTo) {
        LOG.warn("Table {}: a file that is in no manifest was moved to {}", table, movedTo);
    }

    @Override
    public void onDamage(TableStore table, Path file, RuntimeException damage) {
        failures.incrementAndGet();
        String what = damage instanceof CorruptSSTableException ? "is damaged" : "cannot be read";
        LOG.error("Table {}: {} {}, reads that need it will fail", table, file, what, damage);
        String text = "%s %s: %s".formatted(file, what, damage.getMessage());
        if (damage instanceof UncheckedIOException) {
            guard.diskFailed(text);
        } else {
            guard.corrupted(text);
        }
    }

    @Override
    public void onFlushFailure(TableStore table, Exception failure) {
        failures.incrementAndGet();
        if (isNews(String.valueOf(failure))) {
            LOG.error("Table {}: flushing failed and is tried again every second", table, failure);
        }
        boolean full = String.valueOf(failure.getMessage()).contains("No space left");
        if (!full && (failure instanceof IOException || failure instanceof UncheckedIOException)) {
            guard.diskFailed("flushing %s failed: %s".formatted(table, failure));
        }
    }

    /// The same again is told once a minute: a disk that is full must not be filled up with that.
    private synchronized boolean isNews(String text) {
        long now = nanoTime.getAsLong();
        boolean isNews = !text.equals(lastFlushFailure) || now - toldAtNanos >= REPEAT_NANOS;
        if (isNews) {
            lastFlushFailure = text;
            toldAtNanos = now;
        }
        return isNews;
    }

    @Override
    public void onDeleteFailure(TableStore table, Path file, Exception failure) {
        failures.incrementAndGet();
        LOG.warn("Table {}: {} could not be deleted", table, file, failure);
    }

    @Override
    public void onSkippedRecord(TableStore table, RuntimeException wrong) {
        LOG.error("Table {}: a write in the commit log is lost", table, wrong);
    }

    @Override
    public void onBackupFailure(TableStore table, Path file, Exception failure) {
        failures.incrementAndGet();
        LOG.error("Table {}: {} is not among the backups", table, file, failure);
    }

    @Override
    public void onCommitLogFailure(RuntimeException failure) {
        failures.incrementAndGet();
        LOG.error("The commit log failed: no durable write succeeds any more", failure);
        guard.commitLogFailed(String.valueOf(failure.getMessage()));
    }

    @Override
    public void onCommitLogDelay(RuntimeException failure) {
        failures.incrementAndGet();
        LOG.error("{}. The commit log tries again every second", failure.getMessage(), failure);
    }
}
