package io.helenus.sstable.file;

import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// An open SSTable. Any thread may read it, each with a [SSTableCursor] or [SSTablePoint] of its own.
///
/// Opening reads footer and statistics. The root of the index is read by the first use and kept; all
/// other blocks come and go through the cache. Counted: whoever pins the file (a View) retains and
/// releases it, and the last one out closes it. Closing deletes nothing.
public final class SSTableReader implements AutoCloseable {
    private final BlockFile file;
    private final BlockCache cache;
    private final long id;
    private final long fileBytes;
    private final long rootOffset;
    private final int rootLength;
    private final long schemaOffset;
    private final int schemaLength;
    private final SSTableMetadata metadata;

    private volatile byte @Nullable [] root;

    private final AtomicInteger references = new AtomicInteger(1);
    private volatile boolean closed;

    /// @throws CorruptSSTableException if header, footer or statistics are damaged
    /// @throws SSTableVersionException if a later version wrote the file
    public static SSTableReader open(SSTableFiles files, Path path, BlockCache cache)
            throws IOException {
        BlockFile file = files.open(path);
        try {
            return new SSTableReader(file, cache);
        } catch (IOException | RuntimeException e) {
            try {
                file.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    private SSTableReader(BlockFile file, BlockCache cache) throws IOException {
        this.file = file;
        this.cache = cache;
        id = cache.nextReaderId();
        fileBytes = file.size();
        int ends = SSTableFormat.HEADER_BYTES + SSTableFormat.FOOTER_BYTES;
        if (fileBytes < ends) {
            throw new CorruptSSTableException(
                    path(), 0, "the file has %d bytes, at least %d".formatted(fileBytes, ends));
        }
        checkHeader();
        byte[] footer = readFooter();
        rootOffset = ByteWriter.getLong(footer, SSTableFormat.FOOTER_ROOT_AT);
        rootLength = sectionLength(footer, SSTableFormat.FOOTER_ROOT_AT);
        schemaOffset = ByteWriter.getLong(footer, SSTableFormat.FOOTER_SCHEMA_AT);
        schemaLength = sectionLength(footer, SSTableFormat.FOOTER_SCHEMA_AT);
        long statisticsOffset = ByteWriter.getLong(footer, SSTableFormat.FOOTER_STATISTICS_AT);
        int statisticsLength = sectionLength(footer, SSTableFormat.FOOTER_STATISTICS_AT);
        if (schemaOffset != rootOffset + rootLength
                || statisticsOffset != schemaOffset + schemaLength
                || statisticsOffset + statisticsLength != footerOffset()) {
            throw new CorruptSSTableException(
                    path(),
                    footerOffset(),
                    "sections at %d, %d and %d do not follow each other"
                            .formatted(rootOffset, schemaOffset, statisticsOffset));
        }
        BlockFetcher fetcher = new BlockFetcher();
        fetcher.read(this, statisticsOffset, statisticsLength, true, false);
        metadata = new SSTableMetadata(fetcher.bytes(), path(), statisticsOffset);
    }

    private void checkHeader() throws IOException {
        byte[] header = readEnd(0, SSTableFormat.HEADER_BYTES);
        if (ByteWriter.getLong(header, 0) != SSTableFormat.MAGIC) {
            throw new CorruptSSTableException(path(), 0, "no SSTable: the magic number is missing");
        }
        int crc = SSTableWriter.crc(header, SSTableFormat.HEADER_CRC_AT);
        int expected = ByteWriter.getInt(header, SSTableFormat.HEADER_CRC_AT);
        if (crc != expected) {
            throw CorruptSSTableException.checksum(path(), 0, crc, expected);
        }
        checkVersion(header, 0, SSTableFormat.HEADER_VERSION_AT);
    }

    private byte[] readFooter() throws IOException {
        byte[] footer = readEnd(footerOffset(), SSTableFormat.FOOTER_BYTES);
        if (ByteWriter.getLong(footer, SSTableFormat.FOOTER_MAGIC_AT) != SSTableFormat.MAGIC) {
            throw new CorruptSSTableException(
                    path(), footerOffset(), "the magic number is missing: the file was cut");
        }
        int crc = SSTableWriter.footerCrc(footer);
        int expected = ByteWriter.getInt(footer, SSTableFormat.FOOTER_CRC_AT);
        if (crc != expected) {
            throw CorruptSSTableException.checksum(path(), footerOffset(), crc, expected);
        }
        checkVersion(footer, footerOffset(), SSTableFormat.FOOTER_VERSION_AT);
        int length = ByteWriter.getInt(footer, SSTableFormat.FOOTER_LENGTH_AT);
        if (length != SSTableFormat.FOOTER_BYTES) {
            throw new CorruptSSTableException(
                    path(), footerOffset(), "footer length", length, SSTableFormat.FOOTER_BYTES);
        }
        long written = ByteWriter.getLong(footer, SSTableFormat.FOOTER_FILE_BYTES_AT);
        if (written != fileBytes) {
            throw new CorruptSSTableException(
                    path(), footerOffset(), "file length", fileBytes, written);
        }
        return footer;
    }

    private void checkVersion(byte[] section, long offset, int at) {
        int version = ByteWriter.getInt(section, at);
        if (Integer.compareUnsigned(version, SSTableFormat.VERSION) > 0) {
            throw new SSTableVersionException(path(), version, SSTableFormat.VERSION);
        }
        if (version == 0) {
            throw new CorruptSSTableException(path(), offset + at, "version is 0");
        }
    }

    private static int sectionLength(byte[] footer, int at) {
        return ByteWriter.getInt(footer, at + Long.BYTES);
    }

    private byte[] readEnd(long offset, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (file.read(buffer, offset + buffer.position()) < 0) {
                throw new CorruptSSTableException(
                        path(), offset, "file ends here", buffer.position(), length);
            }
        }
        return buffer.array();
    }

    public Path path() {
        return file.path();
    }

    public long fileBytes() {
        return fileBytes;
    }

    /// What the file says about its content.
    public SSTableMetadata metadata() {
        return metadata;
    }

    /// The bytes that the writer was given to explain the file. Reads the disk.
    public byte[] schemaHeader() {
        BlockFetcher fetcher = new BlockFetcher();
        fetcher.read(this, schemaOffset, schemaLength, true, false);
        return fetcher.bytes();
    }

    /// Memory that the open file holds outside the block cache.
    public long pinnedBytes() {
        byte[] loaded = root;
        long pinned = metadata.encoded().length;
        return loaded == null ? pinned : pinned + loaded.length;
    }

    /// The root of the index, from memory or, if the mode permits, from disk.
    byte[] root(BlockFetcher fetcher, ReadMode mode) {
        byte[] loaded = root;
        if (loaded != null) {
            return loaded;
        }
        if (mode == ReadMode.CACHED) {
            fetcher.readNow(this, rootOffset, rootLength, true);
        } else {
            fetcher.read(this, rootOffset, rootLength, true, false);
        }
        loaded = fetcher.bytes();
        root = loaded;
        return loaded;
    }

    long id() {
        return id;
    }

    BlockCache cache() {
        return cache;
    }

    BlockFile file() {
        return file;
    }

    long rootOffset() {
        return rootOffset;
    }

    int rootLength() {
        return rootLength;
    }

    long footerOffset() {
        return fileBytes - SSTableFormat.FOOTER_BYTES;
    }

    /// Pins the file: it stays open until the matching [#release].
    ///
    /// @return false if it is closed already
    public boolean retain() {
        int count = references.get();
        while (count > 0) {
            if (references.compareAndSet(count, count + 1)) {
                return true;
            }
            count = references.get();
        }
        return false;
    }

    /// Unpins; the last one closes the file and takes its blocks out of the cache.
    public void release() {
        int left = references.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException(path() + ": released more often than retained");
        }
        if (left == 0) {
            cache.invalidate(id);
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(path() + ": " + e.getMessage(), e);
            }
        }
    }

    /// Gives up the opener's own pin. Idempotent.
    @Override
    public void close() {
        synchronized (references) {
            if (closed) {
                return;
            }
            closed = true;
        }
        release();
    }
}
