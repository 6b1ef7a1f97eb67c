package io.helenus.sstable.file;

import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// Files in memory that fail on demand and count what is asked of them. One thread.
final class MemoryFiles implements SSTableFiles {
    final Map<Path, byte[]> contents = new TreeMap<>();

    /// Bytes that can still be written before the disk is full.
    long room = Long.MAX_VALUE;

    boolean failsForce;

    /// Reads that touch this offset fail; -1 for none.
    long badSector = -1;

    /// The most that one read returns.
    int readBytesMax = Integer.MAX_VALUE;

    int reads;
    int openFiles;
    int forces;

    /// The bytes of a file that is there.
    byte[] content(Path path) {
        byte[] content = contents.get(path);
        if (content == null) {
            throw new AssertionError("no file " + path);
        }
        return content;
    }

    @Override
    public BlockFile create(Path path) throws IOException {
        if (contents.putIfAbsent(path, new byte[0]) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        return new MemoryFile(path);
    }

    @Override
    public BlockFile open(Path path) throws IOException {
        if (!contents.containsKey(path)) {
            throw new FileNotFoundException(path.toString());
        }
        return new MemoryFile(path);
    }

    private final class MemoryFile implements BlockFile {
        private final Path path;
        private final ByteArrayOutputStream written = new ByteArrayOutputStream();
        private boolean closed;

        MemoryFile(Path path) {
            this.path = path;
            openFiles++;
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            checkOpen();
            reads++;
            byte[] content = contents.getOrDefault(path, new byte[0]);
            if (position >= content.length) {
                return -1;
            }
            int count = Math.min(target.remaining(), content.length - (int) position);
            count = Math.min(count, readBytesMax);
            if (badSector >= position && badSector < position + count) {
                throw new IOException("bad sector " + badSector);
            }
            target.put(content, (int) position, count);
            return count;
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            checkOpen();
            if (source.remaining() > room) {
                throw new IOException("No space left on device");
            }
            room -= source.remaining();
            while (source.hasRemaining()) {
                written.write(source.get());
            }
            contents.put(path, written.toByteArray());
        }

        @Override
        public long size() throws IOException {
            checkOpen();
            return contents.getOrDefault(path, new byte[0]).length;
        }

        @Override
        public void force() throws IOException {
            checkOpen();
            if (failsForce) {
                throw new IOException("force failed");
            }
            forces++;
        }

        private void checkOpen() throws IOException {
            if (closed) {
                throw new ClosedChannelException();
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                openFiles--;
            }
        }
    }
}
