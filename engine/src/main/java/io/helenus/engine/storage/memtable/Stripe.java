package io.helenus.engine.storage.memtable;

import io.helenus.engine.storage.mutation.MutationReader;
import io.helenus.engine.storage.mutation.WriteCallback;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowReconciler;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A contiguous token range of a memtable; [Memtable] explains how it works. Fields marked as the
/// holder's belong to whoever has set `busy`.
final class Stripe {
    private static final VarHandle PUBLISHED;
    private static final VarHandle BUSY;
    private static final VarHandle QUEUE;
    private static final VarHandle DIRECTORY;
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(Partition[].class);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PUBLISHED = lookup.findVarHandle(Stripe.class, "published", long.class);
            BUSY = lookup.findVarHandle(Stripe.class, "busy", int.class);
            QUEUE = lookup.findVarHandle(Stripe.class, "queue", Queued.class);
            DIRECTORY = lookup.findVarHandle(Stripe.class, "directory", Partition[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int DIRECTORY_SLOTS_MIN = 8;
    private static final int SUPERSEDED_BYTES_MAX = 32 << 10;
    private static final int REPORTED_STEP_BYTES = 4 << 10;
    private static final int OPTIMISTIC_READS = 8;

    // Sizes of objects with compact headers and compressed references.
    private static final int ARRAY_HEADER_BYTES = 12;
    private static final int PARTITION_BYTES = 32 + 8; // and its share of the directory
    private static final int ENTRY_BYTES = 16;
    private static final int NODE_BYTES = 32 + 8; // and its share of towers
    private static final int VERSION_BYTES = 24;
    private static final int LIST_BYTES = 128;

    /// A mutation that found the stripe busy.
    private static final class Queued {
        final byte[] mutation;
        final WriteCallback callback;
        @Nullable Queued next;

        Queued(byte[] mutation, WriteCallback callback) {
            this.mutation = mutation;
            this.callback = callback;
        }
    }

    // Constant after construction.
    private final Memtable memtable;
    private final int stripeBits;

    // Set with release by the holder, read by anyone.
    private long published;
    private Partition[] directory = new Partition[DIRECTORY_SLOTS_MIN];

    // Synchronized by themselves.
    private volatile int busy;
    private volatile @Nullable Queued queue;

    // The holder's.
    private final MutationReader reader = new MutationReader();
    private final RowReconciler reconciler = new RowReconciler();
    private final ByteWriter merged = new ByteWriter();
    private final RowList.Node[] path = new RowList.Node[RowList.LEVELS_MAX];
    private Version<?>[] superseding = new Version<?>[8];
    private int supersedingCount;
    private long supersededBytes;
    private int trimAt;
    private int partitions;
    private long random;
    private long bytes;
    private long reportedBytes;
    private @Nullable Throwable broken;

    Stripe(Memtable memtable, int stripeBits, long seed) {
        this.memtable = memtable;
        this.stripeBits = stripeBits;
        random = seed | 1;
        trimAt = memtable.supersededMin();
        bytes = 256 + 4L * DIRECTORY_SLOTS_MIN;
    }

    /// The first eight bytes of a key of any form, zeros where it is shorter.
    static long paddedToken(byte[] key, int offset, int length) {
        if (length >= RowKeys.TOKEN_BYTES) {
            return ByteWriter.getLong(key, offset);
        }
        long token = 0;
        for (int i = 0; i < RowKeys.TOKEN_BYTES; i++) {
            token = token << 8 | (i < length ? key[offset + i] & 0xff : 0);
        }
        return token;
    }

    long published() {
        return (long) PUBLISHED.getAcquire(this);
    }

    // ---- Writing

    /// @return true if it was applied, false if the holder will apply it and tell the callback
    boolean apply(byte[] mutation, int offset, int length, WriteCallback later) {
        if (tryHold()) {
            try {
                applyHeld(mutation, offset, length);
            } finally {
                memtable.group().leave();
                letGo(null);
            }
            return true;
        }
        Queued mine = new Queued(Arrays.copyOfRange(mutation, offset, offset + length), later);
        enqueue(mine);
        return tryHold() && letGo(mine);
    }

    private boolean tryHold() {
        return busy == 0 && BUSY.compareAndSet(this, 0, 1);
    }

    private void enqueue(Queued item) {
        Queued first;
        do {
            first = queue;
            item.next = first;
        } while (!QUEUE.compareAndSet(this, first, item));
    }

    /// Applies what has been queued and lets go of the stripe, until nothing is left behind.
    ///
    /// @return whether `mine` was among it; its callback is not called then
    private boolean letGo(@Nullable Queued mine) {
        boolean mineApplied = false;
        Throwable mineFailed = null;
        do {
            Queued item = queue == null ? null : inOrder();
            while (item != null) {
                Throwable failure = applyQueued(item);
                if (item == mine) {
                    mineApplied = true;
                    mineFailed = failure;
                } else {
                    tell(item.callback, failure);
                }
                item = item.next;
            }
            busy = 0;
        } while (queue != null && tryHold());
        if (mineFailed != null) {
            throw new IllegalStateException("Mutation could not be applied", mineFailed);
        }
        return mineApplied;
    }

    private static void tell(WriteCallback callback, @Nullable Throwable failure) {
        try {
            if (failure == null) {
                callback.applied();
            } else {
                callback.failed(failure);
            }
        } catch (RuntimeException e) {
            // A callback must not throw. If it does, the stripe must still be let go.
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
        }
    }

    private @Nullable Queued inOrder() {
        Queued item = (Queued) QUEUE.getAndSet(this, (Queued) null);
        Queued first = null;
        while (item != null) {
            Queued next = item.next;
            item.next = first;
            first = item;
            item = next;
        }
        return first;
    }

    private @Nullable Throwable applyQueued(Queued item) {
        try {
            applyHeld(item.mutation, 0, item.mutation.length);
            return null;
        } catch (RuntimeException | StackOverflowError e) {
            return e;
        } finally {
            memtable.group().leave();
        }
    }

    private void applyHeld(byte[] mutation, int offset, int length) {
        if (broken != null) {
            throw new IllegalStateException("An earlier write broke this memtable", broken);
        }
        long sequence = published + 1;
        try {
            reader.wrap(mutation, offset, length);
            Partition partition =
                    findOrInsert(mutation, reader.partitionOffset(), reader.partitionLength());
            MutationReader.Operation operation = reader.next();
            while (operation != MutationReader.Operation.END) {
                if (operation == MutationReader.Operation.ENTRY) {
                    putEntry(partition, mutation, sequence);
                } else {
                    deleteRange(partition, mutation, sequence);
                }
                operation = reader.next();
            }
        } catch (RuntimeException | Error e) {
            // Half of it is linked but will never be published.
            broken = e;
            throw e;
        }
        PUBLISHED.setRelease(this, sequence);
        if (supersedingCount >= trimAt || supersededBytes >= SUPERSEDED_BYTES_MAX) {
            trim();
        }
        if (Math.abs(bytes - reportedBytes) >= REPORTED_STEP_BYTES) {
            memtable.report(bytes - reportedBytes);
            reportedBytes = bytes;
        }
    }

    private void putEntry(Partition partition, byte[] mutation, long sequence) {
        int offset = reader.positionOffset();
        int length = reader.positionLength();
        Object rows = partition.rows();
        if (rows == null) {
            byte[] value = value(mutation);
            byte[] position = Arrays.copyOfRange(mutation, offset, offset + length);
            bytes += ENTRY_BYTES + VERSION_BYTES + arrayBytes(position) + arrayBytes(value);
            partition.setRows(new Entry(position, new Version<>(sequence, value, null)));
            return;
        }
        if (rows instanceof Entry only) {
            if (only.compareTo(mutation, offset, length) == 0) {
                update(only, only.head(), mutation, sequence);
                return;
            }
            RowList list = new RowList();
            list.adopt(only);
            bytes += LIST_BYTES + NODE_BYTES - ENTRY_BYTES;
            putNode(list, mutation, sequence);
            partition.setRows(list);
            return;
        }
        putNode((RowList) rows, mutation, sequence);
    }

    private void putNode(RowList list, byte[] mutation, long sequence) {
        RowList.Node node =
                list.findOrInsert(
                        mutation,
                        reader.positionOffset(),
                        reader.positionLength(),
                        path,
                        randomLevel());
        Version<byte[]> head = node.head();
        if (head == null) {
            byte[] value = value(mutation);
            bytes += NODE_BYTES + VERSION_BYTES + arrayBytes(node.position) + arrayBytes(value);
            node.setHead(new Version<>(sequence, value, null));
        } else {
            update(node, head, mutation, sequence);
        }
    }

    private void update(
            Entry entry, @Nullable Version<byte[]> head, byte[] mutation, long sequence) {
        if (head == null) {
            throw new IllegalStateException("An entry without a version");
        }
        byte[] old = head.value;
        merged.clear();
        reconciler.merge(
                old, 0, old.length, mutation, reader.valueOffset(), reader.valueLength(), merged);
        if (Arrays.equals(old, 0, old.length, merged.array(), 0, merged.length())) {
            return;
        }
        byte[] value = merged.toArray();
        if (head.sequence == sequence) {
            bytes += arrayBytes(value) - arrayBytes(old);
            head.value = value;
            return;
        }
        bytes += VERSION_BYTES + arrayBytes(value);
        Version<byte[]> version = new Version<>(sequence, value, head);
        entry.setHead(version);
        supersede(version, arrayBytes(old));
    }

    private void deleteRange(Partition partition, byte[] mutation, long sequence) {
        byte[] start = slice(mutation, reader.startOffset(), reader.startLength());
        byte[] end = slice(mutation, reader.endOffset(), reader.endLength());
        Version<RangeDeletions> head = partition.deletions();
        RangeDeletions old = head == null ? RangeDeletions.NONE : head.value;
        RangeDeletions changed = old.with(start, end, reader.timestamp(), reader.deletionTime());
        if (changed == old) {
            return;
        }
        if (head != null && head.sequence == sequence) {
            bytes += changed.bytes() - old.bytes();
            head.value = changed;
            return;
        }
        Version<RangeDeletions> version = new Version<>(sequence, changed, head);
        bytes += VERSION_BYTES + changed.freshBytes();
        partition.setDeletions(version);
        if (head != null) {
            supersede(version, changed.freshBytes());
        }
    }

    private static byte[] slice(byte[] array, int offset, int length) {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    private byte[] value(byte[] mutation) {
        return slice(mutation, reader.valueOffset(), reader.valueLength());
    }

    private static int arrayBytes(byte[] array) {
        return ARRAY_HEADER_BYTES + array.length + 7 & ~7;
    }

    /// A geometric level with a quarter as many nodes on each.
    private int randomLevel() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return Math.min(RowList.LEVELS_MAX - 1, Long.numberOfTrailingZeros(random | 1L << 62) / 2);
    }

    // ---- Superseded versions

    private void supersede(Version<?> by, long oldBytes) {
        if (supersedingCount == superseding.length) {
            superseding = Arrays.copyOf(superseding, 2 * supersedingCount);
        }
        superseding[supersedingCount++] = by;
        supersededBytes += oldBytes;
    }

    /// Cuts the chains where no reader can go any more. The list is in order of sequence.
    private void trim() {
        VarHandle.fullFence(); // what was published is to be seen before the pins are looked at
        long oldest = memtable.readers().oldestSequence(this, published);
        int cut = 0;
        while (cut < supersedingCount && superseding[cut].sequence <= oldest) {
            cut(superseding[cut++]);
        }
        int kept = supersedingCount - cut;
        System.arraycopy(superseding, cut, superseding, 0, kept);
        Arrays.fill(superseding, kept, supersedingCount, null);
        supersedingCount = kept;
        supersededBytes = 0;
        trimAt = Math.max(memtable.supersededMin(), 2 * kept);
    }

    private void cut(Version<?> version) {
        Version<?> older = version.older;
        if (older == null) {
            return;
        }
        bytes -= VERSION_BYTES;
        if (version.value instanceof RangeDeletions now
                && older.value instanceof RangeDeletions before) {
            bytes -= before.bytes() + now.freshBytes() - now.bytes();
        } else {
            bytes -= arrayBytes((byte[]) older.value);
        }
        version.older = null;
    }

    // ---- Partitions

    private Partition findOrInsert(byte[] key, int offset, int length) {
        long token = ByteWriter.getLong(key, offset);
        int bucket = bucketOf(token, directory.length);
        Partition before = null;
        Partition partition = directory[bucket];
        while (partition != null) {
            int order = partition.compareTo(token, key, offset, length);
            if (order == 0) {
                return partition;
            }
            if (order > 0) {
                break;
            }
            before = partition;
            partition = partition.next();
        }
        Partition added = new Partition(slice(key, offset, length));
        if (before == null) {
            before = lastInBucketsBelow(bucket);
        }
        Partition after = before == null ? first() : before.next();
        added.setNext(after);
        if (before != null) {
            before.setNext(added);
        }
        Partition head = directory[bucket];
        if (head == null || added.compareTo(head.token, head.prefix, 0, head.prefix.length) < 0) {
            SLOT.setRelease(directory, bucket, added);
        }
        bytes += PARTITION_BYTES + arrayBytes(added.prefix);
        if (++partitions > directory.length) {
            growDirectory();
        }
        return added;
    }

    private void growDirectory() {
        Partition[] grown = new Partition[2 * directory.length];
        int last = -1;
        for (Partition p = first(); p != null; p = p.next()) {
            int bucket = bucketOf(p.token, grown.length);
            if (bucket != last) {
                grown[bucket] = p;
                last = bucket;
            }
        }
        DIRECTORY.setRelease(this, grown);
    }

    /// Tokens are uniform, so the bits below the stripe's spread them evenly.
    private int bucketOf(long token, int slots) {
        return (int) (token << stripeBits >>> Long.numberOfLeadingZeros(slots) + 1);
    }

    private Partition[] directory() {
        return (Partition[]) DIRECTORY.getAcquire(this);
    }

    private static @Nullable Partition slot(Partition[] directory, int bucket) {
        return (Partition) SLOT.getAcquire(directory, bucket);
    }

    @Nullable Partition first() {
        Partition[] slots = directory();
        return firstFrom(slots, 0);
    }

    private static @Nullable Partition firstFrom(Partition[] slots, int from) {
        for (int i = from; i < slots.length; i++) {
            Partition partition = slot(slots, i);
            if (partition != null) {
                return partition;
            }
        }
        return null;
    }

    private @Nullable Partition lastInBucketsBelow(int bucket) {
        Partition[] slots = directory();
        for (int i = bucket - 1; i >= 0; i--) {
            Partition partition = slot(slots, i);
            if (partition != null) {
                Partition next = partition.next();
                while (next != null && bucketOf(next.token, slots.length) == i) {
                    partition = next;
                    next = partition.next();
                }
                return partition;
            }
        }
        return null;
    }

    /// The partition to which a row key belongs.
    ///
    /// @param length of the key's part before the position
    @Nullable Partition find(byte[] key, int offset, int length) {
        long token = ByteWriter.getLong(key, offset);
        Partition[] slots = directory();
        Partition partition = slot(slots, bucketOf(token, slots.length));
        while (partition != null) {
            int order = partition.compareTo(token, key, offset, length);
            if (order >= 0) {
                return order == 0 ? partition : null;
            }
            partition = partition.next();
        }
        return null;
    }

    /// The first partition with keys at or after a key of any form.
    @Nullable Partition firstNotBefore(byte[] key, int offset, int length) {
        Partition[] slots = directory();
        int bucket = bucketOf(paddedToken(key, offset, length), slots.length);
        Partition partition = firstFrom(slots, bucket);
        while (partition != null && partition.endsBefore(key, offset, length)) {
            partition = partition.next();
        }
        return partition;
    }

    /// The last partition with keys before a key of any form.
    @Nullable Partition lastBefore(byte[] key, int offset, int length) {
        Partition[] slots = directory();
        int bucket = bucketOf(paddedToken(key, offset, length), slots.length);
        Partition partition = slot(slots, bucket);
        Partition before = null;
        while (partition != null && partition.startsBefore(key, offset, length)) {
            before = partition;
            partition = partition.next();
        }
        return before != null ? before : lastInBucketsBelow(bucket);
    }

    @Nullable Partition last() {
        return lastInBucketsBelow(directory().length);
    }

    // ---- Reading one row

    /// Reads without a pin first: what a holder cuts was superseded by something published, so if a
    /// chain ended too early then the published sequence has changed.
    void readRow(byte[] key, int offset, int length, MemtableRow out, StripePin pin) {
        int prefixLength = RowKeys.partitionLength(key, offset);
        for (int i = 0; i < OPTIMISTIC_READS; i++) {
            long sequence = published();
            if (readRow(key, offset, length, prefixLength, sequence, out)) {
                return;
            }
            VarHandle.acquireFence();
            if (published() == sequence) {
                return;
            }
        }
        readRow(key, offset, length, prefixLength, pin.pin(this), out);
        pin.unpin();
    }

    /// @return false if something was not found that may have been there
    private boolean readRow(
            byte[] key, int offset, int length, int prefixLength, long sequence, MemtableRow out) {
        out.clear();
        Partition partition = find(key, offset, prefixLength);
        if (partition == null) {
            return true;
        }
        int position = offset + prefixLength;
        int positionLength = length - prefixLength;
        boolean certain = true;
        Version<RangeDeletions> deletionsHead = partition.deletions();
        if (deletionsHead != null) {
            Version<RangeDeletions> deletions = Version.at(deletionsHead, sequence);
            certain = deletions != null;
            if (deletions != null) {
                RangeDeletions.Walk walk = out.walk;
                walk.seek(deletions.value, key, position, positionLength);
                if (walk.back()) {
                    out.deletionTimestamp = walk.timestamp();
                    out.deletionTime = walk.deletionTime();
                }
                walk.clear();
            }
        }
        Entry entry = partition.find(key, position, positionLength);
        if (entry != null) {
            Version<byte[]> version = entry.versionAt(sequence);
            if (version == null) {
                return false;
            }
            out.value = version.value;
        }
        return certain;
    }

    // ---- Figures

    int partitions() {
        return partitions;
    }

    /// For a stripe at rest.
    void reportRest() {
        memtable.report(bytes - reportedBytes);
        reportedBytes = bytes;
    }
}
