package io.helenus.test.simulation;

import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Runs stories one after the other, and counts what happened in them.
final class Stories {
    private long stories;
    private long entries;
    private long committed;
    private long refused;
    private long unavailable;
    private long unknown;
    private long hash;

    /// @param passed told each seed whose story has ended well
    /// @throws AssertionError if one does not; it tells how to see it again, and how it went
    void run(long firstSeed, long count, LongConsumer passed) {
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            MetadataStory story = new MetadataStory(seed, PlantedBug.NONE, false);
            try {
                hash = hash * 31 + story.run();
            } catch (RuntimeException | AssertionError e) {
                throw explained(seed, e);
            }
            count(story.checker());
            passed.accept(seed);
        }
    }

    private void count(LogChecker checker) {
        stories++;
        entries += checker.entries();
        committed += checker.committed();
        refused += checker.refused();
        unavailable += checker.unavailable();
        unknown += checker.unknown();
    }

    /// Only a second run keeps the trace.
    private static AssertionError explained(long seed, Throwable first) {
        MetadataStory again = new MetadataStory(seed, PlantedBug.NONE, true);
        try {
            again.run();
        } catch (RuntimeException | AssertionError same) {
            return new AssertionError(
                    ("Seed %d failed; -Dhelenus.seed=%d replays it, test/simulate.sh --seed %d tells"
                                    + " all of it%n%s%n%s")
                            .formatted(seed, seed, seed, again.trace(), same),
                    same);
        }
        return new AssertionError("Seed " + seed + " failed, but not a second time", first);
    }

    /// The seed whose story finds a mistake.
    ///
    /// @return null if none of so many does
    static Simulation.@Nullable Failure find(PlantedBug bug, long firstSeed, long count) {
        for (long seed = firstSeed; seed < firstSeed + count; seed++) {
            try {
                new MetadataStory(seed, bug, false).run();
            } catch (Simulation.Failure found) {
                return found;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return ("%d stories, %d entries; proposals: %d committed, %d refused, %d unavailable,"
                        + " %d unknown; hash of all traces %016x")
                .formatted(stories, entries, committed, refused, unavailable, unknown, hash);
    }
}
