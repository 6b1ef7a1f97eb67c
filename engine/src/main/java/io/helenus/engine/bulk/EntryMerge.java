package io.helenus.engine.bulk;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowReconciler;
import java.util.Arrays;
import java.util.List;

/// Many sorted walks as one: entries with the same key are reconciled. What it costs grows little with
/// the number of sources, as it seldom looks at a key twice.
///
/// The sources stand in a tree of losers: an inner node holds the source that lost there, and the
/// winner over all has the next key. A source's key is known by how it differs from the last key that it
/// lost to, or that was emitted: from which byte on (its *depth*), and the eight bytes from there (its
/// *word*). Of two keys that are known against the same third and smaller one, the deeper is the
/// smaller; at the same depth their words decide; only if these are the same, too, the keys are read.
/// And whoever loses is from then on known against the winner, which is what the next match needs: all
/// that stand on the winner's way through the tree lost to it.
///
/// Keys are compared as if zeros without end followed them, and where that makes no difference by their
/// lengths. Owned by one thread; owns its sources and closes them.
final class EntryMerge extends EntryCursor {
    /// Depth of a key that is the same but for zeros at its end.
    private static final int EQUAL = Integer.MAX_VALUE;

    /// Depth of a source that has no more: it loses to all others.
    private static final int AT_END = -1;

    private final EntryCursor[] sources;
    private final int[] losers; // by node; leaves are those from sources.length on
    private final int[] depths;
    private final long[] words;
    private int winner;
    private boolean started;
    private boolean isWinnerNew; // its entry was not emitted yet
    private final ByteWriter emittedKey = new ByteWriter(64);
    private final ByteWriter keyCopy = new ByteWriter(64);
    private final RowReconciler reconciler = new RowReconciler();
    private ByteWriter merged = new ByteWriter(0);
    private ByteWriter spare = new ByteWriter(0);

    /// @param from not stepped yet; no key comes twice in one of them
    EntryMerge(List<? extends EntryCursor> from) {
        sources = from.toArray(EntryCursor[]::new);
        losers = new int[sources.length];
        depths = new int[sources.length];
        words = new long[sources.length];
    }

    @Override
    boolean advance() {
        if (!started) {
            start();
        } else if (!isWinnerNew) {
            step();
        }
        isWinnerNew = false;
        if (sources.length == 0 || depths[winner] == AT_END) {
            return false;
        }
        EntryCursor first = sources[winner];
        keyArray = first.keyArray;
        keyOffset = first.keyOffset;
        keyLength = first.keyLength;
        valueArray = first.valueArray;
        valueOffset = first.valueOffset;
        valueLength = first.valueLength;
        if (isSameElsewhere()) {
            mergeSame();
        }
        return true;
    }

    private void start() {
        started = true;
        for (int i = 0; i < sources.length; i++) {
            read(i);
        }
        if (sources.length > 0) {
            winner = play(1);
        }
    }

    /// Plays all matches below a node.
    ///
    /// @return who won
    private int play(int node) {
        if (node >= sources.length) {
            return node - sources.length;
        }
        int left = play(2 * node);
        int right = play(2 * node + 1);
        boolean isLeftFirst = isBefore(left, right);
        losers[node] = isLeftFirst ? right : left;
        return isLeftFirst ? left : right;
    }

    /// Moves the winner on, and finds the next one.
    private void step() {
        EntryCursor last = sources[winner];
        emittedKey.clear().writeBytes(last.keyArray, last.keyOffset, last.keyLength);
        read(winner);
        int first = winner;
        for (int node = (winner + sources.length) >>> 1; node > 0; node >>>= 1) {
            int other = losers[node];
            if (isBefore(other, first)) {
                losers[node] = first;
                first = other;
            }
        }
        winner = first;
    }

    /// Reads a source's next entry, and notes how it differs from the key that was emitted last.
    private void read(int index) {
        EntryCursor source = sources[index];
        if (!source.advance()) {
            depths[index] = AT_END;
            return;
        }
        int depth =
                mismatch(
                        emittedKey.array(),
                        0,
                        emittedKey.length(),
                        source.keyArray,
                        source.keyOffset,
                        source.keyLength,
                        0);
        note(index, depth);
    }

    private void note(int index, int depth) {
        depths[index] = depth;
        words[index] = depth == EQUAL ? 0 : word(sources[index], depth);
    }

