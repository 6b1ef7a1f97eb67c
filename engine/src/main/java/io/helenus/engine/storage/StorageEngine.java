package io.helenus.engine.storage;

import io.helenus.commitlog.CommitLog;
import io.helenus.commitlog.CommitLogBusyException;
import io.helenus.commitlog.CommitLogException;
import io.helenus.commitlog.CommitLogListener;
import io.helenus.commitlog.LogPosition;
import io.helenus.commitlog.RecordParts;
import io.helenus.commitlog.ReplayOptions;
import io.helenus.commitlog.ReplayReport;
import io.helenus.commitlog.TableId;
import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.engine.storage.manifest.Manifest;
import io.helenus.engine.storage.manifest.ManifestEdit;
import io.helenus.engine.storage.memtable.ChunkPool;
import io.helenus.engine.storage.memtable.Memtable;
import io.helenus.engine.storage.memtable.MemtableReaders;
import io.helenus.engine.storage.mutation.WriteCallback;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.model.ByteWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A node's storage: its tables, the commit log that they share, one memory budget for all memtables.
///
/// Starting: make it, [#openTable] each table of the schema, open the commit log with
/// [#highestFlushedPosition] and [#logListener], then [#start], which replays. After that any thread
/// writes and reads; tables may come and go.
///
/// **A write** enters the table's write group, is appended to the commit log, applied to the memtable
/// and leaves the group. In log mode `periodic` all of that happens within the call, without allocating
/// more than what stays, unless another thread is writing to the same stripe. In modes `group` and
/// `batch` it is applied by the log's sync agent after the force.
///
/// **Flushes** run on the environment's executor: when memtables use half of their memory the largest is
/// flushed, when the log is over its limit those that hold its oldest segments, and by [#tick] those
/// whose period has passed. When all of the memory is used, [#mayWrite] says no until a flush is done.
public final class StorageEngine implements AutoCloseable {
    private final StorageOptions options;
    private final StorageEnvironment environment;
    private final BlockCache blockCache;
    private final MemtableReaders readers = new MemtableReaders();
    private final ScanMemory scanMemory;
    private final ChunkPool chunks;
    private final MemtableMemory memory;
    private final FlushScheduler flushes;
    private final WriteRefusals refusals = new WriteRefusals();
    private final ViewPins pins;
    private final ConcurrentSkipListMap<UUID, TableStore> tables = new ConcurrentSkipListMap<>();
    private final Set<UUID> refused = ConcurrentHashMap.newKeySet();

    /// Of tables that were dropped: files below these may still be read.
    private final ConcurrentHashMap<UUID, Long> usedGenerations = new ConcurrentHashMap<>();

    private final LogListener logListener = new LogListener();

    private volatile @Nullable CommitLog log; // set once, by start
    private volatile boolean started;
    private volatile long replayedTo;
    private volatile Executor replayWorkers = Runnable::run;
    private volatile boolean backingUp;
    private final Snapshots snapshots;
    private volatile Consumer<TableStore> filesListener = _ -> {};

    public StorageEngine(
            StorageOptions options, StorageEnvironment environment, BlockCache blockCache) {
        this.options = options;
        scanMemory = new ScanMemory(options.scanBytesMax());
        this.environment = environment;
        this.blockCache = blockCache;
        memory = new MemtableMemory(options.memtableBytesMax(), this);
        flushes = new FlushScheduler(this, memory);
        chunks = new ChunkPool(options.memtableBytesMax() / 2); // as much as is flushed at a time
        pins = new ViewPins(environment.executor());
        snapshots = new Snapshots(this);
    }

    // ---- Tables

    /// Opens a table, or makes its directory if it is new. Does I/O.
    ///
    /// @throws io.helenus.engine.storage.manifest.ManifestException if its manifest is damaged; the
    ///     commit log then keeps what it has of the table
    public TableStore openTable(TableName name, TableSettings settings) throws IOException {
        return open(name, settings, new ManifestEdit());
    }

