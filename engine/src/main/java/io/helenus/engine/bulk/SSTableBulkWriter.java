package io.helenus.engine.bulk;

import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.schema.TableSchema;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Writes rows into SSTables, without a node; `helenus bulk load`, or `nodetool import`, brings them
/// into one. What an INSERT or UPDATE may say is what it may say on a node, with the same errors.
///
/// ```java
/// try (SSTableBulkWriter writer =
///         Helenus.bulkWriter()
///                 .schema("CREATE TABLE shop.items (id int PRIMARY KEY, name text)")
///                 .statement("INSERT INTO shop.items (id, name) VALUES (?, ?)")
///                 .directory(Path.of("items"))
///                 .open()) {
///     writer.addRow(1, "lamp");
///     writer.addRow(2, "chair");
///     BulkSummary summary = writer.finish();
/// }
/// ```
///
/// Rows may come in any order and be far more than fit into memory. The directory appears when all of
/// it is written: closed without [#finish], a writer leaves nothing. Used by one thread; further
/// threads add rows through appenders of their own.
public final class SSTableBulkWriter implements AutoCloseable {
    /// As a value: the column is not written, where null would delete it.
    public static final Object UNSET = Unset.UNSET;

    enum Unset {
        UNSET
    }

    private final BulkEnvironment environment;
    private final Builder options;
    private final List<BulkStatement> statements;
    private final BulkTasks tasks;
    private final BulkDirectory directory;
    private final BulkSink sink;
    private final TimeUuids timeUuids;
    private final long nowSeconds;
    private final AtomicLong lastTimestamp = new AtomicLong(Long.MIN_VALUE);
    private final List<BulkAppender> appenders = new ArrayList<>();
    private @Nullable BulkAppender own;
    private boolean finished;
    private boolean closed;

    private SSTableBulkWriter(Builder options, List<BulkStatement> statements, Path target)
            throws IOException {
        this.options = options;
        this.environment = options.environment;
        this.statements = List.copyOf(statements);
        tasks = new BulkTasks(environment.executor(), target);
        timeUuids = new TimeUuids(environment.wallMicros(), environment.random());
        nowSeconds = environment.wallMicros().getAsLong() / 1_000_000;
        directory = BulkDirectory.create(environment.files(), target);
        BulkFiles files = new BulkFiles(environment, directory, table(), options.fileBytes);
        boolean inOrder = options.sorted && statements.stream().allMatch(BulkStatement::isOneEntry);
        sink =
                inOrder
                        ? new SortedSink(files, tasks)
                        : new SortingSink(
                                files,
                                tasks,
                                options.appenders + 1,
                                options.memoryBytes / (options.appenders + 1),
                                environment.threads());
    }

    /// Starts to say what is to be written.
    public static Builder builder(BulkEnvironment environment) {
        return new Builder(environment);
    }

    /// The table that is written.
    public TableSchema table() {
        return statements.getFirst().table();
    }

    /// What the values of a row stand for, in their order.
    public List<ColumnSpec> markers() {
        return statements.getFirst().markers();
    }

    /// Adds a row; see [BulkAppender#addRow].
    public void addRow(@Nullable Object... values) throws IOException {
        BulkAppender appender = own;
        if (appender == null) {
            appender = newAppender();
            own = appender;
        }
        appender.addRow(values);
    }

    /// For another thread; as many as the builder was told.
    public synchronized BulkAppender newAppender() throws IOException {
        if (finished || closed) {
            throw new IllegalStateException("The writer is finished");
        }
        if (appenders.size() == options.appenders) {
            throw new IllegalStateException(
                    "The writer was made for %d appenders".formatted(options.appenders));
        }
        BulkAppender appender =
                new BulkAppender(
                        this,
                        statements,
                        timeUuids,
                        nowSeconds,
                        sink.takeBuffer(),
                        sink instanceof SortedSink sorted ? sorted : null);
        appenders.add(appender);
        return appender;
    }

    /// The time of now, or one later than the last one: writes are never of the same microsecond.
    long nextTimestamp() {
        return reserveTimestamps(1);
    }

    /// Takes `count` successive timestamps for the caller alone; what is reserved later is later.
    ///
    /// @return the first of them
    public long reserveTimestamps(int count) {
        long now = environment.wallMicros().getAsLong();
        while (true) {
            long last = lastTimestamp.get();
            long first = Math.max(last + 1, now);
            if (lastTimestamp.compareAndSet(last, first + count - 1)) {
                return first;
            }
        }
    }

    /// @return an empty buffer
    SortBuffer exchange(SortBuffer full) throws IOException {
        return sink.exchange(full);
    }

    /// How far [#finish] has come.
    ///
    /// @return entries that are in their SSTable; they are as many as were added, or fewer
    public long entriesWritten() {
        return sink.entriesWritten();
    }

