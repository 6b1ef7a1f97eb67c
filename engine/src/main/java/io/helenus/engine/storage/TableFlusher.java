package io.helenus.engine.storage;

import io.helenus.engine.storage.manifest.ManifestEdit;
import io.helenus.engine.storage.memtable.MemtableCursor;
import io.helenus.sstable.model.MergeCursor;
import io.helenus.sstable.model.RowCursor;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// Switches a table's memtables, and turns those that are switched away into SSTables, in order.
///
/// A switch puts a new memtable into the View and closes the old one's write group; any thread does
/// that, without I/O. The log position is taken *before* the new memtable can be written to, so every
/// write that goes there has a higher one: what the flush releases and what replay leaves out are in
/// the old memtable. (Writes of the old group may have higher positions, too; they are replayed
/// although they have been flushed, which changes nothing.)
///
/// When the group has drained, the step is due. Steps are run by one executor thread at a time, the
/// oldest first, so replay positions only grow. But a truncation that keeps no snapshot goes before flushes
/// of what it takes away: there is no need of them, and on a full disk they would fail. A step that fails
/// stays; the next tick tries again. Not so a truncation: who asked for it hears that it failed, so it must
/// not happen later. What it was to remove from memory is flushed instead.
final class TableFlusher {
    private final TableStore table;
    private final StorageEngine engine;
    private final Deque<Step> steps = new ArrayDeque<>(); // guarded by the viewLock
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile boolean failed;

    /// Something to be done in order.
    private abstract class Step {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        private boolean isWritten;
        private @Nullable SSTable written;
        private boolean isAnnounced;

        /// Writes the memtables' SSTable, but not again if a run before this one did and then failed: a
        /// disk that takes files and not the manifest would soon be full of them.
        ///
        /// @return null if there is nothing in them
        final @Nullable SSTable writeOnce(List<CountedMemtable> memtables) throws IOException {
            if (!isWritten) {
                written = write(memtables);
                isWritten = true;
            }
            return written;
        }

        /// Closes what was written, as the table is closed, and deletes it: unless the manifest was once
        /// told of it, and may name it after all when it is read again.
        final void giveUpWritten() {
            SSTable unwanted = written;
            written = null;
            if (unwanted != null && isAnnounced) {
                TableStore.closeUnused(unwanted);
            } else if (unwanted != null) {
                table.giveUp(List.of(unwanted));
            }
        }

        /// Exchanges memtables and files for what was written.
        ///
        /// @return false if the table is closed: then the log has to keep what it has of it
        final boolean publish(
                List<CountedMemtable> goneMemtables, Collection<SSTable> gone, ManifestEdit edit)
                throws IOException {
            SSTable added = written;
            List<SSTable> fresh = added == null ? List.of() : List.of(added);
            synchronized (table.fileLock()) {
                if (table.isClosed()) {
                    giveUpWritten();
                    return false;
                }
                gone.forEach(sstable -> edit.remove(sstable.generation()));
                fresh.forEach(sstable -> edit.add(sstable.file()));
                isAnnounced = true;
                table.manifest().append(edit);
                gone.forEach(SSTable::remove);
                synchronized (table.viewLock()) {
                    table.setView(table.view().without(goneMemtables, gone, fresh));
                }
                written = null; // the View's now
                table.replayable().release(table.manifest().replayPosition());
            }
            engine.filesChanged(table);
            return true;
        }

        /// Whether the memtables that it is about are at rest.
        abstract boolean isDue();

        /// @return false if it has to wait for something more
        abstract boolean run() throws IOException;

        /// Adds the flushes of all memtables that were switched away for this.
        abstract void addFlushes(List<Flush> to);
    }

    TableFlusher(TableStore table) {
        this.table = table;
        engine = table.engine();
    }

    CompletableFuture<Void> flush() {
        Flush step;
        synchronized (table.viewLock()) {
            if (table.isClosed()) {
                return CompletableFuture.completedFuture(null);
            }
            table.view().active().group().closeSoon();
            long position = engine.logPosition();
            step = new Flush(switchMemtable(), position);
            steps.add(step);
        }
        closeGroup(step.memtable);
        return step.done;
    }

    CompletableFuture<Void> truncate() {
        Truncate step;
        synchronized (table.viewLock()) {
            if (table.isClosed()) {
                throw new IllegalStateException("Table " + table + " is closed");
            }
            table.view().active().group().closeSoon();
            long position = engine.logPosition();
            step = new Truncate(switchMemtable(), position);
            steps.add(step);
        }
        closeGroup(step.before);
        return step.done;
    }

    /// Under the view lock, for a table that is not closed.
    ///
    /// @return the one that was active
    private CountedMemtable switchMemtable() {
        View view = table.view();
        table.setView(view.withActive(table.newMemtable()));
        view.memtables[0].markFlushing();
        return view.memtables[0];
    }

    private void closeGroup(CountedMemtable memtable) {
        memtable.memtable()
                .group()
                .close(() -> {
                    memtable.markAtRest();
                    engine.executor().execute(this::runDue);
                });
    }

    /// Tries again what failed.
    void retry() {
        if (failed) {
            failed = false;
            engine.executor().execute(this::runDue);
        }
    }

