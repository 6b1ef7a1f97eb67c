package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import java.util.Arrays;

/// Walks the items of one block, in either direction, and finds keys in it. Serves data blocks, index
/// pages and the root alike. Reused for block after block; one thread; allocates nothing once its
/// buffers have grown.
///
/// Forward it rebuilds each key from the one before. Backward it unpacks the interval between two
/// restarts at once and walks back through the result.
final class BlockIterator {
    private static final int WINDOW_FIELDS = 5;

    final BlockView view = new BlockView();

    /// The current item. Public to the package as plain fields: this is the innermost loop.
    byte[] keyArray = new byte[128];

    int keyOffset;
    int keyLength;
    int code;
    int valueOffset;
    int valueLength;

    /// Bytes that the block says the key shares with the one before; forward only.
    int shared;

    private int nextAt;

    /// The key being rebuilt, forward, and the length up to which it is.
    private byte[] key = keyArray;

    private int lastKeyLength;

    /// While searching: what the last key has in common with the target.
    private int matched;

    /// The interval being walked backward: per item key start, key length, code, value start, value
    /// length; and all its keys.
    private int[] window = new int[WINDOW_FIELDS * 16];

    private byte[] windowKeys = new byte[512];
    private int windowRestart;
    private int windowCount;
    private int windowIndex;

    /// Where the current index entry points to; of an entry of the root, the length of the filter
    /// right before the index page, or 0; of one of a page, the deletion in force at the block's start.
    long childOffset;

    int childLength;
    int filterLength;
    long childTimestamp;
    int childTime;

    private long startTimestamp;
    private int startTime;

    /// After a search: the deletion in force there.
    long inForceTimestamp;

    int inForceTime;

    /// Goes before the first item of the block that [#view] was wrapped around.
    ///
    /// @param timestamp of the deletion in force at the block's start
    void reset(long timestamp, int time) {
        startTimestamp = timestamp;
        startTime = time;
        inForceTimestamp = timestamp;
        inForceTime = time;
        keyArray = key;
        keyOffset = 0;
        keyLength = 0;
        lastKeyLength = 0;
        nextAt = 0;
        windowCount = 0;
    }

    /// Offset of the item that [#next] would go to.
    int nextItemAt() {
        return nextAt;
    }

    /// Moves forward by one item. Not to be mixed with [#previous] in one block.
    boolean next() {
        if (nextAt >= view.itemsEnd) {
            return false;
        }
        take(checkedHead(nextAt));
        return true;
    }

    /// Reads an item's lengths and sets all fields but the key's bytes.
    ///
    /// @return where the unshared part of the key begins
    private int head(int itemAt) {
        byte[] bytes = view.bytes;
        int at = itemAt;
        int kept = bytes[at++];
        if (kept < 0) {
            kept = SSTableFormat.varint(bytes, at - 1);
            at += SSTableFormat.varintBytes(kept) - 1;
        }
        int packed = bytes[at++];
        if (packed < 0) {
            packed = SSTableFormat.varint(bytes, at - 1);
            at += SSTableFormat.varintBytes(packed) - 1;
        }
        int what = packed & SSTableFormat.CODE_MASK;
        int unshared = packed >>> SSTableFormat.CODE_BITS;
        int size = SSTableFormat.BOUNDARY_BYTES;
        if (what != SSTableFormat.CODE_BOUNDARY) {
            size = bytes[at++];
            if (size < 0) {
                size = SSTableFormat.varint(bytes, at - 1);
                at += SSTableFormat.varintBytes(size) - 1;
            }
        }
        int room = view.itemsEnd - at;
        if ((kept | packed | size) < 0
                || unshared > room
                || size > room - unshared
                || kept > SSTableFormat.KEY_BYTES_MAX) {
            throw view.corrupt(itemAt);
        }
        code = what;
        shared = kept;
        keyLength = kept + unshared;
        valueOffset = at + unshared;
        valueLength = size;
        return at;
    }

    private void growKey() {
        key = Arrays.copyOf(key, Math.max(keyLength, 2 * key.length));
        keyArray = key;
    }

