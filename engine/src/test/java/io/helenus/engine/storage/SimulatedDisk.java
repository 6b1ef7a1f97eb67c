package io.helenus.engine.storage;

import io.helenus.commitlog.LogFile;
import io.helenus.commitlog.LogFiles;
import io.helenus.engine.metadata.MetadataFiles;
import io.helenus.engine.metadata.MetadataFiles.MetadataFile;
import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.sstable.file.BlockFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A disk in memory that forgets, when it crashes, what was not forced: sectors of files, each by
/// chance, and the last of the changes to names, as a journal does. It can also fail from a given
/// operation on. Any thread.
public final class SimulatedDisk implements StorageFiles, LogFiles {
    private static final int SECTOR_BYTES = 512;

    /// The bytes of a file, whatever its names are.
    private static final class Content {
        byte[] written = {};
        byte[] forced = {};
    }

    /// One atomic change to the names in a directory.
    ///
    /// @param content of what is made; null if a directory gets another name
    private record NameChange(@Nullable Path gone, @Nullable Path made, @Nullable Content content) {
        void apply(Map<Path, Content> to, Set<Path> directories) {
            if (gone != null && made != null && directories.remove(gone)) {
                directories.add(made);
                for (Path path : List.copyOf(to.keySet())) {
                    Content moved = path.startsWith(gone) ? to.remove(path) : null;
                    if (moved != null) {
                        to.put(made.resolve(gone.relativize(path)), moved);
                    }
                }
                return;
            }
            if (gone != null) {
                to.remove(gone);
                directories.remove(gone);
            }
            if (made != null && content != null) {
                to.put(made, content);
            }
        }

        boolean isIn(Path directory) {
            Path path = gone == null ? made : gone;
            return path != null && SimulatedDisk.isIn(path, directory);
        }
    }

    private final RandomGenerator random;
    private final Map<Path, Content> names = new TreeMap<>();
    private final Map<Path, Content> forcedNames = new HashMap<>();
    private final TreeSet<Path> directories = new TreeSet<>();
    private final TreeSet<Path> forcedDirectories = new TreeSet<>();
    private final List<NameChange> unforcedChanges = new ArrayList<>();
    private long operationsLeft = Long.MAX_VALUE;
    private boolean failsOnce;
    private int forcesLeft = -1;
    private boolean failsAfterForce;
    private final List<Long> forces = new ArrayList<>();
    private long operations;
    private int open;
    private final Map<String, Integer> reads = new TreeMap<>();
    private int life; // each ends with a crash

    private long usableBytes = Long.MAX_VALUE;
    private boolean isFull;

    public SimulatedDisk(RandomGenerator random) {
        this.random = random;
    }

    /// Every operation after so many more fails, until the crash.
    public synchronized void failAfter(long operations) {
        this.operations = 0;
        forces.clear();
        operationsLeft = operations;
    }

    /// Every operation from one on that forces something, after so many more of these, fails until the
    /// crash: that one already, or what comes right after it.
    public synchronized void failAtForce(int number, boolean afterIt) {
        failAfter(Long.MAX_VALUE);
        forcesLeft = number;
        failsAfterForce = afterIt;
    }

    /// One operation, after so many more, fails.
    public synchronized void failOnceAfter(long operations) {
        operationsLeft = operations;
        failsOnce = true;
    }

    /// Calls a failure off that has not come yet.
    ///
    /// @return whether it had come
    public synchronized boolean heal() {
        boolean failed = operationsLeft < 0 || failsOnce && operationsLeft == Long.MAX_VALUE;
        operationsLeft = Long.MAX_VALUE;
        failsOnce = false;
        return failed;
    }

    /// How many there were, since it was said when to fail.
    public synchronized long operations() {
        return operations;
    }

    public synchronized boolean hasFailed() {
        return operationsLeft < 0;
    }

    synchronized int openFiles() {
        return open;
    }

    /// How often each file was read, by its name.
    synchronized Map<String, Integer> reads() {
        return Map.copyOf(reads);
    }

    synchronized void forgetReads() {
        reads.clear();
    }

    /// Operations that forced something, by how many there were before each.
    public synchronized List<Long> forces() {
        return List.copyOf(forces);
    }

    private void operation(String what, Path path) throws IOException {
        if (what.startsWith("force")) {
            forces.add(operations);
            if (forcesLeft >= 0 && --forcesLeft < 0) {
                operationsLeft = failsAfterForce ? 1 : 0;
            }
        }
        operations++;
        if (operationsLeft != Long.MAX_VALUE && --operationsLeft < 0) {
            operationsLeft = failsOnce ? Long.MAX_VALUE : -1;
            throw new IOException("the disk fails at " + what + " of " + path);
        }
    }

