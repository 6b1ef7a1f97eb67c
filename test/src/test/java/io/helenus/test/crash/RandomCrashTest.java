package io.helenus.test.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What [CrashProgram] does, a few times.
final class RandomCrashTest {
    private static final int KILLS = Boolean.getBoolean("helenus.thorough") ? 200 : 10;

    @TempDir private Path directory;

    @Test
    void whateverIsUnderWayFilesAreSoundAndAcknowledgedChangesThere() throws Exception {
        long seed = Long.getLong("helenus.crash.seed", System.nanoTime());
        int cycles = Integer.getInteger("helenus.crash.cycles", KILLS);
        Map<String, Integer> acknowledged = CrashProgram.run(directory, seed, cycles, System.out);
        acknowledged.forEach((what, count) ->
                assertThat(count).as("%s, seed %d", what, seed).isGreaterThan(cycles / 5));
    }
}