    /// Makes a table that is new to the schema, after [#start]. Another one may have had its id: nothing of
    /// that comes back, neither from files that are still there nor from the commit log.
    public TableStore createTable(TableName name, TableSettings settings) throws IOException {
        Path directory = name.directoryIn(options.dataDirectory());
        long next =
                new TableRemains(files(), directory)
                        .makeRoom(usedGenerations.getOrDefault(name.id(), 1L));
        return open(
                name,
                settings,
                new ManifestEdit().replayPosition(logPosition()).nextGeneration(next));
    }

    private TableStore open(TableName name, TableSettings settings, ManifestEdit initial)
            throws IOException {
        if (tables.containsKey(name.id())) {
            throw new IllegalStateException("Table " + name + " is open already");
        }
        TableStore table;
        try {
            table = new TableStore(this, name, settings, initial);
            table.load();
        } catch (IOException | RuntimeException e) {
            refused.add(name.id());
            throw e;
        }
        refused.remove(name.id());
        tables.put(name.id(), table);
        return table;
    }

    public @Nullable TableStore table(UUID id) {
        return tables.get(id);
    }

    /// All open tables, in order of id.
    public Collection<TableStore> tables() {
        return List.copyOf(tables.values());
    }

    /// Removes a table's data, after a snapshot of its files if its settings want that; flush before if
    /// what is in memory shall be in it. Writes to it must have ended; readers may go on in what they
    /// pin.
    ///
    /// @throws IOException if that fails; its files are then left as they are
    public void dropTable(TableStore table) throws IOException {
        tables.remove(table.name().id());
        try {
            table.drop();
        } finally {
            table.close();
            usedGenerations.put(table.name().id(), table.manifest().nextGeneration());
            markClean(table, logPosition());
        }
    }

    /// Removes the data of a table that could not be opened, whose manifest is damaged. The schema no
    /// longer knows it.
    ///
    /// @param kept whether its SSTables and its manifest go to `lost+found` instead
    public void dropUnopened(TableName name, boolean kept) throws IOException {
        new TableRemains(files(), name.directoryIn(options.dataDirectory())).removeUnopened(kept);
        CommitLog opened = log;
        if (refused.remove(name.id()) && opened != null) {
            opened.markClean(
                    name.id().getMostSignificantBits(),
                    name.id().getLeastSignificantBits(),
                    logPosition());
        }
    }

    /// Before [#start]: opens a table that the schema has dropped already, if the last process ended before
    /// it had removed its files, so that the log's part of it is replayed. [#dropTable] then removes it.
    ///
    /// @return null if nothing is left of it but snapshots and the like
    public @Nullable TableStore openDropped(TableName name, TableSettings settings)
            throws IOException {
        Path directory = name.directoryIn(options.dataDirectory());
        if (!files().exists(directory.resolve(Manifest.FILE_NAME))) {
            new TableRemains(files(), directory).remove();
            return null;
        }
        try {
            return openTable(name, settings);
        } catch (IOException | RuntimeException e) {
            refused.remove(name.id()); // nobody will want what the log has of it
            throw e;
        }
    }

    /// Lets go of a table that the schema no longer has, and of what it has in memory; its files stay.
    public void detachTable(TableStore table) throws IOException {
        tables.remove(table.name().id());
        table.close();
        markClean(table, logPosition());
    }

    public Snapshots snapshots() {
        return snapshots;
    }

    /// Whether flushed files are also kept in `backups`, until they are deleted there by hand.
    public boolean isBackingUp() {
        return backingUp;
    }

    public void setBackingUp(boolean keep) {
        backingUp = keep;
    }

    // ---- Starting

    /// Where new log records must come after; for `CommitLogOptions.withStartAfter`.
    public long highestFlushedPosition() {
        return tables.values().stream()
                .mapToLong(TableStore::flushedPosition)
                .max()
                .orElse(LogPosition.ZERO);
    }

