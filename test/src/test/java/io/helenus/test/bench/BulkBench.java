package io.helenus.test.bench;

import com.sun.management.OperatingSystemMXBean;
import io.helenus.engine.Helenus;
import io.helenus.engine.bulk.BulkSummary;
import io.helenus.engine.bulk.SSTableBulkWriter;
import io.helenus.gossip.ring.Murmur3Token;
import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ChannelFiles;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.file.SSTableVerifier;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Random;

/// What the bulk writer costs: `sorted|unsorted ROWS DIRECTORY MEMORY_MIB`. Prints one JSON line with
/// the CPU time of the whole process from the opening of the writer to its end, then reads the files
/// from end to end. As with the peer, its builder has been told everything before.
///
/// The rows are those of the peer's `bulk.sh`: a bigint that counts up, an int, 100 random bytes.
public final class BulkBench {
    private static final String TABLE =
            "CREATE TABLE bench.kv (pk bigint, ck int, v blob, PRIMARY KEY (pk, ck))";
    private static final String INSERT = "INSERT INTO bench.kv (pk, ck, v) VALUES (?, ?, ?)";
    private static final int VALUE_BYTES = 100;
    private static final int NOISE_SHIFT = 44;
    private static final double NANOS_PER_SECOND = 1e9;

    private BulkBench() {}

    public static void main(String[] arguments) throws IOException {
        boolean sorted = arguments[0].equals("sorted");
        int rows = Integer.parseInt(arguments[1]);
        Path directory = Path.of(arguments[2]);
        long memory = Long.parseLong(arguments[3]) << 20;
        byte[] noise = new byte[1 << 20];
        new Random(42).nextBytes(noise);
        long[] keys = sorted ? byToken(rows) : ascending(rows);
        SSTableBulkWriter.Builder builder =
                Helenus.bulkWriter()
                        .schema(TABLE)
                        .statement(INSERT)
                        .directory(directory)
                        .sorted(sorted)
                        .memoryBytes(memory);
        long cpu = cpuNanos();
        long wall = System.nanoTime();
        BulkSummary summary;
        try (SSTableBulkWriter writer = builder.open()) {
            for (long key : keys) {
                int at =
                        (int) ((key * 0x9E3779B97F4A7C15L) >>> NOISE_SHIFT)
                                % (noise.length - VALUE_BYTES);
                writer.addRow(key, 0, ByteBuffer.wrap(noise, at, VALUE_BYTES));
            }
            summary = writer.finish();
        }
        double seconds = (System.nanoTime() - wall) / NANOS_PER_SECOND;
        double used = (cpuNanos() - cpu) / NANOS_PER_SECOND;
        long read = verify(summary);
        System.out.printf(
                Locale.ROOT,
                "{\"mode\":\"%s\",\"rows\":%d,\"wall_s\":%.2f,\"cpu_s\":%.2f,\"rows_per_s\":%.0f,"
                        + "\"cpu_us_per_row\":%.3f,\"disk_mb\":%.1f,\"spilled_mb\":%.1f,"
                        + "\"sstables\":%d,\"rows_read_back\":%d}%n",
                arguments[0],
                rows,
                seconds,
                used,
                rows / seconds,
                used * 1e6 / rows,
                summary.bytes() / 1e6,
                summary.spilledBytes() / 1e6,
                summary.files().size(),
                read);
        if (read != rows) {
            throw new IllegalStateException("%d rows were read back".formatted(read));
        }
    }

    private static long[] ascending(int rows) {
        long[] keys = new long[rows];
        for (int i = 0; i < rows; i++) {
            keys[i] = i;
        }
        return keys;
    }

    private static long[] byToken(int rows) {
        record Pair(long token, long key) {}
        Pair[] pairs = new Pair[rows];
        for (int i = 0; i < rows; i++) {
            byte[] key = ByteBuffer.allocate(Long.BYTES).putLong(0, i).array();
            pairs[i] = new Pair(Murmur3Token.of(key, 0, key.length), i);
        }
        Arrays.sort(pairs, Comparator.comparingLong(Pair::token));
        return Arrays.stream(pairs).mapToLong(Pair::key).toArray();
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static long verify(BulkSummary summary) throws IOException {
        long rows = 0;
        for (BulkSummary.File file : summary.files()) {
            BlockCache cache = new BlockCache(8 << 20, Runnable::run);
            try (SSTableReader reader =
                    SSTableReader.open(new ChannelFiles(), file.path(), cache)) {
                var report = new SSTableVerifier(reader).verify();
                if (!report.damage().isEmpty()) {
                    throw new IllegalStateException(report.damage().toString());
                }
                rows += reader.metadata().rows();
            }
        }
        return rows;
    }
}
