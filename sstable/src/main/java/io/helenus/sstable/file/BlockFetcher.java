package io.helenus.sstable.file;

import io.helenus.sstable.cache.Block;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.cache.BlockKey;
import io.helenus.sstable.model.BlockNotCachedException;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4SafeDecompressor;
import org.jspecify.annotations.Nullable;

/// Gets blocks from cache or disk, checked. Keeps the last one; owns the buffers for reading, so it
/// belongs to one thread and is worth keeping.
final class BlockFetcher {
    static final int READ_AHEAD_BYTES = 128 << 10;

    /// Blocks that are read without waiting, from one use of a cursor or point to the next.
    private static final int READS_NOW_MAX = 4;

    private static final byte[] NOTHING = new byte[0];

    private final BlockKey probe = new BlockKey();
    private final CRC32C crc = new CRC32C();
    private final byte[] offsetBytes = new byte[Long.BYTES];
    private final ByteBuffer offsetBuffer = ByteBuffer.wrap(offsetBytes);
    private @Nullable LZ4SafeDecompressor decompressor;

    /// For single blocks.
    private final ReadBuffer single;

    /// The block as it is in the file begins there.
    private byte[] raw = NOTHING;

    private int rawAt;

    /// For several blocks at once: bytes of the file from `windowStart` up to `windowEnd`.
    private ByteBuffer window = ByteBuffer.wrap(NOTHING);

    private int readAheadBytes = READ_AHEAD_BYTES;
    private @Nullable SSTableReader windowReader;
    private long windowStart;
    private long windowEnd;

    /// Where the block read last ended, to notice that blocks are wanted in their order.
    private @Nullable SSTableReader lastReader;

    private long lastEnd;

    /// Where blocks go that are not cached.
    private byte[] scratch = NOTHING;

    private byte[] bytes = NOTHING;
    private int length;
    private boolean inScratch;

    /// Since the last [#clear].
    private int readsNow;

    BlockFetcher() {
        this(new ReadBuffer());
    }

    BlockFetcher(ReadBuffer single) {
        this.single = single;
    }

    /// Says how many bytes a scan reads at a time when it goes from block to block; 0 for one block.
    void readAhead(int bytes) {
        readAheadBytes = bytes;
    }

    /// What [#fetch] got. Not to be written to; of a scan's block valid until the next fetch.
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /// Lets go of what it holds of a reader, and of large buffers.
    void clear() {
        bytes = NOTHING;
        length = 0;
        readsNow = 0;
        raw = NOTHING;
        windowReader = null;
        lastReader = null;
        if (window.capacity() > 0) {
            window = ByteBuffer.wrap(NOTHING);
        }
        single.trim();
        if (scratch.length > READ_AHEAD_BYTES) {
            scratch = NOTHING;
        }
    }

    /// Gets the block of `fileLength` bytes at `offset` of a reader's file.
    ///
    /// @throws BlockNotCachedException if it would have to be read and the mode forbids it
    void fetch(SSTableReader reader, long offset, int fileLength, ReadMode mode) {
        fetch(reader, offset, fileLength, mode, true);
    }

    /// The same for one who is done with the block before the next fetch: if it is not worth a place in
    /// the cache it lies in a buffer that the next one overwrites, see [#isTransient].
    void fetchBriefly(SSTableReader reader, long offset, int fileLength, ReadMode mode) {
        fetch(reader, offset, fileLength, mode, false);
    }

    /// Whether what was got last is valid until the next fetch only.
    boolean isTransient() {
        return inScratch;
    }

    private void fetch(
            SSTableReader reader, long offset, int fileLength, ReadMode mode, boolean always) {
        BlockCache cache = reader.cache();
        probe.set(reader.id(), offset);
        Block cached = mode == ReadMode.SCAN ? cache.peek(probe) : cache.get(probe);
        if (cached != null) {
            bytes = cached.bytes();
            length = bytes.length;
            inScratch = false;
            return;
        }
        boolean scans = mode == ReadMode.SCAN;
        boolean fills = !scans && (always || cache.admits(probe));
        if (mode == ReadMode.CACHED) {
            readNow(reader, offset, fileLength, fills);
        } else {
            read(reader, offset, fileLength, fills, scans);
        }
        if (fills) {
            cache.put(reader.id(), offset, new Block(bytes));
        }
    }

    /// Gets a block from the operating system's memory.
    ///
    /// @param fresh into an array of its own and of its exact length
    /// @throws BlockNotCachedException if it is not there, or a few have been got so already: unpacking
    ///     takes its time, too
    void readNow(SSTableReader reader, long offset, int fileLength, boolean fresh) {
        checkPlace(reader, offset, fileLength);
        if (++readsNow > READS_NOW_MAX || !reader.file().readNow(single, fileLength, offset)) {
            throw BlockNotCachedException.INSTANCE;
        }
        windowReader = null; // its bytes are no longer the current ones
        raw = single.array();
        rawAt = 0;
        unpack(reader, offset, fileLength, fresh);
    }

    /// Gets a block from disk whether cached or not.
    ///
    /// @param fresh into an array of its own and of its exact length
    void read(SSTableReader reader, long offset, int fileLength, boolean fresh, boolean readAhead) {
        checkPlace(reader, offset, fileLength);
        load(reader, offset, fileLength, readAhead);
        unpack(reader, offset, fileLength, fresh);
    }