    /// To be given to the commit log when it is opened.
    public CommitLogListener logListener() {
        return logListener;
    }

    /// Takes the log into use and replays it: each mutation that its table has neither flushed nor
    /// truncated is applied to a memtable. Flushes where memory runs out.
    public ReplayReport start(CommitLog opened, ReplayOptions replayOptions) throws IOException {
        return start(opened, replayOptions, 1, Runnable::run);
    }

    /// The same with several threads.
    ///
    /// @param lanes how many tasks are given to the executor at a time, at most
    /// @param workers applies batches of mutations and flushes, and must run every task
    public ReplayReport start(
            CommitLog opened, ReplayOptions replayOptions, int lanes, Executor workers)
            throws IOException {
        if (log != null) {
            throw new IllegalStateException("Storage has been started");
        }
        snapshots.tidy();
        log = opened;
        replayWorkers = workers;
        LogReplay replay =
                new LogReplay(
                        this,
                        refused::contains,
                        replayOptions.onDamage() == ReplayOptions.OnDamage.IGNORE,
                        lanes,
                        workers);
        try {
            ReplayReport report = opened.replay(replay::visit, replayOptions);
            replay.drain();
            started = true;
            return report;
        } finally {
            replay.await();
        }
    }

    /// Up to here all of the log is in memtables or files.
    void replayedTo(long position) {
        replayedTo = position;
    }

    // ---- Reading

    /// Bytes that scans hold now.
    public long scanBytes() {
        return scanMemory.bytes();
    }

    /// For one thread.
    public ReadContext newReadContext() {
        return new ReadContext(pins, readers, scanMemory);
    }

    /// Says that a cursor met damage, so that the file is reported and no longer compacted.
    public void noteDamage(CorruptSSTableException damage) {
        for (TableStore table : tables.values()) {
            for (SSTable sstable : table.sstables()) {
                if (sstable.path().equals(damage.file())) {
                    sstable.noteDamage(damage);
                }
            }
        }
    }

    // ---- Writing

    /// Writes one mutation.
    ///
    /// @param later told if this returns `LATER`
    /// @throws CommitLogException if the log has failed or is full: nothing was written
    public WriteOutcome write(TableStore table, ByteWriter mutation, WriteCallback later) {
        return write(table, mutation.array(), 0, mutation.length(), later);
    }

    public WriteOutcome write(
            TableStore table, byte[] mutation, int offset, int length, WriteCallback later) {
        refusals.requireNone();
        flushes.refuseIfFull();
        Memtable memtable = table.enterWrite();
        if (table.settings().durableWrites()) {
            CommitLog appendTo = requireLog(memtable);
            if (appendTo.acknowledgesAfterForce()) {
                memtable.group().leave();
                return writeForced(table, mutation, offset, length, later);
            }
            try {
                long position =
                        appendTo.append(table.idHigh(), table.idLow(), mutation, offset, length);
                memtable.group().logged(position);
            } catch (CommitLogBusyException e) {
                memtable.group().leave();
                WriteBatch copy = new WriteBatch().add(table, mutation, offset, length).copy();
                retry(appendTo, copy, false, later);
                return WriteOutcome.LATER;
            } catch (RuntimeException e) {
                memtable.group().leave();
                throw e;
            }
        }
        return memtable.apply(mutation, offset, length, later)
                ? WriteOutcome.APPLIED
                : WriteOutcome.LATER;
    }

    /// From now on writes are refused, until [#allowWrites] for the same cause; those that have begun
    /// end as they would.
    public void refuseWrites(String cause, String reason) {
        refusals.add(cause, reason);
    }

    /// Why writes are refused; null if they are taken.
    public @Nullable String writeRefusal() {
        return refusals.reason();
    }

    /// Takes a refusal back. Others stay.
    public void allowWrites(String cause) {
        refusals.remove(cause);
    }

