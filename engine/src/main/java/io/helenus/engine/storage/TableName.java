package io.helenus.engine.storage;

import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

/// Which table, for its directory and for messages.
public record TableName(UUID id, String keyspace, String table) {
    public TableName {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(keyspace, "keyspace");
        Objects.requireNonNull(table, "table");
    }

    Path directoryIn(Path data) {
        String idText =
                "%016x%016x".formatted(id.getMostSignificantBits(), id.getLeastSignificantBits());
        return data.resolve(keyspace).resolve(table + "-" + idText);
    }

    @Override
    public String toString() {
        return keyspace + "." + table;
    }
}
