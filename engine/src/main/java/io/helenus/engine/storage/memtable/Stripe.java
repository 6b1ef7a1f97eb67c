package io.helenus.engine.storage.memtable;

import io.helenus.engine.storage.mutation.MutationReader;
import io.helenus.engine.storage.mutation.WriteCallback;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowReconciler;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A contiguous token range of a memtable; [Memtable] explains how it works. Fields marked as the
/// holder's belong to whoever has set `busy`.
final class Stripe {
    private static final VarHandle PUBLISHED;
    private static final VarHandle BUSY;
    private static final VarHandle QUEUE;
    private static final VarHandle DIRECTORY;
    private static final VarHandle SLOT = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle DELETIONS = MethodHandles.arrayElementVarHandle(Version[].class);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            PUBLISHED = lookup.findVarHandle(Stripe.class, "published", long.class);
            BUSY = lookup.findVarHandle(Stripe.class, "busy", int.class);
            QUEUE = lookup.findVarHandle(Stripe.class, "queue", Queued.class);
            DIRECTORY = lookup.findVarHandle(Stripe.class, "directory", int[].class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static final int DIRECTORY_SLOTS_MIN = 8;
    private static final int SUPERSEDED_BYTES_MAX = 32 << 10;
    private static final int[] NONE = {};
    private static final int REPORTED_STEP_BYTES = 4 << 10;

    // Sizes of objects with compact headers and compressed references.
    private static final int STRIPE_BYTES = 512;
    private static final int DELETIONS_BYTES = 24; // a version of them

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
    private final StripeMemory memory;
    private final RowList lists;

    // Set with release by the holder, read by anyone.
    private long published;
    private int[] directory = new int[DIRECTORY_SLOTS_MIN];

    /// Range deletions by their numbers; a partition knows its own. Number 0 is nobody's.
    private @Nullable Version<RangeDeletions>[] deletions = versions(0);

    // Synchronized by themselves.
    private volatile int busy;
    private volatile @Nullable Queued queue;

    // The holder's.
    private final MutationReader reader = new MutationReader();
    private final RowReconciler reconciler = new RowReconciler();
    private final ByteWriter merged = new ByteWriter();
    private int deletionsCount;
    private long[] supersededAt = new long[8]; // sequences
    private int[] superseding = new int[8]; // versions of entries
    private int supersedingCount;
    private long supersededBytes;
    private int[] buried = NONE; // versions that were never published
    private long buriedAt; // sequence of the newest
    private final List<Version<RangeDeletions>> supersedingDeletions = new ArrayList<>();
    private int trimAt;
    private int partitions;
    private long random;
    private long objectBytes;
    private long reportedBytes;
    private @Nullable Throwable broken;

    Stripe(Memtable memtable, int stripeBits, long seed) {
        this.memtable = memtable;
        this.stripeBits = stripeBits;
        random = seed | 1;
        trimAt = memtable.supersededMin();
        memory = new StripeMemory(memtable.pool());
        lists = new RowList(memory);
        objectBytes = STRIPE_BYTES + 4L * DIRECTORY_SLOTS_MIN;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
    private static @Nullable Version<RangeDeletions>[] versions(int count) {
        return new Version[count];
    }

    StripeMemory memory() {
        return memory;
    }

    RowList lists() {
        return lists;
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
            int partition =
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
        if (supersedingCount + supersedingDeletions.size() >= trimAt
                || supersededBytes >= SUPERSEDED_BYTES_MAX) {
            trim();
        }
        if (Math.abs(bytes() - reportedBytes) >= REPORTED_STEP_BYTES) {
            reportRest();
        }
    }

    private void putEntry(int partition, byte[] mutation, long sequence) {
        int offset = reader.positionOffset();
        int length = reader.positionLength();
        int rows = memory.rows(partition);
        if (rows == 0) {
            int only = StripeMemory.onlyEntry(partition);
            memory.initEntry(only, mutation, offset, length);
            memory.setHead(only, newVersion(mutation, sequence));
            memory.setRows(partition, StripeMemory.ROWS_ONE);
            return;
        }
        if (rows == StripeMemory.ROWS_ONE) {
            int only = StripeMemory.onlyEntry(partition);
            if (memory.comparePosition(only, mutation, offset, length) == 0) {
                putVersion(only, mutation, sequence);
                return;
            }
            rows = lists.newList(only);
        }
        int level = randomLevel();
        int list = lists.withRoom(rows, level);
        putVersion(lists.findOrInsert(list, mutation, offset, length, level), mutation, sequence);
        if (list != memory.rows(partition)) {
            memory.setRows(partition, list);
        }
    }

    private void putVersion(int entry, byte[] mutation, long sequence) {
        int head = memory.head(entry);
        if (head == 0) {
            memory.setHead(entry, newVersion(mutation, sequence));
        } else {
            update(entry, head, mutation, sequence);
        }
    }

    private int newVersion(byte[] mutation, long sequence) {
        return memory.newVersion(sequence, 0, mutation, reader.valueOffset(), reader.valueLength());
    }

    private void update(int entry, int head, byte[] mutation, long sequence) {
        byte[] old = memory.chunk(head);
        int oldOffset = StripeMemory.valueOffset(head);
        int oldLength = memory.valueLength(head);
        merged.clear();
        reconciler.merge(
                old,
                oldOffset,
                oldLength,
                mutation,
                reader.valueOffset(),
                reader.valueLength(),
                merged);
        byte[] value = merged.array();
        int length = merged.length();
        if (Arrays.equals(old, oldOffset, oldOffset + oldLength, value, 0, length)) {
            return;
        }
        if (memory.sequence(head) == sequence) {
            // It is not published: readers look at its header and pass on to older ones.
            if (!memory.setValue(head, value, length)) {
                int older = memory.older(head);
                int version = memory.newVersion(sequence, older, value, 0, length);
                memory.setHead(entry, version);
                replaceSuperseding(head, version);
                bury(head, sequence);
            }
            return;
        }
        int version = memory.newVersion(sequence, head, value, 0, length);
        memory.setHead(entry, version);
        supersede(version, sequence, StripeMemory.VERSION_HEADER_BYTES + oldLength);
    }

    private void deleteRange(int partition, byte[] mutation, long sequence) {
        byte[] start = slice(mutation, reader.startOffset(), reader.startLength());
        byte[] end = slice(mutation, reader.endOffset(), reader.endLength());
        int number = memory.deletions(partition);
        Version<RangeDeletions> head = deletionsOf(number);
        RangeDeletions old = head == null ? RangeDeletions.NONE : head.value;
        RangeDeletions changed = old.with(start, end, reader.timestamp(), reader.deletionTime());
        if (changed == old) {
            return;
        }
        if (head != null && head.sequence == sequence) {
            objectBytes += changed.bytes() - old.bytes();
            head.value = changed;
            return;
        }
        Version<RangeDeletions> version = new Version<>(sequence, changed, head);
        objectBytes += DELETIONS_BYTES + changed.freshBytes();
        if (number == 0) {
            number = newDeletionsNumber();
            DELETIONS.setRelease(deletions, number, version);
            memory.setDeletions(partition, number);
        } else {
            DELETIONS.setRelease(deletions, number, version);
        }
        if (head != null) {
            supersedingDeletions.add(version);
            supersededBytes += changed.freshBytes();
        }
    }

    private int newDeletionsNumber() {
        deletionsCount++;
        if (deletionsCount >= deletions.length) {
            @Nullable Version<RangeDeletions>[] grown = versions(Math.max(4, 2 * deletionsCount));
            System.arraycopy(deletions, 0, grown, 0, deletions.length);
            objectBytes += 4L * (grown.length - deletions.length);
            deletions = grown;
        }
        return deletionsCount;
    }

    @SuppressWarnings("unchecked") // the array holds nothing else
    private @Nullable Version<RangeDeletions> deletionsOf(int number) {
        return number == 0
                ? null
                : (Version<RangeDeletions>) DELETIONS.getAcquire(deletions, number);
    }

    /// The deletions of a partition that a reader at `sequence` sees.
    RangeDeletions deletionsAt(int partition, long sequence) {
        Version<RangeDeletions> version =
                Version.at(deletionsOf(memory.deletions(partition)), sequence);
        return version == null ? RangeDeletions.NONE : version.value;
    }

    private static byte[] slice(byte[] array, int offset, int length) {
        return Arrays.copyOfRange(array, offset, offset + length);
    }

    /// A geometric level with a quarter as many nodes on each.
    private int randomLevel() {
        random ^= random << 13;
        random ^= random >>> 7;
        random ^= random << 17;
        return Math.min(RowList.LEVELS_MAX - 1, Long.numberOfTrailingZeros(random | 1L << 62) / 2);
    }

    // ---- Superseded versions

    private void supersede(int by, long sequence, long oldBytes) {
        if (supersedingCount == superseding.length) {
            superseding = Arrays.copyOf(superseding, 2 * supersedingCount);
            supersededAt = Arrays.copyOf(supersededAt, 2 * supersedingCount);
        }
        superseding[supersedingCount] = by;
        supersededAt[supersedingCount++] = sequence;
        supersededBytes += oldBytes;
    }

    /// Has a version given back that was never published, once no reader can be looking at it.
    private void bury(int version, long sequence) {
        buried = Arrays.copyOf(buried, buried.length + 1);
        buried[buried.length - 1] = version;
        buriedAt = sequence;
    }

    /// A version that a mutation made was replaced by another one of the same mutation.
    private void replaceSuperseding(int version, int by) {
        for (int i = supersedingCount - 1; i >= 0; i--) {
            if (superseding[i] == version) {
                superseding[i] = by;
                return;
            }
        }
    }

    /// Cuts the chains where no reader can go any more. The lists are in order of sequence.
    private void trim() {
        VarHandle.fullFence(); // what was published is to be seen before the pins are looked at
        long oldest = memtable.readers().oldestSequence(this, published);
        int cut = 0;
        while (cut < supersedingCount && supersededAt[cut] <= oldest) {
            cut(superseding[cut++]);
        }
        if (buried.length > 0 && buriedAt <= oldest) {
            for (int version : buried) {
                memory.freeVersion(version);
            }
            buried = NONE;
        }
        int kept = supersedingCount - cut;
        System.arraycopy(superseding, cut, superseding, 0, kept);
        System.arraycopy(supersededAt, cut, supersededAt, 0, kept);
        supersedingCount = kept;
        int cutDeletions = 0;
        for (Version<RangeDeletions> version : supersedingDeletions) {
            if (version.sequence > oldest) {
                break;
            }
            cut(version);
            cutDeletions++;
        }
        supersedingDeletions.subList(0, cutDeletions).clear();
        supersededBytes = 0;
        trimAt = Math.max(memtable.supersededMin(), 2 * (kept + supersedingDeletions.size()));
    }

    private void cut(int version) {
        int older = memory.older(version);
        memory.setOlder(version, 0);
        memory.freeVersion(older);
    }

    private void cut(Version<RangeDeletions> version) {
        Version<RangeDeletions> older = version.older;
        if (older == null) {
            return;
        }
        RangeDeletions now = version.value;
        objectBytes -= DELETIONS_BYTES;
        objectBytes -= older.value.bytes() + now.freshBytes() - now.bytes();
        version.older = null;
    }

    // ---- Partitions

    private int findOrInsert(byte[] key, int offset, int length) {
        long token = ByteWriter.getLong(key, offset);
        int bucket = bucketOf(token, directory.length);
        int before = 0;
        int partition = directory[bucket];
        while (partition != 0) {
            int order = memory.comparePartition(partition, token, key, offset, length);
            if (order == 0) {
                return partition;
            }
            if (order > 0) {
                break;
            }
            before = partition;
            partition = memory.next(partition);
        }
        boolean isFirst = before == 0;
        if (isFirst) {
            before = lastInBucketsBelow(bucket);
        }
        int after = before == 0 ? first() : memory.next(before);
        int added = memory.newPartition(key, offset, length, after);
        if (before != 0) {
            memory.setNext(before, added);
        }
        if (isFirst) {
            SLOT.setRelease(directory, bucket, added);
        }
        if (++partitions > directory.length) {
            growDirectory();
        }
        return added;
    }

    private void growDirectory() {
        int[] grown = new int[2 * directory.length];
        int last = -1;
        for (int p = first(); p != 0; p = memory.next(p)) {
            int bucket = bucketOf(memory.token(p), grown.length);
            if (bucket != last) {
                grown[bucket] = p;
                last = bucket;
            }
        }
        objectBytes += 4L * directory.length;
        DIRECTORY.setRelease(this, grown);
    }

    /// Tokens are uniform, so the bits below the stripe's spread them evenly.
    private int bucketOf(long token, int slots) {
        return (int) (token << stripeBits >>> Long.numberOfLeadingZeros(slots) + 1);
    }

    private int[] directory() {
        return (int[]) DIRECTORY.getAcquire(this);
    }

    private static int slot(int[] directory, int bucket) {
        return (int) SLOT.getAcquire(directory, bucket);
    }

    /// The first partition, or 0.
    int first() {
        return firstFrom(directory(), 0);
    }

    private static int firstFrom(int[] slots, int from) {
        for (int i = from; i < slots.length; i++) {
            int partition = slot(slots, i);
            if (partition != 0) {
                return partition;
            }
        }
        return 0;
    }

    private int lastInBucketsBelow(int bucket) {
        int[] slots = directory();
        for (int i = bucket - 1; i >= 0; i--) {
            int partition = slot(slots, i);
            if (partition != 0) {
                int next = memory.next(partition);
                while (next != 0 && bucketOf(memory.token(next), slots.length) == i) {
                    partition = next;
                    next = memory.next(partition);
                }
                return partition;
            }
        }
        return 0;
    }

    /// The partition to which a row key belongs, or 0.
    ///
    /// @param length of the key's part before the position
    int find(byte[] key, int offset, int length) {
        long token = ByteWriter.getLong(key, offset);
        int[] slots = directory();
        int partition = slot(slots, bucketOf(token, slots.length));
        while (partition != 0) {
            int order = memory.comparePartition(partition, token, key, offset, length);
            if (order >= 0) {
                return order == 0 ? partition : 0;
            }
            partition = memory.next(partition);
        }
        return 0;
    }

    /// The first partition with keys at or after a key of any form, or 0.
    int firstNotBefore(byte[] key, int offset, int length) {
        int[] slots = directory();
        int bucket = bucketOf(paddedToken(key, offset, length), slots.length);
        int partition = firstFrom(slots, bucket);
        while (partition != 0 && memory.endsBefore(partition, key, offset, length)) {
            partition = memory.next(partition);
        }
        return partition;
    }

    /// The last partition with keys before a key of any form, or 0.
    int lastBefore(byte[] key, int offset, int length) {
        int[] slots = directory();
        int bucket = bucketOf(paddedToken(key, offset, length), slots.length);
        int partition = slot(slots, bucket);
        int before = 0;
        while (partition != 0 && memory.startsBefore(partition, key, offset, length)) {
            before = partition;
            partition = memory.next(partition);
        }
        return before != 0 ? before : lastInBucketsBelow(bucket);
    }

    /// The last partition, or 0.
    int last() {
        return lastInBucketsBelow(directory().length);
    }

    // ---- Reading one row

    /// Copies what there is: versions are given back and used again once nobody has a pin for them.
    void readRow(byte[] key, int offset, int length, MemtableRow out, StripePin pin) {
        out.clear();
        int prefixLength = RowKeys.partitionLength(key, offset);
        long sequence = pin.pin(this);
        try {
            int partition = find(key, offset, prefixLength);
            if (partition != 0) {
                int position = offset + prefixLength;
                readRow(partition, key, position, length - prefixLength, sequence, out);
            }
        } finally {
            pin.unpin();
        }
    }

    private void readRow(
            int partition, byte[] key, int offset, int length, long sequence, MemtableRow out) {
        RangeDeletions seen = deletionsAt(partition, sequence);
        if (seen != RangeDeletions.NONE) {
            RangeDeletions.Walk walk = out.walk;
            walk.seek(seen, key, offset, length);
            if (walk.back()) {
                out.deletionTimestamp = walk.timestamp();
                out.deletionTime = walk.deletionTime();
            }
            walk.clear();
        }
        int entry = findEntry(partition, key, offset, length);
        int version = entry == 0 ? 0 : memory.versionAt(entry, sequence);
        if (version != 0) {
            out.setValue(
                    memory.chunk(version),
                    StripeMemory.valueOffset(version),
                    memory.valueLength(version));
        }
    }

    private int findEntry(int partition, byte[] position, int offset, int length) {
        int rows = memory.rows(partition);
        if (rows > StripeMemory.ROWS_ONE || rows < 0) {
            return lists.find(rows, position, offset, length);
        }
        int only = StripeMemory.onlyEntry(partition);
        boolean isIt =
                rows == StripeMemory.ROWS_ONE
                        && memory.comparePosition(only, position, offset, length) == 0;
        return isIt ? only : 0;
    }

    // ---- Figures

    int partitions() {
        return partitions;
    }

    private long bytes() {
        return memory.bytes() + objectBytes;
    }

    /// The holder's, or for a stripe at rest.
    void reportRest() {
        long bytes = bytes();
        memtable.report(bytes - reportedBytes);
        reportedBytes = bytes;
    }
}
