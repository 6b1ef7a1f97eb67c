package io.helenus.engine.storage;

import io.helenus.sstable.file.SSTableCursor;
import java.util.concurrent.atomic.AtomicLong;

/// The memory of a node's scans, which read SSTables past the block cache: for each file that is being
/// walked the block and the index page where the walk is, which cannot be refused, and from what is left
/// a buffer to read several blocks at once. A scan takes at most a quarter, so that others have some too;
/// with nothing left it reads block by block. Any thread.
final class ScanMemory {
    /// A block, an index page and their keys, of an ordinary size.
    private static final int CURSOR_BYTES = 40 << 10;

    private static final int READ_AHEAD_BYTES_MIN = 32 << 10;
    private static final int SHARES = 4;

    private final long bytesMax;
    private final AtomicLong taken = new AtomicLong();

    ScanMemory(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /// Takes memory for a scan over so many files.
    ///
    /// @return bytes to read ahead in each of them; 0 if there is too little left for that
    int take(int files) {
        long cursors = (long) files * CURSOR_BYTES;
        long left = bytesMax - taken.addAndGet(cursors);
        long each = Math.min(left, bytesMax / SHARES) / Math.max(1, files);
        int readAhead = (int) Math.min(each, SSTableCursor.READ_AHEAD_BYTES_MAX);
        if (readAhead < READ_AHEAD_BYTES_MIN) {
            return 0;
        }
        taken.addAndGet((long) files * readAhead);
        return readAhead;
    }

    /// What a scan has taken.
    static long bytes(int files, int readAhead) {
        return (long) files * (CURSOR_BYTES + readAhead);
    }

    void giveBack(long bytes) {
        taken.addAndGet(-bytes);
    }

    long bytes() {
        return taken.get();
    }
}
