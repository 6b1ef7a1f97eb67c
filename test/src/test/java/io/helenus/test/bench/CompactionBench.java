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
import io.helenus.sstable.model.ByteWriter;
import io.helenus.sstable.model.RowCursor.Kind;
import io.helenus.sstable.model.RowKeys;
import io.helenus.sstable.model.RowWriter;
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
/// Rows are those of the load generator: a bigint, an int, and 100 random bytes. Modes: `overwrites`,
/// the same keys in all files, as the peer's `compaction.sh` has them; `rows`, other keys in each;
/// `tombstones`, as the former but half of the rows of each file deleted, and to be purged.
public final class CompactionBench {
    private static final int VALUE_BYTES = 100;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Path directory;
    private final int rows;
    private final int files;
    private final Random random = new Random(42);
    private final long[] tokens;

    private CompactionBench(Path directory, int rows, int files) {
        this.directory = directory;
        this.rows = rows;
        this.files = files;
        tokens = new long[rows];
        for (int i = 0; i < rows; i++) {
            tokens[i] = random.nextLong();
        }
        Arrays.sort(tokens);
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
        long cpu = cpuNanos();
        for (int i = 0; i < files; i++) {
            table.replace(List.of(), List.of(write(table, mode, i)));
        }
        double writing = (cpuNanos() - cpu) / NANOS_PER_SECOND;
        Queue<Runnable> work = new ArrayDeque<>();
        CompactionManager manager = manager(storage, work);
        manager.alter(table, settings());
        manager.setEnabled(false);
        long bytesIn = bytes(table);
        cpu = cpuNanos();
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
        long in = (long) rows * files;
        double mebibyte = 1 << 20;
        System.out.printf(
                Locale.ROOT,
                "{\"compaction\":\"%s\",\"files\":%d,\"in_mib\":%.0f,\"out_mib\":%.0f,"
                        + "\"rows_in\":%d,\"wall_s\":%.2f,\"cpu_s\":%.2f,\"in_mib_per_cpu_s\":%.0f,"
                        + "\"cpu_us_per_input_row\":%.3f,\"writing_cpu_us_per_row\":%.3f}%n",
                mode,
                files,
                bytesIn / mebibyte,
                bytes(table) / mebibyte,
                in,
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

    private SSTable write(TableStore table, String mode, int file) throws IOException {
        boolean overwrites = mode.equals("overwrites");
        byte[] noise = new byte[1 << 20];
        new Random(file).nextBytes(noise);
        ByteWriter key = new ByteWriter();
        ByteWriter value = new ByteWriter();
        ByteWriter partitionKey = new ByteWriter();
        RowWriter row = new RowWriter();
        try (SSTableDraft draft = table.newDraft(table.settings().sstable())) {
            for (int i = 0; i < rows; i++) {
                long token = overwrites ? tokens[i] : tokens[i] + file;
                partitionKey.clear().writeLong(overwrites ? i : (long) i * files + file);
                key.clear();
                RowKeys.writePartition(key, token, partitionKey.array(), 0, Long.BYTES);
                key.writeByte(RowKeys.TAG_VALUE).writeInt(Integer.MIN_VALUE);
                key.writeByte(RowKeys.ROW_END);
                value.clear();
                long timestamp = 1_000_000L + (long) file * rows + i;
                if (mode.equals("tombstones") && i % 2 == 0) {
                    row.beginDeletedRow(value, timestamp, 1_000).end();
                } else {
                    int at =
                            (int) ((i * 0x9E3779B97F4A7C15L) >>> 44) % (noise.length - VALUE_BYTES);
                    row.beginLiveRow(value, timestamp)
                            .cell(2, timestamp, noise, at, VALUE_BYTES)
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
        public void onNoRoom(TableStore table, long needed, long usable) {
            throw new IllegalStateException("no room");
        }

        @Override
        public void onHistoryFailure(Exception failure) {
            throw new IllegalStateException(failure);
        }
    }
}
