package io.helenus.test.bench.jmh;

import io.helenus.engine.storage.memtable.ChunkPool;
import io.helenus.engine.storage.memtable.Memtable;
import io.helenus.engine.storage.memtable.MemtableReaders;
import io.helenus.engine.storage.mutation.WriteCallback;
import java.util.Random;
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
import org.openjdk.jmh.annotations.Warmup;

/// Keys come in a random order. Chunks of memory go round, as in a node that flushes.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class MemtableBenchmark {
    private static final int ROWS = 200_000;
    private static final long CHUNKS_BYTES = 256L << 20;
    private static final WriteCallback UNEXPECTED =
            new WriteCallback() {
                @Override
                public void applied() {
                    throw new IllegalStateException("only one thread writes");
                }

                @Override
                public void failed(Throwable failure) {
                    throw new IllegalStateException(failure);
                }
            };

    private final ChunkPool chunks = new ChunkPool(CHUNKS_BYTES);
    private byte[][] mutations;
    private Memtable filling;
    private Memtable full;
    private int next;

    @Setup
    public void fill() {
        mutations = new BenchRows(ROWS).mutations(1);
        filling = empty();
        full = empty();
        for (byte[] mutation : mutations) {
            apply(full, mutation);
        }
    }

    private Memtable empty() {
        return new Memtable(new MemtableReaders(), chunks, _ -> {}, new Random(1));
    }

    private static boolean apply(Memtable memtable, byte[] mutation) {
        boolean entered = memtable.group().enter();
        return entered && memtable.apply(mutation, 0, mutation.length, UNEXPECTED);
    }

    private byte[] nextMutation() {
        next = next + 1 == mutations.length ? 0 : next + 1;
        return mutations[next];
    }

    /// Rows that the memtable, of up to 200,000, does not hold yet.
    @Benchmark
    public boolean insert() {
        byte[] mutation = nextMutation();
        if (next == 0) {
            filling.free();
            filling = empty();
        }
        return apply(filling, mutation);
    }

    /// Rows of a memtable with 200,000.
    @Benchmark
    public boolean overwrite() {
        return apply(full, nextMutation());
    }
}
