package io.helenus.engine.bulk;

import io.helenus.sstable.file.BlockFile;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/// Sorted entries in a temporary file (layout: see the package). Immutable; read by several threads.
final class Spill {
    static final int CHECKSUM_BYTES = Integer.BYTES;

    private final Path path;
    private final BlockFile file;
    private final long[] firstTokens;
    private final long[] offsets;

    /// @param file open for reading; closed with this
    /// @param firstTokens of the first key of each block
    /// @param offsets where each block begins, and the end of the last
    Spill(Path path, BlockFile file, long[] firstTokens, long[] offsets) {
        this.path = path;
        this.file = file;
        this.firstTokens = firstTokens;
        this.offsets = offsets;
    }

    Path path() {
        return path;
    }

    int blocks() {
        return firstTokens.length;
    }

    long firstToken(int block) {
        return firstTokens[block];
    }

    int blockBytes(int block) {
        return (int) (offsets[block + 1] - offsets[block]);
    }

    long bytes() {
        return offsets[offsets.length - 1];
    }

    void close() throws IOException {
        file.close();
    }

    EntryCursor cursor(TokenSpan span) {
        int block = 0;
        int high = firstTokens.length;
        // The last block that begins before the span: entries of its first token may lie in there.
        while (high - block > 1) {
            int middle = (block + high) >>> 1;
            if (Long.compareUnsigned(firstTokens[middle], span.from()) < 0) {
                block = middle;
            } else {
                high = middle;
            }
        }
        return new Cursor(span, block);
    }

    private final class Cursor extends EntryCursor {
        private final TokenSpan span;
        private final CRC32C crc = new CRC32C();
        private byte[] bytes = new byte[0];
        private int block;
        private int at;
        private int end;

        Cursor(TokenSpan span, int block) {
            this.span = span;
            this.block = block;
        }

        @Override
        boolean advance() {
            while (true) {
                if (at == end) {
                    if (block == firstTokens.length || span.endsBefore(firstTokens[block])) {
                        return false;
                    }
                    readBlock();
                }
                readEntry();
                long token = ByteWriter.getLong(keyArray, keyOffset);
                if (span.endsBefore(token)) {
                    block = firstTokens.length;
                    at = end;
                    return false;
                }
                if (!span.beginsAfter(token)) {
                    return true;
                }
            }
        }

        private void readBlock() {
            int length = blockBytes(block);
            long offset = offsets[block];
            if (bytes.length < length) {
                bytes = new byte[length];
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
            try {
                while (buffer.hasRemaining()) {
                    if (file.read(buffer, offset + buffer.position()) < 0) {
                        throw damaged(offset);
                    }
                }
                crc.reset();
                crc.update(bytes, CHECKSUM_BYTES, length - CHECKSUM_BYTES);
                if ((int) crc.getValue() != ByteWriter.getInt(bytes, 0)) {
                    throw damaged(offset);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(path + ": " + e.getMessage(), e);
            }
            at = CHECKSUM_BYTES;
            end = length;
            block++;
        }

        private IOException damaged(long offset) {
            return new IOException(
                    "temporary file %s is not what was written: block at %d"
                            .formatted(path, offset));
        }

        private void readEntry() {
            keyLength = varint();
            valueLength = varint();
            keyArray = bytes;
            keyOffset = at;
            valueArray = bytes;
            valueOffset = at + keyLength;
            at = valueOffset + valueLength;
        }

        private int varint() {
            int value = 0;
            for (int shift = 0; ; shift += 7) {
                byte b = bytes[at++];
                value |= (b & 0x7f) << shift;
                if (b >= 0) {
                    return value;
                }
            }
        }

        @Override
        public void close() {
            block = firstTokens.length;
            at = 0;
            end = 0;
        }
    }
}
