package io.helenus.engine.query;

import io.helenus.commitlog.CommitLogException;
import io.helenus.cql.CqlParser;
import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.Describe;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.Truncate;
import io.helenus.cql.ast.Use;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.query.plan.ModificationPlan;
import io.helenus.engine.query.result.ResultKind;
import io.helenus.engine.query.result.ResultMetadata;
import io.helenus.engine.query.select.ReadLimits;
import io.helenus.engine.query.select.RowAccess;
import io.helenus.engine.query.select.SelectPlan;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.schema.DescribeAnswer;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.StorageFullException;
import io.helenus.engine.storage.WriteBatch;
import io.helenus.engine.storage.WriteOutcome;
import io.helenus.engine.storage.mutation.WriteCallback;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableVersionException;
import io.helenus.sstable.model.BlockNotCachedException;
import io.helenus.sstable.model.ByteWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Executes statements against the node's schema and storage.
///
/// Any thread calls. A request has a [Worker] for itself, which holds all buffers that it needs: event
/// loops keep one each, as they are few and live as long as the node; a request on any other thread
/// (they come and go, and may be virtual ones) borrows one, so that there are never more of them, nor of
/// their pins in storage, than there were requests at a time. What the threads share is immutable
/// (schema, plans) or thread safe on its own (storage, prepared statements).
public final class QueryProcessor implements RequestHandler {
    /// Of the texts of all prepared statements, which take several times as much with all that belongs
    /// to them.
    private static final long PREPARED_CHARS_MAX = 16 << 20;

    private static final int WORKER_BYTES_KEPT = 4 << 20;
    private static final long MICROS_PER_SECOND = 1_000_000L;
    private static final byte[] VOID =
            new ByteWriter(Integer.BYTES).writeInt(ResultKind.VOID).toArray();

    private final SchemaAuthority schemas;
    private final Tables tables;
    private final StorageEngine storage;
    private final PreparedStatements prepared;
    private final PreparedStore preparedStore;
    private final DescribeAnswer.Cluster cluster;
    private final LongSupplier wallMicros;
    private final FailureAnswers failures;
    private final AtomicLong lastTimestamp = new AtomicLong();
    private final PartitionLocks locks = new PartitionLocks();
    private final Supplier<Worker> newWorker;
    private final ThreadLocal<Worker> loopWorkers;
    private final Queue<Worker> idleWorkers = new ConcurrentLinkedQueue<>();

    /// Keeps prepared statements over restarts.
    public interface PreparedStore {
        /// @param metadataId of the result that its clients were told of, empty if not all of the same
        void save(byte[] id, @Nullable String keyspace, String text, byte[] metadataId);

        void forget(byte[] id);
    }

    /// @param wallMicros microseconds since 1970
    /// @param preparedMax how many prepared statements are kept
    /// @param self where other nodes reach this one: clients whose requests fail are told
    public QueryProcessor(
            SchemaAuthority schemas,
            Tables tables,
            StorageEngine storage,
            PreparedStore preparedStore,
            DescribeAnswer.Cluster cluster,
            TimeUuids timeUuids,
            LongSupplier wallMicros,
            int preparedMax,
            ReadLimits limits,
            BatchLimits batchLimits,
            InetSocketAddress self) {
        this.schemas = schemas;
        this.tables = tables;
        this.storage = storage;
        this.preparedStore = preparedStore;
        this.cluster = cluster;
        this.wallMicros = wallMicros;
        prepared = new PreparedStatements(preparedMax, PREPARED_CHARS_MAX);
        failures = new FailureAnswers(self);
        newWorker =
                () -> new Worker(timeUuids, storage.newReadContext(), limits, batchLimits, self);
        loopWorkers = ThreadLocal.withInitial(newWorker);
    }

    /// @param ioAllowed not on an event loop
    private Worker takeWorker(boolean ioAllowed) {
        if (!ioAllowed) {
            return loopWorkers.get();
        }
        Worker idle = idleWorkers.poll();
        return idle == null ? newWorker.get() : idle;
    }

    /// One that grew for a large request is not kept.
    private void giveBack(Worker worker, boolean ioAllowed) {
        if (worker.bytes() > WORKER_BYTES_KEPT) {
            worker.close();
            if (!ioAllowed) {
                loopWorkers.remove();
            }
        } else if (ioAllowed) {
            idleWorkers.add(worker);
        }
    }

