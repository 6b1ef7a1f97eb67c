package io.helenus.engine.storage.memtable;

import io.helenus.sstable.model.RowKeys;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// One partition of a memtable: what its row keys begin with, its entries and its range deletions.
final class Partition {
    private static final VarHandle NEXT;
    private static final VarHandle ROWS;
    private static final VarHandle DELETIONS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            NEXT = lookup.findVarHandle(Partition.class, "next", Partition.class);
            ROWS = lookup.findVarHandle(Partition.class, "rows", Object.class);
            DELETIONS = lookup.findVarHandle(Partition.class, "deletions", Version.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /// First eight bytes of the prefix: the token, in unsigned order.
    final long token;

    /// Token, length, partition key.
    final byte[] prefix;

    private volatile @Nullable Partition next;

    /// Null, the only [Entry], or a [RowList]. The list holds a copy of the entry that was alone: who
    /// still reads that one is at a sequence that nothing newer concerns.
    private volatile @Nullable Object rows;

    private volatile @Nullable Version<RangeDeletions> deletions;

    Partition(byte[] prefix) {
        this.prefix = prefix;
        token = Stripe.paddedToken(prefix, 0, prefix.length);
    }

    @Nullable Partition next() {
        return next;
    }

    void setNext(@Nullable Partition partition) {
        NEXT.setRelease(this, partition);
    }

    @Nullable Object rows() {
        return rows;
    }

    void setRows(Object rows) {
        ROWS.setRelease(this, rows);
    }

    @Nullable Version<RangeDeletions> deletions() {
        return deletions;
    }

    void setDeletions(Version<RangeDeletions> version) {
        DELETIONS.setRelease(this, version);
    }

    RangeDeletions deletionsAt(long sequence) {
        Version<RangeDeletions> version = Version.at(deletions(), sequence);
        return version == null ? RangeDeletions.NONE : version.value;
    }

    @Nullable Entry find(byte[] position, int offset, int length) {
        Object found = rows();
        if (found instanceof RowList list) {
            return list.find(position, offset, length);
        }
        Entry only = (Entry) found;
        return only != null && only.compareTo(position, offset, length) == 0 ? only : null;
    }

    /// Order by prefix; `token` is that of the other one.
    int compareTo(long otherToken, byte[] other, int offset, int length) {
        if (token != otherToken) {
            return Long.compareUnsigned(token, otherToken);
        }
        return Arrays.compareUnsigned(
                prefix,
                RowKeys.TOKEN_BYTES,
                prefix.length,
                other,
                offset + RowKeys.TOKEN_BYTES,
                offset + length);
    }

    /// Whether all keys of this partition come before a key of any form.
    boolean endsBefore(byte[] key, int offset, int length) {
        return startsBefore(key, offset, length) && !isPrefixOf(key, offset, length);
    }

    /// Whether a key of this partition can come before a key of any form.
    boolean startsBefore(byte[] key, int offset, int length) {
        return Arrays.compareUnsigned(prefix, 0, prefix.length, key, offset, offset + length) < 0;
    }

    boolean isPrefixOf(byte[] key, int offset, int length) {
        return RowKeys.startsWith(key, offset, length, prefix, 0, prefix.length);
    }
}