    private CorruptSSTableException corrupt(int itemAt, IndexOutOfBoundsException cause) {
        CorruptSSTableException corrupt = view.corrupt(itemAt);
        corrupt.initCause(cause);
        return corrupt;
    }

    // ---- searches, forward

    /// Goes to the last item whose key is not after `target`; false if there is none.
    boolean seekFloor(byte[] target, int offset, int length) {
        int restart = lastRestart(target, offset, length, true);
        if (restart < 0) {
            return false;
        }
        goTo(view.restart(restart));
        boolean found = false;
        while (nextAt < view.itemsEnd) {
            int floorCode = code;
            int floorKeyLength = keyLength;
            int floorValueOffset = valueOffset;
            int floorValueLength = valueLength;
            int at = checkedHead(nextAt);
            if (order(at, target, offset, length) > 0) {
                // The lengths read belong to the item after: go back to those of the floor.
                code = floorCode;
                keyLength = floorKeyLength;
                valueOffset = floorValueOffset;
                valueLength = floorValueLength;
                return found;
            }
            take(at);
            found = true;
        }
        return found;
    }

    /// Goes to the first item whose key is not before `target`; false, and at the end, if there is
    /// none. [#inForceTimestamp] is then the deletion in force just before that item.
    boolean seekCeiling(byte[] target, int offset, int length) {
        int restart = lastRestart(target, offset, length, true);
        if (restart < 0) {
            goTo(0);
            return next();
        }
        inForceBefore(restart);
        goTo(view.restart(restart));
        while (nextAt < view.itemsEnd) {
            int at = checkedHead(nextAt);
            if (order(at, target, offset, length) >= 0) {
                // The keys passed by were not rebuilt, but this one shares with the target at least
                // what it shares with the one before.
                if (keyLength > key.length) {
                    growKey();
                }
                System.arraycopy(target, offset, key, 0, shared);
                take(at);
                return true;
            }
            if (code == SSTableFormat.CODE_BOUNDARY) {
                inForceAfter(valueOffset);
            }
            lastKeyLength = keyLength;
            nextAt = valueOffset + valueLength;
        }
        return false;
    }

    private int checkedHead(int itemAt) {
        int at;
        try {
            at = head(itemAt);
        } catch (IndexOutOfBoundsException e) {
            throw corrupt(itemAt, e);
        }
        if (shared > lastKeyLength) {
            throw view.corrupt(itemAt);
        }
        return at;
    }

    /// Completes the key of the item whose head was read, and goes there.
    private void take(int at) {
        if (keyLength > key.length) {
            growKey();
        }
        System.arraycopy(view.bytes, at, key, shared, keyLength - shared);
        lastKeyLength = keyLength;
        nextAt = valueOffset + valueLength;
    }

    /// Compares the key of the item whose head was read with the target. The key before it is not
    /// after the target and has `matched` bytes in common with it, so only a key that shares exactly
    /// these with the one before must be looked at.
    private int order(int at, byte[] target, int offset, int length) {
        if (shared != matched) {
            return shared < matched ? 1 : -1;
        }
        int limit = Math.min(keyLength, length) - shared;
        int targetAt = offset + shared;
        byte[] bytes = view.bytes;
        int mismatch = Arrays.mismatch(bytes, at, at + limit, target, targetAt, targetAt + limit);
        if (mismatch < 0) {
            matched += limit;
            return keyLength - length;
        }
        matched += mismatch;
        return (bytes[at + mismatch] & 0xff) - (target[targetAt + mismatch] & 0xff);
    }

    private void goTo(int restartAt) {
        nextAt = restartAt;
        lastKeyLength = 0; // so that an item there that shares anything is found out
        matched = 0;
    }

