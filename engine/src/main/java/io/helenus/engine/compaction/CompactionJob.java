package io.helenus.engine.compaction;

import io.helenus.engine.compaction.TableCompaction.Overlapping;
import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.storage.TimestampsOutside;
import io.helenus.sstable.file.CorruptSSTableException;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.model.MergeCursor;
import io.helenus.sstable.model.PurgingCursor;
import io.helenus.sstable.model.RowCursor;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.ShadowedCursor;
import io.helenus.sstable.model.TokensCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One compaction: merges its files, purges, writes, and exchanges old files for new ones in one edit
/// of the manifest. Done in steps, so it can be throttled and stopped; steps may run on different
/// threads, one after the other. Its files have been reserved, which keeps them open.
final class CompactionJob {
    /// A step ends after so many bytes at most.
    private static final int BYTES_PER_STEP = 2 << 20;

    private static final int ITEMS_PER_LOOK = 16;

    /// All cursors of a merge together read that much ahead, and each at least a block or two.
    private static final int READ_AHEAD_BYTES_ALL = 8 << 20;

    private static final int READ_AHEAD_BYTES_MIN = 32 << 10;

    /// What is to be done.
    ///
    /// @param files that are read
    /// @param expired that are not
    /// @param owned only these tokens are kept; null for all
    record Plan(
            Compactions.Kind kind,
            List<SSTable> files,
            List<SSTable> expired,
            OutputCut cut,
            Overlapping overlapping,
            @Nullable List<OwnedTokens.Range> owned) {
        Plan {
            files = List.copyOf(files);
            expired = List.copyOf(expired);
        }

        List<SSTable> all() {
            List<SSTable> all = new ArrayList<>(files);
            all.addAll(expired);
            return all;
        }
    }

    enum State {
        RUNNING,
        DONE,
        STOPPED,
        FAILED
    }

    private final Consumer<List<SSTable>> finished;
    private final UUID id;
    private final TableStore table;
    private final TableCompaction settings;
    private final Plan plan;
    private final long startedAtMillis;
    private final long bytesTotal;
    private final AtomicBoolean paused = new AtomicBoolean();
    private volatile boolean stopped;
    private volatile long bytesDone;
    private volatile long bytesWritten;

    // Of the thread that runs a step.
    private State state = State.RUNNING;
    private @Nullable Exception failure;
    private @Nullable Work work;
    private List<SSTable> outputs = List.of();
    private long bytesPaid;
    private final long[] rowsBySources;

    /// What is open while it runs.
    private record Work(
            List<SSTableCursor> sources,
            MergeCursor merge,
            RowCursor top,
            TimestampsOutside outside,
            List<SSTable> shadowing,
            CompactionOutput output) {}

    /// @param finished told of the outputs before they come into the table
    CompactionJob(
            UUID id,
            TableStore table,
            TableCompaction settings,
            Plan plan,
            long startedAtMillis,
            Consumer<List<SSTable>> finished) {
        this.finished = finished;
        this.id = id;
        this.table = table;
        this.settings = settings;
        this.plan = plan;
        this.startedAtMillis = startedAtMillis;
        bytesTotal = plan.files().stream().mapToLong(file -> file.file().bytes()).sum();
        rowsBySources = new long[plan.files().size() + 1];
    }

    UUID id() {
        return id;
    }

    TableStore table() {
        return table;
    }

    TableCompaction settings() {
        return settings;
    }

    Plan plan() {
        return plan;
    }

    /// Has the next step end it.
    void stop() {
        stopped = true;
    }

    boolean isStopped() {
        return stopped;
    }

    /// Whether it has not done anything yet.
    boolean isNew() {
        return work == null && state == State.RUNNING;
    }

    /// Has the first step fail.
    void refuse(Exception reason) {
        failure = reason;
    }

    /// Whether it waits for the throttle; who sets it to false lets it go on.
    AtomicBoolean paused() {
        return paused;
    }

    long bytesTotal() {
        return bytesTotal;
    }

    /// Room on the disk that it may still take.
    long bytesAhead() {
        return Math.max(0, bytesTotal - bytesWritten);
    }

    long bytesOut() {
        return outputs.stream().mapToLong(file -> file.file().bytes()).sum();
    }

