package io.helenus.engine.storage;

import io.helenus.commitlog.LogPosition;
import io.helenus.commitlog.ReplayedRecord;
import io.helenus.engine.error.NewerVersionException;
import io.helenus.engine.storage.memtable.Memtable;
import io.helenus.engine.storage.mutation.MutationFormatException;
import io.helenus.engine.storage.mutation.MutationReader;
import io.helenus.engine.storage.mutation.WriteCallback;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Applies what the commit log holds to memtables, with several threads.
///
/// One thread, the one that replays, reads the log from its beginning to its end, decides what is still
/// needed, and copies that into the batch of a *lane*. Each lane has a token range of its own, whole
/// stripes of the memtables, and a full batch is applied by one task of the executor: so lanes never
/// meet in a stripe, while the log is read in one go and damage is found where it would be found
/// without them. In which order mutations of different lanes are applied has no meaning, as their
/// timestamps decide.
///
/// A flush needs a position up to which all is applied. So whenever memory runs short the replaying
/// thread lets all lanes finish ([#drain]), and then switches memtables; nobody else does. The executor
/// writes what was switched away while the lanes go on, but before the next switch it has to be done.
final class LogReplay {
    private static final int BATCH_BYTES_MIN = 4 << 10;
    private static final int BATCH_BYTES_MAX = 256 << 10;
    private static final int INITIAL_ITEMS = 64;

    private static final WriteCallback NOBODY =
            new WriteCallback() {
                @Override
                public void applied() {}

                @Override
                public void failed(Throwable failure) {}
            };

    private final StorageEngine engine;
    private final Predicate<UUID> refused;
    private final boolean skipsWrong;
    private final Executor executor;
    private final Lane[] lanes;
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final Semaphore flushed =
            new Semaphore(1); // the last flushes that were begun have ended
    private volatile boolean flushFailed;

    // The table that was looked up last.
    private boolean isLookedUp;
    private long tableHigh;
    private long tableLow;
    private @Nullable TableStore table; // null if there is none
    private long
            flushedTo; // of the table, or what it was then: flushes claim only what was visited
    private boolean isRefused;

    private long visited =
            LogPosition.ZERO; // the last record that was given to a lane, or left out

    /// @param refused tables that could not be opened: the log has to keep what it has of them
    /// @param skipsWrong whether what is no mutation is reported and left out
    /// @param laneCount how many batches may be applied at a time
    /// @param executor applies them; runs each task, at once or on another thread
    LogReplay(
            StorageEngine engine,
            Predicate<UUID> refused,
            boolean skipsWrong,
            int laneCount,
            Executor executor) {
        if (laneCount < 1 || laneCount > 1 << Memtable.STRIPE_BITS) {
            throw new IllegalArgumentException(
                    "A replay has %d lanes, must have 1 to %d"
                            .formatted(laneCount, 1 << Memtable.STRIPE_BITS));
        }
        this.engine = engine;
        this.refused = refused;
        this.skipsWrong = skipsWrong;
        this.executor = executor;
        // What is in batches is not in the memtables' account yet, so it must be small beside them.
        long share = engine.memory().bytesMax() / 32 / laneCount;
        int batchBytes = (int) Math.max(BATCH_BYTES_MIN, Math.min(BATCH_BYTES_MAX, share));
        lanes = new Lane[laneCount];
        for (int i = 0; i < laneCount; i++) {
            lanes[i] = new Lane(batchBytes);
        }
    }

    /// Takes one record in. By the replaying thread.
    void visit(ReplayedRecord replayed) {
        if (engine.memory().needsFlush()) {
            drain();
            flush();
        }
        // An SSTable that cannot be written now would be missed by those to come.
        engine.flushes().refuseIfFull();
        for (int part = 0; part < replayed.parts(); part++) {
            lookUp(replayed.tableIdHigh(part), replayed.tableIdLow(part));
            TableStore to = table;
            if (isRefused) {
                replayed.retain(part);
            } else if (to != null && replayed.position() > flushedTo) {
                replayed.retain(part);
                Lane lane = lanes[laneOf(replayed, part)];
                if (lane.filling.isFull(replayed.length(part))) {
                    apply(lane);
                }
                lane.filling.add(to, replayed, part);
            }
        }
        visited = replayed.position();
    }

    /// Tables neither come nor go while the log is replayed, and most records follow one of their own
    /// table.
    private void lookUp(long idHigh, long idLow) {
        if (!isLookedUp || idHigh != tableHigh || idLow != tableLow) {
            isLookedUp = true;
            UUID id = new UUID(idHigh, idLow);
            tableHigh = idHigh;
            tableLow = idLow;
            TableStore found = engine.table(id);
            table = found;
            flushedTo = found == null ? LogPosition.ZERO : found.flushedPosition();
            isRefused = refused.test(id);
        }
    }

    /// Begins to flush what is largest, once what was begun before has ended. A flush that failed is not
    /// tried again in a replay, and those behind it wait for ever: then nothing is waited for, and memory
    /// decides.
    private void flush() {
        if (flushFailed) {
            var _ = engine.flushes().flushLargest();
            return;
        }
        flushed.acquireUninterruptibly();
        boolean begun = false;
        try {
            var _ =
                    engine.flushes()
                            .flushLargest()
                            .whenComplete((_, thrown) -> {
                                if (thrown != null) {
                                    flushFailed = true;
                                }
                                flushed.release();
                            });
            begun = true;
        } finally {
            if (!begun) {
                flushed.release();
            }
        }
    }

