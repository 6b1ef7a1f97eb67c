package io.helenus.engine.query.select;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.BoundValues;
import io.helenus.engine.query.Request;
import io.helenus.engine.query.plan.ClusteringRestrictions;
import io.helenus.engine.query.plan.PartitionRestrictions;
import io.helenus.engine.query.plan.PartitionRestrictions.TokenRange;
import io.helenus.engine.query.plan.RowFilter;
import io.helenus.engine.query.plan.Workspace;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.gossip.ring.Murmur3Token;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.ReadLimitException;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowReader;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Runs SELECTs one after the other, on the thread that owns it. All buffers are reused.
///
/// Where I/O is not allowed it looks at a limited number of rows and then gives up, so that an event
/// loop is soon free again; the request then runs anew where it may take its time.
public final class SelectExecution {
    /// Rows that are looked at on an event loop.
    static final int LOOP_ROWS_MAX = 256;

    private static final byte[] STATIC_START = {RowKeys.POSITION_STATIC};
    private static final byte[] STATIC_END = {RowKeys.POSITION_STATIC + 1};
    private static final byte[] PARTITION_DONE = {RowKeys.BOUND_AFTER};

    /// After all keys: a token of all ones, and the longest partition key of ones.
    private static final byte[] RING_END = ringEnd();

    private final Workspace workspace;
    private final RowReader reader = new RowReader();
    private final ReadGuard guard;
    private final PageWriter page;
    private final ByteWriter key = new ByteWriter(256);
    private final ByteWriter endKey = new ByteWriter(256);
    private final ByteWriter partition = new ByteWriter(256);
    private final Slice slice = new Slice();
    private final List<RowFilter.Check> checks = new ArrayList<>();
    private @Nullable StoredRow row;

    private @Nullable SelectPlan plan;
    private @Nullable RowAccess access;
    private long nowSeconds;
    private int rowsMax;
    private int perPartitionLimit;
    private int keyIndex;
    private int arenaMark;

    /// @param self the node's address, for clients whose reads fail
    public SelectExecution(Workspace workspace, ReadLimits limits, InetSocketAddress self) {
        this.workspace = workspace;
        guard = new ReadGuard(limits, self, reader.tally());
        page = new PageWriter(guard.pageBytesMax());
    }

    /// What the buffer of rows holds on to.
    public long bytes() {
        return page.bytes();
    }

    private static byte[] ringEnd() {
        byte[] end = new byte[RowKeys.PARTITION_KEY_OFFSET + RowKeys.PARTITION_KEY_BYTES_MAX + 1];
        Arrays.fill(end, (byte) 0xff);
        return end;
    }

    /// Executes a plan over stored rows; `workspace.evaluation` has been started for the request.
    ///
    /// @return false if more has to be looked at than may be here: nothing was written then
    public boolean execute(
            SelectPlan selectPlan,
            Request request,
            RowAccess rows,
            boolean ioAllowed,
            ByteWriter body) {
        start(selectPlan, request, ioAllowed);
        guard.start(selectPlan.table(), nowSeconds);
        partition.clear();
        access = rows;
        try {
            return selectPlan.simpleRow()
                    ? executeRow(selectPlan, request, rows, body)
                    : executeRanges(selectPlan, request, body);
        } catch (ReadLimitException e) {
            throw guard.failure(selectPlan, request, selectPlan.simpleRow() ? key : partition);
        }
    }

    private boolean executeRanges(SelectPlan selectPlan, Request request, ByteWriter body) {
        long fingerprint = fingerprint(request);
        PagingState state = begin(selectPlan, request, fingerprint);
        boolean complete =
                selectPlan.where().partitions().isKeys() ? readKeys(state, request) : scan(state);
        if (!complete) {
            return false;
        }
        guard.endCommand(selectPlan, request, partition);
        guard.finish(selectPlan, request, page.length());
        finish(selectPlan, request, body, fingerprint);
        return true;
    }

