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
public record TableSettings(
        SSTableOptions sstable,
        Supplier<byte[]> schemaHeader,
        boolean durableWrites,
        long flushPeriodMillis) {
    public TableSettings {
        Objects.requireNonNull(sstable, "sstable");
        Objects.requireNonNull(schemaHeader, "schemaHeader");
        if (flushPeriodMillis < 0) {
            throw new IllegalArgumentException("flushPeriodMillis is " + flushPeriodMillis);
        }
    }

    public static TableSettings defaults() {
        return new TableSettings(SSTableOptions.defaults(), () -> new byte[0], true, 0);
    }

    public TableSettings withDurableWrites(boolean durable) {
        return new TableSettings(sstable, schemaHeader, durable, flushPeriodMillis);
    }

    public TableSettings withSSTable(SSTableOptions options) {
        return new TableSettings(options, schemaHeader, durableWrites, flushPeriodMillis);
    }

    public TableSettings withFlushPeriodMillis(long millis) {
        return new TableSettings(sstable, schemaHeader, durableWrites, millis);
    }
}
