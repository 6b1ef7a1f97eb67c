package io.helenus.engine.bulk;

import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.sstable.file.SSTableMetadata;
import io.helenus.sstable.file.SSTableOptions;
import io.helenus.sstable.file.SSTableWriter;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowCursor.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The SSTables of one range of tokens, one after another. One thread at a time.
final class BulkOutput implements AutoCloseable {
    private final StorageFiles files;
    private final BulkDirectory directory;
    private final SSTableOptions options;
    private final byte[] schemaHeader;
    private final long fileBytes;
    private final int number;
    private final List<Written> written = new ArrayList<>();
    private @Nullable SSTableWriter writer;
    private @Nullable Path path;
    private long lastToken;

    /// A finished file under its temporary name.
    record Written(Path path, long bytes, SSTableMetadata metadata) {}

    /// @param fileBytes size at which a file is ended, with the partition that it is in
    /// @param number of the range
    BulkOutput(
            StorageFiles files,
            BulkDirectory directory,
            SSTableOptions options,
            byte[] schemaHeader,
            long fileBytes,
            int number) {
        this.files = files;
        this.directory = directory;
        this.options = options;
        this.schemaHeader = schemaHeader;
        this.fileBytes = fileBytes;
        this.number = number;
    }

    void appendAll(RowCursor cursor) throws IOException {
        for (Kind kind = cursor.next(); kind != Kind.END; kind = cursor.next()) {
            append(kind, cursor);
        }
    }

    /// Appends the entry that a cursor is at.
    void append(Kind kind, RowCursor cursor) throws IOException {
        append(
                kind,
                cursor.keyArray(),
                cursor.keyOffset(),
                cursor.keyLength(),
                cursor.valueArray(),
                cursor.valueOffset(),
                cursor.valueLength());
    }

    void append(
            Kind kind,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength)
            throws IOException {
        long token = ByteWriter.getLong(key, keyOffset);
        SSTableWriter to = writer;
        if (to != null && token != lastToken && to.bytesWritten() >= fileBytes) {
            finishFile();
            to = null;
        }
        if (to == null) {
            to = begin();
        }
        lastToken = token;
        to.append(kind, key, keyOffset, keyLength, value, valueOffset, valueLength);
    }

    private SSTableWriter begin() throws IOException {
        Path begun = directory.file("%d-%d.sst.tmp".formatted(number, written.size()));
        SSTableWriter opened = new SSTableWriter(files.create(begun), options, schemaHeader);
        path = begun;
        writer = opened;
        return opened;
    }

    private void finishFile() throws IOException {
        SSTableWriter open = writer;
        Path current = path;
        if (open != null && current != null) {
            SSTableMetadata metadata = open.finish();
            written.add(new Written(current, open.fileBytes(), metadata));
            writer = null;
        }
    }

    /// Makes all of it durable.
    ///
    /// @return in the order of the keys
    List<Written> finish() throws IOException {
        finishFile();
        return List.copyOf(written);
    }

    /// Closes what is open; the files stay where they are.
    @Override
    public void close() throws IOException {
        SSTableWriter open = writer;
        writer = null;
        if (open != null) {
            open.close();
        }
    }
}
