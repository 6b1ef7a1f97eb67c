package io.helenus.engine.storage;

import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A snapshot of one table, as it was found on disk. The table may be gone.
///
/// @param directory that holds it
/// @param createdAt null if it does not say: it was not finished
/// @param expiresAt null for never
/// @param bytes of all its files
/// @param ownBytes of those that are not the table's as well
public record Snapshot(
        String tag,
        String keyspace,
        String table,
        Path directory,
        @Nullable Instant createdAt,
        @Nullable Instant expiresAt,
        boolean ephemeral,
        long bytes,
        long ownBytes) {

    boolean isExpired(Instant now) {
        return expiresAt != null && !now.isBefore(expiresAt);
    }
}
