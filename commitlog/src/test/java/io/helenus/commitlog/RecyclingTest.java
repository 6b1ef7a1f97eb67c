package io.helenus.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.commitlog.LogHarness.Replayed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RecyclingTest {
    private static final NioLogFiles FILES = new NioLogFiles();

    @TempDir Path directory;

    private LogHarness open(CommitLogOptions options) throws IOException {
        return new LogHarness(options, FILES);
    }

    private CommitLogOptions options(SegmentKind kind) {
        return LogHarness.options(directory, kind);
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString().substring(10)).sorted().toList();
        }
    }

    @ParameterizedTest
    @EnumSource(SegmentKind.class)
    void recordsOfARecycledSegmentNeverComeBack(SegmentKind kind) throws IOException {
        byte[] same = new byte[500]; // the same bytes at the same offsets in every life
        List<Long> live = new ArrayList<>();
        CommitLogOptions options = options(kind).withPooledSegmentsMax(1);
        int reused = 0;
        for (int life = 0; life < 6; life++) {
            try (LogHarness harness = open(options)) {
                assertThat(harness.replay().stream().map(Replayed::position)).isEqualTo(live);
                for (int i = 0; i < 60; i++) {
                    harness.work();
                    reused += names().stream().anyMatch(name -> name.endsWith("recycle")) ? 1 : 0;
                    live.add(harness.append(1, same));
                    if (i % 20 == 19) {
                        harness.log.markClean(1, 1, live.getLast());
                        harness.pass(Duration.ofSeconds(10));
                        harness.work();
                        live.removeIf(p -> !stillThere(p));
                    }
                }
            }
            assertThat(LogHarness.read(directory).stream().map(Replayed::position)).isEqualTo(live);
        }
        assertThat(reused).isPositive();
    }

    private boolean stillThere(long position) {
        return Files.exists(
                SegmentName.of(directory, LogPosition.segmentId(position), SegmentName.LOG));
    }

    @Test
    void aSegmentStaysUntilAllItsTablesAreClean() throws IOException {
        try (LogHarness harness = open(options(SegmentKind.CHANNEL))) {
            long one = harness.append(1, new byte[5000]);
            long two = harness.append(2, new byte[5000]);
            long next = harness.appendIntoNextSegment(3);
            harness.work();

            harness.log.markClean(3, 3, next - 1); // its last record is in the next segment
            harness.log.markClean(1, 1, one);
            harness.log.markClean(2, 2, two - 1); // its last record is not covered
            harness.log.markClean(4, 4, two);
            harness.work();
            assertThat(names()).contains("0000000001.log");

            harness.log.markClean(2, 2, two);
            harness.work();
            assertThat(names()).contains("0000000001.recycle", "0000000002.log");
        }
    }

    @Test
    void theActiveSegmentStaysAlsoWhenClean() throws IOException {
        try (LogHarness harness = open(options(SegmentKind.CHANNEL))) {
            harness.log.markClean(1, 1, harness.append(1, new byte[10]));
            harness.pass(Duration.ofSeconds(10));
            harness.work();
            assertThat(names()).containsExactly("0000000001.log");
            harness.append(1, new byte[10]);
        }
        assertThat(LogHarness.read(directory)).hasSize(2);
    }

    @Test
    void replayedSegmentsStayUntilWhatWasRetainedIsClean() throws IOException {
        long last;
        try (LogHarness harness = open(options(SegmentKind.CHANNEL))) {
            harness.append(1, new byte[1000]);
            last = harness.appendIntoNextSegment(2);
        }
        try (LogHarness harness = open(options(SegmentKind.CHANNEL))) {
            harness.work();
            assertThat(names()).contains("0000000001.log", "0000000002.log"); // not replayed yet
            harness.log.replay(
                    record -> {
                        if (record.tableIdHigh(0) == 1) {
                            record.retain(0);
                        }
                    },
                    ReplayOptions.DEFAULT);
            harness.work();
            assertThat(names()).contains("0000000001.log").doesNotContain("0000000002.log");
            harness.log.markClean(1, 1, last);
            harness.work();
            assertThat(names()).doesNotContain("0000000001.log");
        }
    }

    @Test
    void thePoolKeepsSoManyFilesAndTheRestIsDeleted() throws IOException {
        CommitLogOptions options = options(SegmentKind.CHANNEL).withPooledSegmentsMax(2);
        try (LogHarness harness = open(options)) {
            long position = 0;
            for (int i = 0; i < 6; i++) {
                position = harness.appendIntoNextSegment(1);
            }
            harness.work();
            harness.log.markClean(1, 1, position);
            harness.work();
            assertThat(names())
                    .containsExactly("0000000001.recycle", "0000000002.recycle", "0000000007.log");
        }
        try (LogHarness harness =
                open(options.withPooledSegmentsMax(1).withSegmentBytes(32 << 10))) {
            assertThat(names()).containsExactly("0000000007.log", "0000000008.log");
            harness.replay();
        }
    }

    @Test
    void aLogOverItsLimitAsksForFlushesOfTheOldestTables() throws IOException {
        CommitLogOptions options = options(SegmentKind.CHANNEL).withTotalBytesMax(3 * 16384);
        try (LogHarness harness = open(options)) {
            harness.append(2, new byte[100]);
            harness.append(1, new byte[100]);
            harness.appendIntoNextSegment(3);
            harness.appendIntoNextSegment(4);
            harness.work();
            assertThat(harness.overCapacity).isEmpty();
            harness.appendIntoNextSegment(5);
            harness.work();
            harness.work();
            assertThat(harness.overCapacity)
                    .containsExactly(
                            List.of(new TableId(1, 1), new TableId(2, 2), new TableId(3, 3)));
        }
    }

    @Test
    void aFullSegmentIsArchivedBeforeItGoesAndOfferedAgainAfterAFailure() throws IOException {
        List<String> archived = new ArrayList<>();
        Deque<Runnable> later = new ArrayDeque<>();
        boolean[] fails = {true};
        SegmentArchiver archiver =
                (segment, id) -> {
                    if (fails[0]) {
                        throw new IOException("archive is full");
                    }
                    archived.add(segment.getFileName() + " " + id + " " + Files.size(segment));
                };
        try (LogHarness harness =
                new LogHarness(options(SegmentKind.CHANNEL), FILES, archiver, later::add)) {
            long position = harness.appendIntoNextSegment(1);
            harness.log.markClean(1, 1, position);
            harness.work();
            assertThat(later).hasSize(1);
            assertThat(names()).contains("0000000001.log"); // not archived yet
            later.removeFirst().run();
            assertThat(harness.archiveFailures)
                    .containsExactly("commitlog-0000000001.log archive is full");
            fails[0] = false;
            harness.work();
            later.removeFirst().run();
            harness.work();
            assertThat(archived).containsExactly("commitlog-0000000001.log 1 16384");
            assertThat(names()).doesNotContain("0000000001.log");
            assertThat(later).isEmpty();
        }
    }
}
