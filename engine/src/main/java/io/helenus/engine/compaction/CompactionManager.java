package io.helenus.engine.compaction;

import io.helenus.engine.compaction.CompactionJob.Plan;
import io.helenus.engine.compaction.TableCompaction.Overlapping;
import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.storage.files.StorageFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Owns which compactions of a node run and wait. Any thread calls it; its state is guarded by its lock,
/// held for moments and never for I/O. Planning and the steps of compactions run on the environment's
/// executor: planning by one thread at a time, each compaction by one thread at a time.
///
/// What operators ask for goes first and has a table for itself: as long as something asked for is
/// unfinished, the table's strategy starts nothing. A compaction that fails leaves its table alone for a
/// while; one that meets damage marks the file, which is then never chosen again.
public final class CompactionManager implements Compactions {
    private static final long MIB = 1L << 20;
    private static final long RECHECK_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_MIN_NANOS = 1_000_000;
    private static final long MICROS_PER_MILLI = 1_000;
    private static final long MICROS_PER_SECOND = 1_000_000;

    private final CompactionEnvironment environment;
    private final CompactionRecords records;
    private final Throttle throttle;
    private final PlanMaker planMaker;
    private final DiskRoom room;

    // Guarded by this.
    private final Map<UUID, TableState> tables = new TreeMap<>();
    private final AskedQueue asked = new AskedQueue();
    private final Map<UUID, Running> running = new LinkedHashMap<>();
    private int concurrency;
    private int throughput;
    private boolean enabled = true;
    private boolean closed;
    private boolean planning;
    private boolean planAgain;
    private boolean rechecked;
    private long recheckedAtNanos;
    private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);

    /// @param by who asked for it, or null
    private record Running(CompactionJob job, TableState table, @Nullable Asked by) {}

    /// @param concurrency compactions at a time
    /// @param throughputMiB per second, for all together; 0 is no limit
    public CompactionManager(
            StorageEngine storage,
            StorageFiles files,
            CompactionEnvironment environment,
            int concurrency,
            int throughputMiB) {
        this.environment = environment;
        this.concurrency = concurrency;
        throughput = throughputMiB;
        throttle = new Throttle(environment.nanoClock(), throughputMiB * MIB);
        records =
                new CompactionRecords(
                        environment,
                        new CompactionHistory(
                                files,
                                storage.options()
                                        .dataDirectory()
                                        .resolveSibling(CompactionHistory.FILE_NAME)));
        planMaker = new PlanMaker(environment);
        room = new DiskRoom(this::bytesAhead, environment.listener());
    }

    // ---- From the node

    /// Tells what holds for a table, new or altered, from the next compaction on.
    public synchronized void alter(TableStore store, TableCompaction settings) {
        TableState known = tables.get(store.name().id());
        if (known == null || known.store != store) {
            tables.put(store.name().id(), new TableState(store, settings));
            return;
        }
        if (!known.settings.isChosenAs(settings)) {
            known.enabledByOperator = null; // what was said before was said of something else
            known.expiredChecked = false;
        }
        known.settings = settings;
        known.dirty = true;
        if (rechecked) {
            plan(); // not before the node has begun to tick
        }
    }

    /// The table is about to be dropped: ends what runs on it.
    public void forget(TableStore store) {
        List<Asked> done;
        synchronized (this) {
            tables.remove(store.name().id());
            asked.cancel(store);
            running.values().stream()
                    .filter(each -> each.table().store == store)
                    .forEach(this::stop);
            done = asked.takeDone();
        }
        done.forEach(Asked::complete);
    }

    /// To be called when a table's files have changed. Does not block.
    public void filesChanged(TableStore store) {
        synchronized (this) {
            TableState table = tables.get(store.name().id());
            if (table == null) {
                return;
            }
            table.dirty = true;
        }
        plan();
    }

    /// To be called about once a second: now and then looks at all tables anew, as files also become
    /// due by getting older.
    public void tick() {
        synchronized (this) {
            long now = environment.nanoClock().getAsLong();
            if (rechecked && now - recheckedAtNanos < RECHECK_NANOS) {
                return;
            }
            rechecked = true;
            recheckedAtNanos = now;
            tables.values().forEach(table -> table.dirty = true);
        }
        plan();
    }

    /// Ends all compactions and starts no more.
    ///
    /// @return completed when none runs any more
    public CompletableFuture<Void> close() {
        List<Asked> done;
        CompletableFuture<Void> ended;
        synchronized (this) {
            closed = true;
            asked.cancelAll();
            running.values().forEach(this::stop);
            done = asked.takeDone();
            if (!running.isEmpty() && idle.isDone()) {
                idle = new CompletableFuture<>();
            }
            ended = idle;
        }
        done.forEach(Asked::complete);
        return ended;
    }

    // ---- Planning

    /// Has the executor look for what to start.
    private void plan() {
        synchronized (this) {
            planAgain = true;
            if (planning || closed) {
                return;
            }
            planning = true;
        }
        environment.executor().execute(this::runPlans);
    }

    private void runPlans() {
        while (true) {
            synchronized (this) {
                if (!planAgain || closed) {
                    planning = false;
                    return;
                }
                planAgain = false;
            }
            try {
                startAsked();
                startWanted();
            } catch (RuntimeException | Error e) {
                synchronized (this) {
                    planning = false; // the next tick tries again
                }
                throw e;
            }
        }
    }

    private void startAsked() {
        while (true) {
            List<Asked> done;
            boolean started = false;
            synchronized (this) {
                for (Asked each : asked.ready()) {
                    started |= startNext(each);
                }
                done = asked.takeDone();
            }
            done.forEach(Asked::complete);
            if (!started && done.isEmpty()) {
                return;
            }
        }
    }

    /// Under the lock.
    private boolean startNext(Asked each) {
        try {
            while (!closed && running.size() < concurrency && !each.remaining().isEmpty()) {
                Plan plan = each.remaining().remove();
                if (each.table.store.reserve(plan.all())) {
                    start(each.table, plan, each);
                    return true;
                }
                // A file has gone meanwhile: there is nothing left to do for it.
            }
        } catch (RuntimeException e) {
            each.failure = e;
            each.cancel();
        }
        return false;
    }

    private void startWanted() {
        List<TableState> dirty = new ArrayList<>();
        synchronized (this) {
            long now = environment.nanoClock().getAsLong();
            for (TableState table : tables.values()) {
                boolean rests = table.resting && now - table.restingUntilNanos < 0;
                if (enabled
                        && table.dirty
                        && table.isEnabled()
                        && !rests
                        && !asked.hasAnyOf(table)) {
                    table.resting = false;
                    table.dirty = false;
                    dirty.add(table);
                }
            }
        }
        List<Wanted> wanted = new ArrayList<>();
        for (TableState table : dirty) {
            if (table.store.isClosed()) {
                continue;
            }
            List<Wanted> ofTable;
            try {
                ofTable = planMaker.wanted(table);
            } catch (RuntimeException e) {
                // Such as a table that is closed at this moment: the others must not suffer.
                if (!table.store.isClosed()) {
                    environment.listener().onPlanFailure(table.store, e);
                }
                synchronized (this) {
                    rest(table);
                }
                continue;
            }
            synchronized (this) {
                table.pending = ofTable.size();
            }
            wanted.addAll(ofTable);
        }
        wanted.sort(Comparator.comparingDouble((Wanted each) -> each.pick().urgency()).reversed());
        for (Wanted each : wanted) {
            startIfRoom(each);
        }
    }

    private void startIfRoom(Wanted wanted) {
        TableState table = wanted.table();
        List<SSTable> files = room.fitting(table.store, wanted.files());
        synchronized (this) {
            if (files.isEmpty() && wanted.expired().isEmpty()) {
                rest(table);
                return;
            }
            Plan plan =
                    new Plan(
                            wanted.pick().kind(),
                            files,
                            wanted.expired(),
                            wanted.pick().cut(),
                            table.settings.overlapping(),
                            null);
            boolean mayStart =
                    !closed
                            && enabled
                            && table.isEnabled()
                            && running.size() < concurrency
                            && !asked.hasAnyOf(table);
            if (mayStart && table.store.reserve(plan.all())) {
                table.pending--;
                records.noteLeftOut(wanted.files().size() - files.size());
                start(table, plan, null);
            } else {
                table.dirty = true; // until one that runs is done
                if (!plan.expired().isEmpty()) {
                    table.expiredChecked = false;
                }
            }
        }
    }

    private synchronized long bytesAhead() {
        return running.values().stream().mapToLong(each -> each.job().bytesAhead()).sum();
    }

    /// Under the lock.
    private void rest(TableState table) {
        table.resting = true;
        table.restingUntilNanos = environment.nanoClock().getAsLong() + REST_NANOS;
        table.dirty = true;
    }

    // ---- Running

    /// Under the lock; the files have been reserved.
    private void start(TableState table, Plan plan, @Nullable Asked by) {
        CompactionJob job =
                new CompactionJob(
                        environment.uuids().get(),
                        table.store,
                        table.settings,
                        plan,
                        wallMicros() / MICROS_PER_MILLI,
                        table::noteOutputs);
        Running started = new Running(job, table, by);
        running.put(job.id(), started);
        table.running++;
        if (by != null) {
            by.running++;
        }
        environment
                .listener()
                .onStart(table.store, job.task(), by != null || table.settings.logAll());
        environment.executor().execute(() -> run(started));
    }

    private void run(Running each) {
        CompactionJob job = each.job();
        if (job.isNew() && each.by() != null) {
            room.refuseWithout(job);
        }
        CompactionJob.State state =
                job.step(wallMicros() / MICROS_PER_SECOND, environment.itemsPerStep());
        long read = job.takeUnpaid();
        records.noteRead(read);
        if (state != CompactionJob.State.RUNNING) {
            end(each, state);
            return;
        }
        long pauseNanos = throttle.pay(read);
        if (pauseNanos < PAUSE_MIN_NANOS) {
            environment.executor().execute(() -> run(each));
            return;
        }
        job.paused().set(true);
        environment.timer().schedule(() -> goOn(each), pauseNanos);
        if (job.isStopped()) {
            goOn(each); // who stopped it may not have seen it pause
        }
    }

    private void goOn(Running each) {
        if (each.job().paused().compareAndSet(true, false)) {
            environment.executor().execute(() -> run(each));
        }
    }

    private void stop(Running each) {
        each.job().stop();
        goOn(each);
    }

    private void end(Running each, CompactionJob.State state) {
        CompactionJob job = each.job();
        TableState table = each.table();
        table.store.unreserve(job.plan().all());
        records.noteEnd(job, state);
        List<Asked> done;
        CompletableFuture<Void> nothingRuns = null;
        synchronized (this) {
            running.remove(job.id());
            table.running--;
            table.dirty = true;
            if (state == CompactionJob.State.FAILED) {
                rest(table);
            }
            Asked by = each.by();
            if (by != null) {
                by.running--;
                by.outcome = by.outcome.plus(outcome(job, state));
                by.failure = by.failure == null ? job.failure() : by.failure;
            }
            done = asked.takeDone();
            if (closed && running.isEmpty()) {
                nothingRuns = idle;
            }
        }
        done.forEach(Asked::complete);
        if (nothingRuns != null) {
            nothingRuns.complete(null);
        }
        plan();
    }

    private static Outcome outcome(CompactionJob job, CompactionJob.State state) {
        return switch (state) {
            case DONE -> new Outcome(1, 0, job.bytesTotal(), job.bytesOut());
            case STOPPED -> new Outcome(0, 1, 0, 0);
            case RUNNING, FAILED -> Outcome.NOTHING;
        };
    }

    private long wallMicros() {
        return environment.wallMicros().getAsLong();
    }

    // ---- From operators

    @Override
    public CompletableFuture<Outcome> major(TableStore table, boolean splitOutput) {
        return ask(Kind.MAJOR, table, state -> planMaker.major(state, splitOutput));
    }

    @Override
    public CompletableFuture<Outcome> userDefined(TableStore table, Collection<SSTable> files) {
        List<SSTable> wanted = List.copyOf(files);
        List<SSTable> present = table.sstables();
        for (SSTable file : wanted) {
            if (!present.contains(file)) {
                throw new IllegalArgumentException(file + " is not in table " + table);
            }
            if (file.isDamaged()) {
                throw new IllegalArgumentException(file + " is damaged");
            }
        }
        return ask(Kind.USER_DEFINED, table, state -> planMaker.userDefined(state, wanted));
    }

    @Override
    public CompletableFuture<Outcome> garbageCollect(TableStore table, Garbage garbage) {
        Overlapping overlapping =
                switch (garbage) {
                    case ROW -> Overlapping.ROW;
                    case CELL -> Overlapping.CELL;
                };
        return ask(
                Kind.GARBAGE_COLLECT,
                table,
                state -> planMaker.oneByOne(state, Kind.GARBAGE_COLLECT, overlapping));
    }

    @Override
    public CompletableFuture<Outcome> cleanup(TableStore table) {
        return ask(Kind.CLEANUP, table, planMaker::cleanup);
    }

    private CompletableFuture<Outcome> ask(
            Kind kind, TableStore store, Function<TableState, List<Plan>> prepare) {
        Asked added;
        synchronized (this) {
            TableState table = tables.get(store.name().id());
            if (table == null || closed) {
                throw new IllegalStateException("Table " + store + " is not compacted");
            }
            added = new Asked(kind, table, prepare);
            asked.add(added);
        }
        plan();
        return added.done;
    }

    @Override
    public int stop(Kind kind) {
        int count;
        List<Asked> done;
        synchronized (this) {
            count = asked.cancel(kind);
            for (Running each : running.values()) {
                if (each.job().plan().kind() == kind) {
                    count++;
                    stop(each);
                }
            }
            done = asked.takeDone();
        }
        done.forEach(Asked::complete);
        return count;
    }

    @Override
    public synchronized boolean stop(UUID id) {
        Running found = running.get(id);
        if (found == null) {
            return false;
        }
        stop(found);
        return true;
    }

    @Override
    public synchronized List<Task> running() {
        return running.values().stream().map(each -> each.job().task()).toList();
    }

    @Override
    public synchronized Map<TableStore, Integer> pending() {
        Map<TableStore, Integer> pending = new LinkedHashMap<>();
        for (TableState table : tables.values()) {
            int count = Math.max(0, table.pending) + asked.waiting(table);
            if (count > 0) {
                pending.put(table.store, count);
            }
        }
        return pending;
    }

    @Override
    public List<Completed> history() {
        return records.history();
    }

    @Override
    public Totals totals() {
        return records.totals();
    }

    @Override
    public synchronized int throughputMiBPerSecond() {
        return throughput;
    }

    @Override
    public void setThroughputMiBPerSecond(int mebibytes) {
        if (mebibytes < 0) {
            throw new IllegalArgumentException("throughput is " + mebibytes + " MiB/s");
        }
        synchronized (this) {
            throughput = mebibytes;
            throttle.set(mebibytes * MIB);
            running.values().forEach(this::goOn);
        }
    }

    @Override
    public synchronized int concurrency() {
        return concurrency;
    }

    @Override
    public void setConcurrency(int compactions) {
        if (compactions < 1) {
            throw new IllegalArgumentException("%d compactions at a time".formatted(compactions));
        }
        synchronized (this) {
            concurrency = compactions;
        }
        plan();
    }

    @Override
    public synchronized boolean isEnabled() {
        return enabled;
    }

    @Override
    public void setEnabled(boolean wanted) {
        synchronized (this) {
            enabled = wanted;
        }
        plan();
    }

    @Override
    public synchronized boolean isEnabled(TableStore store) {
        TableState table = tables.get(store.name().id());
        return table != null && enabled && table.isEnabled();
    }

    @Override
    public void setEnabled(TableStore store, boolean wanted) {
        synchronized (this) {
            TableState table = tables.get(store.name().id());
            if (table == null) {
                throw new IllegalArgumentException("Table " + store + " is not compacted");
            }
            table.enabledByOperator = wanted;
            table.dirty = true;
        }
        plan();
    }
}
