package io.helenus.cql.ast;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A name with or without its keyspace: `table`, `keyspace.table`. Also of views, indexes, types,
/// functions and aggregates.
public record QualifiedName(@Nullable Identifier keyspace, Identifier name) {
    public QualifiedName {
        Objects.requireNonNull(name);
    }

    public static QualifiedName of(String name) {
        return new QualifiedName(null, Identifier.of(name));
    }

    public static QualifiedName of(String keyspace, String name) {
        return new QualifiedName(Identifier.of(keyspace), Identifier.of(name));
    }

    @Override
    public String toString() {
        return keyspace == null ? name.text() : keyspace.text() + "." + name.text();
    }
}
