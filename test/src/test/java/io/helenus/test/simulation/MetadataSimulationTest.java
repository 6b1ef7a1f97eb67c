package io.helenus.test.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The agreement on metadata under all faults; and that mistakes planted in it are found.
final class MetadataSimulationTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final long SEEDS =
            Long.getLong("helenus.simulation.seeds", THOROUGH ? 20_000 : 200);
    private static final long FIRST_SEED = Long.getLong("helenus.simulation.first-seed", 1);
    private static final long REPORT_EVERY = 1_000;
    private static final @Nullable Long ONE_SEED = Long.getLong("helenus.seed");

    static Stream<PlantedBug> planted() {
        return PlantedBug.all().stream();
    }

    @Test
    void allAgreeAfterEveryStory() {
        if (ONE_SEED != null) {
            tell(ONE_SEED);
            return;
        }
        Stories stories = new Stories();
        stories.run(
                FIRST_SEED,
                SEEDS,
                seed -> {
                    if (seed % REPORT_EVERY == 0) {
                        System.out.printf("metadata: up to seed %d: %s%n", seed, stories);
                    }
                });
        System.out.printf(
                "metadata: seeds %d to %d: %s%n", FIRST_SEED, FIRST_SEED + SEEDS - 1, stories);
    }

    private static void tell(long seed) {
        MetadataStory story = new MetadataStory(seed, PlantedBug.NONE, true);
        try {
            story.run();
        } finally {
            System.out.println(story.wholeTrace());
            System.out.println(story.checker());
        }
    }

    @Test
    void aFreshStoryEndsWellToo() {
        long seed = System.nanoTime();
        System.out.println("metadata: fresh seed " + seed);
        new Stories().run(seed, 1, _ -> {});
    }

    @Test
    void theSameSeedGivesTheSameMessages() {
        for (long seed = 1; seed <= 3; seed++) {
            long first = new MetadataStory(seed, PlantedBug.NONE, false).run();
            long second = new MetadataStory(seed, PlantedBug.NONE, true).run();
            long other = new MetadataStory(seed + 1, PlantedBug.NONE, false).run();
            assertThat(second).as("trace hash of seed %d", seed).isEqualTo(first);
            assertThat(other).isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @MethodSource("planted")
    void aPlantedBugIsFound(PlantedBug bug) {
        long first = THOROUGH ? 1 : bug.firstSeed();
        Simulation.Failure found = Stories.find(bug, first, bug.seedsMax());
        assertThat(found).as("with %d seeds", bug.seedsMax()).isNotNull();
        System.out.printf("metadata: %s: %s%n", bug, found == null ? "" : found.getMessage());
    }
}
