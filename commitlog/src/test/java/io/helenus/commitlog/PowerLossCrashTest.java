package io.helenus.commitlog;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.commitlog.LogHarness.Part;
import io.helenus.commitlog.LogHarness.Replayed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Runs a random story, takes the power away, and looks at what replay finds. Each story goes through
/// two losses, with a restart in between.
class PowerLossCrashTest {
    private static final int TABLES = 4;
    private static final int STORIES = Boolean.getBoolean("helenus.thorough") ? 10_000 : 500;

    @TempDir Path directory;

    /// What a log must and may hold.
    private static final class Model {
        final TreeMap<Long, List<Part>> appended = new TreeMap<>();
        final Map<Long, Long> cleanUpTo = new HashMap<>(); // per table
        long durable; // when the power went

        boolean needed(long position, List<Part> parts) {
            return parts.stream()
                    .anyMatch(part -> position > cleanUpTo.getOrDefault(part.high(), -1L));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = SegmentKind.class,
            names = {"CHANNEL", "MAPPED"})
    void whatWasDurableIsThereAndEachSegmentIsAPrefix(SegmentKind kind) throws IOException {
        for (int seed = 0; seed < STORIES; seed++) {
            try {
                story(kind, seed);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private void story(SegmentKind kind, int seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        SyncMode mode = SyncMode.values()[random.nextInt(SyncMode.values().length)];
        Path place = directory.resolve(kind + "-" + seed);
        Model model = new Model();
        for (int life = 0; life < 2; life++) {
            CrashingFiles files = new CrashingFiles();
            Path current = place.resolve("life-" + life);
            if (life > 0) {
                files.adopt(current);
            }
            CommitLogOptions options =
                    LogHarness.options(current, kind)
                            .withSyncMode(mode)
                            .withPooledSegmentsMax(random.nextInt(3));
            LogHarness harness = new LogHarness(options, files);
            check(model, harness.replay());
            model.durable = -1;
            Path next = place.resolve("life-" + (life + 1));
            Runnable crash =
                    () -> {
                        model.durable = harness.log.durablePosition();
                        files.crash(next, random);
                    };
            if (random.nextBoolean()) { // in the middle of something
                int[] countdown = {1 + random.nextInt(30)};
                files.afterChange(() -> {
                    if (--countdown[0] == 0) {
                        crash.run();
                    }
                });
            }
            live(harness, model, random);
            if (model.durable < 0) {
                crash.run();
            }
            files.afterChange(() -> {});
            assertThat(harness.failures).isEmpty();
            harness.close();
        }
        check(model, LogHarness.read(place.resolve("life-2")));
    }

    private static void live(LogHarness harness, Model model, SplittableRandom random) {
        int steps = random.nextInt(120);
        for (int step = 0; step < steps; step++) {
            switch (random.nextInt(10)) {
                case 0 -> harness.log.syncAgent().doWork(harness.nowNanos);
                case 1 -> harness.work();
                case 2 -> harness.pass(Duration.ofMillis(random.nextInt(6_000)));
                case 3 -> {
                    if (random.nextInt(3) == 0) {
                        long table = random.nextInt(TABLES);
                        model.cleanUpTo.put(table, harness.log.position());
                        harness.log.markClean(table, table, harness.log.position());
                    }
                }
                default -> {
                    harness.log.prepareAgent().doWork(harness.nowNanos);
                    append(harness, model, random);
                }
            }
        }
    }

    private static void append(LogHarness harness, Model model, SplittableRandom random) {
        RecordParts parts = new RecordParts();
        List<Part> expected = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            long table = random.nextInt(TABLES);
            byte[] bytes = new byte[random.nextInt(random.nextInt(8) == 0 ? 1900 : 200)];
            random.nextBytes(bytes);
            parts.add(table, table, bytes, 0, bytes.length);
            expected.add(Part.of(table, table, bytes, 0, bytes.length));
        }
        while (!harness.log.mayAppend(6000)) {
            harness.log.prepareAgent().doWork(harness.nowNanos);
        }
        long position = harness.log.append(parts);
        model.appended.put(position, expected);
        if (random.nextBoolean()) {
            harness.hear(position);
        }
    }

    /// Compares, and forgets what was lost.
    private static void check(Model model, List<Replayed> replayed) {
        TreeMap<Long, List<Part>> found = new TreeMap<>();
        for (Replayed record : replayed) {
            assertThat(record.parts())
                    .as(LogPosition.text(record.position()))
                    .isEqualTo(model.appended.get(record.position()));
            found.put(record.position(), record.parts());
        }
        assertThat(found).hasSameSizeAs(replayed);
        Map<Long, Boolean> ended = new HashMap<>();
        model.appended.forEach((position, parts) -> {
            long segment = LogPosition.segmentId(position);
            if (found.containsKey(position)) {
                assertThat(ended.get(segment))
                        .as("%s after a gap", LogPosition.text(position))
                        .isNull();
                return;
            }
            ended.put(segment, true);
            assertThat(position <= model.durable && model.needed(position, parts))
                    .as("%s was durable and is lost", LogPosition.text(position))
                    .isFalse();
        });
        model.appended.keySet().retainAll(found.keySet());
    }
}
