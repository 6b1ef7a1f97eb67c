package io.helenus.engine.storage;

import io.helenus.sstable.file.SSTableOptions;
import java.util.Objects;
import java.util.function.Supplier;

/// What storage needs to know of a table's schema; changes with ALTER.
///
/// @param sstable how the table's files are written
/// @param schemaHeader the bytes that explain a file, asked for with each new file
/// @param durableWrites of the keyspace: whether writes go to the commit log
/// @param flushPeriodMillis `memtable_flush_period_in_ms`, 0 for never
/// @param backup what is kept beside the data
public record TableSettings(
        SSTableOptions sstable,
        Supplier<byte[]> schemaHeader,
        boolean durableWrites,
        long flushPeriodMillis,
        TableBackup backup) {
    public TableSettings {
        Objects.requireNonNull(sstable, "sstable");
        Objects.requireNonNull(schemaHeader, "schemaHeader");
        Objects.requireNonNull(backup, "backup");
        if (flushPeriodMillis < 0) {
            throw new IllegalArgumentException("flushPeriodMillis is " + flushPeriodMillis);
        }
    }

    public static TableSettings defaults() {
        return new TableSettings(
                SSTableOptions.defaults(), () -> new byte[0], true, 0, TableBackup.none());
    }

    public TableSettings withDurableWrites(boolean durable) {
        return new TableSettings(sstable, schemaHeader, durable, flushPeriodMillis, backup);
    }

    public TableSettings withSSTable(SSTableOptions options) {
        return new TableSettings(options, schemaHeader, durableWrites, flushPeriodMillis, backup);
    }

    public TableSettings withFlushPeriodMillis(long millis) {
        return new TableSettings(sstable, schemaHeader, durableWrites, millis, backup);
    }

    public TableSettings withBackup(TableBackup kept) {
        return new TableSettings(sstable, schemaHeader, durableWrites, flushPeriodMillis, kept);
    }
}
