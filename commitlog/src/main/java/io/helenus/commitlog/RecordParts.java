package io.helenus.commitlog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;

/// The parts of one record that is about to be appended. Reusable: [#clear], then [#add] each part,
/// then [CommitLog#append(RecordParts)]. Borrows the arrays until then. Belongs to one thread.
public final class RecordParts {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final byte[] NOTHING = {};
    private static final int INITIAL_PARTS = 4;

    private final CRC32C crc = new CRC32C();
    // The record's header and after it those of the parts, as they will stand in the segment.
    private byte[] headers = new byte[headerBytes(INITIAL_PARTS)];
    private byte[][] arrays = new byte[INITIAL_PARTS][];
    private int[] offsets = new int[INITIAL_PARTS];
    private int[] lengths = new int[INITIAL_PARTS];
    private int count;
    private long bytes; // of the record without its header; a long, so that it cannot overflow

    public RecordParts() {
        Arrays.fill(arrays, NOTHING);
    }

    /// Forgets all parts, and the arrays with them.
    public RecordParts clear() {
        Arrays.fill(arrays, 0, count, NOTHING);
        count = 0;
        bytes = 0;
        return this;
    }

    public RecordParts add(
            long tableIdHigh, long tableIdLow, byte[] array, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, array.length);
        if (count == arrays.length) {
            grow();
        }
        int at = headerBytes(count);
        LONG.set(headers, at + SegmentFormat.PART_TABLE_HIGH_AT, tableIdHigh);
        LONG.set(headers, at + SegmentFormat.PART_TABLE_LOW_AT, tableIdLow);
        INT.set(headers, at + SegmentFormat.PART_LENGTH_AT, length);
        arrays[count] = array;
        offsets[count] = offset;
        lengths[count] = length;
        count++;
        bytes += SegmentFormat.PART_HEADER_BYTES + length;
        return this;
    }

    public int count() {
        return count;
    }

    /// Size in the log, all headers included.
    public long recordBytes() {
        return SegmentFormat.RECORD_HEADER_BYTES + bytes;
    }

    long tableIdHigh(int part) {
        return (long) LONG.get(headers, headerBytes(part) + SegmentFormat.PART_TABLE_HIGH_AT);
    }

    long tableIdLow(int part) {
        return (long) LONG.get(headers, headerBytes(part) + SegmentFormat.PART_TABLE_LOW_AT);
    }

    /// CRC32C of all parts as they will stand in the segment. Not salted yet.
    int checksum() {
        crc.reset();
        for (int part = 0; part < count; part++) {
            crc.update(headers, headerBytes(part), SegmentFormat.PART_HEADER_BYTES);
            crc.update(arrays[part], offsets[part], lengths[part]);
        }
        return (int) crc.getValue();
    }

    /// Puts the record into a segment, its own header last.
    void writeTo(SegmentMemory memory, int at, int saltedChecksum) {
        INT.set(headers, SegmentFormat.RECORD_LENGTH_AT, (int) bytes);
        INT.set(headers, SegmentFormat.RECORD_CRC_AT, saltedChecksum);
        int firstEnds = headerBytes(1);
        int to = at + firstEnds;
        memory.put(to, arrays[0], offsets[0], lengths[0]);
        to += lengths[0];
        for (int part = 1; part < count; part++) {
            memory.put(to, headers, headerBytes(part), SegmentFormat.PART_HEADER_BYTES);
            to += SegmentFormat.PART_HEADER_BYTES;
            memory.put(to, arrays[part], offsets[part], lengths[part]);
            to += lengths[part];
        }
        memory.put(at, headers, 0, firstEnds);
    }

    private void grow() {
        int parts = count * 2;
        headers = Arrays.copyOf(headers, headerBytes(parts));
        arrays = Arrays.copyOf(arrays, parts);
        Arrays.fill(arrays, count, parts, NOTHING);
        offsets = Arrays.copyOf(offsets, parts);
        lengths = Arrays.copyOf(lengths, parts);
    }

    private static int headerBytes(int parts) {
        return SegmentFormat.RECORD_HEADER_BYTES + parts * SegmentFormat.PART_HEADER_BYTES;
    }
}
