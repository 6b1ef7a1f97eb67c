package io.helenus.tools.bulk;

import io.helenus.engine.bulk.BulkAppender;
import io.helenus.engine.bulk.SSTableBulkWriter;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.BoundValues;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Reads records on the caller's thread and adds them to a writer on others. Used once.
final class Ingest {
    private static final int BATCH_RECORDS = 512;
    private static final int BATCH_CHARS = 1 << 20;
    private static final int BATCHES_WAITING = 4;
    private static final long CHARS_WAITING_MAX = 16 << 20;
    private static final long PATIENCE_MILLIS = 100;

    /// Of them, the last that a worker gets has no records.
    private record Batch(List<RawRow> records, long chars, long firstTimestamp) {}

    private final SSTableBulkWriter writer;
    private final RejectFile rejects;
    private final long errorsMax;
    private final @Nullable Long timestamp;
    private final BlockingQueue<Batch> waiting;
    private final List<Thread> workers = new ArrayList<>();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private final AtomicLong read = new AtomicLong();
    private long charsWaiting; // of batches that are not worked off; guarded by this

    /// @param errorsMax how many records may be rejected
    /// @param timestamp of all rows; null for that of their reading
    Ingest(
            SSTableBulkWriter writer,
            RejectFile rejects,
            long errorsMax,
            @Nullable Long timestamp,
            int threads) {
        this.writer = writer;
        this.rejects = rejects;
        this.errorsMax = errorsMax;
        this.timestamp = timestamp;
        waiting = new ArrayBlockingQueue<>(threads * BATCHES_WAITING);
    }

    /// Starts a worker.
    void start(RowMapper mapper) throws IOException {
        BulkAppender appender = writer.newAppender();
        workers.add(
                Thread.ofPlatform()
                        .daemon()
                        .name("helenus-bulk-rows-" + workers.size())
                        .start(() -> work(mapper, appender)));
    }

    /// Records read so far.
    long read() {
        return read.get();
    }

    /// Reads all of an input.
    void readAll(Rows rows) throws IOException, BulkFailure, InterruptedException {
        List<RawRow> batch = new ArrayList<>(BATCH_RECORDS);
        long chars = 0;
        RawRow record = rows.next();
        while (record != null) {
            batch.add(record);
            chars += record.text().length();
            if (batch.size() == BATCH_RECORDS || chars >= BATCH_CHARS) {
                pass(batch, chars);
                batch = new ArrayList<>(BATCH_RECORDS);
                chars = 0;
            }
            record = rows.next();
        }
        if (!batch.isEmpty()) {
            pass(batch, chars);
        }
    }

    private void pass(List<RawRow> records, long chars)
            throws IOException, BulkFailure, InterruptedException {
        Long fixed = timestamp;
        admit(chars);
        put(
                new Batch(
                        records,
                        chars,
                        fixed != null ? fixed : writer.reserveTimestamps(records.size())));
        read.addAndGet(records.size());
    }

    /// Waits until there is memory for a batch, however large it is.
    private synchronized void admit(long chars)
            throws IOException, BulkFailure, InterruptedException {
        while (charsWaiting > 0 && charsWaiting + chars > CHARS_WAITING_MAX) {
            check();
            wait(PATIENCE_MILLIS);
        }
        charsWaiting += chars;
    }

    private synchronized void release(long chars) {
        charsWaiting -= chars;
        notifyAll();
    }

    private void put(Batch batch) throws IOException, BulkFailure, InterruptedException {
        boolean done = false;
        while (!done) {
            check();
            done = waiting.offer(batch, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void check() throws IOException, BulkFailure {
        Exception thrown = failure.get();
        switch (thrown) {
            case null -> {}
            case BulkFailure known -> throw new BulkFailure(String.valueOf(known.getMessage()));
            case IOException known -> throw new IOException(known.getMessage(), known);
            default -> throw new IllegalStateException(thrown);
        }
    }

    /// Returns when all that was read has been added or rejected.
    void finish() throws IOException, BulkFailure, InterruptedException {
        for (int i = 0; i < workers.size(); i++) {
            put(new Batch(List.of(), 0, 0));
        }
        for (Thread worker : workers) {
            worker.join();
        }
        check();
    }

    /// Ends the workers, whatever they were at.
    void stop() {
        var _ = failure.compareAndSet(null, new BulkFailure("interrupted"));
        boolean interrupted = false;
        for (Thread worker : workers) {
            worker.interrupt();
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void work(RowMapper mapper, BulkAppender appender) {
        try {
            while (failure.get() == null) {
                Batch batch = waiting.take();
                if (batch.records().isEmpty()) {
                    return;
                }
                add(batch, mapper, appender);
                release(batch.chars());
            }
        } catch (IOException | BulkFailure | RuntimeException e) {
            var _ = failure.compareAndSet(null, e);
        } catch (Error e) { // or the reader would wait for ever
            var _ = failure.compareAndSet(null, new IllegalStateException(e));
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void add(Batch batch, RowMapper mapper, BulkAppender appender)
            throws IOException, BulkFailure {
        long at = batch.firstTimestamp();
        for (RawRow record : batch.records()) {
            try {
                BoundValues values = mapper.map(record);
                appender.add(mapper.statement(), at, values);
            } catch (BadRowException e) {
                reject(record, String.valueOf(e.getMessage()));
            } catch (CqlException e) {
                reject(record, String.valueOf(e.getMessage()));
            }
            at += timestamp == null ? 1 : 0;
        }
    }

    private void reject(RawRow record, String reason) throws IOException, BulkFailure {
        if (rejects.add(record, reason) > errorsMax) {
            throw new BulkFailure(
                    "%s: %s (more than --max-errors %d; those until here are in %s)"
                            .formatted(record.place(), reason, errorsMax, rejects.path()));
        }
    }
}
