package io.helenus.engine.node;

import io.helenus.cql.ast.SchemaStatement;
import io.helenus.engine.cluster.ClusterNode;
import io.helenus.engine.cluster.ClusterPlanner;
import io.helenus.engine.cluster.ClusterState;
import io.helenus.engine.cluster.ClusterTransformation;
import io.helenus.engine.cluster.agreement.Outcome;
import io.helenus.engine.coordinator.ConsistencyLevel;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.ErrorCode;
import io.helenus.engine.error.NewerVersionException;
import io.helenus.engine.metadata.IssuedTimestamps;
import io.helenus.engine.metadata.MetadataFiles;
import io.helenus.engine.metadata.MetadataHistory;
import io.helenus.engine.metadata.PreparedStatementStore;
import io.helenus.engine.metadata.SchemaListener;
import io.helenus.engine.metadata.SchemaStore;
import io.helenus.engine.query.QueryProcessor;
import io.helenus.engine.query.SchemaAuthority;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.schema.CompactionTables;
import io.helenus.engine.schema.DdlAnalyzer;
import io.helenus.engine.schema.DdlContext;
import io.helenus.engine.schema.DdlPlan;
import io.helenus.engine.schema.FileOptions;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.NodeTables;
import io.helenus.engine.schema.NodeViews;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.engine.schema.SchemaNames;
import io.helenus.engine.schema.SchemaTransformation;
import io.helenus.engine.schema.SnapshotText;
import io.helenus.engine.schema.SnapshotsTable;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableBackup;
import io.helenus.engine.storage.TableName;
import io.helenus.engine.storage.TableSettings;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.storage.manifest.ManifestException;
import io.helenus.engine.transport.EventSink;
import io.helenus.engine.transport.ServerEvent;
import io.helenus.sstable.file.SSTableVersionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's schema, which is what its cluster agreed on, and its prepared statements; and what follows
/// from a change: storage opens, alters and drops tables, clients hear of it.
final class NodeSchema implements SchemaAuthority, SchemaListener, AutoCloseable {
    /// Where the metadata is, in the data directory.
    static final String DIRECTORY = "metadata";

    private static final Logger LOG = LoggerFactory.getLogger(NodeSchema.class);
    private static final long AGREEMENT_NANOS =
            TimeUnit.SECONDS.toNanos(8); // before drivers give up
    private static final int DEFAULT_REPLICATION_FACTOR = 1;

    private final NodeMetadata metadata;
    private final SchemaStore store;
    private final PreparedStatementStore prepared;
    private final IssuedTimestamps timestamps;
    private final StorageEngine storage;
    private final NodeCompaction compaction;
    private final EventSink events;
    private final LongSupplier wallMicros;
    private final Supplier<UUID> tableIds;
    private final OperationsOptions options;
    private final List<TableSchema> halfDropped = new ArrayList<>();

    // Of the thread that applies what was agreed on.
    private long failedEpoch = -1;
    private @Nullable RuntimeException applyFailure;

    private NodeSchema(
            NodeMetadata metadata,
            SchemaStore store,
            PreparedStatementStore prepared,
            IssuedTimestamps timestamps,
            StorageEngine storage,
            NodeCompaction compaction,
            EventSink events,
            LongSupplier wallMicros,
            Supplier<UUID> tableIds,
            OperationsOptions options) {
        this.metadata = metadata;
        this.store = store;
        this.prepared = prepared;
        this.timestamps = timestamps;
        this.storage = storage;
        this.compaction = compaction;
        this.events = events;
        this.wallMicros = wallMicros;
        this.tableIds = tableIds;
        this.options = options;
    }

    /// Opens all tables of the schema, and prepared statements.
    ///
    /// @throws IOException if the directory cannot be read
    static NodeSchema open(
            NodeOptions options,
            NodeMetadata metadata,
            NodeFiles.Metadata directories,
            StorageEngine storage,
            NodeCompaction compaction,
            LongSupplier wallMicros,
            TimeUuids uuids,
            RandomGenerator random,
            EventSink events)
            throws IOException {
        MetadataFiles files = directories.in(options.dataDirectory().resolve(DIRECTORY));
        IssuedTimestamps timestamps = IssuedTimestamps.open(files);
        PreparedStatementStore prepared;
        try {
            prepared = PreparedStatementStore.open(files, random, options.preparedMax());
        } catch (IOException | RuntimeException e) {
            timestamps.close();
            throw e;
        }
        NodeSchema schema =
                new NodeSchema(
                        metadata,
                        metadata.newSchemaStore(),
                        prepared,
                        timestamps,
                        storage,
                        compaction,
                        events,
                        wallMicros,
                        () -> new UUID(uuids.nextMostSignificant(), uuids.leastSignificant()),
                        options.operations());
        schema.openTables();
        schema.openHalfDropped();
        schema.store.addListener(schema);
        metadata.service().addListener((_, after) -> schema.install(after));
        return schema;
    }

