package io.helenus.engine.admin;

import io.helenus.engine.schema.KeyspaceSchema;
import io.helenus.engine.schema.Schema;
import io.helenus.engine.schema.SchemaNames;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableStore;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Finds the tables that a request names. Stateless; any thread.
final class TableSelection {
    private final Supplier<Schema> schema;
    private final StorageEngine storage;

    TableSelection(Supplier<Schema> schema, StorageEngine storage) {
        this.schema = schema;
        this.storage = storage;
    }

    /// A table that is stored on this node.
    record Stored(TableSchema schema, TableStore store) {}

    /// Those of parameters `keyspace` and `tables`: all of the node without a keyspace, all of the
    /// keyspace without tables. Tables that are computed are left out.
    List<Stored> of(AdminRequest request) {
        return of(request.text("keyspace").orElse(null), request.texts("tables"));
    }

    List<Stored> of(@Nullable String keyspace, Collection<String> tables) {
        Schema current = schema.get();
        List<Stored> found = new ArrayList<>();
        if (keyspace == null) {
            if (!tables.isEmpty()) {
                throw AdminException.invalid("parameter 'tables' needs a parameter 'keyspace'");
            }
            current.keyspaces().values().forEach(each -> addAll(each, found));
            return found;
        }
        KeyspaceSchema named = keyspace(keyspace);
        if (tables.isEmpty()) {
            addAll(named, found);
        }
        for (String name : tables) {
            TableSchema table = table(named, name);
            if (isUnserved(table)) {
                throw unserved(table);
            }
            add(table, found);
        }
        return found;
    }

    /// Tables that should be stored here, and are not: their files could not be opened.
    ///
    /// @param keyspaces none for all
    List<TableSchema> unserved(Collection<String> keyspaces) {
        List<TableSchema> found = new ArrayList<>();
        for (KeyspaceSchema keyspace : schema.get().keyspaces().values()) {
            if (keyspaces.isEmpty() || keyspaces.contains(keyspace.name())) {
                keyspace.tables().values().stream().filter(this::isUnserved).forEach(found::add);
            }
        }
        return found;
    }

    private boolean isUnserved(TableSchema table) {
        return !SchemaNames.isSystem(table.keyspace()) && storage.table(table.id()) == null;
    }

    static AdminException unserved(TableSchema table) {
        return AdminException.conflict(
                "Table %s is not served: its files could not be opened, see the node's log"
                        .formatted(table));
    }

    KeyspaceSchema keyspace(String name) {
        KeyspaceSchema keyspace = schema.get().keyspace(name);
        if (keyspace == null) {
            throw AdminException.invalid("Keyspace [%s] does not exist.".formatted(name));
        }
        return keyspace;
    }

    static TableSchema table(KeyspaceSchema keyspace, String name) {
        TableSchema table = keyspace.table(name);
        if (table == null) {
            throw AdminException.invalid(
                    "Unknown keyspace/cf pair (%s.%s)".formatted(keyspace.name(), name));
        }
        return table;
    }

    /// One table by parameters `keyspace` and `table`.
    Stored one(AdminRequest request) {
        TableSchema table =
                table(keyspace(request.requiredText("keyspace")), request.requiredText("table"));
        TableStore store = storage.table(table.id());
        if (store == null) {
            throw AdminException.conflict("Table %s is not stored on this node".formatted(table));
        }
        return new Stored(table, store);
    }

    /// The files of parameter `files`: each by its path, or the end of its path.
    List<SSTable> sstables(AdminRequest request) {
        List<String> names = request.texts("files");
        if (names.isEmpty()) {
            throw AdminException.invalid("parameter 'files' is missing");
        }
        return names.stream().map(this::sstable).toList();
    }

    private SSTable sstable(String name) {
        List<SSTable> found =
                storage.tables().stream()
                        .flatMap(table -> table.sstables().stream())
                        .filter(sstable -> sstable.path().endsWith(name))
                        .toList();
        if (found.size() != 1) {
            throw AdminException.invalid(
                    found.isEmpty()
                            ? "there is no SSTable %s".formatted(name)
                            : "%s is the name of %d SSTables: give the path"
                                    .formatted(name, found.size()));
        }
        return found.getFirst();
    }

    private void addAll(KeyspaceSchema keyspace, List<Stored> to) {
        keyspace.tables().values().forEach(table -> add(table, to));
    }

    private void add(TableSchema table, List<Stored> to) {
        TableStore store = storage.table(table.id());
        if (store != null) {
            to.add(new Stored(table, store));
        }
    }
}
