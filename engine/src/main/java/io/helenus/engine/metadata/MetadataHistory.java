package io.helenus.engine.metadata;

import io.helenus.engine.error.NewerVersionException;
import io.helenus.engine.metadata.MetadataRecord.Agreed;
import io.helenus.engine.metadata.MetadataRecord.Change;
import io.helenus.engine.metadata.MetadataRecord.Identity;
import io.helenus.engine.metadata.MetadataRecord.SchemaSnapshot;
import io.helenus.engine.schema.InvalidSchemaBytesException;
import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaCodec;
import io.helenus.engine.schema.SystemSchema;
import io.helenus.engine.schema.TableSchema;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a metadata log had when it was opened. One thread.
///
/// A log of version 1 has the changes of one node's schema; a later one has what the agreement of its
/// cluster wrote, which others know how to read.
public final class MetadataHistory {
    private final Collection<TableSchema> views;
    private final String file;
    private final List<AgreedRecords> agreed = new ArrayList<>();
    private final List<Dropped> dropped = new ArrayList<>();
    private @Nullable NodeIdentity identity;
    private Schema schema;

    /// A table that a change dropped, and its keyspace before that.
    public record Dropped(TableSchema table, KeyspaceSchema keyspace) {}

    /// @param offset in the file
    public record AgreedRecords(long offset, List<ByteBuffer> records) {
        public AgreedRecords {
            records = List.copyOf(records);
        }
    }

    /// Takes the records of a log.
    ///
    /// @param views tables of `system_views`, which are code and not in the log
    /// @throws CorruptMetadataException if they make no sense: the node must not start
    public MetadataHistory(MetadataLog log, Collection<TableSchema> views) {
        this.views = List.copyOf(views);
        file = log.describe();
        schema = SystemSchema.initial(views);
        log.takeRecords().forEach(this::add);
    }

    private void add(MetadataLog.Located located) {
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
                case Agreed(List<ByteBuffer> records) ->
                        agreed.add(new AgreedRecords(located.offset(), records));
            }
        } catch (NewerVersionException e) {
            throw newer(located.offset(), e);
        } catch (InvalidSchemaBytesException | IllegalStateException e) {
            throw corrupt(
                    located.offset(),
                    "the record does not apply: " + String.valueOf(e.getMessage()));
        }
    }

    /// For those who read what was agreed.
    public CorruptMetadataException corrupt(long offset, String what) {
        return new CorruptMetadataException(file, offset, what);
    }

    /// For those who read what was agreed.
    public NewerVersionException newer(long offset, NewerVersionException found) {
        return found.of("%s: the schema at offset %d".formatted(file, offset));
    }

    /// Remembers the tables that are in the one and not in the other.
    public void noteDropped(Schema before, Schema after) {
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

    /// Tables that the log says were dropped, and that are not there again: a process may have ended
    /// before it had removed what they consist of.
    ///
    /// @param last that the log leads to
    public List<Dropped> dropped(Schema last) {
        Map<UUID, Dropped> found = new LinkedHashMap<>();
        dropped.forEach(each -> found.put(each.table().id(), each));
        found.keySet().removeIf(id -> last.table(id) != null);
        return List.copyOf(found.values());
    }

    /// Who the node is, or null if it was never said.
    public @Nullable NodeIdentity identity() {
        return identity;
    }

    /// What the node agreed on with others, or alone; empty for a log of version 1, and before the node
    /// is part of a cluster.
    public List<AgreedRecords> agreed() {
        return List.copyOf(agreed);
    }

    /// What a log of version 1 leads to.
    public Schema schema() {
        return schema;
    }
}
