package io.helenus.engine.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random histories of a table, with flushes, compactions by all strategies and restarts in between,
/// must read as the model says, under several configurations of storage. A failure names its seed:
/// `-Dhelenus.model.seed=…` runs that one again, `-Dhelenus.model.operations=…` runs for longer.
class TableModelTest {
    private static final boolean THOROUGH = Boolean.getBoolean("helenus.thorough");
    private static final int OPERATIONS =
            Integer.getInteger("helenus.model.operations", THOROUGH ? 1_000_000 : 96_000);
    private static final int STEPS_PER_SEED = 1_500;

    private final int[] fates = new int[ModelTable.Fate.values().length];

    @Test
    void answersAreThoseOfTheModel() throws IOException {
        Long given = Long.getLong("helenus.model.seed");
        if (given != null) {
            run(given);
            return;
        }
        long first = System.nanoTime();
        System.out.println("Model: %d operations, seeds of %d".formatted(OPERATIONS, first));
        Random seeds = new Random(first);
        int runs =
                Math.max(1, OPERATIONS / STEPS_PER_SEED / ModelRun.Configuration.values().length);
        for (int i = 0; i < runs; i++) {
            run(ModelRun.seed(seeds.nextLong(), i % 2 == 0));
        }
        System.out.println("Late writes seen, unseen, either: " + Arrays.toString(fates));
        assertThat(fates).doesNotContain(0);
    }

    private void run(long seed) throws IOException {
        int answers = 0;
        for (ModelRun.Configuration configuration : ModelRun.Configuration.values()) {
            try {
                ModelRun run = new ModelRun(seed, configuration);
                int found = run.run(STEPS_PER_SEED);
                for (int i = 0; i < fates.length; i++) {
                    fates[i] += run.fates()[i];
                }
                if (configuration.ordinal() > 0 && !ModelRun.hasLateWrites(seed)) {
                    assertThat(found).as("all answers").isEqualTo(answers);
                }
                answers = found;
            } catch (AssertionError | IOException | RuntimeException e) {
                throw new AssertionError(
                        "-Dhelenus.model.seed=%d, %s".formatted(seed, configuration), e);
            }
        }
    }
}
