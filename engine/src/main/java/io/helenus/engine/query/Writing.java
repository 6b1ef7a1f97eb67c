package io.helenus.engine.query;

import io.helenus.commitlog.CommitLogException;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.RequestHandler.BatchKind;
import io.helenus.engine.query.RequestHandler.Completion;
import io.helenus.engine.query.RequestHandler.Outcome;
import io.helenus.engine.query.plan.ModificationPlan;
import io.helenus.engine.query.result.ResultKind;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.StorageFullException;
import io.helenus.engine.storage.WriteBatch;
import io.helenus.engine.storage.WriteOutcome;
import io.helenus.engine.storage.mutation.WriteCallback;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.SSTableVersionException;
import io.helenus.sstable.model.ByteWriter;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Carries out writes: those to one partition, the short way, and those to several or that read first, as
/// batches. Any thread; what a request needs for itself is in its [Worker].
final class Writing {
    private static final byte[] VOID =
            new ByteWriter(Integer.BYTES).writeInt(ResultKind.VOID).toArray();

    private final StorageEngine storage;
    private final FailureAnswers failures;
    private final LongSupplier wallMicros;
    private final WriteClock clock;
    private final PartitionLocks locks = new PartitionLocks();

    Writing(
            StorageEngine storage,
            FailureAnswers failures,
            LongSupplier wallMicros,
            WriteClock clock) {
        this.storage = storage;
        this.failures = failures;
        this.wallMicros = wallMicros;
        this.clock = clock;
    }

    /// To one partition, without a read.
    Outcome write(
            Worker worker,
            Statement.Bound bound,
            Statement.Write write,
            Request request,
            BoundValues values,
            ByteWriter body,
            Completion later) {
        ModificationPlan plan = write.plan();
        write.replicas().requireWrite(request.consistency);
        long timestamp =
                request.defaultTimestamp != Request.NO_TIMESTAMP
                        ? request.defaultTimestamp
                        : clock.next();
        long now = worker.startEvaluation(request, values, wallMicros.getAsLong());
        long epoch = bound.schema().epoch();
        plan.execute(
                worker.workspace,
                timestamp,
                now,
                worker.times,
                (_, token, key, offset, length) ->
                        worker.mutation.begin(epoch, token, key, offset, length));
        if (worker.mutation.isEmpty()) {
            body.writeBytes(VOID);
            return Outcome.DONE;
        }
        Waiting waiting = new Waiting(failures, later, request, FailureAnswers.SIMPLE, null);
        try {
            if (!storage.mayWrite()) {
                defer(new WriteBatch().add(write.store(), worker.mutationBytes), waiting);
                return Outcome.LATER;
            }
            return finish(storage.write(write.store(), worker.mutationBytes, waiting), body);
        } catch (CommitLogException | StorageFullException e) {
            throw failures.refused(e, request, FailureAnswers.SIMPLE);
        }
    }

    /// Writes when storage has caught up. Until then the request counts as in flight, so its client is
    /// soon no longer read from.
    private void defer(WriteBatch borrowed, Waiting waiting) {
        WriteBatch batch = borrowed.copy();
        storage.whenMayWrite(() -> {
            try {
                if (storage.write(batch, waiting) == WriteOutcome.APPLIED) {
                    waiting.applied();
                }
            } catch (RuntimeException e) {
                waiting.failed(e);
            }
        });
    }

    private static Outcome finish(WriteOutcome outcome, ByteWriter body) {
        if (outcome == WriteOutcome.LATER) {
            return Outcome.LATER;
        }
        body.writeBytes(VOID);
        return Outcome.DONE;
    }

    /// Tells the client when a write that could not be finished at once is done.
    private static final class Waiting implements WriteCallback {
        private final FailureAnswers failures;
        private final Completion later;
        private final int consistency;
        private final String writeType;
        private final List<String> warnings;
        private final PartitionLocks.@Nullable Held held;

        /// @param held given back when the write has ended
        Waiting(
                FailureAnswers failures,
                Completion later,
                Request request,
                String writeType,
                PartitionLocks.@Nullable Held held) {
            this.failures = failures;
            this.later = later;
            this.writeType = writeType;
            this.held = held;
            consistency = request.consistency.code();
            warnings = request.warnings();
        }

        @Override
        public void applied() {
            unlock();
            later.done(VOID.clone(), warnings);
        }

        @Override
        public void failed(Throwable failure) {
            unlock();
            later.failed(failures.ofWrite(failure, consistency, writeType));
        }

        private void unlock() {
            if (held != null) {
                held.release();
            }
        }
    }

    /// One write of a batch, with the values as they were given.
    record Part(Statement.Write write, Statement.Bound bound, BoundValues given) {}

