package io.helenus.test.bench.jmh;

import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ChannelFiles;
import io.helenus.sstable.file.SSTableOptions;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableWriter;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Rows as the storage engine sees them: one a partition, keys in order.
final class BenchRows {
    private static final int VALUE_BYTES = 100;
    private static final int VALUE_COLUMN = 2;
    private static final int SEED = 7;

    // What follows the partition in a row key: clustering 0, as an int.
    private static final byte[] POSITION = {
        RowKeys.TAG_VALUE, (byte) 0x80, 0, 0, 0, RowKeys.ROW_END
    };

    private final long[] tokens;
    private final byte[][] keys;
    private final byte[] value = new byte[VALUE_BYTES];

    BenchRows(int count) {
        SplittableRandom random = new SplittableRandom(SEED);
        tokens = random.longs(count).distinct().sorted().toArray();
        keys = new byte[tokens.length][];
        for (int i = 0; i < tokens.length; i++) {
            keys[i] = key(tokens[i]);
        }
        random.nextBytes(value);
    }

    /// The key of a row whose partition key is its token's bytes. No row of ours unless the token is.
    static byte[] key(long token) {
        ByteWriter key = new ByteWriter();
        byte[] partitionKey = partitionKey(token);
        RowKeys.writePartition(key, token, partitionKey, 0, partitionKey.length);
        return key.writeBytes(POSITION).toArray();
    }

    private static byte[] partitionKey(long token) {
        return new ByteWriter().writeLong(token).toArray();
    }

    int count() {
        return keys.length;
    }

    byte[] key(int index) {
        return keys[index];
    }

    private byte[] row(long timestamp) {
        ByteWriter row = new ByteWriter();
        new RowWriter()
                .beginLiveRow(row, timestamp)
                .cell(VALUE_COLUMN, timestamp, value, 0, value.length)
                .end();
        return row.toArray();
    }

    /// The mutations that write the rows, in a random order.
    byte[][] mutations(long timestamp) {
        byte[] row = row(timestamp);
        byte[][] mutations = new byte[tokens.length][];
        MutationWriter writer = new MutationWriter();
        for (int i = 0; i < tokens.length; i++) {
            byte[] partitionKey = partitionKey(tokens[i]);
            writer.begin(1, tokens[i], partitionKey, 0, partitionKey.length);
            writer.entry(POSITION, 0, POSITION.length, row, 0, row.length);
            mutations[i] = writer.finish().toArray();
        }
        shuffle(mutations);
        return mutations;
    }

    private static void shuffle(byte[][] arrays) {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = arrays.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            byte[] swapped = arrays[i];
            arrays[i] = arrays[other];
            arrays[other] = swapped;
        }
    }

    /// The rows' keys in a random order.
    byte[][] shuffledKeys() {
        byte[][] shuffled = Arrays.copyOf(keys, keys.length);
        shuffle(shuffled);
        return shuffled;
    }

    /// Writes every `step`-th row from `first` on, and opens the file.
    SSTableReader write(Path path, long timestamp, int first, int step, BlockCache cache)
            throws IOException {
        ChannelFiles files = new ChannelFiles();
        byte[] row = row(timestamp);
        try (SSTableWriter writer =
                new SSTableWriter(files.create(path), SSTableOptions.defaults(), new byte[0])) {
            for (int i = first; i < keys.length; i += step) {
                writer.append(RowCursor.Kind.ROW, keys[i], 0, keys[i].length, row, 0, row.length);
            }
            writer.finish();
        }
        return SSTableReader.open(files, path, cache);
    }
}
