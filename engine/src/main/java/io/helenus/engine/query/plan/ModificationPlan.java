package io.helenus.engine.query.plan;

import io.helenus.engine.error.CqlException;
import io.helenus.engine.query.term.Slice;
import io.helenus.engine.query.term.ValueTerm;
import io.helenus.engine.schema.TableSchema;
import io.helenus.engine.storage.mutation.MutationWriter;
import io.helenus.engine.types.NativeType;
import io.helenus.gossip.ring.Murmur3Token;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What an INSERT, UPDATE or DELETE writes. Immutable; executing it fills mutations and touches no
/// storage.
public final class ModificationPlan {
    /// Twenty years, as in Cassandra.
    static final int TTL_MAX = 20 * 365 * 24 * 60 * 60;

    private static final byte[] STATIC_POSITION = {RowKeys.POSITION_STATIC};

    /// Which keys a statement writes to.
    enum Extent {
        /// Rows, or parts of them.
        ROWS,
        /// Whole rows or ranges of them are deleted.
        RANGES,
        /// The whole partition is deleted.
        PARTITION
    }

    private final TableSchema table;
    private final PartitionRestrictions partitions;
    private final ClusteringRestrictions clustering;
    private final Extent extent;
    private final boolean insert;
    private final List<ColumnOperation.Simple> staticSimple;
    private final List<ColumnOperation.Complex> staticComplex;
    private final List<ColumnOperation.Simple> rowSimple;
    private final List<ColumnOperation.Complex> rowComplex;
    private final boolean writesRows;
    private final @Nullable ValueTerm timestamp;
    private final @Nullable ValueTerm ttl;
    private final boolean spellings;
    private final boolean readsFirst;

    ModificationPlan(
            TableSchema table,
            WhereClause where,
            Extent extent,
            boolean insert,
            List<ColumnOperation> operations,
            boolean writesRows,
            @Nullable ValueTerm timestamp,
            @Nullable ValueTerm ttl) {
        this.table = table;
        this.partitions = where.partitions();
        this.clustering = where.clustering();
        this.extent = extent;
        this.insert = insert;
        this.staticSimple = of(ColumnOperation.Simple.class, operations, true);
        this.staticComplex = of(ColumnOperation.Complex.class, operations, true);
        this.rowSimple = of(ColumnOperation.Simple.class, operations, false);
        this.rowComplex = of(ColumnOperation.Complex.class, operations, false);
        this.writesRows = writesRows;
        this.timestamp = timestamp;
        this.ttl = ttl;
        this.spellings = Spellings.mayBeNeeded(table.clustering());
        this.readsFirst = operations.stream().anyMatch(ListOperation.class::isInstance);
    }

    private static <T extends ColumnOperation> List<T> of(
            Class<T> kind, List<ColumnOperation> operations, boolean statics) {
        return operations.stream()
                .filter(kind::isInstance)
                .filter(operation -> operation.column().isStatic() == statics)
                .map(kind::cast)
                .sorted((a, b) -> Integer.compare(a.column().id(), b.column().id()))
                .toList();
    }

    public TableSchema table() {
        return table;
    }

    /// Whether it writes to one partition only, whatever its values are.
    public boolean isOnePartition() {
        return partitions.isOneKey();
    }

    /// Whether it writes one row of one partition, in one entry, whatever its values are; [#encode]
    /// does then.
    public boolean isOneEntry() {
        return partitions.isOneKey()
                && extent == Extent.ROWS
                && writesRows
                && clustering.isOneRow()
                && staticSimple.isEmpty()
                && staticComplex.isEmpty()
                && rowComplex.isEmpty();
    }

    public boolean setsTimestamp() {
        return timestamp != null;
    }

    /// Whether it depends on stored lists, so that the workspace needs a [ListSource], and the
    /// partitions a lock.
    public boolean readsFirst() {
        return readsFirst;
    }

    /// Tokens of the partitions that it writes to.
    public List<Long> tokens(Workspace workspace) {
        List<Long> tokens = new ArrayList<>();
        for (byte[] key : partitions.keys(workspace.evaluation)) {
            tokens.add(Murmur3Token.of(key, 0, key.length));
        }
        return tokens;
    }

