package io.helenus.engine.bulk;

import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.sstable.file.BlockFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// A file system with so many bytes of room.
record FullDisk(StorageFiles files, AtomicLong room) implements StorageFiles {
    FullDisk(StorageFiles files, long bytes) {
        this(files, new AtomicLong(bytes));
    }

    @Override
    public BlockFile create(Path path) throws IOException {
        return new Counted(files.create(path), room);
    }

    private record Counted(BlockFile file, AtomicLong room) implements BlockFile {
        @Override
        public Path path() {
            return file.path();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            if (room.addAndGet(-source.remaining()) < 0) {
                throw new IOException("No space left on device");
            }
            file.write(source);
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void force() throws IOException {
            file.force();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    @Override
    public BlockFile open(Path path) throws IOException {
        return files.open(path);
    }

    @Override
    public BlockFile openToAppend(Path path) throws IOException {
        return files.openToAppend(path);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return files.list(directory);
    }

    @Override
    public boolean exists(Path path) throws IOException {
        return files.exists(path);
    }

    @Override
    public boolean isDirectory(Path path) throws IOException {
        return files.isDirectory(path);
    }

    @Override
    public long lastModifiedMillis(Path path) throws IOException {
        return files.lastModifiedMillis(path);
    }

    @Override
    public long usableBytes(Path directory) {
        return Math.max(0, room.get());
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        files.createDirectories(directory);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        files.move(from, to);
    }

    @Override
    public void link(Path existing, Path link) throws IOException {
        files.link(existing, link);
    }

    @Override
    public void delete(Path path) throws IOException {
        files.delete(path);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        files.forceDirectory(directory);
    }
}