    /// Writes what is left and gives the directory its name. No appender is used any more.
    ///
    /// @throws IOException if something could not be written: then there is no directory
    public BulkSummary finish() throws IOException {
        long rows = 0;
        synchronized (this) {
            if (finished || closed) {
                throw new IllegalStateException("The writer is finished");
            }
            finished = true;
            for (BulkAppender appender : appenders) {
                rows += appender.rows();
                sink.addLast(appender.buffer());
            }
        }
        List<BulkSummary.File> files = directory.publish(sink.finish());
        long stored = files.stream().mapToLong(BulkSummary.File::rows).sum();
        return new BulkSummary(rows, stored, files, sink.spilledBytes());
    }

    /// Ends what is under way and deletes what was not finished. Idempotent.
    @Override
    public void close() throws IOException {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        try {
            sink.abandon();
            tasks.awaitIdle();
        } finally {
            try {
                sink.close();
            } finally {
                directory.close();
            }
        }
    }

    /// What is to be written, and how. Reused for nothing else.
    public static final class Builder {
        private static final long MEMORY_DEFAULT = 256L << 20;
        private static final long MEMORY_MIN = 1L << 20;
        private static final long FILE_BYTES_DEFAULT = 1L << 30;

        private final BulkEnvironment environment;
        private @Nullable BulkSchema schema;
        private @Nullable String statement;
        private final List<String> furtherStatements = new ArrayList<>();
        private @Nullable Path directory;
        private boolean sorted;
        private long memoryBytes = MEMORY_DEFAULT;
        private long fileBytes = FILE_BYTES_DEFAULT;
        private int appenders = 1;

        private Builder(BulkEnvironment environment) {
            this.environment = environment;
        }

        /// The definitions of the table and of what it uses, as CQL statements.
        ///
        /// @throws io.helenus.engine.error.CqlException if they are not valid
        public Builder schema(String script) {
            return schema(BulkSchema.of(script, environment.wallMicros()));
        }

        public Builder schema(BulkSchema given) {
            schema = given;
            return this;
        }

        /// The INSERT or UPDATE with a marker for each value; it names its keyspace.
        public Builder statement(String cql) {
            statement = cql;
            return this;
        }

        /// One more, of the same table, for rows that have other columns; see
        /// [BulkAppender#add(int, long, io.helenus.engine.query.BoundValues)].
        public Builder furtherStatement(String cql) {
            furtherStatements.add(cql);
            return this;
        }

        /// Where the SSTables go: it does not exist yet, or is empty.
        public Builder directory(Path path) {
            directory = path;
            return this;
        }

        /// Promises that rows come in the order of their tokens, and of their clusterings within
        /// a partition. They are not sorted then; one that is out of order ends the writing. Rows
        /// with static columns or elements of collections are sorted all the same.
        public Builder sorted(boolean promise) {
            sorted = promise;
            return this;
        }

        /// What rows that wait to be sorted may take.
        public Builder memoryBytes(long bytes) {
            if (bytes < MEMORY_MIN) {
                throw new IllegalArgumentException(
                        "memoryBytes is %d, must be at least %d".formatted(bytes, MEMORY_MIN));
            }
            memoryBytes = bytes;
            return this;
        }

        /// Size at which one SSTable is ended and the next begins; a partition is never divided.
        public Builder fileBytes(long bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("fileBytes is %d".formatted(bytes));
            }
            fileBytes = bytes;
            return this;
        }

        /// How many threads add rows. With sorted input it is one.
        public Builder appenders(int count) {
            if (count < 1) {
                throw new IllegalArgumentException("appenders is %d".formatted(count));
            }
            appenders = count;
            return this;
        }

        /// @throws io.helenus.engine.error.CqlException if the statement does not fit the schema
        /// @throws IOException if the directory cannot be written to, or is not empty
        public SSTableBulkWriter open() throws IOException {
            if (sorted && appenders > 1) {
                throw new IllegalArgumentException("Sorted rows come from one appender");
            }
            BulkSchema definitions = Objects.requireNonNull(schema, "schema");
            List<BulkStatement> bound = new ArrayList<>();
            bound.add(
                    BulkStatement.bind(
                            definitions, Objects.requireNonNull(statement, "statement")));
            for (String further : furtherStatements) {
                BulkStatement other = BulkStatement.bind(definitions, further);
                if (!other.table().id().equals(bound.getFirst().table().id())) {
                    throw new IllegalArgumentException(
                            "A writer writes one table, and its statements are of %s and %s"
                                    .formatted(bound.getFirst().table(), other.table()));
                }
                bound.add(other);
            }
            return new SSTableBulkWriter(this, bound, Objects.requireNonNull(directory));
        }
    }
}
