package io.helenus.engine.storage.mutation;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;

/// Encodes mutations one after the other (layout: see the package). Reused, allocation-free once its
/// buffer has grown; one thread.
public final class MutationWriter {
    static final int VERSION = 1;
    static final int ENTRY = 1;
    static final int RANGE_DELETION = 2;

    private static final byte[] PARTITION_START = {RowKeys.POSITION_PARTITION};
    private static final byte[] PARTITION_END = {RowKeys.BOUND_AFTER};

    private final ByteWriter out;
    private int operations;

    public MutationWriter() {
        this(new ByteWriter(512));
    }

    /// Writes into `out`, which [#begin] clears.
    public MutationWriter(ByteWriter out) {
        this.out = out;
    }

    /// Starts a new mutation and forgets the one before.
    ///
    /// @param token of the partition key, as Murmur3 gives it
    public MutationWriter begin(
            long schemaEpoch, long token, byte[] partitionKey, int offset, int length) {
        out.clear();
        return append(schemaEpoch, token, partitionKey, offset, length);
    }

    /// Starts a new mutation after what the buffer holds already; the mutations of a batch may so
    /// share one buffer. [#length] is then where the next one begins.
    public MutationWriter append(
            long schemaEpoch, long token, byte[] partitionKey, int offset, int length) {
        out.writeByte(VERSION).writeVarint(schemaEpoch);
        RowKeys.writePartition(out, token, partitionKey, offset, length);
        operations = 0;
        return this;
    }

    /// Adds a row, the static row, a column header or an element.
    ///
    /// @param position what follows the partition in the row key
    /// @param value the encoded entry
    public MutationWriter entry(
            byte[] position,
            int positionOffset,
            int positionLength,
            byte[] value,
            int valueOffset,
            int valueLength) {
        if (positionLength == 0 || valueLength == 0) {
            throw new IllegalArgumentException(
                    "An entry has %d bytes of position and %d of value: both must have some"
                            .formatted(positionLength, valueLength));
        }
        out.writeByte(ENTRY).writeVarint(positionLength);
        out.writeBytes(position, positionOffset, positionLength);
        out.writeVarint(valueLength).writeBytes(value, valueOffset, valueLength);
        operations++;
        return this;
    }

    public MutationWriter entry(ByteWriter position, ByteWriter value) {
        return entry(position.array(), 0, position.length(), value.array(), 0, value.length());
    }

    /// Deletes what lies between two bounds and is not newer. An empty interval is left out.
    public MutationWriter rangeDeletion(
            byte[] start,
            int startOffset,
            int startLength,
            byte[] end,
            int endOffset,
            int endLength,
            long timestamp,
            int deletionTime) {
        if (RowKeys.compare(start, startOffset, startLength, end, endOffset, endLength) >= 0) {
            return this;
        }
        out.writeByte(RANGE_DELETION);
        out.writeVarint(startLength).writeBytes(start, startOffset, startLength);
        out.writeVarint(endLength).writeBytes(end, endOffset, endLength);
        out.writeLong(timestamp).writeInt(deletionTime);
        operations++;
        return this;
    }

    public MutationWriter partitionDeletion(long timestamp, int deletionTime) {
        return rangeDeletion(
                PARTITION_START,
                0,
                PARTITION_START.length,
                PARTITION_END,
                0,
                PARTITION_END.length,
                timestamp,
                deletionTime);
    }

    /// Whether nothing was added since it was begun: there is nothing to write then.
    public boolean isEmpty() {
        return operations == 0;
    }

    /// The buffer: all of it after [#begin], up to the next one.
    public ByteWriter finish() {
        return out;
    }

    public int length() {
        return out.length();
    }
}