    @Override
    public Outcome query(
            String text, Request request, ByteWriter body, boolean ioAllowed, Completion later) {
        Schema schema = schemas.current();
        CqlParser.Parsed parsed = StatementBinder.parse(text);
        Statement.Bound bound =
                new StatementBinder(schema, tables, request.effectiveKeyspace()).bind(parsed, text);
        return execute(bound, request, request.values, body, ioAllowed, later);
    }

    @Override
    public Prepared prepare(String text, Request request, ByteWriter body) {
        String keyspace = request.effectiveKeyspace();
        PreparedStatement statement = prepared.get(PreparedId.of(null, text));
        if (statement == null) {
            statement = prepared.get(PreparedId.of(keyspace, text));
        }
        if (statement != null && !isCurrent(statement)) {
            statement = null;
        }
        boolean isNew = statement == null;
        if (statement == null) {
            statement = parse(keyspace, text, null);
            if (statement.keyspace() != null
                    && (request.keyspace != null || request.client.warnsOfUse())) {
                warnOfUse(statement, keyspace, request);
            }
        }
        Statement.Bound bound = bound(statement);
        if (isNew) {
            statement = prepared.add(statement);
        }
        if (isNew || !statement.hasOneMetadata()) {
            preparedStore.save(
                    statement.id(), statement.keyspace(), text, statement.knownMetadataId());
        }
        writePrepared(statement, bound, request.protocolVersion, body);
        return statement;
    }

    /// @param inUse the keyspace that the client has in use
    private static void warnOfUse(
            PreparedStatement statement, @Nullable String inUse, Request request) {
        request.warn(
                ("`USE <keyspace>` with prepared statements is considered to be an anti-pattern due to"
                                + " ambiguity in non-qualified table names. Please consider removing"
                                + " instances of `Session#setKeyspace(<keyspace>)`,"
                                + " `Session#execute(\"USE <keyspace>\")` and"
                                + " `cluster.newSession(<keyspace>)` from your code, and always use"
                                + " fully qualified table names (e.g. <keyspace>.<table>). Keyspace"
                                + " used: %s, statement keyspace: %s, statement id: %s")
                        .formatted(
                                inUse,
                                statement.keyspace(),
                                HexFormat.of().formatHex(statement.id())));
    }

    private boolean isCurrent(PreparedStatement statement) {
        try {
            var _ = bound(statement);
            return true;
        } catch (CqlException.Unprepared e) {
            return false;
        }
    }

    /// Bound to the current schema; one that cannot be is forgotten.
    private Statement.Bound bound(PreparedStatement statement) {
        try {
            return statement.bound(schemas.current(), tables);
        } catch (CqlException.Unprepared e) {
            forget(statement);
            throw e;
        }
    }

    private void forget(PreparedStatement statement) {
        prepared.remove(statement);
        preparedStore.forget(statement.id());
    }

    /// A statement that names the keyspaces of all its tables has one id, whatever keyspace is in use:
    /// drivers that prepare it again on another connection count on that.
    ///
    /// @param metadataId that clients have; null if none has any yet
    private PreparedStatement parse(
            @Nullable String currentKeyspace, String text, byte @Nullable [] metadataId) {
        CqlParser.Parsed parsed = StatementBinder.parse(text);
        String keyspace =
                StatementBinder.namesKeyspaces(parsed.statement()) ? null : currentKeyspace;
        Statement.Bound bound =
                new StatementBinder(schemas.current(), tables, keyspace).bind(parsed, text);
        return new PreparedStatement(
                PreparedId.of(keyspace, text),
                text,
                keyspace,
                parsed,
                bound,
                metadataId == null ? PreparedStatement.metadataId(bound) : metadataId);
    }

    /// Takes back a statement that was prepared before a restart. One that no longer fits the schema is
    /// left out: its clients will be told to prepare it again, and then why they cannot.
    ///
    /// @param metadataId as it was saved
    public void restorePrepared(@Nullable String keyspace, String text, byte[] metadataId) {
        try {
            prepared.add(parse(keyspace, text, metadataId));
        } catch (CqlException e) {
            preparedStore.forget(PreparedId.of(keyspace, text).bytes());
        }
    }

    private static void writePrepared(
            PreparedStatement statement, Statement.Bound bound, int version, ByteWriter body) {
        body.writeInt(ResultKind.PREPARED);
        body.writeShort(PreparedId.BYTES).writeBytes(statement.id());
        ResultMetadata metadata = bound.statement().resultMetadata();
        if (version >= 5) {
            byte[] id = PreparedStatement.metadataId(bound);
            body.writeShort(id.length).writeBytes(id);
        }
        int[] keyMarkers =
                bound.partitionKeyMarkers().stream().mapToInt(Integer::intValue).toArray();
        ResultMetadata.writeMarkers(body, bound.markers(), keyMarkers, version);
        if (metadata == null) {
            ResultMetadata.writeNone(body);
        } else {
            metadata.write(body, version, false, null, null);
        }
    }

