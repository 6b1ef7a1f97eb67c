package io.helenus.engine.node;

import io.helenus.engine.metadata.MetadataLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The directory that is one node's alone: a lock on a file in it keeps a second process, or a second
/// node of this one, out of it.
final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /// Refuses a directory within that of another node, which would take it for a part of its own. Makes
    /// nothing.
    ///
    /// @param own the data directory of the node itself, within which it may lie
    static void requireNotWithinAnother(Path path, Path own) throws IOException {
        Path ownReal = real(own);
        for (Path parent = real(path).getParent(); parent != null; parent = parent.getParent()) {
            boolean isNode =
                    Files.exists(parent.resolve(NodeMetadata.DIRECTORY).resolve(MetadataLog.NAME));
            if (isNode && !parent.equals(ownReal)) {
                throw new IOException(
                        "Directory %s lies within %s, the data directory of another node"
                                .formatted(path, parent));
            }
        }
    }

    /// Without symbolic links, also if it does not exist yet.
    private static Path real(Path path) throws IOException {
        Path absolute = path.toAbsolutePath().normalize();
        Path existing = absolute;
        while (!Files.exists(existing)) {
            Path parent = existing.getParent();
            if (parent == null) {
                return absolute;
            }
            existing = parent;
        }
        return existing.toRealPath().resolve(existing.relativize(absolute)).normalize();
    }

    /// @throws DataDirectoryInUseException if another node has it
    static DataDirectory open(Path path) throws IOException {
        Files.createDirectories(path);
        FileChannel channel =
                FileChannel.open(
                        path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = tryLock(channel);
        } finally {
            if (lock == null) {
                channel.close();
            }
        }
        if (lock == null) {
            throw new DataDirectoryInUseException(path);
        }
        return new DataDirectory(path, channel, lock);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        lock.release();
        channel.close();
    }
}
