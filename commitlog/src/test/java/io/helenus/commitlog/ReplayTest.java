package io.helenus.commitlog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.commitlog.LogHarness.Replayed;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayTest {
    private static final NioLogFiles FILES = new NioLogFiles();
    private static final String FIRST = "commitlog-0000000001.log";
    private static final ReplayOptions IGNORE =
            new ReplayOptions(ReplayOptions.OnDamage.IGNORE, ReplayProgress.NONE);

    @TempDir Path directory;

    /// The bytes of one segment as a crash would leave it, and where its records end.
    private static final class Image {
        private final byte[] bytes;
        private final List<Replayed> records;
        private final int durableTo;

        Image(byte[] bytes, List<Replayed> records, int durableTo) {
            this.bytes = bytes;
            this.records = records;
            this.durableTo = durableTo;
        }

        int wholeRecordsBefore(long cut) {
            return (int)
                    records.stream()
                            .filter(record -> LogPosition.offset(record.position()) <= cut)
                            .count();
        }
    }

    /// Some records, a force, and some more; taken while the log is open.
    private Image image(SegmentKind kind, int forced, int unforced) throws IOException {
        Path source = directory.resolve("source");
        try (LogHarness harness = new LogHarness(LogHarness.options(source, kind), FILES)) {
            for (int i = 0; i < forced; i++) {
                append(harness, i);
            }
            harness.pass(Duration.ofSeconds(10));
            if (forced > 0) {
                harness.work();
            }
            int durableTo = LogPosition.offset(harness.log.durablePosition());
            for (int i = 0; i < unforced; i++) {
                append(harness, forced + i);
            }
            byte[] bytes = Files.readAllBytes(source.resolve(FIRST));
            List<Replayed> records = replay(bytes);
            assertThat(records).hasSize(forced + unforced);
            return new Image(bytes, records, durableTo);
        }
    }

    private static void append(LogHarness harness, int number) {
        byte[] bytes = new byte[5 + number * 7 % 40];
        Arrays.fill(bytes, (byte) (number + 1));
        RecordParts parts = new RecordParts();
        for (int part = 0; part <= number % 3; part++) {
            parts.add(number, part, bytes, 0, bytes.length);
        }
        harness.log.append(parts);
    }

    private List<Replayed> replay(byte[] segment) throws IOException {
        return replay(FIRST, segment);
    }

    private List<Replayed> replay(String name, byte[] segment) throws IOException {
        Path target = Files.createDirectories(directory.resolve("replay-" + name));
        Files.write(target.resolve(name), segment);
        return LogHarness.read(target);
    }

    @ParameterizedTest
    @EnumSource(SegmentKind.class)
    void everyCutOfAnUnforcedSegmentReplaysToAPrefixOfItsRecords(SegmentKind kind)
            throws IOException {
        Image image = image(kind, 0, 12);
        int last = LogPosition.offset(image.records.getLast().position());
        for (int cut = last + 20; cut >= SegmentFormat.RECORDS_AT; cut--) {
            List<Replayed> expected = image.records.subList(0, image.wholeRecordsBefore(cut));
            assertThat(replay(Arrays.copyOf(image.bytes, cut)))
                    .as("cut at byte %d", cut)
                    .isEqualTo(expected);
            byte[] zeroed = image.bytes.clone();
            Arrays.fill(zeroed, cut, zeroed.length, (byte) 0);
            assertThat(replay(zeroed)).as("zeros from byte %d", cut).isEqualTo(expected);
        }
    }

    @Test
    void everyCutBeforeTheMarkIsAnErrorAndAfterItAPrefix() throws IOException {
        Image image = image(SegmentKind.CHANNEL, 6, 6);
        int last = LogPosition.offset(image.records.getLast().position());
        for (int cut = 0; cut < last + 20; cut++) {
            byte[] bytes = Arrays.copyOf(image.bytes, cut);
            if (cut < image.durableTo) {
                assertThatThrownBy(() -> replay(bytes))
                        .as("cut at byte %d", cut)
                        .isInstanceOf(CorruptSegmentException.class)
                        .hasMessageContaining(FIRST)
                        .hasMessageContaining("corrupt at offset");
            } else {
                assertThat(replay(bytes))
                        .as("cut at byte %d", cut)
                        .isEqualTo(image.records.subList(0, image.wholeRecordsBefore(cut)));
            }
        }
    }

    @Test
    void everyFlippedByteBeforeTheMarkIsANamedErrorAndAfterItAPrefix() throws IOException {
        Image image = image(SegmentKind.MEMORY_SEGMENT, 6, 6);
        int last = LogPosition.offset(image.records.getLast().position());
        for (int at = 0; at < last + 20; at++) {
            if (at >= SegmentFormat.MARKS_AT[0] + 64 && at < SegmentFormat.RECORDS_AT) {
                continue; // the rest of the header page is never read
            }
            for (int flip : new int[] {1, 0x80, 0xFF}) {
                byte[] bytes = image.bytes.clone();
                bytes[at] ^= (byte) flip;
                String name = "byte %d ^ %02x".formatted(at, flip);
                boolean inHeader = at < SegmentFormat.HEADER_CRC_AT + 4;
                boolean inRecords = at >= SegmentFormat.RECORDS_AT;
                if (inHeader || inRecords && at < image.durableTo) {
                    int record = image.wholeRecordsBefore(at);
                    int from =
                            record == 0
                                    ? SegmentFormat.RECORDS_AT
                                    : LogPosition.offset(image.records.get(record - 1).position());
                    assertThatThrownBy(() -> replay(bytes))
                            .as(name)
                            .isInstanceOfSatisfying(
                                    CorruptSegmentException.class,
                                    e -> {
                                        assertThat(e.file().getFileName()).hasToString(FIRST);
                                        if (inRecords) {
                                            assertThat(e.offset()).isEqualTo(from);
                                        }
                                    });
                } else if (inRecords) {
                    assertThat(replay(bytes))
                            .as(name)
                            .isEqualTo(image.records.subList(0, image.wholeRecordsBefore(at)));
                } else {
                    // A damaged mark only makes the one before count; the rest of the page is
                    // spare.
                    assertThat(replay(bytes)).as(name).isEqualTo(image.records);
                }
            }
        }
    }

    @Test
    void aTornMarkLeavesTheOneBefore() throws IOException {
        try (LogHarness harness =
                new LogHarness(
                        LogHarness.options(directory, SegmentKind.CHANNEL)
                                .withSyncMode(SyncMode.BATCH),
                        FILES)) {
            List<Integer> ends = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                long position = harness.append(1, new byte[100]);
                ends.add(LogPosition.offset(position));
                harness.hear(position);
                harness.work();
            }
            byte[] bytes = Files.readAllBytes(directory.resolve(FIRST));
            ByteBuffer page = ByteBuffer.wrap(bytes);
            SegmentMark newest = new SegmentMark(5, ends.get(4), false);
            assertThat(SegmentMark.newest(1, page)).isEqualTo(newest);
            bytes[newest.at() + 3] ^= 1;
            assertThat(SegmentMark.newest(1, page))
                    .isEqualTo(new SegmentMark(4, ends.get(3), false));
            assertThat(SegmentMark.newest(2, page)).isNull(); // another segment's
        }
    }

    @Test
    void damageAnywhereInAFullSegmentIsAnErrorAlsoAtItsVeryEnd() throws IOException {
        int end;
        try (LogHarness harness =
                new LogHarness(LogHarness.options(directory, SegmentKind.MAPPED), FILES)) {
            long next = harness.appendIntoNextSegment(1);
            harness.work();
            end = harness.log.segments()[0].tail;
            assertThat(LogPosition.segmentId(next)).isEqualTo(2);
        }
        Path first = directory.resolve(FIRST);
        byte[] bytes = Files.readAllBytes(first);
        bytes[end - 1] ^= 1;
        Files.write(first, bytes);
        assertThatThrownBy(() -> LogHarness.read(directory))
                .isInstanceOf(CorruptSegmentException.class)
                .hasMessageContaining(FIRST)
                .hasMessageContaining("record checksum is");
    }

    @Test
    void aTornSegmentDoesNotHideTheOnesAfterIt() throws IOException {
        Image image = image(SegmentKind.CHANNEL, 0, 4);
        int last = LogPosition.offset(image.records.getLast().position());
        Files.write(directory.resolve(FIRST), Arrays.copyOf(image.bytes, last - 1));
        long position;
        try (LogHarness harness =
                new LogHarness(LogHarness.options(directory, SegmentKind.CHANNEL), FILES)) {
            position = harness.append(9, new byte[3]);
        }
        List<Replayed> records = LogHarness.read(directory);
        assertThat(records).hasSize(4);
        assertThat(records.subList(0, 3)).isEqualTo(image.records.subList(0, 3));
        assertThat(records.get(3).position()).isEqualTo(position);
    }

    @Test
    void anUnknownVersionOrAForeignIdIsRefused() throws IOException {
        Image image = image(SegmentKind.CHANNEL, 1, 0);
        ByteBuffer page = ByteBuffer.wrap(image.bytes.clone());
        page.putInt(4, 2);
        assertThatThrownBy(() -> replay(page.array()))
                .isInstanceOf(CorruptSegmentException.class)
                .hasMessageContaining("header checksum is");
        CRC32C crc = new CRC32C();
        crc.update(page.array(), 0, 28);
        page.putInt(28, (int) crc.getValue());
        assertThatThrownBy(() -> replay(page.array()))
                .isInstanceOf(SegmentVersionException.class)
                .hasMessageContaining(FIRST + " is of a newer version 2, this build reads up to 1");
        assertThatThrownBy(() -> replay("commitlog-0000000002.log", image.bytes))
                .isInstanceOf(CorruptSegmentException.class)
                .hasMessageContaining("commitlog-0000000002.log")
                .hasMessageContaining("segment id is 1, the file name says 2");
        page.putInt(4, 1).putInt(0, 0);
        assertThatThrownBy(() -> replay(page.array())).hasMessageContaining("magic is 0x00000000");
    }

    /// Also not if damage is to be ignored; in any file whose bytes may be read or overwritten.
    @ParameterizedTest
    @ValueSource(strings = {"log", "recycle"})
    void aDirectoryOfALaterReleaseIsNotTouched(String ending) throws IOException {
        Image image = image(SegmentKind.CHANNEL, 1, 0);
        ByteBuffer later = ByteBuffer.wrap(image.bytes.clone());
        later.putInt(4, 7);
        CRC32C crc = new CRC32C();
        crc.update(later.array(), 0, 28);
        later.putInt(28, (int) crc.getValue());
        Path file = directory.resolve("commitlog-0000000009." + ending);
        Files.write(file, later.array());
        Files.write(directory.resolve("commitlog-0000000001.tmp"), new byte[3]);
        List<Path> before = FILES.list(directory);
        assertThatThrownBy(() ->
                        new LogHarness(LogHarness.options(directory, SegmentKind.CHANNEL), FILES))
                .isInstanceOf(SegmentVersionException.class)
                .hasMessage(file + " is of a newer version 7, this build reads up to 1");
        assertThat(FILES.list(directory)).isEqualTo(before);
        assertThat(file).hasBinaryContent(later.array());
    }

    @Test
    void ignoringDamageReportsItGoesOnAndKeepsTheFile() throws IOException {
        long tail;
        try (LogHarness harness =
                new LogHarness(LogHarness.options(directory, SegmentKind.CHANNEL), FILES)) {
            harness.appendIntoNextSegment(1);
            tail = harness.appendIntoNextSegment(1);
        }
        Path first = directory.resolve(FIRST);
        byte[] bytes = Files.readAllBytes(first);
        bytes[SegmentFormat.RECORDS_AT + 3000] ^= 1;
        Files.write(first, bytes);

        try (LogHarness harness =
                new LogHarness(LogHarness.options(directory, SegmentKind.CHANNEL), FILES)) {
            List<Long> positions = new ArrayList<>();
            ReplayReport report =
                    harness.log.replay(record -> positions.add(record.position()), IGNORE);
            assertThat(report.damages())
                    .singleElement()
                    .satisfies(damage -> assertThat(damage.file()).isEqualTo(first));
            assertThat(report.segments()).isEqualTo(3);
            assertThat(report.records()).isEqualTo(positions.size());
            assertThat(positions).contains(tail);
            assertThat(positions.stream().filter(p -> LogPosition.segmentId(p) == 1)).hasSize(2);
            harness.work(); // nothing was retained, so all is released
        }
        assertThat(first).doesNotExist();
        assertThat(directory.resolve("commitlog-0000000001.damaged")).hasBinaryContent(bytes);
    }

    @Test
    void stoppingAtDamageKeepsAllSegments() throws IOException {
        try (LogHarness harness =
                new LogHarness(LogHarness.options(directory, SegmentKind.CHANNEL), FILES)) {
            harness.appendIntoNextSegment(1);
        }
        Path second = directory.resolve("commitlog-0000000002.log");
        byte[] bytes = Files.readAllBytes(second);
        bytes[SegmentFormat.RECORDS_AT + 8] ^= 1;
        Files.write(second, bytes);
        try (LogHarness harness =
                new LogHarness(LogHarness.options(directory, SegmentKind.CHANNEL), FILES)) {
            assertThatThrownBy(() -> harness.log.replay(_ -> {}, ReplayOptions.DEFAULT))
                    .isInstanceOf(CorruptSegmentException.class);
            harness.work();
        }
        assertThat(directory.resolve(FIRST)).exists();
        assertThat(second).exists();
    }

    @Test
    void progressEndsAtTheTotal() throws IOException {
        try (LogHarness harness =
                new LogHarness(LogHarness.options(directory, SegmentKind.CHANNEL), FILES)) {
            harness.appendIntoNextSegment(1);
        }
        List<Long> done = new ArrayList<>();
        List<Long> totals = new ArrayList<>();
        ReplayProgress progress =
                (_, bytesDone, bytesTotal) -> {
                    done.add(bytesDone);
                    totals.add(bytesTotal);
                };
        new CommitLogReplay(FILES, new ReplayOptions(ReplayOptions.OnDamage.STOP, progress))
                .run(directory, _ -> {});
        assertThat(done).isSorted().endsWith(32768L);
        assertThat(totals).containsOnly(32768L);
    }

    /// Pins version 1. If this test must change, the version must, too.
    @Test
    void theFormatIsAsDocumented() throws IOException {
        ByteBuffer segment = ByteBuffer.allocate(16384);
        segment.putInt(0, 0x48434C47).putInt(4, 1).putLong(8, 1).putInt(16, 16384).putLong(20, 7);
        segment.putInt(28, crc(segment, 0, 28));
        segment.position(4096 + 8);
        segment.putLong(0x1111).putLong(0x2222).putInt(3).put(new byte[] {1, 2, 3});
        segment.putLong(0x3333).putLong(0x4444).putInt(0);
        int length = 20 + 3 + 20;
        int salt = (int) (0x9E3779B1L + 4096 * 0x85EBCA77L + length * 0xC2B2AE3DL);
        segment.putInt(4096, length).putInt(4100, crc(segment, 4104, length) ^ salt);

        try (LogHarness harness =
                new LogHarness(LogHarness.options(directory, SegmentKind.CHANNEL), FILES)) {
            RecordParts parts = new RecordParts();
            parts.add(0x1111, 0x2222, new byte[] {1, 2, 3}, 0, 3);
            harness.log.append(parts.add(0x3333, 0x4444, new byte[0], 0, 0));
            byte[] written = Files.readAllBytes(directory.resolve(FIRST));
            ByteBuffer.wrap(written).putLong(20, 7); // when it was made
            ByteBuffer.wrap(written).putInt(28, segment.getInt(28));
            assertThat(written).isEqualTo(segment.array());
            assertThat(replay(segment.array())).hasSize(1);
        }
        byte[] sealed = Files.readAllBytes(directory.resolve(FIRST));
        ByteBuffer mark = ByteBuffer.allocate(32).putLong(1).putLong(1).putInt(4096 + 8 + length);
        mark.putInt(1).putInt(0); // sealed when the log was closed
        mark.putInt(crc(mark, 0, 28));
        assertThat(Arrays.copyOfRange(sealed, 512, 536))
                .isEqualTo(Arrays.copyOfRange(mark.array(), 8, 32));
    }

    private static int crc(ByteBuffer bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(from, length));
        return (int) crc.getValue();
    }
}
