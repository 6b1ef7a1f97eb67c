package io.helenus.commitlog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.commitlog.LogHarness.Part;
import io.helenus.commitlog.LogHarness.Replayed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CommitLogTest {
    private static final NioLogFiles FILES = new NioLogFiles();

    @TempDir Path directory;

    private LogHarness open(SegmentKind kind) throws IOException {
        return new LogHarness(LogHarness.options(directory, kind), FILES);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static List<String> texts(List<Replayed> records) {
        List<String> texts = new ArrayList<>();
        for (Replayed record : records) {
            StringBuilder text = new StringBuilder();
            for (Part part : record.parts()) {
                text.append(part.high()).append('/').append(part.low()).append(':');
                part.bytes().forEach(b -> text.append((char) (byte) b));
                text.append(' ');
            }
            texts.add(text.toString().strip());
        }
        return texts;
    }

    @ParameterizedTest
    @EnumSource(SegmentKind.class)
    void whatWasAppendedIsReplayedInOrderWithItsPositions(SegmentKind kind) throws IOException {
        List<Long> positions = new ArrayList<>();
        try (LogHarness harness = open(kind)) {
            positions.add(harness.log.append(1, 2, bytes("xhellox"), 1, 5));
            positions.add(harness.log.append(3, -4, bytes(""), 0, 0));
            RecordParts parts = new RecordParts();
            parts.add(1, 1, bytes("a"), 0, 1)
                    .add(2, 2, bytes("bc"), 0, 2)
                    .add(3, 3, bytes(""), 0, 0);
            positions.add(harness.log.append(parts));
            assertThat(harness.log.position()).isEqualTo(positions.getLast());
        }

        List<Replayed> replayed = LogHarness.read(directory);

        assertThat(texts(replayed)).containsExactly("1/2:hello", "3/-4:", "1/1:a 2/2:bc 3/3:");
        assertThat(replayed.stream().map(Replayed::position)).isEqualTo(positions);
        assertThat(positions).isSorted();
    }

    @ParameterizedTest
    @EnumSource(SegmentKind.class)
    void aLogGoesOnInNewSegmentsAndAfterARestart(SegmentKind kind) throws IOException {
        List<Long> positions = new ArrayList<>();
        try (LogHarness harness = open(kind)) {
            for (int i = 0; i < 100; i++) {
                harness.work();
                positions.add(harness.append(i, new byte[1000]));
            }
            assertThat(LogPosition.segmentId(positions.getLast())).isGreaterThan(8);
        }
        try (LogHarness harness = open(kind)) {
            assertThat(harness.replay().stream().map(Replayed::position)).isEqualTo(positions);
            positions.add(harness.append(7, bytes("after")));
            assertThat(positions).isSorted().doesNotHaveDuplicates();
        }
        assertThat(LogHarness.read(directory).stream().map(Replayed::position))
                .isEqualTo(positions);
    }

    @ParameterizedTest
    @EnumSource(SegmentKind.class)
    void aRecordThatNeverFitsIsRefusedBySizeAndLimit(SegmentKind kind) throws IOException {
        try (LogHarness harness = open(kind)) {
            int largest = (16384 - 4096) / 2 - 28;
            harness.append(1, new byte[largest]);

            assertThatThrownBy(() -> harness.append(1, new byte[largest + 1]))
                    .isInstanceOf(RecordTooLargeException.class)
                    .hasMessage("Commit log record is 6145 bytes, limit is 6144 (half a segment)");
            assertThatThrownBy(() -> harness.log.append(new RecordParts()))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no parts");
            assertThatThrownBy(() -> harness.log.append(1, 1, new byte[3], 2, 2))
                    .isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThat(LogHarness.read(directory)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(SegmentKind.class)
    void withoutAPreparedSegmentAppendsAreRefusedUntilThereIsOne(SegmentKind kind)
            throws IOException {
        try (LogHarness harness = open(kind)) {
            harness.append(1, new byte[6000]);
            harness.append(1, new byte[6000]);
            assertThat(harness.log.mayAppend(6000)).isFalse();
            assertThatThrownBy(() -> harness.append(1, new byte[6000]))
                    .isInstanceOf(CommitLogBusyException.class);
            List<String> called = new ArrayList<>();
            harness.log.whenMayAppend(6000, () -> called.add("may append"));
            assertThat(called).isEmpty();

            harness.work();

            assertThat(called).containsExactly("may append");
            assertThat(harness.log.mayAppend(6000)).isTrue();
            assertThat(LogPosition.segmentId(harness.append(1, new byte[6000]))).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(SegmentKind.class)
    void aLargeSegmentGrowsReadyAsItIsNeeded(SegmentKind kind) throws IOException {
        CommitLogOptions options = LogHarness.options(directory, kind).withSegmentBytes(8 << 20);
        List<Integer> lengths = List.of(100_000, 3_000_000, 1_000_000, 4_000_000, 100, 4_100_000);
        try (LogHarness harness = new LogHarness(options, FILES)) {
            for (int length : lengths) {
                while (!harness.log.mayAppend(length)) {
                    harness.log.whenMayAppend(length, () -> {});
                    harness.work();
                }
                byte[] bytes = new byte[length];
                bytes[length - 1] = 1;
                harness.append(1, bytes);
            }
        }
        List<Integer> replayed = new ArrayList<>();
        new CommitLogReplay(FILES, ReplayOptions.DEFAULT)
                .run(directory, record -> replayed.add(record.length(0)));
        assertThat(replayed).isEqualTo(lengths);
    }

    @Test
    void aFreshLogTouchesLittleOfTheDisk() throws IOException {
        CommitLogOptions options =
                LogHarness.options(directory, SegmentKind.MEMORY_SEGMENT)
                        .withSegmentBytes(32 << 20);
        CrashingFiles files = new CrashingFiles();
        files.limitWrites(512 << 10);
        try (LogHarness harness = new LogHarness(options, files)) {
            harness.append(1, new byte[100_000]);
        }
    }

    @ParameterizedTest
    @EnumSource(SegmentKind.class)
    void aClosedLogSaysSo(SegmentKind kind) throws IOException {
        LogHarness harness = open(kind);
        harness.append(1, bytes("a"));
        harness.close();
        harness.close();

        assertThat(harness.log.mayAppend()).isTrue(); // so that somebody hears this:
        assertThatThrownBy(() -> harness.append(1, bytes("b")))
                .isInstanceOf(CommitLogException.class)
                .hasMessage("The commit log is closed");
        harness.hear(harness.log.position() - 1);
        assertThat(harness.heard).singleElement().asString().endsWith("The commit log is closed");
        assertThat(harness.log.syncAgent().doWork(harness.nowNanos))
                .isEqualTo(LogAgent.UNTIL_WOKEN);
        assertThat(harness.log.prepareAgent().doWork(harness.nowNanos))
                .isEqualTo(LogAgent.UNTIL_WOKEN);
    }

    @Test
    void idsGoOnAfterWhatTheCallerRemembers() throws IOException {
        CommitLogOptions options =
                LogHarness.options(directory, SegmentKind.CHANNEL)
                        .withStartAfter(LogPosition.of(41, 5000));
        try (LogHarness harness = new LogHarness(options, FILES)) {
            assertThat(LogPosition.segmentId(harness.append(1, bytes("a")))).isEqualTo(42);
        }
    }

    @Test
    void anEmptyDirectoryStartsAtTheSecondsSince2024() throws IOException {
        CommitLogEnvironment environment =
                new CommitLogEnvironment(
                        FILES,
                        System::nanoTime,
                        () -> 1_704_067_200_000_000L + 3_600_000_000L,
                        new LogHarness(
                                LogHarness.options(directory.resolve("other"), SegmentKind.CHANNEL),
                                FILES));
        try (CommitLog log =
                CommitLog.open(
                        LogHarness.options(directory.resolve("log"), SegmentKind.CHANNEL),
                        environment)) {
            assertThat(LogPosition.segmentId(log.position())).isEqualTo(3601);
        }
    }

    @Test
    void restartsWithoutWritesLeaveNoFilesBehind() throws IOException {
        for (int i = 0; i < 5; i++) {
            try (LogHarness harness = open(SegmentKind.CHANNEL)) {
                harness.replay();
                harness.work();
            }
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.filter(file -> file.toString().endsWith(".log"))).hasSize(1);
        }
    }

    @Test
    void filesThatAreNotOursAreLeftAlone() throws IOException {
        List<Path> foreign =
                Stream.of("notes.txt", "commitlog-1.log", "commitlog-00000000x1.log", "x.tmp")
                        .map(directory::resolve)
                        .toList();
        for (Path file : foreign) {
            Files.writeString(file, "mine");
        }
        Path unfinished = directory.resolve("commitlog-0000000009.tmp");
        Files.writeString(unfinished, "ours");
        try (LogHarness harness = open(SegmentKind.CHANNEL)) {
            assertThat(harness.replay()).isEmpty();
        }
        assertThat(foreign).allMatch(Files::exists);
        assertThat(unfinished).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(value = SegmentKind.class, names = "CHANNEL", mode = EnumSource.Mode.EXCLUDE)
    void appendingOnePartAllocatesNothing(SegmentKind kind) throws IOException {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        CommitLogOptions options = LogHarness.options(directory, kind).withSegmentBytes(32 << 20);
        byte[] bytes = new byte[150];
        try (LogHarness harness = new LogHarness(options, FILES)) {
            harness.work();
            int appends = 30_000;
            long allocated = Long.MAX_VALUE;
            for (int round = 0; round < 5; round++) { // compilation allocates in the first ones
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < appends / 5; i++) {
                    harness.log.append(1, 2, bytes, 0, bytes.length);
                }
                allocated = Math.min(allocated, threads.getCurrentThreadAllocatedBytes() - before);
            }
            assertThat(allocated).isLessThan(appends / 5);
        }
    }

    @Test
    void statsCountFilesForcesAndWaiters() throws IOException {
        try (LogHarness harness = open(SegmentKind.CHANNEL)) {
            harness.append(1, new byte[100]);
            harness.hear(harness.log.position());

            assertThat(harness.log.stats())
                    .isEqualTo(new CommitLogStats(16384, 1, 128, 0, 0, 0, 0));
            harness.work();
            assertThat(harness.log.stats()).isEqualTo(new CommitLogStats(16384, 1, 0, 0, 1, 0, 0));
        }
    }

    @Test
    void settingsOutOfRangeAreRefusedByName() {
        CommitLogOptions options = CommitLogOptions.defaults(directory);
        assertThatThrownBy(() -> options.withSegmentBytes(20_000))
                .hasMessageStartingWith("segmentBytes is 20000, must be a multiple of 4096");
        assertThatThrownBy(() -> options.withTotalBytesMax(0))
                .hasMessageContaining("totalBytesMax");
        assertThatThrownBy(() -> options.withPooledSegmentsMax(-1))
                .hasMessageContaining("pooledSegmentsMax");
        assertThatThrownBy(() -> options.withSyncPeriod(java.time.Duration.ZERO))
                .hasMessageContaining("syncPeriod");
    }
}
