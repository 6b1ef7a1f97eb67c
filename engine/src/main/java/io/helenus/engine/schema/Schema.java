package io.helenus.engine.schema;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// All keyspaces at one epoch. Immutable: a request takes the current one and keeps it to its end.
///
/// Each transformation makes the next epoch. The version, which clients compare to see whether
/// nodes agree, is derived from the version before and the bytes of the transformation: two nodes
/// have the same one exactly if they applied the same transformations in the same order.
public final class Schema {
    private final long epoch;
    private final UUID version;
    private final NavigableMap<String, KeyspaceSchema> keyspaces;
    private final Map<UUID, TableSchema> tablesById;

    public Schema(long epoch, UUID version, Collection<KeyspaceSchema> keyspaces) {
        this.epoch = epoch;
        this.version = version;
        NavigableMap<String, KeyspaceSchema> byName = new TreeMap<>(SchemaNames.BYTE_ORDER);
        Map<UUID, TableSchema> byId = new HashMap<>();
        for (KeyspaceSchema keyspace : keyspaces) {
            if (byName.put(keyspace.name(), keyspace) != null) {
                throw new IllegalArgumentException("keyspace " + keyspace.name() + " twice");
            }
            for (TableSchema table : keyspace.tables().values()) {
                TableSchema other = byId.put(table.id(), table);
                if (other != null) {
                    throw new IllegalArgumentException(
                            "%s and %s have the same id %s".formatted(table, other, table.id()));
                }
            }
        }
        this.keyspaces = Collections.unmodifiableNavigableMap(byName);
        this.tablesById = byId;
    }

    /// Without any keyspace, not even those of the system, for files that are written without a node.
    public static Schema empty() {
        return new Schema(0, new UUID(0, 0), List.of());
    }

    /// Number of transformations that led here.
    public long epoch() {
        return epoch;
    }

    /// What `system.local.schema_version` shows.
    public UUID version() {
        return version;
    }

    /// Keyspaces by name, those of the system included.
    public NavigableMap<String, KeyspaceSchema> keyspaces() {
        return keyspaces;
    }

    public @Nullable KeyspaceSchema keyspace(String keyspaceName) {
        return keyspaces.get(keyspaceName);
    }

    public @Nullable TableSchema table(String keyspaceName, String tableName) {
        KeyspaceSchema keyspace = keyspaces.get(keyspaceName);
        return keyspace == null ? null : keyspace.table(tableName);
    }

    public @Nullable TableSchema table(UUID tableId) {
        return tablesById.get(tableId);
    }

    /// The schema of the next epoch.
    public Schema apply(SchemaTransformation transformation) {
        String name = transformation.keyspace();
        NavigableMap<String, KeyspaceSchema> changed = new TreeMap<>(keyspaces);
        KeyspaceSchema after = transformation.applyTo(keyspaces.get(name));
        if (after == null) {
            changed.remove(name);
        } else {
            changed.put(name, after);
        }
        byte[] bytes = SchemaCodec.encode(transformation);
        UUID next = SchemaCodec.nextVersion(version, epoch + 1, bytes);
        return new Schema(epoch + 1, next, changed.values());
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Schema that
                && epoch == that.epoch
                && version.equals(that.version)
                && keyspaces.equals(that.keyspaces);
    }

    @Override
    public int hashCode() {
        return Objects.hash(epoch, version);
    }

    @Override
    public String toString() {
        return "schema " + version + " of epoch " + epoch;
    }
}
