package io.helenus.engine.storage;

import io.helenus.engine.compaction.CompactionEnvironment;
import io.helenus.engine.compaction.CompactionListener;
import io.helenus.engine.compaction.CompactionManager;
import io.helenus.engine.compaction.Compactions.Completed;
import io.helenus.engine.compaction.Compactions.Garbage;
import io.helenus.engine.compaction.Compactions.Task;
import io.helenus.engine.compaction.OwnedTokens;
import io.helenus.engine.compaction.StrategyOptions;
import io.helenus.engine.compaction.StrategyOptions.OverlapInclusion;
import io.helenus.engine.compaction.StrategyOptions.SizeTiered;
import io.helenus.engine.compaction.TableCompaction;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.model.RowCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// A table `t` of a [TestNode] and the node's compactions, in one thread: steps of compactions wait in
/// the node's queue.
final class CompactedTable implements AutoCloseable {
    static final int COLUMNS = 16;

    private record Timed(long atNanos, Runnable work) {}

    final SimulatedDisk disk;
    final TestNode node;
    final TableName name;
    final List<String> events = new ArrayList<>();
    private final PriorityQueue<Timed> timer =
            new PriorityQueue<>((a, b) -> Long.compare(a.atNanos(), b.atNanos()));
    private final AtomicLong ids = new AtomicLong();
    TableCompaction settings = settings(0);
    List<OwnedTokens.Range> owned = List.of(OwnedTokens.Range.ALL);

    /// The present, for expiry and grace.
    long nowSeconds = 1_000;

    int itemsPerStep = 3;
    int concurrency = 2;
    int throughputMiB;
    private @Nullable CompactionManager manager;

    CompactedTable(Random random) {
        this(random, TestNode.smallBlocks());
    }

    CompactedTable(Random random, TableSettings settings) {
        this(new SimulatedDisk(random), random, settings);
    }

    CompactedTable(SimulatedDisk disk, Random random, TableSettings settings) {
        this.disk = disk;
        node = new TestNode(disk, random);
        name = node.define("t", settings);
    }

    /// Has storage know the same time: how old a file is decides whether it is rewritten for its
    /// deletions.
    CompactedTable withOneClock() {
        node.wallMicros = () -> nowSeconds * 1_000_000;
        return this;
    }

    /// A strategy that compacts small tables often.
    static StrategyOptions eagerStrategy(Random random) {
        SizeTiered eager = new SizeTiered(2, 4, 50 << 20, 0.5, 1.5);
        return switch (random.nextInt(3)) {
            case 0 -> eager;
            case 1 -> new StrategyOptions.TimeWindow(3_000, 1_000, eager, random.nextInt(3), false);
            default ->
                    unified(
                            random.nextInt(-2, 3),
                            1 + random.nextInt(4),
                            2 + random.nextInt(8),
                            OverlapInclusion.values()[random.nextInt(3)],
                            1);
        };
    }

    /// Unified, with small files of any size cut.
    static StrategyOptions.Unified unified(
            int scaling,
            int shards,
            int maxFiles,
            OverlapInclusion overlaps,
            long expiredCheckSeconds) {
        return new StrategyOptions.Unified(
                List.of(scaling),
                1 << 20,
                shards,
                0,
                0,
                maxFiles,
                0,
                overlaps,
                expiredCheckSeconds,
                false);
    }

    /// Asks for a compaction of any kind, as an operator does.
    void askForAny(Random random) {
        switch (random.nextInt(4)) {
            case 0 -> {
                var _ = compactions().major(table(), random.nextBoolean());
            }
            case 1 -> {
                var _ =
                        compactions()
                                .garbageCollect(
                                        table(), random.nextBoolean() ? Garbage.ROW : Garbage.CELL);
            }
            case 2 -> {
                List<SSTable> some =
                        table().sstables().stream()
                                .filter(file -> random.nextBoolean() && !file.isDamaged())
                                .toList();
                var _ = compactions().userDefined(table(), some);
            }
            default -> {
                var _ = compactions().cleanup(table());
            }
        }
    }

    /// Strategy size tiered, columns 0 to 15.
    static TableCompaction settings(int gcGraceSeconds) {
        BitSet columns = new BitSet();
        columns.set(0, COLUMNS);
        return settings(gcGraceSeconds, columns);
    }

    static TableCompaction settings(int gcGraceSeconds, BitSet columns) {
        return new TableCompaction(
                SizeTiered.DEFAULT,
                true,
                TableCompaction.Tombstones.DEFAULT,
                gcGraceSeconds,
                false,
                TableCompaction.Overlapping.NONE,
                false,
                columns,
                true);
    }

    CompactedTable start() throws IOException {
        node.start();
        open();
        return this;
    }

    /// Makes the manager anew, after the node was started.
    void open() {
        timer.clear();
        CompactionManager made =
                new CompactionManager(
                        node.engine(),
                        disk,
                        new CompactionEnvironment(
                                node.executor::add,
                                (work, nanos) ->
                                        timer.add(new Timed(node.nanos.get() + nanos, work)),
                                node.nanos::get,
                                () -> nowSeconds * 1_000_000,
                                () -> new UUID(0x1000, ids.incrementAndGet()),
                                _ -> owned,
                                new Events(),
                                itemsPerStep),
                        concurrency,
                        throughputMiB);
        manager = made;
        made.alter(table(), settings);
        node.engine().onFilesChanged(made::filesChanged);
    }

