package io.helenus.engine.storage.memtable;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/// The memory of one stripe: what the partitions and entries of a memtable are made of, instead of
/// objects. The collector sees some large arrays without references, whatever the number of rows.
///
/// **Words** are 32-bit numbers that link things and change while readers look on: they are read with
/// acquire and set with release. A record of words is named by the index of its first one.
///
/// | record    | word | meaning                                                             |
/// |-----------|------|---------------------------------------------------------------------|
/// | partition | 0, 1 | token as in the row key, high and low half                          |
/// |           | 2    | next partition                                                      |
/// |           | 3    | block of its prefix: token, length, partition key                   |
/// |           | 4    | rows: 0 none, 1 the entry that follows in 6, else a list's record   |
/// |           | 5    | range deletions: their number in the stripe, 0 none                 |
/// |           | 6, 7 | its only entry                                                      |
/// | entry     | 0    | block of its position: u32 length, bytes                            |
/// |           | 1    | block of its newest version                                         |
///
/// Lists are [RowList]'s. **Blocks** are bytes that do not change from when they can be reached until
/// they are given back. A block is named by its offset in units of eight bytes. That of a version:
///
/// | field    | type | meaning                                                                  |
/// |----------|------|--------------------------------------------------------------------------|
/// | sequence | i64  | of the mutation that made it                                             |
/// | older    | u32  | block of the version that it superseded; 0 if none, or nobody needs it   |
/// | length   | i32  | of the value                                                             |
/// | value    | n    | an entry, see [io.helenus.sstable.model]                                 |
///
/// Both kinds lie in chunks that double in size up to those of the [ChunkPool], so a stripe with three
/// rows is small; a block that is larger than half of such a chunk is a chunk by itself. Versions that
/// are given back are used again, by size. 0 names nothing.
///
/// The stripe's holder allocates and sets; readers who follow only what was published to them, or what
/// they reach from there, find all chunks in place.
final class StripeMemory {
    static final int PARTITION_WORDS = 8;
    static final int ENTRY_WORDS = 2;
    static final int ROWS_ONE = 1;
    static final int VERSION_HEADER_BYTES = 16;

    private static final int NEXT = 2;
    private static final int PREFIX = 3;
    private static final int ROWS = 4;
    private static final int DELETIONS = 5;
    private static final int ONLY_ENTRY = 6;

    private static final int OLDER = 8;
    private static final int LENGTH = 12;

    private static final int UNIT_BITS = 3;
    private static final int WORD_BITS = 14;
    private static final int WORD_MASK = (1 << WORD_BITS) - 1;
    private static final int BLOCK_BITS = 16 - UNIT_BITS;
    private static final int BLOCK_MASK = (1 << BLOCK_BITS) - 1;
    private static final int CHUNK_BYTES_FIRST = 256;
    private static final int BLOCK_BYTES_MAX = ChunkPool.CHUNK_BYTES / 2;

    // Sizes of versions that are kept for reuse: by 8 bytes up to 1 KiB, then by 512.
    private static final int SMALL_BYTES_MAX = 1 << 10;
    private static final int SMALL_CLASSES = SMALL_BYTES_MAX >> 3;
    private static final int LARGE_STEP_BITS = 9;
    private static final int CLASSES = SMALL_CLASSES + 1 + (BLOCK_BYTES_MAX >> LARGE_STEP_BITS);

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(int[].class);

    private final ChunkPool pool;

    private int[][] words = new int[2][];
    private byte[][] blocks = new byte[2][];

    // The holder's.
    private int wordChunks;
    private int wordTop;
    private int[] wordChunk = {};
    private int blockChunks;
    private int blockChunkIndex;
    private int blockTop;
    private byte[] blockChunk = {};
    private int[] freeVersions = {};
    private int[] freeIndexes = {};
    private int freeIndexCount;
    private long bytes;

    StripeMemory(ChunkPool pool) {
        this.pool = pool;
        growWords(PARTITION_WORDS);
        wordTop = PARTITION_WORDS; // 0 is no record, 1 is ROWS_ONE
        growBlocks(1 << UNIT_BITS);
        blockTop = 1 << UNIT_BITS;
    }

    /// Of all chunks.
    long bytes() {
        return bytes;
    }

