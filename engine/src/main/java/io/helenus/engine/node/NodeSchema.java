package io.helenus.engine.node;

import io.helenus.cql.ast.SchemaStatement;
import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.NewerVersionException;
import io.helenus.engine.metadata.IssuedTimestamps;
import io.helenus.engine.metadata.MetadataFiles;
import io.helenus.engine.metadata.NodeIdentity;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The node's schema, who it is, and its prepared statements, all read from its metadata directory; and
/// what follows from a change: storage opens, alters and drops tables, clients hear of it.
final class NodeSchema implements SchemaAuthority, SchemaListener, AutoCloseable {
    /// Where the metadata is, in the data directory.
    static final String DIRECTORY = "metadata";

    private static final Logger LOG = LoggerFactory.getLogger(NodeSchema.class);
    private static final long MICROS_PER_MILLI = 1_000;
    private static final int DEFAULT_REPLICATION_FACTOR = 1;

    private final SchemaStore store;
    private final PreparedStatementStore prepared;
    private final IssuedTimestamps timestamps;
    private final StorageEngine storage;
    private final NodeCompaction compaction;
    private final EventSink events;
    private final DdlContext context;
    private final NodeIdentity identity;
    private final OperationsOptions options;
    private final List<TableSchema> halfDropped = new ArrayList<>();

    private NodeSchema(
            SchemaStore store,
            PreparedStatementStore prepared,
            IssuedTimestamps timestamps,
            StorageEngine storage,
            NodeCompaction compaction,
            EventSink events,
            DdlContext context,
            NodeIdentity identity,
            OperationsOptions options) {
        this.store = store;
        this.prepared = prepared;
        this.timestamps = timestamps;
        this.storage = storage;
        this.compaction = compaction;
        this.events = events;
        this.context = context;
        this.identity = identity;
        this.options = options;
    }

    /// Reads the schema and opens all its tables.
    ///
    /// @throws IOException if the directory cannot be read or is of another cluster
    static NodeSchema open(
            NodeOptions options,
            NodeFiles.Metadata metadata,
            StorageEngine storage,
            NodeCompaction compaction,
            LongSupplier wallMicros,
            TimeUuids uuids,
            RandomGenerator random,
            EventSink events)
            throws IOException {
        Path directory = options.dataDirectory().resolve(DIRECTORY);
        MetadataFiles files = metadata.in(directory);
        SchemaStore store =
                SchemaStore.open(
                        files, () -> wallMicros.getAsLong() / MICROS_PER_MILLI, random, views());
        PreparedStatementStore prepared;
        IssuedTimestamps timestamps;
        NodeIdentity identity;
        try {
            identity = identity(store, options, random);
            timestamps = IssuedTimestamps.open(files);
            prepared = PreparedStatementStore.open(files, random, options.preparedMax());
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
        DdlContext context =
                new DdlContext(
                        Map.of(options.datacenter(), 1),
                        DEFAULT_REPLICATION_FACTOR,
                        wallMicros,
                        () -> new UUID(uuids.nextMostSignificant(), uuids.leastSignificant()),
                        options.operations().compaction().allowUnsafeExpiration());
        NodeSchema schema =
                new NodeSchema(
                        store,
                        prepared,
                        timestamps,
                        storage,
                        compaction,
                        events,
                        context,
                        identity,
                        options.operations());
        schema.openTables();
        schema.openHalfDropped();
        store.addListener(schema);
        return schema;
    }

    /// What `system_views` has.
    private static List<TableSchema> views() {
        List<TableSchema> views = new ArrayList<>(NodeViews.definitions());
        views.add(CompactionTables.SSTABLE_TASKS);
        views.add(SnapshotsTable.definition());
        return views;
    }

    private static NodeIdentity identity(
            SchemaStore store, NodeOptions options, RandomGenerator random) throws IOException {
        NodeIdentity known = store.identity();
        if (known != null) {
            if (!known.clusterName().equals(options.clusterName())) {
                throw new IOException(
                        "Data directory %s belongs to cluster '%s', not to '%s'"
                                .formatted(
                                        options.dataDirectory(),
                                        known.clusterName(),
                                        options.clusterName()));
            }
            return known;
        }
        List<Long> tokens = new ArrayList<>(options.tokens());
        while (tokens.size() < options.tokenCount()) {
            tokens.add(random.nextLong(Long.MIN_VALUE + 1, Long.MAX_VALUE));
        }
        UUID hostId =
                new UUID(
                        random.nextLong() & 0xFFFFFFFFFFFF0FFFL | 0x4000L,
                        random.nextLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L);
        NodeIdentity made = new NodeIdentity(hostId, options.clusterName(), tokens);
        store.recordIdentity(made);
        return made;
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
        for (SchemaStore.Dropped dropped : store.takeDropped()) {
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
    }

    private static TableName name(TableSchema table) {
        return new TableName(table.id(), table.keyspace(), table.name());
    }

    private void open(TableSchema table, KeyspaceSchema keyspace) throws IOException {
        TableStore opened = storage.openTable(name(table), settings(table, keyspace));
        alterCompaction(opened, table);
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

    UUID hostId() {
        return identity.hostId();
    }

    List<Long> tokens() {
        return identity.tokens();
    }

    @Override
    public Applied apply(SchemaStatement statement, @Nullable String currentKeyspace) {
        SchemaStore.Applied applied =
                store.execute(schema -> {
                    DdlPlan plan =
                            new DdlAnalyzer(schema, context, currentKeyspace).analyze(statement);
                    requireUsable(schema, plan);
                    return plan;
                });
        var transformation = applied.plan().transformation();
        SchemaChange change = transformation == null ? null : transformation.change();
        return new Applied(change, applied.plan().warnings());
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
                try {
                    open(table, keyspace);
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
        try (prepared;
                timestamps) {
            store.close();
        }
    }
}