    /// Executes a plan over computed rows.
    public void executeVirtual(
            SelectPlan selectPlan, Request request, VirtualRows rows, ByteWriter body) {
        start(selectPlan, request, true);
        guard.start(selectPlan.table(), nowSeconds);
        partition.clear();
        long fingerprint = fingerprint(request);
        PagingState state = begin(selectPlan, request, fingerprint);
        try {
            new VirtualScan(selectPlan, workspace, checks, page, perPartitionLimit)
                    .run(rows, state == null ? 0 : state.keyIndex);
        } catch (ReadLimitException e) {
            throw guard.failure(selectPlan, request, partition);
        }
        guard.finish(selectPlan, request, page.length());
        finish(selectPlan, request, body, fingerprint);
    }

    private void start(SelectPlan selectPlan, Request request, boolean ioAllowed) {
        plan = selectPlan;
        nowSeconds = workspace.evaluation.nowSeconds();
        rowsMax = ioAllowed ? Integer.MAX_VALUE : LOOP_ROWS_MAX;
        keyIndex = 0;
        StoredRow current = row;
        if (current == null) {
            current = new StoredRow(reader, workspace.evaluation, selectPlan.fetched());
            row = current;
        }
        current.open(selectPlan.fetched());
        page.start(selectPlan, request.pageSize, request.pageBytesMax, limit(selectPlan.limit()));
    }

    /// What is needed beyond a single row: limits, filters, and where the last page ended.
    private @Nullable PagingState begin(SelectPlan selectPlan, Request request, long fingerprint) {
        if (selectPlan.sorted() && request.pageSize > 0) {
            throw CqlException.invalid(
                    "Cannot page queries with both ORDER BY and a IN restriction on the partition key; you must either remove the ORDER BY or the IN and sort client side, or disable paging for this query");
        }
        perPartitionLimit = limit(selectPlan.perPartitionLimit());
        checks.clear();
        for (RowFilter filter : selectPlan.where().filters()) {
            checks.add(filter.bind(workspace.evaluation));
        }
        PagingState state = PagingState.decode(request.pagingState, fingerprint);
        if (state != null) {
            page.start(selectPlan, request.pageSize, request.pageBytesMax, state.rowsLeft);
        }
        arenaMark = workspace.evaluation.arena().length();
        return state;
    }

    private void finish(SelectPlan selectPlan, Request request, ByteWriter body, long fingerprint) {
        boolean skip = request.skipMetadata;
        byte[] changed = null;
        byte[] known = request.resultMetadataId;
        if (request.protocolVersion >= 5
                && known != null
                && !Arrays.equals(known, selectPlan.metadata().id())) {
            changed = selectPlan.metadata().id();
            skip = false;
        }
        page.finish(
                body, workspace.evaluation, request.protocolVersion, skip, changed, fingerprint);
        if (selectPlan.aggregates()) {
            warnOfManyPartitions(selectPlan.where().partitions(), request);
        }
        plan = null;
        access = null;
    }

    private static void warnOfManyPartitions(PartitionRestrictions partitions, Request request) {
        if (partitions.isKeys()) {
            if (!partitions.isOneKey()) {
                request.warn("Aggregation query used on multiple partition keys (IN restriction)");
            }
        } else if (!partitions.hasTokenBounds()) {
            request.warn("Aggregation query used without partition key");
        }
    }

    private long fingerprint(Request request) {
        SelectPlan current = plan();
        boolean paged = request.pageSize > 0 || request.pagingState != null;
        if (!paged) {
            return 0;
        }
        BoundValues values = workspace.evaluation.values();
        CRC32C crc = new CRC32C();
        for (int i = 0; i < values.count(); i++) {
            crc.update(values.length(i));
            if (values.length(i) > 0) {
                crc.update(values.array(), values.offset(i), values.length(i));
            }
        }
        return current.fingerprint() ^ crc.getValue();
    }

    private SelectPlan plan() {
        if (plan == null) {
            throw new IllegalStateException("Nothing is being executed");
        }
        return plan;
    }

    private RowAccess access() {
        if (access == null) {
            throw new IllegalStateException("Nothing is being executed");
        }
        return access;
    }

    private StoredRow row() {
        if (row == null) {
            throw new IllegalStateException("Nothing is being executed");
        }
        return row;
    }

