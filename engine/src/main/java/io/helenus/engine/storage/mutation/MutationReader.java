package io.helenus.engine.storage.mutation;

import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.EntryCheck;
import io.helenus.sstable.model.RowKeys;

/// A mutation read in place (layout: see the package). Re-wrapped for every mutation; one thread.
public final class MutationReader {
    /// What [#next] moved to.
    public enum Operation {
        ENTRY,
        RANGE_DELETION,
        END
    }

    private static final byte[] NOTHING = {};

    private final EntryCheck entries = new EntryCheck();
    private byte[] array = NOTHING;
    private int end;
    private int at;
    private long schemaEpoch;
    private int partitionOffset;
    private int partitionLength;
    private int firstOffset;
    private int firstLength;
    private int secondOffset;
    private int secondLength;
    private long timestamp;
    private int deletionTime;
    private int varintEnd;

    /// Reads the header; [#next] then walks the operations.
    ///
    /// @throws MutationFormatException if this is no mutation that we know
    public MutationReader wrap(byte[] array, int offset, int length) {
        this.array = array;
        end = offset + length;
        if (length < 2 + RowKeys.PARTITION_KEY_OFFSET) {
            throw new MutationFormatException(
                    "Mutation of %d bytes is too short".formatted(length));
        }
        if (array[offset] != MutationWriter.VERSION) {
            throw MutationFormatException.ofVersion(array[offset] & 0xff);
        }
        schemaEpoch = varint(offset + 1);
        partitionOffset = varintEnd;
        need(partitionOffset, RowKeys.PARTITION_KEY_OFFSET);
        partitionLength = RowKeys.partitionLength(array, partitionOffset);
        need(partitionOffset, partitionLength);
        at = partitionOffset + partitionLength;
        return this;
    }

    /// Where token, length and partition key begin in a mutation, without reading the rest.
    public static int partitionOffset(byte[] array, int offset, int length) {
        int at = offset + 1;
        int last = offset + length - RowKeys.PARTITION_KEY_OFFSET;
        while (at < last && array[at] < 0) {
            at++;
        }
        if (at >= last) {
            throw new MutationFormatException(
                    "Mutation of %d bytes is too short".formatted(length));
        }
        return at + 1;
    }

    /// Moves to the next operation.
    public Operation next() {
        if (at == end) {
            return Operation.END;
        }
        int code = array[at];
        if (code != MutationWriter.ENTRY && code != MutationWriter.RANGE_DELETION) {
            throw new MutationFormatException("Operation %d is unknown".formatted(code));
        }
        firstLength = length(at + 1);
        firstOffset = varintEnd;
        secondLength = length(firstOffset + firstLength);
        secondOffset = varintEnd;
        at = secondOffset + secondLength;
        if (code == MutationWriter.ENTRY) {
            return Operation.ENTRY;
        }
        need(at, Long.BYTES + Integer.BYTES);
        timestamp = ByteWriter.getLong(array, at);
        deletionTime = ByteWriter.getInt(array, at + Long.BYTES);
        at += Long.BYTES + Integer.BYTES;
        return Operation.RANGE_DELETION;
    }

    /// Reads all of a mutation that came from outside, so that applying it cannot fail half-way.
    public void check() {
        int from = at;
        Operation operation = next();
        while (operation != Operation.END) {
            if (firstLength == 0 || secondLength == 0) {
                throw new MutationFormatException(
                        "%s with an empty part before byte %d".formatted(operation, at));
            }
            if (operation == Operation.ENTRY) {
                String wrong = entries.wrongWith(array, secondOffset, secondLength);
                if (wrong != null) {
                    throw new MutationFormatException(
                            "Entry's value before byte %d: %s".formatted(at, wrong));
                }
            }
            operation = next();
        }
        at = from;
    }

    private int length(int from) {
        long length = varint(from);
        if (length < 0 || length > end - varintEnd) {
            throw new MutationFormatException(
                    "Length %d at byte %d goes beyond the mutation's end".formatted(length, from));
        }
        return (int) length;
    }

    private long varint(int from) {
        int next = from;
        long value = 0;
        for (int shift = 0; shift <= 63; shift += 7) {
            need(next, 1);
            byte b = array[next++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                varintEnd = next;
                return value;
            }
        }
        throw new MutationFormatException("Number at byte %d is too long".formatted(from));
    }

    private void need(int from, int bytes) {
        if (from + bytes > end) {
            throw new MutationFormatException(
                    "Mutation ends at byte %d, within what begins at %d".formatted(end, from));
        }
    }

    public long schemaEpoch() {
        return schemaEpoch;
    }

    public byte[] array() {
        return array;
    }

    /// Token as Murmur3 gives it.
    public long token() {
        return RowKeys.token(array, partitionOffset);
    }

    /// Where token, length and partition key begin, as all row keys of the partition do.
    public int partitionOffset() {
        return partitionOffset;
    }

    public int partitionLength() {
        return partitionLength;
    }

    /// Of an entry.
    public int positionOffset() {
        return firstOffset;
    }

    public int positionLength() {
        return firstLength;
    }

    /// Of an entry.
    public int valueOffset() {
        return secondOffset;
    }

    public int valueLength() {
        return secondLength;
    }

    /// Of a range deletion.
    public int startOffset() {
        return firstOffset;
    }

    public int startLength() {
        return firstLength;
    }

    /// Of a range deletion.
    public int endOffset() {
        return secondOffset;
    }

    public int endLength() {
        return secondLength;
    }

    /// Of a range deletion.
    public long timestamp() {
        return timestamp;
    }

    /// Of a range deletion, unsigned seconds.
    public int deletionTime() {
        return deletionTime;
    }
}
