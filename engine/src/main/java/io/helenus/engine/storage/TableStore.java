package io.helenus.engine.storage;

import io.helenus.engine.storage.files.StorageFiles;
import io.helenus.engine.storage.manifest.Manifest;
import io.helenus.engine.storage.manifest.ManifestEdit;
import io.helenus.engine.storage.manifest.ManifestFile;
import io.helenus.engine.storage.memtable.Memtable;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.SSTableOptions;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVerifier;
import io.helenus.sstable.file.SSTableVersionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// One table's data on this node: its memtables and SSTables, as a View that readers pin, and its
/// manifest.
///
/// Any thread reads and writes. The set of files changes under `fileLock` (manifest edit, then View
/// swap), taken by threads that may do I/O; `viewLock`, inside it, is held for the swap alone. Event
/// loops take neither.
public final class TableStore {
    // Constant after construction.
    private final StorageEngine engine;
    private final TableName name;
    private final Path directory;
    private final StorageFiles files;
    private final Manifest manifest;
    private final TableRemains remains;
    private final TableFlusher flusher;
    private final long idHigh;
    private final long idLow;

    private final Object fileLock = new Object();
    private final Object viewLock = new Object();

    private volatile TableSettings settings;
    private volatile boolean mayHaveUnlogged; // since it was opened
    private volatile View view; // changed under viewLock
    private volatile boolean closed;
    private final Set<SSTable> reserved = new HashSet<>(); // guarded by itself
    private final Set<Long> drafts = ConcurrentHashMap.newKeySet();
    private final AtomicInteger awaited = new AtomicInteger(); // files on their way here
    private final ReplayableWrites replayable = new ReplayableWrites();
    private final List<SSTable> doubtful = new ArrayList<>(); // guarded by fileLock

    /// @param initial what the manifest says from the beginning, if there is none yet
    TableStore(StorageEngine engine, TableName name, TableSettings settings, ManifestEdit initial)
            throws IOException {
        this.engine = engine;
        this.name = name;
        this.settings = settings;
        mayHaveUnlogged = !settings.durableWrites();
        files = engine.files();
        directory = name.directoryIn(engine.dataDirectory());
        files.createDirectories(directory);
        remains = new TableRemains(files, directory);
        manifest = Manifest.open(files, directory, name.id(), initial);
        idHigh = name.id().getMostSignificantBits();
        idLow = name.id().getLeastSignificantBits();
        flusher = new TableFlusher(this);
        view = View.of(List.of(newMemtable()), List.of());
    }

    /// Opens the files that the manifest names and puts aside those that it does not. If it fails, nothing
    /// stays open.
    ///
    /// @throws SSTableVersionException if a later release wrote one; nothing is changed then
    void load() throws IOException {
        List<SSTable> opened = new ArrayList<>();
        try {
            for (ManifestFile file : manifest.files()) {
                SSTable sstable = openSSTable(file);
                opened.add(sstable);
                if (sstable.damage() instanceof SSTableVersionException newer) {
                    throw newer;
                }
            }
            remains.tidy(manifest, movedTo -> engine.listener().onUnknownFile(this, movedTo));
        } catch (IOException | RuntimeException e) {
            opened.forEach(TableStore::closeUnused);
            manifest.close();
            throw e;
        }
        synchronized (viewLock) {
            setView(view.without(List.of(), List.of(), opened));
        }
    }

    private SSTable openSSTable(ManifestFile file) {
        Path path = directory.resolve(file.fileName());
        try {
            long writtenAtMillis = files.lastModifiedMillis(path);
            SSTableReader reader = SSTableReader.open(files, path, engine.blockCache());
            if (reader.fileBytes() != file.bytes()) {
                long found = reader.fileBytes();
                reader.close();
                throw new CorruptSSTableException(path, 0, "file length", found, file.bytes());
            }
            return new SSTable(this, path, file, reader, writtenAtMillis);
        } catch (SSTableVersionException e) {
            return new SSTable(this, path, file, e); // for the caller to refuse
        } catch (RuntimeException e) {
            reportDamage(path, e);
            return new SSTable(this, path, file, e);
        } catch (IOException e) {
            UncheckedIOException damage = new UncheckedIOException("Cannot open " + path, e);
            reportDamage(path, damage);
            return new SSTable(this, path, file, damage);
        }
    }

