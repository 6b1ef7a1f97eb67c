package io.helenus.engine.storage.memtable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A row, static row, column header or element of a partition, with its versions. The only entry of a
/// partition is just this; several are [RowList.Node]s.
class Entry {
    private static final VarHandle HEAD;

    static {
        try {
            HEAD = MethodHandles.lookup().findVarHandle(Entry.class, "head", Version.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// What follows the partition in the row key.
    final byte[] position;

    private volatile @Nullable Version<byte[]> head; // set with release

    Entry(byte[] position, @Nullable Version<byte[]> head) {
        this.position = position;
        this.head = head;
    }

    final @Nullable Version<byte[]> head() {
        return head;
    }

    final void setHead(Version<byte[]> version) {
        HEAD.setRelease(this, version);
    }

    final @Nullable Version<byte[]> versionAt(long sequence) {
        return Version.at(head(), sequence);
    }

    final int compareTo(byte[] key, int offset, int length) {
        return Arrays.compareUnsigned(position, 0, position.length, key, offset, offset + length);
    }
}