    /// Power is lost, and comes back. What was open is of no use any more.
    public synchronized void crash() {
        operationsLeft = Long.MAX_VALUE;
        failsOnce = false;
        forcesLeft = -1;
        int kept = random.nextInt(unforcedChanges.size() + 1);
        unforcedChanges
                .subList(0, kept)
                .forEach(change -> change.apply(forcedNames, forcedDirectories));
        forgetUnforcedNames();
        for (Content content : names.values()) {
            content.written = torn(content);
            content.forced = content.written.clone();
        }
        open = 0;
    }

    /// Power is lost, and every byte and name with it that was not forced.
    public synchronized void crashToForced() {
        operationsLeft = Long.MAX_VALUE;
        failsOnce = false;
        forcesLeft = -1;
        forgetUnforcedNames();
        for (Content content : names.values()) {
            content.written = content.forced.clone();
        }
        open = 0;
    }

    private void forgetUnforcedNames() {
        life++;
        unforcedChanges.clear();
        names.clear();
        names.putAll(forcedNames);
        for (Path path : names.keySet()) {
            for (Path above = path.getParent(); above != null; above = above.getParent()) {
                forcedDirectories.add(above);
            }
        }
        directories.clear();
        directories.addAll(forcedDirectories);
    }

    private byte[] torn(Content content) {
        int least = content.forced.length;
        int most = content.written.length;
        int length = most <= least ? most : random.nextInt(least, most + 1);
        byte[] torn = new byte[length];
        for (int from = 0; from < length; from += SECTOR_BYTES) {
            int to = Math.min(from + SECTOR_BYTES, length);
            byte[] source = random.nextBoolean() ? content.written : content.forced;
            int bytes = Math.max(0, Math.min(to, source.length) - from);
            System.arraycopy(source, Math.min(from, source.length), torn, from, bytes);
        }
        return torn;
    }

    /// The content of a file, to be damaged or looked at.
    public synchronized byte[] bytes(Path path) throws IOException {
        return content(path).written.clone();
    }

    public synchronized void setBytes(Path path, byte[] bytes) {
        Content content = names.computeIfAbsent(path, _ -> new Content());
        content.written = bytes.clone();
        content.forced = bytes.clone();
        forcedNames.put(path, content);
    }

    private Content content(Path path) throws IOException {
        Content content = names.get(path);
        if (content == null) {
            throw new NoSuchFileException(path.toString());
        }
        return content;
    }

    /// An open file of each interface.
    private final class Handle implements BlockFile, LogFile, MetadataFile {
        private final Path path;
        private final Content content;
        private final int era = life;
        private boolean closed;

        Handle(Path path, Content content) {
            this.path = path;
            this.content = content;
            open++;
        }

        /// Under the disk's lock.
        private void check(String what) throws IOException {
            if (era != life) {
                throw new IOException(path + " was open when power was lost");
            }
            operation(what, path);
            if (closed) {
                throw new IOException(path + " is closed");
            }
        }

        @Override
        public Path path() {
            return path;
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                check("read");
                if (position >= content.written.length) {
                    return -1;
                }
                reads.merge(String.valueOf(path.getFileName()), 1, Integer::sum);
                int bytes = (int) Math.min(target.remaining(), content.written.length - position);
                target.put(content.written, (int) position, bytes);
                return bytes;
            }
        }

        @Override
        public void write(ByteBuffer source) throws IOException {
            synchronized (SimulatedDisk.this) {
                write(source, content.written.length);
            }
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            synchronized (SimulatedDisk.this) {
                check("write");
                int end = (int) position + source.remaining();
                if (end > content.written.length) {
                    content.written = Arrays.copyOf(content.written, end);
                }
                source.get(content.written, (int) position, source.remaining());
            }
        }

        @Override
        public void truncate(long size) throws IOException {
            synchronized (SimulatedDisk.this) {
                check("truncate");
                if (size < content.written.length) {
                    content.written = Arrays.copyOf(content.written, (int) size);
                }
            }
        }

        @Override
        public void force() throws IOException {
            synchronized (SimulatedDisk.this) {
                check("force");
                content.forced = content.written.clone();
            }
        }

        @Override
        public long size() throws IOException {
            synchronized (SimulatedDisk.this) {
                check("size");
                return content.written.length;
            }
        }

