package io.helenus.engine.storage.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.helenus.engine.GoldenFile;
import io.helenus.engine.error.NewerVersionException;
import io.helenus.engine.storage.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManifestTest {
    private static final Path DIRECTORY = Path.of("/table");
    private static final Path FILE = DIRECTORY.resolve("manifest");
    private static final UUID TABLE = new UUID(1, 2);

    private final SimulatedDisk disk = new SimulatedDisk(new Random(1));

    @BeforeEach
    void makeDirectory() throws IOException {
        disk.createDirectories(DIRECTORY);
    }

    private static ManifestFile file(long generation) {
        byte[] first = new byte[(int) generation * 7];
        byte[] last = new byte[40];
        Arrays.fill(last, (byte) 9);
        return new ManifestFile(generation, 1000, 77, 0, 0, 5, 6, first, last);
    }

    private Manifest open() throws IOException {
        return Manifest.open(disk, DIRECTORY, TABLE);
    }

    private static List<Long> generations(Manifest manifest) {
        return manifest.files().stream().map(ManifestFile::generation).toList();
    }

    @Test
    void everyEditIsThereAfterAReopen() throws IOException {
        try (Manifest manifest = open()) {
            assertThat(manifest.takeGeneration()).isEqualTo(1);
            manifest.append(new ManifestEdit().add(file(1)).add(file(2)).replayPosition(10));
            manifest.append(new ManifestEdit().remove(1).add(file(3).withLevel(2)));
            manifest.append(new ManifestEdit().truncated(123, 44).discard(2));
        }
        try (Manifest manifest = open()) {
            assertThat(generations(manifest)).containsExactly(3L);
            assertThat(manifest.files().getFirst().level()).isEqualTo(2);
            assertThat(manifest.files().getFirst().checksum()).isEqualTo(77);
            assertThat(manifest.removed()).containsExactly(1L);
            assertThat(manifest.discarded()).containsExactly(2L);
            assertThat(manifest.replayPosition()).isEqualTo(10);
            assertThat(manifest.truncatedAtMicros()).isEqualTo(123);
            assertThat(manifest.takeGeneration()).isEqualTo(4);
        }
    }

    /// Says all that a manifest can.
    @Test
    void theFormatIsThatOfTheGoldenFile() throws IOException {
        try (Manifest manifest = open()) {
            assertThat(manifest.takeGeneration()).isEqualTo(1);
            manifest.append(
                    new ManifestEdit().announce(2).add(file(1)).add(file(2)).replayPosition(10));
            manifest.append(new ManifestEdit().remove(1).add(file(3).withLevel(2)));
            manifest.append(new ManifestEdit().truncated(123, 44).discard(2));
        }
        byte[] golden = GoldenFile.requireSame("manifest-v1.bin", disk.bytes(FILE));
        disk.setBytes(FILE, golden);
        try (Manifest manifest = open()) {
            assertThat(generations(manifest)).containsExactly(3L);
            assertThat(manifest.removed()).containsExactly(1L);
            assertThat(manifest.discarded()).containsExactly(2L);
            assertThat(manifest.replayPosition()).isEqualTo(10);
            assertThat(manifest.truncatedAtMicros()).isEqualTo(123);
        }
    }

    @Test
    void aManifestOfALaterVersionIsRefusedWithBothVersions() throws IOException {
        ByteBuffer later = ByteBuffer.wrap(threeEdits());
        later.putInt(4, 9);
        CRC32C crc = new CRC32C();
        crc.update(later.array(), 0, 24);
        later.putInt(24, (int) crc.getValue());
        disk.setBytes(FILE, later.array());
        assertThatThrownBy(this::open)
                .isInstanceOf(NewerVersionException.class)
                .hasMessage(FILE + " is of a newer version 9, this build reads up to 1");
        assertThat(disk.bytes(FILE)).isEqualTo(later.array());
    }

    @Test
    void everyCutReadsAsAPrefixOfTheEdits() throws IOException {
        byte[] whole = threeEdits();
        List<Integer> ends = editEnds(whole);
        for (int length = ends.getFirst(); length <= whole.length; length++) {
            disk.setBytes(FILE, Arrays.copyOf(whole, length));
            int end = length;
            long edits = ends.stream().filter(one -> one <= end).count() - 1;
            try (Manifest manifest = open()) {
                assertThat(manifest.files()).as("cut at %d", length).hasSize((int) edits);
                manifest.append(new ManifestEdit().add(file(9)));
            }
            try (Manifest manifest = open()) {
                assertThat(generations(manifest)).contains(9L).hasSize((int) edits + 1);
            }
        }
    }

    @Test
    void everyFlippedByteIsDamage() throws IOException {
        byte[] whole = threeEdits();
        for (int at = 0; at < whole.length; at++) {
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            disk.setBytes(FILE, flipped);
            assertThatThrownBy(this::open)
                    .as("byte %d", at)
                    .isInstanceOf(ManifestException.class)
                    .hasMessageContaining(FILE.toString());
        }
    }

    @Test
    void aSectorThatWasNeverWrittenIsATornEnd() throws IOException {
        byte[] whole = threeEdits();
        List<Integer> ends = editEnds(whole);
        int lastEdit = ends.get(ends.size() - 2);
        for (int sector = lastEdit / 512; sector * 512 < whole.length; sector++) {
            byte[] torn = whole.clone();
            int from = Math.max(lastEdit, sector * 512);
            Arrays.fill(torn, from, Math.min(whole.length, (sector + 1) * 512), (byte) 0);
            disk.setBytes(FILE, torn);
            try (Manifest manifest = open()) {
                assertThat(manifest.files()).hasSize(ends.size() - 2);
            }
        }
    }

    @Test
    void aMissingManifestBesideSSTablesIsRefused() throws IOException {
        disk.setBytes(DIRECTORY.resolve("5.sst"), new byte[3]);
        assertThatThrownBy(this::open)
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining("5.sst");
        assertThat(disk.exists(DIRECTORY.resolve("5.sst"))).isTrue();
    }

    @Test
    void theManifestOfAnotherTableIsRefused() throws IOException {
        byte[] whole = threeEdits();
        disk.setBytes(FILE, whole);
        assertThatThrownBy(() -> Manifest.open(disk, DIRECTORY, new UUID(3, 4)))
                .isInstanceOf(ManifestException.class)
                .hasMessageContaining(TABLE.toString());
    }

    @Test
    void aLongManifestIsWrittenAnew() throws IOException {
        try (Manifest manifest = open()) {
            for (long generation = 1; generation < 3000; generation++) {
                manifest.append(new ManifestEdit().add(file(1 + generation % 5 + generation)));
                manifest.append(new ManifestEdit().remove(1 + generation % 5 + generation));
                manifest.forget(1 + generation % 5 + generation);
            }
            manifest.append(new ManifestEdit().add(file(5000)));
            assertThat(disk.bytes(FILE).length).isLessThan(200_000);
        }
        try (Manifest manifest = open()) {
            assertThat(generations(manifest)).containsExactly(5000L);
        }
    }

    @Test
    void aFailedAppendIsForgottenByTheNextOne() throws IOException {
        try (Manifest manifest = open()) {
            manifest.append(new ManifestEdit().add(file(1)));
            disk.failAfter(1); // the write succeeds, the force does not
            assertThatThrownBy(() -> manifest.append(new ManifestEdit().add(file(2))))
                    .isInstanceOf(IOException.class);
            disk.failAfter(Long.MAX_VALUE);
            manifest.append(new ManifestEdit().add(file(3)));
            assertThat(generations(manifest)).containsExactly(1L, 3L);
        }
        try (Manifest manifest = open()) {
            assertThat(generations(manifest)).containsExactly(1L, 3L);
        }
    }

    /// Wherever writing a new manifest fails, what is appended afterwards goes to the file that the next
    /// start reads.
    @Test
    void anAppendAfterAFailedRewriteIsDurable() throws IOException {
        for (int failsAt = 0; failsAt < 8; failsAt++) {
            SimulatedDisk own = new SimulatedDisk(new Random(failsAt));
            own.createDirectories(DIRECTORY);
            try (Manifest manifest = Manifest.open(own, DIRECTORY, TABLE)) {
                manifest.append(new ManifestEdit().add(longKeys(1)));
                manifest.append(new ManifestEdit().remove(1));
                manifest.append(new ManifestEdit().add(longKeys(2)));
                assertThat(own.bytes(FILE).length).isGreaterThan(64 << 10);
                own.failOnceAfter(failsAt);
                boolean appended = true;
                try {
                    manifest.append(new ManifestEdit().add(file(5)));
                } catch (IOException e) {
                    appended = false;
                }
                assertThat(appended).isEqualTo(!own.heal());
                manifest.append(new ManifestEdit().add(file(6)));
            }
            own.crash();
            try (Manifest manifest = Manifest.open(own, DIRECTORY, TABLE)) {
                assertThat(generations(manifest)).as("failed at %d", failsAt).contains(6L);
            }
        }
    }

    private static ManifestFile longKeys(long generation) {
        byte[] key = new byte[20_000];
        return new ManifestFile(generation, 1000, 77, 0, 0, 5, 6, key, key);
    }

    private byte[] threeEdits() throws IOException {
        try (Manifest manifest = open()) {
            manifest.append(new ManifestEdit().add(file(1)));
            manifest.append(new ManifestEdit().add(file(2)));
            manifest.append(new ManifestEdit().add(file(90)));
        }
        return disk.bytes(FILE);
    }

    /// Where the header's first edit and each of the others end.
    private static List<Integer> editEnds(byte[] whole) {
        List<Integer> ends = new ArrayList<>();
        int at = ManifestFormat.HEADER_BYTES;
        while (at < whole.length) {
            at += 12 + ByteBuffer.wrap(whole).getInt(at) + 4;
            ends.add(at);
        }
        return ends;
    }
}