    private CommitLog requireLog(Memtable entered) {
        CommitLog opened = log;
        if (opened == null || !started) {
            entered.group().leave();
            throw new IllegalStateException("Storage has not been started");
        }
        return opened;
    }

    /// Writes one mutation and applies it after it has been forced, whatever the log's sync mode is.
    /// Always `LATER` if the table's writes are durable.
    public WriteOutcome writeForced(
            TableStore table, byte[] mutation, int offset, int length, WriteCallback later) {
        return write(new WriteBatch().add(table, mutation, offset, length), true, later);
    }

    /// Writes several mutations as one record of the log. They become visible one by one.
    public WriteOutcome write(WriteBatch batch, WriteCallback later) {
        CommitLog opened = log;
        return write(batch, opened != null && opened.acknowledgesAfterForce(), later);
    }

    /// The same, applied after it has been forced.
    public WriteOutcome writeForced(WriteBatch batch, WriteCallback later) {
        return write(batch, true, later);
    }

    private WriteOutcome write(WriteBatch batch, boolean forced, WriteCallback later) {
        refusals.requireNone();
        flushes.refuseIfFull();
        RecordParts parts = new RecordParts();
        batch.enter();
        try {
            for (int i = 0; i < batch.count(); i++) {
                TableStore table = batch.table(i);
                if (table.settings().durableWrites()) {
                    parts.add(
                            table.idHigh(),
                            table.idLow(),
                            batch.array(i),
                            batch.offset(i),
                            batch.length(i));
                }
            }
        } catch (RuntimeException e) {
            batch.leave(0, batch.count());
            throw e;
        }
        if (parts.count() > 0) {
            CommitLog appendTo = log;
            if (appendTo == null || !started) {
                batch.leave(0, batch.count());
                throw new IllegalStateException("Storage has not been started");
            }
            long position;
            try {
                position = appendTo.append(parts);
                batch.logged(position);
            } catch (CommitLogBusyException e) {
                batch.leave(0, batch.count());
                retry(appendTo, batch.copy(), forced, later);
                return WriteOutcome.LATER;
            } catch (RuntimeException e) {
                batch.leave(0, batch.count());
                throw e;
            }
            if (forced) {
                appendTo.whenDurable(position, new PendingWrite(batch.copy(), later));
                return WriteOutcome.LATER;
            }
        }
        return new PendingWrite(batch, later).apply() ? WriteOutcome.APPLIED : WriteOutcome.LATER;
    }

    /// Writes again when the log has prepared room.
    private void retry(CommitLog to, WriteBatch copy, boolean forced, WriteCallback later) {
        int bytes = 0;
        for (int i = 0; i < copy.count(); i++) {
            bytes += copy.length(i);
        }
        to.whenMayAppend(
                bytes,
                () -> {
                    try {
                        if (write(copy, forced, later) == WriteOutcome.APPLIED) {
                            later.applied();
                        }
                    } catch (RuntimeException e) {
                        later.failed(e);
                    }
                });
    }

    /// Whether storage keeps up. If not, take in no more work and ask again in [#whenMayWrite]. It says
    /// yes when memory is full and flushing fails, so that the write that follows can say why.
    public boolean mayWrite() {
        CommitLog opened = log;
        return (memory.hasRoom() || flushes.isStuck()) && (opened == null || opened.mayAppend());
    }

    /// Runs the callback, on some thread of storage, when [#mayWrite] is worth asking again.
    public void whenMayWrite(Runnable callback) {
        CommitLog opened = log;
        if (memory.hasRoom() && opened != null && !opened.mayAppend()) {
            opened.whenMayAppend(0, callback);
        } else {
            memory.whenRoom(callback);
        }
    }

    // ---- Flushing

    /// Flushes all tables that have something.
    public CompletableFuture<Void> flushAll() {
        return flushes.flush(_ -> true);
    }