    /// Gives all chunks back. Whoever still reads or writes fails.
    void free() {
        int[][] freeWords = words;
        byte[][] freeBlocks = blocks;
        words = new int[0][];
        blocks = new byte[0][];
        for (int[] chunk : freeWords) {
            pool.giveBack(chunk);
        }
        for (byte[] chunk : freeBlocks) {
            pool.giveBack(chunk);
        }
    }

    // ---- Words

    int word(int index) {
        return words[index >>> WORD_BITS][index & WORD_MASK];
    }

    int wordAcquire(int index) {
        return (int) WORD.getAcquire(words[index >>> WORD_BITS], index & WORD_MASK);
    }

    void setWord(int index, int value) {
        words[index >>> WORD_BITS][index & WORD_MASK] = value;
    }

    void setWordRelease(int index, int value) {
        WORD.setRelease(words[index >>> WORD_BITS], index & WORD_MASK, value);
    }

    /// A record, with anything in it.
    int newWords(int count) {
        if (wordTop + count > wordChunk.length) {
            growWords(count);
        }
        int index = wordChunks - 1 << WORD_BITS | wordTop;
        wordTop += count;
        return index;
    }

    private void growWords(int count) {
        if (wordChunks == words.length) {
            words = Arrays.copyOf(words, 2 * wordChunks);
        }
        int wanted = Math.max(count, doubled(wordChunks) / Integer.BYTES);
        wordChunk = wanted < ChunkPool.CHUNK_WORDS ? new int[wanted] : pool.takeWords();
        words[wordChunks++] = wordChunk;
        wordTop = 0;
        bytes += (long) wordChunk.length * Integer.BYTES;
    }

    private static int doubled(int chunks) {
        return CHUNK_BYTES_FIRST << Math.min(chunks, 8);
    }

    // ---- Blocks

    byte[] chunk(int block) {
        return blocks[block >>> BLOCK_BITS];
    }

    static int offset(int block) {
        return (block & BLOCK_MASK) << UNIT_BITS;
    }

    private int newBlock(int size) {
        int rounded = size + (1 << UNIT_BITS) - 1 & -(1 << UNIT_BITS);
        if (rounded > BLOCK_BYTES_MAX) {
            return newOwnChunk(rounded);
        }
        if (blockTop + rounded > blockChunk.length) {
            growBlocks(rounded);
        }
        int block = blockChunkIndex << BLOCK_BITS | blockTop >>> UNIT_BITS;
        blockTop += rounded;
        return block;
    }

    private void growBlocks(int size) {
        int wanted = Math.max(size, doubled(blockChunks));
        blockChunk = wanted < ChunkPool.CHUNK_BYTES ? new byte[wanted] : pool.takeBlocks();
        blockChunkIndex = addChunk(blockChunk);
        blockTop = 0;
    }

    private int newOwnChunk(int size) {
        byte[] chunk = new byte[size];
        if (freeIndexCount > 0) {
            int index = freeIndexes[--freeIndexCount];
            blocks[index] = chunk;
            bytes += size;
            return index << BLOCK_BITS;
        }
        return addChunk(chunk) << BLOCK_BITS;
    }

    private int addChunk(byte[] chunk) {
        if (blockChunks == blocks.length) {
            blocks = Arrays.copyOf(blocks, 2 * blockChunks);
        }
        if (blockChunks == 1 << Integer.SIZE - BLOCK_BITS) {
            throw new IllegalStateException("A stripe of a memtable has no room for more chunks");
        }
        blocks[blockChunks] = chunk;
        bytes += chunk.length;
        return blockChunks++;
    }

    // ---- Partitions

    /// A partition without rows and deletions.
    int newPartition(byte[] key, int offset, int length, int next) {
        int block = newBlock(length);
        System.arraycopy(key, offset, chunk(block), offset(block), length);
        long token = ByteWriter.getLong(key, offset);
        int partition = newWords(PARTITION_WORDS);
        setWord(partition, (int) (token >>> Integer.SIZE));
        setWord(partition + 1, (int) token);
        setWord(partition + NEXT, next);
        setWord(partition + PREFIX, block);
        setWord(partition + ROWS, 0);
        setWord(partition + DELETIONS, 0);
        setWord(partition + ONLY_ENTRY, 0);
        setWord(partition + ONLY_ENTRY + 1, 0);
        return partition;
    }

