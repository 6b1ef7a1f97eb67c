package io.helenus.engine.compaction;

import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.SSTableDraft;
import io.helenus.engine.storage.TableStore;
import io.helenus.sstable.file.SSTableOptions;
import io.helenus.sstable.file.SSTableWriter;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowCursor.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The files that one compaction writes, one after another. Closed without [#publish], it leaves
/// nothing behind. One thread at a time.
final class CompactionOutput implements AutoCloseable {
    private final TableStore table;
    private final SSTableOptions options;
    private final List<SSTable> finished = new ArrayList<>();
    private @Nullable SSTableDraft draft;
    private @Nullable SSTableWriter writer;

    /// Key tokens, in the order of keys as unsigned numbers, at which the output is cut.
    private final long[] cuts;

    private int nextCut;
    private final long[] sizes;
    private long lastToken;
    private long bytesFinished;

    CompactionOutput(TableStore table, SSTableOptions options, OutputCut cut) {
        this.table = table;
        this.options = options;
        cuts = cut.tokens().stream().mapToLong(token -> token ^ Long.MIN_VALUE).toArray();
        sizes = cut.sizes().stream().mapToLong(size -> size).toArray();
    }

    /// Writes the item that a forward cursor is at.
    void append(Kind kind, RowCursor from) throws IOException {
        byte[] key = from.keyArray();
        int offset = from.keyOffset();
        if (cuts.length > nextCut || sizes.length > 0) {
            cutBefore(ByteWriter.getLong(key, offset));
        }
        SSTableWriter to = writer;
        if (to == null) {
            to = begin();
        }
        if (kind == Kind.BOUNDARY) {
            to.appendBoundary(
                    key,
                    offset,
                    from.keyLength(),
                    from.beforeTimestamp(),
                    from.beforeDeletionTime(),
                    from.afterTimestamp(),
                    from.afterDeletionTime());
            return;
        }
        to.append(
                kind,
                key,
                offset,
                from.keyLength(),
                from.valueArray(),
                from.valueOffset(),
                from.valueLength());
    }

    private void cutBefore(long token) throws IOException {
        boolean passed = false;
        while (nextCut < cuts.length && Long.compareUnsigned(token, cuts[nextCut]) >= 0) {
            nextCut++;
            passed = true;
        }
        SSTableWriter open = writer;
        if (open == null) {
            lastToken = token;
            return;
        }
        if (sizes.length > 0 && token != lastToken) {
            long size = sizes[Math.min(finished.size(), sizes.length - 1)];
            passed |= open.bytesWritten() >= size;
        }
        if (passed) {
            finishDraft();
        }
        lastToken = token;
    }

    private SSTableWriter begin() throws IOException {
        SSTableDraft begun = table.newAnnouncedDraft(options);
        draft = begun;
        writer = begun.writer();
        return begun.writer();
    }

    private void finishDraft() throws IOException {
        SSTableDraft open = draft;
        if (open != null) {
            SSTable done = open.finish(0);
            finished.add(done);
            bytesFinished += done.file().bytes();
            draft = null;
            writer = null;
        }
    }

    /// Makes all of it durable.
    List<SSTable> finish() throws IOException {
        finishDraft();
        return List.copyOf(finished);
    }

    /// Puts the finished files into the table in place of others.
    void publish(List<SSTable> gone) throws IOException {
        List<SSTable> added = List.copyOf(finished);
        finished.clear(); // what is not taken is given up there
        table.replace(gone, added);
    }

    long bytesWritten() {
        SSTableWriter open = writer;
        return bytesFinished + (open == null ? 0 : open.bytesWritten());
    }

    @Override
    public void close() throws IOException {
        SSTableDraft open = draft;
        draft = null;
        writer = null;
        table.giveUp(finished);
        finished.clear();
        if (open != null) {
            open.close();
        }
    }
}