    List<SSTable> outputs() {
        return outputs;
    }

    @Nullable Exception failure() {
        return failure;
    }

    Compactions.Task task() {
        return new Compactions.Task(
                id,
                plan.kind(),
                table.name().keyspace(),
                table.name().table(),
                table.name().id(),
                plan.files().size() + plan.expired().size(),
                bytesDone,
                bytesTotal,
                table.directory().toString(),
                startedAtMillis);
    }

    /// How many rows of the result came from how many of the files.
    Map<Integer, Long> rowsMerged() {
        Map<Integer, Long> rows = new TreeMap<>();
        for (int i = 1; i < rowsBySources.length; i++) {
            if (rowsBySources[i] > 0) {
                rows.put(i, rowsBySources[i]);
            }
        }
        return rows;
    }

    /// What its history says of it beside the numbers.
    Map<String, String> properties() {
        Map<String, String> properties = new TreeMap<>();
        properties.put("compaction_type", plan.kind().text());
        if (!plan.expired().isEmpty()) {
            long bytes = plan.expired().stream().mapToLong(file -> file.file().bytes()).sum();
            properties.put("dropped_sstables", Integer.toString(plan.expired().size()));
            properties.put("dropped_bytes", Long.toString(bytes));
        }
        return properties;
    }

    /// Bytes read since this was asked last.
    long takeUnpaid() {
        long unpaid = bytesDone - bytesPaid;
        bytesPaid = bytesDone;
        return unpaid;
    }

    /// Does a part of the work.
    State step(long nowSeconds, int itemsPerStep) {
        try {
            if (failure != null) {
                state = State.FAILED;
            } else if (stopped || isTableGone()) { // whose files would stay on the disk for as long
                state = State.STOPPED;
            } else if (advance(nowSeconds, itemsPerStep)) {
                state = State.DONE;
            }
        } catch (Purge.StoppedException _) {
            state = State.STOPPED;
        } catch (CorruptSSTableException e) {
            table.engine().noteDamage(e);
            fail(e);
        } catch (IOException | RuntimeException e) {
            if (isTableGone()) {
                state = State.STOPPED; // truncated or dropped meanwhile
            } else {
                fail(e);
            }
        } catch (Error e) {
            fail(new IllegalStateException("Compaction met " + e, e));
        }
        if (state != State.RUNNING) {
            close();
        }
        return state;
    }

    private boolean isTableGone() {
        return table.isClosed() || !table.sstables().containsAll(plan.all());
    }

    private void fail(Exception e) {
        state = State.FAILED;
        failure = e;
    }

    /// @return whether all is done
    private boolean advance(long nowSeconds, int itemsPerStep) throws IOException {
        if (plan.files().isEmpty()) {
            table.replace(plan.expired(), List.of());
            return true;
        }
        Work open = work;
        if (open == null) {
            open = open(nowSeconds);
            work = open;
        }
        boolean ended = pump(open, itemsPerStep);
        bytesDone = Math.min(position(open), bytesTotal);
        bytesWritten = open.output().bytesWritten();
        if (!ended) {
            return false;
        }
        bytesDone = bytesTotal;
        outputs = open.output().finish();
        finished.accept(outputs);
        open.output().publish(plan.all());
        return true;
    }

    private static long position(Work open) {
        long position = 0;
        for (SSTableCursor source : open.sources()) {
            position += source.filePosition();
        }
        return position;
    }

    private boolean pump(Work open, int itemsPerStep) throws IOException {
        RowCursor top = open.top();
        MergeCursor merge = open.merge();
        CompactionOutput output = open.output();
        int bytes = 0;
        long readTo = position(open) + BYTES_PER_STEP;
        for (int left = itemsPerStep; left > 0 && bytes < BYTES_PER_STEP; left--) {
            if (left % ITEMS_PER_LOOK == 0 && position(open) > readTo) {
                return false; // most of it is left out
            }
            if (!top.nextWithin(itemsPerStep)) {
                return false; // nothing that stays for a whole step
            }
            Kind kind = top.kind();
            if (kind == Kind.END) {
                return true;
            }
            if (kind == Kind.ROW) {
                rowsBySources[merge.sourcesMerged()]++;
            }
            output.append(kind, top);
            bytes += top.keyLength() + top.valueLength();
        }
        return false;
    }