    @Override
    public @Nullable Prepared prepared(byte[] array, int offset, int length) {
        return length == PreparedId.BYTES ? prepared.get(PreparedId.of(array, offset)) : null;
    }

    @Override
    public Outcome execute(
            Prepared statement,
            Request request,
            ByteWriter body,
            boolean ioAllowed,
            Completion later) {
        PreparedStatement ours = ours(statement);
        Statement.Bound bound = bound(ours);
        String inUse = request.client.keyspace();
        if (ours.keyspace() != null
                && !ours.keyspace().equals(inUse)
                && !(bound.statement() instanceof Statement.Batch)
                && request.client.warnsOfUse()) {
            warnOfUse(ours, inUse, request);
        }
        if (request.protocolVersion < 5 && !ours.hasOneMetadata()) {
            request.skipMetadata = false;
        }
        return execute(bound, request, request.values, body, ioAllowed, later);
    }

    private static PreparedStatement ours(Prepared statement) {
        if (!(statement instanceof PreparedStatement ours)) {
            throw new IllegalArgumentException("The statement was prepared elsewhere");
        }
        return ours;
    }

    private Outcome execute(
            Statement.Bound bound,
            Request request,
            BoundValues given,
            ByteWriter body,
            boolean ioAllowed,
            Completion later) {
        Worker worker = takeWorker(ioAllowed);
        try {
            return execute(worker, bound, request, given, body, ioAllowed, later);
        } finally {
            giveBack(worker, ioAllowed);
        }
    }

    private Outcome execute(
            Worker worker,
            Statement.Bound bound,
            Request request,
            BoundValues given,
            ByteWriter body,
            boolean ioAllowed,
            Completion later) {
        BoundValues values = inOrder(bound, given, worker);
        if (request.tracing) {
            request.warn("Tracing is not supported yet: the request was executed without it");
        }
        return switch (bound.statement()) {
            case Statement.Read read -> read(worker, read, request, values, body, ioAllowed);
            case Statement.Write write -> {
                if (write.plan().isOnePartition() && !write.plan().readsFirst()) {
                    yield write(worker, bound, write, request, values, body, later);
                }
                yield batch(
                        worker,
                        bound.schema(),
                        null,
                        request,
                        List.of(new Part(write, bound, given)),
                        body,
                        ioAllowed,
                        later);
            }
            case Statement.ReadVirtual read -> {
                if (!ioAllowed && read.table().waitsForDisk()) {
                    yield Outcome.NEEDS_IO;
                }
                startEvaluation(worker, request, values, wallMicros.getAsLong());
                worker.select.executeVirtual(
                        read.plan(),
                        request,
                        sink -> read.table().rows(row -> sink.row(row)),
                        body);
                yield Outcome.DONE;
            }
            case Statement.Batch batch -> {
                List<Part> parts = new ArrayList<>();
                for (Statement.Write write : batch.writes()) {
                    parts.add(new Part(write, bound, given));
                }
                yield batch(
                        worker,
                        bound.schema(),
                        batch.kind(),
                        request,
                        parts,
                        body,
                        ioAllowed,
                        later);
            }
            case Statement.Other(CqlStatement statement) ->
                    other(statement, bound.schema(), request, body, ioAllowed, later);
        };
    }

    /// The values in the order of the markers.
    private static BoundValues inOrder(Statement.Bound bound, BoundValues given, Worker worker) {
        int count = bound.markers().size();
        if (!given.named()) {
            if (given.count() != count) {
                throw CqlException.invalid(
                        given.count() == 0
                                ? "Invalid amount of bind variables"
                                : "there were %d markers(?) in CQL but %d bound variables"
                                        .formatted(count, given.count()));
            }
            return given;
        }
        BoundValues ordered = worker.reordered;
        ordered.reset(given.array());
        for (ColumnSpec marker : bound.markers()) {
            int found = -1;
            for (int i = 0; i < given.count() && found < 0; i++) {
                if (marker.name().equals(given.name(i))) {
                    found = i;
                }
            }
            if (found < 0) {
                throw CqlException.invalid(
                        "Invalid amount of bind variables: no value for " + marker.name());
            }
            ordered.add(given.offset(found), given.length(found));
        }
        return ordered;
    }

    /// The latest timestamp that a write got from here.
    public long latestTimestamp() {
        return lastTimestamp.get();
    }

