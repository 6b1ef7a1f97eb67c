package io.helenus.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.commitlog.LogHarness.Part;
import io.helenus.commitlog.LogHarness.Replayed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CommitLogPropertyTest {
    record Step(int table, int offset, boolean clean) {}

    @Provide
    Arbitrary<List<List<Part>>> records() {
        Arbitrary<List<Byte>> bytes = Arbitraries.bytes().list().ofMaxSize(700);
        Arbitrary<Part> part =
                Combinators.combine(Arbitraries.longs(), Arbitraries.longs(), bytes).as(Part::new);
        return part.list().ofMinSize(1).ofMaxSize(8).list().ofMaxSize(30);
    }

    @Property(tries = 60)
    void anyRecordsComeBackAsTheyWere(
            @ForAll("records") List<List<Part>> records, @ForAll SegmentKind kind)
            throws IOException {
        Path directory = Files.createTempDirectory("commitlog");
        List<Replayed> expected = new ArrayList<>();
        try (LogHarness harness =
                new LogHarness(LogHarness.options(directory, kind), new CrashingFiles())) {
            RecordParts parts = new RecordParts();
            for (List<Part> record : records) {
                parts.clear();
                for (Part part : record) {
                    byte[] bytes = new byte[part.bytes().size()];
                    for (int i = 0; i < bytes.length; i++) {
                        bytes[i] = part.bytes().get(i);
                    }
                    parts.add(part.high(), part.low(), bytes, 0, bytes.length);
                }
                harness.work();
                expected.add(new Replayed(harness.log.append(parts), record));
            }
        }
        assertThat(LogHarness.read(directory)).isEqualTo(expected);
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 40),
                        Arbitraries.integers().between(1, 100),
                        Arbitraries.of(true, false))
                .as(Step::new)
                .list()
                .ofMaxSize(200);
    }

    @Property(tries = 200)
    void dirtyTablesAreAMapFromTableToItsHighestOffset(@ForAll("steps") List<Step> steps) {
        DirtyTables tables = new DirtyTables();
        Map<TableId, Integer> model = new HashMap<>();
        int tail = 0;
        for (Step step : steps) {
            TableId table = new TableId(step.table() % 7, step.table());
            if (step.clean()) {
                int upTo = tail - step.offset() + 50;
                Integer offset = model.get(table);
                boolean cleaned = offset != null && offset <= upTo;
                assertThat(tables.clean(table.high(), table.low(), upTo)).isEqualTo(cleaned);
                if (cleaned) {
                    model.remove(table);
                }
            } else {
                tail += step.offset();
                tables.mark(table.high(), table.low(), tail);
                model.put(table, tail);
            }
            Set<TableId> seen = new HashSet<>();
            tables.forEach(seen::add);
            assertThat(seen).isEqualTo(model.keySet());
            assertThat(tables.isEmpty()).isEqualTo(model.isEmpty());
            assertThat(tables.size()).isEqualTo(model.size());
        }
    }

    @Property
    void positionsCompareInLogOrder(
            @ForAll @IntRange int firstId,
            @ForAll @IntRange int firstOffset,
            @ForAll @IntRange int secondId,
            @ForAll @IntRange int secondOffset) {
        long first = LogPosition.of(firstId, firstOffset);
        long second = LogPosition.of(secondId, secondOffset);
        int expected =
                firstId == secondId
                        ? Integer.compare(firstOffset, secondOffset)
                        : Integer.compare(firstId, secondId);
        assertThat(Long.compare(first, second)).isEqualTo(expected);
        assertThat(LogPosition.segmentId(first)).isEqualTo(firstId);
        assertThat(LogPosition.offset(first)).isEqualTo(firstOffset);
    }

    @Property
    void anotherSegmentIdIsAnotherSalt(
            @ForAll @IntRange int id,
            @ForAll @IntRange int otherId,
            @ForAll @IntRange int offset,
            @ForAll @IntRange int length) {
        assertThat(
                        SegmentFormat.salt(id, offset, length)
                                == SegmentFormat.salt(otherId, offset, length))
                .isEqualTo(id == otherId);
    }

    /// Garbage after the header never hangs, never takes much memory, and never makes a record.
    @Property(tries = 300)
    void anyBytesAfterTheHeaderReplayToNothing(@ForAll @Size(max = 300) byte[] garbage)
            throws IOException {
        Path directory = Files.createTempDirectory("commitlog");
        Path file = directory.resolve("commitlog-0000000001.log");
        byte[] segment = new byte[16384];
        new SegmentHeader(1, segment.length, 0).encode().get(0, segment, 0, 4096);
        System.arraycopy(garbage, 0, segment, 4096, garbage.length);
        Files.write(file, segment);
        assertThat(LogHarness.read(directory)).isEmpty();
        Files.delete(file);
        Files.delete(directory);
    }
}