    /// Adds the statement's writes to the mutations that `target` gives.
    ///
    /// @param requestTimestamp microseconds, for a statement without USING TIMESTAMP
    /// @param times scratch
    public void execute(
            Workspace workspace,
            long requestTimestamp,
            long nowSeconds,
            WriteTimes times,
            MutationTarget target) {
        times.set(timestamp(workspace, requestTimestamp), ttl(workspace), nowSeconds);
        if (partitions.isOneKey()) {
            ByteWriter key = workspace.partitionKey.clear();
            partitions.writeKey(workspace.evaluation, workspace.slice, key);
            writePartition(workspace, times, key.array(), key.length(), target);
            return;
        }
        for (byte[] key : partitions.keys(workspace.evaluation)) {
            writePartition(workspace, times, key, key.length, target);
        }
    }

    /// Writes the entry of a statement that [#isOneEntry]: its row key into `key`, its value into
    /// `value`, in place of what they hold.
    ///
    /// @param requestTimestamp microseconds, for a statement without USING TIMESTAMP
    /// @param times scratch
    /// @return false if nothing is to be written
    public boolean encode(
            Workspace workspace,
            long requestTimestamp,
            long nowSeconds,
            WriteTimes times,
            ByteWriter key,
            ByteWriter value) {
        times.set(timestamp(workspace, requestTimestamp), ttl(workspace), nowSeconds);
        ByteWriter partition = workspace.partitionKey.clear();
        partitions.writeKey(workspace.evaluation, workspace.slice, partition);
        int length = partition.length();
        long token = Murmur3Token.of(partition.array(), 0, length);
        RowKeys.writePartition(key.clear(), token, partition.array(), 0, length);
        boolean spelled = writePosition(workspace, key);
        return encodeRow(workspace, times, rowSimple, insert, spelled, value);
    }

    private void writePartition(
            Workspace workspace,
            WriteTimes times,
            byte[] key,
            int keyLength,
            MutationTarget target) {
        long token = Murmur3Token.of(key, 0, keyLength);
        if (readsFirst) {
            workspace.partition.clear();
            RowKeys.writePartition(workspace.partition, token, key, 0, keyLength);
        }
        MutationWriter out = target.partition(table, token, key, 0, keyLength);
        switch (extent) {
            case PARTITION -> out.partitionDeletion(times.timestamp, times.deletionTime);
            case RANGES -> deleteRanges(workspace, times, out);
            case ROWS -> {
                if (!staticSimple.isEmpty() || !staticComplex.isEmpty()) {
                    workspace.position.clear().writeBytes(STATIC_POSITION);
                    writeRow(workspace, times, staticSimple, staticComplex, false, false, out);
                }
                if (writesRows) {
                    writeRows(workspace, times, out);
                }
            }
        }
    }

    private void deleteRanges(Workspace workspace, WriteTimes times, MutationWriter out) {
        if (clustering.isRows()) {
            for (byte[] prefix : clustering.prefixes(workspace.evaluation)) {
                workspace.position.clear().writeBytes(prefix).writeByte(RowKeys.ROW_END);
                ByteWriter value = workspace.value.clear();
                workspace.row.beginDeletedRow(value, times.timestamp, times.deletionTime).end();
                out.entry(workspace.position, value);
            }
            return;
        }
        for (var range : clustering.ranges(workspace.evaluation)) {
            out.rangeDeletion(
                    range.start(),
                    0,
                    range.start().length,
                    range.end(),
                    0,
                    range.end().length,
                    times.timestamp,
                    times.deletionTime);
        }
    }

    private void writeRows(Workspace workspace, WriteTimes times, MutationWriter out) {
        ByteWriter position = workspace.position;
        if (clustering.isOneRow()) {
            boolean spelled = writePosition(workspace, position.clear());
            writeRow(workspace, times, rowSimple, rowComplex, insert, spelled, out);
            return;
        }
        for (byte[] prefix : clustering.prefixes(workspace.evaluation)) {
            position.clear().writeBytes(prefix).writeByte(RowKeys.ROW_END);
            writeRow(workspace, times, rowSimple, rowComplex, insert, false, out);
        }
    }

