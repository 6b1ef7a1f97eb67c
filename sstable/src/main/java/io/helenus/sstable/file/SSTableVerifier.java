package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads every byte of a file from disk, past the cache, and checks what can be checked: checksums,
/// that the parts fill the file without gaps, key order, separators, restart tables, deletions in
/// force, filters, values, and that the statistics are those of the content. Goes on after damage.
/// One use, one thread.
public final class SSTableVerifier {

    /// What was seen.
    ///
    /// @param damage empty if the file is sound
    public record Report(long blocks, long items, List<Damage> damage) {
        public Report {
            damage = List.copyOf(damage);
        }
    }

    /// Something wrong, and which keys it may concern.
    public static final class Damage {
        private final long offset;
        private final String what;
        private final byte[] fromKey;
        private final byte @Nullable [] toKey;

        Damage(long offset, String what, byte[] fromKey, byte @Nullable [] toKey) {
            this.offset = offset;
            this.what = what;
            this.fromKey = fromKey;
            this.toKey = toKey;
        }

        /// Where in the file the damaged block or section begins.
        public long offset() {
            return offset;
        }

        public String what() {
            return what;
        }

        /// First key that may be concerned; empty for the beginning of the table.
        public byte[] fromKey() {
            return fromKey.clone();
        }

        /// First key that is not concerned; `null` for the end of the table.
        public byte @Nullable [] toKey() {
            return toKey == null ? null : toKey.clone();
        }

        @Override
        public String toString() {
            return what;
        }
    }

    private final SSTableReader reader;
    private final List<Damage> damage = new ArrayList<>();
    private final BlockFetcher pageFetcher = new BlockFetcher();
    private final BlockFetcher dataFetcher = new BlockFetcher();
    private final BlockFetcher otherFetcher = new BlockFetcher();
    private final BlockIterator root = new BlockIterator();
    private final BlockIterator page = new BlockIterator();
    private final BlockIterator data = new BlockIterator();
    private final StatisticsCollector statistics = new StatisticsCollector();

    private final ByteWriter lastKey = new ByteWriter();

    /// False at the start and after damage: then the last key and the deletion in force are unknown.
    private boolean knowsLast;

    private boolean partitionIsInPage;
    private long timestamp = RowCursor.NO_DELETION;
    private int time;
    private byte[] filter = new byte[0];

    /// Where the next part of the file should begin.
    private long position = SSTableFormat.HEADER_BYTES;

    private long blocks;
    private long pages;
    private long items;
    private long rawBytes;

    public SSTableVerifier(SSTableReader reader) {
        this.reader = reader;
    }

    /// Checks everything once.
    public Report verify() {
        try {
            otherFetcher.read(reader, reader.rootOffset(), reader.rootLength(), true, false);
            byte[] bytes = otherFetcher.bytes();
            root.view.wrap(reader, reader.rootOffset(), bytes, bytes.length);
            root.reset(RowCursor.NO_DELETION, 0);
            List<byte[]> separators = separators(root);
            root.reset(RowCursor.NO_DELETION, 0);
            for (int i = 0; root.next(); i++) {
                byte @Nullable [] next = i + 1 < separators.size() ? separators.get(i + 1) : null;
                verifyPage(separators.get(i), next);
            }
            expectPosition(reader.rootOffset(), "index root");
            reader.schemaHeader();
            if (damage.isEmpty()) {
                verifyStatistics();
            }
        } catch (CorruptSSTableException | UncheckedIOException e) {
            add(e, reader.rootOffset(), new byte[0], null);
        }
        return new Report(blocks, items, damage);
    }

    private static List<byte[]> separators(BlockIterator index) {
        List<byte[]> separators = new ArrayList<>();
        while (index.next()) {
            separators.add(Arrays.copyOf(index.keyArray, index.keyLength));
        }
        return separators;
    }

