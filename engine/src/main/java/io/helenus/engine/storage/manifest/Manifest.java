package io.helenus.engine.storage.manifest;

import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.sstable.file.BlockFile;
import io.helenus.sstable.model.ByteWriter;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;

/// The manifest of one table, open for appending (format: see the package). Any thread may call it;
/// calls that change it take turns and do I/O.
public final class Manifest implements AutoCloseable {
    public static final String FILE_NAME = "manifest";
    static final String TEMPORARY_FILE_NAME = "manifest.tmp";

    private static final int BYTES_MAX = 256 << 20;
    private static final int REWRITTEN_FROM_BYTES = 64 << 10;
    private static final int REWRITTEN_FROM_RATIO = 4;

    private final StorageFiles files;
    private final Path directory;
    private final Path path;
    private final ManifestFormat format;

    // Guarded by this.
    private ManifestState state = new ManifestState();
    private BlockFile file;
    private int number; // of the last edit
    private long bytes;
    private long rewrittenBytes; // size when it was last new
    private boolean broken; // an append failed: which file, and what its end is, is unknown

    /// Reads a table's manifest, or makes one if the table is new.
    ///
    /// @throws ManifestException if it is damaged, or missing although there are SSTables
    public static Manifest open(StorageFiles files, Path directory, UUID tableId)
            throws IOException {
        return open(files, directory, tableId, new ManifestEdit());
    }

    /// The same for a table that may be new.
    ///
    /// @param initial what its manifest says then, from the beginning
    public static Manifest open(
            StorageFiles files, Path directory, UUID tableId, ManifestEdit initial)
            throws IOException {
        return new Manifest(files, directory, tableId, initial);
    }

    private Manifest(StorageFiles files, Path directory, UUID tableId, ManifestEdit initial)
            throws IOException {
        this.files = files;
        this.directory = directory;
        path = directory.resolve(FILE_NAME);
        format = new ManifestFormat(tableId);
        if (!files.exists(path)) {
            requireNoSSTables();
            apply(state, initial);
            file = rewrite(state);
            return;
        }
        byte[] content = readAll();
        ManifestFormat.Read read = format.read(path, content, state);
        number = read.edits();
        bytes = read.validBytes();
        rewrittenBytes = bytes;
        file = read.validBytes() < content.length ? rewrite(state) : files.openToAppend(path);
    }

    private void requireNoSSTables() throws IOException {
        for (Path found : files.list(directory)) {
            if (String.valueOf(found.getFileName()).endsWith(".sst")) {
                throw new ManifestException(path, 0, "it is missing, but there is " + found);
            }
        }
    }

    private byte[] readAll() throws IOException {
        try (BlockFile source = files.open(path)) {
            long size = source.size();
            if (size > BYTES_MAX) {
                throw new ManifestException(
                        path, BYTES_MAX, "the file has %d bytes".formatted(size));
            }
            ByteBuffer buffer = ByteBuffer.allocate((int) size);
            while (buffer.hasRemaining()) {
                if (source.read(buffer, buffer.position()) < 0) {
                    throw new EOFException("%s ends at %d".formatted(path, buffer.position()));
                }
            }
            return buffer.array();
        }
    }

    /// Appends one edit and returns when it is durable. If this throws, the edit may or may not be
    /// found after a restart; the next append writes a new manifest, without it.
    public synchronized void append(ManifestEdit edit) throws IOException {
        ManifestState changed = new ManifestState();
        apply(changed, state.summary());
        apply(changed, edit);
        boolean isLong =
                bytes > REWRITTEN_FROM_BYTES && bytes > REWRITTEN_FROM_RATIO * rewrittenBytes;
        boolean isRewrite = broken || isLong;
        broken =
                true; // until all of it is done: the file under the name may be another one by then
        if (isRewrite) {
            BlockFile fresh = rewrite(changed);
            closeQuietly(file);
            file = fresh;
        } else {
            ByteWriter out = new ByteWriter(256);
            format.writeEdit(out, edit, number + 1);
            file.write(ByteBuffer.wrap(out.array(), 0, out.length()));
            file.force();
            number++;
            bytes += out.length();
        }
        broken = false;
        state = changed;
    }

    private static void apply(ManifestState to, ManifestEdit edit) {
        to.apply(edit.items().array(), 0, edit.items().length());
    }

    /// Publishes a new manifest, and leaves it open at its end.
    private BlockFile rewrite(ManifestState content) throws IOException {
        ByteWriter out = new ByteWriter(1024);
        format.writeHeader(out);
        format.writeEdit(out, content.summary(), 1);
        writeNew(files, directory, out);
        number = 1;
        bytes = out.length();
        rewrittenBytes = bytes;
        return files.openToAppend(path);
    }

    private static void writeNew(StorageFiles files, Path directory, ByteWriter content)
            throws IOException {
        Path temporary = directory.resolve(TEMPORARY_FILE_NAME);
        files.delete(temporary);
        try (BlockFile target = files.create(temporary)) {
            target.write(ByteBuffer.wrap(content.array(), 0, content.length()));
            target.force();
        }
        files.move(temporary, directory.resolve(FILE_NAME));
        files.forceDirectory(directory);
    }

    /// Writes a manifest of these files only into another directory: a snapshot is then a table.
    public synchronized void writeCopy(Path to, List<ManifestFile> of) throws IOException {
        ManifestState copy = new ManifestState();
        ManifestEdit edit = new ManifestEdit();
        of.forEach(edit::add);
        apply(copy, edit.nextGeneration(state.nextGeneration));
        ByteWriter out = new ByteWriter(1024);
        format.writeHeader(out);
        format.writeEdit(out, copy.summary(), 1);
        writeNew(files, to, out);
    }

    private static void closeQuietly(BlockFile file) {
        try {
            file.close();
        } catch (IOException _) {
            // It has been replaced: nothing in it is needed.
        }
    }

    /// In order of generation.
    public synchronized List<ManifestFile> files() {
        return List.copyOf(state.files.values());
    }

    /// A number for a new file, never given before.
    public synchronized long takeGeneration() {
        return state.nextGeneration++;
    }

    /// The number that a file gets next.
    public synchronized long nextGeneration() {
        return state.nextGeneration;
    }

    /// Makes sure that a generation that was seen in the directory is not given again.
    public synchronized void skipGeneration(long seen) {
        state.nextGeneration = Math.max(state.nextGeneration, seen + 1);
    }

    /// Files that were removed and perhaps not deleted yet.
    public synchronized List<Long> removed() {
        return List.copyOf(state.removed);
    }

    /// Files that the operator has given up and that perhaps are not moved away yet.
    public synchronized List<Long> discarded() {
        return List.copyOf(state.discarded);
    }

    /// Files that were announced and never added.
    public synchronized List<Long> announced() {
        return List.copyOf(state.announced);
    }

    /// Says that a removed file is gone, so that a later manifest need not mention it.
    public synchronized void forget(long generation) {
        state.removed.remove(generation);
        state.discarded.remove(generation);
        state.announced.remove(generation);
    }

    public synchronized long replayPosition() {
        return state.replayPosition;
    }

    /// Microseconds; 0 if it never was.
    public synchronized long truncatedAtMicros() {
        return state.truncatedAtMicros;
    }

    @Override
    public synchronized void close() throws IOException {
        file.close();
    }
}
