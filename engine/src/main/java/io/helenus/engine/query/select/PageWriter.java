package io.helenus.engine.query.select;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.result.ResultKind;
import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gathers the rows of a page or the states of aggregates, and keeps count of the limits. Reused; one
/// thread.
final class PageWriter {
    /// A page ends when it has this many bytes, even if it could have more rows.
    static final int PAGE_BYTES_MAX = 8 << 20;

    /// An unpaged result may not be larger: it has to fit a frame.
    static final int RESULT_BYTES_MAX = 240 << 20;

    /// A row sorted by its clustering, for ORDER BY over several partitions.
    private static final class SortedRow {
        final byte[] position;
        final int start;
        final int end;

        SortedRow(byte[] position, int start, int end) {
            this.position = position;
            this.start = start;
            this.end = end;
        }
    }

    private @Nullable SelectPlan plan;
    private final ByteWriter rows = new ByteWriter(1024);
    private final Slice slice = new Slice();
    private int rowCount;
    private int pageRowsMax;
    private int rowsLeft;
    private int leftInPartition;
    private boolean hasMore;

    private final ByteWriter lastKey = new ByteWriter(64);
    private int lastKeyIndex;

    private Aggregate.@Nullable State[] states = new Aggregate.State[0];
    private byte[] @Nullable [] firstRow = new byte[0][];
    private final List<SortedRow> sorted = new ArrayList<>();

    void start(SelectPlan selectPlan, int pageSize, int limit) {
        plan = selectPlan;
        rows.clear();
        rowCount = 0;
        pageRowsMax = pageSize > 0 ? pageSize : Integer.MAX_VALUE;
        rowsLeft = limit;
        leftInPartition = Integer.MAX_VALUE;
        hasMore = false;
        sorted.clear();
        if (selectPlan.aggregates()) {
            startAggregates(selectPlan);
        }
    }

    private SelectPlan plan() {
        if (plan == null) {
            throw new IllegalStateException("Not started");
        }
        return plan;
    }

    private void startAggregates(SelectPlan selectPlan) {
        int size = selectPlan.selectors().size();
        states = new Aggregate.State[size];
        firstRow = new byte[size][];
        for (int i = 0; i < size; i++) {
            if (selectPlan.selectors().get(i) instanceof Selector.Aggregated aggregated) {
                states[i] = aggregated.aggregate().start();
            }
        }
    }

    void startPartition(int limit) {
        leftInPartition = limit;
    }

    int leftInPartition() {
        return leftInPartition;
    }

    int rowsLeft() {
        return rowsLeft;
    }

    boolean hasMore() {
        return hasMore;
    }

    /// Whether no further row can be taken.
    boolean isDone() {
        return hasMore || rowsLeft == 0;
    }

    boolean isPartitionDone() {
        return leftInPartition == 0;
    }

    /// Takes the row, or notes that there is more than fits the page.
    ///
    /// @param key identifies the row for the next page
    /// @return whether it was taken
    boolean take(RowValues row, byte[] key, int keyOffset, int keyLength, int keyIndex) {
        if (rowsLeft == 0 || leftInPartition == 0) {
            return false;
        }
        if (plan().aggregates()) {
            rowsLeft--;
            leftInPartition--;
            aggregate(row);
            return true;
        }
        if (rowCount == pageRowsMax
                || (pageRowsMax != Integer.MAX_VALUE && rows.length() >= PAGE_BYTES_MAX)) {
            hasMore = true;
            return false;
        }
        int start = rows.length();
        var selectors = plan().selectors();
        for (int i = 0; i < selectors.size(); i++) {
            selectors.get(i).write(row, slice, rows);
        }
        if (rows.length() > RESULT_BYTES_MAX) {
            throw CqlException.invalid(
                    "The result is larger than %d bytes: page it or limit it"
                            .formatted(RESULT_BYTES_MAX));
        }
        rowCount++;
        if (plan().sorted()) {
            int prefix = RowKeys.partitionLength(key, keyOffset);
            byte[] position = Arrays.copyOfRange(key, keyOffset + prefix, keyOffset + keyLength);
            sorted.add(new SortedRow(position, start, rows.length()));
            leftInPartition--;
            return true;
        }
        rowsLeft--;
        leftInPartition--;
        if (pageRowsMax != Integer.MAX_VALUE) {
            lastKey.clear().writeBytes(key, keyOffset, keyLength);
            lastKeyIndex = keyIndex;
        }
        return true;
    }

    private void aggregate(RowValues row) {
        var selectors = plan().selectors();
        for (int i = 0; i < selectors.size(); i++) {
            Aggregate.State state = states[i];
            if (state != null) {
                state.add(row);
            } else if (firstRow[i] == null) {
                selectors.get(i).evaluate(row, slice);
                firstRow[i] = slice.copy();
            }
        }
    }

    /// Writes the RESULT body.
    void finish(
            ByteWriter body,
            Evaluation evaluation,
            int protocolVersion,
            boolean skipMetadata,
            byte @Nullable [] changedMetadataId,
            long fingerprint) {
        byte[] state = null;
        if (hasMore && rowsLeft > 0) {
            state =
                    PagingState.encode(
                            fingerprint,
                            rowsLeft,
                            leftInPartition,
                            lastKeyIndex,
                            lastKey.array(),
                            lastKey.length());
        }
        if (plan().aggregates()) {
            finishAggregates(evaluation);
        }
        if (plan().sorted()) {
            rowCount = Math.min(rowsLeft, rowCount);
        }
        body.writeInt(ResultKind.ROWS);
        plan().metadata().write(body, protocolVersion, skipMetadata, state, changedMetadataId);
        body.writeInt(rowCount);
        if (plan().sorted()) {
            writeSorted(body);
        } else {
            body.writeBytes(rows.array(), 0, rows.length());
        }
    }

    long bytes() {
        return rows.array().length;
    }

    private void writeSorted(ByteWriter body) {
        boolean reversed = plan().reversed();
        sorted.sort((a, b) -> {
            int order = Arrays.compareUnsigned(a.position, b.position);
            return reversed ? -order : order;
        });
        for (int i = 0; i < rowCount; i++) {
            SortedRow row = sorted.get(i);
            body.writeBytes(rows.array(), row.start, row.end - row.start);
        }
    }

    private void finishAggregates(Evaluation evaluation) {
        rows.clear();
        for (int i = 0; i < states.length; i++) {
            Aggregate.State state = states[i];
            if (state != null) {
                state.result(evaluation, slice);
            } else {
                slice.set(firstRow[i]);
            }
            rows.writeInt(slice.hasBytes() ? slice.length() : -1);
            if (slice.length() > 0) {
                rows.writeBytes(slice.array(), slice.offset(), slice.length());
            }
        }
        rowCount = 1;
        states = new Aggregate.State[0];
        firstRow = new byte[0][];
    }
}