    /// @param kind null for a statement that writes to several partitions by itself
    Outcome batch(
            Worker worker,
            Schema schema,
            @Nullable BatchKind kind,
            Request request,
            List<Part> parts,
            ByteWriter body,
            boolean ioAllowed,
            Completion later) {
        boolean readsFirst = parts.stream().anyMatch(part -> part.write().plan().readsFirst());
        if (readsFirst && !ioAllowed) {
            return Outcome.NEEDS_IO;
        }
        BatchRun run = new BatchRun(worker, schema, request);
        try {
            if (readsFirst) {
                run.lock(parts);
            }
            for (Part part : parts) {
                BoundValues values = worker.inOrder(part.bound(), part.given());
                if (part.bound().statement() instanceof Statement.Batch batch) {
                    run.useTimestamp(values, batch);
                }
                run.add(part.write(), values);
            }
            return run.write(kind, parts, body, later);
        } catch (CorruptSSTableException | SSTableVersionException | UncheckedIOException e) {
            run.unlock();
            throw failures.ofDamage(e, request, storage);
        } catch (RuntimeException e) {
            run.unlock();
            worker.collector.release();
            throw e;
        }
    }

    /// The writes of one batch. All have one timestamp, unless a statement says otherwise.
    private final class BatchRun {
        private final Worker worker;
        private final Request request;
        private final long micros;
        private final long now;
        private long timestamp;
        private PartitionLocks.@Nullable Held held;

        BatchRun(Worker worker, Schema schema, Request request) {
            this.worker = worker;
            this.request = request;
            timestamp =
                    request.defaultTimestamp != Request.NO_TIMESTAMP
                            ? request.defaultTimestamp
                            : clock.next();
            micros = wallMicros.getAsLong();
            now = worker.startEvaluation(request, new BoundValues(), micros);
            worker.collector.start(schema.epoch());
        }

        void useTimestamp(BoundValues values, Statement.Batch batch) {
            if (batch.timestamp() == null) {
                return;
            }
            worker.workspace.evaluation.start(values, micros, now);
            Slice slice = worker.workspace.slice;
            batch.timestamp().evaluate(worker.workspace.evaluation, slice);
            if (slice.isUnset()) {
                return;
            }
            if (slice.length() != Long.BYTES) {
                throw CqlException.invalid("Invalid null value of timestamp");
            }
            timestamp = ByteWriter.getLong(slice.array(), slice.offset());
            ModificationPlan.checkTimestamp(timestamp);
        }

        /// Waits until no other write that reads first is under way in the same partitions.
        void lock(List<Part> parts) {
            Set<Long> tokens = new HashSet<>();
            for (Part part : parts) {
                if (part.write().plan().readsFirst()) {
                    BoundValues values = worker.inOrder(part.bound(), part.given());
                    worker.workspace.evaluation.start(values, micros, now);
                    tokens.addAll(part.write().plan().tokens(worker.workspace));
                }
            }
            held = locks.lock(tokens);
        }

        void unlock() {
            if (held != null) {
                held.release();
            }
        }

        void add(Statement.Write write, BoundValues values) {
            worker.workspace.lists =
                    write.plan().readsFirst() ? new ListReader(worker, write.store(), now) : null;
            write.replicas().requireWrite(request.consistency);
            worker.workspace.evaluation.start(values, micros, now);
            write.plan()
                    .execute(
                            worker.workspace,
                            timestamp,
                            now,
                            worker.times,
                            worker.collector.into(write.store()));
        }

        /// Whether a batch is too large is known when it is bound: nothing has been written then.
        private String checked(@Nullable BatchKind kind, List<Part> parts) {
            if (kind != null) {
                worker.batches.begin();
                for (Part part : parts) {
                    worker.batches.writes(part.write().plan().table());
                }
                worker.batches.check(kind, worker.collector, request);
            }
            if (worker.collector.mutations() <= 1) {
                return FailureAnswers.SIMPLE;
            }
            return kind == BatchKind.LOGGED ? FailureAnswers.BATCH : FailureAnswers.UNLOGGED_BATCH;
        }

        Outcome write(
                @Nullable BatchKind kind, List<Part> parts, ByteWriter body, Completion later) {
            String writeType = checked(kind, parts);
            WriteBatch batch = worker.collector.finish();
            Outcome outcome = Outcome.DONE;
            try {
                if (batch.count() == 0) {
                    body.writeBytes(VOID);
                    return outcome;
                }
                Waiting waiting = new Waiting(failures, later, request, writeType, held);
                if (storage.mayWrite()) {
                    outcome = finish(storage.write(batch, waiting), body);
                } else {
                    outcome = Outcome.LATER;
                    defer(batch, waiting);
                }
                return outcome;
            } catch (CommitLogException | StorageFullException e) {
                throw failures.refused(e, request, writeType);
            } finally {
                worker.collector.release();
                if (outcome != Outcome.LATER) {
                    unlock();
                }
            }
        }
    }
}
