package io.helenus.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real threads: appenders, and both agents on runners of their own.
class ConcurrentAppendTest {
    private static final int THREADS = 4;
    private static final int RECORDS = 5_000;

    @TempDir Path directory;

    @ParameterizedTest
    @EnumSource(SegmentKind.class)
    void recordsOfFourThreadsAreAllThereWholeAndInEachThreadsOrder(SegmentKind kind)
            throws Exception {
        CommitLogOptions options =
                LogHarness.options(directory, kind)
                        .withSegmentBytes(64 << 10)
                        .withSyncMode(SyncMode.GROUP)
                        .withGroupWindow(Duration.ofMillis(1));
        CountDownLatch allDurable = new CountDownLatch(THREADS);
        try (LogHarness harness = new LogHarness(options, new CrashingFiles());
                LogAgentRunner sync =
                        LogAgentRunner.start(
                                harness.log.syncAgent(), System::nanoTime, Thread::new);
                LogAgentRunner prepare =
                        LogAgentRunner.start(
                                harness.log.prepareAgent(), System::nanoTime, Thread::new);
                ExecutorService appenders = Executors.newFixedThreadPool(THREADS)) {
            assertThat(List.of(sync, prepare)).doesNotContainNull();
            List<Future<?>> done = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int id = thread;
                done.add(appenders.submit(() -> append(harness.log, id, allDurable)));
            }
            for (Future<?> future : done) {
                future.get();
            }
            allDurable.await();
            assertThat(harness.failures).isEmpty();
            assertThat(harness.prepareFailures).isEmpty();
        }
        assertAllThere();
    }

    private static @Nullable Void append(CommitLog log, int thread, CountDownLatch allDurable)
            throws InterruptedException {
        long last = 0;
        for (int number = 0; number < RECORDS; number++) {
            byte[] bytes = new byte[8 + number % 300];
            Arrays.fill(bytes, (byte) number);
            ByteBuffer.wrap(bytes).putInt(thread).putInt(number);
            long position = 0;
            while (position == 0) {
                try {
                    position = log.append(thread, 0, bytes, 0, bytes.length);
                } catch (CommitLogBusyException e) {
                    Semaphore room = new Semaphore(0);
                    log.whenMayAppend(bytes.length, room::release);
                    room.acquire();
                }
            }
            assertThat(position).isGreaterThan(last);
            last = position;
        }
        log.whenDurable(
                last,
                new DurabilityCallback() {
                    @Override
                    public void onDurable(long position) {
                        allDurable.countDown();
                    }

                    @Override
                    public void onFailure(long position, CommitLogException failure) {
                        allDurable.countDown(); // the listener has heard why
                    }
                });
        return null;
    }

    private void assertAllThere() throws IOException {
        int[] next = new int[THREADS];
        new CommitLogReplay(new NioLogFiles(), ReplayOptions.DEFAULT)
                .run(
                        directory,
                        record -> {
                            ByteBuffer bytes =
                                    ByteBuffer.wrap(
                                            record.array(), record.offset(0), record.length(0));
                            int thread = bytes.getInt();
                            int number = bytes.getInt();
                            assertThat(thread).isEqualTo((int) record.tableIdHigh(0));
                            assertThat(number).isEqualTo(next[thread]++);
                            assertThat(record.length(0)).isEqualTo(8 + number % 300);
                            while (bytes.hasRemaining()) {
                                assertThat(bytes.get()).isEqualTo((byte) number);
                            }
                        });
        assertThat(next).containsOnly(RECORDS);
    }
}
