package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A walk over a range of one SSTable, in either direction: it emits what is stored. Opened again and
/// again, on whichever reader and range; one thread; allocates nothing once its buffers have grown.
///
/// Opening does no I/O, the first [#next] does. At the end, before and after are the deletion in
/// force between the last item and the end of the range: a range without any item may still lie in a
/// deletion. Does not pin the reader; whoever opens it does.
public final class SSTableCursor implements RowCursor {
    public static final int READ_AHEAD_BYTES_MAX = BlockFetcher.READ_AHEAD_BYTES;

    private final BlockFetcher indexFetcher;
    private final BlockFetcher dataFetcher;
    private final BlockIterator root = new BlockIterator();
    private final BlockIterator page = new BlockIterator();
    private final BlockIterator data = new BlockIterator();

    private @Nullable SSTableReader reader;
    private ReadMode mode = ReadMode.CACHED;
    private boolean reverse;

    /// The range still wanted: a skip moves its near end.
    private final ByteWriter start = new ByteWriter();

    private final ByteWriter end = new ByteWriter();
    private boolean hasEnd;

    /// The next step is a search, from the near end of the range.
    private boolean mustSeek;

    /// See [#defer]: the next step stops at the threshold.
    private boolean atThreshold;

    private @Nullable SSTablePoint filter;

    private final ByteWriter threshold = new ByteWriter();

    private Kind kind = Kind.END;

    /// Leading bytes that the last key compared with the end has in common with it.
    private int endShared;

    private long beforeTimestamp = NO_DELETION;
    private int beforeTime;
    private long afterTimestamp = NO_DELETION;
    private int afterTime;

    public SSTableCursor() {
        this(new ReadBuffer());
    }

    /// One of several of a thread, with a buffer that all of them use.
    public SSTableCursor(ReadBuffer buffer) {
        indexFetcher = new BlockFetcher(buffer);
        indexFetcher.readAhead(0); // its pages lie far apart
        dataFetcher = new BlockFetcher(buffer);
    }

    /// Says how many bytes a scan reads at a time when it goes from block to block, at most
    /// [#READ_AHEAD_BYTES_MAX], which it is if nothing is said; 0 for one block.
    public SSTableCursor readAhead(int bytes) {
        dataFetcher.readAhead(bytes);
        return this;
    }

    /// Goes before the first item from `start` (inclusive) up to `end` (exclusive), or in reverse.
    ///
    /// @param startLength 0 to begin with the first item of the file
    /// @param end `null` to go on to the last
    public SSTableCursor open(
            SSTableReader reader,
            byte[] start,
            int startOffset,
            int startLength,
            byte @Nullable [] end,
            int endOffset,
            int endLength,
            boolean reverse,
            ReadMode mode) {
        this.reader = reader;
        this.mode = mode;
        this.reverse = reverse;
        this.start.clear().writeBytes(start, startOffset, startLength);
        this.end.clear();
        hasEnd = end != null;
        if (end != null) {
            this.end.writeBytes(end, endOffset, endLength);
        }
        mustSeek = true;
        atThreshold = false;
        filter = null;
        kind = Kind.END;
        noDeletion();
        return this;
    }

    /// After opening over a part of one partition: if the file says that it has nothing of any partition
    /// near the beginning of the range, has the first step touch no block, but stop at an empty boundary
    /// (no deletion before, none after) that everything in the file comes after. A merge that ends before
    /// that never looks into the file.
    ///
    /// @param filter asked before a block is read whether the file has the partition at all
    /// @return whether it is so
    public boolean defer(SSTablePoint filter) {
        byte[] extreme = openReader().metadata().extremePosition(reverse);
        ByteWriter near = reverse ? end : start;
        int prefix = RowKeys.partitionLength(near.array(), 0);
        if (start.length() == prefix || start.array()[prefix] <= RowKeys.POSITION_STATIC) {
            return false; // the file's bounds leave static content out
        }
        // A part of a position is none, and nor is one with a byte more: no item has this key.
        threshold.clear().writeBytes(near.array(), 0, prefix);
        threshold.writeBytes(
                extreme, 0, reverse ? extreme.length : Math.max(0, extreme.length - 1));
        if (reverse) {
            threshold.writeByte(0);
        }
        int order = compare(threshold, near.array(), 0, near.length());
        atThreshold = reverse ? order < 0 : order > 0;
        this.filter = atThreshold ? filter : null;
        return atThreshold;
    }

    private boolean isAdmitted() {
        SSTablePoint asked = filter;
        filter = null;
        return asked == null
                || asked.mayContainPartition(
                        openReader(),
                        start.array(),
                        0,
                        mode == ReadMode.SCAN ? ReadMode.FILL : mode);
    }

    private Kind stopAtThreshold() {
        atThreshold = false;
        data.keyArray = threshold.array();
        data.keyOffset = 0;
        data.keyLength = threshold.length();
        kind = Kind.BOUNDARY;
        return kind;
    }

