package io.helenus.engine.query.select;

import io.helenus.engine.query.plan.ClusteringRestrictions;
import io.helenus.engine.query.plan.PartitionKeys;
import io.helenus.engine.query.plan.PartitionRestrictions;
import io.helenus.engine.query.plan.RowFilter;
import io.helenus.engine.query.plan.Workspace;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.schema.ColumnSchema;
import io.helenus.engine.schema.TableSchema;
import io.helenus.gossip.ring.Murmur3Token;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs one SELECT over the rows of a virtual table: what storage does with keys is done here row by
/// row. Pages are told apart by how many rows came before. One thread, one use.
final class VirtualScan {
    private final SelectPlan plan;
    private final Workspace workspace;
    private final List<RowFilter.Check> checks;
    private final PageWriter page;
    private final int perPartitionLimit;
    private final TableSchema table;
    private final int[] columnOfFetched;
    private final @Nullable List<byte[]> keys;
    private final PartitionRestrictions.TokenRange tokens;
    private final List<ClusteringRestrictions.Range> ranges;
    private final Slice slice = new Slice();
    private byte[] partition = {};
    private int seen;

    VirtualScan(
            SelectPlan plan,
            Workspace workspace,
            List<RowFilter.Check> checks,
            PageWriter page,
            int perPartitionLimit) {
        this.plan = plan;
        this.workspace = workspace;
        this.checks = checks;
        this.page = page;
        this.perPartitionLimit = perPartitionLimit;
        table = plan.table();
        columnOfFetched = new int[plan.fetched().size()];
        for (int i = 0; i < columnOfFetched.length; i++) {
            columnOfFetched[i] = table.columns().indexOf(plan.fetched().get(i));
        }
        var partitions = plan.where().partitions();
        keys = partitions.isKeys() ? partitions.keys(workspace.evaluation) : null;
        tokens =
                partitions.isKeys()
                        ? new PartitionRestrictions.TokenRange(Long.MIN_VALUE, Long.MAX_VALUE)
                        : partitions.tokens(workspace.evaluation);
        ranges = plan.where().clustering().ranges(workspace.evaluation);
    }

    /// @param skip rows that earlier pages went through
    void run(VirtualRows rows, int skip) {
        rows.forEach(values -> {
            seen++;
            if (seen > skip) {
                offer(values);
            }
            return !page.isDone();
        });
    }

    private void offer(byte[] @Nullable [] values) {
        byte[] key = partitionKey(values);
        if (!Arrays.equals(key, partition)) {
            partition = key;
            page.startPartition(perPartitionLimit);
        } else if (plan.distinct()) {
            return;
        }
        if (!isWanted(key, values)) {
            return;
        }
        int mark = workspace.evaluation.arena().length();
        Row row = new Row(values);
        for (int i = 0; i < checks.size(); i++) {
            row.get(plan.filterColumns().get(i), slice);
            if (!checks.get(i).accepts(slice.copy())) {
                return;
            }
        }
        ByteWriter rowKey = new ByteWriter();
        RowKeys.writePartition(rowKey, Murmur3Token.of(key, 0, key.length), key, 0, key.length);
        rowKey.writeByte(RowKeys.BOUND_AFTER);
        page.take(row, rowKey.array(), 0, rowKey.length(), seen);
        workspace.evaluation.arena().setLength(mark);
    }

    private byte[] partitionKey(byte[] @Nullable [] values) {
        ByteWriter key = new ByteWriter();
        int columns = table.partitionKey().size();
        for (int i = 0; i < columns; i++) {
            byte[] value = values[i];
            PartitionKeys.append(key, value, 0, value.length, columns);
        }
        return key.toArray();
    }

    private boolean isWanted(byte[] key, byte[] @Nullable [] values) {
        if (keys != null) {
            if (keys.stream().noneMatch(wanted -> Arrays.equals(wanted, key))) {
                return false;
            }
        } else {
            long token = Murmur3Token.of(key, 0, key.length);
            if (token < tokens.first() || token > tokens.last()) {
                return false;
            }
        }
        if (plan.where().clustering().isEmpty()) {
            return true;
        }
        ByteWriter position = new ByteWriter();
        int at = table.partitionKey().size();
        for (ColumnSchema column : table.clustering()) {
            byte[] value = values[at++];
            column.type()
                    .encodeKey(
                            value,
                            0,
                            value == null ? -1 : value.length,
                            column.descending(),
                            position);
        }
        position.writeByte(RowKeys.ROW_END);
        byte[] bytes = position.toArray();
        for (var range : ranges) {
            if (Arrays.compareUnsigned(bytes, range.start()) >= 0
                    && Arrays.compareUnsigned(bytes, range.end()) < 0) {
                return true;
            }
        }
        return false;
    }

    private final class Row extends ComputedRow {
        private final byte[] @Nullable [] values;

        Row(byte[] @Nullable [] values) {
            super(workspace.evaluation);
            this.values = values;
        }

        @Override
        byte @Nullable [] value(int index) {
            return values[columnOfFetched[index]];
        }
    }
}
