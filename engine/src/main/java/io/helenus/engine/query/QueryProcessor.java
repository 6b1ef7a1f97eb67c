package io.helenus.engine.query;

import io.helenus.cql.CqlParser;
import io.helenus.cql.ast.CqlStatement;
import io.helenus.cql.ast.Describe;
import io.helenus.cql.ast.SchemaStatement;
import io.helenus.cql.ast.Truncate;
import io.helenus.cql.ast.Use;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.query.result.ResultKind;
import io.helenus.engine.query.result.ResultMetadata;
import io.helenus.engine.query.select.ReadLimits;
import io.helenus.engine.query.select.RowAccess;
import io.helenus.engine.query.select.SelectPlan;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.schema.DescribeAnswer;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableVersionException;
import io.helenus.sstable.model.BlockNotCachedException;
import io.helenus.sstable.model.ByteWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
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
    private static final int WORKER_BYTES_KEPT = 4 << 20;
    private static final byte[] VOID =
            new ByteWriter(Integer.BYTES).writeInt(ResultKind.VOID).toArray();

    private final SchemaAuthority schemas;
    private final Tables tables;
    private final StorageEngine storage;
    private final Preparation preparation;
    private final Writing writing;
    private final WriteClock clock;
    private final DescribeAnswer.Cluster cluster;
    private final LongSupplier wallMicros;
    private final FailureAnswers failures;
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
        this.cluster = cluster;
        this.wallMicros = wallMicros;
        preparation = new Preparation(schemas, tables, preparedStore, preparedMax);
        failures = new FailureAnswers(self);
        clock = new WriteClock(wallMicros);
        writing = new Writing(storage, failures, wallMicros, clock);
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
        return preparation.prepare(text, request, body);
    }

    /// Takes back a statement that was prepared before a restart. One that no longer fits the schema is
    /// left out: its clients will be told to prepare it again, and then why they cannot.
    ///
    /// @param metadataId as it was saved
    public void restorePrepared(@Nullable String keyspace, String text, byte[] metadataId) {
        preparation.restore(keyspace, text, metadataId);
    }

    /// The latest timestamp that a write got from here.
    public long latestTimestamp() {
        return clock.latest();
    }

    /// Has all timestamps from here be later than this one.
    public void startTimestampsAfter(long micros) {
        clock.startAfter(micros);
    }

    @Override
    public @Nullable Prepared prepared(byte[] array, int offset, int length) {
        return length == PreparedId.BYTES ? preparation.get(array, offset) : null;
    }

    @Override
    public Outcome execute(
            Prepared statement,
            Request request,
            ByteWriter body,
            boolean ioAllowed,
            Completion later) {
        PreparedStatement ours = ours(statement);
        Statement.Bound bound = preparation.bound(ours);
        String inUse = request.client.keyspace();
        if (ours.keyspace() != null
                && !ours.keyspace().equals(inUse)
                && !(bound.statement() instanceof Statement.Batch)
                && request.client.warnsOfUse()) {
            Preparation.warnOfUse(ours, inUse, request);
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
        BoundValues values = worker.inOrder(bound, given);
        if (request.tracing) {
            request.warn("Tracing is not supported yet: the request was executed without it");
        }
        return switch (bound.statement()) {
            case Statement.Read read -> read(worker, read, request, values, body, ioAllowed);
            case Statement.Write write -> {
                if (write.plan().isOnePartition() && !write.plan().readsFirst()) {
                    yield writing.write(worker, bound, write, request, values, body, later);
                }
                yield writing.batch(
                        worker,
                        bound.schema(),
                        null,
                        request,
                        List.of(new Writing.Part(write, bound, given)),
                        body,
                        ioAllowed,
                        later);
            }
            case Statement.ReadVirtual read -> {
                if (!ioAllowed && read.table().waitsForDisk()) {
                    yield Outcome.NEEDS_IO;
                }
                worker.startEvaluation(request, values, wallMicros.getAsLong());
                worker.select.executeVirtual(
                        read.plan(),
                        request,
                        sink -> read.table().rows(row -> sink.row(row)),
                        body);
                yield Outcome.DONE;
            }
            case Statement.Batch batch -> {
                List<Writing.Part> parts = new ArrayList<>();
                for (Statement.Write write : batch.writes()) {
                    parts.add(new Writing.Part(write, bound, given));
                }
                yield writing.batch(
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
        worker.startEvaluation(request, values, wallMicros.getAsLong());
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
            throw failures.ofDamage(e, request, storage);
        }
        body.setLength(start);
        return Outcome.NEEDS_IO;
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
        List<Writing.Part> parts = new ArrayList<>(entries.size());
        for (BatchEntry entry : entries) {
            Statement.Bound bound;
            Prepared statement = entry.prepared();
            String text = entry.text();
            if (statement != null) {
                bound = preparation.bound(ours(statement));
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
            parts.add(new Writing.Part(write, bound, entry.values()));
        }
        return writing.batch(worker, schema, kind, request, parts, body, ioAllowed, later);
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
                tables.replicas(Objects.requireNonNull(schema.keyspace(table.keyspace())))
                        .requireServed();
                truncate(table, later);
                return Outcome.LATER;
            }
            case SchemaStatement definition -> {
                define(definition, request, later);
                return Outcome.LATER;
            }
            default ->
                    throw CqlException.invalid(
                            "Statement is not supported: " + statement.getClass().getSimpleName());
        }
        return Outcome.DONE;
    }

    private void define(SchemaStatement definition, Request request, Completion later) {
        List<String> warnings = new ArrayList<>(request.warnings());
        var _ =
                schemas.apply(definition, request.effectiveKeyspace())
                        .whenComplete((applied, failure) -> {
                            if (failure != null) {
                                later.failed(ofDefinition(failure));
                                return;
                            }
                            warnings.addAll(applied.warnings());
                            preparation.forgetDropped(applied.change());
                            ByteWriter result = new ByteWriter();
                            writeChange(applied.change(), result);
                            later.done(result.toArray(), warnings);
                        });
    }

    private static CqlException ofDefinition(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof CqlException e
                ? e
                : new CqlException(ErrorCode.SERVER_ERROR, String.valueOf(cause));
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