    /// Goes before the first item of the file, or in reverse after its last.
    public SSTableCursor openAll(SSTableReader reader, boolean reverse, ReadMode mode) {
        return open(reader, start.array(), 0, 0, null, 0, 0, reverse, mode);
    }

    static Kind kind(int code) {
        return switch (code) {
            case SSTableFormat.CODE_ROW -> Kind.ROW;
            case SSTableFormat.CODE_COLUMN_DELETION -> Kind.COLUMN_DELETION;
            case SSTableFormat.CODE_ELEMENT -> Kind.ELEMENT;
            default -> Kind.BOUNDARY;
        };
    }

    @Override
    public Kind next() {
        if (mustSeek) {
            if (atThreshold) {
                return stopAtThreshold();
            }
            mustSeek = false;
            if (!isAdmitted()) {
                noDeletion();
                return end();
            }
            return reverse ? seekReverse() : seekForward();
        }
        if (kind == Kind.END) {
            return Kind.END;
        }
        if (reverse) {
            return data.previous() ? landReverse() : previousBlock();
        }
        return data.next() ? landForward() : nextBlock();
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public void skipTo(byte[] key, int offset, int length) {
        if (!mustSeek) {
            if (kind == Kind.END) {
                return;
            }
            int order = data.compareKey(key, offset, length);
            if (reverse ? order < 0 : order >= 0) {
                return; // behind us
            }
        }
        if (reverse) {
            if (!hasEnd || compare(end, key, offset, length) > 0) {
                end.clear().writeBytes(key, offset, length);
                hasEnd = true;
                mustSeek = true;
            }
        } else if (compare(start, key, offset, length) < 0) {
            start.clear().writeBytes(key, offset, length);
            mustSeek = true;
        }
    }

    private static int compare(ByteWriter bound, byte[] key, int offset, int length) {
        return RowKeys.compare(bound.array(), 0, bound.length(), key, offset, length);
    }

    private boolean isRangeEmpty() {
        return hasEnd && compare(start, end.array(), 0, end.length()) >= 0;
    }

    private SSTableReader openReader() {
        SSTableReader opened = reader;
        if (opened == null) {
            throw new IllegalStateException("the cursor is closed");
        }
        return opened;
    }

    // ---- forward

    private Kind seekForward() {
        if (isRangeEmpty()) {
            noDeletion();
            return end();
        }
        loadRoot();
        seekFloor(root);
        loadPage();
        seekFloor(page);
        loadBlock();
        boolean found = data.seekCeiling(start.array(), 0, start.length());
        inForce(data.inForceTimestamp, data.inForceTime);
        endShared = Integer.MAX_VALUE; // the first key has to be compared
        kind = Kind.ROW;
        return found ? landForward() : nextBlock();
    }

    private void seekFloor(BlockIterator index) {
        if (!index.seekFloor(start.array(), 0, start.length())) {
            throw index.view.corrupt(0); // the first separator is empty, so there is a floor
        }
    }

    private Kind nextBlock() {
        if (!page.next()) {
            if (!root.next() || separatorIsPastEnd(root)) {
                return endInForce();
            }
            loadPage();
            if (!page.next()) {
                throw page.view.corrupt(0);
            }
        }
        if (separatorIsPastEnd(page)) {
            return endInForce();
        }
        loadBlock();
        if (!data.next()) {
            throw data.view.corrupt(0);
        }
        return landForward();
    }

    private boolean separatorIsPastEnd(BlockIterator index) {
        return hasEnd && index.compareKey(end.array(), 0, end.length()) >= 0;
    }

    /// Takes over the item that `data` moved to.
    private Kind landForward() {
        if (hasEnd && data.shared <= endShared && isPastEnd()) {
            return endInForce();
        }
        if (data.code == SSTableFormat.CODE_BOUNDARY || kind == Kind.BOUNDARY) {
            landAtBoundary();
        }
        kind = kind(data.code);
        return kind;
    }

    /// Keys ascend towards the end, so what they share with it only grows; one that shares more than
    /// that with its predecessor need not be compared.
    private boolean isPastEnd() {
        byte[] endArray = end.array();
        int endLength = end.length();
        int keyLength = data.keyLength;
        int limit = Math.min(keyLength, endLength);
        byte[] keyArray = data.keyArray;
        int at = Arrays.mismatch(keyArray, 0, limit, endArray, 0, limit);
        if (at < 0) {
            endShared = limit;
            return keyLength >= endLength;
        }
        endShared = at;
        return (keyArray[at] & 0xff) > (endArray[at] & 0xff);
    }

    private void landAtBoundary() {
        if (kind == Kind.BOUNDARY) {
            beforeTimestamp = afterTimestamp;
            beforeTime = afterTime;
        }
        if (data.code != SSTableFormat.CODE_BOUNDARY) {
            return;
        }
        int at = data.valueOffset;
        if (reverse) {
            beforeTimestamp = data.afterTimestamp(at);
            beforeTime = data.afterTime(at);
            afterTimestamp = data.beforeTimestamp(at);
            afterTime = data.beforeTime(at);
        } else {
            beforeTimestamp = data.beforeTimestamp(at);
            beforeTime = data.beforeTime(at);
            afterTimestamp = data.afterTimestamp(at);
            afterTime = data.afterTime(at);
        }
    }

    // ---- reverse

    private Kind seekReverse() {
        if (isRangeEmpty()) {
            noDeletion();
            return end();
        }
        loadRoot();
        boolean found = true;
        if (hasEnd) {
            seekBelow(root);
            loadPage();
            seekBelow(page);
            loadBlock();
            found = data.seekBelow(end.array(), 0, end.length());
        } else {
            root.seekLast();
            loadPage();
            page.seekLast();
            loadBlock();
            data.seekLast();
        }
        inForce(data.inForceTimestamp, data.inForceTime);
        kind = Kind.ROW;
        return found ? landReverse() : previousBlock();
    }

    private void seekBelow(BlockIterator index) {
        if (!index.seekBelow(end.array(), 0, end.length())) {
            throw index.view.corrupt(0); // the first separator is empty and the range is not
        }
    }

    private Kind previousBlock() {
        boolean startsHere =
                start.length() > 0 && page.compareKey(start.array(), 0, start.length()) <= 0;
        if (startsHere) {
            return endInForce();
        }
        if (!page.previous()) {
            if (!root.previous()) {
                return endInForce();
            }
            loadPage();
            page.seekLast();
        }
        loadBlock();
        data.seekLast();
        return landReverse();
    }

    private Kind landReverse() {
        if (start.length() > 0 && data.compareKey(start.array(), 0, start.length()) < 0) {
            return endInForce();
        }
        if (data.code == SSTableFormat.CODE_BOUNDARY || kind == Kind.BOUNDARY) {
            landAtBoundary();
        }
        kind = kind(data.code);
        return kind;
    }

    // ---- blocks

    private void loadRoot() {
        SSTableReader opened = openReader();
        long offset = opened.rootOffset();
        if (!root.view.holds(opened, offset)) {
            byte[] bytes = opened.root(indexFetcher, mode);
            root.view.wrap(opened, offset, bytes, bytes.length);
        }
        root.reset(NO_DELETION, 0);
    }

    private void loadPage() {
        root.readRootEntry();
        load(page, indexFetcher, root.childOffset, root.childLength);
        page.reset(NO_DELETION, 0);
    }

    private void loadBlock() {
        page.readPageEntry();
        load(data, dataFetcher, page.childOffset, page.childLength);
        data.reset(page.childTimestamp, page.childTime);
    }

    private void load(BlockIterator target, BlockFetcher fetcher, long offset, int length) {
        SSTableReader opened = openReader();
        if (!target.view.holds(opened, offset)) {
            target.view.clear(); // its bytes may be the buffer that the fetch overwrites
            fetcher.fetch(opened, offset, length, mode);
            target.view.wrap(opened, offset, fetcher.bytes(), fetcher.length());
        }
    }

    // ---- deletions

    private void noDeletion() {
        inForce(NO_DELETION, 0);
    }

    private void inForce(long timestamp, int time) {
        beforeTimestamp = timestamp;
        beforeTime = time;
        afterTimestamp = timestamp;
        afterTime = time;
    }

    private Kind endInForce() {
        inForce(afterTimestamp, afterTime);
        return end();
    }

    private Kind end() {
        kind = Kind.END;
        return kind;
    }

    /// Where in the file the current block ends: how far a forward walk has come.
    public long filePosition() {
        return page.childOffset + page.childLength;
    }

    // ---- the current item

    @Override
    public byte[] keyArray() {
        return data.keyArray;
    }

    @Override
    public int keyOffset() {
        return data.keyOffset;
    }

    @Override
    public int keyLength() {
        return data.keyLength;
    }

    @Override
    public byte[] valueArray() {
        return data.view.bytes;
    }

    @Override
    public int valueOffset() {
        return data.valueOffset;
    }

    @Override
    public int valueLength() {
        return kind == Kind.BOUNDARY ? 0 : data.valueLength;
    }

    @Override
    public long beforeTimestamp() {
        return beforeTimestamp;
    }

    @Override
    public int beforeDeletionTime() {
        return beforeTime;
    }

    @Override
    public long afterTimestamp() {
        return afterTimestamp;
    }

    @Override
    public int afterDeletionTime() {
        return afterTime;
    }

    /// Lets go of reader and blocks. The cursor can be opened again.
    @Override
    public void close() {
        reader = null;
        mustSeek = false;
        atThreshold = false;
        filter = null;
        kind = Kind.END;
        noDeletion();
        root.view.clear();
        page.view.clear();
        data.view.clear();
        indexFetcher.clear();
        dataFetcher.clear();
    }
}
