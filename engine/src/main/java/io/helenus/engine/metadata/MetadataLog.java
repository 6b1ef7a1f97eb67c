package io.helenus.engine.metadata;

import io.helenus.engine.metadata.MetadataFiles.MetadataFile;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/// The file `metadata.log`: read as a whole when it is opened, then appended to. One thread at a
/// time uses it.
///
/// A record is durable when [#append] returns. If forcing fails, the log takes nothing more: what is on
/// disk then is not known, and only reading it again can tell.
public final class MetadataLog implements Closeable {
    /// In the directory of metadata.
    public static final String NAME = "metadata.log";

    private static final String TEMPORARY_NAME = NAME + ".tmp";
    private static final int MAGIC = 0x484D444C; // HMDL
    private static final int VERSION = 2;
    private static final int VERSION_OF_ONE_NODE = 1; // had changes of the schema and no states

    private final MetadataFiles files;
    private final RandomGenerator random;
    private final List<Located> records = new ArrayList<>();

    private RecordFormat format;
    private MetadataFile file;
    private long end;
    private boolean broken;

    /// @param offset of the record in the file
    public record Located(long offset, MetadataRecord record) {}

    private MetadataLog(
            MetadataFiles files, RandomGenerator random, RecordFormat format, MetadataFile file) {
        this.files = files;
        this.random = random;
        this.format = format;
        this.file = file;
    }

    /// @throws CorruptMetadataException if the file is damaged
    public static MetadataLog open(MetadataFiles files, RandomGenerator random) throws IOException {
        if (!files.exists(NAME)) {
            RecordFormat format = create(files, random);
            MetadataLog log = new MetadataLog(files, random, format, files.open(NAME));
            log.end = RecordFormat.HEADER_BYTES;
            return log;
        }
        byte[] bytes = files.read(NAME);
        RecordFormat format = RecordFormat.of(MAGIC, VERSION, bytes, files.describe(NAME));
        files.delete(TEMPORARY_NAME); // of a process that ended while it wrote the log anew
        MetadataLog log = new MetadataLog(files, random, format, files.open(NAME));
        try {
            log.readRecords(bytes);
        } catch (IOException | RuntimeException e) {
            log.file.close();
            throw e;
        }
        return log;
    }

    private static RecordFormat create(MetadataFiles files, RandomGenerator random)
            throws IOException {
        RecordFormat format = new RecordFormat(MAGIC, VERSION, random.nextLong());
        try (MetadataFile created = files.open(TEMPORARY_NAME)) {
            created.truncate(0);
            created.write(format.header(), 0);
            created.force();
        }
        files.rename(TEMPORARY_NAME, NAME);
        files.forceDirectory();
        return format;
    }

    private void readRecords(byte[] bytes) throws IOException {
        int at = RecordFormat.HEADER_BYTES;
        int lastAt = -1;
        boolean sealed = true;
        while (at < bytes.length && sealed) {
            byte[] body = format.body(bytes, at);
            if (body == null) {
                break;
            }
            records.add(new Located(at, parse(body, at)));
            lastAt = at;
            at += RecordFormat.RECORD_HEADER_BYTES + body.length;
            sealed = format.isSealed(bytes, lastAt, at);
            at += sealed ? RecordFormat.SEAL_BYTES : 0;
        }
        end = at;
        boolean isWhole = at == bytes.length && sealed;
        if (isWhole) {
            return;
        }
        boolean isFollowed =
                format.isFollowed(bytes, at)
                        || (!sealed && format.isFollowed(bytes, at + RecordFormat.SEAL_BYTES));
        if (isFollowed) {
            throw new CorruptMetadataException(
                    files.describe(NAME), at, "a record or its seal is damaged");
        }
        file.truncate(at); // what a crash left of a change that nobody was told about
        if (!sealed) {
            file.write(format.seal(lastAt, at), at);
            end = at + (long) RecordFormat.SEAL_BYTES;
        }
        file.force();
    }

