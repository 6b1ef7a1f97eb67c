package io.helenus.engine.storage.memtable;

import io.helenus.sstable.model.Cells;
import io.helenus.sstable.model.RowCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The range deletions of one partition, immutable. They are kept as what they add up to: bounds in
/// ascending order, and after each the newest deletion that is in force up to the next, with the latest
/// deletion time of all that are. After the last bound there is none, and no bound is without a change.
///
/// The bounds lie in chunks. An insert copies the chunks that it touches and the array of chunks, so
/// a partition with 100 000 bounds pays for some thousand references, not for all its bounds.
final class RangeDeletions {
    private static final int CHUNK_BOUNDS_MAX = 64;
    private static final int BOUND_BYTES = 12 + 4 + 8 + 4; // array header, reference, two numbers
    private static final int CHUNK_BYTES = 24 + 3 * 12 + 4;

    static final RangeDeletions NONE = new RangeDeletions(new Chunk[0], 0, 0);

    private static final class Chunk {
        final byte[][] bounds;
        final long[] timestamps;
        final int[] deletionTimes;

        Chunk(byte[][] bounds, long[] timestamps, int[] deletionTimes) {
            this.bounds = bounds;
            this.timestamps = timestamps;
            this.deletionTimes = deletionTimes;
        }

        int count() {
            return bounds.length;
        }
    }

    /// A place among the bounds. Reused; one thread.
    static final class Walk {
        private @Nullable RangeDeletions in;
        private int chunk;
        private int index;

        /// Goes to the first bound at or after a key.
        void seek(RangeDeletions deletions, byte[] key, int offset, int length) {
            in = deletions;
            chunk = deletions.chunkOf(key, offset, length);
            index =
                    chunk < deletions.chunks.length
                            ? firstAtOrAfter(deletions.chunks[chunk].bounds, key, offset, length)
                            : 0;
        }

        void seekFirst(RangeDeletions deletions) {
            in = deletions;
            chunk = 0;
            index = 0;
        }

        /// Goes behind the last bound.
        void seekEnd(RangeDeletions deletions) {
            in = deletions;
            chunk = deletions.chunks.length;
            index = 0;
        }

        void clear() {
            in = null;
        }

        /// The bound here, or null behind the last.
        byte @Nullable [] bound() {
            RangeDeletions deletions = in;
            return deletions == null || chunk == deletions.chunks.length
                    ? null
                    : deletions.chunks[chunk].bounds[index];
        }

        /// Timestamp of the deletion in force after the bound here.
        long timestamp() {
            RangeDeletions deletions = in;
            return deletions == null || chunk == deletions.chunks.length
                    ? RowCursor.NO_DELETION
                    : deletions.chunks[chunk].timestamps[index];
        }

        int deletionTime() {
            RangeDeletions deletions = in;
            return deletions == null || chunk == deletions.chunks.length
                    ? 0
                    : deletions.chunks[chunk].deletionTimes[index];
        }

        void forward() {
            RangeDeletions deletions = in;
            if (deletions != null && ++index == deletions.chunks[chunk].count()) {
                chunk++;
                index = 0;
            }
        }

        /// Goes one bound back.
        ///
        /// @return false at the first, and stays there
        boolean back() {
            RangeDeletions deletions = in;
            if (deletions == null || index == 0 && chunk == 0) {
                return false;
            }
            if (--index < 0) {
                chunk--;
                index = deletions.chunks[chunk].count() - 1;
            }
            return true;
        }
    }

    private final Chunk[] chunks;
    private final long bytes;
    private final long freshBytes;

    private RangeDeletions(Chunk[] chunks, long bytes, long freshBytes) {
        this.chunks = chunks;
        this.bytes = bytes;
        this.freshBytes = freshBytes;
    }

    boolean isEmpty() {
        return chunks.length == 0;
    }

    /// Heap that all of it takes.
    long bytes() {
        return bytes;
    }

    /// Heap that it does not share with the structure it was made from.
    long freshBytes() {
        return freshBytes;
    }

    /// This and one more; this itself if nothing changes.
    RangeDeletions with(byte[] start, byte[] end, long timestamp, int deletionTime) {
        Walk walk = new Walk();
        walk.seek(this, start, 0, start.length);
        int firstChunk = Math.min(walk.chunk, Math.max(0, chunks.length - 1));
        int firstIndex = walk.chunk == firstChunk ? walk.index : countOf(firstChunk);
        Bounds out = new Bounds();
        for (int i = 0; i < firstIndex; i++) {
            out.add(chunks[firstChunk], i);
        }
        long before = RowCursor.NO_DELETION;
        int beforeTime = 0;
        if (walk.back()) {
            before = walk.timestamp();
            beforeTime = walk.deletionTime();
            walk.forward();
        }
        boolean changed =
                replace(walk, out, start, end, timestamp, deletionTime, before, beforeTime);
        if (!changed) {
            return this;
        }
        int nextChunk = walk.chunk;
        if (walk.chunk < chunks.length && (walk.index > 0 || walk.chunk == firstChunk)) {
            for (int i = walk.index; i < chunks[walk.chunk].count(); i++) {
                out.add(chunks[walk.chunk], i);
            }
            nextChunk++;
        }
        return rebuilt(firstChunk, nextChunk, out);
    }

