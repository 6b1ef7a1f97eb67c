package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;

/// Lays out the items of one block (see the package). Reused for block after block; one thread.
final class BlockBuilder {
    private final ByteWriter out = new ByteWriter(1024);
    private final ByteWriter restarts = new ByteWriter();
    private final ByteWriter boundaries = new ByteWriter();
    private final int restartInterval;

    private int itemsSinceRestart;
    private int restartCount;

    /// One more than the offset of the last boundary, or 0.
    private int lastBoundary;

    BlockBuilder(int restartInterval) {
        this.restartInterval = restartInterval;
    }

    /// Adds an item whose key is greater than the one before and shares its first `shared` bytes.
    void add(
            int code,
            int shared,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength) {
        int kept = shared;
        if (restartCount == 0 || itemsSinceRestart == restartInterval) {
            kept = 0;
            itemsSinceRestart = 0;
            restartCount++;
            restarts.writeInt(out.length());
            boundaries.writeInt(lastBoundary);
        }
        itemsSinceRestart++;
        if (code == SSTableFormat.CODE_BOUNDARY) {
            lastBoundary = out.length() + 1;
        }
        int unshared = keyLength - kept;
        out.writeVarint(kept);
        out.writeVarint((long) unshared << SSTableFormat.CODE_BITS | code);
        if (code != SSTableFormat.CODE_BOUNDARY) {
            out.writeVarint(valueLength);
        }
        out.writeBytes(key, keyOffset + kept, unshared);
        out.writeBytes(value, valueOffset, valueLength);
    }

    boolean isEmpty() {
        return restartCount == 0;
    }

    /// Bytes so far, as they will be before compression.
    int size() {
        return out.length() + restarts.length() + Integer.BYTES;
    }

    /// Appends the restart table; the block is then complete, until [#clear].
    ByteWriter finish() {
        out.writeBytes(restarts.array(), 0, restarts.length());
        int count = restartCount;
        if (lastBoundary > 0) {
            out.writeBytes(boundaries.array(), 0, boundaries.length());
            count |= BlockView.BOUNDARIES_FLAG;
        }
        return out.writeInt(count);
    }

    void clear() {
        out.clear();
        restarts.clear();
        boundaries.clear();
        itemsSinceRestart = 0;
        restartCount = 0;
        lastBoundary = 0;
    }
}
