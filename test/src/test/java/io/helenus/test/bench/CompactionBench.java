package io.helenus.test.bench;

import com.sun.management.OperatingSystemMXBean;
import io.helenus.engine.compaction.CompactionEnvironment;
import io.helenus.engine.compaction.CompactionListener;
import io.helenus.engine.compaction.CompactionManager;
import io.helenus.engine.compaction.Compactions.Completed;
import io.helenus.engine.compaction.Compactions.Task;
import io.helenus.engine.compaction.OwnedTokens;
import io.helenus.engine.compaction.StrategyOptions.SizeTiered;
import io.helenus.engine.compaction.TableCompaction;
import io.helenus.engine.storage.SSTable;
import io.helenus.engine.storage.SSTableDraft;
import io.helenus.engine.storage.StorageEngine;
import io.helenus.engine.storage.StorageEnvironment;
import io.helenus.engine.storage.StorageListener;
import io.helenus.engine.storage.StorageOptions;
import io.helenus.engine.storage.TableName;
import io.helenus.engine.storage.TableSettings;
import io.helenus.engine.storage.TableStore;
import io.helenus.engine.storage.files.NioStorageFiles;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowView;
import io.helenus.sstable.model.RowWriter;
import io.helenus.test.bench.CompactionRows.Shape;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;

/// Major compaction of a table without a node around it, in one thread: `DIRECTORY ROWS_PER_FILE
/// FILES MODE...`. Prints one JSON line for each mode, with the CPU time of the whole process, compiler
/// and collector included.
///
/// Modes are the shapes of [CompactionRows]. What a compaction left is read, and every row compared with
/// what was written.
public final class CompactionBench {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final int COLUMN = 2;

    private final Path directory;
    private final int rows;
    private final int files;
    private final Random random = new Random(42);

    private CompactionBench(Path directory, int rows, int files) {
        this.directory = directory;
        this.rows = rows;
        this.files = files;
    }

    public static void main(String[] arguments) throws IOException {
        CompactionBench bench =
                new CompactionBench(
                        Path.of(arguments[0]),
                        Integer.parseInt(arguments[1]),
                        Integer.parseInt(arguments[2]));
        for (int i = 3; i < arguments.length; i++) {
            bench.run(arguments[i], i);
        }
    }

    private void run(String mode, int number) throws IOException {
        Shape shape = CompactionRows.shape(mode);
        StorageEngine storage =
                new StorageEngine(
                        new StorageOptions(directory.resolve("data" + number), 1 << 20),
                        new StorageEnvironment(
                                new NioStorageFiles(),
                                System::nanoTime,
                                () -> System.currentTimeMillis() * 1_000,
                                Runnable::run,
                                random,
                                new SilentStorage()),
                        new BlockCache(1 << 20, Runnable::run));
        TableStore table =
                storage.openTable(
                        new TableName(new UUID(1, number), "bench", mode),
                        TableSettings.defaults());
        double writing = 0;
        for (int i = 0; i < files; i++) {
            CompactionRows content = new CompactionRows(shape, rows, files, i);
            long[] keys = content.keys();
            long begun = cpuNanos();
            table.replace(List.of(), List.of(write(table, content, keys)));
            writing += (cpuNanos() - begun) / NANOS_PER_SECOND;
        }
        Queue<Runnable> work = new ArrayDeque<>();
        CompactionManager manager = manager(storage, work);
        manager.alter(table, settings());
        manager.setEnabled(false);
        long bytesIn = bytes(table);
        long cpu = cpuNanos();
        long wall = System.nanoTime();
        var done = manager.major(table, false);
        while (!work.isEmpty()) {
            work.remove().run();
        }
        double seconds = (System.nanoTime() - wall) / NANOS_PER_SECOND;
        double used = (cpuNanos() - cpu) / NANOS_PER_SECOND;
        if (!done.isDone() || done.isCompletedExceptionally()) {
            throw new IllegalStateException("The compaction failed: " + done);
        }
        check(shape, table);
        long in = (long) rows * files;
        double mebibyte = 1 << 20;
        System.out.printf(
                Locale.ROOT,
                "{\"server\":\"helenus\",\"compaction\":\"%s\",\"files\":%d,\"in_mib\":%.0f,"
                        + "\"out_mib\":%.0f,\"rows_in\":%d,\"rows_out\":%d,\"wall_s\":%.2f,\"cpu_s\":%.2f,\"in_mib_per_cpu_s\":%.0f,"
                        + "\"cpu_us_per_input_row\":%.3f,\"writing_cpu_us_per_row\":%.3f}%n",
                mode,
                files,
                bytesIn / mebibyte,
                bytes(table) / mebibyte,
                in,
                CompactionRows.rowsLeft(shape, rows, files),
                seconds,
                used,
                bytesIn / mebibyte / used,
                used * 1e6 / in,
                writing * 1e6 / in);
        storage.close();
    }

