package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowKeys;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Writes one SSTable from items in key order. One thread. Memory is bounded by the block, page and
/// filter sizes, except for the root of the index: some 40 bytes for every few megabytes of data.
///
/// Takes the file over and closes it. After any exception only [#abort] makes sense; removing the
/// file, and publishing a finished one, is the caller's business.
public final class SSTableWriter implements AutoCloseable {
    private final BlockFile file;
    private final SSTableOptions options;
    private final byte[] schemaHeader;
    private final BlockOutput out;

    private final BlockBuilder block;
    private final IndexBuilder page = new IndexBuilder();
    private final IndexBuilder root = new IndexBuilder();
    private final ByteWriter indexValue = new ByteWriter();
    private final ByteWriter boundaryValue = new ByteWriter();
    private final ByteWriter filter = new ByteWriter(0);
    private final StatisticsCollector statistics = new StatisticsCollector();

    /// The block being filled: at or before its first key and after all keys before it.
    private final ByteWriter separator = new ByteWriter();

    private long blockDeletionTimestamp = RowCursor.NO_DELETION;
    private int blockDeletionTime;

    private byte[] lastKey = new byte[256];
    private int lastLength;
    private int partitionLength;
    private long deletionTimestamp = RowCursor.NO_DELETION;
    private int deletionTime;

    /// Hashes of the partitions with an item in the blocks of the page being filled.
    private long[] hashes = new long[256];

    private int hashCount;

    private long rawBytes;
    private long blocks;
    private long indexPages;
    private int fileChecksum;

    private enum State {
        OPEN,
        FAILED,
        FINISHED,
        ABORTED
    }

    private State state = State.OPEN;

