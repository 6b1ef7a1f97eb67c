package io.helenus.engine.query.select;

import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.sstable.model.ByteWriter;

/// The current row, as selectors and filters see it: values by index of the fetched column.
interface RowValues {
    /// Puts a value, or null, into `out`. Good until the next row.
    void get(int index, Slice out);

    /// Writes a value as the protocol's `[bytes]`: length and bytes, or -1 for null.
    void write(int index, ByteWriter out);

    /// Whether the column has a live cell.
    boolean hasCell(int index);

    /// Microseconds.
    long writeTime(int index);

    /// Seconds left, or -1 if it does not expire.
    int timeToLive(int index);

    Evaluation evaluation();

    /// Puts the result of an aggregate into `out`; only the row that stands for all of them has it.
    default void aggregate(int index, Slice out) {
        throw new IllegalStateException("An aggregate has no value for a single row");
    }
}