    private void add(RuntimeException e, long offset, byte[] fromKey, byte @Nullable [] toKey) {
        long at = e instanceof CorruptSSTableException corrupt ? corrupt.offset() : offset;
        damage.add(new Damage(at, String.valueOf(e.getMessage()), fromKey, toKey));
        knowsLast = false;
    }

    private CorruptSSTableException corrupt(long offset, String what) {
        return new CorruptSSTableException(reader.path(), offset, what);
    }

    private void expectPosition(long actual, String what) {
        if (actual != position) {
            throw new CorruptSSTableException(
                    reader.path(), actual, what + " begins here, which", actual, position);
        }
    }

    private void verifyPage(byte[] separator, byte @Nullable [] nextSeparator) {
        pages++;
        long pageOffset = position;
        int pageLength = 0;
        try {
            root.readRootEntry();
            pageOffset = root.childOffset;
            pageLength = root.childLength;
            int filterLength = root.filterLength;
            readFilter(pageOffset - filterLength, filterLength);
            pageFetcher.read(reader, pageOffset, pageLength, false, false);
            page.view.wrap(reader, pageOffset, pageFetcher.bytes(), pageFetcher.length());
            page.reset(RowCursor.NO_DELETION, 0);
            List<byte[]> separators = separators(page);
            if (!Arrays.equals(separators.get(0), separator)) {
                throw corrupt(pageOffset, "the root's separator is not the page's");
            }
            partitionIsInPage = false;
            page.reset(RowCursor.NO_DELETION, 0);
            for (int i = 0; page.next(); i++) {
                byte @Nullable [] next =
                        i + 1 < separators.size() ? separators.get(i + 1) : nextSeparator;
                verifyBlock(separators.get(i), next);
            }
            expectPosition(pageOffset - filterLength, "filter or index page");
        } catch (CorruptSSTableException | UncheckedIOException e) {
            add(e, pageOffset, separator, nextSeparator);
        }
        position = pageOffset + pageLength;
    }

    private void readFilter(long offset, int length) {
        filter = new byte[0];
        if (length == 0) {
            return;
        }
        otherFetcher.read(reader, offset, length, true, false);
        filter = otherFetcher.bytes();
        if (!BloomFilter.isWellFormed(filter, filter.length)) {
            throw corrupt(offset, "bloom filter");
        }
    }

    private void verifyBlock(byte[] separator, byte @Nullable [] nextSeparator) {
        long offset = position;
        try {
            page.readPageEntry();
            offset = page.childOffset;
            int length = page.childLength;
            expectPosition(offset, "data block");
            position = offset + length;
            dataFetcher.read(reader, offset, length, false, true);
            data.view.wrap(reader, offset, dataFetcher.bytes(), dataFetcher.length());
            blocks++;
            rawBytes += dataFetcher.length();
            if (!knowsLast) {
                timestamp = page.childTimestamp;
                time = page.childTime;
            } else if (timestamp != page.childTimestamp || time != page.childTime) {
                throw corrupt(offset, "the index names another deletion at the block's start");
            }
            data.reset(timestamp, time);
            verifyItems(offset, separator, nextSeparator);
        } catch (CorruptSSTableException | UncheckedIOException e) {
            add(e, offset, separator, nextSeparator);
        }
    }

