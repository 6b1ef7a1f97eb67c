package io.helenus.engine.bulk;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowReconciler;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Entries in memory: taken in any order, then sorted by key, then read. Reused; one thread at a time.
///
/// Bytes lie in chunks and never move; what is sorted are pairs of token and place. Tokens are hashes,
/// so a radix sort of their upper 33 bits leaves next to nothing to compare, unless many entries
/// are of one partition: those are compared by their keys, in a merge sort that sees what is ascending
/// already. Both keep entries with equal keys in the order of their arrival.
final class SortBuffer implements EntryTarget {
    /// A record in a chunk: key length (4), value length (4), key, value.
    private static final int HEADER_BYTES = 2 * Integer.BYTES;

    private static final long CHUNK_BYTES = 1 << 20;

    /// Of an entry: its token, its place, and both again where they are sorted to.
    private static final int INDEX_BYTES = 4 * Long.BYTES;

    private static final int ENTRIES_FIRST = 1 << 10;
    private static final int DIGIT_BITS = 11;
    private static final int DIGITS = 1 << DIGIT_BITS;
    private static final int SORTED_FROM_BIT = Long.SIZE - 3 * DIGIT_BITS;
    private static final int INSERTION_MAX = 12;
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final long limitBytes;
    private final int chunkBytes;
    private byte[][] chunks = new byte[16][];
    private int chunkCount; // those after the one in use are kept for later
    private int chunk = -1;
    private int used;
    private long recordBytes;

    private long[] tokens = new long[ENTRIES_FIRST];
    private long[] places = new long[ENTRIES_FIRST];
    private long[] sortedTokens = new long[ENTRIES_FIRST];
    private long[] sortedPlaces = new long[ENTRIES_FIRST];
    private int count;

    /// @param limitBytes what it may hold, roughly
    SortBuffer(long limitBytes) {
        this.limitBytes = limitBytes;
        chunkBytes = (int) Math.min(CHUNK_BYTES, limitBytes);
    }

    @Override
    public void add(ByteWriter key, ByteWriter value) {
        int keyLength = key.length();
        int valueLength = value.length();
        int length = HEADER_BYTES + keyLength + valueLength;
        if (chunk < 0 || length > chunks[chunk].length - used) {
            nextChunk(length);
        }
        byte[] to = chunks[chunk];
        int at = used;
        INT.set(to, at, keyLength);
        INT.set(to, at + Integer.BYTES, valueLength);
        int keyAt = at + HEADER_BYTES;
        System.arraycopy(key.array(), 0, to, keyAt, keyLength);
        System.arraycopy(value.array(), 0, to, keyAt + keyLength, valueLength);
        used = at + length;
        recordBytes += length;
        if (count == tokens.length) {
            growIndex();
        }
        tokens[count] = ByteWriter.getLong(to, keyAt);
        places[count] = (long) chunk << Integer.SIZE | at;
        count++;
    }

    private void nextChunk(int length) {
        chunk++;
        used = 0;
        if (chunk == chunks.length) {
            chunks = Arrays.copyOf(chunks, 2 * chunk);
        }
        if (chunk >= chunkCount) {
            chunks[chunk] = new byte[Math.max(chunkBytes, length)];
            chunkCount = chunk + 1;
        } else if (chunks[chunk].length < length) {
            chunks[chunk] = new byte[length];
        }
    }

    private void growIndex() {
        int more = count + (count >> 1);
        tokens = Arrays.copyOf(tokens, more);
        places = Arrays.copyOf(places, more);
        sortedTokens = new long[more];
        sortedPlaces = new long[more];
    }

    boolean isFull() {
        return recordBytes + (long) tokens.length * INDEX_BYTES >= limitBytes;
    }

    int count() {
        return count;
    }

    /// Of keys and values.
    long bytes() {
        return recordBytes;
    }

    /// Forgets all entries; keeps the memory for the next ones, if it is not out of proportion.
    void clear() {
        count = 0;
        chunk = -1;
        used = 0;
        recordBytes = 0;
        if ((long) tokens.length * INDEX_BYTES > limitBytes / 2) {
            tokens = new long[ENTRIES_FIRST];
            places = new long[ENTRIES_FIRST];
            sortedTokens = new long[ENTRIES_FIRST];
            sortedPlaces = new long[ENTRIES_FIRST];
        }
        long kept = 0;
        for (int i = 0; i < chunkCount; i++) {
            kept += chunks[i].length;
            if (kept > limitBytes) {
                chunks[i] = new byte[0]; // made for a large record
            }
        }
    }

    // ---- Sorting

    void sort() {
        if (!tokensAscend()) {
            for (int shift = SORTED_FROM_BIT; shift < Long.SIZE; shift += DIGIT_BITS) {
                sortByDigit(shift);
            }
        }
        for (int from = 0; from < count; ) {
            int to = from + 1;
            long head = tokens[from] >>> SORTED_FROM_BIT;
            while (to < count && tokens[to] >>> SORTED_FROM_BIT == head) {
                to++;
            }
            if (!ascends(from, to)) {
                mergeSort(from, to);
            }
            from = to;
        }
    }

