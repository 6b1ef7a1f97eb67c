package io.helenus.commitlog;

import java.util.function.Consumer;

/// The tables that have records in one segment, each with the highest offset of its records there. An
/// open-addressing map over primitive arrays: marking a known table allocates nothing. Guarded by the
/// log's lock.
final class DirtyTables {
    private static final int SLOTS_MIN = 8; // a power of two

    private long[] highs = new long[SLOTS_MIN];
    private long[] lows = new long[SLOTS_MIN];
    private int[] offsets = new int[SLOTS_MIN]; // 0 is a free slot: no record ends at 0
    private int used;
    private int last; // most records follow one of their own table

    /// @param offset not below any earlier one of this table
    void mark(long high, long low, int offset) {
        if (highs[last] == high && lows[last] == low && offsets[last] != 0) {
            offsets[last] = offset;
            return;
        }
        int slot = slotOf(high, low);
        if (offsets[slot] == 0) {
            if ((used + 1) * 2 > offsets.length) {
                grow();
                slot = slotOf(high, low);
            }
            highs[slot] = high;
            lows[slot] = low;
            used++;
        }
        offsets[slot] = offset;
        last = slot;
    }

    /// Forgets a table if all of its records end at or before the offset.
    ///
    /// @return whether it did
    boolean clean(long high, long low, int upToOffset) {
        int slot = slotOf(high, low);
        if (offsets[slot] == 0 || offsets[slot] > upToOffset) {
            return false;
        }
        offsets[slot] = 0;
        used--;
        rehash(offsets.length); // closes the gap; happens once per table and segment
        return true;
    }

    boolean isEmpty() {
        return used == 0;
    }

    int size() {
        return used;
    }

    void forEach(Consumer<TableId> action) {
        for (int slot = 0; slot < offsets.length; slot++) {
            if (offsets[slot] != 0) {
                action.accept(new TableId(highs[slot], lows[slot]));
            }
        }
    }

    private int slotOf(long high, long low) {
        int mask = offsets.length - 1;
        long mixed = (high * 0x9E37_79B9_7F4A_7C15L) ^ (low * 0xC2B2_AE3D_27D4_EB4FL);
        int slot = (int) (mixed >>> 32) & mask;
        while (offsets[slot] != 0 && (highs[slot] != high || lows[slot] != low)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private void grow() {
        rehash(offsets.length * 2);
    }

    private void rehash(int slots) {
        long[] oldHighs = highs;
        long[] oldLows = lows;
        int[] oldOffsets = offsets;
        highs = new long[slots];
        lows = new long[slots];
        offsets = new int[slots];
        last = 0;
        for (int old = 0; old < oldOffsets.length; old++) {
            if (oldOffsets[old] != 0) {
                int slot = slotOf(oldHighs[old], oldLows[old]);
                highs[slot] = oldHighs[old];
                lows[slot] = oldLows[old];
                offsets[slot] = oldOffsets[old];
            }
        }
    }
}
