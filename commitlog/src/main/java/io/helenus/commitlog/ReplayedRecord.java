package io.helenus.commitlog;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/// View of one record that is being replayed. Re-used for every record; belongs to the replaying
/// thread.
public final class ReplayedRecord {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int INITIAL_PARTS = 4;

    private byte[] array = {};
    private int[] partsAt = new int[INITIAL_PARTS];
    private boolean[] retained = new boolean[INITIAL_PARTS];
    private int parts;
    private long position;

    ReplayedRecord() {}

    /// Points the view at the parts of a record whose checksum is right.
    ///
    /// @return false if they do not fill their record exactly
    boolean wrap(long recordPosition, byte[] buffer, int from, int to) {
        array = buffer;
        position = recordPosition;
        parts = 0;
        int at = from;
        while (to - at >= SegmentFormat.PART_HEADER_BYTES) {
            int length = (int) INT.get(buffer, at + SegmentFormat.PART_LENGTH_AT);
            if (length < 0 || length > to - at - SegmentFormat.PART_HEADER_BYTES) {
                return false;
            }
            if (parts == partsAt.length) {
                partsAt = Arrays.copyOf(partsAt, parts * 2);
                retained = new boolean[parts * 2];
            }
            partsAt[parts++] = at;
            at += SegmentFormat.PART_HEADER_BYTES + length;
        }
        Arrays.fill(retained, false);
        return at == to && parts > 0;
    }

    /// As returned by [CommitLog#append].
    public long position() {
        return position;
    }

    public int parts() {
        return parts;
    }

    public long tableIdHigh(int part) {
        return (long) LONG.get(array, at(part) + SegmentFormat.PART_TABLE_HIGH_AT);
    }

    public long tableIdLow(int part) {
        return (long) LONG.get(array, at(part) + SegmentFormat.PART_TABLE_LOW_AT);
    }

    /// Holds the bytes of all parts; lent for the time of the call, not to be changed.
    public byte[] array() {
        return array;
    }

    /// Where the bytes of a part begin in [#array].
    public int offset(int part) {
        return at(part) + SegmentFormat.PART_HEADER_BYTES;
    }

    public int length(int part) {
        return (int) INT.get(array, at(part) + SegmentFormat.PART_LENGTH_AT);
    }

    /// Says that this part has been applied in memory, so its segment is needed until the table is
    /// marked clean.
    public void retain(int part) {
        Objects.checkIndex(part, parts);
        retained[part] = true;
    }

    boolean retains(int part) {
        return retained[part];
    }

    boolean retainsAny() {
        for (int part = 0; part < parts; part++) {
            if (retained[part]) {
                return true;
            }
        }
        return false;
    }

    private int at(int part) {
        return partsAt[Objects.checkIndex(part, parts)];
    }
}