    private int limit(@Nullable ValueTerm term) {
        if (term == null) {
            return Integer.MAX_VALUE;
        }
        term.evaluate(workspace.evaluation, slice);
        if (slice.isUnset()) {
            return Integer.MAX_VALUE;
        }
        if (slice.length() != Integer.BYTES) {
            throw CqlException.invalid(
                    slice.isNull() ? "Invalid null value of limit" : "Invalid limit value");
        }
        int limit = ByteWriter.getInt(slice.array(), slice.offset());
        if (limit <= 0) {
            throw CqlException.invalid("LIMIT must be strictly positive");
        }
        return limit;
    }

    /// The shortest path: one row by its whole key.
    private boolean executeRow(
            SelectPlan selectPlan, Request request, RowAccess rows, ByteWriter body) {
        writePartitionPrefix(selectPlan);
        selectPlan.where().clustering().writePrefix(workspace.evaluation, slice, key);
        key.writeByte(RowKeys.ROW_END);
        if (rows.row(key.array(), 0, key.length())) {
            boolean live =
                    reader.openRow(
                            key.array(),
                            0,
                            key.length(),
                            rows.rowArray(),
                            rows.rowOffset(),
                            rows.rowLength(),
                            selectPlan.fetched().slotOfColumnId(),
                            selectPlan.fetched().slots(),
                            nowSeconds);
            if (live) {
                row().atRow();
                page.take(row(), key.array(), 0, key.length(), 0);
            }
            guard.endCommand(selectPlan, request, key);
            guard.finish(selectPlan, request, page.length());
        }
        finish(selectPlan, request, body, 0);
        return true;
    }

    private void writePartitionPrefix(SelectPlan selectPlan) {
        ByteWriter partitionKey = workspace.partitionKey.clear();
        selectPlan.where().partitions().writeKey(workspace.evaluation, slice, partitionKey);
        long token = Murmur3Token.of(partitionKey.array(), 0, partitionKey.length());
        key.clear();
        RowKeys.writePartition(key, token, partitionKey.array(), 0, partitionKey.length());
    }

    private boolean readKeys(@Nullable PagingState state, Request request) {
        SelectPlan current = plan();
        List<ClusteringRestrictions.Range> ranges =
                current.where().clustering().ranges(workspace.evaluation);
        if (current.where().partitions().isOneKey()) {
            writePartitionPrefix(current);
            partition.clear().writeBytes(key.array(), 0, key.length());
            return readPartition(ranges, state);
        }
        List<byte[]> keys = current.where().partitions().keys(workspace.evaluation);
        int first = state == null ? 0 : state.keyIndex;
        for (keyIndex = first; keyIndex < keys.size() && !page.isDone(); keyIndex++) {
            byte[] partitionKey = keys.get(keyIndex);
            if (keyIndex > first) {
                guard.endCommand(current, request, partition);
                guard.startCommand();
            }
            partition.clear();
            RowKeys.writePartition(
                    partition,
                    Murmur3Token.of(partitionKey, 0, partitionKey.length),
                    partitionKey,
                    0,
                    partitionKey.length);
            if (!readPartition(ranges, keyIndex == first ? state : null)) {
                return false;
            }
        }
        return true;
    }

    /// Reads the partition whose prefix `partition` holds.
    private boolean readPartition(
            List<ClusteringRestrictions.Range> ranges, @Nullable PagingState state) {
        SelectPlan current = plan();
        row().startPartition();
        page.startPartition(state == null ? perPartitionLimit : state.leftInPartition);
        byte[] position = state == null ? null : resumePosition(state);
        boolean any = position != null;
        if (page.isPartitionDone() || position != null && Arrays.equals(position, PARTITION_DONE)) {
            return true;
        }
        if (current.table().hasStatic() && !readStatic(current)) {
            return false;
        }
        if (current.distinct() && row().hasStatic()) {
            emitPartition();
            return true;
        }
        for (int i = 0; i < ranges.size(); i++) {
            var range = ranges.get(current.reversed() ? ranges.size() - 1 - i : i);
            byte[] start = range.start();
            byte[] end = range.end();
            if (position != null) {
                if (current.reversed()) {
                    end = Arrays.compareUnsigned(position, end) < 0 ? position : end;
                } else {
                    start = Arrays.compareUnsigned(position, start) > 0 ? position : start;
                }
                if (Arrays.compareUnsigned(start, end) >= 0) {
                    continue;
                }
            }
            int found = readRange(start, end);
            if (found < 0) {
                return false;
            }
            any |= found > 0;
            if (page.isDone() || page.isPartitionDone() || current.distinct() && found > 0) {
                return true;
            }
        }
        if (!any && row().hasStatic() && current.returnsStaticOnly()) {
            emitPartition();
        }
        return true;
    }