    long token(int partition) {
        int[] chunk = words[partition >>> WORD_BITS];
        int at = partition & WORD_MASK;
        return (long) chunk[at] << Integer.SIZE | chunk[at + 1] & 0xffff_ffffL;
    }

    int next(int partition) {
        return wordAcquire(partition + NEXT);
    }

    void setNext(int partition, int next) {
        setWordRelease(partition + NEXT, next);
    }

    byte[] prefixArray(int partition) {
        return chunk(word(partition + PREFIX));
    }

    int prefixOffset(int partition) {
        return offset(word(partition + PREFIX));
    }

    int prefixLength(int partition) {
        int block = word(partition + PREFIX);
        return RowKeys.partitionLength(chunk(block), offset(block));
    }

    /// Order by prefix; `token` is that of the other one.
    int comparePartition(int partition, long token, byte[] other, int offset, int length) {
        long own = token(partition);
        if (own != token) {
            return Long.compareUnsigned(own, token);
        }
        int block = word(partition + PREFIX);
        byte[] chunk = chunk(block);
        int at = offset(block);
        return Arrays.compareUnsigned(
                chunk,
                at + RowKeys.TOKEN_BYTES,
                at + RowKeys.partitionLength(chunk, at),
                other,
                offset + RowKeys.TOKEN_BYTES,
                offset + length);
    }

    /// Whether all keys of a partition come before a key of any form.
    boolean endsBefore(int partition, byte[] key, int offset, int length) {
        return startsBefore(partition, key, offset, length)
                && !isPrefixOf(partition, key, offset, length);
    }

    /// Whether a key of a partition can come before a key of any form.
    boolean startsBefore(int partition, byte[] key, int offset, int length) {
        int block = word(partition + PREFIX);
        byte[] chunk = chunk(block);
        int at = offset(block);
        int end = at + RowKeys.partitionLength(chunk, at);
        return Arrays.compareUnsigned(chunk, at, end, key, offset, offset + length) < 0;
    }

    boolean isPrefixOf(int partition, byte[] key, int offset, int length) {
        int block = word(partition + PREFIX);
        byte[] chunk = chunk(block);
        int at = offset(block);
        return RowKeys.startsWith(
                key, offset, length, chunk, at, RowKeys.partitionLength(chunk, at));
    }

    int rows(int partition) {
        return wordAcquire(partition + ROWS);
    }

    void setRows(int partition, int rows) {
        setWordRelease(partition + ROWS, rows);
    }

    static int onlyEntry(int partition) {
        return partition + ONLY_ENTRY;
    }

    int deletions(int partition) {
        return wordAcquire(partition + DELETIONS);
    }

    void setDeletions(int partition, int number) {
        setWordRelease(partition + DELETIONS, number);
    }

    // ---- Entries

    /// Writes a new entry, which nobody can reach yet, without a version.
    void initEntry(int entry, byte[] position, int offset, int length) {
        int block = newBlock(Integer.BYTES + length);
        byte[] chunk = chunk(block);
        int at = offset(block);
        Blocks.setInt(chunk, at, length);
        System.arraycopy(position, offset, chunk, at + Integer.BYTES, length);
        setWord(entry, block);
        setWord(entry + 1, 0);
    }

    /// Makes an entry that is not linked yet the same as another one.
    void copyEntry(int from, int to) {
        setWord(to, word(from));
        setWord(to + 1, word(from + 1));
    }

    byte[] positionArray(int entry) {
        return chunk(word(entry));
    }

    int positionOffset(int entry) {
        return offset(word(entry)) + Integer.BYTES;
    }

    int positionLength(int entry) {
        int block = word(entry);
        return Blocks.getInt(chunk(block), offset(block));
    }

    int comparePosition(int entry, byte[] key, int offset, int length) {
        int block = word(entry);
        byte[] chunk = chunk(block);
        int at = offset(block);
        int start = at + Integer.BYTES;
        int end = start + Blocks.getInt(chunk, at);
        return Arrays.compareUnsigned(chunk, start, end, key, offset, offset + length);
    }

