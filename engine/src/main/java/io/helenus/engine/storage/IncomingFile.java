package io.helenus.engine.storage;

import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.sstable.file.BlockFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/// An SSTable that comes from elsewhere, byte by byte. It lies in the table's directory under a
/// temporary name, which a restart deletes, until all of it is there and was found sound. As long as it
/// is open, the table purges no deletions: they may be of what is in it. One thread at a time; closed
/// without [#finish], it leaves nothing behind.
public final class IncomingFile implements AutoCloseable {
    private final TableStore table;
    private final StorageFiles files;
    private final Path path;
    private final BlockFile file;
    private final CRC32C checksum = new CRC32C();
    private long received;
    private boolean closed;

    IncomingFile(TableStore table, StorageFiles files, long generation) throws IOException {
        this.table = table;
        this.files = files;
        path = table.directory().resolve(generation + ".sst" + SSTableDraft.TEMPORARY_ENDING);
        file = files.create(path);
        table.suspendPurging();
    }

    public TableStore table() {
        return table;
    }

    public void append(ByteBuffer bytes) throws IOException {
        int length = bytes.remaining();
        checksum.update(bytes.duplicate());
        file.write(bytes);
        received += length;
    }

    /// Bytes that are there.
    public long received() {
        return received;
    }

    /// Checks all of it and puts it into the table, where it is visible at once and survives.
    ///
    /// @param expected CRC32C of all bytes, from where the file comes
    /// @param headerCheck as in [TableImport#checkingHeaders]
    /// @throws IllegalArgumentException if the file is damaged or not fit for the table
    public SSTable finish(int expected, Consumer<byte[]> headerCheck) throws IOException {
        int found = (int) checksum.getValue();
        if (found != expected) {
            throw new IllegalArgumentException(
                    "what arrived has checksum 0x%08x, what was sent 0x%08x"
                            .formatted(found, expected));
        }
        file.force();
        file.close();
        SSTable added = table.importer().checkingHeaders(headerCheck).run(List.of(path)).getFirst();
        close();
        return added;
    }

    /// Idempotent.
    @Override
    public void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        table.resumePurging();
        try {
            file.close();
        } finally {
            files.delete(path);
        }
    }
}
