package io.helenus.test.simulation;

import java.util.List;
import java.util.Locale;

/// Stories outside of a test, for `test/simulate.sh`: one with all that happens in it, or many. Ends
/// with 1 if one fails.
final class SimulationProgram {
    private static final String USAGE =
            """
            test/simulate.sh --seed N                        tells one story in full
            test/simulate.sh [--first-seed N] [--seeds N]    runs many, of 1 and 200 if not said otherwise
                             --bug WORDS                     with this mistake planted
            """;
    private static final int REPORT_EVERY = 100;
    private static final long NANOS_PER_MILLI = 1_000_000;

    private long seed;
    private boolean one;
    private long firstSeed = 1;
    private long seeds = 200;
    private PlantedBug bug = PlantedBug.NONE;

    private SimulationProgram(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i += 2) {
            String option = arguments.get(i);
            if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = arguments.get(i + 1);
            switch (option) {
                case "--seed" -> {
                    seed = number(option, value);
                    one = true;
                }
                case "--first-seed" -> firstSeed = number(option, value);
                case "--seeds" -> seeds = number(option, value);
                case "--bug" -> bug = bug(value);
                default -> throw new IllegalArgumentException("unknown option " + option);
            }
        }
    }

    private static long number(String option, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(option + " is a number, not " + value);
        }
    }

    private static PlantedBug bug(String words) {
        return PlantedBug.all().stream()
                .filter(each -> each.name().toLowerCase(Locale.ROOT).contains(words))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "--bug is a part of one of " + PlantedBug.all()));
    }

    private boolean run() {
        if (one) {
            return tell();
        }
        return bug.equals(PlantedBug.NONE) ? many() : find();
    }

    private boolean tell() {
        MetadataStory story = new MetadataStory(seed, bug, true);
        boolean good = false;
        try {
            long hash = story.run();
            System.out.println(story.wholeTrace());
            System.out.printf("seed %d ends well, trace hash %016x%n", seed, hash);
            good = true;
        } catch (AssertionError | RuntimeException e) {
            System.out.println(story.wholeTrace());
            System.out.printf("seed %d: %s%n", seed, e);
        }
        System.out.println(story.checker());
        return good;
    }

    private boolean many() {
        Stories stories = new Stories();
        long start = System.nanoTime();
        try {
            stories.run(
                    firstSeed,
                    seeds,
                    passed -> {
                        boolean last = passed == firstSeed + seeds - 1;
                        if (last || (passed - firstSeed + 1) % REPORT_EVERY == 0) {
                            System.out.printf(
                                    "seeds %d to %d end well, %d ms: %s%n",
                                    firstSeed, passed, millisSince(start), stories);
                        }
                    });
            return true;
        } catch (AssertionError e) {
            System.out.println(e.getMessage());
            return false;
        }
    }

    private boolean find() {
        long start = System.nanoTime();
        Simulation.Failure found = Stories.find(bug, firstSeed, seeds);
        System.out.printf(
                "%s: %s, %d ms%n",
                bug,
                found == null ? "not found with %d seeds".formatted(seeds) : found.getMessage(),
                millisSince(start));
        return found != null;
    }

    private static long millisSince(long startNanos) {
        return (System.nanoTime() - startNanos) / NANOS_PER_MILLI;
    }

    public static void main(String[] arguments) {
        SimulationProgram program;
        try {
            program = new SimulationProgram(List.of(arguments));
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(USAGE);
            System.exit(2);
            return;
        }
        System.exit(program.run() ? 0 : 1);
    }
}