    private static long word(EntryCursor source, int depth) {
        int left = source.keyLength - depth;
        if (left >= Long.BYTES) {
            return ByteWriter.getLong(source.keyArray, source.keyOffset + depth);
        }
        long word = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            int next = i < left ? source.keyArray[source.keyOffset + depth + i] & 0xff : 0;
            word = word << Byte.SIZE | next;
        }
        return word;
    }

    /// Which of two comes first. Both are known against the same key; afterwards the other one is known
    /// against the first.
    private boolean isBefore(int a, int b) {
        int depth = depths[a];
        if (depth != depths[b]) {
            return depth > depths[b];
        }
        if (depth == AT_END) {
            return true;
        }
        if (depth == EQUAL) {
            return isBeforeByLength(a, b);
        }
        long difference = words[a] ^ words[b];
        if (difference == 0) {
            return isBeforeFrom(a, b, depth + Long.BYTES);
        }
        boolean isFirst = Long.compareUnsigned(words[a], words[b]) < 0;
        int same = Long.numberOfLeadingZeros(difference) / Byte.SIZE;
        if (same > 0) {
            note(isFirst ? b : a, depth + same);
        }
        return isFirst;
    }

    /// The same for keys that do not differ before a depth.
    private boolean isBeforeFrom(int a, int b, int from) {
        EntryCursor left = sources[a];
        EntryCursor right = sources[b];
        int depth =
                mismatch(
                        left.keyArray,
                        left.keyOffset,
                        left.keyLength,
                        right.keyArray,
                        right.keyOffset,
                        right.keyLength,
                        from);
        boolean isFirst =
                depth == EQUAL
                        ? isBeforeByLength(a, b)
                        : byteAt(left, depth) < byteAt(right, depth);
        note(isFirst ? b : a, depth);
        return isFirst;
    }

    /// The same for keys that differ in the number of zeros at their end at most.
    private boolean isBeforeByLength(int a, int b) {
        int order = Integer.compare(sources[a].keyLength, sources[b].keyLength);
        return order == 0 ? a < b : order < 0;
    }

    private static int byteAt(EntryCursor source, int at) {
        return at < source.keyLength ? source.keyArray[source.keyOffset + at] & 0xff : 0;
    }

    /// Where two keys differ, or [#EQUAL]. Before `from` they do not.
    private static int mismatch(
            byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength, int from) {
        int common = Math.min(aLength, bLength);
        int at = Math.min(from, common);
        int found =
                Arrays.mismatch(
                        a, aOffset + at, aOffset + common, b, bOffset + at, bOffset + common);
        if (found >= 0) {
            return at + found;
        }
        byte[] longer = aLength > bLength ? a : b;
        int offset = aLength > bLength ? aOffset : bOffset;
        for (int i = common; i < Math.max(aLength, bLength); i++) {
            if (longer[offset + i] != 0) {
                return i;
            }
        }
        return EQUAL;
    }

    // ---- The same key in several sources

    /// All that the winner beat on its way stand there, one that has the same key among them.
    private boolean isSameElsewhere() {
        for (int node = (winner + sources.length) >>> 1; node > 0; node >>>= 1) {
            if (isSame(losers[node])) {
                return true;
            }
        }
        return false;
    }

    private boolean isSame(int index) {
        return depths[index] == EQUAL && sources[index].keyLength == keyLength;
    }

    /// Reconciles the entries of all sources that have the winner's key; they move on.
    private void mergeSame() {
        keyCopy.clear().writeBytes(keyArray, keyOffset, keyLength);
        keyArray = keyCopy.array();
        keyOffset = 0;
        merged.clear().writeBytes(valueArray, valueOffset, valueLength);
        step();
        while (isSame(winner)) {
            EntryCursor other = sources[winner];
            spare.clear();
            reconciler.merge(
                    merged.array(),
                    0,
                    merged.length(),
                    other.valueArray,
                    other.valueOffset,
                    other.valueLength,
                    spare);
            ByteWriter written = spare;
            spare = merged;
            merged = written;
            step();
        }
        valueArray = merged.array();
        valueOffset = 0;
        valueLength = merged.length();
        isWinnerNew = true;
    }

    @Override
    public void close() {
        for (EntryCursor source : sources) {
            source.close();
        }
        Arrays.fill(depths, AT_END);
    }
}
