package io.helenus.engine.storage;

import io.helenus.engine.storage.memtable.Memtable;
import io.helenus.sstable.model.ByteWriter;
import java.util.Arrays;
import java.util.Objects;

/// Mutations of several tables or partitions that go to the commit log as one record: after a crash all
/// of them are there, or none. Reusable: [#clear], then [#add] each; one thread. Borrows the arrays
/// until the write call returns.
public final class WriteBatch {
    private TableStore[] tables = new TableStore[4];
    private byte[][] arrays = new byte[4][];
    private int[] offsets = new int[4];
    private int[] lengths = new int[4];
    private Memtable[] memtables = new Memtable[4];
    private int count;

    public WriteBatch clear() {
        Arrays.fill(tables, 0, count, null);
        Arrays.fill(arrays, 0, count, null);
        Arrays.fill(memtables, 0, count, null);
        count = 0;
        return this;
    }

    public WriteBatch add(TableStore table, byte[] mutation, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, mutation.length);
        if (count == arrays.length) {
            tables = Arrays.copyOf(tables, 2 * count);
            arrays = Arrays.copyOf(arrays, 2 * count);
            offsets = Arrays.copyOf(offsets, 2 * count);
            lengths = Arrays.copyOf(lengths, 2 * count);
            memtables = Arrays.copyOf(memtables, 2 * count);
        }
        tables[count] = table;
        arrays[count] = mutation;
        offsets[count] = offset;
        lengths[count++] = length;
        return this;
    }

    public WriteBatch add(TableStore table, ByteWriter mutation) {
        return add(table, mutation.array(), 0, mutation.length());
    }

    public int count() {
        return count;
    }

    TableStore table(int part) {
        return tables[part];
    }

    byte[] array(int part) {
        return arrays[part];
    }

    int offset(int part) {
        return offsets[part];
    }

    int length(int part) {
        return lengths[part];
    }

    /// The memtable that a part goes to, from when its write group was entered.
    Memtable memtable(int part) {
        return memtables[part];
    }

    /// Enters the write groups of all parts.
    void enter() {
        int entered = 0;
        try {
            while (entered < count) {
                memtables[entered] = tables[entered].enterWrite();
                entered++;
            }
        } catch (RuntimeException e) {
            leave(0, entered);
            throw e;
        }
    }

    /// Says where in the log all of it is.
    void logged(long position) {
        for (int i = 0; i < count; i++) {
            memtables[i].group().logged(position);
        }
    }

    void leave(int from, int to) {
        for (int i = from; i < to; i++) {
            memtables[i].group().leave();
        }
    }

    /// The same with bytes of its own, which may be written later.
    public WriteBatch copy() {
        WriteBatch copy = new WriteBatch();
        for (int i = 0; i < count; i++) {
            byte[] mutation = Arrays.copyOfRange(arrays[i], offsets[i], offsets[i] + lengths[i]);
            copy.add(tables[i], mutation, 0, mutation.length);
            copy.memtables[i] = memtables[i];
        }
        return copy;
    }
}
