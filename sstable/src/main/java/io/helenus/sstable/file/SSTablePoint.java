package io.helenus.sstable.file;

import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowKeys;

/// Looks single keys up, without a cursor: bloom filter, index page, block, binary search. Kept and
/// used for any reader; one thread; a lookup that the cache answers allocates nothing.
public final class SSTablePoint {
    private final BlockFetcher fetcher;
    private final BlockFetcher dataFetcher;
    private final BlockIterator root = new BlockIterator();
    private final BlockIterator page = new BlockIterator();
    private final BlockIterator data = new BlockIterator();
    private boolean found;
    private long deletionTimestamp = RowCursor.NO_DELETION;
    private int deletionTime;

    public SSTablePoint() {
        this(new ReadBuffer());
    }

    /// One that shares a buffer with cursors of its thread.
    public SSTablePoint(ReadBuffer buffer) {
        fetcher = new BlockFetcher(buffer);
        dataFetcher = new BlockFetcher(buffer);
    }

    /// Whether the partition of a row key or bound may have anything in the file, deletions included:
    /// by first and last key and by bloom filter.
    public boolean mayContainPartition(
            SSTableReader reader, byte[] key, int offset, ReadMode mode) {
        checkMode(mode);
        if (!reader.metadata().spansPartition(key, offset)) {
            return false;
        }
        int length = RowKeys.partitionLength(key, offset);
        seekRoot(reader, key, offset, length, mode);
        return filterAdmits(reader, key, offset, mode);
    }

    /// Looks for the entry with exactly this key. Found or not, [#deletionTimestamp] is then the
    /// deletion in force at the key.
    ///
    /// @return whether there is one; what it is then lies in the value accessors, until the next call
    public boolean seekExact(
            SSTableReader reader, byte[] key, int offset, int length, ReadMode mode) {
        checkMode(mode);
        found = false;
        deletionTimestamp = RowCursor.NO_DELETION;
        deletionTime = 0;
        if (!reader.metadata().spans(key, offset, length)) {
            return false;
        }
        seekRoot(reader, key, offset, length, mode);
        // A deletion ends with its partition, so a page within one has its partition in the filter.
        if (!filterAdmits(reader, key, offset, mode)) {
            return false;
        }
        long pageOffset = root.childOffset;
        if (!page.view.holds(reader, pageOffset)) {
            fetcher.fetch(reader, pageOffset, root.childLength, mode);
            page.view.wrap(reader, pageOffset, fetcher.bytes(), fetcher.length());
        }
        page.reset(RowCursor.NO_DELETION, 0);
        seekFloor(page, key, offset, length);
        page.readPageEntry();
        long blockOffset = page.childOffset;
        if (!data.view.holds(reader, blockOffset)) {
            data.view.clear(); // its bytes may be the buffer that the fetch overwrites
            dataFetcher.fetchBriefly(reader, blockOffset, page.childLength, mode);
            data.view.wrap(reader, blockOffset, dataFetcher.bytes(), dataFetcher.length());
        }
        data.reset(page.childTimestamp, page.childTime);
        found =
                data.seekCeiling(key, offset, length)
                        && data.code != SSTableFormat.CODE_BOUNDARY
                        && data.compareKey(key, offset, length) == 0;
        deletionTimestamp = data.inForceTimestamp;
        deletionTime = data.inForceTime;
        return found;
    }

    /// A scan's blocks lie in one buffer that the next overwrites; here several are kept.
    private static void checkMode(ReadMode mode) {
        if (mode == ReadMode.SCAN) {
            throw new IllegalArgumentException("a point lookup is no scan");
        }
    }

    private void seekRoot(SSTableReader reader, byte[] key, int offset, int length, ReadMode mode) {
        if (!root.view.holds(reader, reader.rootOffset())) {
            byte[] bytes = reader.root(fetcher, mode);
            root.view.wrap(reader, reader.rootOffset(), bytes, bytes.length);
        }
        root.reset(RowCursor.NO_DELETION, 0);
        seekFloor(root, key, offset, length);
        root.readRootEntry();
    }

    /// The first separator is empty, so there is a floor to every key.
    private static void seekFloor(BlockIterator index, byte[] key, int offset, int length) {
        if (!index.seekFloor(key, offset, length)) {
            throw index.view.corrupt(0);
        }
    }

    private boolean filterAdmits(SSTableReader reader, byte[] key, int offset, ReadMode mode) {
        int filterLength = root.filterLength;
        if (filterLength == 0) {
            return true;
        }
        long filterOffset = root.childOffset - filterLength;
        fetcher.fetch(reader, filterOffset, filterLength, mode);
        if (!BloomFilter.isWellFormed(fetcher.bytes(), fetcher.length())) {
            throw new CorruptSSTableException(reader.path(), filterOffset, "bloom filter");
        }
        return BloomFilter.mayContain(
                fetcher.bytes(), fetcher.length(), BloomFilter.hash(key, offset));
    }

    /// Of the entry that was found.
    public Kind kind() {
        return found ? SSTableCursor.kind(data.code) : Kind.END;
    }

    /// Whether the value is valid until the next look-up only; else it stays what it is.
    public boolean isTransient() {
        return dataFetcher.isTransient();
    }

    public byte[] valueArray() {
        return data.view.bytes;
    }

    public int valueOffset() {
        return data.valueOffset;
    }

    public int valueLength() {
        return data.valueLength;
    }

    /// Timestamp of the deletion in force at the key, or [RowCursor#NO_DELETION].
    public long deletionTimestamp() {
        return deletionTimestamp;
    }

    public int deletionTime() {
        return deletionTime;
    }

    /// Lets go of the blocks it still refers to.
    public void clear() {
        found = false;
        fetcher.clear();
        dataFetcher.clear();
        root.view.clear();
        page.view.clear();
        data.view.clear();
    }
}
