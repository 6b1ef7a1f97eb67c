package io.helenus.sstable.file;

/// How to write an SSTable. A reader needs none of this.
///
/// @param blockBytes size at which a data block is closed, before compression
/// @param indexPageBytes size at which an index page is closed, before compression
/// @param restartInterval items of a data block between two whole keys
/// @param compression of data blocks and index pages
/// @param filterFpChance wanted share of absent partitions that the bloom filter lets through, in
///     (0, 1]; 1 writes no filter
/// @param repairedAt when repair last vouched for the content, 0 for never
public record SSTableOptions(
        int blockBytes,
        int indexPageBytes,
        int restartInterval,
        Compression compression,
        double filterFpChance,
        long repairedAt) {

    public SSTableOptions {
        check("blockBytes", blockBytes, 32, SSTableFormat.BLOCK_TARGET_BYTES_MAX);
        check("indexPageBytes", indexPageBytes, 32, SSTableFormat.BLOCK_TARGET_BYTES_MAX);
        check("restartInterval", restartInterval, 1, 1024);
        boolean valid = filterFpChance > 0 && filterFpChance <= 1; // false for NaN, too
        if (!valid) {
            throw new IllegalArgumentException(
                    "filterFpChance is " + filterFpChance + ", must be in (0, 1]");
        }
    }

    /// 16 KiB blocks, LZ4, one false positive in a hundred.
    public static SSTableOptions defaults() {
        return new SSTableOptions(16 << 10, 4 << 10, 8, Compression.lz4(), 0.01, 0);
    }

    public SSTableOptions withBlockBytes(int blockBytes) {
        return new SSTableOptions(
                blockBytes,
                indexPageBytes,
                restartInterval,
                compression,
                filterFpChance,
                repairedAt);
    }

    public SSTableOptions withIndexPageBytes(int indexPageBytes) {
        return new SSTableOptions(
                blockBytes,
                indexPageBytes,
                restartInterval,
                compression,
                filterFpChance,
                repairedAt);
    }

    public SSTableOptions withRestartInterval(int restartInterval) {
        return new SSTableOptions(
                blockBytes,
                indexPageBytes,
                restartInterval,
                compression,
                filterFpChance,
                repairedAt);
    }

    public SSTableOptions withCompression(Compression compression) {
        return new SSTableOptions(
                blockBytes,
                indexPageBytes,
                restartInterval,
                compression,
                filterFpChance,
                repairedAt);
    }

    public SSTableOptions withFilterFpChance(double filterFpChance) {
        return new SSTableOptions(
                blockBytes,
                indexPageBytes,
                restartInterval,
                compression,
                filterFpChance,
                repairedAt);
    }

    public SSTableOptions withRepairedAt(long repairedAt) {
        return new SSTableOptions(
                blockBytes,
                indexPageBytes,
                restartInterval,
                compression,
                filterFpChance,
                repairedAt);
    }

    private static void check(String name, int value, int min, int max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    "%s is %d, must be from %d to %d".formatted(name, value, min, max));
        }
    }
}
