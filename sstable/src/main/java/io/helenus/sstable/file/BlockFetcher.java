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
    private static final int READ_AHEAD_BYTES = 128 << 10;
    private static final byte[] NOTHING = new byte[0];

    private final BlockKey probe = new BlockKey();
    private final CRC32C crc = new CRC32C();
    private final byte[] offsetBytes = new byte[Long.BYTES];
    private final ByteBuffer offsetBuffer = ByteBuffer.wrap(offsetBytes);
    private @Nullable LZ4SafeDecompressor decompressor;

    /// Bytes of the file as read, from `windowStart` up to `windowEnd`.
    private ByteBuffer window = ByteBuffer.wrap(NOTHING);

    private @Nullable SSTableReader windowReader;
    private long windowStart;
    private long windowEnd;

    /// Where blocks go that are not cached.
    private byte[] scratch = NOTHING;

    private byte[] bytes = NOTHING;
    private int length;

    /// What [#fetch] got. Not to be written to; of a scan's block valid until the next fetch.
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /// Lets go of what it holds of a reader; keeps buffers of an ordinary size.
    void clear() {
        bytes = NOTHING;
        length = 0;
        windowReader = null;
        if (scratch.length > READ_AHEAD_BYTES) {
            scratch = NOTHING;
        }
        if (window.capacity() > READ_AHEAD_BYTES) {
            window = ByteBuffer.wrap(NOTHING);
        }
    }

    /// Gets the block of `fileLength` bytes at `offset` of a reader's file.
    ///
    /// @throws BlockNotCachedException if it would have to be read and the mode forbids it
    void fetch(SSTableReader reader, long offset, int fileLength, ReadMode mode) {
        BlockCache cache = reader.cache();
        probe.set(reader.id(), offset);
        Block cached = mode == ReadMode.SCAN ? cache.peek(probe) : cache.get(probe);
        if (cached != null) {
            bytes = cached.bytes();
            length = bytes.length;
            return;
        }
        if (mode == ReadMode.CACHED) {
            throw BlockNotCachedException.INSTANCE;
        }
        boolean fills = mode == ReadMode.FILL;
        read(reader, offset, fileLength, fills, !fills);
        if (fills) {
            cache.put(reader.id(), offset, new Block(bytes));
        }
    }

    /// Gets a block from disk whether cached or not.
    ///
    /// @param fresh into an array of its own and of its exact length
    void read(SSTableReader reader, long offset, int fileLength, boolean fresh, boolean readAhead) {
        int trailer = SSTableFormat.BLOCK_TRAILER_BYTES;
        if (fileLength < trailer
                || fileLength > SSTableFormat.BLOCK_BYTES_MAX
                || offset < SSTableFormat.HEADER_BYTES
                || offset > reader.fileBytes() - fileLength) {
            throw new CorruptSSTableException(
                    reader.path(),
                    offset,
                    "block of %d bytes in a file of %d".formatted(fileLength, reader.fileBytes()));
        }
        int start = load(reader, offset, fileLength, readAhead);
        byte[] raw = window.array();
        int payload = fileLength - trailer;
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
            case SSTableFormat.CODEC_LZ4 ->
                    decompress(reader, offset, raw, start, payload, target, rawLength);
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
            SSTableReader reader,
            long offset,
            byte[] raw,
            int start,
            int payload,
            byte[] target,
            int rawLength) {
        LZ4SafeDecompressor lz4 = decompressor;
        if (lz4 == null) {
            lz4 = Compression.lz4Decompressor();
            decompressor = lz4;
        }
        int got;
        try {
            got = lz4.decompress(raw, start, payload, target, 0, rawLength);
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

    /// Makes the window hold these bytes of the file.
    ///
    /// @return where in the window they begin
    private int load(SSTableReader reader, long offset, int fileLength, boolean readAhead) {
        long end = offset + fileLength;
        boolean same = windowReader == reader;
        if (readAhead && same && offset >= windowStart && end <= windowEnd) {
            return (int) (offset - windowStart);
        }
        int wanted = fileLength;
        boolean sequential = same && offset >= windowEnd && offset - windowEnd < READ_AHEAD_BYTES;
        if (readAhead && sequential) {
            wanted = Math.max(wanted, READ_AHEAD_BYTES);
            wanted = (int) Math.min(wanted, reader.fileBytes() - offset);
        }
        windowReader = null; // holds nothing until the read is done
        if (window.capacity() < wanted) {
            window = ByteBuffer.allocate(Math.max(wanted, Math.min(2 * wanted, 32 << 10)));
        }
        window.clear().limit(wanted);
        try {
            while (window.hasRemaining()) {
                int got = reader.file().read(window, offset + window.position());
                if (got < 0) {
                    throw new CorruptSSTableException(
                            reader.path(), offset, "file ends here", window.position(), wanted);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s: reading %d bytes at %d: %s"
                            .formatted(reader.path(), wanted, offset, e.getMessage()),
                    e);
        }
        windowReader = reader;
        windowStart = offset;
        windowEnd = offset + wanted;
        return 0;
    }
}
