package io.helenus.sstable.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What was just written lies in the system's memory.
class PageCacheTest {
    private static final int BYTES = 300_000;

    @TempDir Path directory;

    private final byte[] content = new byte[BYTES];

    private BlockFile file() throws IOException {
        new Random(3).nextBytes(content);
        Path path = Files.write(directory.resolve("a b.sst"), content);
        return new ChannelFiles().open(path);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatTheSystemHasInMemoryIsReadWithoutWaiting() throws IOException {
        ReadBuffer buffer = new ReadBuffer();
        try (BlockFile file = file()) {
            for (int bytes : new int[] {1, 100, 16 << 10, BYTES - 7}) {
                assertThat(file.readNow(buffer, bytes, 7)).as("%d bytes", bytes).isTrue();
                assertThat(Arrays.copyOf(buffer.array(), bytes))
                        .isEqualTo(Arrays.copyOfRange(content, 7, 7 + bytes));
            }
        }
    }

    @Test
    void whatIsNotThereIsNotRead() throws IOException {
        ReadBuffer buffer = new ReadBuffer();
        BlockFile file = file();
        assertThat(file.readNow(buffer, 10, BYTES - 9)).isFalse();
        assertThat(file.readNow(buffer, 10, BYTES)).isFalse();
        file.close();
        file.close();
        assertThat(file.readNow(buffer, 10, 0)).isFalse();
    }

    @Test
    void filesOfOtherKindsSayNothing() throws IOException {
        MemoryFiles files = new MemoryFiles();
        try (BlockFile file = files.create(Path.of("1.sst"))) {
            assertThat(file.readNow(new ReadBuffer(), 1, 0)).isFalse();
        }
    }
}