    // ---- What it is

    public TableName name() {
        return name;
    }

    public Path directory() {
        return directory;
    }

    public StorageEngine engine() {
        return engine;
    }

    public TableSettings settings() {
        return settings;
    }

    /// Takes effect with the next write and the next file.
    public void alter(TableSettings changed) {
        mayHaveUnlogged |= !changed.durableWrites();
        settings = changed;
    }

    boolean mayHaveUnlogged() {
        return mayHaveUnlogged;
    }

    long idHigh() {
        return idHigh;
    }

    long idLow() {
        return idLow;
    }

    Manifest manifest() {
        return manifest;
    }

    TableFlusher flusher() {
        return flusher;
    }

    public boolean isClosed() {
        return closed;
    }

    /// Generations of files that this process has made or is making; one leaves with its file.
    Set<Long> drafts() {
        return drafts;
    }

    @Override
    public String toString() {
        return name.toString();
    }

    // ---- Reading and writing

    /// Pins the table as it is now. The view is pooled in the context: close it, in its thread.
    public ReadView read(ReadContext context) {
        return context.open(this);
    }

    View view() {
        return view;
    }

    /// Enters the write group of the active memtable; who applies to it leaves that.
    Memtable enterWrite() {
        while (true) {
            if (closed) {
                throw new IllegalStateException("Table " + name + " is closed");
            }
            Memtable active = view.active();
            if (active.group().enter()) {
                return active;
            }
            // It was closed after a new one had been put into the view.
            Thread.onSpinWait();
        }
    }

    /// Whether there is nothing unflushed, and nothing in the log that would be replayed.
    public boolean isClean() {
        View now = view;
        return now.memtables.length == 1 && now.active().isEmpty() && replayable.isEmpty();
    }

    /// Bytes of the memtable that is written to.
    long activeBytes() {
        return view.active().bytes();
    }

    /// Bytes of all memtables.
    public long memtableBytes() {
        long sum = 0;
        for (CountedMemtable memtable : view.memtables) {
            sum += memtable.memtable().bytes();
        }
        return sum;
    }

    /// The log position up to which all is in SSTables.
    public long flushedPosition() {
        return manifest.replayPosition();
    }

    /// When it was truncated last, in microseconds; 0 for never.
    public long truncatedAtMicros() {
        return manifest.truncatedAtMicros();
    }

    // ---- Flush, truncate

    /// Writes all that was applied before this call to an SSTable. Does not block: the work runs on
    /// the storage's executor.
    public CompletableFuture<Void> flush() {
        return flusher.flush();
    }

    /// Removes all that was applied before this call. What is applied later stays, also over a restart.
    /// Does not block.
    public CompletableFuture<Void> truncate() {
        return flusher.truncate();
    }

    CountedMemtable newMemtable() {
        return new CountedMemtable(
                engine.readers(),
                engine.chunks(),
                engine.random(),
                engine.memory(),
                engine.nanoTime());
    }

    Object fileLock() {
        return fileLock;
    }

    Object viewLock() {
        return viewLock;
    }

    /// Under `viewLock`.
    void setView(View changed) {
        View old = view;
        view = changed;
        engine.pins().retire(old);
    }

    // ---- Files: for compaction, streaming, repair and tools

    /// Those that are in the table now, the ones with the newest data first. Read them through a
    /// [ReadView], which keeps them open.
    public List<SSTable> sstables() {
        return List.of(view.sstables);
    }