    /// Flushes the tables that have writes which are not in the commit log, and would end with the process.
    public CompletableFuture<Void> flushUnlogged() {
        return flushes.flush(TableStore::mayHaveUnlogged);
    }

    /// To be called about once a second, by a thread that may lock: tries failed flushes again, and
    /// flushes memtables whose period has passed.
    public void tick() {
        flushes.tick();
    }

    private final class LogListener implements CommitLogListener {
        @Override
        public void onFailure(CommitLogException failure) {
            environment.listener().onCommitLogFailure(failure);
        }

        @Override
        public void onPrepareFailure(CommitLogException failure) {
            environment.listener().onCommitLogDelay(failure);
        }

        @Override
        public void onArchiveFailure(Path segment, Exception failure) {
            environment
                    .listener()
                    .onCommitLogDelay(
                            new CommitLogException(
                                    "Cannot archive commit log segment %s, which is kept: %s"
                                            .formatted(segment, failure.getMessage()),
                                    failure));
        }

        @Override
        public void onOverCapacity(long totalBytes, List<TableId> oldestDirtyTables) {
            executor().execute(() -> flushes.flushForLog(oldestDirtyTables));
        }
    }

    /// Lets go of what the log has of a table that was dropped while a write was on its way.
    void releaseDropped(UUID id) {
        CommitLog opened = log;
        if (opened != null && started && !refused.contains(id)) {
            opened.markClean(
                    id.getMostSignificantBits(), id.getLeastSignificantBits(), logPosition());
        }
    }

    /// Has somebody told of each flush, and of all else that changes a table's files. Called by the
    /// thread that did it; must not block.
    public void onFilesChanged(Consumer<TableStore> told) {
        filesListener = told;
    }

    void filesChanged(TableStore table) {
        filesListener.accept(table);
    }

    // ---- For the tables

    /// A position that no later append will get, and that everything applied so far has reached.
    long logPosition() {
        CommitLog opened = log;
        if (opened == null) {
            return LogPosition.ZERO;
        }
        return started ? opened.position() : replayedTo;
    }

    /// False while the log is replayed; that thread looks after memory itself.
    boolean isStarted() {
        return started;
    }

    void markClean(TableStore table, long upTo) {
        CommitLog opened = log;
        if (opened != null) {
            opened.markClean(table.idHigh(), table.idLow(), upTo);
        }
    }

    StorageFiles files() {
        return environment.files();
    }

    Path dataDirectory() {
        return options.dataDirectory();
    }

    public BlockCache blockCache() {
        return blockCache;
    }

    MemtableReaders readers() {
        return readers;
    }

    ChunkPool chunks() {
        return chunks;
    }

    MemtableMemory memory() {
        return memory;
    }

    FlushScheduler flushes() {
        return flushes;
    }

    /// What memtables use now, those that are being flushed included.
    public long memtableBytes() {
        return memory.used();
    }

    /// How many views may be open at a time without a new one being made: one for each open read
    /// context that has read, or more.
    public int pinSlots() {
        return pins.slots();
    }

    public StorageOptions options() {
        return options;
    }

    ViewPins pins() {
        return pins;
    }

    /// Until all is replayed, those who apply it also flush.
    Executor executor() {
        return started ? environment.executor() : replayWorkers;
    }

    RandomGenerator random() {
        return environment.random();
    }

    StorageListener listener() {
        return environment.listener();
    }

    long nanoTime() {
        return environment.nanoClock().getAsLong();
    }

    Instant now() {
        return Instant.ofEpochMilli(wallMicros() / 1_000);
    }

    long wallMicros() {
        return environment.wallMicros().getAsLong();
    }

    /// Closes all tables; flushes nothing: for a clean shutdown wait for [#flushAll] before. The commit
    /// log belongs to whoever opened it.
    @Override
    public void close() throws IOException {
        IOException failure = null;
        for (TableStore table : tables.values()) {
            try {
                table.close();
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        tables.clear();
        if (failure != null) {
            throw failure;
        }
    }
}
