package io.helenus.engine.metadata;

import io.helenus.engine.error.NewerVersionException;
import io.helenus.engine.metadata.MetadataRecord.Change;
import io.helenus.engine.metadata.MetadataRecord.Identity;
import io.helenus.engine.metadata.MetadataRecord.SchemaSnapshot;
import io.helenus.engine.schema.DdlPlan;
import io.helenus.engine.schema.InvalidSchemaBytesException;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaChange;
import io.helenus.engine.schema.SchemaCodec;
import io.helenus.engine.schema.SchemaTransformation;
import io.helenus.engine.schema.SystemSchema;
import io.helenus.engine.schema.TableSchema;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Owns the schema of a node and the log that it comes from.
///
/// The current schema is one volatile reference: any thread reads it, keeps what it got, and is
/// never blocked. Changes are made one at a time under the object's lock: planned against the
/// current schema, appended and forced, prepared for by listeners, made visible, told to listeners.
/// The thread that makes one waits for the disk, so it is never an event loop.
public final class SchemaStore implements Closeable {
    /// Of the log, in the directory of metadata.
    public static final String FILE_NAME = MetadataLog.NAME;

    /// The log is written anew when changes take this much more room than the schema itself.
    private static final int REWRITE_FACTOR = 4;

    private static final int REWRITE_BYTES_MIN = 64 << 10;

    private final MetadataLog log;
    private final LongSupplier wallMillis;
    private final List<SchemaListener> listeners = new CopyOnWriteArrayList<>();

    private volatile Schema schema;
    private volatile @Nullable NodeIdentity identity;

    private final List<Dropped> dropped = new ArrayList<>(); // by the log that was read

    private long snapshotBytes; // of the log when it was last written anew

    /// What became of a statement.
    ///
    /// @param changes for clients that registered for events; empty if nothing changed
    public record Applied(DdlPlan plan, Schema schema, List<SchemaChange> changes) {}

    /// A table that a change dropped, and its keyspace before that.
    public record Dropped(TableSchema table, KeyspaceSchema keyspace) {}

    private SchemaStore(MetadataLog log, LongSupplier wallMillis, Schema schema) {
        this.log = log;
        this.wallMillis = wallMillis;
        this.schema = schema;
    }

    /// Reads the log, or begins one.
    ///
    /// @param views tables of `system_views`, which are code and not in the log
    /// @throws CorruptMetadataException if the log is damaged: the node must not start
    public static SchemaStore open(
            MetadataFiles files,
            LongSupplier wallMillis,
            RandomGenerator random,
            Collection<TableSchema> views)
            throws IOException {
        MetadataLog log = MetadataLog.open(files, random);
        try {
            SchemaStore store = new SchemaStore(log, wallMillis, SystemSchema.initial(views));
            String name = files.describe(MetadataLog.NAME);
            for (MetadataLog.Located located : log.takeRecords()) {
                store.replay(located, views, name);
            }
            store.snapshotBytes = snapshotBytes(store.schema);
            return store;
        } catch (RuntimeException e) {
            log.close();
            throw e;
        }
    }

    private static long snapshotBytes(Schema schema) {
        return SchemaCodec.encodeSchema(schema).length;
    }

    /// Runs before the object is shared.
    private void replay(MetadataLog.Located located, Collection<TableSchema> views, String name) {
        try {
            switch (located.record()) {
                case SchemaSnapshot(ByteBuffer bytes) ->
                        schema = SchemaCodec.decodeSchema(bytes, views);
                case Change(long epoch, _, ByteBuffer bytes) -> {
                    if (epoch != schema.epoch() + 1) {
                        throw new IllegalStateException(
                                "epoch %d after %d".formatted(epoch, schema.epoch()));
                    }
                    Schema before = schema;
                    schema = before.apply(SchemaCodec.decode(bytes, before));
                    noteDropped(before, schema);
                }
                case Identity(NodeIdentity node) -> identity = node;
            }
        } catch (NewerVersionException e) {
            throw e.of("%s: the schema at offset %d".formatted(name, located.offset()));
        } catch (InvalidSchemaBytesException | IllegalStateException e) {
            throw new CorruptMetadataException(
                    name, located.offset(), "the record does not apply: " + e.getMessage());
        }
    }