    /// Reserves files for one compaction, all or none: if one is reserved, or no longer in the table,
    /// nothing happens. They stay open until they are given back.
    public boolean reserve(Collection<SSTable> wanted) {
        synchronized (viewLock) {
            if (!List.of(view.sstables).containsAll(wanted)) {
                return false;
            }
            synchronized (reserved) {
                for (SSTable sstable : wanted) {
                    if (reserved.contains(sstable)) {
                        return false;
                    }
                }
                reserved.addAll(wanted);
                wanted.forEach(SSTable::retain); // the View holds them at this moment
            }
            return true;
        }
    }

    public void unreserve(Collection<SSTable> given) {
        synchronized (reserved) {
            reserved.removeAll(given);
        }
        given.forEach(SSTable::release);
    }

    /// Keeps files open that are in the table now, until [SSTable#release].
    ///
    /// @return those of `wanted` that still are
    public List<SSTable> retain(Collection<SSTable> wanted) {
        synchronized (viewLock) {
            List<SSTable> kept = new ArrayList<>(wanted);
            kept.retainAll(List.of(view.sstables));
            kept.forEach(SSTable::retain);
            return kept;
        }
    }

    /// Keeps deletions from being purged until [#resumePurging] is called as often: data that may be
    /// older is on its way here.
    void suspendPurging() {
        awaited.incrementAndGet();
    }

    void resumePurging() {
        awaited.decrementAndGet();
    }

    boolean isPurgingSuspended() {
        return awaited.get() > 0;
    }

    ReplayableWrites replayable() {
        return replayable;
    }

    /// For when all of the table that is in the log up to a position is in files.
    void setReplayPosition(long position) throws IOException {
        synchronized (fileLock) {
            if (!closed) {
                manifest.append(new ManifestEdit().replayPosition(position));
                replayable.release(position);
            }
        }
    }

    public boolean isReserved(SSTable sstable) {
        synchronized (reserved) {
            return reserved.contains(sstable);
        }
    }

    /// Starts a new file of this table.
    public SSTableDraft newDraft(SSTableOptions options) throws IOException {
        return new SSTableDraft(this, files, manifest.takeGeneration(), options);
    }

    /// Takes files of a snapshot, a backup or another cluster into the table.
    public TableImport importer() {
        return new TableImport(this, files);
    }

    /// Begins to take in a file that comes from elsewhere.
    public IncomingFile receive() throws IOException {
        return new IncomingFile(this, files, manifest.takeGeneration());
    }

    /// Starts a new file that may have to wait for others before it comes into the table: should the
    /// node end meanwhile, it is deleted at the next start.
    public SSTableDraft newAnnouncedDraft(SSTableOptions options) throws IOException {
        long generation = manifest.takeGeneration();
        manifest.append(new ManifestEdit().announce(generation));
        return new SSTableDraft(this, files, generation, options);
    }

    /// Exchanges files for others, durably and at once.
    ///
    /// @param gone are in the table
    /// @param added finished drafts
    /// @throws IllegalStateException if one of `gone` is no longer there, because of a truncation; the
    ///     added files are then given up
    public void replace(Collection<SSTable> gone, Collection<SSTable> added) throws IOException {
        synchronized (fileLock) {
            if (closed || !List.of(view.sstables).containsAll(gone)) {
                giveUp(added);
                throw new IllegalStateException(
                        "SSTables of %s were removed meanwhile".formatted(name));
            }
            ManifestEdit edit = new ManifestEdit();
            gone.forEach(sstable -> edit.remove(sstable.generation()));
            added.forEach(sstable -> edit.add(sstable.file()));
            try {
                manifest.append(edit);
            } catch (IOException e) {
                // It may have arrived: they are closed, and not deleted before it is known that
                // not.
                added.forEach(TableStore::closeUnused);
                doubtful.addAll(added);
                throw e;
            }
            deleteDoubtful();
            gone.forEach(SSTable::remove);
            synchronized (viewLock) {
                setView(view.without(List.of(), gone, added));
            }
        }
        if (gone.isEmpty()) {
            added.forEach(this::backUp); // they came from elsewhere
        }
        engine.filesChanged(this);
    }

