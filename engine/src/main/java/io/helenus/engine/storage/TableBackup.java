package io.helenus.engine.storage;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/// What is kept of a table beside its data.
///
/// @param schemaText the CQL that makes the table, for a snapshot; asked for with each
/// @param snapshotBeforeRemoval whether truncating or dropping it takes a snapshot first
/// @param removedTimeToLive how long that snapshot is kept; zero for ever
/// @param incremental whether flushed files are kept in `backups`, where the node does that
public record TableBackup(
        Supplier<String> schemaText,
        boolean snapshotBeforeRemoval,
        Duration removedTimeToLive,
        boolean incremental) {
    public TableBackup {
        Objects.requireNonNull(schemaText, "schemaText");
        Objects.requireNonNull(removedTimeToLive, "removedTimeToLive");
    }

    public static TableBackup none() {
        return new TableBackup(() -> "", false, Duration.ZERO, false);
    }
}
