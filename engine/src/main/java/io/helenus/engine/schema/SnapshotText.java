package io.helenus.engine.schema;

import java.util.List;

/// The `schema.cql` of a snapshot: what makes the table again if it is gone, with its id, and the
/// user-defined types that it is made of. Stateless.
public final class SnapshotText {
    private SnapshotText() {}

    public static String of(TableSchema table, KeyspaceSchema keyspace) {
        StringBuilder text = new StringBuilder();
        for (String type : typesOf(table, keyspace)) {
            text.append(type).append("\n\n");
        }
        return text.append(RestoreText.of(table)).toString();
    }

    /// Those that others are made of come first.
    private static List<String> typesOf(TableSchema table, KeyspaceSchema keyspace) {
        return keyspace.typesInDependencyOrder().stream()
                .filter(type -> table.referencesUserType(type.name()))
                .map(type ->
                        CreateText.type(type)
                                .replaceFirst("^CREATE TYPE ", "CREATE TYPE IF NOT EXISTS "))
                .toList();
    }
}
