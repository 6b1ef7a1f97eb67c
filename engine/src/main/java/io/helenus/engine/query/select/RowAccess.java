package io.helenus.engine.query.select;

import io.helenus.sstable.model.RowCursor;

/// The stored rows of one table as they are at one moment: pinned for a request, released by closing.
/// One thread.
public interface RowAccess extends AutoCloseable {
    /// Entries with `start` <= key < `end`, merged over all sources. Closed by the caller before the
    /// next one is opened.
    RowCursor cursor(
            byte[] start,
            int startOffset,
            int startLength,
            byte[] end,
            int endOffset,
            int endLength,
            boolean reversed);

    /// Finds one row of a table without multi-cell columns, merged and with deletions applied.
    ///
    /// @return whether there is anything; the value is then in [#rowArray]
    boolean row(byte[] key, int offset, int length);

    byte[] rowArray();

    int rowOffset();

    int rowLength();

    @Override
    void close();
}
