package io.helenus.engine.bulk;

import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.sstable.file.BlockFile;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Writes a spill. One thread. Closed without [#finish], it leaves nothing behind.
final class SpillWriter implements AutoCloseable {
    static final int BLOCK_BYTES = 128 << 10;

    private final StorageFiles files;
    private final Path path;
    private final BlockFile file;
    private final ByteWriter block = new ByteWriter(BLOCK_BYTES + (BLOCK_BYTES >> 2));
    private final CRC32C crc = new CRC32C();
    private long[] firstTokens = new long[64];
    private long[] offsets = new long[64];
    private int blocks;
    private long position;
    private boolean finished;

    SpillWriter(StorageFiles files, Path path) throws IOException {
        this.files = files;
        this.path = path;
        file = files.create(path);
        beginBlock();
    }

    /// Writes all that a forward cursor has. There are no range deletions.
    void appendAll(RowCursor cursor) throws IOException {
        while (cursor.next() != RowCursor.Kind.END) {
            append(cursor);
        }
    }

    private void append(RowCursor entry) throws IOException {
        int keyLength = entry.keyLength();
        int valueLength = entry.valueLength();
        boolean isFirst = block.length() == Spill.CHECKSUM_BYTES;
        if (!isFirst && block.length() + keyLength + valueLength > BLOCK_BYTES) {
            flushBlock();
            isFirst = true;
        }
        if (isFirst) {
            if (blocks + 1 >= offsets.length) {
                firstTokens = Arrays.copyOf(firstTokens, 2 * blocks + 2);
                offsets = Arrays.copyOf(offsets, 2 * blocks + 2);
            }
            firstTokens[blocks] = ByteWriter.getLong(entry.keyArray(), entry.keyOffset());
        }
        block.writeVarint(keyLength).writeVarint(valueLength);
        block.writeBytes(entry.keyArray(), entry.keyOffset(), keyLength);
        block.writeBytes(entry.valueArray(), entry.valueOffset(), valueLength);
    }

    private void beginBlock() {
        block.clear().writeInt(0);
    }

    private void flushBlock() throws IOException {
        crc.reset();
        crc.update(block.array(), Spill.CHECKSUM_BYTES, block.length() - Spill.CHECKSUM_BYTES);
        block.setInt(0, (int) crc.getValue());
        offsets[blocks++] = position;
        position += block.length();
        file.write(ByteBuffer.wrap(block.array(), 0, block.length()));
        beginBlock();
    }

    /// Nothing is forced: after a crash nobody needs it.
    Spill finish() throws IOException {
        if (block.length() > Spill.CHECKSUM_BYTES) {
            flushBlock();
        }
        file.close();
        long[] ends = Arrays.copyOf(offsets, blocks + 1);
        ends[blocks] = position;
        BlockFile opened = files.open(path);
        finished = true;
        return new Spill(path, opened, Arrays.copyOf(firstTokens, blocks), ends);
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            finished = true;
            try {
                file.close();
            } finally {
                files.delete(path);
            }
        }
    }
}
