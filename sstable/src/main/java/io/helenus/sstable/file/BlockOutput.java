package io.helenus.sstable.file;

import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Compresses, checksums and writes blocks one after another, through one buffer. One thread. Does not
/// own the file.
final class BlockOutput implements AutoCloseable {
    private static final int BUFFER_BYTES = 128 << 10;

    /// What is written is forced that often, so that the force at the end is a short one: a long one
    /// would keep the forces of the commit log waiting.
    private static final int FORCED_EACH_BYTES = 32 << 20;

    private final BlockFile file;
    private final Compression compression;
    private final BlockCompressor compressor;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final CRC32C blockCrc = new CRC32C();
    private final CRC32C fileCrc = new CRC32C();
    private final ByteWriter trailer = new ByteWriter();

    private long position;
    private int lastLength;
    private int unforcedBytes;

    BlockOutput(BlockFile file, Compression compression) {
        this.file = file;
        this.compression = compression;
        compressor = new BlockCompressor(compression);
    }

    /// Where the next byte goes: the file's length so far.
    long position() {
        return position;
    }

    /// Length in the file of the block written last.
    int lastLength() {
        return lastLength;
    }

    /// Checksum of the file's bytes, once all are written and flushed.
    int fileChecksum() {
        return (int) fileCrc.getValue();
    }

    /// Writes a block, compressed if that saves enough.
    ///
    /// @return its offset
    long writeCompressed(ByteWriter raw) throws IOException {
        if (compression.codec() == SSTableFormat.CODEC_NONE) {
            return writeRaw(raw.array(), raw.length());
        }
        int size = compressor.compress(raw.array(), raw.length());
        return size < 0
                ? writeRaw(raw.array(), raw.length())
                : write(compressor.array(), size, raw.length(), compression.codec());
    }

    /// Writes a block as it is.
    ///
    /// @return its offset
    long writeRaw(byte[] raw, int length) throws IOException {
        return write(raw, length, length, SSTableFormat.CODEC_NONE);
    }

    private long write(byte[] payload, int length, int rawLength, int codec) throws IOException {
        long offset = position;
        trailer.clear().writeInt(rawLength).writeByte(codec);
        blockCrc.reset();
        blockCrc.update(payload, 0, length);
        // The offset is part of the checksum only: a block in the wrong place does not pass.
        trailer.writeLong(offset);
        blockCrc.update(trailer.array(), 0, trailer.length());
        trailer.setLength(Integer.BYTES + 1).writeInt((int) blockCrc.getValue());
        writeBytes(payload, length);
        writeBytes(trailer.array(), trailer.length());
        lastLength = length + SSTableFormat.BLOCK_TRAILER_BYTES;
        return offset;
    }

    /// Writes bytes that are no block: header and footer.
    void writeBytes(byte[] bytes, int length) throws IOException {
        int done = 0;
        while (done < length) {
            int part = Math.min(length - done, buffer.remaining());
            buffer.put(bytes, done, part);
            done += part;
            if (!buffer.hasRemaining()) {
                flush();
            }
        }
        position += length;
    }

    void flush() throws IOException {
        buffer.flip();
        fileCrc.update(buffer);
        buffer.rewind();
        unforcedBytes += buffer.remaining();
        file.write(buffer);
        buffer.clear();
        if (unforcedBytes >= FORCED_EACH_BYTES) {
            file.force();
            unforcedBytes = 0;
        }
    }

    @Override
    public void close() {
        compressor.close();
    }
}
