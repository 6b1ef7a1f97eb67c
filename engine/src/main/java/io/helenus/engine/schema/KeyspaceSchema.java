package io.helenus.engine.schema;

import io.helenus.engine.types.UserType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A keyspace: how it is replicated, and what is in it. Immutable, compared by value.
///
/// All references between its user types, and from its tables to its types, are to the types that
/// are in it: [#withType] replaces them everywhere.
public final class KeyspaceSchema {
    private final String name;
    private final ReplicationParams replication;
    private final boolean durableWrites;
    private final NavigableMap<String, TableSchema> tables;
    private final NavigableMap<String, UserType> types;

    private KeyspaceSchema(
            String name,
            ReplicationParams replication,
            boolean durableWrites,
            NavigableMap<String, TableSchema> tables,
            NavigableMap<String, UserType> types) {
        this.name = name;
        this.replication = replication;
        this.durableWrites = durableWrites;
        this.tables = Collections.unmodifiableNavigableMap(tables);
        this.types = Collections.unmodifiableNavigableMap(types);
    }

    /// A keyspace with nothing in it.
    public static KeyspaceSchema empty(
            String name, ReplicationParams replication, boolean durableWrites) {
        return new KeyspaceSchema(
                name,
                replication,
                durableWrites,
                new TreeMap<>(SchemaNames.BYTE_ORDER),
                new TreeMap<>(SchemaNames.BYTE_ORDER));
    }

    public String name() {
        return name;
    }

    public ReplicationParams replication() {
        return replication;
    }

    public boolean durableWrites() {
        return durableWrites;
    }

    /// Tables by name, in the order of names in `system_schema`.
    public NavigableMap<String, TableSchema> tables() {
        return tables;
    }

    public @Nullable TableSchema table(String tableName) {
        return tables.get(tableName);
    }

    /// User types by name, in the order of names in `system_schema`.
    public NavigableMap<String, UserType> types() {
        return types;
    }

    public @Nullable UserType type(String typeName) {
        return types.get(typeName);
    }

    /// User types such that each comes after those that it is made of, else by name.
    public List<UserType> typesInDependencyOrder() {
        SequencedSet<String> done = new LinkedHashSet<>();
        for (String typeName : types.keySet()) {
            visit(typeName, done);
        }
        List<UserType> ordered = new ArrayList<>();
        done.forEach(typeName -> ordered.add(Objects.requireNonNull(types.get(typeName))));
        return ordered;
    }

    private void visit(String typeName, SequencedSet<String> done) {
        if (done.contains(typeName)) {
            return;
        }
        UserType type = Objects.requireNonNull(types.get(typeName));
        for (String other : types.keySet()) {
            boolean isInside =
                    !other.equals(typeName)
                            && type.subTypes().stream()
                                    .anyMatch(sub -> sub.referencesUserType(name, other));
            if (isInside) {
                visit(other, done);
            }
        }
        done.add(typeName);
    }

    public boolean isVirtual() {
        return SchemaNames.isVirtualSystem(name);
    }

    public KeyspaceSchema withParams(ReplicationParams newReplication, boolean newDurableWrites) {
        return new KeyspaceSchema(name, newReplication, newDurableWrites, tables, types);
    }

    /// With the table added, or put in the place of the one with its name.
    public KeyspaceSchema withTable(TableSchema table) {
        if (!table.keyspace().equals(name)) {
            throw new IllegalArgumentException(table + " is not of keyspace " + name);
        }
        NavigableMap<String, TableSchema> changed = new TreeMap<>(tables);
        changed.put(table.name(), table);
        return new KeyspaceSchema(name, replication, durableWrites, changed, types);
    }

    public KeyspaceSchema withTables(Collection<TableSchema> added) {
        KeyspaceSchema result = this;
        for (TableSchema table : added) {
            result = result.withTable(table);
        }
        return result;
    }

    KeyspaceSchema withoutTable(String tableName) {
        NavigableMap<String, TableSchema> changed = new TreeMap<>(tables);
        changed.remove(tableName);
        return new KeyspaceSchema(name, replication, durableWrites, changed, types);
    }

    /// With the type added, or put in the place of the one with its name wherever that was used.
    KeyspaceSchema withType(UserType type) {
        UnaryOperator<UserType> replacement = old -> old.name().equals(type.name()) ? type : old;
        NavigableMap<String, UserType> changedTypes = new TreeMap<>(SchemaNames.BYTE_ORDER);
        types.forEach((typeName, old) ->
                changedTypes.put(typeName, old.withUserTypesReplaced(replacement)));
        changedTypes.put(type.name(), type);
        NavigableMap<String, TableSchema> changedTables = new TreeMap<>(SchemaNames.BYTE_ORDER);
        tables.forEach((tableName, table) ->
                changedTables.put(
                        tableName,
                        table.referencesUserType(type.name())
                                ? table.withUserTypesReplaced(replacement)
                                : table));
        return new KeyspaceSchema(name, replication, durableWrites, changedTables, changedTypes);
    }

    KeyspaceSchema withoutType(String typeName) {
        NavigableMap<String, UserType> changed = new TreeMap<>(types);
        changed.remove(typeName);
        return new KeyspaceSchema(name, replication, durableWrites, tables, changed);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        if (this == other) {
            return true; // most tables of two schemas are the same object
        }
        return other instanceof KeyspaceSchema that
                && name.equals(that.name)
                && replication.equals(that.replication)
                && durableWrites == that.durableWrites
                && tables.equals(that.tables)
                && types.equals(that.types);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, tables, types);
    }

    @Override
    public String toString() {
        return name;
    }
}