    private boolean tokensAscend() {
        for (int i = 1; i < count; i++) {
            if (Long.compareUnsigned(tokens[i - 1], tokens[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    private void sortByDigit(int shift) {
        int[] starts = new int[DIGITS + 1];
        for (int i = 0; i < count; i++) {
            starts[((int) (tokens[i] >>> shift) & (DIGITS - 1)) + 1]++;
        }
        for (int digit = 0; digit < DIGITS; digit++) {
            starts[digit + 1] += starts[digit];
        }
        for (int i = 0; i < count; i++) {
            int to = starts[(int) (tokens[i] >>> shift) & (DIGITS - 1)]++;
            sortedTokens[to] = tokens[i];
            sortedPlaces[to] = places[i];
        }
        long[] swapped = tokens;
        tokens = sortedTokens;
        sortedTokens = swapped;
        swapped = places;
        places = sortedPlaces;
        sortedPlaces = swapped;
    }

    private boolean ascends(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (compare(tokens[i - 1], places[i - 1], tokens[i], places[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    private void mergeSort(int from, int to) {
        if (to - from <= INSERTION_MAX) {
            insertionSort(from, to);
            return;
        }
        int middle = (from + to) >>> 1;
        mergeSort(from, middle);
        mergeSort(middle, to);
        if (compare(tokens[middle - 1], places[middle - 1], tokens[middle], places[middle]) <= 0) {
            return;
        }
        System.arraycopy(tokens, from, sortedTokens, from, middle - from);
        System.arraycopy(places, from, sortedPlaces, from, middle - from);
        int left = from;
        int right = middle;
        for (int i = from; left < middle; i++) {
            boolean takeRight =
                    right < to
                            && compare(
                                            sortedTokens[left],
                                            sortedPlaces[left],
                                            tokens[right],
                                            places[right])
                                    > 0;
            if (takeRight) {
                tokens[i] = tokens[right];
                places[i] = places[right++];
            } else {
                tokens[i] = sortedTokens[left];
                places[i] = sortedPlaces[left++];
            }
        }
    }

    private void insertionSort(int from, int to) {
        for (int i = from + 1; i < to; i++) {
            long token = tokens[i];
            long place = places[i];
            int at = i;
            while (at > from && compare(tokens[at - 1], places[at - 1], token, place) > 0) {
                tokens[at] = tokens[at - 1];
                places[at] = places[at - 1];
                at--;
            }
            tokens[at] = token;
            places[at] = place;
        }
    }

    private int compare(long aToken, long aPlace, long bToken, long bPlace) {
        if (aToken != bToken) {
            return Long.compareUnsigned(aToken, bToken);
        }
        byte[] a = chunks[(int) (aPlace >>> Integer.SIZE)];
        byte[] b = chunks[(int) (bPlace >>> Integer.SIZE)];
        int aAt = (int) aPlace;
        int bAt = (int) bPlace;
        return RowKeys.compare(
                a,
                aAt + HEADER_BYTES,
                ByteWriter.getInt(a, aAt),
                b,
                bAt + HEADER_BYTES,
                ByteWriter.getInt(b, bAt));
    }

    // ---- Reading

    /// The token of an entry, as row keys have it.
    long token(int index) {
        return tokens[index];
    }

    /// The entries of a range of tokens; sorted before. Several may be read at a time, by as many
    /// threads, as long as nothing is added.
    EntryCursor cursor(TokenSpan span) {
        return new Cursor(firstAtOrAfter(span.from()), span.isToEnd() ? count : end(span));
    }

    /// All entries in the order of arrival.
    EntryCursor unsorted() {
        return new Cursor(0, count);
    }

    private int end(TokenSpan span) {
        return firstAtOrAfter(span.to());
    }

    private int firstAtOrAfter(long token) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(tokens[middle], token) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Reconciles neighbours with the same key.
    private final class Cursor extends EntryCursor {
        private final int end;
        private final RowReconciler reconciler = new RowReconciler();
        private ByteWriter merged = new ByteWriter(0);
        private ByteWriter spare = new ByteWriter(0);
        private int next;

        Cursor(int from, int end) {
            next = from;
            this.end = end;
        }

        @Override
        boolean advance() {
            if (next >= end) {
                return false;
            }
            int at = (int) places[next];
            keyArray = chunks[(int) (places[next] >>> Integer.SIZE)];
            keyLength = ByteWriter.getInt(keyArray, at);
            keyOffset = at + HEADER_BYTES;
            valueArray = keyArray;
            valueLength = ByteWriter.getInt(keyArray, at + Integer.BYTES);
            valueOffset = keyOffset + keyLength;
            next++;
            while (next < end
                    && tokens[next] == tokens[next - 1]
                    && compare(tokens[next], places[next], tokens[next - 1], places[next - 1])
                            == 0) {
                mergeNext();
            }
            return true;
        }

        private void mergeNext() {
            byte[] from = chunks[(int) (places[next] >>> Integer.SIZE)];
            int at = (int) places[next];
            int key = ByteWriter.getInt(from, at);
            spare.clear();
            reconciler.merge(
                    valueArray,
                    valueOffset,
                    valueLength,
                    from,
                    at + HEADER_BYTES + key,
                    ByteWriter.getInt(from, at + Integer.BYTES),
                    spare);
            ByteWriter written = spare;
            spare = merged;
            merged = written;
            valueArray = written.array();
            valueOffset = 0;
            valueLength = written.length();
            next++;
        }

        @Override
        public void close() {
            next = end;
        }
    }
}
