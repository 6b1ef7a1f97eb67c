package io.helenus.engine.storage.memtable;

import io.helenus.engine.storage.mutation.MutationReader;
import io.helenus.engine.storage.mutation.WriteCallback;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowView;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The newest writes of one table, in memory and in key order.
///
/// **Structure.** The token range is cut into stripes, contiguous and equally wide; a stripe is made
/// when it gets its first write. In a stripe all partitions are one singly linked list in key order,
/// and a directory, indexed by the token bits below the stripe's, points to the first partition of
/// each of its slots. As tokens are uniform, a look-up takes one or two steps, and a scan in key order
/// is a walk along the list. The directory doubles when there is more than one partition per slot. A
/// partition holds its only entry directly, or a skip list ([RowList]) once there are several, and its
/// range deletions as one immutable structure ([RangeDeletions]).
///
/// **Writing.** A stripe has at most one writer at a time, the *holder*, who has set its `busy` flag.
/// A thread that finds it set leaves its mutation in the stripe's queue and goes on; the holder applies
/// what is queued before it lets go, and looks once more after that, so nothing is left behind. No
/// thread ever waits. A mutation is applied exactly as it stands in the commit log.
///
/// **Visibility.** A holder installs new versions (of entries, of a partition's deletions) with the
/// stripe's published sequence plus one, and publishes that sequence when the whole mutation is in. A
/// reader takes a stripe's published sequence once and sees of everything the newest version that is
/// not newer. So it sees all of a mutation or nothing of it, and no lock is taken.
///
/// **Cutting version chains.** A version is superseded once a newer one is published, and given back
/// when no reader is at an older sequence. Readers announce their sequence in a pin ([StripePin]); the
/// holder looks at all pins once per 32 superseded versions or 32 KiB of them, and cuts.
///
/// **Memory.** Partitions, entries and versions are records in large arrays ([StripeMemory]), only range
/// deletions are objects: the collector has nothing to trace and nothing to move. Nothing is ever
/// removed but superseded versions, whose place newer ones take; all chunks go back to the node's
/// [ChunkPool] when the last View with this memtable is unpinned ([#free]). [#bytes] counts chunks and
/// objects.
///
/// **Threads.** Any thread writes and reads. The flusher reads after the write group has drained, when
/// nothing changes any more.
public final class Memtable {
    /// Enough for the loops of a large machine to seldom meet in one.
    public static final int STRIPE_BITS = 7;

    private static final int SUPERSEDED_MIN = 32;

    private final MemtableReaders readers;
    private final ChunkPool pool;
    private final MemoryListener memory;
    private final WriteGroup group = new WriteGroup();
    private final int stripeBits;
    private final int supersededMin;
    private final AtomicReferenceArray<@Nullable Stripe> stripes;
    private final AtomicLong reportedBytes = new AtomicLong();
    private final long seed;

    /// @param random seeds the levels of skip lists
    public Memtable(
            MemtableReaders readers,
            ChunkPool pool,
            MemoryListener memory,
            RandomGenerator random) {
        this(readers, pool, memory, random, STRIPE_BITS, SUPERSEDED_MIN);
    }

    /// @param supersededMin versions of a stripe from which on it looks for those to drop
    Memtable(
            MemtableReaders readers,
            ChunkPool pool,
            MemoryListener memory,
            RandomGenerator random,
            int stripeBits,
            int supersededMin) {
        this.supersededMin = supersededMin;
        this.readers = readers;
        this.pool = pool;
        this.memory = memory;
        this.stripeBits = stripeBits;
        seed = random.nextLong();
        stripes = new AtomicReferenceArray<>(1 << stripeBits);
    }

    /// Whoever applies has entered it before; [#apply] leaves it.
    public WriteGroup group() {
        return group;
    }

    /// Applies one mutation, and leaves the write group when that is done.
    ///
    /// @return true if it was applied within this call and is visible; false if another thread is
    ///     writing to the stripe and will apply it: `later` is told then, and only then
    /// @throws RuntimeException if it is no mutation; the write group has been left then, too
    public boolean apply(byte[] mutation, int offset, int length, WriteCallback later) {
        Stripe stripe;
        try {
            stripe =
                    stripeForWrite(
                            MutationReader.partitionOffset(mutation, offset, length), mutation);
        } catch (RuntimeException e) {
            group.leave();
            throw e;
        }
        return stripe.apply(mutation, offset, length, later);
    }

