package io.helenus.engine.query.plan;

import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.types.Elements;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowWriter;
import org.jspecify.annotations.Nullable;

/// Buffers in which a request is worked on; one for each thread that serves requests, reused.
public final class Workspace {
    public final Evaluation evaluation;
    public final Slice slice = new Slice();
    public final ByteWriter partitionKey = new ByteWriter(256);
    public final ByteWriter position = new ByteWriter(256);
    public final ByteWriter value = new ByteWriter(1024);
    public final ByteWriter path = new ByteWriter(64);
    public final ByteWriter spelling = new ByteWriter(64);
    public final RowWriter row = new RowWriter();
    public final Elements elements = new Elements();

    /// Token, length and key of the partition that is being written, for a statement that reads it.
    public final ByteWriter partition = new ByteWriter(256);

    /// Set while statements that read before they write are executed.
    public @Nullable ListSource lists;

    public Workspace(TimeUuids timeUuids) {
        evaluation = new Evaluation(timeUuids);
    }

    /// What the buffers hold on to; those that are as large as a value may be.
    public long bytes() {
        return (long) value.array().length
                + position.array().length
                + path.array().length
                + spelling.array().length
                + evaluation.bytes();
    }
}