    /// After an edit: the manifest is known again, and these are not in it.
    private void deleteDoubtful() {
        doubtful.forEach(this::delete);
        doubtful.clear();
    }

    /// Bytes that can still be written to where the table lies.
    public long usableBytes() throws IOException {
        return files.usableBytes(directory);
    }

    /// Has finished files that never came into the table deleted.
    public void giveUp(Collection<SSTable> finished) {
        for (SSTable sstable : finished) {
            sstable.remove();
            closeUnused(sstable);
        }
    }

    /// Closes a file that no View holds.
    static void closeUnused(SSTable sstable) {
        sstable.retain();
        sstable.release();
    }

    /// Changes what the manifest says of a file: its level, or when it was repaired.
    public void change(SSTable sstable, ManifestFile changed) throws IOException {
        if (!changed.equals(sstable.file())) {
            throw new IllegalArgumentException(
                    "%s is not %s".formatted(changed.fileName(), sstable));
        }
        synchronized (fileLock) {
            manifest.append(new ManifestEdit().add(changed));
            sstable.setFile(changed);
        }
    }

    /// Opens a file again and reads all of it: for one that was found damaged, after the disk answers
    /// again or the operator has put a sound copy in its place. If it is sound, it takes its old place.
    ///
    /// @return what is damaged; null if nothing is
    /// @throws IllegalArgumentException if it is not in the table, or being compacted
    public @Nullable String recheck(SSTable sstable) throws IOException {
        if (!reserve(List.of(sstable))) {
            throw new IllegalArgumentException(
                    sstable + " is not in the table, or being compacted at the moment");
        }
        try {
            SSTable fresh = openSSTable(sstable.file());
            String damage = damage(fresh);
            if (damage != null || !exchange(sstable, fresh)) {
                closeUnused(fresh);
                return damage == null ? sstable + " is not in the table any more" : damage;
            }
        } finally {
            unreserve(List.of(sstable));
        }
        engine.filesChanged(this);
        return null;
    }

    private @Nullable String damage(SSTable fresh) throws IOException {
        RuntimeException known = fresh.damage();
        if (known != null) {
            return String.valueOf(known.getMessage());
        }
        List<SSTableVerifier.Damage> found = new SSTableVerifier(fresh.reader()).verify().damage();
        if (!found.isEmpty()) {
            return String.valueOf(found.getFirst());
        }
        boolean isSame = TableImport.checksum(files, fresh.path()) == fresh.file().checksum();
        return isSame ? null : "it is sound, but not the file that the manifest names";
    }

    /// Puts the same file, opened anew, in the place of an SSTable.
    private boolean exchange(SSTable old, SSTable fresh) {
        synchronized (fileLock) {
            if (closed || !List.of(view.sstables).contains(old)) {
                return false;
            }
            synchronized (viewLock) {
                setView(view.without(List.of(), List.of(old), List.of(fresh)));
            }
            return true;
        }
    }

    /// Gives a damaged file up: it leaves the table and is kept in `lost+found`. Deletions that it
    /// held are forgotten, so what they deleted may come back.
    public void discard(SSTable sstable) throws IOException {
        synchronized (fileLock) {
            if (!List.of(view.sstables).contains(sstable)) {
                throw new IllegalArgumentException(sstable + " is not in the table");
            }
            manifest.append(new ManifestEdit().discard(sstable.generation()));
            synchronized (viewLock) {
                setView(view.without(List.of(), List.of(sstable), List.of()));
            }
            if (files.exists(sstable.path())) {
                remains.putAside(sstable.path());
            }
            manifest.forget(sstable.generation());
        }
        engine.filesChanged(this);
    }