    private void runDue() {
        while (isDue() && running.compareAndSet(false, true)) {
            Step step = next();
            try {
                if (step != null && step.isDue() && step.run()) {
                    synchronized (table.viewLock()) {
                        steps.remove(step);
                    }
                    engine.flushes().noteEnd(null);
                    step.done.complete(null);
                }
            } catch (IOException | RuntimeException e) {
                fail(step, e);
            } catch (Error e) {
                fail(step, new IllegalStateException("Flushing met " + e, e));
            } finally {
                running.set(false);
            }
        }
    }

    /// What is to be done first: the oldest truncation if it keeps no snapshot, else the oldest step.
    private @Nullable Step next() {
        synchronized (table.viewLock()) {
            if (!keepsSnapshots()) {
                for (Step step : steps) {
                    if (step instanceof Truncate) {
                        return step;
                    }
                }
            }
            return steps.peek();
        }
    }

    private boolean keepsSnapshots() {
        return table.settings().backup().snapshotBeforeRemoval();
    }

    /// The step stays where it is, for [#retry], and so do those that wait behind it, but truncations;
    /// and who asked for any of them is told, as nobody knows when the disk is well again.
    private void fail(@Nullable Step of, Exception met) {
        IOException told =
                new IOException(
                        "Table %s cannot be written to %s: %s"
                                .formatted(table, table.directory(), met.getMessage()),
                        met);
        if (of instanceof Flush && next() instanceof Truncate) {
            of.done.completeExceptionally(told); // and nothing of it is needed any more
        } else {
            failed = true;
            for (Step step : takeTruncationsBack()) {
                step.done.completeExceptionally(told);
            }
        }
        engine.flushes().noteEnd(met);
        engine.listener().onFlushFailure(table, met);
    }

    /// Puts flushes of what they have switched away in the place of all truncations that wait. Should
    /// one of them be in the manifest after all, the next edit rewrites that without it.
    ///
    /// @return all that have waited
    private List<Step> takeTruncationsBack() {
        List<Step> waiting;
        synchronized (table.viewLock()) {
            waiting = List.copyOf(steps);
            if (waiting.stream().noneMatch(Truncate.class::isInstance)) {
                return waiting;
            }
            List<Flush> flushes = new ArrayList<>();
            for (Step step : waiting) {
                step.addFlushes(flushes);
            }
            // Oldest first: a flush says that all before it is in files.
            List<CountedMemtable> newestFirst = List.of(table.view().memtables);
            flushes.sort(
                    Comparator.comparingInt((Flush flush) -> newestFirst.indexOf(flush.memtable))
                            .reversed());
            steps.clear();
            steps.addAll(flushes);
        }
        for (Step step : waiting) {
            if (step instanceof Truncate) {
                step.giveUpWritten();
            }
        }
        return waiting;
    }

    private boolean isDue() {
        Step step = next();
        return step != null && !failed && step.isDue();
    }

    private final class Flush extends Step {
        final CountedMemtable memtable;
        final long position;

        Flush(CountedMemtable memtable, long position) {
            this.memtable = memtable;
            this.position = position;
        }

        @Override
        boolean isDue() {
            return memtable.isAtRest();
        }

        @Override
        boolean run() throws IOException {
            if (!table.view().holds(memtable)) {
                giveUpWritten();
                return true; // a truncation or the table's end took it along
            }
            List<CountedMemtable> flushed = List.of(memtable);
            SSTable added = writeOnce(flushed);
            noteReplayable(added, memtable, position);
            boolean published = true;
            if (added == null) {
                if (!table.replayable().isEmpty()) {
                    table.setReplayPosition(position);
                }
                // Else all that the log has of this table is in files, so no edit has to say so.
                synchronized (table.viewLock()) {
                    table.setView(table.view().without(flushed, List.of(), List.of()));
                }
            } else {
                ManifestEdit edit = new ManifestEdit().replayPosition(position);
                published = publish(flushed, List.of(), edit);
                if (published) {
                    table.backUp(added);
                }
            }
            if (published) {
                engine.markClean(table, position);
            }
            return true;
        }

        @Override
        void addFlushes(List<Flush> to) {
            to.add(this);
        }
    }

    /// Everything up to a first switch goes. What was written between that and a second one, and may
    /// have lower log positions than what goes, becomes an SSTable in the same manifest edit; so the
    /// replay position can be that of the second switch, behind everything that was truncated.
    private final class Truncate extends Step {
        final CountedMemtable before;
        final long positionBefore; // log position of the first switch
        @Nullable CountedMemtable last;
        long position; // of the second
        boolean kept; // by a snapshot

        Truncate(CountedMemtable before, long positionBefore) {
            this.before = before;
            this.positionBefore = positionBefore;
        }

        @Override
        boolean isDue() {
            CountedMemtable until = last;
            return unwanted().stream().allMatch(CountedMemtable::isAtRest)
                    && (until == null
                            || between(until).stream().allMatch(CountedMemtable::isAtRest));
        }

