package io.helenus.engine.storage;

import io.helenus.engine.storage.manifest.ManifestFile;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.model.RowKeys;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// One SSTable of a table, as Views hold it. Each View counts; when the last one is freed the file is
/// closed, and deleted if it has been removed from the table. Any thread reads it.
public final class SSTable {
    private final TableStore table;
    private final Path path;
    private final @Nullable SSTableReader reader;
    private final @Nullable RuntimeException damage;
    private final long writtenAtMillis;
    private final LongAdder reads = new LongAdder();
    private final AtomicInteger views = new AtomicInteger();
    private volatile ManifestFile file;
    private volatile boolean removed;
    private volatile @Nullable RuntimeException foundDamage;

    SSTable(
            TableStore table,
            Path path,
            ManifestFile file,
            SSTableReader reader,
            long writtenAtMillis) {
        this.writtenAtMillis = writtenAtMillis;
        this.table = table;
        this.path = path;
        this.file = file;
        this.reader = reader;
        damage = null;
    }

    /// One that cannot be opened. It stays in its place, so that what it may hold is not forgotten.
    SSTable(TableStore table, Path path, ManifestFile file, RuntimeException damage) {
        this.table = table;
        this.path = path;
        this.file = file;
        this.damage = damage;
        writtenAtMillis = 0;
        reader = null;
    }

    public TableStore table() {
        return table;
    }

    public Path path() {
        return path;
    }

    public long generation() {
        return file.generation();
    }

    /// Milliseconds since 1970; 0 if it cannot be opened.
    public long writtenAtMillis() {
        return writtenAtMillis;
    }

    /// About how often it was looked into since it was opened.
    public long reads() {
        return reads.sum();
    }

    void noteReads(int count) {
        reads.add(count);
    }

    /// As the manifest has it now.
    public ManifestFile file() {
        return file;
    }

    void setFile(ManifestFile changed) {
        file = changed;
    }

    /// @throws RuntimeException that says what is damaged, if it could not be opened
    public SSTableReader reader() {
        SSTableReader open = reader;
        if (open == null) {
            throw damage == null ? new IllegalStateException(path + " is not open") : damage;
        }
        return open;
    }

    public boolean isOpen() {
        return reader != null;
    }

    /// Whether it could not be opened or a read met damage in it: no compaction, and no purging of
    /// what lies in its key range.
    public boolean isDamaged() {
        return reader == null || foundDamage != null;
    }

    /// What was damaged first, or null.
    public @Nullable RuntimeException damage() {
        return damage == null ? foundDamage : damage;
    }

    /// Says that a read met damage. Reported once.
    void noteDamage(RuntimeException met) {
        if (foundDamage == null) {
            foundDamage = met;
            table.reportDamage(path, met);
        }
    }

    /// Whether `[start, end)` and the file's keys have something in common; without an end if
    /// `endLength` is -1.
    boolean intersects(
            byte[] start,
            int startOffset,
            int startLength,
            byte[] end,
            int endOffset,
            int endLength) {
        byte[] first = file.firstKey();
        byte[] last = file.lastKey();
        return RowKeys.compare(start, startOffset, startLength, last, 0, last.length) <= 0
                && (endLength < 0
                        || RowKeys.compare(end, endOffset, endLength, first, 0, first.length) > 0);
    }

    /// As [io.helenus.sstable.file.SSTableMetadata#mayHoldPositions]; one that cannot be opened may.
    boolean mayHoldPositions(
            byte[] start,
            int startOffset,
            int startLength,
            byte[] end,
            int endOffset,
            int endLength) {
        SSTableReader open = reader;
        return open == null
                || open.metadata()
                        .mayHoldPositions(
                                start, startOffset, startLength, end, endOffset, endLength);
    }

    boolean spans(byte[] key, int offset, int length) {
        byte[] first = file.firstKey();
        byte[] last = file.lastKey();
        return RowKeys.compare(key, offset, length, first, 0, first.length) >= 0
                && RowKeys.compare(key, offset, length, last, 0, last.length) <= 0;
    }

    /// Whether something of a partition may be in it, by its first and last key.
    ///
    /// @param prefixLength of token, length and partition key
    boolean touchesPartition(byte[] key, int offset, int prefixLength) {
        ManifestFile known = file;
        return touchesPartition(known.firstKey(), known.lastKey(), key, offset, prefixLength);
    }

    static boolean touchesPartition(
            byte[] first, byte[] last, byte[] key, int offset, int prefixLength) {
        return RowKeys.compare(key, offset, prefixLength, last, 0, last.length) <= 0
                && (RowKeys.compare(key, offset, prefixLength, first, 0, first.length) >= 0
                        || RowKeys.startsWith(first, 0, first.length, key, offset, prefixLength));
    }

    void retain() {
        views.incrementAndGet();
    }

    /// Has the file deleted once no View holds it.
    void remove() {
        removed = true;
    }

    /// Gives up a pin of [TableStore#retain].
    public void release() {
        if (views.decrementAndGet() == 0) {
            SSTableReader open = reader;
            if (open != null) {
                open.close();
            }
            if (removed) {
                table.delete(this);
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