    int head(int entry) {
        return wordAcquire(entry + 1);
    }

    void setHead(int entry, int version) {
        setWordRelease(entry + 1, version);
    }

    // ---- Versions

    int newVersion(long sequence, int older, byte[] value, int offset, int length) {
        int version = newVersionBlock(VERSION_HEADER_BYTES + length);
        byte[] chunk = chunk(version);
        int at = offset(version);
        Blocks.setLong(chunk, at, sequence);
        Blocks.setInt(chunk, at + OLDER, older);
        Blocks.setInt(chunk, at + LENGTH, length);
        System.arraycopy(value, offset, chunk, at + VERSION_HEADER_BYTES, length);
        return version;
    }

    private int newVersionBlock(int size) {
        int sizeClass = sizeClass(size);
        if (sizeClass < freeVersions.length && freeVersions[sizeClass] != 0) {
            int block = freeVersions[sizeClass];
            freeVersions[sizeClass] = Blocks.getInt(chunk(block), offset(block));
            return block;
        }
        return newBlock(sizeClass >= CLASSES ? size : classBytes(sizeClass));
    }

    /// Replaces the value of a version that is not published.
    ///
    /// @return false if the new one needs another block
    boolean setValue(int version, byte[] value, int length) {
        byte[] chunk = chunk(version);
        int at = offset(version);
        int now = sizeClass(VERSION_HEADER_BYTES + Blocks.getInt(chunk, at + LENGTH));
        if (now >= CLASSES || now != sizeClass(VERSION_HEADER_BYTES + length)) {
            return false;
        }
        Blocks.setInt(chunk, at + LENGTH, length);
        System.arraycopy(value, 0, chunk, at + VERSION_HEADER_BYTES, length);
        return true;
    }

    /// Takes back a version that no reader can get to.
    void freeVersion(int version) {
        byte[] chunk = chunk(version);
        int at = offset(version);
        int sizeClass = sizeClass(VERSION_HEADER_BYTES + Blocks.getInt(chunk, at + LENGTH));
        if (sizeClass >= CLASSES) {
            freeOwnChunk(version >>> BLOCK_BITS);
            return;
        }
        if (freeVersions.length == 0) {
            freeVersions = new int[CLASSES];
        }
        Blocks.setInt(chunk, at, freeVersions[sizeClass]);
        freeVersions[sizeClass] = version;
    }

    private void freeOwnChunk(int index) {
        bytes -= blocks[index].length;
        blocks[index] = new byte[0];
        if (freeIndexCount == freeIndexes.length) {
            freeIndexes = Arrays.copyOf(freeIndexes, Math.max(8, 2 * freeIndexCount));
        }
        freeIndexes[freeIndexCount++] = index;
    }

    /// [#CLASSES] and more for what is a chunk by itself.
    private static int sizeClass(int size) {
        if (size <= SMALL_BYTES_MAX) {
            return size + 7 >> 3;
        }
        int steps = size + (1 << LARGE_STEP_BITS) - 1 >> LARGE_STEP_BITS;
        return steps << LARGE_STEP_BITS > BLOCK_BYTES_MAX ? CLASSES : SMALL_CLASSES + steps;
    }

    private static int classBytes(int sizeClass) {
        return sizeClass <= SMALL_CLASSES
                ? sizeClass << 3
                : sizeClass - SMALL_CLASSES << LARGE_STEP_BITS;
    }

    long sequence(int version) {
        return Blocks.getLong(chunk(version), offset(version));
    }

    int older(int version) {
        return Blocks.getInt(chunk(version), offset(version) + OLDER);
    }

    void setOlder(int version, int older) {
        Blocks.setInt(chunk(version), offset(version) + OLDER, older);
    }

    int valueLength(int version) {
        return Blocks.getInt(chunk(version), offset(version) + LENGTH);
    }

    static int valueOffset(int version) {
        return offset(version) + VERSION_HEADER_BYTES;
    }

    /// The newest version that a reader at `sequence` may see, or 0.
    int versionAt(int entry, long sequence) {
        int version = head(entry);
        while (version != 0 && sequence(version) > sequence) {
            version = older(version);
        }
        return version;
    }
}