    private Stripe stripeForWrite(int tokenOffset, byte[] mutation) {
        int index = stripeOf(mutation, tokenOffset, Long.BYTES);
        Stripe stripe = stripes.getAcquire(index);
        if (stripe != null) {
            return stripe;
        }
        Stripe made = new Stripe(this, stripeBits, seed + 2L * index);
        Stripe other = stripes.compareAndExchange(index, null, made);
        return other == null ? made : other;
    }

    int stripeOf(byte[] key, int offset, int length) {
        return (int) (Stripe.paddedToken(key, offset, length) >>> Long.SIZE - stripeBits);
    }

    /// Reads what there is of one row, static row, header or element.
    ///
    /// @param key the whole row key
    public void readRow(
            byte[] key, int offset, int length, MemtableRow out, MemtableCursor pinned) {
        Stripe stripe = stripes.getAcquire(stripeOf(key, offset, length));
        if (stripe == null) {
            out.clear();
        } else {
            stripe.readRow(key, offset, length, out, pinned.pin());
        }
    }

    /// The oldest timestamp of anything in a partition; [Long#MAX_VALUE] if there is nothing,
    /// [Long#MIN_VALUE] if there is more than is worth looking through. For purging.
    ///
    /// @param prefix token, length and partition key
    public long minTimestamp(byte[] prefix, int offset, int length, MemtableCursor cursor) {
        if (stripes.getAcquire(stripeOf(prefix, offset, length)) == null) {
            return Long.MAX_VALUE;
        }
        int entriesMax = 256;
        byte[] end = new byte[length + 1];
        System.arraycopy(prefix, offset, end, 0, length);
        end[length] = (byte) 0xff;
        cursor.open(this, prefix, offset, length, end, 0, end.length, false);
        if (cursor.next() == RowCursor.Kind.END && !isInDeletion(cursor)) {
            cursor.close();
            return Long.MAX_VALUE;
        }
        TimestampBounds bounds = new TimestampBounds();
        RowView row = new RowView();
        try {
            for (int i = 0; i < entriesMax; i++) {
                if (cursor.kind() == RowCursor.Kind.END) {
                    return bounds.min();
                }
                bounds.add(cursor, row);
                cursor.next();
            }
            return Long.MIN_VALUE;
        } finally {
            cursor.close();
        }
    }

    private static boolean isInDeletion(RowCursor cursor) {
        return cursor.beforeTimestamp() != RowCursor.NO_DELETION;
    }

    /// Whether something was written with this timestamp or an older one. Looks through all of it
    /// until it finds that.
    public boolean holdsUpTo(long timestamp, MemtableCursor cursor) {
        byte[] all = {};
        cursor.open(this, all, 0, 0, all, 0, -1, false);
        TimestampBounds bounds = new TimestampBounds();
        RowView row = new RowView();
        try {
            while (cursor.next() != RowCursor.Kind.END) {
                bounds.add(cursor, row);
                if (bounds.min() <= timestamp) {
                    return true;
                }
            }
            return false;
        } finally {
            cursor.close();
        }
    }

    void report(long bytes) {
        reportedBytes.getAndAdd(bytes);
        memory.changed(bytes);
    }

    MemtableReaders readers() {
        return readers;
    }

    ChunkPool pool() {
        return pool;
    }

    int supersededMin() {
        return supersededMin;
    }

    int stripes() {
        return stripes.length();
    }

    @Nullable Stripe stripe(int index) {
        return stripes.getAcquire(index);
    }

    /// Heap that it takes, as far as writers have reported it.
    public long bytes() {
        return reportedBytes.get();
    }

    /// Reports what has not been reported. For a memtable that is at rest.
    public void reportAll() {
        for (int i = 0; i < stripes(); i++) {
            Stripe stripe = stripe(i);
            if (stripe != null) {
                stripe.reportRest();
            }
        }
    }

    /// Gives its memory back. For a memtable at rest that nobody reads any more; it is empty then.
    public void free() {
        for (int i = 0; i < stripes(); i++) {
            Stripe stripe = stripes.getAndSet(i, null);
            if (stripe != null) {
                stripe.memory().free();
            }
        }
    }

    /// Exact at rest, else about right.
    public long partitions() {
        long sum = 0;
        for (int i = 0; i < stripes(); i++) {
            Stripe stripe = stripe(i);
            sum += stripe == null ? 0 : stripe.partitions();
        }
        return sum;
    }

    /// Whether nothing was written to it. A write that is on its way may not have arrived yet.
    public boolean isEmpty() {
        for (int i = 0; i < stripes(); i++) {
            Stripe stripe = stripe(i);
            if (stripe != null && stripe.published() > 0) {
                return false;
            }
        }
        return true;
    }
}
