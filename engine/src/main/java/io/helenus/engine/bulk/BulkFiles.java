package io.helenus.engine.bulk;

import io.helenus.engine.schema.FileOptions;
import io.helenus.engine.schema.SchemaHeader;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.files.StorageFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/// Makes the files of one output. Any thread.
final class BulkFiles {
    private final StorageFiles files;
    private final BulkDirectory directory;
    private final TableSchema table;
    private final byte[] schemaHeader;
    private final long fileBytes;
    private final AtomicInteger spills = new AtomicInteger();

    BulkFiles(
            BulkEnvironment environment,
            BulkDirectory directory,
            TableSchema table,
            long fileBytes) {
        this.files = environment.files();
        this.directory = directory;
        this.table = table;
        this.fileBytes = fileBytes;
        schemaHeader = SchemaHeader.encode(table);
    }

    SpillWriter newSpill() throws IOException {
        Path path = directory.file(spills.getAndIncrement() + ".spill");
        return new SpillWriter(files, path);
    }

    void delete(Spill spill) throws IOException {
        spill.close();
        files.delete(spill.path());
    }

    /// @param number of the range of tokens
    BulkOutput newOutput(int number) {
        return new BulkOutput(
                files, directory, FileOptions.of(table), schemaHeader, fileBytes, number);
    }
}
