package io.helenus.engine.bulk;

import io.helenus.engine.schema.FileOptions;
import io.helenus.engine.schema.TableSchema;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableWriter;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.TokensCursor;
import java.io.IOException;
import java.nio.file.Path;

/// The part of an SSTable that a node owns: the partitions whose tokens lie in some ranges. The same
/// part of the same file becomes the same bytes each time. Immutable; any thread.
///
/// @param table that the file is of
public record SSTablePart(BulkEnvironment environment, TableSchema table, TokenRanges owned) {
    private static final long CACHE_BYTES = 1 << 20;

    /// How much of a file is owned.
    public enum Extent {
        ALL,
        SOME,
        NONE
    }

    /// Decides by the first and the last key: of a file with `SOME` it may turn out to be none.
    public Extent extent(Path source) throws IOException {
        if (owned.isAll()) {
            return Extent.ALL;
        }
        try (SSTableReader reader = open(source)) {
            long first = RowKeys.token(reader.metadata().firstKey(), 0);
            long last = RowKeys.token(reader.metadata().lastKey(), 0);
            if (owned.covers(first, last)) {
                return Extent.ALL;
            }
            return owned.overlaps(first, last) ? Extent.SOME : Extent.NONE;
        }
    }

    /// Writes what is owned.
    ///
    /// @param target a file that does not exist yet
    /// @return false if it was nothing; then there is no file
    public boolean write(Path source, Path target) throws IOException {
        try (SSTableReader reader = open(source);
                TokensCursor cursor =
                        new TokensCursor(
                                new SSTableCursor().openAll(reader, false, ReadMode.SCAN),
                                owned.first(),
                                owned.last());
                SSTableWriter writer =
                        new SSTableWriter(
                                environment.files().create(target),
                                FileOptions.of(table),
                                reader.schemaHeader())) {
            writer.appendAll(cursor);
            if (writer.isEmpty()) {
                writer.abort();
                environment.files().delete(target);
                return false;
            }
            var _ = writer.finish();
            return true;
        }
    }

    private SSTableReader open(Path source) throws IOException {
        return SSTableReader.open(
                environment.files(), source, new BlockCache(CACHE_BYTES, Runnable::run));
    }
}
