package io.helenus.engine.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.helenus.engine.GoldenFile;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class IssuedTimestampsTest {
    private static final long LATEST = 1_700_000_000_123_456L;

    @Test
    void theFormatIsThatOfTheGoldenFile() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (IssuedTimestamps timestamps = IssuedTimestamps.open(files)) {
            assertThat(timestamps.latest()).isEqualTo(Long.MIN_VALUE);
            timestamps.save(LATEST);
            timestamps.save(LATEST - 1); // an earlier one changes nothing
        }
        byte[] golden =
                GoldenFile.requireSame("timestamps-v1.bin", files.content(IssuedTimestamps.NAME));
        MemoryMetadataFiles old = new MemoryMetadataFiles();
        old.put(IssuedTimestamps.NAME, golden);
        try (IssuedTimestamps timestamps = IssuedTimestamps.open(old)) {
            assertThat(timestamps.latest()).isEqualTo(LATEST);
        }
    }

    @Test
    void aTornFileIsNone() throws IOException {
        MemoryMetadataFiles files = new MemoryMetadataFiles();
        try (IssuedTimestamps timestamps = IssuedTimestamps.open(files)) {
            timestamps.save(LATEST);
        }
        byte[] whole = files.content(IssuedTimestamps.NAME);
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 1;
            MemoryMetadataFiles damaged = new MemoryMetadataFiles();
            damaged.put(IssuedTimestamps.NAME, flipped);
            try (IssuedTimestamps timestamps = IssuedTimestamps.open(damaged)) {
                assertThat(timestamps.latest()).isEqualTo(Long.MIN_VALUE);
            }
        }
    }
}