    /// What `system_views` has.
    static List<TableSchema> views() {
        List<TableSchema> views = new ArrayList<>(NodeViews.definitions());
        views.add(CompactionTables.SSTABLE_TASKS);
        views.add(SnapshotsTable.definition());
        return views;
    }

    private static boolean isStored(KeyspaceSchema keyspace) {
        return !SchemaNames.isSystem(keyspace.name());
    }

    private void openTables() throws IOException {
        for (KeyspaceSchema keyspace : store.schema().keyspaces().values()) {
            if (!isStored(keyspace)) {
                continue;
            }
            for (TableSchema table : keyspace.tables().values()) {
                try {
                    open(table, keyspace);
                } catch (ManifestException e) {
                    LOG.error("Table {} is not served: {}", table, e.getMessage(), e);
                }
            }
        }
    }

    /// Tables that were dropped when the last process ended, before it had removed their files.
    private void openHalfDropped() {
        for (MetadataHistory.Dropped dropped : metadata.dropped(store)) {
            TableSchema table = dropped.table();
            if (!isStored(dropped.keyspace())) {
                continue;
            }
            try {
                TableStore opened =
                        storage.openDropped(name(table), settings(table, dropped.keyspace()));
                if (opened != null) {
                    halfDropped.add(table);
                }
            } catch (NewerVersionException | SSTableVersionException e) {
                throw e;
            } catch (ManifestException e) {
                LOG.warn("The dropped table {} is removed unread: {}", table, e.getMessage());
                halfDropped.add(table);
            } catch (IOException | RuntimeException e) {
                LOG.error("What is left of the dropped table {} cannot be removed", table, e);
            }
        }
    }

    /// Removes them, after a replay: a snapshot of one then has all of it.
    void finishDrops() {
        halfDropped.forEach(this::drop);
        halfDropped.clear();
        metadata.service().cleanedUp();
    }

    private static TableName name(TableSchema table) {
        return new TableName(table.id(), table.keyspace(), table.name());
    }

    private void open(TableSchema table, KeyspaceSchema keyspace) throws IOException {
        TableStore opened = storage.openTable(name(table), settings(table, keyspace));
        alterCompaction(opened, table);
    }

    private void create(TableSchema table, KeyspaceSchema keyspace) throws IOException {
        TableStore created = storage.createTable(name(table), settings(table, keyspace));
        alterCompaction(created, table);
    }

    /// Options that an earlier release took and this one cannot use must not keep the node down.
    private void alterCompaction(TableStore opened, TableSchema table) {
        try {
            compaction.alter(opened, table);
        } catch (RuntimeException e) {
            LOG.error("Table {} is not compacted: its options cannot be used", table, e);
        }
    }

    private TableSettings settings(TableSchema table, KeyspaceSchema keyspace) {
        byte[] header = SchemaHeader.encode(table);
        return new TableSettings(
                FileOptions.of(table),
                () -> header,
                keyspace.durableWrites(),
                table.options().memtableFlushPeriodMillis(),
                new TableBackup(
                        () -> SnapshotText.of(table, keyspace),
                        options.autoSnapshot() && table.options().allowAutoSnapshot(),
                        options.autoSnapshotTimeToLive(),
                        table.options().incrementalBackups()));
    }

    @Override
    public Schema current() {
        return store.schema();
    }

    NodeMetadata metadata() {
        return metadata;
    }

    UUID hostId() {
        return metadata.identity().hostId();
    }

    List<Long> tokens() {
        return metadata.tokens();
    }

    /// What was agreed on becomes what is served; a failure is told to whoever asked for the change.
    private void install(ClusterState state) {
        try {
            var _ = store.install(state.schema());
        } catch (RuntimeException e) {
            LOG.error("The schema of epoch {} could not be applied whole", state.epoch(), e);
            failedEpoch = state.epoch();
            applyFailure = e;
        }
    }

    @Override
    public CompletionStage<Applied> apply(
            SchemaStatement statement, @Nullable String currentKeyspace) {
        Definition definition = new Definition(statement, currentKeyspace);
        return metadata.service()
                .propose(definition)
                .thenCompose(outcome -> answer(outcome, definition.plan()));
    }

    /// A DDL statement, planned anew for each state that it is tried on.
    private final class Definition implements ClusterPlanner {
        private final SchemaStatement statement;
        private final @Nullable String currentKeyspace;
        private volatile @Nullable DdlPlan plan; // the last one, which is the one that counts

        Definition(SchemaStatement statement, @Nullable String currentKeyspace) {
            this.statement = statement;
            this.currentKeyspace = currentKeyspace;
        }