    private static void checkPlace(SSTableReader reader, long offset, int fileLength) {
        if (fileLength < SSTableFormat.BLOCK_TRAILER_BYTES
                || fileLength > SSTableFormat.BLOCK_BYTES_MAX
                || offset < SSTableFormat.HEADER_BYTES
                || offset > reader.fileBytes() - fileLength) {
            throw new CorruptSSTableException(
                    reader.path(),
                    offset,
                    "block of %d bytes in a file of %d".formatted(fileLength, reader.fileBytes()));
        }
    }

    /// Checks the block that lies in `raw`, and decompresses it.
    private void unpack(SSTableReader reader, long offset, int fileLength, boolean fresh) {
        int start = rawAt;
        int payload = fileLength - SSTableFormat.BLOCK_TRAILER_BYTES;
        int trailerAt = start + payload;
        offsetBuffer.putLong(0, offset);
        crc.reset();
        crc.update(raw, start, payload + Integer.BYTES + 1);
        crc.update(offsetBytes, 0, Long.BYTES);
        int expected = ByteWriter.getInt(raw, trailerAt + Integer.BYTES + 1);
        if ((int) crc.getValue() != expected) {
            throw CorruptSSTableException.checksum(
                    reader.path(), offset, (int) crc.getValue(), expected);
        }
        int rawLength = ByteWriter.getInt(raw, trailerAt);
        int codec = raw[trailerAt + Integer.BYTES];
        long lengthMax =
                switch (codec) {
                    case SSTableFormat.CODEC_LZ4 -> (long) payload * SSTableFormat.LZ4_RATIO_MAX;
                    case SSTableFormat.CODEC_ZSTD -> SSTableFormat.BLOCK_BYTES_MAX;
                    default -> payload;
                };
        if (rawLength < 0 || rawLength > Math.min(lengthMax, SSTableFormat.BLOCK_BYTES_MAX)) {
            throw new CorruptSSTableException(
                    reader.path(),
                    offset,
                    "%d bytes before compression, %d after, codec %d"
                            .formatted(rawLength, payload, codec));
        }
        byte[] target = target(rawLength, fresh);
        switch (codec) {
            case SSTableFormat.CODEC_NONE -> {
                if (rawLength != payload) {
                    throw new CorruptSSTableException(
                            reader.path(), offset, "length", payload, rawLength);
                }
                System.arraycopy(raw, start, target, 0, payload);
            }
            case SSTableFormat.CODEC_LZ4 -> decompress(reader, offset, payload, target, rawLength);
            case SSTableFormat.CODEC_ZSTD -> {
                int got = Compression.decompressZstd(raw, start, payload, target, rawLength);
                if (got != rawLength) {
                    throw new CorruptSSTableException(
                            reader.path(), offset, "decompressed length", got, rawLength);
                }
            }
            default ->
                    throw new CorruptSSTableException(
                            reader.path(), offset, "codec %d is unknown".formatted(codec));
        }
        bytes = target;
        length = rawLength;
        inScratch = !fresh;
    }

    private byte[] target(int rawLength, boolean fresh) {
        if (fresh) {
            return new byte[rawLength];
        }
        if (scratch.length < rawLength) {
            scratch = new byte[rawLength + rawLength / 4];
        }
        return scratch;
    }

    private void decompress(
            SSTableReader reader, long offset, int payload, byte[] target, int rawLength) {
        LZ4SafeDecompressor lz4 = decompressor;
        if (lz4 == null) {
            lz4 = Compression.lz4Decompressor();
            decompressor = lz4;
        }
        int got;
        try {
            got = lz4.decompress(raw, rawAt, payload, target, 0, rawLength);
        } catch (LZ4Exception e) {
            CorruptSSTableException corrupt =
                    new CorruptSSTableException(reader.path(), offset, "LZ4 data");
            corrupt.initCause(e);
            throw corrupt;
        }
        if (got != rawLength) {
            throw new CorruptSSTableException(
                    reader.path(), offset, "decompressed length", got, rawLength);
        }
    }

    /// Has these bytes of the file lie in `raw` from `rawAt` on.
    private void load(SSTableReader reader, long offset, int fileLength, boolean readAhead) {
        long end = offset + fileLength;
        if (readAhead && windowReader == reader && offset >= windowStart && end <= windowEnd) {
            rawAt = (int) (offset - windowStart);
            lastEnd = end;
            return;
        }
        boolean sequential = lastReader == reader && offset - lastEnd >= 0;
        sequential &= offset - lastEnd < READ_AHEAD_BYTES;
        lastReader = null; // nothing is known until the read is done
        if (readAhead && sequential && readAheadBytes > fileLength) {
            int wanted = (int) Math.min(readAheadBytes, reader.fileBytes() - offset);
            windowReader = null;
            if (window.capacity() < wanted) {
                window = ByteBuffer.allocate(readAheadBytes);
            }
            read(reader, offset, window.clear().limit(wanted));
            windowReader = reader;
            windowStart = offset;
            windowEnd = offset + wanted;
            raw = window.array();
        } else {
            read(reader, offset, single.room(fileLength));
            windowReader = null; // its bytes are no longer the current ones
            raw = single.array();
        }
        rawAt = 0;
        lastReader = reader;
        lastEnd = end;
    }

    private static void read(SSTableReader reader, long offset, ByteBuffer target) {
        int wanted = target.remaining();
        try {
            while (target.hasRemaining()) {
                int got = reader.file().read(target, offset + target.position());
                if (got < 0) {
                    throw new CorruptSSTableException(
                            reader.path(), offset, "file ends here", target.position(), wanted);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s: reading %d bytes at %d: %s"
                            .formatted(reader.path(), wanted, offset, e.getMessage()),
                    e);
        }
    }
}
