package io.helenus.engine.query.select;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.result.ResultKind;
import io.helenus.engine.query.term.Evaluation;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.ReadLimitException;
import io.helenus.sstable.model.RowKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Gathers the rows of a page or the states of aggregates, and keeps count of the limits. Reused; one
/// thread.
final class PageWriter {
    /// An unpaged result may not be larger: it has to fit a frame.
    static final int RESULT_BYTES_MAX = 240 << 20;

    /// A row and what it is sorted by, for ORDER BY over several partitions.
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

    private final long bytesMax;
    private @Nullable SelectPlan plan;
    private final ByteWriter rows = new ByteWriter(1024);
    private final Slice slice = new Slice();
    private int rowCount;
    private int pageRowsMax;
    private int pageBytesMax;
    private int rowsLeft;
    private int leftInPartition;
    private boolean hasMore;

    private final ByteWriter lastKey = new ByteWriter(64);
    private int lastKeyIndex;
    private int lastLeftInPartition;

    private Aggregate.State[] states = new Aggregate.State[0];

    /// Of the first row: its items, and all its columns.
    private byte[] @Nullable [] firstRow = new byte[0][];

    private byte[] @Nullable [] firstColumns = new byte[0][];
    private boolean firstSeen;
    private final List<SortedRow> sorted = new ArrayList<>();

    /// @param limit of a page's bytes, beyond which the read fails
    PageWriter(long limit) {
        bytesMax = limit;
    }

    /// @param pageBytes at which a page ends, even if it could have more rows
    void start(SelectPlan selectPlan, int pageSize, int pageBytes, int limit) {
        plan = selectPlan;
        pageBytesMax = pageBytes;
        rows.clear();
        rowCount = 0;
        pageRowsMax = pageSize > 0 ? pageSize : Integer.MAX_VALUE;
        rowsLeft = selectPlan.aggregates() ? Integer.MAX_VALUE : limit;
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
        states = new Aggregate.State[selectPlan.aggregateFunctions().size()];
        for (int i = 0; i < states.length; i++) {
            states[i] = selectPlan.aggregateFunctions().get(i).start();
        }
        firstRow = new byte[size][];
        firstColumns = new byte[selectPlan.fetched().size()][];
        firstSeen = false;
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
                || (pageRowsMax != Integer.MAX_VALUE && rows.length() >= pageBytesMax)) {
            hasMore = true;
            return false;
        }
        int start = rows.length();
        var selectors = plan().selectors();
        for (int i = 0; i < selectors.size(); i++) {
            selectors.get(i).write(row, slice, rows);
        }
        if (rows.length() > bytesMax) {
            throw ReadLimitException.INSTANCE;
        }
        if (rows.length() > RESULT_BYTES_MAX) {
            throw CqlException.invalid(
                    "The result is larger than %d bytes: page it or limit it"
                            .formatted(RESULT_BYTES_MAX));
        }
        rowCount++;
        if (plan().sorted()) {
            byte[] position = orderedPart(plan(), key, keyOffset, keyLength);
            sorted.add(new SortedRow(position, start, rows.length()));
            leftInPartition--;
            return true;
        }
        rowsLeft--;
        leftInPartition--;
        if (pageRowsMax != Integer.MAX_VALUE) {
            lastKey.clear().writeBytes(key, keyOffset, keyLength);
            lastKeyIndex = keyIndex;
            lastLeftInPartition = leftInPartition;
        }
        return true;
    }

    /// The part of a row's position that ORDER BY names; nothing for a partition without rows, which
    /// comes before all.
    private static byte[] orderedPart(SelectPlan plan, byte[] key, int keyOffset, int keyLength) {
        int start = keyOffset + RowKeys.partitionLength(key, keyOffset);
        if (key[keyOffset + keyLength - 1] != RowKeys.ROW_END) {
            return new byte[0];
        }
        int at = start;
        for (int i = 0; i < plan.sortedColumns(); i++) {
            ColumnSchema column = plan.table().clustering().get(i);
            at = column.type().skipKey(key, at, column.descending());
        }
        return Arrays.copyOfRange(key, start, at);
    }

    private void aggregate(RowValues row) {
        for (Aggregate.State state : states) {
            state.add(row);
        }
        if (firstSeen) {
            return;
        }
        firstSeen = true;
        for (int i = 0; i < firstColumns.length; i++) {
            row.get(i, slice);
            firstColumns[i] = slice.copy();
        }
        var selectors = plan().selectors();
        for (int i = 0; i < firstRow.length; i++) {
            if (!selectors.get(i).isAggregated()) {
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
                            lastLeftInPartition,
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

    /// Bytes of the rows that were taken.
    int length() {
        return rows.length();
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

    /// Items that have no aggregate in them are those of the first row.
    private void finishAggregates(Evaluation evaluation) {
        rows.clear();
        Totals totals = new Totals(evaluation, states, firstColumns);
        var selectors = plan().selectors();
        for (int i = 0; i < firstRow.length; i++) {
            if (selectors.get(i).isAggregated()) {
                selectors.get(i).write(totals, slice, rows);
                continue;
            }
            ComputedRow.write(firstRow[i], rows);
        }
        rowCount = 1;
        states = new Aggregate.State[0];
        firstRow = new byte[0][];
        firstColumns = new byte[0][];
    }

    /// The row that stands for all: results of aggregates, and the first row's columns.
    private static final class Totals extends ComputedRow {
        private final Aggregate.State[] states;
        private final byte[] @Nullable [] columns;

        Totals(Evaluation evaluation, Aggregate.State[] states, byte[] @Nullable [] columns) {
            super(evaluation);
            this.states = states;
            this.columns = columns;
        }

        @Override
        public void aggregate(int index, Slice out) {
            states[index].result(evaluation(), out);
        }

        @Override
        byte @Nullable [] value(int index) {
            return columns[index];
        }
    }
}