    /// The lane of a mutation's token. Whoever applies it finds out if it is none.
    private int laneOf(ReplayedRecord replayed, int part) {
        int at;
        try {
            at =
                    MutationReader.partitionOffset(
                            replayed.array(), replayed.offset(part), replayed.length(part));
        } catch (MutationFormatException e) {
            return 0;
        }
        int stripe = (replayed.array()[at] & 0xff) >>> Byte.SIZE - Memtable.STRIPE_BITS;
        return stripe * lanes.length >>> Memtable.STRIPE_BITS;
    }

    /// Has a lane apply its batch, after the one before.
    private void apply(Lane lane) {
        lane.idle.acquireUninterruptibly();
        boolean handedOver = false;
        try {
            throwFailure();
            Batch batch = lane.filling;
            lane.filling = lane.applied;
            lane.applied = batch;
            executor.execute(lane);
            handedOver = true;
        } finally {
            if (!handedOver) {
                lane.idle.release();
            }
        }
    }

    /// Waits until all that was taken in is applied: then a flush may say so.
    void drain() {
        for (Lane lane : lanes) {
            if (lane.filling.items > 0) {
                apply(lane);
            }
        }
        awaitLanes();
        throwFailure();
        engine.replayedTo(visited);
    }

    /// Waits until nothing is under way, also after a failure.
    void await() {
        awaitLanes();
        flushed.acquireUninterruptibly();
        flushed.release();
    }

    private void awaitLanes() {
        for (Lane lane : lanes) {
            lane.idle.acquireUninterruptibly();
            lane.idle.release();
        }
    }

    private void throwFailure() {
        switch (failure.get()) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }

    /// A share of the token range. `filling` is the replaying thread's, `applied` belongs to whoever has
    /// taken `idle`.
    private final class Lane implements Runnable {
        final Semaphore idle = new Semaphore(1);
        private final MutationReader reader = new MutationReader();
        Batch filling;
        Batch applied;

        Lane(int batchBytes) {
            filling = new Batch(batchBytes);
            applied = new Batch(batchBytes);
        }

        @Override
        public void run() {
            try {
                for (int i = 0; i < applied.items && failure.get() == null; i++) {
                    apply(i);
                }
            } catch (RuntimeException | Error e) {
                failure.compareAndSet(null, e);
            } finally {
                applied.clear();
                idle.release();
            }
        }

        private void apply(int item) {
            TableStore table = applied.tables[item];
            if (table == null || !isMutation(table, item)) {
                return;
            }
            boolean done =
                    table.enterWrite()
                            .apply(
                                    applied.array,
                                    applied.offsets[item],
                                    applied.lengths[item],
                                    NOBODY);
            if (!done) {
                throw new IllegalStateException("Somebody writes while the log is replayed");
            }
        }

        /// Checked to its last byte, as a memtable that stops half-way is of no use any more.
        private boolean isMutation(TableStore table, int item) {
            try {
                reader.wrap(applied.array, applied.offsets[item], applied.lengths[item]).check();
                return true;
            } catch (MutationFormatException e) {
                NewerVersionException newer = e.newer();
                if (newer != null) {
                    throw newer.of(
                            "Commit log record at %s, of table %s"
                                    .formatted(LogPosition.text(applied.positions[item]), table));
                }
                IllegalStateException wrong =
                        new IllegalStateException(
                                "Commit log record at %s is no mutation of table %s: %s"
                                        .formatted(
                                                LogPosition.text(applied.positions[item]),
                                                table,
                                                e.getMessage()),
                                e);
                if (!skipsWrong) {
                    throw wrong;
                }
                engine.listener().onSkippedRecord(table, wrong);
                return false;
            }
        }
    }

    /// Copies of mutations, one behind another.
    private static final class Batch {
        byte[] array;
        @Nullable TableStore[] tables = new TableStore[INITIAL_ITEMS];
        int[] offsets = new int[INITIAL_ITEMS];
        int[] lengths = new int[INITIAL_ITEMS];
        long[] positions = new long[INITIAL_ITEMS];
        int items;
        private int used;

        Batch(int bytes) {
            array = new byte[bytes];
        }

        /// Never while it is empty: it grows for a mutation that is larger.
        boolean isFull(int bytes) {
            return items > 0 && bytes > array.length - used;
        }

        void add(TableStore table, ReplayedRecord record, int part) {
            int length = record.length(part);
            if (length > array.length - used) {
                array = new byte[length];
            }
            if (items == tables.length) {
                tables = Arrays.copyOf(tables, items * 2);
                offsets = Arrays.copyOf(offsets, items * 2);
                lengths = Arrays.copyOf(lengths, items * 2);
                positions = Arrays.copyOf(positions, items * 2);
            }
            System.arraycopy(record.array(), record.offset(part), array, used, length);
            tables[items] = table;
            offsets[items] = used;
            lengths[items] = length;
            positions[items] = record.position();
            used += length;
            items++;
        }

        void clear() {
            Arrays.fill(tables, 0, items, null);
            items = 0;
            used = 0;
        }
    }
}
