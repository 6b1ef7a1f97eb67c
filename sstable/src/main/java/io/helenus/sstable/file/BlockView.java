package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import org.jspecify.annotations.Nullable;

/// Where things are in a block's bytes: items, then the restart table. Re-wrapped; one thread.
final class BlockView {
    /// In the restart count: a second table tells the last boundary before each restart.
    static final int BOUNDARIES_FLAG = 0x80000000;

    private static final byte[] NOTHING = new byte[0];

    private @Nullable SSTableReader reader;
    private long offset;
    byte[] bytes = NOTHING;
    int itemsEnd;
    int restartCount;
    private boolean hasBoundaries;

    /// Whether this is already the view of that block.
    boolean holds(SSTableReader reader, long offset) {
        return this.reader == reader && this.offset == offset;
    }

    void wrap(SSTableReader reader, long offset, byte[] bytes, int length) {
        this.reader = reader;
        this.offset = offset;
        this.bytes = bytes;
        int tail = length < 2 * Integer.BYTES ? 0 : ByteWriter.getInt(bytes, length - 4);
        hasBoundaries = (tail & BOUNDARIES_FLAG) != 0;
        restartCount = tail & ~BOUNDARIES_FLAG;
        long table = (hasBoundaries ? 2L : 1L) * Integer.BYTES * restartCount + Integer.BYTES;
        if (restartCount == 0 || table >= length) {
            this.reader = null;
            throw new CorruptSSTableException(
                    reader.path(),
                    offset,
                    "%d restarts in a block of %d bytes".formatted(restartCount, length));
        }
        itemsEnd = length - (int) table;
    }

    /// Lets the bytes go.
    void clear() {
        reader = null;
        bytes = NOTHING;
        itemsEnd = 0;
        restartCount = 0;
    }

    /// Offset of the item with which an interval begins, and whose key is whole.
    int restart(int index) {
        int at = ByteWriter.getInt(bytes, itemsEnd + index * Integer.BYTES);
        if (at < 0 || at >= itemsEnd) {
            throw corrupt(at);
        }
        return at;
    }

    /// Offset of the last boundary before a restart, or -1 if the block has none there.
    int boundaryBefore(int index) {
        if (!hasBoundaries) {
            return -1;
        }
        int at = ByteWriter.getInt(bytes, itemsEnd + (restartCount + index) * Integer.BYTES) - 1;
        if (at < -1 || at >= itemsEnd) {
            throw corrupt(at);
        }
        return at;
    }

    CorruptSSTableException corrupt(int itemOffset) {
        SSTableReader known = reader;
        if (known == null) {
            throw new IllegalStateException("no block here");
        }
        return new CorruptSSTableException(
                known.path(), offset, "item at %d of the block".formatted(itemOffset));
    }
}