    /// Has all timestamps from here be later than this one.
    public void startTimestampsAfter(long micros) {
        lastTimestamp.accumulateAndGet(micros, Math::max);
    }

    /// Microseconds, later than all before.
    private long nextTimestamp() {
        while (true) {
            long last = lastTimestamp.get();
            long next = Math.max(wallMicros.getAsLong(), last + 1);
            if (lastTimestamp.compareAndSet(last, next)) {
                return next;
            }
        }
    }

    private static long nowSeconds(Request request, long micros) {
        return request.nowInSeconds != Request.NO_NOW
                ? request.nowInSeconds
                : Math.floorDiv(micros, MICROS_PER_SECOND);
    }

    private static long startEvaluation(
            Worker worker, Request request, BoundValues values, long micros) {
        long now = nowSeconds(request, micros);
        worker.workspace.evaluation.start(values, micros, now);
        return now;
    }

    private Outcome read(
            Worker worker,
            Statement.Read read,
            Request request,
            BoundValues values,
            ByteWriter body,
            boolean ioAllowed) {
        read.replicas().requireRead(request.consistency);
        SelectPlan plan = read.plan();
        if (!ioAllowed && plan.isScan()) {
            return Outcome.NEEDS_IO;
        }
        startEvaluation(worker, request, values, wallMicros.getAsLong());
        ReadMode mode = ReadMode.CACHED;
        if (ioAllowed) {
            mode = plan.where().partitions().isKeys() ? ReadMode.FILL : ReadMode.SCAN;
        }
        int start = body.length();
        try (RowAccess rows = worker.rows(read.store(), plan.wantedColumns(), mode)) {
            if (worker.select.execute(plan, request, rows, ioAllowed, body)) {
                return Outcome.DONE;
            }
        } catch (BlockNotCachedException e) {
            // Read again where the disk may be waited for.
        } catch (CorruptSSTableException | SSTableVersionException | UncheckedIOException e) {
            throw damaged(e, request);
        }
        body.setLength(start);
        return Outcome.NEEDS_IO;
    }

    private CqlException damaged(RuntimeException e, Request request) {
        if (e instanceof CorruptSSTableException damage) {
            storage.noteDamage(damage);
        }
        return failures.ofRead(e, request);
    }