    /// @param file empty
    /// @param schemaHeader opaque here, given back by the reader: what a file needs to explain itself
    public SSTableWriter(BlockFile file, SSTableOptions options, byte[] schemaHeader)
            throws IOException {
        if (schemaHeader.length > SSTableFormat.SCHEMA_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "%s: schema header is %d bytes, limit is %d"
                            .formatted(
                                    file.path(),
                                    schemaHeader.length,
                                    SSTableFormat.SCHEMA_BYTES_MAX));
        }
        this.file = file;
        this.options = options;
        this.schemaHeader = schemaHeader.clone();
        out = new BlockOutput(file, options.compression());
        block = new BlockBuilder(options.restartInterval());
        ByteWriter header = new ByteWriter(SSTableFormat.HEADER_BYTES);
        header.writeLong(SSTableFormat.MAGIC).writeInt(SSTableFormat.VERSION);
        header.writeInt(crc(header.array(), header.length()));
        out.writeBytes(header.array(), header.length());
    }

    /// Appends an entry; its key must be greater than all before.
    public void append(
            Kind kind,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength)
            throws IOException {
        begin();
        int code =
                switch (kind) {
                    case ROW -> SSTableFormat.CODE_ROW;
                    case COLUMN_DELETION -> SSTableFormat.CODE_COLUMN_DELETION;
                    case ELEMENT -> SSTableFormat.CODE_ELEMENT;
                    case BOUNDARY, END ->
                            throw new IllegalArgumentException(kind + " is not an entry");
                };
        if (valueLength > SSTableFormat.VALUE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "%s: value is %d bytes, limit is %d"
                            .formatted(file.path(), valueLength, SSTableFormat.VALUE_BYTES_MAX));
        }
        item(code, key, keyOffset, keyLength, value, valueOffset, valueLength);
        state = State.OPEN;
    }

    /// Appends a bound at which the deletion in force changes. The deletion before must be what the
    /// last boundary left in force, and none at a partition's start: a deletion ends with its
    /// partition. A boundary at which nothing changes is not written.
    public void appendBoundary(
            byte[] key,
            int keyOffset,
            int keyLength,
            long beforeTimestamp,
            int beforeDeletionTime,
            long afterTimestamp,
            int afterDeletionTime)
            throws IOException {
        begin();
        if (!isInForce(beforeTimestamp, beforeDeletionTime)) {
            throw new IllegalArgumentException(
                    "%s: boundary %s follows deletion %d/%d, but %d/%d is in force"
                            .formatted(
                                    file.path(),
                                    SSTableFormat.hex(key, keyOffset, keyLength),
                                    beforeTimestamp,
                                    beforeDeletionTime,
                                    deletionTimestamp,
                                    deletionTime));
        }
        if (isInForce(afterTimestamp, afterDeletionTime)) {
            state = State.OPEN;
            return;
        }
        // No deletion has no time, so that states are equal if their bytes are.
        int afterTime = afterTimestamp == RowCursor.NO_DELETION ? 0 : afterDeletionTime;
        boundaryValue.clear();
        SSTableFormat.writeDeletion(boundaryValue, deletionTimestamp, deletionTime);
        SSTableFormat.writeDeletion(boundaryValue, afterTimestamp, afterTime);
        item(
                SSTableFormat.CODE_BOUNDARY,
                key,
                keyOffset,
                keyLength,
                boundaryValue.array(),
                0,
                boundaryValue.length());
        statistics.boundary(key, keyOffset, keyLength, afterTimestamp, afterTime);
        deletionTimestamp = afterTimestamp;
        deletionTime = afterTime;
        state = State.OPEN;
    }

    private boolean isInForce(long timestamp, int time) {
        return timestamp == deletionTimestamp
                && (time == deletionTime || timestamp == RowCursor.NO_DELETION);
    }

    /// Appends all that a forward cursor still has.
    public void appendAll(RowCursor cursor) throws IOException {
        for (Kind kind = cursor.next(); kind != Kind.END; kind = cursor.next()) {
            if (kind == Kind.BOUNDARY) {
                appendBoundary(
                        cursor.keyArray(),
                        cursor.keyOffset(),
                        cursor.keyLength(),
                        cursor.beforeTimestamp(),
                        cursor.beforeDeletionTime(),
                        cursor.afterTimestamp(),
                        cursor.afterDeletionTime());
                continue;
            }
            if (!isInForce(cursor.beforeTimestamp(), cursor.beforeDeletionTime())) {
                throw new IllegalArgumentException(
                        "%s: key %s lies in deletion %d/%d, but no boundary led there from %d/%d"
                                .formatted(
                                        file.path(),
                                        SSTableFormat.hex(
                                                cursor.keyArray(),
                                                cursor.keyOffset(),
                                                cursor.keyLength()),
                                        cursor.beforeTimestamp(),
                                        cursor.beforeDeletionTime(),
                                        deletionTimestamp,
                                        deletionTime));
            }
            append(
                    kind,
                    cursor.keyArray(),
                    cursor.keyOffset(),
                    cursor.keyLength(),
                    cursor.valueArray(),
                    cursor.valueOffset(),
                    cursor.valueLength());
        }
    }

    /// Whether nothing was appended: such a file cannot be finished.
    public boolean isEmpty() {
        return lastLength == 0;
    }

    /// Roughly the file's length if it were finished now: where to cut compaction's output.
    public long bytesWritten() {
        return out.position() + block.size();
    }

    /// Writes what is left, the index's root, schema, statistics and footer, forces and closes.
    ///
    /// @return what the file says about itself
    public SSTableMetadata finish() throws IOException {
        begin();
        if (lastLength == 0) {
            throw new IllegalStateException(file.path() + ": an SSTable is never empty");
        }
        if (deletionTimestamp != RowCursor.NO_DELETION) {
            throw new IllegalStateException(
                    "%s: deletion %d is still in force at the end"
                            .formatted(file.path(), deletionTimestamp));
        }
        flushBlock();
        flushPage();
        ByteWriter footer = new ByteWriter(SSTableFormat.FOOTER_BYTES);
        footer.writeLong(out.writeCompressed(root.finish()));
        footer.writeInt(out.lastLength());
        footer.writeLong(out.writeRaw(schemaHeader, schemaHeader.length));
        footer.writeInt(out.lastLength());
        ByteWriter section = new ByteWriter(512);
        statistics.finish(options.repairedAt(), rawBytes, blocks, indexPages, section);
        byte[] encoded = section.toArray();
        long statisticsOffset = out.writeRaw(encoded, encoded.length);
        footer.writeLong(statisticsOffset).writeInt(out.lastLength());
        footer.writeLong(out.position() + SSTableFormat.FOOTER_BYTES);
        footer.writeInt(SSTableFormat.FOOTER_BYTES);
        footer.writeInt(0).writeInt(SSTableFormat.VERSION).writeLong(SSTableFormat.MAGIC);
        footer.setInt(SSTableFormat.FOOTER_CRC_AT, footerCrc(footer.array()));
        out.writeBytes(footer.array(), footer.length());
        out.flush();
        out.close();
        file.force();
        file.close();
        fileChecksum = out.fileChecksum();
        state = State.FINISHED;
        return new SSTableMetadata(encoded, file.path(), statisticsOffset);
    }

    /// Length of the finished file.
    public long fileBytes() {
        checkFinished();
        return out.position();
    }

    /// CRC32C of all bytes of the finished file, for the manifest.
    public int fileChecksum() {
        checkFinished();
        return fileChecksum;
    }

    private void checkFinished() {
        if (state != State.FINISHED) {
            throw new IllegalStateException(file.path() + ": writer is " + state);
        }
    }

    /// Closes the unfinished file, which stays where it is. Idempotent; nothing after [#finish].
    public void abort() throws IOException {
        if (state != State.FINISHED && state != State.ABORTED) {
            state = State.ABORTED;
            out.close();
            file.close();
        }
    }

    @Override
    public void close() throws IOException {
        abort();
    }

    /// Every step fails the writer unless it comes to its end.
    private void begin() {
        if (state != State.OPEN) {
            throw new IllegalStateException(file.path() + ": writer is " + state);
        }
        state = State.FAILED;
    }

    /// Adds an item. This is in one piece on purpose, and larger than what HotSpot makes part of its
    /// callers: it is compiled once then, and not again within each of the methods above it, which took
    /// a fourth of all the time that writing a few million rows takes.
    private void item(
            int code,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength)
            throws IOException {
        if (keyLength > SSTableFormat.KEY_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "%s: key is %d bytes, limit is %d"
                            .formatted(file.path(), keyLength, SSTableFormat.KEY_BYTES_MAX));
        }
        int shared = Arrays.mismatch(lastKey, 0, lastLength, key, keyOffset, keyOffset + keyLength);
        boolean ascends =
                shared == lastLength
                        || shared >= 0
                                && shared < keyLength
                                && (lastKey[shared] & 0xff) < (key[keyOffset + shared] & 0xff);
        if (!ascends) {
            throw notAscending(key, keyOffset, keyLength);
        }
        boolean beginsPartition = lastLength == 0 || shared < partitionLength;
        if (beginsPartition) {
            beginPartition(key, keyOffset, keyLength);
        }
        int bytes = keyLength - shared + valueLength + 4;
        if (block.isEmpty()) {
            beginBlock(key, keyOffset, 0);
        } else if (block.size() + bytes > options.blockBytes()) {
            flushBlock();
            if (page.size() >= options.indexPageBytes()
                    || hashCount >= SSTableFormat.FILTER_PAGE_PARTITIONS_MAX) {
                flushPage();
            }
            beginBlock(key, keyOffset, shared + 1);
        }
        if (beginsPartition || hashCount == 0) {
            addHash(BloomFilter.hash(key, keyOffset));
        }
        block.add(code, shared, key, keyOffset, keyLength, value, valueOffset, valueLength);
        if (lastKey.length < keyLength) {
            lastKey = Arrays.copyOf(lastKey, Math.max(keyLength, 2 * lastKey.length));
        }
        System.arraycopy(key, keyOffset + shared, lastKey, shared, keyLength - shared);
        lastLength = keyLength;
        if (code != SSTableFormat.CODE_BOUNDARY) {
            statistics.entry(code, key, keyOffset, keyLength, value, valueOffset, valueLength);
        }
    }

    private IllegalArgumentException notAscending(byte[] key, int offset, int length) {
        return new IllegalArgumentException(
                "%s: key %s does not follow %s"
                        .formatted(
                                file.path(),
                                SSTableFormat.hex(key, offset, length),
                                SSTableFormat.hex(lastKey, 0, lastLength)));
    }

    private void beginPartition(byte[] key, int offset, int length) {
        if (length <= RowKeys.PARTITION_KEY_OFFSET
                || length <= RowKeys.partitionLength(key, offset)) {
            throw new IllegalArgumentException(
                    "%s: key %s of %d bytes is no row key"
                            .formatted(
                                    file.path(), SSTableFormat.hex(key, offset, length), length));
        }
        if (deletionTimestamp != RowCursor.NO_DELETION) {
            throw new IllegalArgumentException(
                    "%s: key %s begins a partition, but deletion %d of the one before is in force"
                            .formatted(
                                    file.path(),
                                    SSTableFormat.hex(key, offset, length),
                                    deletionTimestamp));
        }
        partitionLength = RowKeys.partitionLength(key, offset);
        statistics.beginPartition();
    }

    private void addHash(long hash) {
        if (hashCount == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * hashCount);
        }
        hashes[hashCount++] = hash;
    }

    private void beginBlock(byte[] key, int keyOffset, int separatorLength) {
        separator.clear().writeBytes(key, keyOffset, separatorLength);
        blockDeletionTimestamp = deletionTimestamp;
        blockDeletionTime = deletionTime;
    }

    private void flushBlock() throws IOException {
        ByteWriter raw = block.finish();
        rawBytes += raw.length();
        blocks++;
        long offset = out.writeCompressed(raw);
        block.clear();
        indexValue.clear().writeVarint(offset).writeVarint(out.lastLength());
        int code = SSTableFormat.CODE_PLAIN;
        if (blockDeletionTimestamp != RowCursor.NO_DELETION) {
            code = SSTableFormat.CODE_IN_DELETION;
            SSTableFormat.writeDeletion(indexValue, blockDeletionTimestamp, blockDeletionTime);
        }
        page.add(code, separator, indexValue);
    }

    private void flushPage() throws IOException {
        int filterLength = 0;
        if (options.filterFpChance() < 1) {
            filter.clear();
            BloomFilter.write(hashes, hashCount, options.filterFpChance(), filter);
            out.writeRaw(filter.array(), filter.length());
            filterLength = out.lastLength();
        }
        hashCount = 0;
        long offset = out.writeCompressed(page.finish());
        indexPages++;
        indexValue.clear().writeVarint(offset).writeVarint(out.lastLength());
        indexValue.writeVarint(filterLength);
        root.add(SSTableFormat.CODE_PLAIN, page.first(), indexValue);
        page.clear();
    }

    static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /// Of all of the footer but the checksum itself.
    static int footerCrc(byte[] footer) {
        CRC32C crc = new CRC32C();
        crc.update(footer, 0, SSTableFormat.FOOTER_CRC_AT);
        int rest = SSTableFormat.FOOTER_VERSION_AT;
        crc.update(footer, rest, SSTableFormat.FOOTER_BYTES - rest);
        return (int) crc.getValue();
    }
}