        /// What it takes away: the memtable before the first switch, and what was to be flushed before.
        private List<CountedMemtable> unwanted() {
            List<CountedMemtable> all = List.of(table.view().memtables);
            int from = all.indexOf(before);
            return from < 0 ? List.of() : all.subList(from, all.size());
        }

        /// The memtables between the two switches, newest first.
        private List<CountedMemtable> between(CountedMemtable until) {
            List<CountedMemtable> all = List.of(table.view().memtables);
            int from = all.indexOf(until);
            int to = all.indexOf(before);
            return from < 0 || to < 0 ? List.of() : all.subList(from, to);
        }

        @Override
        boolean run() throws IOException {
            if (!table.view().holds(before)) {
                giveUpWritten();
                return true; // the table is closed
            }
            CountedMemtable until = last;
            if (until == null) {
                synchronized (table.viewLock()) {
                    if (table.isClosed()) {
                        return true;
                    }
                    table.view().active().group().closeSoon();
                    position = engine.logPosition();
                    until = switchMemtable();
                    last = until;
                }
                closeGroup(until);
                return false;
            }
            List<CountedMemtable> flushed = between(until);
            SSTable added = writeOnce(flushed);
            noteReplayable(added, until, position);
            List<CountedMemtable> unwanted = unwanted();
            List<CountedMemtable> goneMemtables = new ArrayList<>(flushed);
            goneMemtables.addAll(unwanted);
            boolean keep = !kept && keepsSnapshots();
            SSTable parting = keep ? write(unwanted) : null;
            synchronized (table.fileLock()) {
                List<SSTable> gone = table.sstables();
                if (keep) {
                    snapshot(gone, parting);
                    kept = true;
                }
                ManifestEdit edit =
                        new ManifestEdit()
                                .truncated(engine.wallMicros(), position)
                                .replayPosition(position);
                if (publish(goneMemtables, gone, edit)) {
                    if (added != null) {
                        table.backUp(added);
                    }
                    engine.markClean(table, position);
                }
            }
            return true;
        }

        @Override
        void addFlushes(List<Flush> to) {
            to.add(new Flush(before, positionBefore));
            CountedMemtable until = last;
            if (until != null) {
                to.add(new Flush(until, position));
            }
        }
    }

    /// @param from the last memtable in the file, at rest
    /// @param released log position that its flush releases
    private void noteReplayable(@Nullable SSTable flushed, CountedMemtable from, long released) {
        table.replayable().note(flushed, from.memtable().group().lateTo(), released);
    }

    /// Under the file lock: keeps what a truncation takes away.
    ///
    /// @param parting what was not flushed yet; it is not needed any more
    private void snapshot(List<SSTable> gone, @Nullable SSTable parting) throws IOException {
        List<SSTable> kept = new ArrayList<>(gone);
        if (parting != null) {
            kept.add(parting);
        }
        try {
            if (!kept.isEmpty()) {
                table.snapshotBeforeRemoval("truncated", kept);
            }
        } finally {
            table.giveUp(parting == null ? List.of() : List.of(parting));
        }
    }

    /// Writes one SSTable of several memtables at rest.
    ///
    /// @return null if there is nothing in them, or the table has been closed meanwhile
    private @Nullable SSTable write(List<CountedMemtable> memtables) throws IOException {
        try (Sources sources = new Sources(memtables)) {
            if (!sources.retained || sources.merge.next() == RowCursor.Kind.END) {
                return null;
            }
        }
        try (Sources sources = new Sources(memtables)) {
            SSTableDraft begun = sources.retained ? begin() : null;
            if (begun == null) {
                return null;
            }
            try (SSTableDraft draft = begun) {
                draft.writer().appendAll(sources.merge);
                return draft.finish(0);
            }
        }
    }

    /// Announced, so that a process that ends before the manifest has the file leaves nothing.
    ///
    /// @return null if the table is closed
    private @Nullable SSTableDraft begin() throws IOException {
        synchronized (table.fileLock()) {
            return table.isClosed() ? null : table.newAnnouncedDraft(table.settings().sstable());
        }
    }

    private final class Sources implements AutoCloseable {
        final MergeCursor merge = new MergeCursor();
        private final List<MemtableCursor> cursors = new ArrayList<>();
        private final List<CountedMemtable> held = new ArrayList<>();

        /// False if a memtable is gone: its table has been closed.
        final boolean retained;

        Sources(List<CountedMemtable> memtables) {
            for (CountedMemtable memtable : memtables) {
                if (memtable.tryRetain()) {
                    held.add(memtable);
                }
            }
            retained = held.size() == memtables.size();
            if (!retained) {
                return;
            }
            RowCursor[] sources = new RowCursor[memtables.size()];
            for (int i = 0; i < sources.length; i++) {
                MemtableCursor cursor = new MemtableCursor(engine.readers());
                cursors.add(cursor);
                byte[] start = {};
                sources[i] =
                        cursor.open(memtables.get(i).memtable(), start, 0, 0, start, 0, -1, false);
            }
            merge.open(sources, sources.length, false);
        }

        @Override
        public void close() {
            merge.close();
            cursors.forEach(MemtableCursor::unregister);
            held.forEach(CountedMemtable::release);
        }
    }
}
