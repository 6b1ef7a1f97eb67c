package io.helenus.engine.node;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.error.NewerVersionException;
import io.helenus.engine.metadata.MetadataHistory;
import io.helenus.engine.schema.FileOptions;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.engine.schema.SchemaNames;
import io.helenus.engine.schema.SnapshotText;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableBackup;
import io.helenus.engine.storage.TableName;
import io.helenus.engine.storage.TableSettings;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.storage.manifest.ManifestException;
import io.helenus.sstable.file.SSTableVersionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The tables of the schema in this node's storage: opens, alters and drops what storage and compaction
/// have of them, as the schema says. System keyspaces have nothing there.
///
/// Of the thread that starts the node, and then of the one that applies what was agreed on; only
/// [#requireUsable] is for any.
final class StoredTables {
    private static final Logger LOG = LoggerFactory.getLogger(StoredTables.class);

    private final StorageEngine storage;
    private final NodeCompaction compaction;
    private final OperationsOptions options;

    /// Whose files the last process had not removed when it ended.
    private final List<TableSchema> halfDropped = new ArrayList<>();

    StoredTables(StorageEngine storage, NodeCompaction compaction, OperationsOptions options) {
        this.storage = storage;
        this.compaction = compaction;
        this.options = options;
    }

    private static boolean isStored(KeyspaceSchema keyspace) {
        return !SchemaNames.isSystem(keyspace.name());
    }

    /// At the start of the node. One whose manifest is damaged is not served.
    void openAll(Schema schema) throws IOException {
        for (KeyspaceSchema keyspace : schema.keyspaces().values()) {
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

    /// Then those that were dropped when the last process ended, before it had removed their files: so that
    /// the log's part of them is replayed.
    void openHalfDropped(Collection<MetadataHistory.Dropped> halfway) {
        for (MetadataHistory.Dropped dropped : halfway) {
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

    /// What is logged once comes back at each start: so a table that nobody could open, for an option
    /// that no rule has refused, is refused here.
    void requireUsable(Schema before, Schema after) {
        for (KeyspaceSchema keyspace : after.keyspaces().values()) {
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
    void prepare(Schema before, Schema after) {
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

    /// Drops what the schema no longer has.
    void dropGone(Schema before, Schema after) {
        Map<UUID, TableSchema> gone = new HashMap<>();
        for (KeyspaceSchema keyspace : before.keyspaces().values()) {
            if (isStored(keyspace)) {
                keyspace.tables().values().forEach(table -> gone.put(table.id(), table));
            }
        }
        gone.keySet().removeIf(id -> after.table(id) != null);
        gone.values().forEach(this::drop);
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
}
