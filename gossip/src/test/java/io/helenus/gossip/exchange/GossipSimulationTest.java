package io.helenus.gossip.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random stories under faults; and that bugs planted in the protocol are found by them.
final class GossipSimulationTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int SEEDS = THOROUGH ? 10_000 : 200;
    private static final int SEEDS_TO_FIND = 40;

    /// A mistake in one decision.
    record Planted(String name, GossipRules rules) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Planted> planted() {
        return Stream.of(
                new Planted(
                        "versions are compared across restarts",
                        new GossipRules() {
                            @Override
                            public boolean newer(
                                    long generation,
                                    long version,
                                    long knownGeneration,
                                    long knownVersion) {
                                return version > knownVersion;
                            }
                        }),
                new Planted(
                        "a delta with a gap before it is taken",
                        new GossipRules() {
                            @Override
                            public boolean connects(
                                    NodeDelta delta, long knownGeneration, long knownVersion) {
                                return true;
                            }
                        }),
                new Planted(
                        "any generation is believed",
                        new GossipRules() {
                            @Override
                            public boolean credible(long generation, long latestCredible) {
                                return true;
                            }
                        }),
                new Planted(
                        "who is talked of is up",
                        new GossipRules() {
                            @Override
                            public boolean answersBeforeUp() {
                                return false;
                            }
                        }),
                new Planted(
                        "a removed node is learned again from others",
                        new GossipRules() {
                            @Override
                            public boolean staysRemoved(
                                    long generation, long removedGeneration, boolean inQuarantine) {
                                return false;
                            }
                        }),
                new Planted(
                        "a heartbeat overtakes entries that did not fit",
                        new GossipRules() {
                            @Override
                            public boolean heartbeatGoesAlong(boolean allEntriesFit) {
                                return true;
                            }
                        }));
    }

    @Test
    void allAgreeAfterEveryStory() {
        for (long seed = 1; seed <= SEEDS; seed++) {
            new GossipScenario(seed, GossipRules.STANDARD).run();
        }
    }

    @Test
    void aFreshStoryEndsWellToo() {
        long seed = System.nanoTime();
        System.out.println("gossip: fresh seed " + seed);
        new GossipScenario(seed, GossipRules.STANDARD).run();
    }

    @Test
    void theSameSeedGivesTheSameMessages() {
        for (long seed = 1; seed <= 4; seed++) {
            long first = new GossipScenario(seed, GossipRules.STANDARD).run();
            long second = new GossipScenario(seed, GossipRules.STANDARD).run();
            assertThat(second).as("trace hash of seed %d", seed).isEqualTo(first);
            assertThat(new GossipScenario(seed + 100, GossipRules.STANDARD).run())
                    .isNotEqualTo(first);
        }
    }

    @ParameterizedTest
    @MethodSource("planted")
    void aPlantedBugIsFound(Planted bug) {
        for (long seed = 1; seed <= SEEDS_TO_FIND; seed++) {
            try {
                new GossipScenario(seed, bug.rules).run();
            } catch (GossipScenario.Failure found) {
                System.out.printf("gossip: %s: %s%n", bug, found.getMessage());
                return;
            }
        }
        throw new AssertionError(bug + ": not found with " + SEEDS_TO_FIND + " seeds");
    }
}
