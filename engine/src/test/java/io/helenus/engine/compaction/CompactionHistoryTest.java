package io.helenus.engine.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.GoldenFile;
import io.helenus.engine.compaction.Compactions.Completed;
import io.helenus.engine.storage.files.NioStorageFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionHistoryTest {
    private static final long NOW = 1_700_000_000_000L;

    @TempDir Path directory;

    private CompactionHistory history() {
        return new CompactionHistory(
                new NioStorageFiles(), directory.resolve(CompactionHistory.FILE_NAME));
    }

    private static Completed completed(int number) {
        return new Completed(
                new UUID(5, number),
                "ks",
                "tåble",
                NOW - number,
                100L * number,
                10L * number,
                new TreeMap<>(Map.of(1, 7L, 3, 2L)),
                new TreeMap<>(Map.of("compaction_type", "Compaction")));
    }

    @Test
    void theFormatIsThatOfTheGoldenFile() throws IOException {
        Path file = directory.resolve(CompactionHistory.FILE_NAME);
        CompactionHistory history = history();
        history.add(completed(2));
        history.add(completed(1));
        byte[] golden =
                GoldenFile.requireSame("compaction_history-v1.bin", Files.readAllBytes(file));
        Files.write(file, golden);
        assertThat(history().entries(NOW)).containsExactly(completed(1), completed(2));
    }

    /// Also in the middle: a week of history is not worth a start that fails.
    @Test
    void everyCutAndEveryFlipKeepsWhatIsBefore() throws IOException {
        Path file = directory.resolve(CompactionHistory.FILE_NAME);
        history().add(completed(2));
        int first = (int) Files.size(file);
        history().add(completed(1));
        byte[] whole = Files.readAllBytes(file);
        for (int at = 0; at < whole.length; at++) {
            Files.write(file, Arrays.copyOf(whole, at));
            requireHead(at, first);
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x40;
            Files.write(file, flipped);
            requireHead(at, first);
        }
    }

    private void requireHead(int intact, int first) throws IOException {
        List<Completed> kept = intact < first ? List.of() : List.of(completed(2));
        assertThat(history().entries(NOW)).as("damaged at %d", intact).isEqualTo(kept);
        history().add(completed(3));
        assertThat(history().entries(NOW)).hasSize(kept.size() + 1).contains(completed(3));
    }
}
