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
    private static final int SEEDS = THOROUGH ? 20_000 : 200;
    private static final @Nullable Long ONE_SEED = Long.getLong("helenus.seed");

    static Stream<PlantedBug> planted() {
        return PlantedBug.all().stream();
    }

    @Test
    void allAgreeAfterEveryStory() {
        if (ONE_SEED != null) {
            replay(ONE_SEED);
            return;
        }
        for (long seed = 1; seed <= SEEDS; seed++) {
            run(seed);
        }
    }

    @Test
    void aFreshStoryEndsWellToo() {
        long seed = System.nanoTime();
        System.out.println("metadata: fresh seed " + seed);
        run(seed);
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
        for (long seed = 1; seed <= bug.seedsMax(); seed++) {
            try {
                new MetadataStory(seed, bug, false).run();
            } catch (Simulation.Failure found) {
                System.out.printf("metadata: %s: %s%n", bug, found.getMessage());
                return;
            }
        }
        throw new AssertionError(bug + ": not found with " + bug.seedsMax() + " seeds");
    }

    /// A failure is told with the end of its trace, which only a second run keeps.
    private static void run(long seed) {
        try {
            new MetadataStory(seed, PlantedBug.NONE, false).run();
        } catch (RuntimeException | AssertionError e) {
            MetadataStory again = new MetadataStory(seed, PlantedBug.NONE, true);
            try {
                again.run();
            } catch (RuntimeException | AssertionError same) {
                throw new AssertionError(
                        "seed %d failed, -Dhelenus.seed=%d replays it%n%s%n%s"
                                .formatted(seed, seed, same, again.trace()),
                        same);
            }
            throw new AssertionError("seed " + seed + " failed, but not a second time", e);
        }
    }

    private static void replay(long seed) {
        MetadataStory story = new MetadataStory(seed, PlantedBug.NONE, true);
        try {
            story.run();
        } finally {
            System.out.println(story.trace());
            System.out.println(story.checker());
        }
    }
}
