package io.helenus.engine.storage;

import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.engine.storage.manifest.ManifestFile;
import io.helenus.sstable.file.BlockFile;
import io.helenus.sstable.file.SSTableMetadata;
import io.helenus.sstable.file.SSTableOptions;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableWriter;
import java.io.IOException;
import java.nio.file.Path;

/// An SSTable that is being written under a temporary name. One thread. Closed without
/// [#finish], it leaves nothing behind.
public final class SSTableDraft implements AutoCloseable {
    static final String TEMPORARY_ENDING = ".tmp";

    private final TableStore table;
    private final StorageFiles files;
    private final long generation;
    private final Path path;
    private final Path temporary;
    private final long repairedAt;
    private final SSTableWriter writer;
    private boolean finished;

    SSTableDraft(TableStore table, StorageFiles files, long generation, SSTableOptions options)
            throws IOException {
        this.table = table;
        this.files = files;
        this.generation = generation;
        repairedAt = options.repairedAt();
        path = table.directory().resolve(generation + ".sst");
        table.drafts().add(generation);
        temporary = table.directory().resolve(generation + ".sst" + TEMPORARY_ENDING);
        BlockFile file = files.create(temporary);
        writer = new SSTableWriter(file, options, table.settings().schemaHeader().get());
    }

    public SSTableWriter writer() {
        return writer;
    }

    /// Makes the file durable under its own name and opens it. It belongs to the table only once it is
    /// given to [TableStore#replace].
    ///
    /// @param level of leveled compaction, else 0
    public SSTable finish(int level) throws IOException {
        SSTableMetadata metadata = writer.finish();
        files.move(temporary, path);
        finished = true;
        try {
            files.forceDirectory(table.directory());
            return opened(metadata, level);
        } catch (IOException | RuntimeException e) {
            try {
                files.delete(path); // no manifest has ever named it
            } catch (IOException deletion) {
                e.addSuppressed(deletion); // the next start moves it to lost+found
            }
            throw e;
        }
    }

    private SSTable opened(SSTableMetadata metadata, int level) throws IOException {
        ManifestFile file =
                new ManifestFile(
                        generation,
                        writer.fileBytes(),
                        writer.fileChecksum(),
                        level,
                        repairedAt,
                        metadata.minTimestamp(),
                        metadata.maxTimestamp(),
                        metadata.firstKey(),
                        metadata.lastKey());
        SSTableReader reader = SSTableReader.open(files, path, table.engine().blockCache());
        return new SSTable(table, path, file, reader, table.engine().wallMicros() / 1_000);
    }

    @Override
    public void close() throws IOException {
        if (!finished) {
            finished = true;
            try {
                writer.close();
            } finally {
                files.delete(temporary);
            }
            table.drafts().remove(generation);
        }
    }
}