    private Work open(long nowSeconds) {
        List<SSTableCursor> sources = new ArrayList<>();
        MergeCursor merge = merge(plan.files(), sources);
        TimestampsOutside outside = new TimestampsOutside(table, plan.all());
        boolean repaired = repairedAt() > 0;
        Purge purge =
                new Purge(
                        settings,
                        nowSeconds,
                        repaired || !settings.onlyPurgeRepaired(),
                        outside,
                        () -> stopped);
        RowCursor top = merge;
        List<OwnedTokens.Range> owned = plan.owned();
        if (owned != null) {
            top =
                    new TokensCursor(
                            top,
                            owned.stream().mapToLong(range -> range.start() + 1).toArray(),
                            owned.stream().mapToLong(OwnedTokens.Range::end).toArray());
        }
        List<SSTable> shadowing = shadowing();
        if (!shadowing.isEmpty()) {
            top =
                    new ShadowedCursor(
                            top,
                            merge(shadowing, new ArrayList<>()),
                            plan.overlapping() == Overlapping.CELL);
        }
        CompactionOutput output =
                new CompactionOutput(
                        table, table.settings().sstable().withRepairedAt(repairedAt()), plan.cut());
        return new Work(sources, merge, new PurgingCursor(top, purge), outside, shadowing, output);
    }

    /// When repair vouched for all of it; 0 if it never did for some.
    private long repairedAt() {
        return plan.files().stream().mapToLong(file -> file.file().repairedAt()).min().orElse(0);
    }

    private static MergeCursor merge(List<SSTable> files, List<SSTableCursor> opened) {
        RowCursor[] cursors = new RowCursor[files.size()];
        int readAhead = Math.max(READ_AHEAD_BYTES_MIN, READ_AHEAD_BYTES_ALL / cursors.length);
        readAhead = Math.min(readAhead, SSTableCursor.READ_AHEAD_BYTES_MAX);
        for (int i = 0; i < cursors.length; i++) {
            SSTableCursor cursor = new SSTableCursor().readAhead(readAhead);
            cursors[i] = cursor.openAll(files.get(i).reader(), false, ReadMode.SCAN);
            opened.add(cursor);
        }
        return new MergeCursor().open(cursors, cursors.length, false);
    }

    /// Files outside of the compaction whose deletions it is to be relieved of.
    private List<SSTable> shadowing() {
        if (plan.overlapping() == Overlapping.NONE) {
            return List.of();
        }
        byte[] first = plan.files().getFirst().file().firstKey();
        byte[] last = plan.files().getFirst().file().lastKey();
        for (SSTable file : plan.files()) {
            byte[] otherFirst = file.file().firstKey();
            byte[] otherLast = file.file().lastKey();
            first = Arrays.compareUnsigned(otherFirst, first) < 0 ? otherFirst : first;
            last = Arrays.compareUnsigned(otherLast, last) > 0 ? otherLast : last;
        }
        List<SSTable> candidates = new ArrayList<>();
        for (SSTable file : table.sstables()) {
            boolean overlaps =
                    Arrays.compareUnsigned(file.file().firstKey(), last) <= 0
                            && Arrays.compareUnsigned(file.file().lastKey(), first) >= 0;
            if (!plan.all().contains(file)
                    && !file.isDamaged()
                    && overlaps
                    && (plan.overlapping() == Overlapping.CELL
                            || file.reader().metadata().hasDeletions())) {
                candidates.add(file);
            }
        }
        return table.retain(candidates);
    }

    private void close() {
        Work open = work;
        work = null;
        if (open == null) {
            return;
        }
        close(open.top()::close);
        close(open.outside()::close);
        close(() -> open.shadowing().forEach(SSTable::release));
        close(open.output()::close);
    }

    private interface Closing {
        void run() throws IOException;
    }

    /// Whatever becomes of it, the next part is closed, too.
    private void close(Closing part) {
        try {
            part.run();
        } catch (IOException | RuntimeException e) {
            Exception known = failure;
            if (known != null) {
                known.addSuppressed(e);
            } else if (state == State.FAILED) {
                failure = e;
            }
        }
    }
}
