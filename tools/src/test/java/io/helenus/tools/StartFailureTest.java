package io.helenus.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.commitlog.CorruptSegmentException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StartFailureTest {
    private static final Path DATA = Path.of("/data");

    @Test
    void aFullDiskIsNamed() {
        IOException full = new IOException("No space left on device");
        assertThat(StartFailure.text(new IllegalStateException(" ", full), DATA))
                .isEqualTo(
                        "No space left on device: no file can be written in /data, or where"
                                + " commitlog_directory is");
    }

    @Test
    void aDamagedCommitLogComesWithTheWayOut() {
        CorruptSegmentException damaged =
                new CorruptSegmentException(Path.of("/data/commitlog/7.log"), 4096, "a bad record");
        assertThat(StartFailure.text(new IllegalStateException("", damaged), DATA))
                .startsWith(damaged.getMessage() + ". ")
                .contains("/data/commitlog/7.log", "4096", "a bad record")
                .endsWith(
                        "With --set commitlog_ignore_replay_errors=true the node starts without what"
                                + " follows in this segment");
    }

    @Test
    void whatSaysEnoughIsLeftAsItIs() {
        assertThat(StartFailure.text(new NoSuchFileException("/x"), DATA))
                .isEqualTo("/x: there is no such file or directory");
        assertThat(StartFailure.text(new IOException("x is broken"), DATA))
                .isEqualTo("x is broken");
    }
}