    /// The position at which the next page begins, or before which it does in reverse.
    private byte[] resumePosition(PagingState state) {
        int prefix = RowKeys.partitionLength(state.lastKey, 0);
        if (prefix >= state.lastKey.length) {
            throw CqlException.protocol("Invalid value for the paging state: it has no position");
        }
        byte[] position = Arrays.copyOfRange(state.lastKey, prefix, state.lastKey.length);
        if (position[position.length - 1] == RowKeys.ROW_END) {
            position[position.length - 1] =
                    plan().reversed() ? RowKeys.BOUND_BEFORE : RowKeys.BOUND_AFTER;
        }
        return position;
    }

    private boolean readStatic(SelectPlan current) {
        if (!current.fetched().hasStatics() && !current.returnsStaticOnly()) {
            return true;
        }
        try (RowCursor cursor = open(STATIC_START, STATIC_END, false)) {
            openReader(cursor, false);
            while (reader.next()) {
                row().takeStatic();
                if (--rowsMax < 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private RowCursor open(byte[] start, byte[] end, boolean reversed) {
        key.clear().writeBytes(partition.array(), 0, partition.length()).writeBytes(start);
        endKey.clear().writeBytes(partition.array(), 0, partition.length()).writeBytes(end);
        return access().cursor(
                        key.array(), 0, key.length(), endKey.array(), 0, endKey.length(), reversed);
    }

    private void openReader(RowCursor cursor, boolean reversed) {
        SelectPlan current = plan();
        reader.open(
                cursor,
                reversed,
                current.fetched().slotOfColumnId(),
                current.fetched().slots(),
                current.table().hasMultiCell(),
                nowSeconds);
    }

    /// Reads one range of positions of the current partition.
    ///
    /// @return how many rows are there and live, or -1 if it became too many for here
    private int readRange(byte[] start, byte[] end) {
        SelectPlan current = plan();
        int found = 0;
        try (RowCursor cursor = open(start, end, current.reversed())) {
            openReader(cursor, current.reversed());
            while (reader.next()) {
                if (--rowsMax < 0) {
                    return -1;
                }
                if (!reader.isLive()) {
                    continue;
                }
                found++;
                if (current.distinct()) {
                    emitPartition();
                    return found;
                }
                row().atRow();
                offer(reader.keyArray(), reader.keyOffset(), reader.keyLength());
                if (page.isDone() || page.isPartitionDone()) {
                    return found;
                }
            }
        }
        return found;
    }

    /// Makes the partition itself a row: only its key and static columns have values.
    private void emitPartition() {
        key.clear().writeBytes(partition.array(), 0, partition.length());
        key.writeBytes(PARTITION_DONE);
        row().atPartitionOnly(key.array(), 0);
        offer(key.array(), 0, key.length());
    }

    private void offer(byte[] array, int offset, int length) {
        if (accepted()) {
            page.take(row(), array, offset, length, keyIndex);
        }
        workspace.evaluation.arena().setLength(arenaMark);
    }

    private boolean accepted() {
        for (int i = 0; i < checks.size(); i++) {
            row().get(plan().filterColumns().get(i), slice);
            if (!checks.get(i).accepts(slice.copy())) {
                return false;
            }
        }
        return true;
    }

    /// Reads a range of tokens.
    private boolean scan(@Nullable PagingState state) {
        SelectPlan current = plan();
        TokenRange tokens = current.where().partitions().tokens(workspace.evaluation);
        if (tokens.last() < tokens.first()) {
            return true;
        }
        List<ClusteringRestrictions.Range> ranges =
                current.where().clusteringRestricted()
                        ? current.where().clustering().ranges(workspace.evaluation)
                        : List.of();
        boolean inPartition = false;
        boolean any = false;
        key.clear();
        if (state == null) {
            key.writeLong(tokens.first() ^ Long.MIN_VALUE);
        } else {
            byte[] position = state.leftInPartition == 0 ? PARTITION_DONE : resumePosition(state);
            int prefix = RowKeys.partitionLength(state.lastKey, 0);
            partition.clear().writeBytes(state.lastKey, 0, prefix);
            inPartition = !Arrays.equals(position, PARTITION_DONE);
            any = inPartition;
            row().startPartition();
            page.startPartition(state.leftInPartition);
            if (inPartition && current.table().hasStatic() && !readStatic(current)) {
                return false;
            }
            key.clear().writeBytes(state.lastKey, 0, prefix).writeBytes(position);
        }
        endKey.clear();
        long end = (tokens.last() ^ Long.MIN_VALUE) + 1;
        if (end == 0) {
            endKey.writeBytes(RING_END);
        } else {
            endKey.writeLong(end);
        }
        try (RowCursor cursor =
                access().cursor(
                                key.array(),
                                0,
                                key.length(),
                                endKey.array(),
                                0,
                                endKey.length(),
                                false)) {
            return scan(cursor, ranges, inPartition, any);
        }
    }

    /// @param inPartition whether `partition` holds the one in which the scan begins
    /// @param any whether a row of it has been returned
    private boolean scan(
            RowCursor cursor,
            List<ClusteringRestrictions.Range> ranges,
            boolean inPartition,
            boolean any) {
        SelectPlan current = plan();
        openReader(cursor, false);
        boolean inside = inPartition;
        boolean found = any;
        while (reader.next()) {
            if (--rowsMax < 0) {
                return false;
            }
            if (!inside || !isInPartition()) {
                if (inside && !found) {
                    emitStaticOnly(current);
                }
                if (page.isDone()) {
                    return true;
                }
                enterPartition();
                inside = true;
                found = false;
            }
            if (!reader.isLive()) {
                continue;
            }
            if (reader.isStatic()) {
                row().takeStatic();
                if (!current.distinct()) {
                    continue;
                }
            }
            found = true;
            if (current.distinct()) {
                emitPartition();
                skipPartition();
            } else if (isInRanges(current, ranges)) {
                row().atRow();
                offer(reader.keyArray(), reader.keyOffset(), reader.keyLength());
                if (page.isPartitionDone()) {
                    skipPartition();
                }
            }
            if (page.isDone()) {
                return true;
            }
        }
        if (inside && !found) {
            emitStaticOnly(current);
        }
        return true;
    }

    private boolean isInPartition() {
        return RowKeys.startsWith(
                reader.keyArray(),
                reader.keyOffset(),
                reader.keyLength(),
                partition.array(),
                0,
                partition.length());
    }

    private void enterPartition() {
        int length = RowKeys.partitionLength(reader.keyArray(), reader.keyOffset());
        partition.clear().writeBytes(reader.keyArray(), reader.keyOffset(), length);
        row().startPartition();
        page.startPartition(perPartitionLimit);
    }

    private void emitStaticOnly(SelectPlan current) {
        if (row().hasStatic() && current.returnsStaticOnly()) {
            emitPartition();
        }
    }

    private void skipPartition() {
        key.clear().writeBytes(partition.array(), 0, partition.length());
        key.writeByte(RowKeys.BOUND_AFTER + 1);
        reader.skipTo(key.array(), 0, key.length());
    }

    private boolean isInRanges(SelectPlan current, List<ClusteringRestrictions.Range> ranges) {
        if (!current.where().clusteringRestricted() || current.where().clustering().isEmpty()) {
            return true;
        }
        byte[] array = reader.keyArray();
        int from = reader.keyOffset() + partition.length();
        int to = reader.keyOffset() + reader.keyLength();
        for (var range : ranges) {
            byte[] start = range.start();
            byte[] end = range.end();
            if (Arrays.compareUnsigned(array, from, to, start, 0, start.length) >= 0
                    && Arrays.compareUnsigned(array, from, to, end, 0, end.length) < 0) {
                return true;
            }
        }
        return false;
    }
}
