package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import java.util.Arrays;

/// Builds index pages and the root: blocks whose keys are separators. Reused; one thread.
final class IndexBuilder {
    private final BlockBuilder block = new BlockBuilder(SSTableFormat.INDEX_RESTART_INTERVAL);
    private final ByteWriter first = new ByteWriter();
    private final ByteWriter last = new ByteWriter();

    void add(int code, ByteWriter separator, ByteWriter value) {
        byte[] key = separator.array();
        int length = separator.length();
        int shared = 0;
        if (block.isEmpty()) {
            first.clear().writeBytes(key, 0, length);
        } else {
            int mismatch = Arrays.mismatch(last.array(), 0, last.length(), key, 0, length);
            shared = mismatch < 0 ? length : mismatch;
        }
        last.clear().writeBytes(key, 0, length);
        block.add(code, shared, key, 0, length, value.array(), 0, value.length());
    }

    boolean isEmpty() {
        return block.isEmpty();
    }

    int size() {
        return block.size();
    }

    /// The separator that was added first.
    ByteWriter first() {
        return first;
    }

    ByteWriter finish() {
        return block.finish();
    }

    void clear() {
        block.clear();
    }
}