    /// The last restart whose key is before `target` (or equal, if wanted), or -1.
    private int lastRestart(byte[] target, int offset, int length, boolean orEqual) {
        int prefixLength = view.prefixLength;
        int limit = Math.min(prefixLength, length);
        int prefixAt = view.prefixAt;
        byte[] bytes = view.bytes;
        int mismatch =
                Arrays.mismatch(bytes, prefixAt, prefixAt + limit, target, offset, offset + limit);
        if (mismatch >= 0) {
            boolean isAfterAll =
                    (target[offset + mismatch] & 0xff) > (bytes[prefixAt + mismatch] & 0xff);
            return isAfterAll ? view.restartCount - 1 : -1;
        }
        if (length < prefixLength) {
            return -1;
        }
        long hint = BlockView.hint(target, offset + prefixLength, length - prefixLength);
        int low = 0;
        int high = view.restartCount - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = Long.compareUnsigned(view.hint(middle), hint);
            if (order == 0) {
                order = compareRestart(middle, target, offset, length);
            }
            if (order < 0 || order == 0 && orEqual) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    private int compareRestart(int index, byte[] target, int offset, int length) {
        lastKeyLength = 0;
        int at = checkedHead(view.restart(index));
        return RowKeys.compare(view.bytes, at, keyLength, target, offset, length);
    }

    private void inForceBefore(int restart) {
        int boundary = view.boundaryBefore(restart);
        if (boundary < 0) {
            inForceTimestamp = startTimestamp;
            inForceTime = startTime;
            return;
        }
        lastKeyLength = Integer.MAX_VALUE; // nothing is known of the key before
        checkedHead(boundary);
        if (code != SSTableFormat.CODE_BOUNDARY) {
            throw view.corrupt(boundary);
        }
        inForceAfter(valueOffset);
    }

    private void inForceAfter(int boundaryValue) {
        inForceTimestamp = afterTimestamp(boundaryValue);
        inForceTime = afterTime(boundaryValue);
    }

    // ---- searches and steps, backward

    /// Goes to the last item whose key is before `target`; false if there is none.
    /// [#inForceTimestamp] is then the deletion in force just after that item.
    boolean seekBelow(byte[] target, int offset, int length) {
        int restart = lastRestart(target, offset, length, false);
        if (restart < 0) {
            inForceTimestamp = startTimestamp;
            inForceTime = startTime;
            return false;
        }
        inForceBefore(restart);
        unpack(restart);
        int index = 0;
        while (index + 1 < windowCount && compareWindow(index + 1, target, offset, length) < 0) {
            index++;
        }
        show(index);
        inForceUpTo(index);
        return true;
    }

    /// Goes to the last item of the block. [#inForceTimestamp] is then the deletion after it.
    void seekLast() {
        int restart = view.restartCount - 1;
        inForceBefore(restart);
        unpack(restart);
        show(windowCount - 1);
        inForceUpTo(windowCount - 1);
    }

    /// Moves backward by one item.
    boolean previous() {
        if (windowIndex > 0) {
            show(windowIndex - 1);
            return true;
        }
        if (windowRestart == 0) {
            return false;
        }
        unpack(windowRestart - 1);
        show(windowCount - 1);
        return true;
    }

    private int compareWindow(int index, byte[] target, int offset, int length) {
        int at = index * WINDOW_FIELDS;
        return RowKeys.compare(windowKeys, window[at], window[at + 1], target, offset, length);
    }

    private void inForceUpTo(int index) {
        for (int i = index; i >= 0; i--) {
            int at = i * WINDOW_FIELDS;
            if (window[at + 2] == SSTableFormat.CODE_BOUNDARY) {
                inForceAfter(window[at + 3]);
                return;
            }
        }
    }

    private void show(int index) {
        int at = index * WINDOW_FIELDS;
        windowIndex = index;
        keyArray = windowKeys;
        keyOffset = window[at];
        keyLength = window[at + 1];
        code = window[at + 2];
        valueOffset = window[at + 3];
        valueLength = window[at + 4];
    }

    /// Unpacks the items from one restart up to the next.
    private void unpack(int restart) {
        int itemAt = view.restart(restart);
        int end = restart + 1 < view.restartCount ? view.restart(restart + 1) : view.itemsEnd;
        if (end <= itemAt) {
            throw view.corrupt(itemAt);
        }
        windowRestart = restart;
        windowCount = 0;
        int keysEnd = 0;
        int lastStart = 0;
        int lastLength = 0;
        while (itemAt < end) {
            lastKeyLength = lastLength;
            int at = checkedHead(itemAt);
            ensureWindow(keysEnd);
            System.arraycopy(windowKeys, lastStart, windowKeys, keysEnd, shared);
            System.arraycopy(view.bytes, at, windowKeys, keysEnd + shared, keyLength - shared);
            int field = windowCount * WINDOW_FIELDS;
            window[field] = keysEnd;
            window[field + 1] = keyLength;
            window[field + 2] = code;
            window[field + 3] = valueOffset;
            window[field + 4] = valueLength;
            windowCount++;
            lastStart = keysEnd;
            lastLength = keyLength;
            keysEnd += keyLength;
            itemAt = valueOffset + valueLength;
        }
    }

    private void ensureWindow(int keysEnd) {
        int needed = Math.addExact(keysEnd, keyLength);
        if (needed > windowKeys.length) {
            windowKeys = Arrays.copyOf(windowKeys, Math.max(needed, 2 * windowKeys.length));
        }
        if ((windowCount + 1) * WINDOW_FIELDS > window.length) {
            window = Arrays.copyOf(window, 2 * window.length);
        }
    }

    // ---- values of boundaries and of index entries

    long beforeTimestamp(int at) {
        return ByteWriter.getLong(view.bytes, at);
    }

    int beforeTime(int at) {
        return ByteWriter.getInt(view.bytes, at + Long.BYTES);
    }

    long afterTimestamp(int at) {
        return ByteWriter.getLong(view.bytes, at + SSTableFormat.DELETION_BYTES);
    }

    int afterTime(int at) {
        return ByteWriter.getInt(view.bytes, at + SSTableFormat.DELETION_BYTES + Long.BYTES);
    }

    /// Reads the current entry of the root into the child fields.
    void readRootEntry() {
        int at = readChild();
        try {
            filterLength = SSTableFormat.varint(view.bytes, at);
        } catch (IndexOutOfBoundsException e) {
            throw corrupt(valueOffset, e);
        }
        at += SSTableFormat.varintBytes(filterLength);
        childTimestamp = RowCursor.NO_DELETION;
        childTime = 0;
        if (filterLength < 0 || code != SSTableFormat.CODE_PLAIN) {
            throw view.corrupt(valueOffset);
        }
        checkValueEndsAt(at);
    }

    /// Reads the current entry of an index page into the child fields.
    void readPageEntry() {
        int at = readChild();
        filterLength = 0;
        childTimestamp = RowCursor.NO_DELETION;
        childTime = 0;
        if (code == SSTableFormat.CODE_IN_DELETION
                && valueOffset + valueLength - at >= SSTableFormat.DELETION_BYTES) {
            childTimestamp = ByteWriter.getLong(view.bytes, at);
            childTime = ByteWriter.getInt(view.bytes, at + Long.BYTES);
            at += SSTableFormat.DELETION_BYTES;
        }
        checkValueEndsAt(at);
    }

    private int readChild() {
        int at = valueOffset;
        try {
            childOffset = SSTableFormat.varlong(view.bytes, at);
            at += SSTableFormat.varlongBytes(childOffset);
            childLength = SSTableFormat.varint(view.bytes, at);
        } catch (IndexOutOfBoundsException e) {
            throw corrupt(valueOffset, e);
        }
        return at + SSTableFormat.varintBytes(childLength);
    }

    private void checkValueEndsAt(int at) {
        if (at != valueOffset + valueLength || childOffset < 0 || childLength < 0) {
            throw view.corrupt(valueOffset);
        }
    }

    /// Whether the current key begins with what the block says that all do.
    boolean hasCommonPrefix() {
        return RowKeys.startsWith(
                keyArray, keyOffset, keyLength, view.bytes, view.prefixAt, view.prefixLength);
    }

    int compareKey(byte[] other, int offset, int length) {
        return RowKeys.compare(keyArray, keyOffset, keyLength, other, offset, length);
    }
}