        @Override
        public void close() {
            synchronized (SimulatedDisk.this) {
                if (!closed) {
                    closed = true;
                    open--;
                }
            }
        }
    }

    /// The files of a directory as metadata has them.
    public MetadataFiles metadata(Path directory) throws IOException {
        createDirectories(directory);
        return new MetadataFiles() {
            @Override
            public boolean exists(String name) {
                synchronized (SimulatedDisk.this) {
                    return names.containsKey(directory.resolve(name));
                }
            }

            @Override
            public byte[] read(String name) throws IOException {
                synchronized (SimulatedDisk.this) {
                    operation("read", directory.resolve(name));
                    return bytes(directory.resolve(name));
                }
            }

            @Override
            public MetadataFile open(String name) throws IOException {
                synchronized (SimulatedDisk.this) {
                    Path path = directory.resolve(name);
                    operation("open", path);
                    return names.containsKey(path) ? new Handle(path, content(path)) : make(path);
                }
            }

            @Override
            public void rename(String from, String to) throws IOException {
                move(directory.resolve(from), directory.resolve(to));
            }

            @Override
            public void delete(String name) throws IOException {
                SimulatedDisk.this.delete(directory.resolve(name));
            }

            @Override
            public void forceDirectory() throws IOException {
                SimulatedDisk.this.forceDirectory(directory);
            }

            @Override
            public String describe(String name) {
                return directory.resolve(name).toString();
            }
        };
    }

    @Override
    public synchronized BlockFile create(Path path) throws IOException {
        if (isFull && path.toString().contains(".sst")) {
            throw new IOException("No space left on device");
        }
        operation("create", path);
        if (names.containsKey(path)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        return make(path);
    }

    private Handle make(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null || !directories.contains(parent)) {
            throw new NoSuchFileException(path.toString());
        }
        Content content = new Content();
        change(new NameChange(null, path, content));
        return new Handle(path, content);
    }

    @Override
    public synchronized BlockFile open(Path path) throws IOException {
        operation("open", path);
        return new Handle(path, content(path));
    }

    @Override
    public synchronized BlockFile openToAppend(Path path) throws IOException {
        return open(path);
    }

    @Override
    public synchronized LogFile openForWrite(Path path) throws IOException {
        operation("open", path);
        return names.containsKey(path) ? new Handle(path, content(path)) : make(path);
    }

    @Override
    public synchronized LogFile openForRead(Path path) throws IOException {
        operation("open", path);
        return new Handle(path, content(path));
    }

    @Override
    public synchronized List<Path> list(Path directory) throws IOException {
        operation("list", directory);
        TreeSet<Path> found = new TreeSet<>();
        names.keySet().stream().filter(path -> isIn(path, directory)).forEach(found::add);
        directories.stream().filter(path -> isIn(path, directory)).forEach(found::add);
        return List.copyOf(found);
    }

    /// Names of what is in a directory, sorted.
    List<String> fileNames(Path directory) throws IOException {
        return list(directory).stream().map(path -> String.valueOf(path.getFileName())).toList();
    }

    private static boolean isIn(Path path, Path directory) {
        Path parent = path.getParent();
        return parent != null && parent.equals(directory);
    }

    @Override
    public synchronized boolean exists(Path path) throws IOException {
        operation("exists", path);
        return names.containsKey(path) || directories.contains(path);
    }

    @Override
    public synchronized boolean isDirectory(Path path) throws IOException {
        operation("isDirectory", path);
        return directories.contains(path);
    }

    @Override
    public synchronized long lastModifiedMillis(Path path) throws IOException {
        content(path);
        return 0;
    }

    @Override
    public synchronized long usableBytes(Path directory) {
        return usableBytes;
    }

    /// What [#usableBytes] tells from now on.
    public synchronized void setUsableBytes(long bytes) {
        usableBytes = bytes;
    }

    /// Whether there is room for a few bytes only, not for SSTables.
    synchronized void setFull(boolean full) {
        isFull = full;
    }

    @Override
    public synchronized void createDirectories(Path directory) throws IOException {
        operation("createDirectories", directory);
        @Nullable Path made = directory;
        while (made != null) {
            if (directories.add(made)) {
                Path again = made; // durable, and so is that it was deleted before
                unforcedChanges.removeIf(change -> again.equals(change.gone()));
            }
            forcedDirectories.add(made);
            made = made.getParent();
        }
    }

    @Override
    public synchronized void move(Path from, Path to) throws IOException {
        operation("move", from);
        change(new NameChange(from, to, directories.contains(from) ? null : content(from)));
    }

    @Override
    public synchronized void link(Path existing, Path link) throws IOException {
        operation("link", existing);
        change(new NameChange(null, link, content(existing)));
    }

    @Override
    public synchronized void delete(Path path) throws IOException {
        operation("delete", path);
        if (directories.contains(path)
                && names.keySet().stream().anyMatch(name -> isIn(name, path))) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        if (!directories.contains(path) && !names.containsKey(path)) {
            return;
        }
        change(new NameChange(path, null, null));
    }

    @Override
    public synchronized void forceDirectory(Path directory) throws IOException {
        operation("forceDirectory", directory);
        unforcedChanges.stream()
                .filter(change -> change.isIn(directory))
                .forEach(change -> change.apply(forcedNames, forcedDirectories));
        unforcedChanges.removeIf(change -> change.isIn(directory));
    }

    private void change(NameChange change) {
        change.apply(names, directories);
        unforcedChanges.add(change);
    }
}
