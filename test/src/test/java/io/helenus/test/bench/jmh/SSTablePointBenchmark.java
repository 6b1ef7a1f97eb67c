package io.helenus.test.bench.jmh;

import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTablePoint;
import io.helenus.sstable.file.SSTableReader;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One SSTable of 200,000 rows. Keys come in a random order.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SSTablePointBenchmark {
    private static final int ROWS = 200_000;
    private static final long CACHE_BYTES = 256L << 20;

    private final SSTablePoint point = new SSTablePoint();
    private ScratchDirectory directory;
    private SSTableReader cached;
    private SSTableReader uncached;
    private byte[][] present;
    private byte[][] absent;
    private int next;

    @Setup
    public void write() throws IOException {
        BenchRows rows = new BenchRows(ROWS);
        present = rows.shuffledKeys();
        SplittableRandom random = new SplittableRandom(11);
        absent = new byte[ROWS][];
        for (int i = 0; i < ROWS; i++) {
            absent[i] = BenchRows.key(random.nextLong());
        }
        directory = new ScratchDirectory();
        BlockCache cache = new BlockCache(CACHE_BYTES, Runnable::run);
        cached = rows.write(directory.resolve("1.sst"), 1, 0, 1, cache);
        uncached =
                rows.write(directory.resolve("2.sst"), 1, 0, 1, new BlockCache(0, Runnable::run));
        for (byte[] key : present) {
            if (!point.seekExact(cached, key, 0, key.length, ReadMode.FILL)) {
                throw new IllegalStateException("A row is missing");
            }
        }
    }

    @TearDown
    public void close() throws IOException {
        point.clear();
        cached.close();
        uncached.close();
        directory.close();
    }

    private byte[] nextOf(byte[][] keys) {
        next = next + 1 == keys.length ? 0 : next + 1;
        return keys[next];
    }

    /// Found, and all blocks are cached.
    @Benchmark
    public boolean hit() {
        byte[] key = nextOf(present);
        return point.seekExact(cached, key, 0, key.length, ReadMode.CACHED);
    }

    /// Not in the file; 99 of 100 end at the bloom filter.
    @Benchmark
    public boolean absent() {
        byte[] key = nextOf(absent);
        return point.seekExact(cached, key, 0, key.length, ReadMode.CACHED);
    }

    /// Found, but filter, index page and block are read from the file, which the system caches, and
    /// are unpacked and checked.
    @Benchmark
    public boolean cacheMiss() {
        byte[] key = nextOf(present);
        return point.seekExact(uncached, key, 0, key.length, ReadMode.FILL);
    }
}
