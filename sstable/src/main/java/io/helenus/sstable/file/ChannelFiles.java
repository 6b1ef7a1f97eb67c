package io.helenus.sstable.file;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// SSTables on a file system, through `FileChannel`. Stateless.
public final class ChannelFiles implements SSTableFiles {

    @Override
    public BlockFile create(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new ChannelFile(path, channel, false);
    }

    @Override
    public BlockFile open(Path path) throws IOException {
        return new ChannelFile(path, FileChannel.open(path, StandardOpenOption.READ), true);
    }

    /// An interrupted thread closes a `FileChannel` for everyone. A file that is read therefore opens
    /// its channel again: only the interrupted thread gets an exception.
    private static final class ChannelFile implements BlockFile {
        private static final int REOPENS_MAX = 100;

        private final Path path;
        private final boolean reopens;
        private volatile FileChannel channel;
        private volatile boolean closed;

        /// Of a file that is read. Nobody reads it when it is closed: whoever reads has it pinned.
        private final int descriptor;

        ChannelFile(Path path, FileChannel channel, boolean reopens) {
            this.path = path;
            this.channel = channel;
            this.reopens = reopens;
            descriptor = reopens ? PageCache.open(path) : PageCache.NO_FILE;
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int start = target.position();
            for (int attempt = 0; ; attempt++) {
                try {
                    return channel.read(target, position);
                } catch (ClosedByInterruptException e) {
                    InterruptedIOException interrupted =
                            new InterruptedIOException(
                                    "%s: interrupted while reading at %d"
                                            .formatted(path, position));
                    interrupted.initCause(e);
                    throw interrupted;
                } catch (ClosedChannelException e) {
                    if (closed || !reopens || attempt == REOPENS_MAX) {
                        throw e;
                    }
                    target.position(start);
                    reopen();
                }
            }
        }

        @Override
        public boolean readNow(ReadBuffer target, int bytes, long position) {
            return descriptor != PageCache.NO_FILE
                    && !closed
                    && target.readNow(descriptor, bytes, position);
        }

        private synchronized void reopen() throws IOException {
            if (!channel.isOpen() && !closed) {
                channel = FileChannel.open(path, StandardOpenOption.READ);
            }
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            while (source.hasRemaining()) {
                channel.write(source);
            }
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void force() throws IOException {
            channel.force(true);
        }

        @Override
        public synchronized void close() throws IOException {
            if (!closed) {
                closed = true;
                if (descriptor != PageCache.NO_FILE) {
                    PageCache.close(descriptor);
                }
            }
            channel.close();
        }
    }
}
