package io.helenus.commitlog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Real files that remember what was forced, so that a test can lose the rest, and that fail when
/// told to. Nothing is really forced, so a thousand crashes are cheap. Any thread.
final class CrashingFiles implements LogFiles {
    private static final int PAGE_BYTES = 4096;
    private static final byte[] EMPTY = {};

    /// What stands behind a name; a rename keeps it.
    private static final class Content {
        private byte[] forced = EMPTY;
        private byte @Nullable [] deleted; // its bytes, once it has no name any more
    }

    /// A change of names since the directory was forced.
    private record NameChange(Path removed, @Nullable Path added, Content content) {}

    private final LogFiles real = new NioLogFiles();
    private final Map<Path, Content> names = new TreeMap<>();
    private final Map<Path, Content> forcedNames = new TreeMap<>();
    private final List<NameChange> unforced = new ArrayList<>();

    private int forces;
    private boolean forcesFail;
    private long writableBytes = Long.MAX_VALUE;
    private @Nullable Runnable duringForce;
    private Runnable afterChange = () -> {};

    synchronized int forces() {
        return forces;
    }

    synchronized void failForces(boolean fail) {
        forcesFail = fail;
    }

    /// Writes beyond so many more bytes fail as on a full disk.
    synchronized void limitWrites(long bytes) {
        writableBytes = bytes;
    }

    synchronized void duringForce(Runnable action) {
        duringForce = action;
    }

    /// Runs after each force and each change of names: the moments at which a crash matters.
    synchronized void afterChange(Runnable action) {
        afterChange = action;
    }

    /// Writes what the disk holds after a loss of power into a directory: of each file, every page
    /// either as last forced or as last written; of the names, some of the unforced changes, in order.
    synchronized void crash(Path target, RandomGenerator random) {
        try {
            writeSurvivors(target, random);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writeSurvivors(Path target, RandomGenerator random) throws IOException {
        Map<Path, Content> survivors = new TreeMap<>(forcedNames);
        int kept = random.nextInt(unforced.size() + 1);
        for (NameChange change : unforced.subList(0, kept)) {
            survivors.remove(change.removed);
            if (change.added != null) {
                survivors.put(change.added, change.content);
            }
        }
        Files.createDirectories(target);
        double keepPage = random.nextInt(3) / 2.0;
        for (Map.Entry<Path, Content> survivor : survivors.entrySet()) {
            byte[] now = current(survivor.getValue());
            byte[] forced = survivor.getValue().forced;
            byte[] left = new byte[random.nextBoolean() ? now.length : forced.length];
            for (int at = 0; at < left.length; at += PAGE_BYTES) {
                byte[] source = random.nextDouble() < keepPage ? now : forced;
                int length = Math.min(PAGE_BYTES, Math.min(left.length, source.length) - at);
                if (length > 0) {
                    System.arraycopy(source, at, left, at, length);
                }
            }
            Files.write(target.resolve(survivor.getKey().getFileName()), left);
        }
    }

    private byte[] current(Content content) throws IOException {
        if (content.deleted != null) {
            return content.deleted;
        }
        for (Map.Entry<Path, Content> name : names.entrySet()) {
            if (name.getValue() == content) {
                return Files.readAllBytes(name.getKey());
            }
        }
        throw new AssertionError("a file without name or bytes");
    }

    /// Takes what is in a directory as durable.
    synchronized void adopt(Path directory) throws IOException {
        for (Path file : real.list(directory)) {
            Content content = new Content();
            content.forced = Files.readAllBytes(file);
            names.put(file, content);
            forcedNames.put(file, content);
        }
    }

    @Override
    public synchronized LogFile openForWrite(Path path) throws IOException {
        LogFile file = real.openForWrite(path);
        Content content = names.get(path);
        if (content == null) {
            content = new Content();
            names.put(path, content);
            unforced.add(new NameChange(path, path, content));
        }
        return new CrashingFile(file, content);
    }

    @Override
    public LogFile openForRead(Path path) throws IOException {
        return real.openForRead(path);
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
    public synchronized void move(Path from, Path to) throws IOException {
        real.move(from, to);
        Content content = names.remove(from);
        if (content == null) {
            throw new AssertionError(from + " was not written through this");
        }
        names.put(to, content);
        unforced.add(new NameChange(from, to, content));
        afterChange.run();
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        real.delete(path);
        Content content = names.remove(path);
        if (content != null) {
            content.deleted = bytes;
            unforced.add(new NameChange(path, null, content));
            afterChange.run();
        }
    }

    @Override
    public synchronized void forceDirectory(Path directory) {
        forcedNames.clear();
        forcedNames.putAll(names);
        unforced.clear();
    }

    private final class CrashingFile implements LogFile {
        private final LogFile file;
        private final Content content;

        CrashingFile(LogFile file, Content content) {
            this.file = file;
            this.content = content;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return file.read(target, position);
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (CrashingFiles.this) {
                if (source.remaining() > writableBytes) {
                    throw new IOException("No space left on device");
                }
                writableBytes -= source.remaining();
            }
            file.write(source, position);
        }

        @Override
        public void force() throws IOException {
            Runnable action;
            synchronized (CrashingFiles.this) {
                forces++;
                if (forcesFail) {
                    throw new IOException("Input/output error");
                }
                action = duringForce;
                content.forced = readAll();
                afterChange.run();
            }
            if (action != null) {
                action.run();
            }
        }

        private byte[] readAll() throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            int read = 0;
            while (bytes.hasRemaining() && read >= 0) {
                read = file.read(bytes, bytes.position());
            }
            return bytes.array();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
