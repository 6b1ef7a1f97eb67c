package io.helenus.engine.query;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The values bound to a statement's markers, as slices of one byte array: nothing is copied.
/// Reused from request to request by its owner, one thread at a time.
public final class BoundValues {
    public static final int NULL = -1;
    public static final int UNSET = -2;

    private byte[] array = new byte[0];
    private int count;
    private int[] offsets = new int[16];
    private int[] lengths = new int[16];
    private @Nullable String @Nullable [] names;

    /// Starts over with values that will lie in `array`.
    public void reset(byte[] array) {
        this.array = array;
        count = 0;
        names = null;
    }

    /// Says that the values lie, at the same places, in another array: one that has grown.
    public void moveTo(byte[] grown) {
        array = grown;
    }

    /// `length` is a number of bytes, [#NULL] or [#UNSET].
    public void add(int offset, int length) {
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
        }
        offsets[count] = offset;
        lengths[count] = length;
        count++;
    }

    /// Values may come with names (`:name` or the column's); then all of them do.
    public void addNamed(String name, int offset, int length) {
        @Nullable String[] all = names == null ? new String[16] : names;
        if (count >= all.length) {
            all = Arrays.copyOf(all, 2 * count);
        }
        all[count] = name;
        names = all;
        add(offset, length);
    }

    public boolean named() {
        return names != null;
    }

    public @Nullable String name(int index) {
        return names == null ? null : names[index];
    }

    public int count() {
        return count;
    }

    public byte[] array() {
        return array;
    }

    public int offset(int index) {
        return offsets[index];
    }

    /// Bytes of the value, [#NULL] or [#UNSET].
    public int length(int index) {
        return lengths[index];
    }

    public boolean isNull(int index) {
        return lengths[index] == NULL;
    }

    public boolean isUnset(int index) {
        return lengths[index] == UNSET;
    }

    public byte @Nullable [] copy(int index) {
        return lengths[index] < 0
                ? null
                : Arrays.copyOfRange(array, offsets[index], offsets[index] + lengths[index]);
    }

    public String text(int index) {
        return new String(array, offsets[index], lengths[index], StandardCharsets.UTF_8);
    }

    /// A copy with bytes of its own, for work that outlives the request's buffer.
    public BoundValues detach() {
        BoundValues copy = new BoundValues();
        int total = 0;
        for (int i = 0; i < count; i++) {
            total += Math.max(0, lengths[i]);
        }
        copy.array = new byte[total];
        copy.offsets = new int[Math.max(1, count)];
        copy.lengths = Arrays.copyOf(lengths, Math.max(1, count));
        copy.count = count;
        copy.names = names == null ? null : names.clone();
        int at = 0;
        for (int i = 0; i < count; i++) {
            copy.offsets[i] = at;
            if (lengths[i] > 0) {
                System.arraycopy(array, offsets[i], copy.array, at, lengths[i]);
                at += lengths[i];
            }
        }
        return copy;
    }
}
