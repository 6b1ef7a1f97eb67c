package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;

/// Lays out the items of one block (see the package). Reused for block after block; one thread.
final class BlockBuilder {
    /// Hint and offset.
    private static final int RESTART_BYTES = Long.BYTES + Integer.BYTES;

    private final ByteWriter out = new ByteWriter(1024);
    private final ByteWriter restarts = new ByteWriter();
    private final ByteWriter boundaries = new ByteWriter();

    /// Of each restart: where its key begins in the block, and its length.
    private final ByteWriter restartKeys = new ByteWriter();

    private final int restartInterval;

    private int itemsSinceRestart;
    private int restartCount;

    /// Bytes that all keys so far have in common.
    private int prefixLength;

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
            prefixLength = restartCount == 0 ? keyLength : Math.min(prefixLength, shared);
            restartCount++;
            restarts.writeInt(out.length());
            boundaries.writeInt(lastBoundary);
        } else {
            prefixLength = Math.min(prefixLength, shared);
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
        if (kept == 0 && itemsSinceRestart == 1) {
            restartKeys.writeInt(out.length()).writeInt(keyLength);
        }
        out.writeBytes(key, keyOffset + kept, unshared);
        out.writeBytes(value, valueOffset, valueLength);
    }

    boolean isEmpty() {
        return restartCount == 0;
    }

    /// Bytes so far, as they will be before compression.
    int size() {
        return out.length() + RESTART_BYTES * restartCount + BlockView.TAIL_BYTES;
    }

    /// Appends the restart table; the block is then complete, until [#clear].
    ByteWriter finish() {
        int prefix = Math.min(prefixLength, BlockView.PREFIX_BYTES_MAX);
        int firstKey = ByteWriter.getInt(restartKeys.array(), 0);
        out.ensure(prefix); // before its array is read from
        out.writeBytes(out.array(), firstKey, prefix);
        for (int i = 0; i < restartCount; i++) {
            int keyAt = ByteWriter.getInt(restartKeys.array(), i * 8);
            int keyLength = ByteWriter.getInt(restartKeys.array(), i * 8 + 4);
            out.writeLong(BlockView.hint(out.array(), keyAt + prefix, keyLength - prefix));
        }
        out.writeBytes(restarts.array(), 0, restarts.length());
        int count = restartCount;
        if (lastBoundary > 0) {
            out.writeBytes(boundaries.array(), 0, boundaries.length());
            count |= BlockView.BOUNDARIES_FLAG;
        }
        return out.writeByte(prefix).writeInt(count);
    }

    void clear() {
        out.clear();
        restarts.clear();
        boundaries.clear();
        restartKeys.clear();
        itemsSinceRestart = 0;
        restartCount = 0;
        lastBoundary = 0;
    }
}