        @Override
        public @Nullable ClusterTransformation plan(ClusterState state) {
            if (state.node(hostId()) == null) {
                throw CqlException.invalid(
                        "Node %s is no node of this cluster any more".formatted(hostId()));
            }
            Map<String, Integer> nodes = new HashMap<>();
            for (ClusterNode node : state.nodes().values()) {
                nodes.merge(node.location().dataCenter(), 1, Integer::sum);
            }
            DdlContext context =
                    new DdlContext(
                            nodes,
                            DEFAULT_REPLICATION_FACTOR,
                            wallMicros,
                            tableIds,
                            options.compaction().allowUnsafeExpiration());
            Schema schema = state.schema();
            DdlPlan made = new DdlAnalyzer(schema, context, currentKeyspace).analyze(statement);
            requireUsable(schema, made);
            plan = made;
            SchemaTransformation transformation = made.transformation();
            return transformation == null
                    ? null
                    : new ClusterTransformation.ChangeSchema(transformation);
        }

        @Nullable DdlPlan plan() {
            return plan;
        }
    }

    private CompletionStage<Applied> answer(Outcome outcome, @Nullable DdlPlan plan) {
        List<String> warnings = plan == null ? List.of() : plan.warnings();
        return switch (outcome) {
            case Outcome.Committed(long epoch, _) -> {
                SchemaTransformation transformation = plan == null ? null : plan.transformation();
                SchemaChange change = transformation == null ? null : transformation.change();
                RuntimeException failure = applyFailure;
                if (failedEpoch == epoch && failure != null) {
                    yield CompletableFuture.failedStage(failure);
                }
                yield metadata.service()
                        .agreed(epoch, AGREEMENT_NANOS)
                        .thenApply(silent -> new Applied(change, withSilent(warnings, silent)));
            }
            case Outcome.Unchanged _ ->
                    CompletableFuture.completedStage(new Applied(null, warnings));
            case Outcome.Refused refused ->
                    CompletableFuture.failedStage(
                            refused.why() instanceof CqlException why
                                    ? why
                                    : CqlException.invalid(
                                            String.valueOf(refused.why().getMessage())));
            case Outcome.Unavailable unavailable ->
                    CompletableFuture.failedStage(unavailable(unavailable));
            case Outcome.Unknown(String why, _) ->
                    CompletableFuture.failedStage(
                            new CqlException(
                                    ErrorCode.SERVER_ERROR,
                                    ("It is not known whether the schema was changed, and it may be"
                                                    + " changed later: %s. Look at the schema before"
                                                    + " you try again")
                                            .formatted(why)));
        };
    }

    private CqlException unavailable(Outcome.Unavailable outcome) {
        ClusterState state = metadata.service().state();
        int members = state.members().size();
        String text = "The schema was not changed: " + outcome.why();
        LOG.warn("{}", text);
        if (outcome.silent().isEmpty()) {
            return new CqlException(ErrorCode.SERVER_ERROR, text);
        }
        return new CqlException.Unavailable(
                ConsistencyLevel.QUORUM.code(),
                members / 2 + 1,
                Math.max(0, members - outcome.silent().size()),
                text);
    }

    private static List<String> withSilent(List<String> warnings, List<ClusterNode> silent) {
        if (silent.isEmpty()) {
            return warnings;
        }
        List<String> all = new ArrayList<>(warnings);
        for (ClusterNode node : silent) {
            all.add("Node %s has not said that it has the new schema".formatted(node.endpoint()));
        }
        return all;
    }

    /// What is logged once comes back at each start: so a table that nobody could open, for an option
    /// that no rule has refused, is refused here.
    private void requireUsable(Schema before, DdlPlan plan) {
        SchemaTransformation transformation = plan.transformation();
        if (transformation == null) {
            return;
        }
        for (KeyspaceSchema keyspace : before.apply(transformation).keyspaces().values()) {
            if (!isStored(keyspace) || keyspace.equals(before.keyspace(keyspace.name()))) {
                continue;
            }
            for (TableSchema table : keyspace.tables().values()) {
                if (!table.equals(before.table(table.id()))) {
                    requireUsable(table, keyspace);
                }
            }
        }
    }

    private void requireUsable(TableSchema table, KeyspaceSchema keyspace) {
        try {
            var _ = settings(table, keyspace);
            var _ = compaction.optionsOf(table);
        } catch (CqlException e) {
            throw e;
        } catch (RuntimeException e) {
            throw CqlException.config(
                    "The options of table %s cannot be used: %s".formatted(table, e.getMessage()));
        }
    }