    private void verifyItems(long offset, byte[] separator, byte @Nullable [] nextSeparator) {
        if (knowsLast && compareLast(separator) >= 0) {
            throw corrupt(offset, "the separator is not after the block before");
        }
        int restarts = 0;
        int lastBoundary = -1;
        boolean first = true;
        int itemAt = data.nextItemAt();
        while (data.next()) {
            if (restarts < data.view.restartCount && data.view.restart(restarts) == itemAt) {
                if (data.shared != 0
                        || data.view.boundaryBefore(restarts) != lastBoundary
                        || data.view.hint(restarts) != hintOfItem()) {
                    throw corrupt(offset, "restart %d of the block".formatted(restarts));
                }
                restarts++;
            }
            if (!data.hasCommonPrefix()) {
                throw corrupt(offset, "the prefix of the block is not that of its keys");
            }
            if (first && data.compareKey(separator, 0, separator.length) < 0) {
                throw corrupt(offset, "the block begins before its separator");
            }
            verifyItem(offset);
            if (data.code == SSTableFormat.CODE_BOUNDARY) {
                lastBoundary = itemAt;
            }
            first = false;
            itemAt = data.nextItemAt();
        }
        if (first || restarts != data.view.restartCount) {
            throw corrupt(offset, "%d restarts were met".formatted(restarts));
        }
        if (nextSeparator != null && compareLast(nextSeparator) >= 0) {
            throw corrupt(offset, "the block goes beyond the next separator");
        }
    }

    private long hintOfItem() {
        int prefix = Math.min(data.view.prefixLength, data.keyLength);
        return BlockView.hint(data.keyArray, prefix, data.keyLength - prefix);
    }

    private int compareLast(byte[] separator) {
        return RowKeys.compare(
                lastKey.array(), 0, lastKey.length(), separator, 0, separator.length);
    }

    private void verifyItem(long offset) {
        byte[] key = data.keyArray;
        int length = data.keyLength;
        if (length <= RowKeys.PARTITION_KEY_OFFSET || length <= RowKeys.partitionLength(key, 0)) {
            throw corrupt(offset, "no row key: " + SSTableFormat.hex(key, 0, length));
        }
        if (knowsLast && data.compareKey(lastKey.array(), 0, lastKey.length()) <= 0) {
            throw corrupt(offset, "keys do not ascend: " + SSTableFormat.hex(key, 0, length));
        }
        boolean samePartition = knowsLast && RowKeys.samePartition(key, 0, lastKey.array(), 0);
        if (!samePartition) {
            if (knowsLast && timestamp != RowCursor.NO_DELETION) {
                throw corrupt(offset, "a deletion goes beyond its partition");
            }
            statistics.beginPartition();
        }
        if (!samePartition || !partitionIsInPage) {
            boolean admits =
                    filter.length == 0
                            || BloomFilter.mayContain(
                                    filter, filter.length, BloomFilter.hash(key, 0));
            if (!admits) {
                throw corrupt(offset, "the filter denies " + SSTableFormat.hex(key, 0, length));
            }
        }
        verifyContent(offset, key, length);
        partitionIsInPage = true;
        lastKey.clear().writeBytes(key, 0, length);
        knowsLast = true;
        items++;
    }

    private void verifyContent(long offset, byte[] key, int length) {
        int at = data.valueOffset;
        if (data.code == SSTableFormat.CODE_BOUNDARY) {
            if (data.beforeTimestamp(at) != timestamp || data.beforeTime(at) != time) {
                throw corrupt(
                        offset,
                        "another deletion is in force at " + SSTableFormat.hex(key, 0, length));
            }
            timestamp = data.afterTimestamp(at);
            time = data.afterTime(at);
            statistics.boundary(key, 0, length, timestamp, time);
            return;
        }
        try {
            statistics.entry(data.code, key, 0, length, data.view.bytes, at, data.valueLength);
        } catch (IllegalArgumentException e) {
            CorruptSSTableException corrupt = corrupt(offset, String.valueOf(e.getMessage()));
            corrupt.initCause(e);
            throw corrupt;
        }
    }

    private void verifyStatistics() {
        ByteWriter expected = new ByteWriter();
        statistics.finish(reader.metadata().repairedAt(), rawBytes, blocks, pages, expected);
        if (!Arrays.equals(expected.toArray(), reader.metadata().encoded())) {
            throw corrupt(reader.rootOffset(), "the statistics are not those of the content");
        }
        if (timestamp != RowCursor.NO_DELETION) {
            throw corrupt(reader.rootOffset(), "a deletion is in force at the end");
        }
    }
}