    private MetadataRecord parse(byte[] body, int at) {
        try {
            return MetadataRecord.of(body);
        } catch (IllegalArgumentException e) {
            throw new CorruptMetadataException(
                    files.describe(NAME), at, String.valueOf(e.getMessage()));
        }
    }

    /// The records that were in the file when it was opened. Forgets them.
    public List<Located> takeRecords() {
        List<Located> taken = List.copyOf(records);
        records.clear();
        return taken;
    }

    /// The name as an operator would find it.
    public String describe() {
        return files.describe(NAME);
    }

    /// Whether it takes more. If a write has failed and it does, nothing of that write is on disk.
    public boolean isWhole() {
        return !broken;
    }

    /// Appends and forces. If that fails, the record is taken back, so that a change whose author was
    /// told that it failed is not found by the next start; if nothing but room was missing, the log can
    /// go on.
    public void append(MetadataRecord appended) throws IOException {
        requireWhole();
        if (appended instanceof MetadataRecord.Agreed && format.version() == VERSION_OF_ONE_NODE) {
            throw new IllegalStateException(
                    "The log is of version 1: it has to be rewritten first");
        }
        long at = end;
        broken = true;
        boolean isForced = true;
        try {
            end = write(file, format, at, appended);
            isForced = false;
            file.force();
            isForced = true;
            file.write(format.seal(at, end), end);
            end += RecordFormat.SEAL_BYTES;
            broken = false;
        } catch (IOException e) {
            end = at;
            takeBack(at, e);
            // After a failed force nobody knows what is on disk, not even of what was there before.
            broken |= !isForced;
            throw e;
        }
    }

    private void takeBack(long at, IOException met) {
        try {
            file.truncate(at);
            file.force();
            broken = false;
        } catch (IOException e) {
            met.addSuppressed(e);
        }
    }

    private static long write(MetadataFile to, RecordFormat format, long at, MetadataRecord written)
            throws IOException {
        byte[] body = written.toBytes();
        if (body.length > RecordFormat.BODY_BYTES_MAX) {
            throw new IOException(
                    "metadata record of %d bytes, the limit is %d"
                            .formatted(body.length, RecordFormat.BODY_BYTES_MAX));
        }
        to.write(format.record(at, body), at);
        return at + RecordFormat.RECORD_HEADER_BYTES + body.length;
    }

    /// Puts a file with just these records in the place of the one that there is.
    public void rewrite(List<MetadataRecord> content) throws IOException {
        requireWhole();
        RecordFormat newFormat = new RecordFormat(MAGIC, VERSION, random.nextLong());
        MetadataFile newFile = files.open(TEMPORARY_NAME);
        long newEnd = RecordFormat.HEADER_BYTES;
        try {
            newFile.truncate(0);
            newFile.write(newFormat.header(), 0);
            for (MetadataRecord written : content) {
                long at = newEnd;
                newEnd = write(newFile, newFormat, at, written);
                newFile.write(newFormat.seal(at, newEnd), newEnd);
                newEnd += RecordFormat.SEAL_BYTES;
            }
            newFile.force();
        } catch (IOException e) {
            newFile.close(); // the old file is as it was and stays in use
            throw e;
        }
        try {
            files.rename(TEMPORARY_NAME, NAME);
            files.forceDirectory();
        } catch (IOException e) {
            broken = true; // which of the two a restart would find is not known
            newFile.close();
            throw e;
        }
        MetadataFile old = file;
        file = newFile;
        format = newFormat;
        end = newEnd;
        old.close();
    }

    private void requireWhole() throws IOException {
        if (broken) {
            throw new IOException(
                    files.describe(NAME) + " could not be written before; restart the node");
        }
    }

    /// Makes the last seal durable.
    @Override
    public void close() throws IOException {
        try (MetadataFile closed = file) {
            if (!broken) {
                closed.force();
            }
        }
    }
}