    /// New tables are opened and changed ones altered before anybody can see them.
    @Override
    public void schemaWillChange(Schema before, Schema after) {
        for (KeyspaceSchema keyspace : after.keyspaces().values()) {
            if (!isStored(keyspace) || keyspace.equals(before.keyspace(keyspace.name()))) {
                continue;
            }
            for (TableSchema table : keyspace.tables().values()) {
                TableStore known = storage.table(table.id());
                if (known != null) {
                    known.alter(settings(table, keyspace));
                    if (!table.equals(before.table(table.id()))) {
                        alterCompaction(known, table);
                    }
                    continue;
                }
                if (before.table(table.id()) != null) {
                    continue; // it could not be opened when the node started, and is not served
                }
                try {
                    create(table, keyspace);
                } catch (IOException e) {
                    throw new UncheckedIOException(
                            "Table %s could not be opened".formatted(table), e);
                }
            }
        }
    }

    @Override
    public void schemaChanged(Schema before, Schema after, List<SchemaChange> changes) {
        Map<UUID, TableSchema> gone = new HashMap<>();
        for (KeyspaceSchema keyspace : before.keyspaces().values()) {
            if (isStored(keyspace)) {
                keyspace.tables().values().forEach(table -> gone.put(table.id(), table));
            }
        }
        gone.keySet().removeIf(id -> after.table(id) != null);
        gone.values().forEach(this::drop);
        for (SchemaChange change : changes) {
            events.publish(
                    new ServerEvent.SchemaChange(
                            ServerEvent.Change.valueOf(change.kind().name()),
                            ServerEvent.Target.valueOf(change.target().name()),
                            change.keyspace(),
                            change.name(),
                            change.argumentTypes()));
        }
    }

    private void drop(TableSchema table) {
        TableStore dropped = storage.table(table.id());
        if (dropped == null) {
            dropUnopened(table);
            return;
        }
        compaction.forget(dropped);
        try {
            if (dropped.settings().backup().snapshotBeforeRemoval()) {
                flushForSnapshot(dropped);
            }
            storage.dropTable(dropped);
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "The files of the dropped table {} could not all be removed, they are in {}",
                    table,
                    dropped.directory(),
                    e);
            detach(dropped);
        }
    }

    /// One that could not be opened. Which of its files are live nobody can say, so there is no snapshot
    /// of it: what one would have kept is put aside.
    private void dropUnopened(TableSchema table) {
        boolean kept = options.autoSnapshot() && table.options().allowAutoSnapshot();
        try {
            storage.dropUnopened(name(table), kept);
        } catch (IOException | RuntimeException e) {
            LOG.error("The files of the dropped table {} could not all be removed", table, e);
        }
    }

    /// Perhaps the table is dropped because its disk is full: then it goes nevertheless.
    private static void flushForSnapshot(TableStore dropped) {
        try {
            dropped.flush().join();
        } catch (CompletionException e) {
            LOG.error("The snapshot of {} lacks what was not flushed yet", dropped, e);
        }
    }

    private void detach(TableStore table) {
        try {
            storage.detachTable(table);
        } catch (IOException e) {
            LOG.warn("The dropped table {} could not be closed", table, e);
        }
    }

    long latestTimestamp() {
        return timestamps.latest();
    }

    void saveTimestamp(long latest) {
        try {
            timestamps.save(latest);
        } catch (IOException e) {
            LOG.warn("The latest timestamp could not be saved", e);
        }
    }

    /// Where prepared statements survive a restart.
    QueryProcessor.PreparedStore preparedStore() {
        return new SavedStatements(prepared);
    }

    private record SavedStatements(PreparedStatementStore statements)
            implements QueryProcessor.PreparedStore {
        @Override
        public void save(byte[] id, @Nullable String keyspace, String text, byte[] metadataId) {
            try {
                statements.add(
                        new PreparedStatementStore.Prepared(
                                ByteBuffer.wrap(id), keyspace, text, ByteBuffer.wrap(metadataId)));
            } catch (IOException e) {
                // It works until the next restart, after which the client has to prepare it again.
                LOG.warn("A prepared statement could not be saved", e);
            }
        }

        @Override
        public void forget(byte[] id) {
            try {
                statements.remove(ByteBuffer.wrap(id));
            } catch (IOException e) {
                LOG.warn("A prepared statement could not be removed", e);
            }
        }
    }

    List<NodeTables.PreparedRow> preparedRows() {
        return prepared.statements().stream()
                .map(statement ->
                        new NodeTables.PreparedRow(
                                statement.id(), statement.keyspace(), statement.text()))
                .toList();
    }

    void restorePrepared(QueryProcessor queries) {
        for (PreparedStatementStore.Prepared statement : prepared.statements()) {
            byte[] metadataId = new byte[statement.metadataId().remaining()];
            statement.metadataId().duplicate().get(metadataId);
            queries.restorePrepared(statement.keyspace(), statement.text(), metadataId);
        }
    }

    @Override
    public void close() throws IOException {
        try (timestamps) {
            prepared.close();
        }
    }
}
