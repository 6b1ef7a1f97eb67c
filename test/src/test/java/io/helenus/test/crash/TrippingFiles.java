package io.helenus.test.crash;

import io.helenus.commitlog.LogFile;
import io.helenus.commitlog.LogFiles;
import io.helenus.engine.node.NodeFiles;
import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.sstable.file.BlockFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// File systems that tell a [Tripwire] of everything that changes a file, and of reading the log. An
/// operation that stops has written half of its bytes, or done nothing else.
final class TrippingFiles {
    private static final int PAGE_BYTES = 4096;

    private TrippingFiles() {}

    static NodeFiles around(NodeFiles real, Tripwire wire) {
        return new NodeFiles(
                new Storage(real.storage(), wire), new Log(real.log(), wire), real.metadata());
    }

    private static ByteBuffer half(ByteBuffer source) {
        return source.slice(source.position(), source.remaining() / 2);
    }

    /// Of a table's file or its directory.
    private static Phase phaseOf(Path path) {
        return String.valueOf(path.getFileName()).contains(".sst") ? Phase.FLUSH : Phase.MANIFEST;
    }

    private record Storage(StorageFiles real, Tripwire wire) implements StorageFiles {
        @Override
        public BlockFile create(Path path) throws IOException {
            Phase phase = phaseOf(path);
            wire.enter(phase);
            BlockFile created = new Block(real.create(path), wire, phase);
            wire.leave(phase);
            return created;
        }

        @Override
        public BlockFile open(Path path) throws IOException {
            return real.open(path);
        }

        @Override
        public BlockFile openToAppend(Path path) throws IOException {
            return new Block(real.openToAppend(path), wire, phaseOf(path));
        }

        @Override
        public List<Path> list(Path directory) throws IOException {
            return real.list(directory);
        }

        @Override
        public boolean exists(Path path) throws IOException {
            return real.exists(path);
        }

        @Override
        public boolean isDirectory(Path path) throws IOException {
            return real.isDirectory(path);
        }

        @Override
        public long lastModifiedMillis(Path path) throws IOException {
            return real.lastModifiedMillis(path);
        }

        @Override
        public long usableBytes(Path directory) throws IOException {
            return real.usableBytes(directory);
        }

        @Override
        public void createDirectories(Path directory) throws IOException {
            real.createDirectories(directory);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            wire.enter(phaseOf(to));
            real.move(from, to);
            wire.leave(phaseOf(to));
        }

        @Override
        public void link(Path existing, Path link) throws IOException {
            real.link(existing, link);
        }

        @Override
        public void delete(Path path) throws IOException {
            real.delete(path);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            wire.enter(Phase.FLUSH);
            real.forceDirectory(directory);
            wire.leave(Phase.FLUSH);
        }
    }

    private record Block(BlockFile real, Tripwire wire, Phase phase) implements BlockFile {
        @Override
        public Path path() {
            return real.path();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            wire.enter(phase, () -> real.write(half(source)));
            real.write(source);
            wire.leave(phase);
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public void force() throws IOException {
            wire.enter(phase);
            real.force();
            wire.leave(phase);
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }

    private record Log(LogFiles real, Tripwire wire) implements LogFiles {
        @Override
        public LogFile openForWrite(Path path) throws IOException {
            wire.enter(Phase.SEGMENT);
            LogFile opened = new Segment(real.openForWrite(path), wire);
            wire.leave(Phase.SEGMENT);
            return opened;
        }

        @Override
        public LogFile openForRead(Path path) throws IOException {
            return new Segment(real.openForRead(path), wire);
        }

        @Override
        public List<Path> list(Path directory) throws IOException {
            return real.list(directory);
        }

        @Override
        public void createDirectories(Path directory) throws IOException {
            real.createDirectories(directory);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            wire.enter(Phase.SEGMENT);
            real.move(from, to);
            wire.leave(Phase.SEGMENT);
        }

        @Override
        public void delete(Path path) throws IOException {
            wire.enter(Phase.SEGMENT);
            real.delete(path);
            wire.leave(Phase.SEGMENT);
        }

        @Override
        public void forceDirectory(Path directory) throws IOException {
            wire.enter(Phase.SEGMENT);
            real.forceDirectory(directory);
            wire.leave(Phase.SEGMENT);
        }
    }

    private record Segment(LogFile real, Tripwire wire) implements LogFile {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            if (position + target.remaining() < PAGE_BYTES) {
                return real.read(target, position); // the version, before there is any replay
            }
            wire.enter(Phase.REPLAY);
            int count = real.read(target, position);
            wire.leave(Phase.REPLAY);
            return count;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            wire.enter(Phase.SEGMENT, () -> real.write(half(source), position));
            real.write(source, position);
            wire.leave(Phase.SEGMENT);
        }

        @Override
        public void force() throws IOException {
            real.force(); // goes on all the time, whatever else does
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public void close() throws IOException {
            real.close();
        }
    }
}
