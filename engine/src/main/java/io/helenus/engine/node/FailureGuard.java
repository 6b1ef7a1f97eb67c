package io.helenus.engine.node;

import io.helenus.engine.config.CommitFailurePolicy;
import io.helenus.engine.config.DiskFailurePolicy;
import io.helenus.engine.storage.StorageEngine;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Decides what becomes of the node when its disks fail or fill: does what the policies say, and
/// refuses writes while there is too little room. Failures are reported by any thread and acted on by
/// the executor; room is looked at by the tick.
final class FailureGuard {
    /// Bytes that can still be written where a directory lies.
    @FunctionalInterface
    interface Room {
        long usableBytes(Path directory) throws IOException;

        static long ofFileStore(Path directory) throws IOException {
            FileStore store = Files.getFileStore(directory);
            return store.getUsableSpace();
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(FailureGuard.class);
    private static final String NO_ROOM = "room";
    private static final String NO_LOG = "commit log";
    private static final String DEAD = "dead";
    private static final double MIB = 1 << 20;

    /// Less than that is not worth a file.
    private static final long EARLY_FLUSH_BYTES_MIN = 1 << 20;

    private final DiskFailurePolicy diskPolicy;
    private final CommitFailurePolicy commitPolicy;
    private final long roomBytesMin;
    private final List<Path> directories;
    private final Room room;
    private final Executor executor;
    private final Runnable death;

    // Set once each, by the thread that starts the node.
    private volatile @Nullable StorageEngine storage;
    private volatile @Nullable ClientService clients;

    private volatile @Nullable String startFailure;
    private volatile boolean started;
    // Of the tick.
    private boolean tooFull;
    private CompletableFuture<Void> earlyFlush = CompletableFuture.completedFuture(null);

    /// @param directories that must have room
    /// @param executor may wait
    FailureGuard(OperationsOptions options, List<Path> directories, Room room, Executor executor) {
        diskPolicy = options.diskFailurePolicy();
        commitPolicy = options.commitFailurePolicy();
        roomBytesMin = options.roomBytesMin();
        this.directories = List.copyOf(directories);
        this.room = room;
        this.executor = executor;
        death = options.death();
    }

    void guard(StorageEngine engine) {
        storage = engine;
    }

    /// What is closed when the node stops serving.
    void serving(ClientService service) {
        clients = service;
    }

    /// What happens from now on no longer keeps the node from starting.
    ///
    /// @throws IOException if something happened that does
    void requireSound() throws IOException {
        started = true;
        String failure = startFailure;
        if (failure != null) {
            throw new IOException(failure);
        }
    }

    /// A file contradicts itself.
    void corrupted(String what) {
        switch (diskPolicy) {
            case DIE, STOP_PARANOID -> disk(what);
            case STOP, BEST_EFFORT, IGNORE -> {
                // Reads that need it fail, all others are served.
            }
        }
    }

    /// A file cannot be read or written. A full disk is [#look]'s business.
    void diskFailed(String what) {
        switch (diskPolicy) {
            case DIE, STOP_PARANOID, STOP -> disk(what);
            case BEST_EFFORT, IGNORE -> {
                // What needs it fails.
            }
        }
    }

    private void disk(String what) {
        String text =
                "disk_failure_policy is %s: %s"
                        .formatted(diskPolicy.name().toLowerCase(Locale.ROOT), what);
        if (!started) {
            startFailure =
                    text
                            + ". With --set disk_failure_policy=best_effort the node starts, reads that"
                            + " need the file fail, and 'helenus node discard' gives it up";
            return;
        }
        if (diskPolicy == DiskFailurePolicy.DIE) {
            die(text);
        } else {
            stopServing(text);
        }
    }

    /// The commit log takes no more writes.
    void commitLogFailed(String what) {
        String text =
                "commit_failure_policy is %s: %s"
                        .formatted(commitPolicy.name().toLowerCase(Locale.ROOT), what);
        switch (commitPolicy) {
            case DIE -> die(text);
            case STOP -> stopServing(text);
            case STOP_COMMIT -> {
                LOG.error("{}. Writes are refused from now on, reads go on", text);
                refuse(NO_LOG, "the commit log has failed");
            }
            case IGNORE -> {
                // Durable writes fail one by one.
            }
        }
    }

    private void refuse(String cause, String reason) {
        StorageEngine engine = storage;
        if (engine != null) {
            engine.refuseWrites(cause, reason);
        }
    }

    private void die(String text) {
        LOG.error("{}. The node ends now", text);
        refuse(DEAD, text);
        stopServing(text);
        act(death);
    }

    private void stopServing(String text) {
        ClientService service = clients;
        if (service == null || service.server() == null) {
            return;
        }
        LOG.error(
                "{}. Clients are no longer served; 'helenus node enablebinary' serves them again",
                text);
        act(() -> {
            try {
                service.stop();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void act(Runnable action) {
        try {
            executor.execute(action);
        } catch (RejectedExecutionException e) {
            LOG.debug("The node ends already", e);
        }
    }

    /// Refuses writes while there is too little room, and takes them again when there is a tenth more
    /// than that. Before it comes to that, memtables are flushed while there is room for them: later they
    /// could not be, and what the commit log has of them would fill the disk for good. By the tick.
    void look() {
        try {
            lookAtRoom();
        } catch (RuntimeException e) {
            // It must not end the looks to come.
            LOG.error("Looking after the room on disks failed", e);
        }
    }

    private void lookAtRoom() {
        StorageEngine engine = storage;
        if (roomBytesMin == 0 || engine == null) {
            return;
        }
        Path fullest = null;
        long least = Long.MAX_VALUE;
        for (Path directory : directories) {
            try {
                long bytes = room.usableBytes(directory);
                if (bytes < least) {
                    least = bytes;
                    fullest = directory;
                }
            } catch (IOException e) {
                LOG.warn("The room in {} is not known", directory, e);
            }
        }
        if (fullest == null) {
            return;
        }
        if (!tooFull && least < roomBytesMin) {
            tooFull = true;
            String reason =
                    "%s has %.1f MiB of free space left, min_free_space_per_drive is %.1f MiB"
                            .formatted(fullest, least / MIB, roomBytesMin / MIB);
            LOG.error("Writes are refused until there is room: {}", reason);
            engine.refuseWrites(NO_ROOM, reason);
        } else if (tooFull && least >= roomBytesMin + roomBytesMin / 10) {
            tooFull = false;
            LOG.info("There is room in {} again: writes are taken", fullest);
            engine.allowWrites(NO_ROOM);
        }
        if (!tooFull) {
            flushEarly(engine, fullest, least);
        }
    }

    private void flushEarly(StorageEngine engine, Path fullest, long usable) {
        long unflushed = engine.memtableBytes();
        if (unflushed < EARLY_FLUSH_BYTES_MIN || usable - unflushed >= roomBytesMin) {
            if (earlyFlush.isDone()) {
                earlyFlush = CompletableFuture.completedFuture(null);
            }
            return;
        }
        if (earlyFlush.isDone() && !earlyFlush.isCompletedExceptionally()) { // else it is retried
            LOG.info(
                    "{} has {} MiB of free space left: {} MiB of memtables are flushed",
                    fullest,
                    usable >> 20,
                    unflushed >> 20);
            earlyFlush = engine.flushAll();
        }
    }

    /// The last flush for want of room.
    CompletableFuture<Void> earlyFlush() {
        return earlyFlush;
    }
}