    private static long bytes(TableStore table) {
        return table.sstables().stream().mapToLong(file -> file.file().bytes()).sum();
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static SSTable write(TableStore table, CompactionRows rows, long[] keys)
            throws IOException {
        byte[] noise = rows.noise();
        ByteWriter key = new ByteWriter();
        ByteWriter value = new ByteWriter();
        RowWriter row = new RowWriter();
        try (SSTableDraft draft = table.newDraft(table.settings().sstable())) {
            for (long number : keys) {
                writeKey(key, number);
                value.clear();
                long timestamp = rows.timestamp(number);
                if (rows.isDeleted(number)) {
                    row.beginDeletedRow(value, timestamp, CompactionRows.DELETED_AT_SECONDS).end();
                } else {
                    row.beginLiveRow(value, timestamp)
                            .cell(
                                    COLUMN,
                                    timestamp,
                                    noise,
                                    rows.valueAt(number),
                                    CompactionRows.VALUE_BYTES)
                            .end();
                }
                draft.writer()
                        .append(
                                Kind.ROW,
                                key.array(),
                                0,
                                key.length(),
                                value.array(),
                                0,
                                value.length());
            }
            return draft.finish(0);
        }
    }

    private static void writeKey(ByteWriter key, long number) {
        byte[] partition = new ByteWriter(Long.BYTES).writeLong(number).toArray();
        key.clear();
        RowKeys.writePartition(key, CompactionRows.token(number), partition, 0, partition.length);
        key.writeByte(RowKeys.TAG_VALUE).writeInt(Integer.MIN_VALUE);
        key.writeByte(RowKeys.ROW_END);
    }

    /// Reads the table and compares each row.
    private void check(Shape shape, TableStore table) {
        CompactionRows[] written = new CompactionRows[files];
        for (int i = 0; i < files; i++) {
            written[i] = new CompactionRows(shape, rows, files, i);
        }
        if (table.sstables().size() != 1) {
            throw new IllegalStateException("Files left: " + table.sstables());
        }
        ByteWriter key = new ByteWriter();
        RowView row = new RowView();
        long count = 0;
        SSTableCursor cursor = new SSTableCursor();
        cursor.openAll(table.sstables().getFirst().reader(), false, ReadMode.SCAN);
        for (Kind kind = cursor.next(); kind != Kind.END; kind = cursor.next()) {
            byte[] array = cursor.keyArray();
            long number =
                    ByteWriter.getLong(array, cursor.keyOffset() + RowKeys.PARTITION_KEY_OFFSET);
            writeKey(key, number);
            CompactionRows from = written[CompactionRows.lastFile(shape, files, number)];
            row.wrap(cursor.valueArray(), cursor.valueOffset(), cursor.valueLength());
            boolean isSame =
                    kind == Kind.ROW
                            && !from.isDeleted(number)
                            && RowKeys.compare(
                                            array,
                                            cursor.keyOffset(),
                                            cursor.keyLength(),
                                            key.array(),
                                            0,
                                            key.length())
                                    == 0
                            && row.hasLiveness()
                            && row.timestamp() == from.timestamp(number)
                            && row.cellCount() == 1
                            && row.nextCell()
                            && isValue(row, from, number);
            if (!isSame) {
                throw new IllegalStateException("Row %d is not as written".formatted(number));
            }
            count++;
        }
        cursor.close();
        long expected = CompactionRows.rowsLeft(shape, rows, files);
        if (count != expected) {
            throw new IllegalStateException(
                    "%d rows are left, expected %d".formatted(count, expected));
        }
    }

    private static boolean isValue(RowView row, CompactionRows from, long number) {
        int at = from.valueAt(number);
        int start = row.cell().valueOffset();
        return row.cell().columnId() == COLUMN
                && row.cell().timestamp() == from.timestamp(number)
                && Arrays.equals(
                        row.array(),
                        start,
                        start + row.cell().valueLength(),
                        from.noise(),
                        at,
                        at + CompactionRows.VALUE_BYTES);
    }

    private static TableCompaction settings() {
        BitSet columns = new BitSet();
        columns.set(0, 3);
        return new TableCompaction(
                SizeTiered.DEFAULT,
                true,
                TableCompaction.Tombstones.DEFAULT,
                0,
                false,
                TableCompaction.Overlapping.NONE,
                false,
                columns,
                false);
    }

    private static CompactionManager manager(StorageEngine storage, Queue<Runnable> work) {
        return new CompactionManager(
                storage,
                new NioStorageFiles(),
                new CompactionEnvironment(
                        work::add,
                        (later, _) -> work.add(later),
                        System::nanoTime,
                        () -> System.currentTimeMillis() * 1_000,
                        UUID::randomUUID,
                        _ -> List.of(OwnedTokens.Range.ALL),
                        new LoudCompactions(),
                        CompactionEnvironment.ITEMS_PER_STEP),
                1,
                0);
    }

    /// Fails on what must not happen.
    private static final class SilentStorage implements StorageListener {
        @Override
        public void onUnknownFile(TableStore table, Path movedTo) {
            throw new IllegalStateException(movedTo.toString());
        }

        @Override
        public void onDamage(TableStore table, Path file, RuntimeException damage) {
            throw new IllegalStateException(damage);
        }

        @Override
        public void onFlushFailure(TableStore table, Exception failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onDeleteFailure(TableStore table, Path file, Exception failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onBackupFailure(TableStore table, Path file, Exception failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onSkippedRecord(TableStore table, RuntimeException wrong) {
            throw new IllegalStateException(wrong);
        }

        @Override
        public void onCommitLogDelay(RuntimeException failure) {
            throw failure;
        }

        @Override
        public void onCommitLogFailure(RuntimeException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static final class LoudCompactions implements CompactionListener {
        @Override
        public void onStart(TableStore table, Task task, boolean verbose) {}

        @Override
        public void onCompleted(TableStore table, Completed completed, boolean verbose) {}

        @Override
        public void onStopped(TableStore table, Task task) {
            throw new IllegalStateException("stopped");
        }

        @Override
        public void onFailure(TableStore table, Task task, Exception failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onPlanFailure(TableStore table, RuntimeException failure) {
            throw failure;
        }

        @Override
        public void onNoRoom(TableStore table, long needed, long usable) {
            throw new IllegalStateException("no room");
        }

        @Override
        public void onHistoryFailure(Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
