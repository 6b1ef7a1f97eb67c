package io.helenus.engine.query.term;

import io.helenus.engine.query.BoundValues;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A value: some bytes of an array, or null, or unset. Refilled by whoever evaluates; one thread.
public final class Slice {
    private static final byte[] NOTHING = new byte[0];

    private byte[] array = NOTHING;
    private int offset;
    private int length;

    public void set(byte[] array, int offset, int length) {
        this.array = array;
        this.offset = offset;
        this.length = length;
    }

    public void set(byte @Nullable [] value) {
        if (value == null) {
            setNull();
        } else {
            set(value, 0, value.length);
        }
    }

    public void set(Slice other) {
        set(other.array, other.offset, other.length);
    }

    public void setNull() {
        set(NOTHING, 0, BoundValues.NULL);
    }

    public byte[] array() {
        return array;
    }

    public int offset() {
        return offset;
    }

    /// Bytes, or [BoundValues#NULL], or [BoundValues#UNSET].
    public int length() {
        return length;
    }

    public boolean isNull() {
        return length == BoundValues.NULL;
    }

    public boolean isUnset() {
        return length == BoundValues.UNSET;
    }

    /// Neither null nor unset.
    public boolean hasBytes() {
        return length >= 0;
    }

    /// A copy of the bytes, or null.
    public byte @Nullable [] copy() {
        return length < 0 ? null : Arrays.copyOfRange(array, offset, offset + length);
    }
}
