package io.helenus.engine.bulk;

import io.helenus.engine.storage.files.StorageFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The directory that an output is written in until it is whole (see the package). One thread.
final class BulkDirectory implements AutoCloseable {
    static final String INCOMPLETE_ENDING = ".incomplete";

    private static final String LOCK = "lock";
    private static final Pattern OURS =
            Pattern.compile("lock|[0-9]+\\.spill|[0-9]+-[0-9]+\\.sst\\.tmp|[0-9]+\\.sst");

    private final StorageFiles files;
    private final Path target;
    private final Path work;
    private final FileChannel channel;
    private final FileLock lock;
    private boolean published;
    private boolean closed;

    private BulkDirectory(
            StorageFiles files, Path target, Path work, FileChannel channel, FileLock lock) {
        this.files = files;
        this.target = target;
        this.work = work;
        this.channel = channel;
        this.lock = lock;
    }

    /// Makes the directory, and deletes what an interrupted run has left in it.
    ///
    /// @param directory of the output: does not exist yet, or is empty
    /// @throws IOException if it is not, or if another process is writing the same output
    static BulkDirectory create(StorageFiles files, Path directory) throws IOException {
        Path target = directory.toAbsolutePath().normalize();
        Path name = target.getFileName();
        if (name == null) {
            throw new IOException(directory + " is no directory that could be written as a whole");
        }
        if (files.exists(target) && !files.list(target).isEmpty()) {
            throw new IOException(
                    "%s is not empty: SSTables are written into a directory of their own"
                            .formatted(directory));
        }
        Path work = target.resolveSibling(name + INCOMPLETE_ENDING);
        files.createDirectories(work);
        FileChannel channel =
                FileChannel.open(
                        work.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = null;
        try {
            lock = tryLock(channel);
            if (lock == null) {
                throw new IOException("Another process is writing " + directory);
            }
            deleteLeftovers(files, work);
            return new BulkDirectory(files, target, work, channel, lock);
        } catch (IOException | RuntimeException e) {
            channel.close(); // the lock with it
            throw e;
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static void deleteLeftovers(StorageFiles files, Path work) throws IOException {
        for (Path path : files.list(work)) {
            String name = String.valueOf(path.getFileName());
            if (!OURS.matcher(name).matches()) {
                throw new IOException(
                        "%s is not ours: nothing is written where it is".formatted(path));
            }
            if (!name.equals(LOCK)) {
                files.delete(path);
            }
        }
    }

    Path file(String name) {
        return work.resolve(name);
    }

    /// Numbers the finished files and gives the directory its name, durably. All that is in it is
    /// complete and forced.
    ///
    /// @param written in the order of their keys
    List<BulkSummary.File> publish(List<BulkOutput.Written> written) throws IOException {
        List<BulkSummary.File> published = new ArrayList<>();
        for (BulkOutput.Written file : written) {
            String name = (published.size() + 1) + ".sst";
            files.move(file.path(), work.resolve(name));
            published.add(
                    new BulkSummary.File(
                            target.resolve(name),
                            file.bytes(),
                            file.metadata().partitions(),
                            file.metadata().rows() + file.metadata().staticRows()));
        }
        publish();
        return published;
    }

    private void publish() throws IOException {
        files.forceDirectory(work);
        files.move(work, target);
        published = true;
        Path parent = target.getParent();
        if (parent != null) {
            files.forceDirectory(parent);
        }
        files.delete(target.resolve(LOCK));
    }

    /// Deletes everything if it was not published. Idempotent.
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (channel;
                lock) {
            if (!published) {
                deleteLeftovers(files, work);
                files.delete(work.resolve(LOCK));
                files.delete(work);
            }
        }
    }
}
