package io.helenus.engine.schema;

import io.helenus.sstable.file.Compression;
import io.helenus.sstable.file.SSTableOptions;

/// How a table wants its SSTables to be written. Stateless.
public final class FileOptions {
    private FileOptions() {}

    public static SSTableOptions of(TableSchema table) {
        CompressionParams compression = table.options().compression();
        return SSTableOptions.defaults()
                .withBlockBytes(compression.chunkLengthKb() << 10)
                .withFilterFpChance(table.options().bloomFilterFpChance())
                .withCompression(
                        switch (compression.algorithm()) {
                            case NONE -> Compression.none();
                            case LZ4 ->
                                    Compression.lz4().withRatioMin(compression.minCompressRatio());
                            case ZSTD ->
                                    Compression.zstd(compression.level())
                                            .withRatioMin(compression.minCompressRatio());
                        });
    }
}