    /// Writes what lies in `[start, end]` to `out` and moves the walk behind it.
    private static boolean replace(
            Walk walk,
            Bounds out,
            byte[] start,
            byte[] end,
            long timestamp,
            int deletionTime,
            long before,
            int beforeTime) {
        boolean changed = false;
        long stored = before; // in force at this place until now
        int storedTime = beforeTime;
        long written = before; // in force at this place from now on
        int writtenTime = beforeTime;
        byte[] at = start;
        while (Arrays.compareUnsigned(at, end) < 0) {
            byte[] bound = walk.bound();
            if (bound != null && Arrays.equals(bound, at)) {
                stored = walk.timestamp();
                storedTime = walk.deletionTime();
                walk.forward();
            }
            boolean isFirst = stored == RowCursor.NO_DELETION;
            long now = isFirst ? timestamp : Math.max(timestamp, stored);
            int nowTime = isFirst ? deletionTime : Cells.later(deletionTime, storedTime);
            changed |= now != stored || nowTime != storedTime;
            if (now != written || nowTime != writtenTime) {
                out.add(at, now, nowTime);
                written = now;
                writtenTime = nowTime;
            }
            byte[] next = walk.bound();
            at = next == null || Arrays.compareUnsigned(next, end) > 0 ? end : next;
        }
        byte[] bound = walk.bound();
        if (bound != null && Arrays.equals(bound, end)) {
            stored = walk.timestamp();
            storedTime = walk.deletionTime();
            walk.forward();
        }
        if (stored != written || storedTime != writtenTime) {
            out.add(end, stored, storedTime);
        }
        return changed;
    }

    private RangeDeletions rebuilt(int firstChunk, int nextChunk, Bounds middle) {
        List<Chunk> made = middle.chunks();
        int kept = chunks.length - (nextChunk - firstChunk);
        Chunk[] all = new Chunk[kept + made.size()];
        System.arraycopy(chunks, 0, all, 0, firstChunk);
        for (int i = 0; i < made.size(); i++) {
            all[firstChunk + i] = made.get(i);
        }
        System.arraycopy(
                chunks, nextChunk, all, firstChunk + made.size(), chunks.length - nextChunk);
        long total = bytes;
        for (int i = firstChunk; i < nextChunk; i++) {
            total -= bytesOf(chunks[i]);
        }
        long fresh = 24 + 4L * all.length;
        for (Chunk chunk : made) {
            long size = bytesOf(chunk);
            total += size;
            fresh += size;
        }
        return new RangeDeletions(all, total, fresh);
    }

    private static long bytesOf(Chunk chunk) {
        long sum = CHUNK_BYTES;
        for (byte[] bound : chunk.bounds) {
            sum += BOUND_BYTES + bound.length;
        }
        return sum;
    }

    private int countOf(int chunk) {
        return chunk < chunks.length ? chunks[chunk].count() : 0;
    }

    /// The chunk in which the first bound at or after a key is, if it is not the next one's first.
    private int chunkOf(byte[] key, int offset, int length) {
        int low = 0;
        int high = chunks.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            Chunk chunk = chunks[middle];
            byte[] end = chunk.bounds[chunk.count() - 1];
            if (Arrays.compareUnsigned(end, 0, end.length, key, offset, offset + length) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static int firstAtOrAfter(byte[][] bounds, byte[] key, int offset, int length) {
        int low = 0;
        int high = bounds.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            byte[] bound = bounds[middle];
            if (Arrays.compareUnsigned(bound, 0, bound.length, key, offset, offset + length) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Bounds that are being put together.
    private static final class Bounds {
        private byte[][] bounds = new byte[CHUNK_BOUNDS_MAX * 2][];
        private long[] timestamps = new long[CHUNK_BOUNDS_MAX * 2];
        private int[] deletionTimes = new int[CHUNK_BOUNDS_MAX * 2];
        private int count;

        void add(Chunk chunk, int index) {
            add(chunk.bounds[index], chunk.timestamps[index], chunk.deletionTimes[index]);
        }

        void add(byte[] bound, long timestamp, int deletionTime) {
            if (count == bounds.length) {
                bounds = Arrays.copyOf(bounds, 2 * count);
                timestamps = Arrays.copyOf(timestamps, 2 * count);
                deletionTimes = Arrays.copyOf(deletionTimes, 2 * count);
            }
            bounds[count] = bound;
            timestamps[count] = timestamp;
            deletionTimes[count++] = deletionTime;
        }

        /// Chunks of even size, none larger than the limit.
        List<Chunk> chunks() {
            List<Chunk> made = new ArrayList<>();
            int pieces = (count + CHUNK_BOUNDS_MAX - 1) / CHUNK_BOUNDS_MAX;
            for (int i = 0; i < pieces; i++) {
                int from = (int) ((long) count * i / pieces);
                int to = (int) ((long) count * (i + 1) / pieces);
                made.add(
                        new Chunk(
                                Arrays.copyOfRange(bounds, from, to),
                                Arrays.copyOfRange(timestamps, from, to),
                                Arrays.copyOfRange(deletionTimes, from, to)));
            }
            return made;
        }
    }
}
