package io.helenus.test.bench.jmh;

import io.helenus.commitlog.CommitLog;
import io.helenus.commitlog.CommitLogEnvironment;
import io.helenus.commitlog.CommitLogException;
import io.helenus.commitlog.CommitLogListener;
import io.helenus.commitlog.CommitLogOptions;
import io.helenus.commitlog.LogAgentRunner;
import io.helenus.commitlog.NioLogFiles;
import io.helenus.commitlog.ReplayOptions;
import io.helenus.commitlog.SegmentKind;
import io.helenus.commitlog.TableId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Appends in batches for which the log has room: no disk keeps up with a thread that does nothing
/// else, and waiting for it is not what is measured here. The agents run, as in a node.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class CommitLogBenchmark {
    private static final int BATCH = 5_000;
    private static final int ROWS = 10_000;
    private static final int ROOM_BYTES = BATCH * 256;
    private static final long TABLE_HIGH = 3;
    private static final long TABLE_LOW = 5;

    @Param({"MAPPED", "MEMORY_SEGMENT"})
    public SegmentKind kind;

    private byte[][] mutations;
    private ScratchDirectory directory;
    private CommitLog log;
    private LogAgentRunner preparer;
    private LogAgentRunner syncer;
    private int next;

    private static final class Listener implements CommitLogListener {
        @Override
        public void onFailure(CommitLogException failure) {
            throw failure;
        }

        @Override
        public void onPrepareFailure(CommitLogException failure) {
            throw failure;
        }

        @Override
        public void onArchiveFailure(Path segment, Exception failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onOverCapacity(long totalBytes, List<TableId> oldestDirtyTables) {}
    }

    @Setup
    public void open() throws IOException {
        mutations = new BenchRows(ROWS).mutations(1);
        directory = new ScratchDirectory();
        log =
                CommitLog.open(
                        CommitLogOptions.defaults(directory.resolve("log"))
                                .withSegmentKinds(kind, kind),
                        new CommitLogEnvironment(
                                new NioLogFiles(), System::nanoTime, () -> 0, new Listener()));
        var _ = log.replay(_ -> {}, ReplayOptions.DEFAULT);
        preparer = LogAgentRunner.start(log.prepareAgent(), System::nanoTime, Thread::new);
        syncer = LogAgentRunner.start(log.syncAgent(), System::nanoTime, Thread::new);
    }

    @Setup(Level.Invocation)
    public void makeRoom() {
        log.markClean(TABLE_HIGH, TABLE_LOW, log.position());
        while (!log.mayAppend(ROOM_BYTES)) {
            Thread.onSpinWait();
        }
    }

    @TearDown
    public void close() throws IOException {
        preparer.close();
        syncer.close();
        log.close();
        directory.close();
    }

    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long append() {
        long position = 0;
        int at = next;
        for (int i = 0; i < BATCH; i++) {
            byte[] mutation = mutations[at];
            position = log.append(TABLE_HIGH, TABLE_LOW, mutation, 0, mutation.length);
            at = at + 1 == ROWS ? 0 : at + 1;
        }
        next = at;
        return position;
    }
}