    private Outcome write(
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
                        : nextTimestamp();
        long now = startEvaluation(worker, request, values, wallMicros.getAsLong());
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

    @Override
    public Outcome batch(
            BatchKind kind,
            List<BatchEntry> entries,
            Request request,
            ByteWriter body,
            boolean ioAllowed,
            Completion later) {
        if (kind == BatchKind.COUNTER) {
            throw CqlException.invalid("Counters are not supported yet");
        }
        Worker worker = takeWorker(ioAllowed);
        try {
            return batch(worker, kind, entries, request, body, ioAllowed, later);
        } finally {
            giveBack(worker, ioAllowed);
        }
    }

    private Outcome batch(
            Worker worker,
            BatchKind kind,
            List<BatchEntry> entries,
            Request request,
            ByteWriter body,
            boolean ioAllowed,
            Completion later) {
        Schema schema = schemas.current();
        List<Part> parts = new ArrayList<>(entries.size());
        for (BatchEntry entry : entries) {
            Statement.Bound bound;
            Prepared statement = entry.prepared();
            String text = entry.text();
            if (statement != null) {
                bound = bound(ours(statement));
            } else if (text != null) {
                CqlParser.Parsed parsed = StatementBinder.parse(text);
                bound =
                        new StatementBinder(schema, tables, request.effectiveKeyspace())
                                .bind(parsed, text);
            } else {
                throw new IllegalArgumentException("A batch entry is neither text nor prepared");
            }
            if (!(bound.statement() instanceof Statement.Write write)) {
                throw CqlException.invalid(
                        "Invalid statement in batch: only UPDATE, INSERT and DELETE statements are allowed.");
            }
            parts.add(new Part(write, bound, entry.values()));
        }
        return batch(worker, schema, kind, request, parts, body, ioAllowed, later);
    }

    /// One write of a batch, with the values as they were given.
    private record Part(Statement.Write write, Statement.Bound bound, BoundValues given) {}

    /// @param kind null for a statement that writes to several partitions by itself
    private Outcome batch(
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
                BoundValues values = inOrder(part.bound(), part.given(), worker);
                if (part.bound().statement() instanceof Statement.Batch batch) {
                    run.useTimestamp(values, batch);
                }
                run.add(part.write(), values);
            }
            return run.write(kind, parts, body, later);
        } catch (CorruptSSTableException | SSTableVersionException | UncheckedIOException e) {
            run.unlock();
            throw damaged(e, request);
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
                            : nextTimestamp();
            micros = wallMicros.getAsLong();
            now = startEvaluation(worker, request, new BoundValues(), micros);
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
                    BoundValues values = inOrder(part.bound(), part.given(), worker);
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

    private Outcome other(
            CqlStatement statement,
            Schema schema,
            Request request,
            ByteWriter body,
            boolean ioAllowed,
            Completion later) {
        switch (statement) {
            case Use(var keyspace) -> {
                if (schema.keyspace(keyspace.text()) == null) {
                    throw CqlException.invalid(
                            "Keyspace '%s' does not exist".formatted(keyspace.text()));
                }
                body.writeInt(ResultKind.SET_KEYSPACE);
                ResultMetadata.writeString(body, keyspace.text());
            }
            case Describe describe -> describe(describe, schema, request, body);
            case Truncate(var name) -> {
                if (!ioAllowed) {
                    return Outcome.NEEDS_IO;
                }
                TableSchema table =
                        new StatementBinder(schema, tables, request.effectiveKeyspace())
                                .table(name);
                if (tables.virtual(table.id()) != null) {
                    throw CqlException.invalid("Cannot truncate virtual tables");
                }
                truncate(table, later);
                return Outcome.LATER;
            }
            case SchemaStatement definition -> {
                if (!ioAllowed) {
                    return Outcome.NEEDS_IO;
                }
                SchemaAuthority.Applied applied =
                        schemas.apply(definition, request.effectiveKeyspace());
                applied.warnings().forEach(request::warn);
                forgetDropped(applied.change());
                writeChange(applied.change(), body);
            }
            default ->
                    throw CqlException.invalid(
                            "Statement is not supported: " + statement.getClass().getSimpleName());
        }
        return Outcome.DONE;
    }

    /// Statements on tables that are gone: a restart would take them for prepared on others of the same
    /// names.
    private void forgetDropped(@Nullable SchemaChange change) {
        if (change == null || change.kind() != SchemaChange.Kind.DROPPED) {
            return;
        }
        Schema schema = schemas.current();
        for (PreparedStatement statement : prepared.all()) {
            if (!statement.hasTables(schema)) {
                forget(statement);
            }
        }
    }

    private void truncate(TableSchema table, Completion later) {
        var _ =
                tables.store(table)
                        .truncate()
                        .whenComplete((_, failure) -> {
                            if (failure == null) {
                                later.done(VOID.clone(), List.of());
                            } else {
                                later.failed(
                                        new CqlException(
                                                ErrorCode.TRUNCATE_ERROR,
                                                "Truncating %s failed: %s"
                                                        .formatted(table, failure.getMessage())));
                            }
                        });
    }

    private static void writeChange(@Nullable SchemaChange change, ByteWriter body) {
        if (change == null) {
            body.writeBytes(VOID);
            return;
        }
        body.writeInt(ResultKind.SCHEMA_CHANGE);
        ResultMetadata.writeString(body, change.kind().name());
        ResultMetadata.writeString(body, change.target().name());
        ResultMetadata.writeString(body, change.keyspace());
        if (change.target() == SchemaChange.Target.KEYSPACE) {
            return;
        }
        ResultMetadata.writeString(body, change.name());
        if (change.target() == SchemaChange.Target.FUNCTION
                || change.target() == SchemaChange.Target.AGGREGATE) {
            body.writeShort(change.argumentTypes().size());
            change.argumentTypes().forEach(type -> ResultMetadata.writeString(body, type));
        }
    }

    private void describe(Describe describe, Schema schema, Request request, ByteWriter body) {
        DescribeAnswer answer =
                DescribeAnswer.of(describe, schema, request.effectiveKeyspace(), cluster);
        List<ColumnSpec> columns = new ArrayList<>();
        for (DescribeAnswer.Column column : answer.columns()) {
            columns.add(
                    new ColumnSpec(
                            DescribeAnswer.RESULT_KEYSPACE,
                            DescribeAnswer.RESULT_TABLE,
                            column.name(),
                            column.type()));
        }
        body.writeInt(ResultKind.ROWS);
        new ResultMetadata(columns).write(body, request.protocolVersion, false, null, null);
        body.writeInt(answer.rows().size());
        for (byte[][] row : answer.rows()) {
            for (byte[] value : row) {
                body.writeInt(value.length).writeBytes(value);
            }
        }
    }
}
