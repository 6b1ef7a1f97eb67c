package io.helenus.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DurabilityTest {
    private static final byte[] BYTES = new byte[100];

    @TempDir Path directory;
    private final CrashingFiles files = new CrashingFiles();

    private LogHarness open(SyncMode mode) throws IOException {
        return new LogHarness(
                LogHarness.options(directory, SegmentKind.CHANNEL)
                        .withSyncMode(mode)
                        .withGroupWindow(Duration.ofMillis(10)),
                files);
    }

    @Test
    void periodicForcesOncePerPeriodAndOnlyIfSomethingWasAppended() throws IOException {
        try (LogHarness harness = open(SyncMode.PERIODIC)) {
            assertThat(harness.log.acknowledgesAfterForce()).isFalse();
            int before = files.forces();
            harness.pass(Duration.ofSeconds(25));
            harness.work();
            assertThat(files.forces()).isEqualTo(before);

            long first = harness.append(1, BYTES);
            harness.work();
            assertThat(harness.log.isDurable(first)).isTrue(); // the last force is long ago
            long second = harness.append(1, BYTES);
            harness.pass(Duration.ofMillis(9_999));
            harness.work();
            assertThat(harness.log.isDurable(second)).isFalse();
            harness.pass(Duration.ofMillis(1));
            harness.work();
            assertThat(harness.log.isDurable(second)).isTrue();
            assertThat(harness.log.durablePosition()).isEqualTo(second);
            assertThat(files.forces()).isEqualTo(before + 2);
        }
    }

    @Test
    void anAgentThatThrowsStopsTheLogAndNobodyWaitsForEver() throws Exception {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        CountDownLatch told = new CountDownLatch(1);
        try (LogHarness harness = open(SyncMode.GROUP)) {
            harness.log.whenDurable(
                    harness.append(1, BYTES),
                    new DurabilityCallback() {
                        @Override
                        public void onDurable(long position) {
                            throw new AssertionError("a bug");
                        }

                        @Override
                        public void onFailure(long position, CommitLogException failure) {
                            throw new AssertionError("it was durable", failure);
                        }
                    });
            harness.log.whenDurable(
                    harness.append(1, BYTES),
                    new DurabilityCallback() {
                        @Override
                        public void onDurable(long position) {
                            told.countDown();
                        }

                        @Override
                        public void onFailure(long position, CommitLogException failure) {
                            throw new AssertionError("it was durable", failure);
                        }
                    });
            ThreadFactory threads =
                    work -> {
                        Thread thread = new Thread(work);
                        thread.setUncaughtExceptionHandler((_, thrown) -> uncaught.add(thrown));
                        return thread;
                    };
            try (var _ =
                    LogAgentRunner.start(
                            harness.log.syncAgent(), () -> harness.nowNanos, threads)) {
                assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(uncaught).hasSize(1);
            assertThatThrownBy(() -> harness.append(1, BYTES))
                    .hasMessageContaining("sync agent failed");
        }
    }

    @Test
    void whoWaitsForRoomInAClosedLogIsTold() throws IOException {
        AtomicBoolean told = new AtomicBoolean();
        LogHarness harness = open(SyncMode.PERIODIC);
        harness.close();
        harness.log.whenMayAppend(100, () -> told.set(true));
        assertThat(told).isTrue();
    }

    @Test
    void groupForcesAtMostOncePerWindowAndTellsAllThatWaitInOrder() throws IOException {
        try (LogHarness harness = open(SyncMode.GROUP)) {
            int before = files.forces();
            long first = harness.append(1, BYTES);
            harness.hear(first);
            assertThat(harness.heard).isEmpty();
            harness.work();
            assertThat(harness.heard).containsExactly("durable " + first);
            harness.heard.clear();

            long second = harness.append(1, BYTES);
            long third = harness.append(1, BYTES);
            harness.hear(third);
            harness.hear(second);
            harness.work();
            assertThat(harness.heard).isEmpty();
            assertThat(harness.log.syncAgent().doWork(harness.nowNanos)).isEqualTo(10_000_000);
            harness.pass(Duration.ofMillis(10));
            harness.work();
            assertThat(harness.heard).containsExactly("durable " + second, "durable " + third);
            assertThat(files.forces()).isEqualTo(before + 2);

            harness.pass(Duration.ofMillis(10));
            harness.append(1, BYTES);
            harness.work();
            assertThat(files.forces()).isEqualTo(before + 2); // nobody waits
            harness.pass(Duration.ofSeconds(10));
            harness.work();
            assertThat(files.forces()).isEqualTo(before + 3);
        }
    }

    @Test
    void batchForcesAsSoonAsSomebodyWaits() throws IOException {
        try (LogHarness harness = open(SyncMode.BATCH)) {
            assertThat(harness.log.acknowledgesAfterForce()).isTrue();
            int before = files.forces();
            for (int i = 0; i < 3; i++) {
                long position = harness.append(1, BYTES);
                harness.hear(position);
                harness.work();
                assertThat(harness.heard.getLast()).isEqualTo("durable " + position);
            }
            assertThat(files.forces()).isEqualTo(before + 3);
        }
    }

    @Test
    void whatIsAppendedDuringAForceWaitsForTheNext() throws IOException {
        try (LogHarness harness = open(SyncMode.BATCH)) {
            harness.hear(harness.append(1, BYTES));
            List<Long> during = new ArrayList<>();
            files.duringForce(() -> {
                if (during.isEmpty()) {
                    during.add(harness.append(1, BYTES));
                    harness.hear(during.getFirst());
                    assertThat(harness.heard).isEmpty();
                }
            });
            harness.log.syncAgent().doWork(harness.nowNanos);

            assertThat(harness.heard).hasSize(1);
            assertThat(harness.log.isDurable(during.getFirst())).isFalse();
            harness.work();
            assertThat(harness.heard).hasSize(2);
        }
    }

    @Test
    void aPositionThatIsDurableAlreadyIsToldByTheAgentToo() throws IOException {
        try (LogHarness harness = open(SyncMode.BATCH)) {
            long position = harness.append(1, BYTES);
            harness.hear(position);
            harness.work();
            int before = files.forces();
            harness.hear(position);
            harness.work();
            assertThat(harness.heard).hasSize(2);
            assertThat(files.forces()).isEqualTo(before);
            assertThatThrownBy(() -> harness.hear(position + 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Nothing is appended at segment 1 offset");
        }
    }

    @Test
    void aForceOfSeveralSegmentsTellsInOrder() throws IOException {
        try (LogHarness harness = open(SyncMode.BATCH)) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                harness.log.prepareAgent().doWork(0);
                long position = harness.append(1, new byte[2000]);
                harness.hear(position);
                expected.add("durable " + position);
            }
            harness.work();
            assertThat(harness.heard).isEqualTo(expected);
        }
    }

    @Test
    void aPeriodicLogPushesBackWhenAForceTakesTooLong() throws IOException {
        LogHarness harness = open(SyncMode.PERIODIC);
        List<Boolean> may = new ArrayList<>();
        List<String> called = new ArrayList<>();
        harness.append(1, BYTES);
        harness.pass(Duration.ofSeconds(10));
        files.duringForce(() -> {
            if (may.isEmpty()) {
                may.add(harness.log.mayAppend(100));
                harness.pass(Duration.ofMillis(15_001));
                may.add(harness.log.mayAppend(100));
                harness.log.whenMayAppend(100, () -> called.add("go on"));
                harness.log.prepareAgent().doWork(harness.nowNanos);
                assertThat(called).isEmpty();
            }
        });
        harness.work();
        assertThat(may).containsExactly(true, false);
        assertThat(harness.log.mayAppend(100)).isTrue();
        assertThat(called).containsExactly("go on");
        harness.close();
    }

    @ParameterizedTest
    @EnumSource(SyncMode.class)
    void aFailedForceStopsTheLogAndFailsAllThatWait(SyncMode mode) throws IOException {
        try (LogHarness harness = open(mode)) {
            long durable = harness.append(1, BYTES);
            harness.hear(durable);
            harness.work();
            harness.pass(Duration.ofSeconds(10));
            long lost = harness.append(1, BYTES);
            harness.hear(lost);
            files.failForces(true);
            harness.work();

            String why = "Cannot force the commit log: Input/output error";
            assertThat(harness.heard)
                    .containsExactly("durable " + durable, "failed " + lost + " " + why);
            assertThat(harness.failures).singleElement().extracting("message").isEqualTo(why);
            assertThat(harness.log.isDurable(lost)).isFalse();
            files.failForces(false);
            harness.work(); // a second force that works must not be believed
            assertThat(harness.log.isDurable(lost)).isFalse();
            assertThatThrownBy(() -> harness.append(1, BYTES))
                    .isInstanceOf(CommitLogException.class)
                    .hasMessage("The commit log has failed: " + why);
            harness.hear(durable);
            harness.hear(lost);
            harness.work();
            assertThat(harness.heard).hasSize(4);
            assertThat(harness.heard.get(2)).isEqualTo("durable " + durable);
            assertThat(harness.heard.get(3)).startsWith("failed " + lost);
        }
    }

    @Test
    void aFailedWriteStopsTheLog() throws IOException {
        try (LogHarness harness = open(SyncMode.PERIODIC)) {
            harness.append(1, BYTES);
            files.limitWrites(10);
            assertThatThrownBy(() -> harness.append(1, BYTES))
                    .isInstanceOf(CommitLogException.class)
                    .hasMessageContaining("commitlog-0000000001.log")
                    .hasMessageContaining("No space left on device");
            files.limitWrites(Long.MAX_VALUE);
            assertThatThrownBy(() -> harness.append(1, BYTES))
                    .hasMessageStartingWith("The commit log has failed: Cannot write to");
            assertThat(harness.failures).hasSize(1);
        }
        assertThat(LogHarness.read(directory)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(SegmentKind.class)
    void aFullDiskRefusesAppendsAndHealsWhenThereIsSpace(SegmentKind kind) throws IOException {
        try (LogHarness harness = new LogHarness(LogHarness.options(directory, kind), files)) {
            harness.append(1, new byte[6000]);
            files.limitWrites(8000);
            harness.append(1, new byte[5000]);
            harness.work();
            assertThat(harness.prepareFailures).hasSize(1);
            harness.append(1, new byte[100]); // what is prepared can be used up
            assertThatThrownBy(() -> harness.append(1, new byte[3000]))
                    .isInstanceOf(CommitLogFullException.class)
                    .hasMessageContaining("No room for a record of 3028 bytes")
                    .hasMessageContaining("Cannot prepare a commit log segment")
                    .hasMessageContaining("No space left on device");
            assertThat(harness.failures).isEmpty();

            files.limitWrites(Long.MAX_VALUE);
            harness.work();
            assertThatThrownBy(() -> harness.append(1, new byte[3000]))
                    .isInstanceOf(CommitLogFullException.class);
            harness.pass(Duration.ofSeconds(1));
            harness.work();
            harness.append(1, new byte[3000]);
        }
        assertThat(LogHarness.read(directory)).hasSize(4);
    }

    @Test
    void aCallbackThatThrowsIsReportedAndStopsNothing() throws IOException {
        List<Throwable> uncaught = new ArrayList<>();
        Thread thread = Thread.currentThread();
        Thread.UncaughtExceptionHandler before = thread.getUncaughtExceptionHandler();
        thread.setUncaughtExceptionHandler((_, thrown) -> uncaught.add(thrown));
        try (LogHarness harness = open(SyncMode.BATCH)) {
            RuntimeException bug = new IllegalStateException("bug");
            long first = harness.append(1, BYTES);
            harness.log.whenDurable(
                    first,
                    new DurabilityCallback() {
                        @Override
                        public void onDurable(long position) {
                            throw bug;
                        }

                        @Override
                        public void onFailure(long position, CommitLogException failure) {
                            throw bug;
                        }
                    });
            long second = harness.append(1, BYTES);
            harness.hear(second);
            harness.work();
            assertThat(harness.heard).containsExactly("durable " + second);
            assertThat(uncaught).containsExactly(bug);
        } finally {
            thread.setUncaughtExceptionHandler(before);
        }
    }

    @Test
    void closingForcesAndTellsThoseWhoWait() throws IOException {
        LogHarness harness = open(SyncMode.GROUP);
        long position = harness.append(1, BYTES);
        harness.hear(position);
        harness.close();
        assertThat(harness.heard).containsExactly("durable " + position);
    }

    @Test
    void closingReportsAForceThatFails() throws IOException {
        LogHarness harness = open(SyncMode.GROUP);
        long position = harness.append(1, BYTES);
        harness.hear(position);
        files.failForces(true);
        assertThatThrownBy(harness::close).hasMessageContaining("Input/output error");
        assertThat(harness.heard).singleElement().asString().startsWith("failed " + position);
        harness.close();
    }

    @Test
    void agentsAreWokenByTheFirstWaiterAndByAFullSegment() throws IOException {
        try (LogHarness harness = open(SyncMode.GROUP)) {
            List<String> woken = new ArrayList<>();
            harness.work();
            harness.log.syncAgent().wakeWith(() -> woken.add("sync"));
            harness.log.prepareAgent().wakeWith(() -> woken.add("prepare"));
            long position = harness.append(1, BYTES);
            assertThat(woken).isEmpty();
            harness.hear(position);
            harness.hear(position);
            assertThat(woken).containsExactly("sync");
            woken.clear();
            harness.append(1, new byte[5000]);
            harness.append(1, new byte[5000]);
            assertThat(woken).containsExactly("prepare"); // a spare is wanted
            harness.log.prepareAgent().doWork(harness.nowNanos);
            woken.clear();
            harness.append(1, new byte[5000]);
            assertThat(woken).containsExactly("prepare", "sync");
        }
    }
}