    /// Appends the position of the one row that is meant.
    ///
    /// @return whether the row has to say how its clustering was spelled: as `workspace.spelling` does
    private boolean writePosition(Workspace workspace, ByteWriter out) {
        boolean spelled = false;
        if (spellings) {
            workspace.spelling.clear();
            spelled =
                    !clustering.writeSpelling(
                            workspace.evaluation, workspace.slice, workspace.spelling);
        }
        clustering.writePrefix(workspace.evaluation, workspace.slice, out);
        out.writeByte(RowKeys.ROW_END);
        return spelled;
    }

    private static void writeRow(
            Workspace workspace,
            WriteTimes times,
            List<ColumnOperation.Simple> simple,
            List<ColumnOperation.Complex> complex,
            boolean liveness,
            boolean spelled,
            MutationWriter out) {
        if (encodeRow(workspace, times, simple, liveness, spelled, workspace.value)) {
            out.entry(workspace.position, workspace.value);
        }
        for (int i = 0; i < complex.size(); i++) {
            complex.get(i).write(workspace, times, out);
        }
    }

    /// @return whether the row has anything
    private static boolean encodeRow(
            Workspace workspace,
            WriteTimes times,
            List<ColumnOperation.Simple> simple,
            boolean liveness,
            boolean spelled,
            ByteWriter value) {
        if (!liveness && !spelled && simple.isEmpty()) {
            return false;
        }
        ByteWriter spelling = workspace.spelling;
        RowWriter row =
                workspace.row.begin(
                        value.clear(),
                        liveness,
                        times.timestamp,
                        times.ttl,
                        times.expiry,
                        RowCursor.NO_DELETION,
                        0,
                        spelling.array(),
                        0,
                        spelled ? spelling.length() : -1);
        for (int i = 0; i < simple.size(); i++) {
            simple.get(i).write(workspace, times, row);
        }
        row.end();
        return liveness || spelled || row.count() > 0;
    }

    private long timestamp(Workspace workspace, long requestTimestamp) {
        if (timestamp == null) {
            return requestTimestamp;
        }
        Slice slice = workspace.slice;
        timestamp.evaluate(workspace.evaluation, slice);
        if (slice.isUnset()) {
            return requestTimestamp;
        }
        if (slice.length() != Long.BYTES) {
            throw CqlException.invalid(
                    slice.isNull() ? "Invalid null value of timestamp" : "Invalid timestamp value");
        }
        long value = ByteWriter.getLong(slice.array(), slice.offset());
        checkTimestamp(value);
        return value;
    }

    /// The least one is taken as a sign for "none".
    public static void checkTimestamp(long timestamp) {
        if (timestamp == Long.MIN_VALUE) {
            throw CqlException.invalid(
                    "Out of bound timestamp, must be in [%d, %d]"
                            .formatted(Long.MIN_VALUE + 1, Long.MAX_VALUE));
        }
    }

    private int ttl(Workspace workspace) {
        int defaultTtl = table.options().defaultTimeToLive();
        if (ttl == null) {
            return defaultTtl;
        }
        Slice slice = workspace.slice;
        ttl.evaluate(workspace.evaluation, slice);
        if (slice.isUnset()) {
            return defaultTtl;
        }
        if (slice.isNull()) {
            return 0;
        }
        if (slice.length() != Integer.BYTES) {
            throw CqlException.invalid("Invalid TTL value");
        }
        int seconds = ByteWriter.getInt(slice.array(), slice.offset());
        if (seconds < 0) {
            throw CqlException.invalid("A TTL must be greater or equal to 0, but was " + seconds);
        }
        if (seconds > TTL_MAX) {
            throw CqlException.invalid(
                    "ttl is too large. requested (%d) maximum (%d)".formatted(seconds, TTL_MAX));
        }
        return seconds;
    }

    /// Types of USING's values.
    static final NativeType TIMESTAMP_TYPE = NativeType.BIGINT;

    static final NativeType TTL_TYPE = NativeType.INT;
}
