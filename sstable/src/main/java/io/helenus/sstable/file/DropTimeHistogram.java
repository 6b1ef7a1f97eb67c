package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import java.util.Arrays;

/// How many tombstones and expiring cells go at which time. Bins of one width; when there are too
/// many of them the width doubles and neighbours join, so a sum over whole bins stays exact.
final class DropTimeHistogram {
    static final int BINS_MAX = 128;
    private static final int FIRST_WIDTH_SECONDS = 60;

    private int width = FIRST_WIDTH_SECONDS;
    private final long[] bins = new long[BINS_MAX + 1];
    private final long[] counts = new long[BINS_MAX + 1];
    private int size;
    private int last;

    /// @param time unsigned seconds
    void add(int time) {
        long bin = Integer.toUnsignedLong(time) / width;
        if (last < size && bins[last] == bin) {
            counts[last]++;
            return;
        }
        int at = Arrays.binarySearch(bins, 0, size, bin);
        if (at >= 0) {
            counts[at]++;
            last = at;
            return;
        }
        at = -at - 1;
        System.arraycopy(bins, at, bins, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        bins[at] = bin;
        counts[at] = 1;
        last = at;
        size++;
        while (size > BINS_MAX) {
            widen();
        }
    }

    private void widen() {
        width *= 2;
        int kept = 0;
        for (int i = 0; i < size; i++) {
            long bin = bins[i] / 2;
            if (kept > 0 && bins[kept - 1] == bin) {
                counts[kept - 1] += counts[i];
            } else {
                bins[kept] = bin;
                counts[kept++] = counts[i];
            }
        }
        size = kept;
        last = 0;
    }

    void write(ByteWriter out) {
        out.writeInt(width).writeInt(size);
        for (int i = 0; i < size; i++) {
            out.writeInt((int) bins[i]).writeLong(counts[i]);
        }
    }
}
