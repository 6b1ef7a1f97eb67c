package io.helenus.engine.bulk;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.BoundValues;
import io.helenus.engine.query.plan.MutationTarget;
import io.helenus.engine.query.plan.Workspace;
import io.helenus.engine.query.plan.WriteTimes;
import io.helenus.engine.query.term.ColumnSpec;
import io.helenus.engine.query.term.TimeUuids;
import io.helenus.engine.storage.mutation.MutationReader;
import io.helenus.engine.storage.mutation.MutationReader.Operation;
import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.engine.types.JavaValues;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Adds rows to one writer from one thread. A row that is refused leaves nothing behind, and the
/// appender goes on.
public final class BulkAppender {
    private final SSTableBulkWriter writer;
    private final List<BulkStatement> statements;
    private final Workspace workspace;
    private final WriteTimes times = new WriteTimes();
    private final ByteWriter bytes = new ByteWriter(1024);
    private final MutationWriter mutation = new MutationWriter(bytes);
    private final MutationReader reader = new MutationReader();
    private final MutationTarget target;
    private final ByteWriter arguments = new ByteWriter(256);
    private final BoundValues bound = new BoundValues();
    private final long nowSeconds;
    private int[] starts = new int[4];
    private int mutations;
    private final ByteWriter key = new ByteWriter(256);
    private final ByteWriter value = new ByteWriter(1024);
    private final @Nullable SortedSink sorted;
    private SortBuffer buffer; // stays empty where rows come in order
    private long rows;

    BulkAppender(
            SSTableBulkWriter writer,
            List<BulkStatement> statements,
            TimeUuids timeUuids,
            long nowSeconds,
            SortBuffer buffer,
            @Nullable SortedSink sorted) {
        this.writer = writer;
        this.statements = statements;
        this.workspace = new Workspace(timeUuids);
        this.nowSeconds = nowSeconds;
        this.buffer = buffer;
        this.sorted = sorted;
        target =
                (_, token, key, offset, length) -> {
                    if (mutations == starts.length) {
                        starts = Arrays.copyOf(starts, 2 * mutations);
                    }
                    starts[mutations++] = bytes.length();
                    return mutation.append(0, token, key, offset, length);
                };
    }

    /// What the values of a row stand for, in their order.
    public List<ColumnSpec> markers() {
        return statements.getFirst().markers();
    }

    /// Adds a row, at the time of now. Classes of values are those of [JavaValues].
    ///
    /// @param values one for each marker, in order; [SSTableBulkWriter#UNSET] leaves a column out
    /// @throws CqlException if the row is not valid
    /// @throws IOException if writing has failed: nothing can be added any more
    public void addRow(@Nullable Object... values) throws IOException {
        addRowAt(writer.nextTimestamp(), values);
    }

    /// The same, written at a time in microseconds since 1970, unless the statement says when.
    public void addRowAt(long timestamp, @Nullable Object... values) throws IOException {
        List<ColumnSpec> markers = markers();
        if (values.length != markers.size()) {
            throw wrongCount(markers.size(), values.length);
        }
        arguments.clear();
        bound.reset(arguments.array());
        for (int i = 0; i < values.length; i++) {
            Object value = values[i];
            if (value == null || value instanceof SSTableBulkWriter.Unset) {
                bound.add(0, value == null ? BoundValues.NULL : BoundValues.UNSET);
                continue;
            }
            int at = arguments.length();
            JavaValues.write(markers.get(i).type(), value, arguments);
            bound.add(at, arguments.length() - at);
        }
        bound.moveTo(arguments.array());
        add(0, timestamp, bound);
    }

    private static CqlException wrongCount(int markers, int values) {
        return CqlException.invalid(
                "The statement has %d bind markers, %d values were given"
                        .formatted(markers, values));
    }

    /// Adds a row of values in the native protocol's format, which are not kept.
    ///
    /// @param timestamp microseconds since 1970, for a statement that does not say
    /// @throws CqlException if the row is not valid
    /// @throws IOException if writing has failed: nothing can be added any more
    public void add(long timestamp, BoundValues values) throws IOException {
        add(0, timestamp, values);
    }

    /// The same by a statement of [SSTableBulkWriter.Builder#furtherStatement].
    ///
    /// @param number of the statement: 0 for the builder's own, then in the order of their naming
    public void add(int number, long timestamp, BoundValues values) throws IOException {
        BulkStatement statement = statements.get(number);
        if (values.count() != statement.markers().size()) {
            throw wrongCount(statement.markers().size(), values.count());
        }
        workspace.evaluation.start(values, timestamp, nowSeconds);
        EntryTarget entries = sorted != null ? sorted : buffer;
        if (!statement.isOneEntry()) {
            addAll(statement, timestamp, entries);
        } else if (statement.plan().encode(workspace, timestamp, nowSeconds, times, key, value)) {
            entries.add(key, value);
        }
        rows++;
        if (sorted == null && buffer.isFull()) {
            buffer = writer.exchange(buffer);
        }
    }

    /// By way of mutations, so that a row of many entries is refused before the first is added.
    private void addAll(BulkStatement statement, long timestamp, EntryTarget entries)
            throws IOException {
        bytes.clear();
        mutations = 0;
        statement.plan().execute(workspace, timestamp, nowSeconds, times, target);
        int end = bytes.length();
        byte[] array = bytes.array();
        for (int i = 0; i < mutations; i++) {
            int start = starts[i];
            reader.wrap(array, start, (i + 1 < mutations ? starts[i + 1] : end) - start);
            Operation operation = reader.next();
            while (operation != Operation.END) {
                if (operation != Operation.ENTRY) {
                    throw new IllegalStateException("An INSERT or UPDATE wrote a " + operation);
                }
                key.clear()
                        .writeBytes(array, reader.partitionOffset(), reader.partitionLength())
                        .writeBytes(array, reader.positionOffset(), reader.positionLength());
                value.clear().writeBytes(array, reader.valueOffset(), reader.valueLength());
                entries.add(key, value);
                operation = reader.next();
            }
        }
    }

    /// Rows added so far.
    public long rows() {
        return rows;
    }

    /// What was added since the last exchange.
    SortBuffer buffer() {
        return buffer;
    }
}
