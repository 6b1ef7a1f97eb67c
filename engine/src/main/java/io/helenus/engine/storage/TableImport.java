package io.helenus.engine.storage;

import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.engine.storage.manifest.ManifestEdit;
import io.helenus.engine.storage.manifest.ManifestFile;
import io.helenus.sstable.file.BlockFile;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.SSTableMetadata;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVerifier;
import io.helenus.sstable.file.SSTableVersionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/// Takes SSTables into a table that were written elsewhere: for a snapshot that is restored, files that
/// an operator has put into the table's directory, a backup. Each is read and checked from its first to
/// its last byte, gets a generation of its own, and comes in by a hard link, or as a copy from another
/// file system. Either all files of a call come in, at once, or none; the originals are left alone.
///
/// One thread per object; does I/O.
public final class TableImport {
    private static final Pattern PUT_ASIDE = Pattern.compile("[1-9][0-9]{0,17}\\.sst(\\.[0-9]+)?");
    private static final String TEMPORARY_ENDING = ".tmp";
    private static final int COPY_BYTES = 1 << 20;

    private final TableStore table;
    private final StorageFiles files;
    private boolean keepRepaired;
    private boolean verify = true;
    private Consumer<byte[]> headerCheck = _ -> {};

    TableImport(TableStore table, StorageFiles files) {
        this.table = table;
        this.files = files;
    }

    /// A file that was written for another table may mean something else here.
    ///
    /// @param check looks at what a file says of its schema, and throws an `IllegalArgumentException`
    ///     if that does not fit the table
    public TableImport checkingHeaders(Consumer<byte[]> check) {
        headerCheck = check;
        return this;
    }

    /// Whether what repair once vouched for is believed here too.
    public TableImport keepingRepaired(boolean keep) {
        keepRepaired = keep;
        return this;
    }

    /// Whether all blocks are decoded and their keys compared, beyond the checksum of the whole.
    public TableImport verifying(boolean all) {
        verify = all;
        return this;
    }

    /// The SSTables that lie in a directory, in order of name; none if it is no directory.
    public List<Path> found(Path directory) throws IOException {
        try {
            return files.list(directory).stream()
                    .filter(path -> TableRemains.generation(path) > 0)
                    .toList();
        } catch (NotDirectoryException e) {
            return List.of();
        }
    }

    /// SSTables in the table's own directory, or in its `lost+found`, that are not the table's.
    public List<Path> foundInPlace() throws IOException {
        List<Path> found = new ArrayList<>();
        synchronized (table.fileLock()) {
            List<Path> known = table.sstables().stream().map(SSTable::path).toList();
            for (Path path : found(table.directory())) {
                long generation = TableRemains.generation(path);
                if (!known.contains(path) && !table.drafts().contains(generation)) {
                    found.add(path);
                }
            }
        }
        for (Path path : files.list(table.directory().resolve(TableRemains.LOST_AND_FOUND))) {
            if (matches(PUT_ASIDE, path)) {
                found.add(path);
            }
        }
        return found;
    }

    private static boolean matches(Pattern pattern, Path path) {
        return pattern.matcher(String.valueOf(path.getFileName())).matches();
    }

    /// Takes these files in.
    ///
    /// @return how they are called in the table, in the same order
    /// @throws IllegalArgumentException that names the first one that is not fit
    public List<SSTable> run(Collection<Path> sources) throws IOException {
        List<SSTable> added = new ArrayList<>();
        boolean done = false;
        try {
            List<Integer> checksums = new ArrayList<>();
            for (Path source : sources) {
                checksums.add(check(source));
            }
            List<Long> generations = announce(checksums.size());
            int next = 0;
            for (Path source : sources) {
                added.add(take(source, checksums.get(next), generations.get(next)));
                next++;
            }
            if (!added.isEmpty()) {
                files.forceDirectory(table.directory());
                done = true; // the table looks after them, whatever becomes of it
                table.replace(List.of(), added);
            }
            done = true;
        } finally {
            if (!done) {
                table.giveUp(added);
            }
        }
        return added;
    }

    /// Deletes files that were taken in. What they hold is in the table.
    public void deleteSources(Collection<Path> sources) throws IOException {
        for (Path source : sources) {
            files.delete(source);
        }
    }

    /// Has the next start delete what has come under these names and not into the table.
    private List<Long> announce(int count) throws IOException {
        List<Long> generations = new ArrayList<>();
        ManifestEdit edit = new ManifestEdit();
        for (int i = 0; i < count; i++) {
            long generation = table.manifest().takeGeneration();
            generations.add(generation);
            edit.announce(generation);
        }
        if (count > 0) {
            table.manifest().append(edit);
        }
        return generations;
    }

    private SSTable take(Path source, int checksum, long generation) throws IOException {
        Path path = table.directory().resolve(generation + ".sst");
        table.drafts().add(generation);
        try {
            files.link(source, path);
        } catch (IOException | UnsupportedOperationException e) {
            copy(source, path); // it lies on another file system
        }
        SSTableReader reader = SSTableReader.open(files, path, table.engine().blockCache());
        SSTableMetadata metadata = reader.metadata();
        ManifestFile file =
                new ManifestFile(
                        generation,
                        reader.fileBytes(),
                        checksum,
                        0,
                        keepRepaired ? metadata.repairedAt() : 0,
                        metadata.minTimestamp(),
                        metadata.maxTimestamp(),
                        metadata.firstKey(),
                        metadata.lastKey());
        return new SSTable(table, path, file, reader, files.lastModifiedMillis(path));
    }

    /// @return the checksum of the whole file
    private int check(Path source) throws IOException {
        try (SSTableReader reader =
                SSTableReader.open(files, source, table.engine().blockCache())) {
            headerCheck.accept(reader.schemaHeader());
            if (verify) {
                List<SSTableVerifier.Damage> damage = new SSTableVerifier(reader).verify().damage();
                if (!damage.isEmpty()) {
                    throw new IllegalArgumentException("it is damaged: " + damage.getFirst());
                }
            }
            return checksum(files, source);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    "%s cannot be taken into %s: it is gone".formatted(source, table), e);
        } catch (CorruptSSTableException | SSTableVersionException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s cannot be taken into %s: %s".formatted(source, table, e.getMessage()), e);
        }
    }

    /// CRC32C of all bytes of a file.
    static int checksum(StorageFiles files, Path source) throws IOException {
        CRC32C crc = new CRC32C();
        try (BlockFile file = files.open(source)) {
            ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
            long position = 0;
            while (file.read(buffer, position) > 0) {
                buffer.flip();
                position += buffer.remaining();
                crc.update(buffer);
                buffer.clear();
            }
        }
        return (int) crc.getValue();
    }

    private void copy(Path source, Path path) throws IOException {
        Path temporary = path.resolveSibling(path.getFileName() + TEMPORARY_ENDING);
        try (BlockFile from = files.open(source);
                BlockFile to = files.create(temporary)) {
            ByteBuffer buffer = ByteBuffer.allocate(COPY_BYTES);
            long position = 0;
            while (from.read(buffer, position) > 0) {
                buffer.flip();
                position += buffer.remaining();
                to.write(buffer);
                buffer.clear();
            }
            to.force();
        } catch (IOException e) {
            files.delete(temporary);
            throw e;
        }
        files.move(temporary, path);
    }
}