    void restart() throws IOException {
        node.restart();
        open();
    }

    CompactionManager compactions() {
        CompactionManager opened = manager;
        if (opened == null) {
            throw new IllegalStateException("not started");
        }
        return opened;
    }

    TableStore table() {
        return node.table(name);
    }

    /// Flushes, and leaves compactions where they are.
    void flush() {
        var flushed = table().flush();
        while (!flushed.isDone()) {
            Runnable next = node.executor.poll();
            if (next == null) {
                throw new AssertionError("The flush does not end");
            }
            next.run();
        }
    }

    /// Truncates, and has all done that is to be done.
    void truncate() {
        var truncated = table().truncate();
        node.runExecutor();
        if (!truncated.isDone() || truncated.isCompletedExceptionally()) {
            throw new AssertionError("The truncation does not end well");
        }
    }

    /// Lets time pass until something is due, and has that done.
    ///
    /// @return false if nothing waits for a time
    boolean runTimer() {
        Timed next = timer.poll();
        if (next == null) {
            return false;
        }
        node.nanos.set(Math.max(node.nanos.get(), next.atNanos()));
        next.work().run();
        return true;
    }

    List<Long> generations() {
        return table().sstables().stream().map(SSTable::generation).sorted().toList();
    }

    /// What a read shows, dead cells and deletions included, by key in hexadecimal.
    Map<String, NaiveTable.Item> stored() {
        Map<String, NaiveTable.Item> items = new LinkedHashMap<>();
        try (ReadView view = table().read(node.context())) {
            byte[] start = {};
            RowCursor cursor = view.cursor(start, 0, 0, null, 0, 0, false, ReadMode.FILL);
            for (RowCursor.Kind kind = cursor.next();
                    kind != RowCursor.Kind.END;
                    kind = cursor.next()) {
                byte[] key =
                        Arrays.copyOfRange(
                                cursor.keyArray(),
                                cursor.keyOffset(),
                                cursor.keyOffset() + cursor.keyLength());
                String text = HexFormat.of().formatHex(key);
                if (kind == RowCursor.Kind.BOUNDARY) {
                    items.put(text, boundary(cursor));
                } else {
                    items.put(
                            text,
                            NaiveTable.decode(
                                    cursor.valueArray(),
                                    cursor.valueOffset(),
                                    cursor.valueLength()));
                }
            }
        }
        return items;
    }

    private static NaiveTable.Item boundary(RowCursor cursor) {
        return new NaiveTable.Item(
                RowCursor.Kind.BOUNDARY,
                null,
                new NaiveTable.Deletion(cursor.afterTimestamp(), cursor.afterDeletionTime()),
                Map.of(),
                null);
    }

    /// What of that a client sees now.
    Map<String, NaiveTable.Item> visible() {
        return visible(stored(), nowSeconds);
    }

    static Map<String, NaiveTable.Item> visible(
            Map<String, NaiveTable.Item> items, long nowSeconds) {
        Map<String, NaiveTable.Item> live = new LinkedHashMap<>();
        items.forEach((key, item) -> {
            NaiveTable.Item left = visible(item, nowSeconds);
            if (left != null) {
                live.put(key, left);
            }
        });
        return live;
    }

    private static NaiveTable.@Nullable Item visible(NaiveTable.Item item, long nowSeconds) {
        NaiveTable.Liveness liveness = item.liveness();
        if (liveness != null && liveness.expiring() && liveness.expiry() <= nowSeconds) {
            liveness = null;
        }
        Map<Integer, NaiveTable.Cell> cells = new LinkedHashMap<>();
        item.cells()
                .forEach((column, cell) -> {
                    if (isLive(cell, nowSeconds)) {
                        cells.put(column, cell);
                    }
                });
        NaiveTable.Cell element = item.element();
        boolean hasElement = element != null && isLive(element, nowSeconds);
        if (liveness == null && cells.isEmpty() && !hasElement) {
            return null;
        }
        return new NaiveTable.Item(
                item.kind(),
                liveness,
                NaiveTable.Deletion.NONE,
                cells,
                hasElement ? element : null);
    }

    private static boolean isLive(NaiveTable.Cell cell, long nowSeconds) {
        return !cell.tombstone() && (!cell.expiring() || cell.time() > nowSeconds);
    }

    @Override
    public void close() throws IOException {
        var ended = compactions().close();
        node.runExecutor();
        if (!ended.isDone()) {
            throw new AssertionError("Compactions do not end");
        }
        node.close();
    }

    private final class Events implements CompactionListener {
        @Override
        public void onStart(TableStore table, Task task, boolean verbose) {
            events.add("start " + task.kind());
        }

        @Override
        public void onCompleted(TableStore table, Completed completed, boolean verbose) {
            events.add("completed");
        }

        @Override
        public void onStopped(TableStore table, Task task) {
            events.add("stopped " + task.kind());
        }

        @Override
        public void onFailure(TableStore table, Task task, Exception failure) {
            events.add("failure " + failure);
        }

        @Override
        public void onPlanFailure(TableStore table, RuntimeException failure) {
            events.add("plan failure " + failure);
        }

        @Override
        public void onNoRoom(TableStore table, long needed, long usable) {
            events.add("no room");
        }

        @Override
        public void onHistoryFailure(Exception failure) {
            events.add("history failure " + failure);
        }
    }
}
