package io.helenus.engine.query.select;

import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.sstable.model.ByteWriter;
import org.jspecify.annotations.Nullable;

/// A row that was computed, not stored: it has values and no cells.
abstract class ComputedRow implements RowValues {
    private final Evaluation evaluation;

    ComputedRow(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    /// @param index of the fetched column
    abstract byte @Nullable [] value(int index);

    /// Writes a value as the protocol's `[bytes]`.
    static void write(byte @Nullable [] value, ByteWriter out) {
        if (value == null) {
            out.writeInt(-1);
        } else {
            out.writeInt(value.length).writeBytes(value);
        }
    }

    @Override
    public final void get(int index, Slice out) {
        out.set(value(index));
    }

    @Override
    public final void write(int index, ByteWriter out) {
        write(value(index), out);
    }

    @Override
    public final boolean hasCell(int index) {
        return false;
    }

    @Override
    public final long writeTime(int index) {
        return 0;
    }

    @Override
    public final int timeToLive(int index) {
        return -1;
    }

    @Override
    public final Evaluation evaluation() {
        return evaluation;
    }
}
