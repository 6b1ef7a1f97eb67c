package io.helenus.test.bench.jmh;

import io.helenus.sstable.cache.BlockCache;
import io.helenus.sstable.file.ReadMode;
import io.helenus.sstable.file.SSTableCursor;
import io.helenus.sstable.file.SSTableReader;
import io.helenus.sstable.model.MergeCursor;
import io.helenus.sstable.model.RowCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Walks over 200,000 rows: in one file, dealt out to four, or all of them in each of four. The merges
/// read cached blocks, so that they show what merging costs.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SSTableScanBenchmark {
    private static final int ROWS = 200_000;
    private static final int SOURCES = 4;
    private static final long CACHE_BYTES = 512L << 20;

    private final BlockCache cache = new BlockCache(CACHE_BYTES, Runnable::run);
    private final MergeCursor merge = new MergeCursor();
    private final RowCursor[] cursors = new RowCursor[SOURCES];
    private final List<SSTableReader> dealt = new ArrayList<>();
    private final List<SSTableReader> same = new ArrayList<>();
    private final SSTableCursor single = new SSTableCursor();
    private ScratchDirectory directory;

    @Setup
    public void write() throws IOException {
        BenchRows rows = new BenchRows(ROWS);
        if (rows.count() != ROWS) {
            throw new IllegalStateException("Two rows have the same token");
        }
        directory = new ScratchDirectory();
        for (int i = 0; i < SOURCES; i++) {
            dealt.add(rows.write(directory.resolve("d" + i + ".sst"), 1, i, SOURCES, cache));
            same.add(rows.write(directory.resolve("s" + i + ".sst"), i, 0, 1, cache));
            cursors[i] = new SSTableCursor();
        }
        merge(dealt);
        merge(same);
    }

    @TearDown
    public void close() throws IOException {
        dealt.forEach(SSTableReader::close);
        same.forEach(SSTableReader::close);
        directory.close();
    }

    private static int walk(RowCursor cursor) {
        int rows = 0;
        int bytes = 0;
        while (cursor.next() != RowCursor.Kind.END) {
            rows++;
            bytes += cursor.keyLength() + cursor.valueLength();
        }
        cursor.close();
        if (rows != ROWS) {
            throw new IllegalStateException("%d rows".formatted(rows));
        }
        return bytes;
    }

    private int merge(List<SSTableReader> readers) {
        for (int i = 0; i < SOURCES; i++) {
            SSTableCursor cursor = (SSTableCursor) cursors[i];
            cursors[i] = cursor.openAll(readers.get(i), false, ReadMode.FILL);
        }
        return walk(merge.open(cursors, SOURCES, false));
    }

    /// As compaction and full scans read: around the cache.
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int scan() {
        return walk(single.openAll(same.get(0), false, ReadMode.SCAN));
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int scanCached() {
        return walk(single.openAll(same.get(0), false, ReadMode.FILL));
    }

    /// Each row is in one of the four.
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int mergeOfFour() {
        return merge(dealt);
    }

    /// Each row is in all four, and the newest version wins.
    @Benchmark
    @OperationsPerInvocation(ROWS)
    public int mergeOfFourVersions() {
        return merge(same);
    }
}
