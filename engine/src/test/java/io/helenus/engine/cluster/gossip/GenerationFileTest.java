package io.helenus.engine.cluster.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.metadata.NioMetadataFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The file `generation`.
final class GenerationFileTest {
    private static final long MICROS = 1_000_000;

    @TempDir Path directory;

    private GenerationFile open() throws IOException {
        return new GenerationFile(new NioMetadataFiles(directory));
    }

    @Test
    void everyStartHasAHigherOneWhateverTheClockSays() throws IOException {
        assertThat(open().latest()).isZero();
        assertThat(open().next(1_000 * MICROS)).isEqualTo(1_000);
        assertThat(open().next(2_000 * MICROS)).isEqualTo(2_000);
        assertThat(open().next(1_000 * MICROS)).isEqualTo(2_001);
        assertThat(open().latest()).isEqualTo(2_001);
        open().save(5_000);
        assertThat(open().next(1_000 * MICROS)).isEqualTo(5_001);
    }

    @Test
    void theLayoutIsWhatThePackageSays() throws IOException {
        open().save(0x1234);
        byte[] bytes = Files.readAllBytes(directory.resolve("generation"));
        assertThat(bytes).hasSize(16).startsWith('H', 'G', 'E', 'N', 0, 0, 0, 0, 0, 0, 0x12, 0x34);
        assertThat(directory.resolve("generation.tmp")).doesNotExist();
    }

    @Test
    void aDamagedFileIsNone() throws IOException {
        open().save(7);
        byte[] good = Files.readAllBytes(directory.resolve("generation"));
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(directory.resolve("generation"), bad);
            assertThat(open().latest()).as("byte %d", at).isZero();
        }
        Files.write(directory.resolve("generation"), new byte[3]);
        assertThat(open().latest()).isZero();
        assertThat(open().next(9 * MICROS)).isEqualTo(9);
        assertThat(open().latest()).isEqualTo(9);
    }

    @Test
    void whatAKilledProcessLeftIsOverwritten() throws IOException {
        Files.write(directory.resolve("generation.tmp"), new byte[100]);
        open().save(3);
        assertThat(open().latest()).isEqualTo(3);
    }
}