    /// Links the files of this moment into `snapshots/<tag>`. Flush before if what is in memory shall
    /// be in it.
    ///
    /// @param timeToLive null for ever
    /// @return the directory
    /// @throws IllegalStateException if the table is closed
    public Path snapshot(String tag, @Nullable Duration timeToLive) throws IOException {
        Instant now = engine.now();
        Instant expiresAt = timeToLive == null ? null : now.plus(timeToLive);
        synchronized (fileLock) {
            if (closed) {
                throw new IllegalStateException("Table " + this + " is closed");
            }
            return new SnapshotFiles(files).create(this, tag, manifest.files(), now, expiresAt);
        }
    }

    /// Under `fileLock`: the same of these files, some of which may not be the table's yet.
    void snapshotBeforeRemoval(String prefix, List<SSTable> of) throws IOException {
        Instant now = engine.now();
        SnapshotFiles snapshots = new SnapshotFiles(files);
        long millis = now.toEpochMilli();
        String tag = "%s-%d-%s".formatted(prefix, millis, name.table());
        while (snapshots.exists(this, tag)) { // two within a millisecond
            millis++;
            tag = "%s-%d-%s".formatted(prefix, millis, name.table());
        }
        List<ManifestFile> linked = of.stream().map(SSTable::file).toList();
        Duration timeToLive = settings.backup().removedTimeToLive();
        Instant expiresAt = timeToLive.isZero() ? null : now.plus(timeToLive);
        var _ = snapshots.create(this, tag, linked, now, expiresAt);
        engine.snapshots().noteNew();
    }

    /// Gives a file that has brought new data a second name in `backups`, if that is wanted.
    void backUp(SSTable fresh) {
        if (!engine.isBackingUp() || !settings.backup().incremental()) {
            return;
        }
        Path to = directory.resolve(TableRemains.BACKUPS);
        try {
            files.createDirectories(to);
            files.link(fresh.path(), to.resolve(fresh.file().fileName()));
            files.forceDirectory(to);
        } catch (IOException e) {
            engine.listener().onBackupFailure(this, fresh.path(), e);
        }
    }

    void reportDamage(Path file, RuntimeException damage) {
        engine.listener().onDamage(this, file, damage);
    }

    /// Deletes a file that no View holds any more.
    void delete(SSTable sstable) {
        try {
            files.delete(sstable.path());
            drafts.remove(sstable.generation());
            manifest.forget(sstable.generation());
        } catch (IOException e) {
            engine.listener().onDeleteFailure(this, sstable.path(), e);
        }
    }

    // ---- The end

    /// Closes all files once their readers have left. Nothing is flushed.
    void close() throws IOException {
        synchronized (fileLock) {
            if (closed) {
                return;
            }
            closed = true;
            synchronized (viewLock) {
                setView(View.of(List.of(newMemtable()), List.of()));
            }
            manifest.close();
        }
    }

    /// Removes all of it but snapshots, backups and `lost+found`. The schema no longer knows the table.
    void drop() throws IOException {
        synchronized (fileLock) {
            List<SSTable> kept = settings.backup().snapshotBeforeRemoval() ? present() : List.of();
            if (!kept.isEmpty()) {
                snapshotBeforeRemoval("dropped", kept);
            }
            // Before any of its files, some of which are deleted later as they are still read:
            // without
            // a manifest nobody opens them, or misses one.
            files.delete(directory.resolve(Manifest.FILE_NAME));
            sstables().forEach(SSTable::remove);
            close();
        }
        remains.deleteIfEmpty();
    }

    /// Its files, but for those that are missing: a process may have ended while it dropped the table.
    private List<SSTable> present() throws IOException {
        List<SSTable> found = new ArrayList<>();
        for (SSTable sstable : sstables()) {
            if (files.exists(sstable.path())) {
                found.add(sstable);
            }
        }
        return found;
    }
}
