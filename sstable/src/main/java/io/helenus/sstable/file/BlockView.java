package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import org.jspecify.annotations.Nullable;

/// Where things are in a block's bytes: items, then the restart table. Re-wrapped; one thread.
final class BlockView {
    /// In the restart count: a second table tells the last boundary before each restart.
    static final int BOUNDARIES_FLAG = 0x80000000;

    /// What follows the tables: length of the common prefix, number of restarts.
    static final int TAIL_BYTES = 1 + Integer.BYTES;

    static final int PREFIX_BYTES_MAX = 255;

    private static final byte[] NOTHING = new byte[0];

    private @Nullable SSTableReader reader;
    private long offset;
    byte[] bytes = NOTHING;
    int itemsEnd;
    int restartCount;
    private boolean hasBoundaries;

    /// Where the bytes lie that all keys of the block begin with, and how many they are.
    int prefixAt;

    int prefixLength;

    private int hintsAt;
    private int restartsAt;

    /// Whether this is already the view of that block.
    boolean holds(SSTableReader reader, long offset) {
        return this.reader == reader && this.offset == offset;
    }

    void wrap(SSTableReader reader, long offset, byte[] bytes, int length) {
        this.reader = reader;
        this.offset = offset;
        this.bytes = bytes;
        int tail = length < TAIL_BYTES ? 0 : ByteWriter.getInt(bytes, length - Integer.BYTES);
        hasBoundaries = (tail & BOUNDARIES_FLAG) != 0;
        restartCount = tail & ~BOUNDARIES_FLAG;
        prefixLength = restartCount == 0 ? 0 : bytes[length - TAIL_BYTES] & 0xff;
        long restartBytes = Long.BYTES + (hasBoundaries ? 2 : 1) * (long) Integer.BYTES;
        long tables = prefixLength + restartBytes * restartCount + TAIL_BYTES;
        if (restartCount == 0 || tables >= length) {
            this.reader = null;
            throw new CorruptSSTableException(
                    reader.path(),
                    offset,
                    "%d restarts in a block of %d bytes".formatted(restartCount, length));
        }
        itemsEnd = length - (int) tables;
        prefixAt = itemsEnd;
        hintsAt = prefixAt + prefixLength;
        restartsAt = hintsAt + restartCount * Long.BYTES;
    }

    /// The first eight bytes of a key after the block's common prefix, as an unsigned number: if two of
    /// them differ, the keys are in the same order.
    static long hint(byte[] array, int at, int length) {
        if (length >= Long.BYTES) {
            return ByteWriter.getLong(array, at);
        }
        long hint = 0;
        for (int i = 0; i < length; i++) {
            hint |= (array[at + i] & 0xffL) << (56 - 8 * i);
        }
        return hint;
    }

    /// The hint of the key with which an interval begins.
    long hint(int index) {
        return ByteWriter.getLong(bytes, hintsAt + index * Long.BYTES);
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
        int at = ByteWriter.getInt(bytes, restartsAt + index * Integer.BYTES);
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
        int at = ByteWriter.getInt(bytes, restartsAt + (restartCount + index) * Integer.BYTES) - 1;
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