    private void noteDropped(Schema before, Schema after) {
        for (KeyspaceSchema keyspace : before.keyspaces().values()) {
            if (keyspace.equals(after.keyspace(keyspace.name()))) {
                continue;
            }
            for (TableSchema table : keyspace.tables().values()) {
                if (after.table(table.id()) == null) {
                    dropped.add(new Dropped(table, keyspace));
                }
            }
        }
    }

    /// Tables that the log which was read says were dropped, and that are not there again: a process may
    /// have ended before it had removed what they consist of. Forgets them.
    public synchronized List<Dropped> takeDropped() {
        Map<UUID, Dropped> taken = new LinkedHashMap<>();
        dropped.forEach(each -> taken.put(each.table().id(), each));
        taken.keySet().removeIf(id -> schema.table(id) != null);
        dropped.clear();
        return List.copyOf(taken.values());
    }

    /// The current schema.
    public Schema schema() {
        return schema;
    }

    /// Who the node is, or null if it was never said.
    public @Nullable NodeIdentity identity() {
        return identity;
    }

    public void addListener(SchemaListener listener) {
        listeners.add(listener);
    }

    /// Says who the node is. Durable when it returns.
    public synchronized void recordIdentity(NodeIdentity node) {
        append(new Identity(node));
        identity = node;
    }

    /// Plans a statement against the current schema and carries it out.
    ///
    /// @throws MetadataLogException if it could not be made durable: nothing changed then
    public synchronized Applied execute(Function<Schema, DdlPlan> planner) {
        Schema before = schema;
        DdlPlan plan = planner.apply(before);
        SchemaTransformation transformation = plan.transformation();
        if (transformation == null) {
            return new Applied(plan, before, List.of());
        }
        Schema after = before.apply(transformation);
        append(
                new Change(
                        after.epoch(),
                        wallMillis.getAsLong(),
                        ByteBuffer.wrap(SchemaCodec.encode(transformation))));
        List<SchemaChange> changes = publish(before, after);
        rewriteIfLong();
        return new Applied(plan, after, changes);
    }

    private List<SchemaChange> publish(Schema before, Schema after) {
        List<SchemaChange> changes = SchemaChange.between(before, after);
        Failures failures = new Failures();
        for (SchemaListener listener : listeners) {
            failures.run(() -> listener.schemaWillChange(before, after));
        }
        schema = after; // durable, so it is what counts, whatever a listener makes of it
        for (SchemaListener listener : listeners) {
            failures.run(() -> listener.schemaChanged(before, after, changes));
        }
        failures.rethrow();
        return changes;
    }

    private void append(MetadataRecord record) {
        try {
            log.append(record);
        } catch (IOException e) {
            throw new MetadataLogException(
                    "The metadata log could not be written: " + e.getMessage(), e);
        }
    }

    private void rewriteIfLong() {
        if (log.bytes() < Math.max(REWRITE_BYTES_MIN, REWRITE_FACTOR * snapshotBytes)) {
            return;
        }
        byte[] snapshot = SchemaCodec.encodeSchema(schema);
        List<MetadataRecord> content = new ArrayList<>();
        NodeIdentity node = identity;
        if (node != null) {
            content.add(new Identity(node));
        }
        content.add(new SchemaSnapshot(ByteBuffer.wrap(snapshot)));
        snapshotBytes = snapshot.length;
        try {
            log.rewrite(content);
        } catch (IOException e) {
            // The change that led here is durable. Either the old log goes on, or the next change
            // fails and says so.
            snapshotBytes = log.bytes();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        log.close();
    }

    /// Lets all listeners hear a change, also if one of them fails.
    private static final class Failures {
        private @Nullable RuntimeException first;

        void run(Runnable action) {
            try {
                action.run();
            } catch (RuntimeException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }

        void rethrow() {
            if (first != null) {
                throw first;
            }
        }
    }
}
